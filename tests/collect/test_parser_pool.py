"""Reading beside the event loop: one document's trouble is its own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from samples_collect import numbered

from digestbot.collect import FetchOptions, ParsedFeed, parser_pool
from digestbot.collect.parse_job import ParseJob
from digestbot.collect.parser_pool import ParserPool
from digestbot.errors import CollectError
from digestbot.model import Feed, FeedKind

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)


def job(content: bytes = numbered([1]), now: datetime = NOW, kind: FeedKind = FeedKind.FEED) -> ParseJob:
    return ParseJob(content=content, feed=Feed(url="https://harbour.example/", name="h", kind=kind), now=now, url="")


def test_documents_that_are_read_together_fail_apart() -> None:
    """A refusal or a fault in one of them is its own answer; all others have theirs, in many batches."""
    naive = job(now=datetime(2026, 5, 27))  # noqa: DTZ001 -- whatever raises
    binary = job(b"\0", kind=FeedKind.PAGE)

    async def read() -> list[object]:
        pool = ParserPool(FetchOptions())
        jobs = [naive, binary, *(job(numbered(range(n + 1))) for n in range(40))]
        results = await asyncio.gather(*map(pool.parse_quickly, jobs), return_exceptions=True)
        await pool.close()
        return list(results)

    fault, refusal, *good = asyncio.run(read())
    assert isinstance(fault, TypeError)
    assert isinstance(refusal, CollectError)
    assert [len(made.items) for made in good if isinstance(made, ParsedFeed)] == list(range(1, 41))


@pytest.mark.usefixtures("real_parsers")
def test_the_deadline_starts_with_the_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that needs longer to start than a document may take, as on a busy machine, fails no document."""

    async def slow_start(_process: object, _job: ParseJob) -> None:
        await asyncio.sleep(0.3)

    async def result(_process: object) -> ParsedFeed:
        return ParsedFeed(title="Parsed")

    monkeypatch.setattr(parser_pool, "_hand_over", slow_start)
    monkeypatch.setattr(parser_pool, "_result", result)

    async def parse() -> ParsedFeed:
        pool = ParserPool(FetchOptions(parse_timeout=0.1))
        parsed = await pool.parse(job())
        await pool.close()
        return parsed

    assert asyncio.run(parse()).title == "Parsed"
