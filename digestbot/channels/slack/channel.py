"""Slack through a bot's token: chat.postMessage, and conversations.history to learn whether a message arrived.

Slack knows no idempotency key. Every message carries the delivery's opaque key in its metadata instead, and after a
lost answer the channel is searched for that key before anything is posted again.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from typing import Any

from ...errors import DeliveryError, OutcomeUnknown, PermanentFailure, TemporaryFailure
from ...model import Delivery, Message
from ...text.sanitise import one_line, shorten
from ..exchange import FirstByte, seconds_ahead
from . import errors
from .address import canonical_channel, is_id
from .fallback import post_plainer
from .membership import lacking, refused
from .straight import StraightWebClient

_EVENT = "digest_delivery"
# The clock here may run ahead of Slack's; a message of ours must not fall before the window that is searched.
_SKEW = 60.0
# Apps that are distributed but not in the marketplace get at most 15 messages a call (since May 2025).
_PAGE = 15
_PAGES = 20
_EASTMOST = timedelta(hours=14)  # the first zone to see a date

_log = logging.getLogger(__name__)
_sdk_log = logging.getLogger(f"{__name__}.sdk")
_sdk_log.setLevel(logging.CRITICAL + 1)  # every failure is raised in our own words, without a request's content


class Slack:
    """Posts to channels of one workspace.

    Args:
        token: the bot's token (`xoxb-...`); never shown again.
        api_url: where the Web API answers, ending in a slash.
        timeout: seconds for one request.
        resend_in_doubt: post again when nobody can tell whether a message arrived (default: leave it to an operator).
        clock: the time in seconds since 1970.
    """

    name = "slack"

    def __init__(
        self,
        token: str,
        *,
        api_url: str = "https://slack.com/api/",
        timeout: float = 15.0,
        resend_in_doubt: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        # A message may still appear after our request has timed out.
        self.visibility_delay = 2 * timeout
        self._resend_in_doubt = resend_in_doubt
        # urllib takes fractions of a second; the SDK's own annotation does not. Its default retry handler repeats a
        # POST whose answer was lost, which posts twice.
        seconds: Any = timeout
        self._api_url = api_url
        self._client = partial(
            StraightWebClient, token, base_url=api_url, timeout=seconds, retry_handlers=[], logger=_sdk_log
        )
        self._clock = clock
        self._ahead = 0.0  # seconds by which our clock is before Slack's, as its last answer said
        self._ids: dict[str, str] = {}
        self._fresh: set[str] = set()  # posted here, so that nothing of their threads is there yet
        self._bot = ""
        self._scopes: set[str] = set()  # of the token, once it was asked for
        self._blind = False  # nothing is looked up before it is posted: the token may not
        self._unlisted = False  # nor are names looked up

    def __repr__(self) -> str:
        return f"Slack(api_url={self._api_url!r})"

    def canonical(self, address: str) -> str:
        """`chips` and `#chips` are one channel; an ID stays as it is."""
        spelled = canonical_channel(address)
        if spelled is None:
            raise PermanentFailure(f"{address!r} is not a Slack channel: write #name or an ID such as C0123456789")
        return spelled

    def encode(self, message: Message, *, now: datetime) -> tuple[bytes, ...]:
        """chat.postMessage arguments as JSON, one part for each message of the digest; `now` does not show."""
        del now
        return tuple(_json({**arguments, "unfurl_links": False, "unfurl_media": False}) for arguments in message.slack)

    def fill(self, body: bytes, delivery: Delivery) -> bytes:
        """The arguments with the channel, and the key by which the message is found again."""
        arguments = json.loads(body)
        if "channel" in arguments:
            return body
        metadata = {"event_type": _EVENT, "event_payload": {"key": delivery.key}}
        return _json({**arguments, "channel": self.canonical(delivery.recipient.address), "metadata": metadata})

    def send(self, delivery: Delivery, *, parent: str) -> str:
        """Post one part; content that Slack refuses is posted once more in ever plainer forms, under the same key.

        Returns `CHANNEL_ID/ts`. The plainer forms follow from the frozen bytes, so that what is stored stays the truth.
        Before the first attempt the channel is searched for the key: a database that was put back from a
        backup does not know what it has sent since.
        """
        if delivery.attempts == 1 and (standing := self._standing(delivery, parent)):
            _log.warning("%s has this edition already: it is not posted again", delivery.recipient)
            return standing
        arguments: dict[str, Any] = json.loads(delivery.payload)
        if parent:
            arguments["channel"], _, arguments["thread_ts"] = parent.partition("/")
        to = delivery.recipient
        return post_plainer(arguments, lambda form: self._post(form, to.address, delivery.require_claim), to)

    def find_sent(self, delivery: Delivery, *, parent: str = "") -> str | None:
        """Search the channel, or the parent's thread, for the delivery's key since shortly before it was claimed."""
        if delivery.claimed is None:
            return self._search(delivery, parent, since=0.0, pages=_PAGES)
        since = delivery.claimed.timestamp() - _SKEW
        found = self._search(delivery, parent, since=since, pages=_PAGES)
        if found is None and self._ahead > _SKEW:
            # Slack dates messages by its own clock: by ours that one was posted before it was claimed.
            found = self._search(delivery, parent, since=since - self._ahead, pages=_PAGES)
        return found

    def _standing(self, delivery: Delivery, parent: str) -> str | None:
        """What was posted under the delivery's key since its date began anywhere, as far as one page tells."""
        if parent in self._fresh or self._blind:
            return None
        began = datetime.combine(delivery.edition, time_of_day(), UTC) - _EASTMOST
        try:
            return self._search(delivery, parent, since=began.timestamp(), pages=1)
        except OutcomeUnknown:
            self._blind = True
        except DeliveryError as error:
            _log.info("cannot look first whether %s has it: %s", delivery.recipient, error)
        return None

    def _search(self, delivery: Delivery, parent: str, *, since: float, pages: int) -> str | None:
        arguments: dict[str, Any] = {"oldest": f"{since:.6f}", "limit": _PAGE, "include_all_metadata": True}
        if parent:
            method = "conversations.replies"
            arguments["channel"], _, arguments["ts"] = parent.partition("/")
        else:
            method = "conversations.history"
            arguments["channel"] = self._conversation(delivery.recipient.address)
        for answer in self._pages(method, arguments, most=pages):
            for message in answer.get("messages") or ():
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == delivery.key:
                    return f"{arguments['channel']}/{message['ts']}"
        return None

    def resend_if_unknown(self, delivery: Delivery) -> bool:
        """A doubled post is seen by the whole channel: only when the operator said so."""
        del delivery
        return self._resend_in_doubt

    def check(self) -> str:
        """Ask who we are, and whether the token may write and look back; posts nothing."""
        answer = self._call("auth.test", FirstByte())
        scopes = {scope.strip() for scope in answer.get("scopes", "").split(",")} - {""}
        if scopes and "chat:write" not in scopes:
            raise PermanentFailure(errors.scope("chat:write"), account=True)
        self._scopes = scopes
        user, team = (shorten(one_line(str(answer.get(key) or "")), 80) for key in ("user", "team"))
        who = f"signed in as @{user or 'unknown'} in {team or 'an unnamed workspace'}"
        missing = lacking(scopes) if scopes else ""
        return f"{who}; {missing}" if missing else who

    def check_recipient(self, address: str) -> None:
        """Whether the channel is there, not archived, and the bot in it, as far as the token may look; posts nothing."""
        if problem := refused(self._look, self.canonical(address), scopes=self._scopes, bot=self._bot_name()):
            raise problem

    def _look(self, method: str, arguments: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        if "channel" in arguments:
            yield self._call(method, FirstByte(), arguments, address=str(arguments["channel"]))
        else:
            yield from self._pages(method, arguments)

    def close(self) -> None:
        """Nothing stays open between posts."""

    def _post(self, arguments: Mapping[str, Any], address: str, require_claim: Callable[[], None]) -> str:
        answer = self._call("chat.postMessage", FirstByte(require_claim), json=arguments, address=address)
        channel, ts = answer.get("channel") or arguments["channel"], answer.get("ts")
        if not ts:
            raise OutcomeUnknown("Slack said ok, but not where the message is")
        self._ids[address] = channel
        self._fresh.add(f"{channel}/{ts}")
        return f"{channel}/{ts}"

    def _conversation(self, address: str) -> str:
        """The ID of a channel known by name, or the name itself where Slack does not tell."""
        wanted = self.canonical(address)
        if is_id(wanted):
            return wanted
        for types in ("public_channel,private_channel", "public_channel"):
            if address in self._ids or self._unlisted:
                break
            arguments = {"types": types, "limit": 200, "exclude_archived": True}
            try:
                for answer in self._pages("conversations.list", arguments):
                    for channel in answer.get("channels") or ():
                        self._ids.setdefault("#" + str(channel.get("name")), str(channel.get("id")))
            except DeliveryError as error:
                # Listing needs scopes of its own (channels:read, groups:read) that posting does not.
                self._unlisted = isinstance(error, OutcomeUnknown) and types == "public_channel"
                _log.info("cannot list %s to find %s: %s", types.replace("_", " "), wanted, error)
            if wanted in self._ids:
                self._ids[address] = self._ids[wanted]
        return self._ids.get(address, wanted)

    def _pages(self, method: str, arguments: Mapping[str, Any], *, most: int = _PAGES) -> Iterator[Mapping[str, Any]]:
        cursor = ""
        for _ in range(most):
            first_byte = FirstByte()
            try:
                answer = self._call(method, first_byte, {**arguments, **({"cursor": cursor} if cursor else {})})
            except OutcomeUnknown as error:
                raise TemporaryFailure(f"{method}: {error}") from None
            except PermanentFailure as error:
                if not first_byte.left:  # the way is broken: it says nothing about the channel, and can be mended
                    raise TemporaryFailure(f"{method}: {error}") from None
                raise OutcomeUnknown(f"cannot look whether it arrived ({method}): {error}") from None
            yield answer
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise OutcomeUnknown(f"{method}: more than {most * _PAGE} messages since")

    def _call(
        self,
        method: str,
        first_byte: FirstByte,
        params: Mapping[str, Any] | None = None,
        *,
        json: Mapping[str, Any] | None = None,
        address: str = "",
    ) -> Mapping[str, Any]:
        """One request. The error leaves this frame without its cause: the SDK's holds the request, token included."""
        failure: DeliveryError
        try:
            client = self._client(first_byte=first_byte)
            response = client.api_call(method, params=dict(params or {}), json=dict(json) if json else None)
            headers = {key.lower(): value for key, value in response.headers.items()}
            scopes = headers.get("x-oauth-scopes", "")
            ahead = seconds_ahead(headers, self._clock())
            self._ahead = self._ahead if ahead is None else ahead
            return {"scopes": scopes, **response.data} if isinstance(response.data, dict) else {}
        except Exception as error:  # noqa: BLE001 -- the table has a row for every kind
            failure = errors.delivery_error(error, left=first_byte.left, address=address, bot=self._bot_name)
        raise failure

    def _bot_name(self) -> str:
        if not self._bot:
            try:
                self._bot = "@" + shorten(
                    one_line(str(self._call("auth.test", FirstByte()).get("user") or "your-bot")), 80
                )
            except DeliveryError:
                return "@your-bot"
        return self._bot


def _json(arguments: Mapping[str, Any]) -> bytes:
    return json.dumps(arguments, ensure_ascii=False, separators=(",", ":")).encode()
