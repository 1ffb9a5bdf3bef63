"""An edition for the readers of lists: the forms that somebody wants, each rendered and frozen once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Final

from ..deliver import hashed
from ..model import (
    LIST_CHANNEL,
    PINNED,
    Delivery,
    Digest,
    Edition,
    EditionDate,
    FanOut,
    Form,
    ForReaders,
    Frequency,
    MailingList,
    calendar_day,
)
from ..text.mail_addresses import AddressError, mail_key
from .context import DigestSpec, EditionContext
from .message import message_to_keep
from .schedule import Schedule

MOST_FORMS: Final = 64  # of an edition: each is a whole mail that is kept; whoever wants another one gets all topics
_SATURDAY: Final = 5
_PREFIX: Final = 22  # hexadecimal digits: with ten of the subscriber's number a key of 128 bits


def for_readers(
    spec: DigestSpec, context: EditionContext, digest: Digest, edition: Edition, deliveries: Sequence[Delivery]
) -> ForReaders | None:
    """What the readers of a digest's lists are sent; None where it has no list.

    Args:
        spec: the digest.
        context: with the channel of mails.
        digest: the edition, with all topics.
        edition: its record.
        deliveries: those to recipients of the configuration: none of these gets a second one.
    """
    if LIST_CHANNEL not in context.channels or not spec.lists:
        return None
    now = context.clock()
    found: list[FanOut] = []
    for one in spec.lists:
        if spec.weekly:
            frequencies: tuple[Frequency, ...] = (Frequency.WEEKLY,)
        else:
            frequencies = counts_for(spec.schedule, edition.date, weekly=one.weekly)
        wanted = context.store.subscribers.forms(one.name, frequencies, now=now)
        found += _fan_outs(spec, context, digest, one, wanted=wanted, frequencies=frequencies)
    return ForReaders(
        fan_outs=tuple(found),
        key_prefix=_key_prefix(edition, context.store.installation_id()),
        without=frozenset(_keys(deliveries)),
        deadline=now + spec.deliver_within,
        now=now,
    )


def counts_for(schedule: Schedule | None, name: date, *, weekly: int | None) -> tuple[Frequency, ...]:
    """Of which readers an edition is theirs: of all who want each; its day's last also of those who want one a day.

    Args:
        schedule: when the digest goes out.
        name: of the edition.
        weekly: the weekday of the list's own edition for those who want one a week. Of a list that has none they get Saturday's
            last one: better than nothing for somebody who asked for it when it had.
    """
    last = schedule is None or not isinstance(name, EditionDate) or name.at >= max(schedule.at)
    saturday = last and weekly is None and calendar_day(name).weekday() == _SATURDAY
    return (Frequency.EACH, *((Frequency.DAILY,) if last else ()), *((Frequency.WEEKLY,) if saturday else ()))


def forms_to_make(wanted: Mapping[Form, int]) -> tuple[tuple[Form, ...], tuple[Form, ...]]:
    """The forms that get a mail of their own, and those with all topics, which take in whoever is left.

    At most MOST_FORMS, the most wanted ones.
    """
    whole = {replace(form, topics=()) for form in wanted}
    for_the_rest = tuple(sorted(whole, key=lambda form: (form.language, form.plain)))
    by_number = sorted(wanted, key=lambda form: (-wanted[form], form.language, form.plain, form.topics))
    own = [form for form in by_number if form.topics][: max(0, MOST_FORMS - len(for_the_rest))]
    return tuple(own), for_the_rest


def in_form(digest: Digest, form: Form, titles: Mapping[str, str]) -> Digest:
    """The digest in a form: in the reader's language, with their topics. The story of the day and "Elsewhere" stay.

    Args:
        digest: with all topics.
        form: what is wanted.
        titles: of topics, by name; topics that are not there any more count for nothing.
    """
    digest = replace(digest, language=form.language or digest.language)
    if not form.topics:
        return digest
    kept = {titles[name] for name in form.topics if name in titles} | {PINNED}
    return replace(
        digest,
        sections=tuple(section for section in digest.sections if section.topic in kept),
        also=tuple(entry for entry in digest.also if entry.topic in kept),
        further=tuple(entry for entry in digest.further if entry.topic in kept),
    )


def _fan_outs(
    spec: DigestSpec,
    context: EditionContext,
    digest: Digest,
    of: MailingList,
    *,
    wanted: Mapping[Form, int],
    frequencies: tuple[Frequency, ...],
) -> Iterator[FanOut]:
    own, for_the_rest = forms_to_make(wanted)
    titles = {topic.name: topic.title for topic in spec.topics}
    for form in (*own, *for_the_rest):
        shown = in_form(digest, form, titles)
        body = _body(spec, context, shown, of, plain=form.plain)
        yield FanOut(list=of.name, form=form, frequencies=frequencies, rest=form in for_the_rest, body=body)


def _body(spec: DigestSpec, context: EditionContext, digest: Digest, of: MailingList, *, plain: bool) -> bytes:
    message = replace(message_to_keep(spec, context, digest, of), plain=plain)
    [body] = context.channels[LIST_CHANNEL].encode(message, now=context.clock())
    return body


def _key_prefix(edition: Edition, installation: str) -> str:
    return hashed(edition.digest, edition.date.isoformat(), "readers", installation)[:_PREFIX]


def _keys(deliveries: Iterable[Delivery]) -> Iterator[str]:
    for one in deliveries:
        if one.recipient.channel == LIST_CHANNEL:
            with suppress(AddressError):
                yield mail_key(one.recipient.address)
