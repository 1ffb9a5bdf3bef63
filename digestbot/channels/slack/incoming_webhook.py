"""Slack through incoming webhooks: each is an address that posts to one channel, and a secret for that.

A webhook answers "ok" and nothing else: not where the message is, so no thread can follow it, and nobody can be asked
later whether it arrived. A digest is one message, and what may have arrived waits for an operator's decision.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

from slack_sdk.webhook import WebhookResponse

from ...errors import ContentRejected, DeliveryError, OutcomeUnknown, PermanentFailure, TemporaryFailure
from ...model import Delivery, Message
from ..exchange import FirstByte
from ..redirects import opener_without_redirects
from .errors import delivery_error, wait_asked_for
from .fallback import post_plainer
from .settings import WEBHOOKS
from .straight import NOT_FOLLOWED, StraightWebhookClient

_CODE = re.compile(r"[a-z]{2,20}(?:_[a-z]{1,20}){0,6}")
_ANOTHER = "make another on the app's page Incoming Webhooks and put its address into {key}"
# The codes are those of docs.slack.dev's page on incoming webhooks and of its changelog of 2016-05-17.
_FIXES: Final[Mapping[str, str]] = {
    "no_service": f"it was removed or disabled: {_ANOTHER}",
    "no_service_id": f"it was removed or disabled: {_ANOTHER}",
    "no_active_hooks": f"it was removed or disabled: {_ANOTHER}",
    "invalid_token": "copy its address once more into {key}",
    "no_team": f"its workspace is no more: {_ANOTHER}",
    "team_disabled": f"its workspace is disabled: {_ANOTHER}",
    "channel_not_found": f"its channel is no more: {_ANOTHER}",
    "channel_is_archived": f"unarchive its channel, or {_ANOTHER}",
    "user_not_found": f"whom it writes to is no more: {_ANOTHER}",
    "action_prohibited": "ask an administrator to let webhooks post in its channel",
    "posting_to_general_channel_denied": f"ask an administrator who may post there, or {_ANOTHER}",
}

_sdk_log = logging.getLogger(f"{__name__}.sdk")
_sdk_log.setLevel(logging.CRITICAL + 1)  # the SDK logs whole addresses


class Webhook:
    """Posts through incoming webhooks, which are known by the names that they have in the configuration.

    Args:
        addresses: the https addresses by name; never shown again.
        timeout: seconds for one request.
        resend_in_doubt: post again when nobody can tell whether a message arrived (default: leave it to an operator).
    """

    name = "slack-webhook"

    def __init__(self, addresses: Mapping[str, str], *, timeout: float = 15.0, resend_in_doubt: bool = False) -> None:
        self._addresses = dict(addresses)
        self._timeout = timeout
        self._resend_in_doubt = resend_in_doubt
        # Seconds. Nobody can be asked afterwards, so this is only a pause before a retry.
        self.visibility_delay = 10.0 if resend_in_doubt else 0.0

    def __repr__(self) -> str:
        return f"Webhook({', '.join(self._addresses)})"

    def canonical(self, address: str) -> str:
        """The first name of the webhook's address: under two names it still posts to one channel."""
        secret = self._secret(address)
        return next(name for name, other in self._addresses.items() if other == secret)

    def encode(self, message: Message, *, now: datetime) -> tuple[bytes, ...]:
        """The digest as one message, in JSON; `now` does not show."""
        del now
        whole = {**(message.single or message.slack[0]), "unfurl_links": False, "unfurl_media": False}
        return (json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode(),)

    def fill(self, body: bytes, delivery: Delivery) -> bytes:
        """All who get it get the same."""
        del delivery
        return body

    def send(self, delivery: Delivery, *, parent: str) -> str:
        """Post the message, in ever plainer forms where its content is refused. Slack does not say where it is: returns ""."""
        del parent
        to = delivery.recipient
        return post_plainer(
            json.loads(delivery.payload), lambda form: self._post(form, to.address, delivery.require_claim), to
        )

    def find_sent(self, delivery: Delivery, *, parent: str = "") -> str | None:
        """A webhook cannot be asked."""
        del delivery, parent
        raise OutcomeUnknown("a webhook cannot be asked whether the message is there; look into its channel")

    def resend_if_unknown(self, delivery: Delivery) -> bool:
        """A doubled post is seen by the whole channel: only when the operator said so."""
        del delivery
        return self._resend_in_doubt

    def check(self) -> str:
        """Ask the hosts alone: whether a webhook still exists cannot be found out without posting."""
        places = {urlsplit(secret).hostname: urlsplit(secret) for secret in self._addresses.values()}
        for place in places.values():
            self._knock(f"{place.scheme}://{place.netloc}/")
        hosts, names = ", ".join(map(str, places)), ", ".join(self._addresses)
        return f"{hosts} answers; whether {names} may post shows with the next message, for nothing was posted"

    def close(self) -> None:
        """Nothing stays open between posts."""

    def _secret(self, address: str) -> str:
        try:
            return self._addresses[address.lower()]
        except KeyError:
            raise PermanentFailure(f"there is no webhook {address!r}: set {_setting(address)}=https://...") from None

    def _post(self, arguments: Mapping[str, Any], address: str, require_claim: Callable[[], None]) -> str:
        """One request. The error leaves this frame without its cause, which may hold the address."""
        secret = self._secret(address)
        seconds: Any = self._timeout  # urllib takes fractions of a second; the SDK's annotation does not
        first_byte = FirstByte(require_claim)
        failure: DeliveryError
        try:
            client = StraightWebhookClient(
                secret, timeout=seconds, retry_handlers=[], logger=_sdk_log, first_byte=first_byte
            )
            answer = client.send_dict(dict(arguments))
        except Exception as error:  # noqa: BLE001 -- the table has a row for every kind
            failure = delivery_error(error, left=first_byte.left)
        else:
            if answer.status_code == 200 and answer.body.strip() == "ok":
                return ""
            failure = _classify(answer, secret=secret, address=address)
        raise failure

    def _knock(self, place: str) -> None:
        failure: DeliveryError
        first_byte = FirstByte()
        try:
            request = Request(place, method="HEAD")  # noqa: S310 -- settings take http(s) only
            with opener_without_redirects(first_byte=first_byte).open(request, timeout=self._timeout):
                return
        except HTTPError as error:
            error.close()  # a refusal is an answer, too: the host is there
            return
        except Exception as error:  # noqa: BLE001 -- the table has a row for every kind
            failure = delivery_error(error, left=first_byte.left)
        if isinstance(failure, OutcomeUnknown):  # nothing was posted, so there is no doubt
            failure = TemporaryFailure(f"{urlsplit(place).hostname}: {failure}")
        raise failure


def _classify(answer: WebhookResponse, *, secret: str, address: str) -> DeliveryError:
    """What an answer other than "ok" means for the message."""
    said = answer.body.strip()
    code = said if _CODE.fullmatch(said) and said not in secret else ""
    what = code or f"HTTP {answer.status_code}"
    if answer.status_code in (408, 429):
        return TemporaryFailure(f"Slack asks to wait ({what})", retry_after=wait_asked_for(answer.headers))
    if 300 <= answer.status_code < 400:
        reason = NOT_FOLLOWED.format(status=answer.status_code)
        return PermanentFailure(
            f"the host of slack-webhook:{address} {reason}; check the address in {_setting(address)}"
        )
    if answer.status_code >= 500 or answer.status_code < 400:
        return OutcomeUnknown(f"Slack failed in between ({what})")
    if answer.status_code in (400, 413) and code not in _FIXES:
        return ContentRejected(f"Slack refused the content ({what})")
    fix = _FIXES.get(code, "check the address in {key}").format(key=_setting(address))
    return PermanentFailure(f"Slack refused slack-webhook:{address} ({what}): {fix}")


def _setting(address: str) -> str:
    return f"{WEBHOOKS}__{address.upper()}"
