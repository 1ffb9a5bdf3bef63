"""Every JSON that digestbot writes for programs, from a real run, and the page that lists its fields."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import render_states
from bot import Bot
from reference import MISSING, NOTE, table
from servers.slack import SlackServer

from digestbot.model import (
    Consent,
    Delivery,
    Digest,
    Edition,
    Recipient,
    ReturnedMail,
    ReturnKind,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digestbot.operations import run as run_module
from digestbot.operations.demo import newsroom
from digestbot.render import as_json
from digestbot.store import open_store

AT = "2026-05-27T07:30+08:00"
FEEDS = ("chip-ledger.rss", "harbour-post.rss", "foundry-notes.atom", "reportwire.xml", "no-such-feed.rss")

# The commands behind each heading of the page.
OUTPUTS: dict[str, tuple[str, ...]] = {
    "The digest: `preview --format json`, and digest.json of the `file:` channel": ("digestbot preview",),
    "`digestbot run --json`": ("digestbot run",),
    "`digestbot collect --json`": ("digestbot collect",),
    "`digestbot test --json`": ("digestbot test",),
    "`digestbot status --json`": ("digestbot status",),
    "`digestbot status DIGEST --edition D --json`": ("digestbot status",),
    "`digestbot status --to ADDRESS --json`": ("digestbot status",),
    "`digestbot check --json`": ("digestbot check",),
    "`digestbot explain --json`": ("digestbot explain",),
    "`digestbot feeds list --json`": ("digestbot feeds list",),
    "`digestbot feeds try --json`": ("digestbot feeds try",),
    "`digestbot subscribers list --json`": ("digestbot subscribers list",),
    "`digestbot subscribers show --json`": ("digestbot subscribers show",),
    "`digestbot subscribers import --json`": ("digestbot subscribers import",),
    "`digestbot topics test --json`": ("digestbot topics test",),
    "`digestbot topics diff --json`": ("digestbot topics diff",),
    "`digestbot topics suggest --json`": ("digestbot topics suggest",),
    "`digestbot resend`, `resolve` and `cancel --json`": ("digestbot resend", "digestbot resolve", "digestbot cancel"),
}
DIGEST = next(iter(OUTPUTS))

# Objects whose keys are names or dates: one line stands for all of them.
MAPS = {
    "digests[].deliveries": "STATE",
    "editions[].channels[].deliveries": "STATE",
    "lists[].states": "STATE",
    "imported": "STATE",
    "left": "REASON",
    "days": "DATE",
    "shared": "WORD",
    "score": "PART",
}


@dataclass
class Field:
    """A field's types over all samples; a time or date is a text of that form."""

    types: dict[str, None] = field(default_factory=dict)


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*[+-]\d\d:\d\d", value):
            return "ISO time"
        return "date" if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else "text"
    return {int: "whole number", float: "number", type(None): "null", dict: "object", list: "list"}[type(value)]


