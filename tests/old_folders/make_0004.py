"""Make the data folder that a release of schema 0004 left behind, for the releases after it to open and go on with.

It drives that release's own program, so it runs with the environment of a checkout of it (commit 0d66a6f), its tests'
helpers included, and writes schema-0004.db.gz and sent-0004.json beside itself:

    cd CHECKOUT && PYTHONPATH=.:tests .venv/bin/python .../tests/old_folders/make_0004.py

Every run is a process of its own with its clock set to that day; the servers on loopback are those of the tests. What
the program cannot do itself is done in SQL at the end, in `neutral`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Any

from servers import Fault, Mail, SlackServer, SmtpServer
from webserver import Reply, Request, WebServer

HERE = Path(__file__).parent
FEEDS, FOLDER = "http://feeds.example", "/srv/digestbot"  # what stands for this machine's addresses and paths
LATER = "2099-12-31 00:00:00.000000"

# The command line, as it is `CLOCK` seconds from now.
AS_OF = """
import os, datetime as real
from digestbot import app, once
class Then(real.datetime):
    @classmethod
    def now(cls, tz=None):
        return real.datetime.now(tz) + real.timedelta(seconds=float(os.environ["CLOCK"]))
app.datetime = once.datetime = Then
from digestbot.cli import main
main()
"""

# edition, recipient, state and attempts of every delivery, in the order of sending
WANTED = """
05-25 slack:#chips sent 1 | 05-25 webhook:desk sent 1 | 05-25 mailto:a@example.com sent 1 | 05-25 file:./out sent 1
05-26 slack:#chips sent 1 | 05-26 slack:#markets expired 3 | 05-26 webhook:desk unknown 2
05-26 mailto:a@example.com sent 1 | 05-26 mailto:gone@example.com failed 1 | 05-26 mailto:full@example.com failed 1
05-26 mailto:late@example.com cancelled 3 | 05-26 file:./out sent 1
05-27 slack:#markets sent 1 | 05-27 mailto:a@example.com sent 1 | 05-27 mailto:slow@example.com pending 1
05-27 slack:#chips sending 1 | 05-27 mailto:b@example.com sending 1 | 05-27 webhook:desk pending 0
05-27 file:./out pending 0
"""


class Old:
    """The old program in a folder, between servers that say what they are told to."""

    def __init__(self, folder: Path, web: WebServer, slack: SlackServer, smtp: SmtpServer) -> None:
        self.folder, self.web, self.slack, self.smtp = folder, web, slack, smtp
        self.running: subprocess.Popen[str] | None = None
        self.ahead = 0.0
        slack.clock = lambda: time.time() + self.ahead
        for name in ("gazette.xml", "courier.xml", "bulletin.xml", "dispatch.xml", "docks.html", "news/courier.xml"):
            web.serve(f"/{name}", self.answer)

    def feeds(self, day: str) -> None:
        """What the world says from now on."""
        self.day = day
        (self.folder / "harbour.xml").write_bytes((HERE / "feeds-0004" / day / "harbour.xml").read_bytes())

    def answer(self, request: Request) -> Reply:
        """A feed as it is on this day: one moves, one is gone after the first, one was never there."""
        name = request.path.rpartition("/")[2]
        saved = HERE / "feeds-0004" / self.day / name
        if request.path == "/courier.xml" and self.day != "2026-05-25":
            return Reply(status=301, headers={"Location": "/news/courier.xml"})
        if not saved.exists():
            return Reply(status=410 if name == "bulletin.xml" else 404)
        mark = f'"{saved.stem}-{self.day}"'
        if request.headers.get("if-none-match") == mark:
            return Reply(status=304, headers={"ETag": mark})
        kind = "text/html" if saved.suffix == ".html" else "application/xml"
        return Reply(body=saved.read_bytes(), headers={"Content-Type": kind, "ETag": mark})

    def configure(self, to: str = "", *, webhook: bool = True) -> None:
        """config-0004.env with these servers in it, other recipients, or no webhook any more."""
        values = {
            "FEEDS": self.web.url(""),
            "SLACK": self.slack.url,
            "SLACK_TOKEN": self.slack.token,
            "WEBHOOK": self.slack.webhook,
            "SMTP_PORT": str(self.smtp.port),
        }
        text = Template((HERE / "config-0004.env").read_text(encoding="utf-8")).substitute(values)
        text = re.sub("(?<=MORNING__TO=).*", to, text) if to else text
        text = text if webhook else re.sub("DIGESTBOT_WEBHOOKS__DESK=.*\n|, webhook:desk", "", text)
        (self.folder / "config.env").write_text(text, encoding="utf-8")

    def __call__(self, clock: str, *words: str) -> None:
        """Run a command at this moment (of Hong Kong) until it ends or is killed; exit codes 0 and 1 are both fine."""
        self.ahead = datetime.fromisoformat(f"{clock}+08:00").timestamp() - time.time()
        self.running = subprocess.Popen(
            [sys.executable, "-c", AS_OF, *words, "--data", str(self.folder / "data")],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), "CLOCK": str(self.ahead)},
            stderr=subprocess.PIPE,
            text=True,
        )
        told = self.running.communicate(timeout=180)[1]
        if self.running.returncode not in (0, 1, -signal.SIGKILL) or "Traceback" in told:
            raise RuntimeError(told)

    def edition(self, day: str, clock: str = "") -> None:
        self(clock or f"{day}T07:30:02", "run", "--at", f"{day}T07:30+08:00")

    def kill_on(self, wanted: Callable[[Any], bool]) -> Callable[[Any], None]:
        """For `on_accept`: SIGKILL once such a message was taken, before the program hears so."""

        def kill(message: Any) -> None:
            if self.running and wanted(message):
                self.running.kill()
                self.running.wait()

        return kill


def first_day(old: Old) -> None:
    """Everything arrives."""
    old.feeds("2026-05-25")
    old.configure("slack:#chips, webhook:desk, mailto:a@example.com, file:./out")
    old.edition("2026-05-25")


def second_day(old: Old) -> None:
    """The Slack token is revoked on the way; the webhook is put off, out of the configuration for a while, then in doubt."""
    old.feeds("2026-05-26")
    mails = ", ".join(f"mailto:{name}@example.com" for name in ("a", "gone", "full", "late"))
    to = f"slack:#chips, slack:#markets, webhook:desk, {mails}, file:./out"
    old.configure(to)
    old.smtp.refuse |= {
        "gone@example.com": "550 5.1.1 no such user",
        "full@example.com": "554 5.7.1 not from you",
        "late@example.com": "451 4.7.1 come back later",
    }
    old.slack.on_accept = lambda _message: setattr(old.slack, "revoked", True)
    old.slack.fail("webhook", Fault(status=429, body="rate_limited", headers={"Retry-After": "600"}))
    old.edition("2026-05-26")
    old.slack.on_accept = None
    old.configure(to, webhook=False)
    old.edition("2026-05-26", "2026-05-26T07:50:00")  # here both accounts are in trouble, and the alerts remember it
    old.configure(to)
    old.slack.fail("webhook", Fault(drop="after"))
    old.edition("2026-05-26", "2026-05-26T08:10:00")
    old("2026-05-26T08:20:00", "cancel", "morning", "--date", "2026-05-26", "--to", "mailto:late@example.com")
    old.edition("2026-05-26", "2026-05-27T07:31:00")  # a day later: what still waited has expired


def third_day(old: Old) -> None:
    """Killed when Slack has taken #chips; begun again while Slack cannot be asked; killed when b's mail is taken."""
    old.feeds("2026-05-27")
    old.configure()
    old.slack.revoked = False
    old.smtp.refuse["slow@example.com"] = "451 4.7.1 come back later"
    old.slack.on_accept = old.kill_on(lambda message: message["channel"] == "C0CHIPS000")
    old.edition("2026-05-27", "2026-05-27T07:32:00")
    old.slack.on_accept = None
    old.slack.fail("conversations.history", Fault(status=503))
    old.smtp.on_accept = old.kill_on(lambda mail: mail.recipient == "b@example.com")
    old.edition("2026-05-27", "2026-05-27T07:32:30")


