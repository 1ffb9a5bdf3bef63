"""Amazon SES by way of SNS: messages signed with a certificate from SNS's own host (docs.aws.amazon.com/sns, Verifying the signatures)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from ..model import ReturnedMail, ReturnKind
from .provider_calls import (
    Accepted,
    Refusal,
    Refused,
    event,
    iso,
    judged,
    key_of_message_id,
    moment,
    read_json,
    record,
    records,
    require_fresh,
    text,
)
from .provider_signatures import is_signed_by_certificate

Fetch = Callable[[str], bytes]  # the bytes at an https address; raises OSError

_FRESH: Final = timedelta(days=1)  # SNS tries again for hours at most
# What is signed, in this order; Subject where there is one.
_NOTIFICATION: Final = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION: Final = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED: Final = {
    "Notification": _NOTIFICATION,
    "SubscriptionConfirmation": _CONFIRMATION,
    "UnsubscribeConfirmation": _CONFIRMATION,
}
_TOPIC: Final = re.compile(r"arn:aws[a-z-]{0,20}:sns:([a-z0-9-]{3,30}):\d{12}:[A-Za-z0-9_.-]{1,260}")
_CERTIFICATE: Final = re.compile(r"/[A-Za-z0-9_./-]{1,200}\.pem")
# Why SES gave up (docs.aws.amazon.com/ses, "Bounce types"); of the others the server's own words tell.
_PERMANENT: Final = dict.fromkeys(("NoEmail", "Suppressed", "OnAccountSuppressionList"), ReturnKind.HARD)
_TRANSIENT: Final = {
    "MailboxFull": ReturnKind.FULL,
    **dict.fromkeys(("MessageTooLarge", "ContentRejected", "AttachmentRejected"), ReturnKind.POLICY),
}
_NO_COMPLAINT: Final = frozenset({"not-spam", "auth-failure", "virus"})


def read_ses(
    headers: Mapping[str, str], body: bytes, now: datetime, *, topics: Collection[str], fetch: Fetch
) -> Accepted | Refusal:
    """What a message of SNS's says; a refusal where it is of another topic, or not signed by SNS.

    Args:
        headers: not needed; everything that counts is signed.
        body: the message.
        now: the time.
        topics: the ARNs of our topics. Anybody may own a topic, whose messages are signed by SNS as well.
        fetch: gets a certificate; called with addresses of SNS's own hosts alone.
    """
    del headers
    try:
        call = record(read_json(body))
        region = _require_topic(text_of(call, "TopicArn"), topics)
        _require_signature(call, region, now, fetch)
        require_fresh(iso(call.get("Timestamp")), now, _FRESH)
        what = text_of(call, "Type")
        if what == "SubscriptionConfirmation":
            return Accepted(confirm=_confirmation(text_of(call, "SubscribeURL"), region))
        return Accepted(
            tuple(_events(record(read_json(text_of(call, "Message"))), now, text_of(call, "MessageId")))
            if what == "Notification"
            else ()
        )
    except Refused as refused:
        return refused.refusal


def text_of(call: Mapping[str, Any], name: str) -> str:
    """A field of the message, whole: it is part of what was signed."""
    value = call.get(name)
    return value if isinstance(value, str) else ""


def _require_topic(arn: str, topics: Collection[str]) -> str:
    found = _TOPIC.fullmatch(arn)
    if not found or arn not in topics:
        raise Refused(403, "of a topic that is none of ours: see the ARN of the topic in SNS")
    return found[1]


def _require_signature(call: Mapping[str, Any], region: str, now: datetime, fetch: Fetch) -> None:
    names, version = _SIGNED.get(text_of(call, "Type"), ()), text_of(call, "SignatureVersion")
    address = text_of(call, "SigningCertURL") or text_of(call, "SigningCertUrl")
    if (
        not names
        or version not in ("1", "2")
        or not _is_of_sns(address, region)
        or not _CERTIFICATE.fullmatch(urlsplit(address).path)
    ):
        raise Refused(403, "not a message of SNS: its certificate is of another host, or its kind is not known")
    there = [name for name in names if name != "Subject" or text_of(call, name)]
    signed = "".join(f"{name}\n{text_of(call, name)}\n" for name in there).encode("utf-8", "surrogatepass")
    try:
        signature = base64.b64decode(text_of(call, "Signature"), validate=True)
        certificate = fetch(address)
    except (binascii.Error, ValueError):
        raise Refused(403, "not signed") from None
    except OSError:
        raise Refused(503, "the certificate of SNS could not be fetched") from None
    if not is_signed_by_certificate(signature, signed, certificate, sha1=version == "1", now=now):
        raise Refused(403, "the signature is not by SNS")


def _is_of_sns(address: str, region: str) -> bool:
    """Whether it is an https address of SNS in the topic's own region, without a port or a login."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    hosts = (f"sns.{region}.amazonaws.com", f"sns.{region}.amazonaws.com.cn")
    return (
        bool(re.fullmatch(r"[!-~]{1,2000}", address))
        and parts.scheme == "https"
        and parts.netloc in hosts
        and not parts.fragment
    )


