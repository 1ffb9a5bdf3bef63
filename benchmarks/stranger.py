"""What was once broken from outside, tried again through the command line alone, in empty folders.

    python benchmarks/stranger.py [ROW ...]

Prints a line for each row: what was tried, what happened, and whether the promise held. The numbers are those of the table of
attacks and accidents that docs/design.md (Threats) and docs/operations.md (faults) list with their tests. Exits 1 where one broke.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from servers.postgres import running
from servers.proxy import Proxy
from servers.slack import Fault, SlackServer
from servers.smtp import Mail, SmtpServer
from servers.web import Reply, WebServer

TOKEN = "xoxb-123-not-a-real-token"
READERS = 20
LONGEST_WAY_OUT = 15.0  # seconds, as docs/operations.md promises


class Place:
    """An empty folder with a configuration, and the command line in it."""

    def __init__(self, stack: ExitStack) -> None:
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stranger-")))
        self.settings: dict[str, str] = {}
        now = datetime.now(UTC)
        items = "".join(
            f"<item><title>Harbour opens its {number}th quay</title><link>https://gazette.example/{number}</link>"
            f"<description>The harbour opened quay number {number} on a windy morning.</description>"
            f"<pubDate>{(now - timedelta(minutes=number)):%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
            for number in range(1, 6)
        )
        (self.folder / "saved.xml").write_text(
            f'<rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>', encoding="utf-8"
        )
        self.configure(
            FEEDS__GAZETTE="./saved.xml", DIGESTS__MORNING__TIMEZONE="UTC", DIGESTS__MORNING__TO="file:./out"
        )

    def configure(self, **settings: str) -> None:
        self.settings |= settings
        lines = "".join(f"DIGESTBOT_{key}={value}\n" for key, value in self.settings.items())
        (self.folder / "config.env").write_text(lines, encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen[str]:
        keep = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
        return subprocess.Popen(
            [sys.executable, "-m", "digestbot", *words, "--data", "data"],
            cwd=self.folder,
            env=keep | {"HOME": str(self.folder), "PYTHONPATH": str(Path(__file__).parents[1])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*words)
        out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def written(self) -> str:
        """All that was sent to files, as one text."""
        return "".join(path.read_text("utf-8") for path in (self.folder / "out").rglob("*") if path.is_file())


def row_1(stack: ExitStack) -> tuple[str, bool]:
    """A list of feeds that writes a line into the configuration."""
    taken: list[str] = []
    attacker = stack.enter_context(WebServer())
    wrote = 0
    for spelled in ("&#10;", "&#13;", "&#x85;", "&#x2028;", "&#11;", "\n"):
        place = Place(stack)
        place.configure(SLACK__TOKEN=TOKEN, DIGESTS__MORNING__TO="slack:#chips")
        address = f"https://e.example/feed{spelled}DIGESTBOT_SLACK__API_URL=http://127.0.0.1:{attacker.port}/api/"
        (place.folder / "s.opml").write_text(f'<opml><body><outline text="x" xmlUrl="{address}"/></body></opml>')
        place.run("feeds", "import", "s.opml")
        lines = (place.folder / "config.env").read_text("utf-8").splitlines()
        wrote += any(line.strip().startswith("DIGESTBOT_SLACK__API_URL") for line in lines)
    taken += [request.path for request in attacker.requests]
    return f"6 spellings: {wrote} lines written, {len(taken)} requests at the attacker", not wrote and not taken


def row_2(stack: ExitStack) -> tuple[str, bool]:
    """A list of feeds that names files of this machine."""
    place = Place(stack)
    secret = "the-private-note-of-this-machine"
    (place.folder.parent / "note.txt").write_text(secret)
    named = ("config.env", "/etc/passwd", "file:///etc/passwd", "../note.txt", "FILE:///etc/passwd", "note.txt")
    (place.folder / "note.txt").write_text(f"{secret} " * 50)
    outlines = "".join(f'<outline text="f" type="page" xmlUrl="{escape(name)}"/>' for name in named)
    (place.folder / "s.opml").write_text(f"<opml><body>{outlines}</body></opml>")
    place.configure(OPML="s.opml", SLACK__TOKEN=TOKEN)
    done = place.run("run")
    text = place.written()
    leaked = [word for word in (secret, TOKEN, "root:") if word in text]
    (place.folder.parent / "note.txt").unlink()
    return f"{len(named)} names: {len(leaked)} leaked; exit {done.returncode}", not leaked and done.returncode == 0


def row_3(stack: ExitStack) -> tuple[str, bool]:
    """A Slack address that leads elsewhere."""
    attacker = stack.enter_context(WebServer())
    attacker.serve("/steal", b"{}")
    heard = 0
    for status in (301, 302, 303, 307, 308):
        slack = stack.enter_context(SlackServer())
        away = {"Location": f"http://127.0.0.2:{attacker.port}/steal"}
        for method in ("auth.test", "conversations.list", "chat.postMessage"):
            slack.fail(method, *[Fault(status=status, headers=away)] * 9)
        place = Place(stack)
        place.configure(SLACK__TOKEN=TOKEN, SLACK__API_URL=slack.url, DIGESTS__MORNING__TO="slack:#chips")
        place.run("run", "--max-wait", "1")
        heard += len(slack.calls)
    return f"5 redirects, {heard} calls: {len(attacker.requests)} followed", heard > 0 and not attacker.requests


def row_8(stack: ExitStack) -> tuple[str, bool]:
    """A wrong year, and a clock that was ahead once."""
    place = Place(stack)
    wrong = datetime.now(UTC) + timedelta(days=365)
    refused = place.run("run", "--at", wrong.isoformat(timespec="minutes")).returncode
    forced = place.run("run", "--force", "--at", wrong.isoformat(timespec="minutes")).returncode
    today = place.run("run").returncode
    made = sorted(path.name for path in (place.folder / "out" / "morning").iterdir())
    name = f"{datetime.now(UTC):%Y-%m-%d}"
    held = refused == 2 and forced == 0 and today == 0 and any(edition.startswith(name) for edition in made)
    return f"a year ahead: exit {refused}; by force {forced}; today after it {today}; editions {', '.join(made)}", held


def _mail_and_slack(place: Place, slack: SlackServer, smtp: SmtpServer, url: str = "") -> None:
    mail = [f"mailto:reader{number}@desk.example" for number in range(READERS)]
    place.configure(
        DIGESTS__MORNING__TO=", ".join(["slack:#chips", "slack:#markets", *mail]),
        SLACK__TOKEN=TOKEN,
        SLACK__API_URL=slack.url,
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=str(smtp.port),
        SMTP__SECURITY="none",
        SMTP__FROM="digest@desk.example",
        **({"DATABASE_URL": url} if url else {}),
    )


def _verdict(slack: SlackServer, smtp: SmtpServer, in_flight: int) -> tuple[str, bool]:
    """Counts, and whether all arrived, Slack once, and mail twice only where it was in flight, with the same bytes."""
    posts = Counter(message["channel"] for message in slack.messages)
    mails: dict[str, list[bytes]] = {}
    for mail in smtp.messages:
        mails.setdefault(mail.recipient, []).append(mail.data)
    extra = sum(len(copies) - 1 for copies in mails.values())
    unlike = sum(len(set(copies)) > 1 for copies in mails.values())
    held = len(mails) == READERS and len(posts) == 2 and max(posts.values()) == 1 and extra <= in_flight and not unlike
    return f"{len(posts)} of 2 posted, {len(mails)} of {READERS} mailed, {extra} again, {unlike} not identical", held


def _database_behind_a_proxy(stack: ExitStack) -> tuple[Proxy, str]:
    """A new database of a real server, by an address that can be cut off and frozen."""
    url = stack.enter_context(running()).new_database()
    port = int(url.rsplit(":", 1)[1].partition("/")[0])
    proxy = stack.enter_context(Proxy(port))
    return proxy, url.replace(f":{port}/", f":{proxy.port}/")


def row_9(stack: ExitStack) -> tuple[str, bool]:
    """PostgreSQL: killed in mid-delivery and started again at once."""
    server = stack.enter_context(running())
    place = Place(stack)
    processes: list[subprocess.Popen[str]] = []

    def kill(_mail: Mail) -> None:
        if len(smtp.messages) == READERS // 2:
            processes[0].kill()

    slack, smtp = stack.enter_context(SlackServer()), stack.enter_context(SmtpServer(on_accept=kill))
    _mail_and_slack(place, slack, smtp, server.new_database())
    processes.append(place.start("run"))
    processes[0].communicate()
    code = place.run("run").returncode
    words, held = _verdict(slack, smtp, in_flight=1)
    return f"{words}; exit {code}", held and code == 0


def row_10(stack: ExitStack) -> tuple[str, bool]:
    """PostgreSQL goes away in mid-delivery, while two machines deliver, one of them suspended for a while."""
    proxy, url = _database_behind_a_proxy(stack)
    first, second = Place(stack), Place(stack)
    processes: list[subprocess.Popen[str]] = []

    def trouble(_mail: Mail) -> None:
        if len(smtp.messages) == READERS // 3:
            proxy.cut()
            os.kill(processes[0].pid, signal.SIGSTOP)
        time.sleep(0.05)

    slack, smtp = stack.enter_context(SlackServer()), stack.enter_context(SmtpServer(on_accept=trouble))
    for place in (first, second):
        _mail_and_slack(place, slack, smtp, url)
    processes.append(first.start("run"))
    while len(smtp.messages) < READERS // 3:
        time.sleep(0.05)
    other = second.run("run").returncode
    os.kill(processes[0].pid, signal.SIGCONT)
    processes[0].communicate(timeout=300)
    again = first.run("run").returncode
    words, held = _verdict(slack, smtp, in_flight=1)
    return f"{words}; exits {other}, {processes[0].returncode}, {again}", held and again == 0


def row_11(stack: ExitStack) -> tuple[str, bool]:
    """PostgreSQL frozen, away, and with a wrong password."""
    proxy, url = _database_behind_a_proxy(stack)
    place = Place(stack)
    place.configure(DATABASE_URL=url)
    place.run("run")
    proxy.freeze()
    began = time.monotonic()
    frozen = place.run("status")
    took = time.monotonic() - began
    process = place.start("serve")
    time.sleep(2)
    alive = process.poll() is None
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=300)
    out = time.monotonic() - began
    proxy.thaw()
    place.configure(DATABASE_URL=url.replace("postgres:", "postgres:wrong"))
    wrong = place.run("status")
    said = all(done.returncode and "Traceback" not in done.stderr for done in (frozen, wrong))
    held = said and alive and took < 30 and out < LONGEST_WAY_OUT
    return (
        f"frozen: status after {took:.1f} s, serve {'' if alive else 'had ended, '}out in {out:.1f} s; wrong password: exit {wrong.returncode}",
        held,
    )


def row_12(stack: ExitStack) -> tuple[str, bool]:
    """Ctrl-C with a mail in flight, and SIGTERM while feeds hang."""
    place = Place(stack)
    slack, smtp = stack.enter_context(SlackServer()), stack.enter_context(SmtpServer())
    _mail_and_slack(place, slack, smtp)
    processes: list[subprocess.Popen[str]] = []

    def interrupt(_mail: Mail) -> None:
        if len(smtp.messages) == READERS // 2:
            processes[0].send_signal(signal.SIGINT)
            time.sleep(1)

    smtp.on_accept = interrupt
    processes.append(place.start("run"))
    processes[0].communicate(timeout=300)
    smtp.on_accept = None
    code = place.run("run").returncode
    words, held = _verdict(slack, smtp, in_flight=0)
    web = stack.enter_context(WebServer())
    for number in range(50):
        web.serve(f"/{number}", Reply(raw=lambda _out: time.sleep(600)))
    hanging = Place(stack)
    hanging.configure(
        FETCH__ALLOW_PRIVATE="127.0.0.0/8",
        FETCH__TIMEOUT="10m",
        FETCH__HOST="10m",
        **{f"FEEDS__SLOW{each}": web.url(f"/{each}", host=f"127.0.1.{each + 1}") for each in range(50)},
    )
    ways = []
    for word in ("run", "serve"):
        process = hanging.start(word)
        while not web.requests:
            time.sleep(0.05)
        web.requests.clear()
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=300)
        ways.append(time.monotonic() - began)
    held = held and code == 0 and max(ways) < LONGEST_WAY_OUT
    return f"{words}; 50 hanging hosts: out in {', '.join(f'{way:.1f} s' for way in ways)}", held


def row_13(stack: ExitStack) -> tuple[str, bool]:
    """One host that hangs for all its feeds, and a monitor that drips."""

    def drip(out: object) -> None:
        for _ in range(600):
            out.write(b"H")  # type: ignore[attr-defined]
            out.flush()  # type: ignore[attr-defined]
            time.sleep(1)

    web = stack.enter_context(WebServer())
    for number in range(30):
        web.serve(f"/{number}", Reply(raw=lambda _out: time.sleep(600)))
    web.serve("/ping", Reply(raw=drip))
    place = Place(stack)
    place.configure(
        FETCH__ALLOW_PRIVATE="127.0.0.0/8",
        ALERTS__PING_URL=web.url("/ping"),
        **{f"FEEDS__SLOW{each}": web.url(f"/{each}") for each in range(30)},
    )
    began = time.monotonic()
    code = place.run("run").returncode
    took = time.monotonic() - began
    made = json.loads(next((place.folder / "out").rglob("digest.json")).read_text("utf-8"))
    stories = made["counts"]["stories"]
    return f"30 feeds of a host that hangs: a digest of {stories} stories after {took:.0f} s, exit {code}", (
        stories > 0 and took < 100 and code == 0
    )


ROWS: dict[str, Callable[[ExitStack], tuple[str, bool]]] = {
    name.removeprefix("row_"): value for name, value in list(globals().items()) if name.startswith("row_")
}


def main(wanted: list[str]) -> int:
    broken = 0
    for number, row in ROWS.items():
        if wanted and number not in wanted:
            continue
        with ExitStack() as stack:
            began = time.monotonic()
            words, held = row(stack)
        broken += not held
        print(f"{number:>2} {'ok    ' if held else 'BROKEN'} {row.__doc__}")
        print(f"          {words} ({time.monotonic() - began:.0f} s)", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
