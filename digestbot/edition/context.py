"""What an edition is made by and with: the reader's recipe, and the desk with everything that touches the world."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from ..collect import FetchOptions
from ..model import Feed, Item, Recipient, Story
from ..ports import Channel, Progress, Store, Summarise
from ..render import Templates
from ..stories import CorpusStatistics, cluster
from ..topics import ReaderFilter, Topic
from .selection import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSpec:
    """How one digest is made, and for whom."""

    name: str
    title: str
    timezone: str = "UTC"
    topics: tuple[Topic, ...] = ()  # in the reader's order
    recipients: tuple[Recipient, ...] = ()
    window: timedelta = timedelta(hours=24)  # what the first edition looks back on
    max_age: timedelta = timedelta(days=3)
    limits: Limits = field(default_factory=Limits)
    words: int = 60  # of a story's summary
    mode: str = "standard"  # of the Slack message
    language: str = "en"  # of the fixed words
    images: str = "no"  # "lead": the email shows the best story's picture
    reader_filter: ReaderFilter = field(default_factory=ReaderFilter)
    source_weights: Mapping[str, float] = field(default_factory=dict)  # by feed, over the feed's own
    when_empty: str = "skip"  # a day with nothing to tell: "skip" it, send one "line", or "send" the empty digest
    full_text: bool = False  # articles are read whole where feeds give only a stub
    drops_weekend: bool = False  # what happened on a weekend is not told on Monday


class Cluster(Protocol):
    """Items into stories."""

    def __call__(self, items: tuple[Item, ...], *, background: CorpusStatistics | None = None) -> tuple[Story, ...]:
        """A partition of the items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionContext:
    """Everything an edition is made with."""

    store: Store
    feeds: tuple[Feed, ...]
    fetch: FetchOptions
    summarise: Summarise
    templates: Templates
    progress: Progress
    clock: Callable[[], datetime]
    own_templates: Mapping[str, Templates] = field(default_factory=dict)  # by digest, instead of `templates`
    learn: Callable[[tuple[Item, ...]], CorpusStatistics] = CorpusStatistics.from_items
    cluster: Cluster = cluster  # digests with the same items share its work
    channels: Mapping[str, Channel] = field(default_factory=dict)
    key_schemes: Mapping[str, str] = field(default_factory=dict)  # how a scheme is spelled inside keys, where otherwise
    sleep: Callable[[float], object] = time.sleep
    stop: Callable[[], bool] = lambda: False  # asked between two deliveries
    max_wait: float = 60.0  # seconds a run may wait for a far side
    claim_timeout: float = 0.0  # seconds for which another process on the same store may be at work on what it claimed
    channel_backoff: MutableMapping[str, datetime] = field(default_factory=dict)  # channels to be left alone until then
