"""One alert on its way to everybody at once, in ten seconds altogether, whatever a server does.

Each channel has a thread, which is left behind when the time is over: a server that sends a byte now and then outlasts every
timeout of a socket. A message that has not begun to leave by then never does.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..errors import DeliveryError, OutcomeUnknown, TemporaryFailure
from ..model import Delivery, Message, Recipient
from ..ports import Channel

ALERT_SECONDS = 10.0  # less than the 15 within which a command that was told to stop is gone

_log = logging.getLogger(__name__)


def send_to_all(
    recipients: Sequence[Recipient],
    message: Message,
    open_channels: Callable[[], Mapping[str, Channel]],
    *,
    now: datetime,
) -> bool:
    """Whether the alert may have arrived anywhere: then it is not sent again, to nobody."""
    end, channels = time.monotonic() + ALERT_SECONDS, open_channels()
    attempts = [_Attempt(recipient, message, channels[recipient.channel], now) for recipient in recipients]
    for name in {recipient.channel for recipient in recipients}:
        own = [attempt for attempt in attempts if attempt.to.channel == name]
        threading.Thread(target=_run_in_turn, args=(own, channels[name]), name="alert", daemon=True).start()
    for attempt in attempts:
        attempt.ended.wait(max(end - time.monotonic(), 0.0))
    for attempt in attempts:
        attempt.give_up()
    arrived = [attempt.may_have_arrived() for attempt in attempts]  # all of them: each may have something to say
    return any(arrived)


def _run_in_turn(attempts: Sequence[_Attempt], channel: Channel) -> None:
    for attempt in attempts:
        attempt.run()
    channel.close()


@dataclass(slots=True)
class _Attempt:
    """At one recipient, through a channel that no delivery uses."""

    to: Recipient
    message: Message
    channel: Channel
    now: datetime
    ended: threading.Event = field(default_factory=threading.Event)
    _error: Exception | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _begun: bool = False  # it may have begun to leave
    _too_late: bool = False

    def run(self) -> None:
        """Send it; what comes of it is told by `may_have_arrived`."""
        try:
            self._send()
        except Exception as error:  # noqa: BLE001 -- raised again where it can be handled
            self._error = error
        self.ended.set()

    def give_up(self) -> None:
        """From now on it does not begin to leave any more."""
        with self._lock:
            self._too_late = True

    def may_have_arrived(self) -> bool:
        """After `give_up`; says why where it has not."""
        if not self.ended.is_set():
            _log.error("the alert could not be sent to %s within %d seconds", self.to, ALERT_SECONDS)
            return self._begun
        if isinstance(self._error, OutcomeUnknown) or self._error is None:
            return True
        if not isinstance(self._error, DeliveryError):
            raise self._error
        _log.error("the alert could not be sent to %s: %s", self.to, self._error)
        return False

    def _send(self) -> None:
        # At random: an alert is no delivery of the outbox, and two in one minute are two messages.
        key = secrets.token_hex(16)
        name = f"alerts-{self.now:%Y-%m-%dT%H%M%S}"  # file: writes a folder a name; a second alert of the same day must not replace the first
        for part, body in enumerate(self.channel.encode(self.message, now=self.now)):
            delivery = Delivery(
                digest=name,
                edition=self.now.date(),
                recipient=self.to,
                key=f"{key}-{part}",
                require_claim=self._begin,
            )
            self.channel.send(replace(delivery, payload=self.channel.fill(body, delivery)), parent="")

    def _begin(self) -> None:
        with self._lock:
            if self._too_late:
                raise TemporaryFailure("too late")
            self._begun = True
