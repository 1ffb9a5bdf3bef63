"""A site as readers meet it: over a real server on loopback, with a real database and a real mail server."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from servers.smtp import SmtpServer

from digestbot.app.storage import shared_store
from digestbot.ports import Store
from digestbot.settings import Loaded, load
from digestbot.web.context import SiteContext
from digestbot.web.reader_jobs import ReaderJobs
from digestbot.web.server import BackgroundServer, listening
from digestbot.web.site import site

NOON = datetime(2026, 5, 27, 12, 0, tzinfo=UTC)
SETTINGS = {
    "FEEDS__GAZETTE": "./gazette.xml",
    "TOPICS__CHIPS": "chip*",
    "TOPICS__PORTS": "harbour",
    "DIGESTS__MORNING__TO": "list:briefing",
    "LISTS__BRIEFING__TITLE": "Morning briefing",
    "LISTS__BRIEFING__PUBLIC": "yes",
    "LISTS__BRIEFING__WEEKLY": "sat",
    "LISTS__PORTS__TITLE": "Ports",
    "LISTS__PORTS__PUBLIC": "yes",
    "LISTS__STAFF__TITLE": "Staff",
    "SMTP__HOST": "127.0.0.1",
    "SMTP__SECURITY": "none",
    "SMTP__FROM": "Desk <desk@example.com>",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site said."""

    status: int
    body: str
    headers: http.client.HTTPMessage

    def links(self) -> list[str]:
        return re.findall(r'(?:href|action)="(/[^"]*)"', self.body)


@dataclass(slots=True)
class RunningSite:
    """One that listens."""

    context: SiteContext
    mail: SmtpServer
    port: int
    loaded: Loaded
    now: datetime = NOON
    base: Path = field(default_factory=Path)

    @property
    def store(self) -> Store:
        return self.context.store

    def later(self, **time: float) -> None:
        """The clock goes on."""
        self.now += timedelta(**time)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, fields: Mapping[str, str] | list[tuple[str, str]] = (), **headers: str) -> Answer:
        """As a browser sends a form."""
        return self.ask(
            "POST", path, urlencode(fields), **{"Content-Type": "application/x-www-form-urlencoded"} | headers
        )

    def ask(self, method: str, path: str, body: str | bytes | Iterator[bytes] = b"", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, {"Host": f"127.0.0.1:{self.port}"} | given)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return Answer(answer.status, text, answer.headers)

    def mails(self) -> list[tuple[str, EmailMessage]]:
        """What was sent since the last time, after everything that was waiting was done: to whom, and what."""
        assert self.context.jobs.drain(20)
        found = [(one.recipient, message_from_bytes(one.data, policy=policy.default)) for one in self.mail.messages]
        self.mail.messages.clear()
        return found  # type: ignore[return-value]

    def link_mailed(self) -> str:
        """The path of the link in the only mail that was sent."""
        [(_, mail)] = self.mails()
        return link_in(mail)


def link_in(mail: EmailMessage) -> str:
    """The path of the link in a mail; the same in both of its parts."""
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    [link] = re.findall(r"https?://\S+", text.get_content())
    assert link in page.get_content()
    return urlsplit(link).path


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[RunningSite]:
    """The site of these settings, on top of SETTINGS; `None` as a value would be no setting at all."""
    with ExitStack() as stack:
        mail = stack.enter_context(SmtpServer())
        listener = listening("127.0.0.1:0")
        port = listener.getsockname()[1]
        given = {
            **SETTINGS,
            "SMTP__PORT": str(mail.port),
            "WEB__LISTEN": f"127.0.0.1:{port}",
            "WEB__URL": f"http://127.0.0.1:{port}",
            **settings,
        }
        loaded = load(None, {f"DIGESTBOT_{key}": value for key, value in given.items() if value}, folder=folder)
        store = stack.enter_context(shared_store(loaded, folder / "data"))
        jobs = stack.enter_context(ReaderJobs())
        found: list[RunningSite] = []
        context = SiteContext(
            current=lambda: loaded, store=store, data=folder / "data", jobs=jobs, clock=lambda: found[0].now
        )
        stack.callback(context.close)
        stack.enter_context(BackgroundServer(site(context), listener))
        found.append(RunningSite(context, mail, port, loaded, base=folder))
        yield found[0]


def raw(port: int) -> socket.socket:
    """A connection that nothing is sent over yet."""
    return socket.create_connection(("127.0.0.1", port), timeout=30)
