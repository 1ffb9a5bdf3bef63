"""How long a command takes to end after SIGTERM, in ten situations that hang or take long; and what the next start finds.

    python benchmarks/ways_out.py [SITUATION ...]

Prints a table: seconds from the signal to the end, and how it ended. Under each: what `status` then says, and how the next start
ends once what hung works again, with what `status` says of it. Exits 1 when one took 15 s or more, or the next start did not go on.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from bot import Bot
from builders import item
from newsroom import AT, MORNING_NEWS
from old_release import unpack
from servers.postgres import running
from servers.proxy import Proxy
from servers.slack import SlackServer
from servers.smtp import Hang, SmtpServer
from servers.web import Reply, WebServer
from sqlalchemy import make_url

from digestbot.model import FeedState
from digestbot.store import open_store
from digestbot.store.database import FILE

LIMIT = 15.0  # seconds
PATIENCE = 120.0
Process = subprocess.Popen[str]
NEXT = ("run", "--at", AT, "--max-wait", "90")


@dataclass
class Desk(Bot):
    """A bot whose surroundings can be mended, and the command that is started next."""

    mends: list[Callable[[], object]] = field(default_factory=list)
    then: tuple[str, ...] = NEXT
    ends: int = 0  # how that one ends


def idle(bot: Desk, _stack: ExitStack) -> Process:
    """serve, nothing to do"""
    return started(bot, "serve", says="serving 1 digest ")


def collecting(bot: Desk, stack: ExitStack) -> Process:
    """50 hosts that never answer"""
    asked, over = threading.Event(), threading.Event()

    def hang(_out: object) -> None:
        asked.set()
        over.wait(PATIENCE)

    web = stack.enter_context(WebServer())
    stack.callback(over.set)
    for number in range(50):
        web.serve(f"/{number}", Reply(raw=hang))
    bot.mends += [
        over.set,
        *(lambda at=number: web.serve(f"/{at}", Reply(body=MORNING_NEWS.encode())) for number in range(50)),
    ]
    slow = {f"FEEDS__SLOW{each}": web.url(f"/{each}", host=f"127.0.1.{each + 1}") for each in range(50)}
    bot.configure(
        FETCH__ALLOW_PRIVATE="127.0.0.0/8", FETCH__TIMEOUT="10m", FETCH__HOST="10m", FETCH__ROUND="10m", **slow
    )
    return when(started(bot, "run", "--at", AT), asked.is_set, after=1.0)


def grouping(bot: Desk, _stack: ExitStack) -> Process:
    """20,000 items in one edition"""
    dice, words = random.Random(7), [f"word{number}" for number in range(4000)]
    store, at = open_store(bot.data), datetime.fromisoformat(AT).astimezone(UTC)
    for part in range(20):
        found = [
            item(
                " ".join(dice.choices(words, k=9)),
                id=f"{part}-{each}",
                keys=(f"{part}-{each}",),
                feed=f"outlet{part}",
                published=at - timedelta(hours=2),
            )
            for each in range(1000)
        ]
        store.items.save(FeedState(name=f"outlet{part}"), found, now=at - timedelta(hours=1))
    store.close()
    bot.configure(TOPICS__CHIPS="word1*")
    return started(bot, "run", "-v", "--at", AT, says="collect ", after=0.5)


def in_mid_mail(bot: Desk, stack: ExitStack) -> Process:
    """the mail server says nothing after the dot"""
    smtp = stack.enter_context(SmtpServer())
    smtp.fail("END", Hang(PATIENCE))
    to_mail(bot, smtp)
    return when(started(bot, "run", "--at", AT), lambda: bool(smtp.messages))


def in_mid_slack(bot: Desk, stack: ExitStack) -> Process:
    """Slack's answer is withheld"""
    slack = stack.enter_context(SlackServer())
    over = threading.Event()
    stack.callback(over.set)
    slack.on_accept = lambda _post: over.wait(PATIENCE)
    bot.mends.append(over.set)
    bot.configure(DIGESTS__MORNING__TO="slack:#chips", SLACK__TOKEN=slack.token, SLACK__API_URL=slack.url)
    bot.configure(SLACK__TIMEOUT="2m")
    return when(started(bot, "run", "--at", AT), lambda: bool(slack.messages))


def locked(bot: Desk, stack: ExitStack) -> Process:
    """another program holds the SQLite database"""
    open_store(bot.data).close()
    rival = sqlite3.connect(bot.data / FILE, isolation_level=None)
    stack.callback(rival.close)
    rival.execute("BEGIN IMMEDIATE")
    bot.mends.append(rival.rollback)
    process = started(bot, "run", "--at", AT, "--max-wait", "300")
    return when(process, (bot.data / "digestbot.lock").exists, after=3.0)


def frozen(bot: Desk, stack: ExitStack) -> Process:
    """PostgreSQL says nothing, in mid-delivery"""
    server, smtp = stack.enter_context(running()), stack.enter_context(SmtpServer())
    url = make_url(server.new_database())
    proxy = stack.enter_context(Proxy(url.port or 0))
    to_mail(bot, smtp)
    bot.configure(DATABASE_URL=url.set(port=proxy.port).render_as_string(hide_password=False))
    smtp.on_accept = lambda _mail: proxy.freeze()
    bot.mends += [lambda: setattr(smtp, "on_accept", None), proxy.thaw]
    return when(started(bot, "run", "--at", AT), lambda: bool(smtp.messages), after=1.0)


