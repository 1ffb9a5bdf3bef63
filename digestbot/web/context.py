"""What every page of the site works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ..app.token_keys import token_keys
from ..errors import StoreUnavailable
from ..operations.letters import Letter, Letters, letter_channel
from ..ports import Channel, Store
from ..render import ReaderMail
from ..settings import Loaded
from .limits import MailLimits
from .reader_jobs import ReaderJobs


@dataclass(slots=True, kw_only=True)
class SiteContext:
    """One site over one store."""

    current: Callable[[], Loaded]  # the configuration in use; another one after a reload
    store: Store  # with connections of its own: a reader who waits takes none from an edition
    data: Path  # the data folder
    jobs: ReaderJobs
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    changed: Callable[[], object] = lambda: None  # to be called once the site has changed the configuration file
    refused: Callable[[], Mapping[str, str]] = dict  # as a problem: why a changed file is not in use
    missed: Callable[[StoreUnavailable], object] = lambda _: None  # to be called where a page finds the database away
    limits: MailLimits = field(default_factory=MailLimits)
    _opened: tuple[Loaded, Channel | None] | None = field(default=None, init=False)  # of the jobs' thread alone

    @property
    def loaded(self) -> Loaded:
        """The configuration in use."""
        return self.current()

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Of tokens, those in use."""
        return token_keys(self.loaded, self.store)

    def link(self, path: str) -> str:
        """The path of a page as a link on a page of the site: behind the prefix that URL names."""
        return f"{self.loaded.settings.web.path}{path}"

    def letters(self, channel: Channel | None = None) -> Letters:
        """How mails to readers are written now."""
        return Letters(loaded=self.loaded, keys=self.keys, channel=channel, clock=self.clock)

    def link_of(self, letter: Letter) -> str:
        """Where a letter's link would lead, for a page that offers the same at once."""
        return self.link(self.letters().path(letter, now=self.clock()))

    def preferences(self, number: int, name: str) -> str:
        """The page on which a reader chooses what they get of a list; empty where nobody has that number."""
        reader = self.store.subscribers.get(number)
        return self.link_of(Letter(kind=ReaderMail.MANAGE, reader=reader.subscriber, list=name)) if reader else ""

    def send(self, letter: Letter) -> None:
        """Send a mail to a reader, after the answer to whoever set it off."""
        self.jobs.put(partial(self._send, letter))

    def close(self) -> None:
        """End the connection to the mail server, if there is one."""
        if self._opened is not None and self._opened[1] is not None:
            self._opened[1].close()
        self._opened = None

    def _send(self, letter: Letter) -> None:
        loaded = self.loaded
        if self._opened is None or self._opened[0] is not loaded:
            self.close()
            self._opened = loaded, letter_channel(loaded)
        self.letters(self._opened[1]).send(letter)
