"""`digestbot test`: today's digest to one address. Sent from a store of its own, so that nothing is recorded and no day is used up."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from pydantic_core import PydanticCustomError

from ..app.channels import recipient_problems
from ..collect import PollResult
from ..deliver import DeliveryReport, freeze
from ..edition.context import DigestSpec, EditionContext
from ..edition.delivering import deliver_pending
from ..edition.message import message_of
from ..edition.pipeline import prepare
from ..errors import ConfigError, ConfigErrors
from ..model import Edition, Recipient
from ..settings import CHANNELS, Loaded
from ..settings.recipients import parse_recipients, split_lists
from ..store import store_aside
from .outcome import why_not_sent
from .status import delivery_as_dict

_NOTICE: Final = "This is a test: nothing is recorded, and the day's digest comes as planned."


_MAX_WAIT: Final = 10.0  # seconds: somebody sits there; what is busy for longer is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of a test of one digest."""

    digest: str
    edition: Edition
    no_feed_readable: bool = False
    report: DeliveryReport | None = None

    @property
    def failed(self) -> bool:
        return self.no_feed_readable or self.report is None or not self.report.ok

    def lines(self) -> Iterator[str]:
        """For a person."""
        name, report = f"{self.digest} {self.edition.date}", self.report or DeliveryReport()
        if self.no_feed_readable:
            yield f"{name}: no feed could be read, so no test was sent; `digestbot check` says why"
        for delivery in report.sent:
            where = f" ({delivery.remote_id})" if delivery.remote_id else ""
            yield f"{name}: a test was sent to {delivery.recipient}{where}; nothing was recorded"
        for delivery in (*report.settled, *report.waiting):
            if delivery not in report.sent:
                yield f"{name}: no test was sent to {why_not_sent(delivery, recorded=False)}"

    def as_dict(self) -> dict[str, object]:
        """For a program."""
        report = self.report or DeliveryReport()
        return {
            "digest": self.digest,
            "edition": self.edition.date.isoformat(),
            "collected": not self.no_feed_readable,
            "deliveries": [delivery_as_dict(one) for one in (*report.sent, *report.waiting)]
            + [delivery_as_dict(one) for one in report.settled if one not in report.sent],
        }


def recipients_named(text: str, loaded: Loaded) -> tuple[Recipient, ...]:
    """The recipients of `--to`, whose channels are set up as they must be.

    Raises:
        ConfigErrors: they are none, or something is missing in the settings of their channel.
    """
    try:
        recipients = parse_recipients(text, CHANNELS)
    except PydanticCustomError as error:
        found = error.context or {}
        raise ConfigErrors([ConfigError("--to", str(found.get("reason")), str(found.get("fix", "")))]) from None
    if not recipients:
        raise ConfigErrors([ConfigError("--to", "names nobody", f"write {CHANNELS.examples}")])
    lists = split_lists(recipients)[1]
    if lists:
        reason = f"list:{lists[0]} is a list, and here each recipient is named alone"
        raise ConfigErrors([ConfigError("--to", reason, "write one reader's address")])
    problems = recipient_problems(loaded, recipients)
    if problems:
        raise ConfigErrors(problems)
    return recipients


def send_test(
    spec: DigestSpec,
    context: EditionContext,
    recipients: Sequence[Recipient],
    *,
    at: datetime,
    day: date | None = None,
    collected: PollResult | None = None,
) -> Trial:
    """Make the edition of this moment, marked as a test, and send it through the real channels.

    Args:
        spec: the digest.
        context: over a store that is only looked at.
        recipients: who gets it, instead of the digest's own.
        at: its cutoff, in UTC.
        day: its name, where that is not the one of `at`.
        collected: what its feeds brought, where they are not to be asked now.
    """
    prepared = prepare(spec, context, at=at, day=day, preview=True, collected=collected)
    edition = prepared.edition
    if prepared.no_feed_readable:
        return Trial(digest=spec.name, edition=edition, no_feed_readable=True)
    # Of another name: a file: recipient must not write over the day's own files, nor a mail program take it for a copy.
    name, title = f"{spec.name}-test", f"[Test] {prepared.digest.title}"
    digest = replace(prepared.digest, name=name, title=title, notices=(_NOTICE, *prepared.digest.notices))
    message = message_of(spec, context, digest)
    message = replace(message, subject=f"[Test] {message.subject.removeprefix('[Test] ')}")
    deliveries = freeze(
        message,
        recipients,
        context.channels,
        now=context.clock(),
        installation_id=secrets.token_hex(16),  # at random: each test is a message of its own
        key_schemes=context.key_schemes,
    )
    with store_aside(context.store, recipients) as own:
        wanted = Edition(digest=name, date=edition.date, since=edition.since, until=edition.until)
        own.editions.publish(own.editions.claim(wanted), message.json, deliveries, used=())
        brief = replace(context, store=own, max_wait=min(context.max_wait, _MAX_WAIT))
        report = deliver_pending(replace(spec, name=name), brief)
    refused = tuple(one for one in deliveries if one.error)
    return Trial(digest=spec.name, edition=edition, report=replace(report, settled=(*refused, *report.settled)))