def migrating(bot: Desk, stack: ExitStack) -> Process:
    """an old data folder of 400,000 items"""
    path = unpack(bot.data)
    to_mail(bot, stack.enter_context(SmtpServer()))
    bot.ends = 1  # some deliveries of that release have failed for good
    with sqlite3.connect(path) as old:
        [columns] = [[row[1] for row in old.execute("PRAGMA table_info(items)")]]
        keys = [row[1] for row in old.execute("PRAGMA table_info(items)") if row[5]]
        picked = ", ".join(f"{name} || '-' || n" if name in keys[-1:] else name for name in columns)
        rows = old.execute("SELECT count(*) FROM items").fetchone()[0]
        old.execute(
            "WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < ?) "
            f"INSERT OR IGNORE INTO items SELECT {picked} FROM items, counter",
            (400_000 // rows,),
        )
    old.close()
    wal = path.with_name(f"{path.name}-wal")
    return when(started(bot, "run", "--at", AT), lambda: wal.exists() and wal.stat().st_size > 0)


def watching(bot: Desk, _stack: ExitStack) -> Process:
    """preview --watch"""
    bot.then = ("preview", "--at", AT)
    return started(bot, "preview", "--watch", "--at", AT, says="http://", out=True, after=0.5)


def importing(bot: Desk, _stack: ExitStack) -> Process:
    """an OPML file of 50,000 feeds"""
    lines = "".join(
        f'<outline type="rss" text="Feed {n}" xmlUrl="https://host{n}.example/feed"/>\n' for n in range(50_000)
    )
    opml = bot.folder / "many.opml"
    opml.write_text(f'<opml version="2.0"><body>{lines}</body></opml>', encoding="utf-8")
    bot.then = ("feeds", "import", str(opml))
    return started(bot, "feeds", "import", str(opml), after=1.5)


SITUATIONS: dict[str, Callable[[Desk, ExitStack], Process]] = {
    made.__name__: made
    for made in (
        idle,
        collecting,
        grouping,
        in_mid_mail,
        in_mid_slack,
        locked,
        frozen,
        migrating,
        watching,
        importing,
    )
}


def to_mail(bot: Bot, smtp: SmtpServer) -> None:
    bot.configure(
        DIGESTS__MORNING__TO="mailto:ann@desk.example, mailto:bob@desk.example",
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=str(smtp.port),
        SMTP__SECURITY="none",
        SMTP__FROM="digest@desk.example",
    )


def started(bot: Bot, *words: str, says: str = "", out: bool = False, after: float = 0.0) -> Process:
    """A command that has said this, and has worked for so long since."""
    process = bot.start(*words)
    lines = process.stdout if out else process.stderr
    assert lines is not None
    if says and not any(says in line for line in iter(lines.readline, "")):
        raise RuntimeError(f"{words} ended with {process.wait()} and did not say {says!r}")
    time.sleep(after)
    return process


def when(process: Process, true: Callable[[], bool], *, after: float = 0.0) -> Process:
    """The same process once something is true, and so many seconds later."""
    end = time.monotonic() + PATIENCE
    while not true() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(after)
    return process


def way_out(situation: Callable[[Desk, ExitStack], Process]) -> tuple[float, str, list[str], bool]:
    """Seconds from the signal to the end, how the process ended, what is found afterwards, and whether the next start went on."""
    with ExitStack() as stack:
        bot = Desk(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="digestbot-ways-"))))
        (bot.folder / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
        bot.configure(
            FEEDS__HARBOUR="./saved.xml",
            TOPICS__CHIPS="foundry",
            DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
            DIGESTS__MORNING__TO="file:./out",
        )
        process = situation(bot, stack)
        if process.poll() is not None:
            _, err = process.communicate()
            return 0.0, f"had ended before, with {process.returncode}: {err[-200:]}", [], False
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        took = time.monotonic() - began
        with suppress(ProcessLookupError):
            process.kill()
        how = f"ended with {process.returncode}"
        if bot.settings.get("DATABASE_URL"):  # status would wait for the database, too
            for mend in bot.mends:
                mend()
        found = [f"status: {line.strip()}" for line in told(bot)]
        for mend in bot.mends:
            mend()
        begun = time.monotonic()
        again = bot.start(*bot.then)
        said, err = again.communicate(timeout=PATIENCE)
        lines = [line.strip() for line in (said + err).splitlines() if line.strip()]
        found.append(
            f"next start: {again.returncode} after {time.monotonic() - begun:.1f} s; {' | '.join(lines[-2:])[:150]}"
        )
        found += [f"then status: {line.strip()}" for line in told(bot)]
        return took, how, found, again.returncode == bot.ends


def told(bot: Desk) -> list[str]:
    """What `status` says of the digest."""
    done = bot("status")
    if done.returncode:
        return [f"{done.returncode}: {done.stderr.strip()}"]
    lines = done.stdout.splitlines()
    until = next((at for at, line in enumerate(lines) if line.startswith(("feeds:", "configuration:"))), 4)
    return lines[1 : max(2, min(until, 5))]


def main(names: list[str]) -> int:
    late = 0
    stuck: list[str] = []
    for name in names or SITUATIONS:
        took, how, found, went_on = way_out(SITUATIONS[name])
        late += took >= LIMIT
        print(f"{took:6.2f} s  {name:<14}{(SITUATIONS[name].__doc__ or '').strip():<48}{how}", flush=True)
        print("".join(f"          {line}\n" for line in found), end="", flush=True)
        stuck += [] if went_on else [name]
    print("The next start did not go on: " + ", ".join(stuck) if stuck else "After each the next start went on.")
    return 1 if late or stuck else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
