"""The only place where adapters are chosen and joined: from settings to the context that editions are made in."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path

from ..collect import FetchOptions
from ..edition.context import DigestSpec, EditionContext
from ..edition.selection import Limits
from ..errors import ConfigError, ConfigErrors
from ..ports import Progress, Store
from ..render import Templates
from ..settings import CHANNELS, DigestSettings, Loaded, is_weekly, split_lists
from ..stories import TOLD, CorpusStatistics, cluster
from ..summarise import summarise
from ..text.setting_names import as_title
from ..topics import ReaderFilter, Topic, parse_dated
from .channels import channels, delivery_problems
from .feed_topics import known_feeds, topics_with_feeds
from .feeds import configured_sources, log_left_out
from .meaning import meaning_for
from .plain_http import in_the_clear
from .readers import lists_of, words_for, words_key
from .reading import page_addresses
from .storage import database_url
from .zones import schedule_for, zone_for

_log = logging.getLogger(__name__)

SHARED_LEASE = 600.0  # seconds for which another machine on the same database may be at work on a claim


def digest_spec(name: str, digest: DigestSettings, loaded: Loaded) -> DigestSpec:
    feeds = known_feeds(loaded)
    followed = topics_with_feeds(loaded, feeds)
    by_name = {topic.name: topic for topic in followed}
    topics: Sequence[Topic] = (
        [by_name[topic] for topic in digest.topics if topic in by_name] if digest.topics else followed
    )
    return DigestSpec(
        name=name,
        title=digest.title or as_title(name),
        timezone=zone_for(digest),
        schedule=schedule_for(digest),
        topics=tuple(topics),
        recipients=split_lists(digest.to)[0],
        lists=lists_of(loaded, digest),
        weekly=is_weekly(name, loaded.settings),
        days=frozenset(digest.days),
        window=digest.window,
        max_age=max(digest.max_age, digest.window),
        limits=Limits(
            stories=digest.max_stories,
            per_source=digest.max_per_source,
            headlines=digest.also,
            elsewhere=digest.elsewhere,
            topics={topic.title: topic.limit for topic in topics if topic.limit is not None},
        ),
        by_score=digest.order == "score",
        shows_why=digest.why,
        words=digest.words,
        mode=digest.mode,
        language=digest.language,
        images=digest.images,
        across_languages=digest.across_languages,
        reader_filter=ReaderFilter(
            sources=frozenset(digest.sources),
            mutes=digest.mute,
            pins=digest.pin,
            feed_mutes={feed.name: parse_dated("MUTE", feed.mute) for feed in feeds if feed.mute},
        ),
        kinds=frozenset(digest.kinds) or TOLD,
        houses=dict(loaded.settings.houses),
        source_weights=dict(digest.source_weights),
        when_empty=digest.when_empty,
        full_text=digest.fulltext,
        drops_weekend=digest.weekend == "drop",
        deliver_within=digest.deliver_within,
    )


def digest_specs(loaded: Loaded, name: str | None = None) -> tuple[DigestSpec, ...]:
    """The digests that are set, or the one asked for.

    Raises:
        ConfigErrors: there is no digest of that name.
    """
    digests = loaded.digests
    if name is not None and name.lower() not in digests:
        known = ", ".join(digests)
        raise ConfigErrors([ConfigError("DIGESTBOT_DIGESTS", f"there is no digest {name!r}", f"known: {known}")])
    return tuple(
        digest_spec(key, digest, loaded) for key, digest in digests.items() if name is None or key == name.lower()
    )


def fetch_options(loaded: Loaded) -> FetchOptions:
    fetch = loaded.settings.fetch
    return FetchOptions(
        interval=fetch.interval,
        timeout=fetch.timeout,
        max_bytes=fetch.max_megabytes * 1_000_000,
        allow_private=fetch.allow_private,
        user_agent=fetch.user_agent,
        host=fetch.host,
        round=fetch.round,
    )


def place_of_data(loaded: Loaded) -> tuple[object, ...]:
    """What may not change while a process has its store open; secret, to be compared only."""
    return loaded.base, loaded.settings.data, database_url(loaded), loaded.settings.jobs


def template_folder(loaded: Loaded, digest: str = "") -> Path | None:
    """The folder of the owner's own templates, for a digest or for all; None where none is set.

    Raises:
        ConfigErrors: it is not there.
    """
    own = loaded.digests[digest].templates if digest else None
    folder = own or loaded.settings.templates
    if folder is None:
        return None
    path = loaded.base / folder.expanduser()
    if not path.is_dir():
        key = f"DIGESTBOT_DIGESTS__{digest.upper()}__TEMPLATES" if own else "DIGESTBOT_TEMPLATES"
        fix = "make it with `digestbot templates copy`, or remove the setting to use the built-in ones"
        raise ConfigErrors([ConfigError(key, f"there is no folder {path}", fix, line=loaded.lines.get(key))])
    return path


def templates(loaded: Loaded, digest: str = "") -> Templates:
    """The built-in templates, under the owner's own, for a digest or for all.

    Raises:
        ConfigErrors: the folder of the owner's own is not there.
    """
    return Templates(template_folder(loaded, digest))


def edition_context(
    loaded: Loaded,
    store: Store,
    progress: Progress,
    *,
    sending: bool,
    stop: Callable[[], bool] = lambda: False,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    max_wait: float = 60.0,
    resumes: bool = True,
) -> EditionContext:
    """Everything an edition is made with; without `sending` no channel is even built.

    `resumes`: accounts that rest are used at once, for their settings may have been mended. Not by one of many that come and go.
    """
    sources = configured_sources(loaded)
    log_left_out(sources)
    if sending and (open_to_all := in_the_clear(sources.feeds, loaded)):
        _log.warning(
            "passwords are sent in the clear, over http: feeds %s", ", ".join(feed.name for feed in open_to_all)
        )
    meaning = meaning_for(loaded, store, progress, clock=clock)
    if sending and resumes:
        store.accounts.resume()  # a password that was mended is used at once
    return EditionContext(
        store=store,
        feeds=sources.feeds,
        fetch=fetch_options(loaded),
        summarise=partial(summarise, method=loaded.settings.summariser.lower()),
        templates=templates(loaded),
        own_templates={name: templates(loaded, name) for name, digest in loaded.digests.items() if digest.templates},
        measure_corpus=lru_cache(maxsize=2)(CorpusStatistics.from_items),
        cluster=lru_cache(maxsize=2)(partial(cluster, meaning=meaning)),
        meaning=meaning,
        progress=progress,
        clock=clock,
        channels=channels(loaded) if sending else {},
        words=words_for(loaded, store),
        words_key=words_key(loaded, store),
        page_of=page_addresses(loaded, store),
        key_schemes=CHANNELS.key_schemes,
        stop=stop,
        sleep=sleep,
        max_wait=max_wait,
        claim_timeout=SHARED_LEASE if database_url(loaded) else 0.0,
    )


def require_deliverable(loaded: Loaded, wanted: Sequence[DigestSpec]) -> None:
    """Refuse to begin a run that could not be delivered.

    Raises:
        ConfigErrors: a digest has no recipients, a channel of theirs is not set up as it must be, or its templates are
            not there.
    """
    names = {made.name for made in wanted}
    for name in ("", *names):
        template_folder(loaded, name)
    problems = delivery_problems(loaded, {key: digest for key, digest in loaded.digests.items() if key in names})
    if problems:
        raise ConfigErrors(problems)