def paths(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Every field below a value, as `sections[].stories[].id`, with its type."""
    if isinstance(value, list):
        scalars = [_type(one) for one in value if not isinstance(one, dict | list)]
        if at:
            yield at, f"list of {scalars[0]}" if scalars else "list of objects" if value else "list"
        for one in value:
            if isinstance(one, dict):
                yield from paths(one, f"{at}[]")
    elif isinstance(value, dict):
        if at and not at.endswith("[]"):
            yield at, "object"
        for key, one in value.items():
            name = MAPS.get(at, key) if isinstance(key, str) else key
            yield from paths(one, f"{at}.{name}" if at else name)
    else:
        yield at, _type(value)


def fields(samples: Iterable[object]) -> dict[str, str]:
    """Every field of the samples of one output, in their order, and what it may be."""
    found: dict[str, Field] = {}
    for sample in samples:
        for name, type_ in paths(sample):
            found.setdefault(name.lstrip("."), Field()).types[type_] = None
    return {name: _joined(one.types) for name, one in found.items()}


def _joined(types: Mapping[str, None]) -> str:
    """An empty list says nothing of what it may hold, and a whole number may be any number."""
    lists = [one for one in types if one.startswith("list of")]
    kinds = [
        one for one in types if not (one == "list" and lists) and not (one == "whole number" and "number" in types)
    ]
    if "text" in kinds:
        kinds = [one for one in kinds if one not in ("date", "ISO time")]
    return " or ".join(sorted(kinds, key=lambda one: one == "null"))


def _ask_of_readers(bot: Bot, ask: Any) -> None:
    """A reader who is active, one who left, one who bounced, one who is nobody."""
    ask("digestbot status", "status", "--json")  # there are no lists yet, and then nobody is suppressed
    bot.configure(LISTS__BRIEFING__TITLE="Briefing")
    ask("digestbot status", "status", "--json")
    rows = "email,status\nann@example.com,enabled\nbob@example.com,disabled\ncy@example.com,blocklisted\nx,enabled\n"
    (bot.folder / "readers.csv").write_text(rows, encoding="utf-8")
    for _ in range(2):
        ask("subscribers import", "subscribers", "import", "readers.csv", "--confirmed", "--json")
    _somebody_with_everything(bot)
    ask("subscribers list", "subscribers", "list", "--most", "1", "--json")
    ask("subscribers list", "subscribers", "list", "--json")
    for address in ("ann@example.com", "di@example.com", "nobody@example.com"):
        ask("subscribers show", "subscribers", "show", address, "--json")


def _somebody_with_everything(bot: Bot) -> None:
    """A reader of whom every field is filled in."""
    store = open_store(bot.data)
    at = datetime(2026, 5, 27, tzinfo=UTC)
    di = Subscriber(address="di@example.com", key="di@example.com", language="de")
    paused = Subscription(
        list="briefing", state=SubscriptionState.PAUSED, since=at, until=at + timedelta(days=9999),
        consent=Consent.FORM, topics=("chips",),
    )  # fmt: skip
    (kept,) = store.subscribers.enrol([(di, paused)], lambda wanted, _: wanted)
    assert isinstance(kept, Subscription)
    store.subscribers.record_asked(kept.subscriber, now=at, may=lambda _: True)
    store.suppressions.suppress("di@example.com", "no such mailbox", now=at)
    back = ReturnedMail(id="ses-1", kind=ReturnKind.HARD, at=at, source="ses", address="di@example.com", proven=True)
    store.returned.keep([back, replace(back, id="ses-2", digest="earlier", edition=at.date())], now=at)
    edition = store.editions.claim(Edition(digest="earlier", date=at.date(), since=at, until=at))
    to = Recipient(channel="mailto", address="di@example.com")
    store.editions.publish(edition, "{}", [Delivery(digest="earlier", edition=at.date(), recipient=to)], used=[])
    store.close()


def samples() -> dict[str, list[Any]]:
    """Every output of OUTPUTS, from the sample newsroom with a feed that fails and a channel that does not exist."""
    with tempfile.TemporaryDirectory() as folder, newsroom() as address, SlackServer() as slack:
        bot = Bot(Path(folder))
        names = (re.split("[.]", name)[0].replace("-", "_").upper() for name in FEEDS)
        bot.configure(
            **{f"FEEDS__{key}": f"{address}/{name}" for key, name in zip(names, FEEDS, strict=True)},
            FETCH__ALLOW_PRIVATE="127.0.0.0/8",
            TOPICS__CHIPS="chip*, foundry, never-a-word",
            TOPICS__HALDEN="Halden, fire",
            DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
            DIGESTS__MORNING__TO="file:./out, slack:#gone",
            SLACK__API_URL=slack.url,
            SLACK__TOKEN=slack.token,
        )
        found: dict[str, list[Any]] = {}

        def ask(heading: str, *words: str) -> Any:
            done = bot(*words)
            assert done.stdout.startswith(("{", "[")), f"{words}: {done.stdout} {done.stderr}"
            answer = json.loads(done.stdout)
            found.setdefault(next(one for one in OUTPUTS if heading in one), []).append(answer)
            return answer

        ask("feeds list", "feeds", "list", "--json")  # nothing was read yet
        _ask_of_readers(bot, ask)
        ask("feeds try", "feeds", "try", f"{address}/{FEEDS[0]}", "--json")
        ask("digestbot status", "status", "--json")
        ask("digestbot collect", "collect", "--json")
        ask("digestbot test", "test", "--to", "file:./tests", "--at", AT, "--json")
        states = (render_states.late(), render_states.feeds_failed(), _undated(render_states.normal()))
        digest = ask("The digest", "preview", "--at", AT, "--format", "json")
        found[DIGEST] += [json.loads(as_json(state)) for state in states]
        ask("digestbot run", "run", "--at", AT, "--json", "--max-wait", "0")
        found[DIGEST].append(bot.digest("2026-05-27"))
        ask("digestbot status", "status", "--json")
        ask("status DIGEST --edition", "status", "morning", "--edition", "2026-05-27", "--json")
        ask("status --to", "status", "--to", "slack:#gone", "--json")
        ask("status --to", "status", "--to", "di@example.com", "--json")
        ask("digestbot check", "check", "--json")
        ask("feeds list", "feeds", "list", "--json")
        stories = [story for section in digest["sections"] for story in section["stories"]]
        for number in (0, -1):  # a story of several reports, and one of a single report
            ask("explain", "explain", stories[number]["id"], "--json")
        match = ask("topics test", "topics", "test", "chip*", "--at", AT, "--json")
        ask("explain", "explain", match["items"][-1]["id"], "--json")  # of an earlier day
        ask("topics suggest", "topics", "suggest", "--at", AT, "--json")
        text = (bot.folder / "config.env").read_text()
        new = bot.folder / "new.env"
        new.write_text(text.replace("=chip*, ", "=") + "DIGESTBOT_FEEDS__FRESH=https://fresh.example/feed\n")
        ask("topics diff", "topics", "diff", "--config", "new.env", "--json")
        ask("digestbot resend", "resend", "--json")
        ask("digestbot resend", "resolve", "sent", "--json")
        ask("digestbot resend", "cancel", "--json")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run_module, "run", _broken)
            ask("digestbot run", "run", "--at", AT, "--json", "--max-wait", "0")
    return found


def _undated(digest: Digest) -> Digest:
    """With one item whose feed says no date."""
    section, entry = digest.sections[0], digest.sections[0].entries[0]
    story = replace(entry.story, items=(replace(entry.story.lead, published=None), *entry.story.items[1:]))
    changed = replace(section, entries=(replace(entry, story=story), *section.entries[1:]))
    return replace(digest, sections=(changed, *digest.sections[1:]))


def _broken(*_: object, **__: object) -> object:
    raise ValueError("a bug")


def all_fields(found: Mapping[str, list[Any]] | None = None) -> dict[str, dict[str, str]]:
    return {heading: fields(answers) for heading, answers in (found or samples()).items()}


def meanings(page: str) -> dict[str, dict[str, str]]:
    """By heading, the meaning of each field as the page has it."""
    found: dict[str, dict[str, str]] = {}
    heading = ""
    for line in page.splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif match := re.fullmatch(r"\| `([^`]+)` \| ([^|]+) \| (.*) \|", line):
            found.setdefault(heading, {})[match[1]] = match[3]
    return found


def introductions(page: str) -> dict[str, str]:
    """By heading, what a person wrote between it and its table."""
    return dict(re.findall(r"^## (.+)\n\n((?:(?!\||#).*\n)*?)(?=\| field)", page, re.MULTILINE))


def page(old: str, known: Mapping[str, Mapping[str, str]] | None = None) -> str:
    said, before, known = meanings(old), introductions(old), known or all_fields()
    parts = []
    for heading in OUTPUTS:
        lines = [
            [f"`{name}`", type_, said.get(heading, {}).get(name, MISSING)] for name, type_ in known[heading].items()
        ]
        parts.append(f"## {heading}\n\n{before.get(heading, '')}{table(('field', 'type', 'meaning'), lines)}\n")
    head = (
        "# JSON\n\nWhat programs may rely on. `[]` marks each element of a list; words in capitals, as in `days.DATE`, stand for a key "
        "that differs. `digest`, `edition` and `date` fields are local dates of their digest, `edition` with the planned time where there are several a day (`2026-05-27T1800`); ISO times have their offset.\n\n"
    )
    return f"{head}{NOTE}\n\n" + "\n".join(parts)