def _confirmation(address: str, region: str) -> str:
    if not _is_of_sns(address, region) or parse_qs(urlsplit(address).query).get("Action") != ["ConfirmSubscription"]:
        raise Refused(403, "would be confirmed at another host")
    return address


def _events(said: Mapping[str, Any], now: datetime, message: str) -> Iterator[ReturnedMail]:
    """Both forms that SES knows: notifications and event publishing. Deliveries, sends and opens are none."""
    what = (text_of(said, "notificationType") or text_of(said, "eventType")).lower()
    mail, about = record(said.get("mail")), record(said.get(what))
    key, at = _key(mail), moment(iso(about.get("timestamp")), now)
    name = text(about.get("feedbackId")) or message
    if what == "bounce":
        for number, one in enumerate(records(about.get("bouncedRecipients"))):
            kind, code = _bounce(text_of(about, "bounceType"), text_of(about, "bounceSubType"), one)
            yield event(
                "ses",
                f"{name}-{number}",
                kind,
                address=one.get("emailAddress"),
                at=at,
                key=key,
                code=code,
                reason=one.get("diagnosticCode") or text_of(about, "bounceSubType"),
            )
    elif what == "complaint" and text_of(about, "complaintFeedbackType") not in _NO_COMPLAINT:
        whom = records(about.get("complainedRecipients"))
        # SES names all to whom the mail went at that provider, where it does not know who it was. Ours goes to one.
        for number, one in enumerate(whom if len(whom) == 1 else ()):
            reason = text_of(about, "complaintFeedbackType") or "complaint"
            yield event(
                "ses",
                f"{name}-{number}",
                ReturnKind.COMPLAINT,
                address=one.get("emailAddress"),
                at=at,
                key=key,
                reason=reason,
            )


def _bounce(family: str, kind: str, recipient: Mapping[str, Any]) -> tuple[ReturnKind, str]:
    said = text(recipient.get("diagnosticCode"))
    meant, code = judged(recipient.get("status"), said)
    if family == "Permanent":
        return _PERMANENT.get(kind, meant), code
    if kind in _TRANSIENT:
        return _TRANSIENT[kind], code
    # "Transient, General" is also what SES makes of an answer that somebody is out of office.
    if family == "Transient" and not said:
        return ReturnKind.DELAYED, code
    return (ReturnKind.SOFT if meant is ReturnKind.HARD else meant), code


def _key(mail: Mapping[str, Any]) -> str:
    """Of the Message-ID that we gave: SES sends under one of its own, and tells ours among the header fields."""
    named = (one.get("value") for one in records(mail.get("headers")) if text_of(one, "name").lower() == "message-id")
    found = (key_of_message_id(value) for value in (*named, record(mail.get("commonHeaders")).get("messageId")))
    return next(filter(None, found), "")
