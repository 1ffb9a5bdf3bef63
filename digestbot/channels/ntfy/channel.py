"""ntfy: a message is published to a topic, and after a lost answer the topic's cache is asked whether it is there.

ntfy knows no idempotency key. Every message carries the delivery's opaque key instead, and is looked for by that key. That
it is not there proves something only while the server keeps messages for longer than the question is old; else nobody can
tell, and the delivery is left to an operator.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, Final

from ...errors import DeliveryError, OutcomeUnknown, PermanentFailure, TemporaryFailure
from ...model import Delivery, Message
from ..exchange import seconds_ahead
from . import encode, errors
from .address import WRITE_TOPIC, is_topic
from .connection import Connection
from .errors import Answer

# The clock here may run ahead of the server's: a message of ours must not lie before the time that is looked through.
_SKEW_SECONDS: Final = 3600.0
# A server before 2.16 keeps no key: a message of the same text counts as ours, if it is not older than the attempt.
_TEXT_SKEW_SECONDS: Final = 60.0
# The clocks may differ by so much where the age of an attempt is held against the time that messages are kept.
_CACHE_MARGIN_SECONDS: Final = 60.0
_EASTMOST: Final = timedelta(hours=14)  # the first zone to see a date

_log = logging.getLogger(__name__)


class Ntfy:
    """Publishes to topics of one ntfy server.

    Args:
        url: where the server lies.
        token: an access token; never shown again.
        username: with `password`, instead of a token; both empty where the server asks for no login.
        password: never shown again.
        timeout: seconds for one step of a request.
        priority: of every message, 1 (lowest) to 5 (highest).
        tags: of every message.
        message_bytes: the server's message-size-limit.
        resend_in_doubt: publish again when nobody can tell whether a message arrived (default: leave it to an operator).
        clock: the time in seconds since 1970.
    """

    name = "ntfy"

    def __init__(
        self,
        url: str = "https://ntfy.sh",
        *,
        token: str = "",
        username: str = "",
        password: str = "",
        timeout: float = 15.0,
        priority: int = 3,
        tags: Sequence[str] = (),
        message_bytes: int = 4096,
        resend_in_doubt: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        # A message may still appear after our request has timed out, and a server may write its cache in batches.
        self.visibility_delay = 2 * timeout
        self._server = Connection(url, token=token, username=username, password=password, timeout=timeout)
        self._priority, self._tags, self._message_bytes = priority, tuple(tags), message_bytes
        self._resend_in_doubt = resend_in_doubt
        self._clock = clock
        self._ahead = 0.0  # seconds by which our clock is before the server's, as its last answer said
        self._unreadable: set[str] = set()  # topics whose cache is not asked before a first attempt any more

    def __repr__(self) -> str:
        return f"Ntfy({self._server.host!r})"

    def canonical(self, address: str) -> str:
        """The topic itself: `chips` and `Chips` are two."""
        if not is_topic(address):
            raise PermanentFailure(f"{self._server.quoted(address)!r} is not an ntfy topic: {WRITE_TOPIC}")
        return address

    def encode(self, message: Message, *, now: datetime) -> tuple[bytes, ...]:
        """One message, as the JSON that publishes it; `now` does not show."""
        del now
        return (encode.body(message, limit=self._message_bytes, priority=self._priority, tags=self._tags),)

    def fill(self, body: bytes, delivery: Delivery) -> bytes:
        """With the topic, and the key by which the message is found again."""
        return encode.fill(body, topic=self.canonical(delivery.recipient.address), key=delivery.key)

    def send(self, delivery: Delivery, *, parent: str) -> str:
        """Publish the message and return ntfy's id of it.

        Before the first attempt the cache is asked for the key: a database that was put back from a backup does not know what
        it has sent since.
        """
        del parent
        if delivery.attempts == 1 and (found := self._already_there(delivery)):
            _log.warning("%s has this edition already: it is not published again", delivery.recipient)
            return found
        answer = self._server.request("POST", "/", delivery.payload, require_claim=delivery.require_claim)
        data = answer.data
        if answer.status != 200 or not isinstance(data.get("id"), str):
            raise self._refusal(errors.SENDING, answer, delivery.recipient.address)
        if "attachment" in data:
            _log.warning(
                "%s made a file of the message to %s: set DIGESTBOT_NTFY__MESSAGE_BYTES to its message-size-limit",
                self._server.host,
                delivery.recipient,
            )
        return str(data["id"])

    def find_sent(self, delivery: Delivery, *, parent: str = "") -> str | None:
        """Look for the delivery's key in the topic's cache, since well before it was claimed."""
        del parent
        claimed = delivery.claimed.timestamp() if delivery.claimed else 0.0
        age = self._clock() - claimed
        found = self._search(delivery, claimed)
        if found is None and self._ahead > _TEXT_SKEW_SECONDS:
            # The server dates messages by its own clock: by ours that one was published before it was claimed.
            found = self._search(delivery, claimed - self._ahead)
        if found is not None:
            return found
        kept = self._seconds_kept()
        if age + _CACHE_MARGIN_SECONDS >= kept:
            reach = f"keeps messages for {kept:.0f} s only" if kept else "keeps no messages"
            raise OutcomeUnknown(f"{self._server.host} {reach}: look for the message in your app")
        return None

    def resend_if_unknown(self, delivery: Delivery) -> bool:
        """A doubled notification is seen by every subscriber: only when the operator said so."""
        del delivery
        return self._resend_in_doubt

    def check(self) -> str:
        """Ask the server who we are to it and how long it keeps messages; publishes nothing."""
        account = self._account(errors.SENDING)
        name = account.get("username")
        who = (
            f"signed in as {self._server.quoted(name)}" if isinstance(name, str) and name != "*" else "without a login"
        )
        kept = _seconds_kept(account)
        if kept is None or kept <= _CACHE_MARGIN_SECONDS:
            cache = "it keeps no messages, so what is in doubt after a lost answer is held for you"
        else:
            cache = f"it keeps messages for {timedelta(seconds=kept)}, so that a lost answer can be looked up"
        return (
            f"{self._server.host} answers, {who}; {cache}. Whether a topic may be written shows with its next message"
        )

    def close(self) -> None:
        """Nothing stays open between messages."""

    def _search(self, delivery: Delivery, claimed: float) -> str | None:
        for found in self._cached(delivery, since=claimed - _SKEW_SECONDS):
            if _is_ours(found, delivery, claimed=claimed):
                return str(found.get("id", ""))
        return None

    def _already_there(self, delivery: Delivery) -> str | None:
        """What was published under the delivery's key since its date began anywhere, as far as the cache tells."""
        topic = delivery.recipient.address
        if topic in self._unreadable:
            return None
        began = datetime.combine(delivery.edition, time_of_day(), UTC) - _EASTMOST
        try:
            for found in self._cached(delivery, since=began.timestamp()):
                if found.get("sequence_id") == delivery.key:
                    return str(found.get("id", ""))
        except OutcomeUnknown:
            self._unreadable.add(topic)
        except DeliveryError as error:
            _log.info("cannot look first whether %s has it: %s", delivery.recipient, error)
        return None

    def _cached(self, delivery: Delivery, *, since: float) -> Iterator[Mapping[str, Any]]:
        """The topic's cached messages, one JSON object a line.

        Raises:
            OutcomeUnknown: the cache may not be read.
            TemporaryFailure: it may be read later.
        """
        topic = self.canonical(delivery.recipient.address)
        # `since=1` would mean "none" to ntfy, and an empty one everything.
        answer = self._ask(f"/{topic}/json?poll=1&since={max(int(since), 0) or 'all'}")
        if answer.status != 200:
            raise self._refusal(errors.ASKING, answer, topic)
        for line in answer.body.splitlines():
            found = Answer(status=200, body=line).data
            if not found and line.strip():
                raise TemporaryFailure(f"{self._server.host} gave messages that are no JSON")
            yield found

    def _seconds_kept(self) -> float:
        """How long the server keeps what we publish; 0 when it does not."""
        kept = _seconds_kept(self._account(errors.ASKING))
        if kept is None:
            raise OutcomeUnknown(f"{self._server.host} does not say how long it keeps messages: look into your app")
        return kept

    def _account(self, table: Mapping[int, errors.Meaning]) -> dict[str, Any]:
        """What the server tells an account, or anybody, about limits (ntfy 2.0 and later)."""
        answer = self._ask("/v1/account") if table is errors.ASKING else self._server.request("GET", "/v1/account")
        if answer.status != 200 or not answer.data:
            raise self._refusal(table, answer, "")
        return answer.data

    def _ask(self, path: str) -> Answer:
        """A question may be put again: whatever came between is no doubt about the message."""
        try:
            answer = self._server.request("GET", path)
        except (OutcomeUnknown, PermanentFailure) as error:
            raise TemporaryFailure(str(error)) from None
        ahead = seconds_ahead(answer.headers, self._clock())
        self._ahead = self._ahead if ahead is None else ahead
        return answer

    def _refusal(self, table: Mapping[int, errors.Meaning], answer: Answer, topic: str) -> DeliveryError:
        return errors.refusal(table, answer, host=self._server.host, topic=topic, said=self._server.said(answer))


def _is_ours(found: Mapping[str, Any], delivery: Delivery, *, claimed: float) -> bool:
    """Whether a cached message is this delivery: by its key, or on a server that keeps none by its text.

    Of a text that the server made a file of, the title is left.
    """
    if "sequence_id" in found:
        return bool(found["sequence_id"] == delivery.key)
    published = found.get("time")
    if not isinstance(published, int | float) or published < claimed - _TEXT_SKEW_SECONDS:
        return False
    ours = json.loads(delivery.payload)
    same_text = found.get("message") == ours["message"] or "attachment" in found
    return found.get("title") == ours["title"] and same_text


def _seconds_kept(account: Mapping[str, Any]) -> float | None:
    limits = account.get("limits")
    kept = limits.get("messages_expiry_duration") if isinstance(limits, dict) else None
    return float(kept) if isinstance(kept, int | float) else None
