"""What an edition is made from: the definition of its digest, and everything that reaches outside this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from ..collect import FetchOptions
from ..model import Delivery, Feed, Item, Kind, MailingList, ReaderWords, Recipient, Story
from ..ports import Channel, Progress, Store, Summarise
from ..render import Templates
from ..stories import TOLD, CorpusStatistics, Meaning, cluster
from ..topics import ReaderFilter, Topic
from .schedule import Schedule
from .selection import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSpec:
    """The definition of one digest: what it shows, how, and who receives it."""

    name: str
    title: str
    timezone: str = "UTC"
    schedule: Schedule | None = None  # without one an edition is named by the date of its cutoff
    topics: tuple[Topic, ...] = ()  # in the reader's order
    recipients: tuple[Recipient, ...] = ()
    lists: tuple[MailingList, ...] = ()  # whose readers get it, too
    weekly: bool = False  # it is for those readers who want one edition a week
    days: frozenset[int] = frozenset(range(7))  # of the week, on which it goes out; Monday is 0
    window: timedelta = timedelta(hours=24)  # how far the first edition looks back
    max_age: timedelta = timedelta(days=3)  # how old an item that arrives late may be; never less than `window`
    limits: Limits = field(default_factory=Limits)
    by_score: bool = True  # sections by their best story; else as the topics are named
    shows_why: bool = False  # whether readers see the reasons of each place
    words: int = 60  # in the summary of a story
    mode: str = "standard"  # of the Slack message: "standard", "compact" or "thread"
    language: str = "en"  # of everything that is not quoted
    images: str = "no"  # "lead": the email shows the picture of the best story
    reader_filter: ReaderFilter = field(default_factory=ReaderFilter)
    across_languages: bool = False  # whether a story may hold what is told in several languages
    kinds: frozenset[Kind] = TOLD  # what is told; everything else is left out
    houses: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # domains of one house, by a name of the owner's
    source_weights: Mapping[str, float] = field(
        default_factory=dict
    )  # by the name of a feed or a house; multiplies the feed's own weight
    when_empty: str = "skip"  # nothing new: "skip" the edition, send one "line", or "send" the empty digest
    full_text: bool = False  # fetch the article where a feed gives only a stub
    drops_weekend: bool = False  # what happened on a weekend is not reported on Monday
    deliver_within: timedelta = timedelta(hours=24)  # how long an edition's deliveries are tried before they expire

    @property
    def headline_language(self) -> str:
        """The language (ISO 639-1) that a headline is wanted in; empty for the one that most of a story is in."""
        return self.language[:2] if self.across_languages else ""


class Cluster(Protocol):
    """Items into stories."""

    def __call__(
        self,
        items: tuple[Item, ...],
        *,
        background: CorpusStatistics | None = None,
        across_languages: bool = False,
    ) -> tuple[Story, ...]:
        """A partition of the items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionContext:
    """What an edition is made with: the adapters, and the functions that a caller may cache or replace."""

    store: Store
    feeds: tuple[Feed, ...]
    fetch: FetchOptions
    summarise: Summarise
    templates: Templates
    progress: Progress
    clock: Callable[[], datetime]
    own_templates: Mapping[str, Templates] = field(default_factory=dict)  # by digest, instead of `templates`
    # Callers cache these two: digests with the same items share their work.
    measure_corpus: Callable[[tuple[Item, ...]], CorpusStatistics] = CorpusStatistics.from_items
    cluster: Cluster = cluster
    meaning: Meaning | None = None  # the model that `cluster` asks how alike items are
    channels: Mapping[str, Channel] = field(default_factory=dict)
    key_schemes: Mapping[str, str] = field(default_factory=dict)  # how a scheme is spelled inside keys, where otherwise
    sleep: Callable[[float], object] = time.sleep
    stop: Callable[[], bool] = lambda: False  # asked between two steps and two deliveries: True ends the work there
    max_wait: float = 60.0  # seconds a run may keep retrying an unavailable service
    # What stands in one mail alone: its return path, its token. The same for every attempt, as long as the settings are.
    words: Callable[[Delivery], ReaderWords | None] = lambda _delivery: None
    words_key: Callable[[], str] = lambda: ""  # the name of the key that those of today's editions are made with
    # Where an edition of a digest can be read on the web; empty where it cannot.
    page_of: Callable[[str, date], str] = lambda _digest, _edition: ""
    claim_timeout: float = 0.0  # seconds before a delivery claimed by another process counts as abandoned
    channel_backoff: MutableMapping[str, datetime] = field(default_factory=dict)  # by channel: not to be used before
