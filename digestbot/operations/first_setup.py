"""`digestbot init -i`: asks for feeds and tries them, suggests topics from them, asks where to send and tries that, then writes the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from ..app import wiring
from ..app.channels import delivery_problems
from ..app.feeds import feeds_in_opml, located
from ..app.storage import throwaway_store
from ..collect import FetchOptions
from ..collect.foreign_errors import refused_address
from ..collect.guard import ranges_of
from ..errors import ConfigError, ConfigErrors, DigestbotError
from ..model import Feed, FeedKind, Item
from ..ports import Progress
from ..settings import CHANNELS, Loaded, load
from ..text.counting import counted
from ..text.names import FreeNames, key_name_from
from ..topics import common_terms
from .config_writer import Question, write_example
from .find_feeds import Found, try_feed
from .trial import recipients_named, send_test

_HEADLINES = 3
_MAX_TRIED = 3  # feeds of a list
_SUGGESTED = 3  # terms, as the answer of whoever just presses Enter
_SECRETS = ("TOKEN", "PASSWORD", "KEY")
_FEEDS = ("DIGESTBOT_FEEDS__", "DIGESTBOT_PAGES__")
_PRIVATE = "DIGESTBOT_FETCH__ALLOW_PRIVATE"
_MORNING = "DIGESTBOT_DIGESTS__MORNING__"


class Dialogue(Protocol):
    """Whoever answers."""

    def ask(self, question: Question, *, hidden: bool = False) -> str:
        """The answer, which the question has no problem with."""

    def confirm(self, text: str, *, default: bool) -> bool:
        """Yes or no."""

    def say(self, lines: Iterable[str]) -> None:
        """Show something."""


@dataclass(slots=True, kw_only=True)
class FirstSetup:
    """One conversation."""

    path: Path  # of the file, which does not exist yet
    talk: Dialogue
    zone: str  # of the machine
    progress: Progress
    options: FetchOptions = field(default_factory=FetchOptions)
    values: dict[str, str] = field(default_factory=dict, init=False)  # the settings, by key
    items: list[Item] = field(default_factory=list, init=False)
    names: FreeNames = field(default_factory=FreeNames, init=False)
    failed: bool = field(default=False, init=False)  # the test did not arrive

    def run(self) -> None:
        """Ask everything, try it, write the file.

        Raises:
            ConfigError: the file exists, or cannot be written.
        """
        self._feeds()
        self._topics()
        self._when()
        self._recipients()
        write_example(self.path, self.values)
        first = "mend that in it, then digestbot check, then" if self.failed else ""
        self.talk.say([f"Wrote {self.path}. Next: {first or 'digestbot preview --open, then'} digestbot serve"])

    def _feeds(self) -> None:
        first = Question(key="feeds", text="A feed, a site, or an OPML file")
        while not any(key.startswith(_FEEDS) for key in self.values):
            self._take(self.talk.ask(first))
        more = Question(key="feeds", text="Another one (Enter when that is all)", optional=True)
        while answer := self.talk.ask(more):
            self._take(answer)

    def _take(self, answer: str) -> None:
        where = located(answer, self.path.resolve().parent)
        if answer.lower().endswith((".opml", ".xml")) and (listed := _listed(Path(where))):
            self.talk.say([f"{counted(len(listed), 'feed')}; the first {min(len(listed), _MAX_TRIED)} are tried"])
            for number, feed in enumerate(listed):
                title = feed.title
                if number < _MAX_TRIED:
                    self._show(found := self._tried(feed))
                    title = title or (found.reading.title if found.reading else "")
                self._keep(feed, title)
            return
        found = self._tried(Feed(url=where, name="tried", kind=FeedKind.FEED))
        self._show(found)
        reading = found.reading
        if reading and reading.error and not self.talk.confirm("Keep it all the same?", default=False):
            return
        self._keep(found.feed, reading.title if reading else "")

    def _tried(self, feed: Feed) -> Found:
        """What is found there; at a private address only with the owner's word, which becomes a setting."""
        while True:
            found = try_feed(feed, self.options, now=datetime.now(UTC))
            address = refused_address(found.reading.error) if found.reading else ""
            if not address or not self.talk.confirm(
                f"{address} is a private address. May digestbot read it?", default=False
            ):
                return found
            allowed = (*self.options.allow_private, *ranges_of((address,)))
            self.options = replace(self.options, allow_private=allowed)
            self.values[_PRIVATE] = ", ".join(allowed)

    def _show(self, found: Found) -> None:
        reading = found.reading
        why = [found.why] if found.why else []
        if reading is None or reading.error:
            self.talk.say([*why, f"{found.feed.url}: {reading.error if reading else 'was not asked'}"])
            return
        self.items += reading.items
        said = f"{reading.title or reading.url}: {counted(len(reading.items), 'item')}"
        self.talk.say([*why, said, *(f"  {item.title}" for item in reading.items[:_HEADLINES])])

    def _keep(self, feed: Feed, title: str) -> None:
        if feed.url in self.values.values():
            return
        family = "PAGE" if feed.kind is FeedKind.PAGE else "FEED"
        name = self.names.take(key_name_from(title) or key_name_from(feed.url) or "feed").upper()
        self.values[f"DIGESTBOT_{family}S__{name}"] = feed.url
        if feed.link_selector:
            self.values[f"DIGESTBOT_PAGE_LINKS__{name}"] = feed.link_selector

    def _topics(self) -> None:
        terms = common_terms(self.items)
        if terms:
            self.talk.say([f"Often in these feeds: {', '.join(terms)}"])
        question = Question(
            key="DIGESTBOT_TOPICS__MINE",
            text='Terms to follow, such as chip*, "Hua Hong", -potato',
            default=", ".join(terms[:_SUGGESTED]),
        )
        answer = self.talk.ask(question)
        name = key_name_from(answer.partition(",")[0]) or "mine"
        self.values[f"DIGESTBOT_TOPICS__{name.upper()}"] = answer

    def _when(self) -> None:
        for key, text, default in (("AT", "Time of day (24 hours)", "07:30"), ("TIMEZONE", "Time zone", self.zone)):
            question = Question(key=f"{_MORNING}{key}", text=text, default=default)
            self.values[question.key] = self.talk.ask(question)

    def _recipients(self) -> None:
        key = f"{_MORNING}TO"
        self.values[key] = self.talk.ask(
            Question(key=key, text=f"Where to send it ({CHANNELS.examples})", default="file:./out")
        )
        asked: set[str] = set()
        while missing := [one for one in self._missing() if one.key not in asked]:
            asked.add(missing[0].key)
            self.talk.say([str(missing[0])])
            hidden = missing[0].key.endswith(_SECRETS)
            name = missing[0].key.removeprefix("DIGESTBOT_")
            answer = self.talk.ask(
                Question(key=missing[0].key, text=f"{name} (Enter for later)", optional=True), hidden=hidden
            )
            if answer:
                self.values[missing[0].key] = answer
        loaded = self._loaded()
        if self._missing():
            self.talk.say(["Not tried, for a setting is missing; once it is there: digestbot check"])
        elif self.talk.confirm("Send a test there now?", default=True):
            self._try(loaded)

    def _missing(self) -> tuple[ConfigError, ...]:
        loaded = self._loaded()
        return delivery_problems(loaded, loaded.digests)

    def _loaded(self) -> Loaded:
        return load(None, self.values, folder=self.path.resolve().parent)

    def _try(self, loaded: Loaded) -> None:
        """A test of the digest, from a store of nothing; what fails is said, and ends nothing."""
        to = self.values[f"{_MORNING}TO"]
        try:
            (spec,) = wiring.digest_specs(loaded)
            with throwaway_store(loaded, self.path.resolve().parent / "digestbot-nothing") as store:
                context = wiring.edition_context(loaded, store, self.progress, sending=True, resumes=False)
                made = send_test(spec, context, recipients_named(to, loaded), at=datetime.now(UTC))
        except (ConfigErrors, ConfigError, DigestbotError) as error:
            self.failed = True
            self.talk.say([f"The test was not sent: {error}"])
        else:
            self.failed = made.failed
            self.talk.say(made.lines())


def _listed(path: Path) -> Sequence[Feed]:
    """The feeds of an OPML file; none of any other file."""
    try:
        return feeds_in_opml(path).feeds
    except ConfigError:
        return ()
