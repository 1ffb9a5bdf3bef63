"""A recipient who was added after the edition: they get it as everybody else did, rendered from its stored JSON."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ..deliver import freeze
from ..edition.context import DigestSpec, EditionContext
from ..edition.message import message_to_keep
from ..errors import ConfigError, ConfigErrors
from ..model import Delivery, Recipient, calendar_day, is_of
from ..render import digest_from_json

_LIFETIME = timedelta(days=1)


def add_recipients(
    spec: DigestSpec, context: EditionContext, recipients: tuple[Recipient, ...], *, day: date | None, now: datetime
) -> tuple[Delivery, ...]:
    """Put an edition into the outbox for more recipients; nobody gets it twice, whatever the spelling of the address.

    Args:
        spec: the digest.
        context: over the real store, with its channels.
        recipients: who gets it.
        day: which edition, or the last one of a date; the last one of all by default.
        now: the Date of mails.

    Raises:
        ConfigErrors: there is no such edition.
    """
    published = context.store.editions.published(
        spec.name, since=(calendar_day(day) if day else date.min + timedelta(days=1)) - timedelta(days=1)
    )
    content = next((text for on, text in reversed(published) if text and (day is None or is_of(on, day))), "")
    if not content:
        reason = f"{spec.name} has no edition of {day}" if day else f"{spec.name} has no edition yet"
        raise ConfigErrors([ConfigError("--to", reason, "`digestbot status` shows the last ones")])
    digest = digest_from_json(content, language=spec.language, shows_why=spec.shows_why)
    deliveries = freeze(
        message_to_keep(spec, context, digest),
        recipients,
        context.channels,
        now=now,
        lifetime=_LIFETIME,
        installation_id=context.store.installation_id(),
        key_schemes=context.key_schemes,
    )
    return context.store.outbox.add(deliveries)
