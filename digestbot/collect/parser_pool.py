"""Parses documents outside this process: with a limit on memory, and killed at a deadline.

Feeds are written by strangers: feedparser takes seconds and hundreds of megabytes for some kilobytes made to harm, and
a thread cannot be stopped.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from ..errors import CollectError
from .feeds import ParsedFeed
from .foreign_errors import FOREIGN, PARSING, translated
from .options import FetchOptions
from .parse_job import ParseJob, parse_quickly
from .parser_process import LENGTH, STARTED

_MAX_BATCH_JOBS = 16
_MAX_START_SECONDS = 60.0  # for a process to start and import a parser: only one that hangs takes longer


class ParserPool:
    """Parses documents: small ones in a thread, the others in processes that are started when first needed."""

    def __init__(self, options: FetchOptions) -> None:
        self._deadline = options.parse_timeout
        self._memory = options.parse_memory
        self._places = asyncio.Semaphore(options.parser_processes)
        self._idle: list[Process] = []
        self._waiting: list[tuple[ParseJob, asyncio.Future[ParsedFeed | None]]] = []
        self._batches: asyncio.Task[None] | None = None
        # One thread: two of them would only fight for the interpreter.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="digestbot-parse")

    async def parse(self, job: ParseJob) -> ParsedFeed:
        """Parse a document in a process, which may take its time.

        Raises:
            CollectError: it is neither a feed nor a page, or took too much time or memory.
        """
        async with self._places:
            process = self._idle.pop() if self._idle else await self._start()
            seconds = _MAX_START_SECONDS
            try:
                async with asyncio.timeout(seconds):
                    await _hand_over(process, job)
                seconds = self._deadline
                async with asyncio.timeout(seconds):
                    result = await _result(process)
            except FOREIGN as error:
                raise translated(error, PARSING, seconds=seconds) from error
            else:
                self._idle.append(process)
            finally:
                if process not in self._idle:
                    await _end(process)
        if isinstance(result, ParsedFeed):
            return result
        raise CollectError(str(result))

    async def close(self) -> None:
        """End every process and the thread."""
        if self._batches is not None:
            self._batches.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)
        while self._idle:
            await _end(self._idle.pop())

    async def parse_quickly(self, job: ParseJob) -> ParsedFeed | None:
        """Parse a small document in the thread, or return None where it needs `parse`.

        Raises:
            CollectError: it is neither a feed nor a page.
        """
        answer: asyncio.Future[ParsedFeed | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, answer))
        if self._batches is None or self._batches.done():
            self._batches = asyncio.create_task(self._parse_waiting())
        return await answer

    async def _parse_waiting(self) -> None:
        # Several at once: to cross from thread to thread costs as much as to read some items.
        while self._waiting:
            batch, self._waiting = self._waiting[:_MAX_BATCH_JOBS], self._waiting[_MAX_BATCH_JOBS:]
            jobs = [job for job, _ in batch]
            results = await asyncio.get_running_loop().run_in_executor(self._thread, _parse_batch, jobs)
            for (_, answer), result in zip(batch, results, strict=True):
                if answer.done():
                    continue  # nobody waits any more
                if isinstance(result, Exception):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "digestbot.collect.parser_process",
            str(self._memory),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
        )


async def _hand_over(process: Process, job: ParseJob) -> None:
    """Send the job and wait until parsing begins.

    The deadline for a document starts only then: a busy machine may need seconds to start Python and import a parser.
    """
    if process.stdin is None or process.stdout is None:
        raise EOFError
    data = pickle.dumps(job)
    process.stdin.write(LENGTH.pack(len(data)) + data)
    await process.stdin.drain()
    await process.stdout.readexactly(len(STARTED))


async def _result(process: Process) -> object:
    if process.stdout is None:
        raise EOFError
    (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    return pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 -- from our own child


def _parse_batch(jobs: Sequence[ParseJob]) -> list[ParsedFeed | Exception | None]:
    results: list[ParsedFeed | Exception | None] = []
    for job in jobs:
        try:
            results.append(parse_quickly(job))
        except Exception as error:  # noqa: BLE001 -- it belongs to this job, and the others want their results
            results.append(error)
    return results


async def _end(process: Process) -> None:
    # Killed, not asked to end: it may be inside a parser that never returns.
    if process.returncode is None:
        process.kill()
    await process.communicate()
