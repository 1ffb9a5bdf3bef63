"""A newsroom whose work several processes share: feeds, Slack, a mail server, a PostgreSQL, and workers that may be struck."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

import psycopg
from forking import start
from servers.slack import SlackServer
from servers.smtp import SmtpServer
from servers.web import Request, WebServer

from digestbot.model import EditionKey, JobKind
from digestbot.store import Stores, open_store
from digestbot.store.queue import SCHEMA

ITEM = (
    "<item><title>{title}</title><link>https://news{feed}.example/{number}</link><guid>{feed}-{number}</guid>"
    "<pubDate>{date}</pubDate><description>{title} in the harbour, says the council of quarter {feed}.</description></item>"
)
WORDS = [
    "ferry",
    "bridge",
    "tunnel",
    "market",
    "tram",
    "school",
    "library",
    "theatre",
    "garden",
    "station",
    "bakery",
    "museum",
]


def document(feed: int, items: int) -> bytes:
    """A feed of news of the last hours."""
    now = datetime.now(UTC)
    rows = []
    for number in range(items):
        word, other = WORDS[(feed + number) % len(WORDS)], WORDS[(feed * 7 + number * 5) % len(WORDS)]
        date = (now - timedelta(hours=1, minutes=number)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        title = f"The {word} of quarter {feed} gets a {other} number {number}"
        rows.append(ITEM.format(title=title, feed=feed, number=number, date=date))
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper {feed}</title>'
        f"<link>https://news{feed}.example/</link>{''.join(rows)}</channel></rss>"
    ).encode()


@dataclass
class Cluster:
    """One database, any number of workers. `restart`: a worker that ends is started again, as its unit would."""

    folder: Path
    url: str
    feeds: int = 20
    items: int = 2
    mailboxes: int = 20
    channels: Sequence[str] = ("chips",)
    one_host: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    workers: list[tuple[BaseProcess, tuple[str, ...], str]] = field(default_factory=list)
    started: int = 0
    ended: Counter[int | None] = field(default_factory=Counter)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(exist_ok=True)
        self.web = WebServer().__enter__()
        names = {f"C0{name.upper():0<8}"[:10]: name for name in self.channels}
        self.slack = SlackServer(channels=names).__enter__()
        self.smtp = SmtpServer().__enter__()
        self.asked: Counter[str] = Counter()
        now = datetime.now(UTC)
        # Due since some minutes; within one day, whenever the test runs.
        at = max(now - timedelta(minutes=2), now.replace(hour=0, minute=0))
        to = [f"slack:#{name}" for name in self.channels] + [f"mailto:r{n}@example.com" for n in range(self.mailboxes)]
        lines = {
            "TOPICS__CITY": "ferry, bridge, tunnel, market, tram, school",
            "DATABASE_URL": self.url,
            "JOBS": "cluster",
            "SUMMARISER": "lead",
            "DIGESTS__MORNING__AT": f"{at:%H:%M}",
            "DIGESTS__MORNING__TIMEZONE": "UTC",
            "DIGESTS__MORNING__TO": ", ".join(to),
            "SLACK__TOKEN": self.slack.token,
            "SLACK__API_URL": self.slack.url,
            "SMTP__HOST": "127.0.0.1",
            "SMTP__PORT": str(self.smtp.port),
            "SMTP__SECURITY": "none",
            "SMTP__FROM": "desk@example.com",
            "SMTP__CONNECTIONS": "4",
            "FETCH__ALLOW_PRIVATE": "127.0.0.0/8",
            "FETCH__ROUND": "30s",
        } | self.settings
        for number in range(self.feeds):
            host = "127.0.0.1" if self.one_host else f"127.1.{number // 250}.{number % 250 + 1}"
            path = f"/feed{number}"
            lines[f"FEEDS__F{number}"] = self.web.url(path, host=host)
            self.web.serve(path, document(number, self.items))
        (self.folder / "config.env").write_text("".join(f"DIGESTBOT_{key}={value}\n" for key, value in lines.items()))
        return self

    def __exit__(self, *exc: object) -> None:
        for process, _, _ in self.workers:
            with suppress(ProcessLookupError):
                os.kill(process.pid or 0, signal.SIGCONT)
            process.kill()
            process.join()
        self.smtp.__exit__(*exc)
        self.slack.__exit__(*exc)
        self.web.__exit__(*exc)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def edition(self) -> EditionKey:
        return EditionKey(digest="morning", edition=datetime.now(UTC).date())

    def open(self) -> Stores:
        return open_store(self.data, self.url, queued=True)

    def start(self, *words: str, before: str = "") -> BaseProcess:
        """One more process, a worker by default."""
        words = words or ("worker",)
        self.started += 1
        process = start(become, self.folder, [*words, "--data", str(self.data)], self.log(self.started), before)
        self.workers.append((process, words, before))
        return process

    def log(self, number: int) -> Path:
        return self.folder / f"log{number}.txt"

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("log*.txt")))

    def alerts(self) -> str:
        """What operators were told, where ALERTS__TO is file:./ops."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("ops/**/*.txt")))

    def revive(self) -> None:
        """Start those again that have ended, as their units would."""
        for place, (process, words, before) in enumerate(self.workers):
            if process.exitcode is not None:
                self.ended[process.exitcode] += 1
                del self.workers[place]
                self.start(*words, before=before)
                return self.revive()
        return None

    def kill_one(self, chance: random.Random) -> None:
        chance.choice(self.workers)[0].kill()

    def until(self, done: Callable[[], bool], *, seconds: float, meanwhile: Callable[[], object] | None = None) -> bool:
        """Wait until it is done, reviving who ends; False: it is not, after so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.revive()
            if meanwhile is not None:
                meanwhile()
            with suppress(psycopg.Error):
                if done():
                    return True
            time.sleep(0.1)
        return False

    def make(self, store: Stores) -> None:
        """The edition of today is due."""
        assert store.queue is not None
        store.queue.put(JobKind.MAKE, str(self.edition))

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        plain = self.url.replace("+psycopg", "").partition("?")[0]
        with psycopg.connect(plain, autocommit=True, connect_timeout=3) as connection:
            found = connection.execute(statement)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []

    def states(self) -> Counter[str]:
        return Counter(dict(self.ask("SELECT state, count(*) FROM deliveries GROUP BY state")))  # type: ignore[arg-type]

    def all_sent(self) -> bool:
        states = self.states()
        return set(states) == {"sent"} and self.ask("SELECT DISTINCT state FROM editions") == [("done",)]

    def truncate_queue(self) -> None:
        self.ask(f"TRUNCATE {SCHEMA}.procrastinate_jobs CASCADE")

    def cut_connections(self) -> None:
        self.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )

    def verdict(self) -> list[str]:
        """What was promised and not kept; nothing is best."""
        broken = []
        posts = Counter((one["channel"], one.get("text")) for one in self.slack.messages)
        broken += [f"Slack {what} {count} times" for what, count in posts.items() if count > 1]
        reached = {one["channel"] for one in self.slack.messages}
        broken += (
            [f"Slack: {len(self.channels) - len(reached)} channels without"]
            if len(reached) != len(self.channels)
            else []
        )
        mails: dict[str, set[bytes]] = {}
        for mail in self.smtp.messages:
            mails.setdefault(mail.recipient, set()).add(mail.data)
        wanted = {f"r{n}@example.com" for n in range(self.mailboxes)}
        broken += [f"mail: {len(wanted - mails.keys())} without"] if wanted - mails.keys() else []
        broken += [f"mail: copies to {name} differ" for name, copies in mails.items() if len(copies) > 1]
        return broken

    @property
    def copies(self) -> int:
        """Mails beyond the first to each mailbox."""
        return len(self.smtp.messages) - len({mail.recipient for mail in self.smtp.messages})


def become(folder: Path, words: list[str], log: Path, before: str) -> None:
    """Become `digestbot WORDS`, which writes to a file."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(folder)
    for name in list(os.environ):
        if name.upper().startswith("DIGESTBOT_"):
            del os.environ[name]
    os.environ["HOME"] = str(folder)
    sys.argv = ["digestbot", *words]
    from digestbot.cli import main

    exec(before, {})
    main()


def subject(mail: bytes) -> str:
    return str(message_from_bytes(mail, policy=policy.default)["subject"])


__all__ = ["Cluster", "Request", "document", "subject"]