def neutral(database: sqlite3.Connection, old: Old) -> None:
    """No address or path of this machine; and what is open may be sent whenever a test is run."""
    for column in ("url", "configured", "moved_to"):
        change = f"UPDATE feeds SET {column} = replace(replace({column}, ?, ?), ?, ?)"
        database.execute(change, (old.web.url(""), FEEDS, str(old.folder), FOLDER))
    database.execute("UPDATE deliveries SET remote = replace(remote, ?, ?)", (str(old.folder), FOLDER))
    database.execute("UPDATE deliveries SET deadline = ? WHERE state IN ('pending', 'sending')", (LATER,))
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("PRAGMA journal_mode=DELETE")
    database.execute("VACUUM")


def sent(slack: SlackServer, smtp: SmtpServer) -> dict[str, list[dict[str, Any]]]:
    """What the servers had accepted in the end."""

    def shown(mail: Mail) -> dict[str, Any]:
        found = re.search(rb"^Message-ID: (\S+)", mail.data, re.MULTILINE)
        identity = found[1].decode() if found else ""
        return {"recipient": mail.recipient, "message_id": identity, "sha256": hashlib.sha256(mail.data).hexdigest()}

    kept: set[str] = {"channel", "ts", "text", "metadata"}
    posts = [{key: value for key, value in post.items() if key in kept} for post in slack.messages]
    return {
        "slack": [post for post in posts if post["channel"] != "webhook"],
        "webhook": [post for post in posts if post["channel"] == "webhook"],
        "mail": [shown(mail) for mail in smtp.messages],
    }


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="old-folder-") as folder,
        WebServer() as web,
        SlackServer() as slack,
        SmtpServer() as smtp,
    ):
        old = Old(Path(folder).resolve(), web, slack, smtp)
        for day in (first_day, second_day, third_day):
            day(old)
        path = old.folder / "data" / "digestbot.sqlite3"
        with closing(sqlite3.connect(path)) as database:
            neutral(database, old)
            query = "SELECT substr(edition, 6), recipient, state, attempts FROM deliveries ORDER BY number"
            rows = [" ".join(map(str, row)) for row in database.execute(query)]
        made, accepted = path.read_bytes(), json.dumps(sent(slack, smtp), ensure_ascii=False, indent=1) + "\n"
        wanted = [row.strip() for row in re.split(r"[|\n]", WANTED.strip())]
        if rows != wanted:
            raise RuntimeError("it came out otherwise:\n" + "\n".join(rows))
        for trace in (str(old.folder), str(Path.home()), f":{web.port}", slack.url, slack.webhook):
            if trace.encode() in made or trace in accepted:
                raise RuntimeError(f"{trace} stands in it")
    (HERE / "schema-0004.db.gz").write_bytes(gzip.compress(made, 9, mtime=0))
    (HERE / "sent-0004.json").write_text(accepted, encoding="utf-8")


if __name__ == "__main__":
    main()
