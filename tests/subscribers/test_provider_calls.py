"""Calls of mail providers: what they say, and that nobody else can say it. Keys and certificates are made here."""

from __future__ import annotations

import base64
import builtins
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.model import ReturnedMail, ReturnKind
from digestbot.subscribers.mailgun import read_mailgun
from digestbot.subscribers.postmark import read_postmark
from digestbot.subscribers.provider_calls import MOST_BYTES, Accepted, Refusal
from digestbot.subscribers.sendgrid import read_sendgrid
from digestbot.subscribers.ses import read_ses

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
KEY = "00112233445566778899aabbccddeeff"
READER = "reader@lost.example"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:bounces"
HOST = "https://sns.eu-central-1.amazonaws.com"
FEW = 40 if settings.default is None or settings.default.max_examples <= 100 else 2000
HARD, SOFT, FULL, DELAYED = ReturnKind.HARD, ReturnKind.SOFT, ReturnKind.FULL, ReturnKind.DELAYED
POLICY, COMPLAINT, UNSUBSCRIBE = ReturnKind.POLICY, ReturnKind.COMPLAINT, ReturnKind.UNSUBSCRIBE

Answer = Accepted | Refusal


def events(answer: Answer) -> list[ReturnedMail]:
    assert isinstance(answer, Accepted), answer
    return list(answer.events)


def refused(answer: Answer) -> int:
    assert isinstance(answer, Refusal), answer
    assert answer.reason
    return answer.status


# ---- The providers, as they call -----------------------------------------------------------------------------------------


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def certificate(*, begin: datetime = NOW - timedelta(days=1), days: int = 30) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    built = x509.CertificateBuilder(name, name, rsa_key().public_key(), 1, begin, begin + timedelta(days=days))
    return built.sign(rsa_key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@dataclass
class Sns:
    """Signs what it is given, and remembers which addresses were fetched."""

    fetched: list[str] = field(default_factory=list)
    pem: Callable[[], bytes] = certificate

    def message(self, said: Any, *, version: str = "2", **changes: Any) -> dict[str, Any]:
        made = {
            "Type": "Notification", "MessageId": "m-1", "TopicArn": TOPIC, "Message": json.dumps(said), "Timestamp": NOW.isoformat(),
            "SignatureVersion": version, "SigningCertURL": f"{HOST}/SimpleNotificationService-ab12.pem", **changes,
        }  # fmt: skip
        names = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
        signed = "".join(f"{name}\n{made[name]}\n" for name in names if name in made)
        how = hashes.SHA1() if version == "1" else hashes.SHA256()
        return made | {"Signature": base64.b64encode(rsa_key().sign(signed.encode(), padding.PKCS1v15(), how)).decode()}

    def fetch(self, address: str) -> bytes:
        self.fetched.append(address)
        return self.pem()

    def read(
        self, message: Mapping[str, Any] | bytes, *, now: datetime = NOW, topics: tuple[str, ...] = (TOPIC,)
    ) -> Answer:
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        return read_ses({}, body, now, topics=topics, fetch=self.fetch)


def bounce(
    kind: str = "Permanent",
    subtype: str = "General",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 user unknown",
    **more: Any,
) -> dict[str, Any]:
    recipient = {"emailAddress": READER, "action": "failed", "status": status, "diagnosticCode": said}
    return {
        "notificationType": "Bounce",
        "bounce": {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": [recipient], "timestamp": "2026-05-27T09:00:00.000Z", "feedbackId": "f-1"},
        "mail": {"messageId": "ses-1", "headers": [{"name": "Message-ID", "value": f"<{KEY}-0@example.com>"}]},
        **more,
    }  # fmt: skip


def complaint(what: str = "abuse", count: int = 1) -> dict[str, Any]:
    whom = [{"emailAddress": f"reader{number or ''}@lost.example"} for number in range(count)]
    about = {
        "complainedRecipients": whom,
        "complaintFeedbackType": what,
        "timestamp": "2026-05-27T09:00:00.000Z",
        "feedbackId": "f-2",
    }
    return {
        "eventType": "Complaint",
        "complaint": about,
        "mail": {"commonHeaders": {"messageId": f"<{KEY}-0@example.com>"}},
    }


MAILGUN = "key-of-the-signing"


def mailgun(
    said: Any, *, token: str = "t" * 50, at: datetime = NOW, key: str = MAILGUN, field_name: str = "signature"
) -> bytes:
    timestamp = str(int(at.timestamp()))
    made = hmac.new(key.encode(), f"{timestamp}{token}".encode(), "sha256").hexdigest()
    return json.dumps(
        {"signature": {"timestamp": timestamp, "token": token, "signature": "0", field_name: made}, "event-data": said}
    ).encode()


def failed(
    severity: str = "permanent",
    reason: str = "bounce",
    said: str = "550 5.1.1 User unknown",
    code: int = 550,
    **more: Any,
) -> dict[str, Any]:
    return {
        "event": "failed", "severity": severity, "reason": reason, "recipient": READER, "timestamp": NOW.timestamp() - 60.5, "id": "x",
        "delivery-status": {"code": code, "message": said}, "message": {"headers": {"message-id": f"{KEY}-0@example.com"}}, **more,
    }  # fmt: skip


def read_mg(body: bytes, now: datetime = NOW) -> Answer:
    return read_mailgun({}, body, now, signing_keys=("", "another", MAILGUN))


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def sendgrid(said: Any, *, at: datetime = NOW, body: bytes | None = None) -> tuple[dict[str, str], bytes]:
    body = json.dumps(said).encode() if body is None else body
    timestamp = str(int(at.timestamp()))
    signature = ec_key().sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
    }, body


def sg(event: str, **more: Any) -> dict[str, Any]:
    return {
        "email": READER,
        "timestamp": int(NOW.timestamp()) - 60,
        "smtp-id": f"<{KEY}-0@example.com>",
        "event": event,
        "sg_event_id": "e-1",
        **more,
    }


def read_sg(
    headers: Mapping[str, str], body: bytes, now: datetime = NOW, keys: tuple[str, ...] | None = None
) -> Answer:
    return read_sendgrid(headers, body, now, public_keys=(public(ec_key()),) if keys is None else keys)


LOGIN = {"authorization": f"Basic {base64.b64encode(b'digest:correct:horse').decode()}"}


def postmark(
    kind: str = "HardBounce", details: str = "smtp;550 5.1.1 User unknown", record: str = "Bounce", **more: Any
) -> bytes:
    said = {
        "RecordType": record,
        "ID": 42,
        "Type": kind,
        "Email": READER,
        "BouncedAt": "2026-05-27T05:28:10.2735393-04:00",
        "Details": details,
    }
    return json.dumps(said | more).encode()


def read_pm(body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    return read_postmark(LOGIN if headers is None else headers, body, NOW, username="digest", password="correct:horse")


# ---- What they say ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (bounce(), HARD),
        (bounce(subtype="OnAccountSuppressionList", status="", said=""), HARD),
        (bounce(said="smtp; 550 5.7.1 blocked"), POLICY),
        (bounce(status="5.0.0", said="smtp; 550 no"), SOFT),
        (bounce("Transient", "MailboxFull", "4.2.2", ""), FULL),
        (bounce("Transient", "ContentRejected"), POLICY),
        (bounce("Transient", "General", "", ""), DELAYED),
        (bounce("Transient", "General", "5.1.1"), SOFT),
        (bounce("Undetermined", "Undetermined", "", ""), SOFT),
        (bounce() | {"notificationType": "", "eventType": "Bounce"}, HARD),
        (complaint(), COMPLAINT),
        (complaint(""), COMPLAINT),
    ],
)  # fmt: skip
def test_ses_says_what_came_back(said: dict[str, Any], kind: ReturnKind):
    """By notification or by event publishing, with the delivery that our Message-ID names."""
    [event] = events(Sns().read(Sns().message(said)))
    assert (event.kind, event.address, event.key, event.proven) == (kind, READER, KEY, True)
    assert event.at == datetime(2026, 5, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "said", [complaint("not-spam"), complaint("abuse", 2), {"eventType": "Delivery", "delivery": {}}, {"notificationType": "AmazonSnsSubscriptionSucceeded"}, [], 7, {}]
)  # fmt: skip
def test_ses_says_much_that_is_no_bounce(said: Any):
    """Deliveries and tests are accepted and say nothing; a complaint of one of several suppresses none of them."""
    assert events(Sns().read(Sns().message(said))) == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (failed(), HARD),
        (failed(said="550 5.7.1 blocked"), POLICY),
        (failed(reason="espblock"), POLICY),
        (failed(reason="suppress-bounce", said="", code=605), HARD),
        (failed(reason="suppress-complaint", code=607), COMPLAINT),
        (failed("temporary", "generic", "452 4.2.2 mailbox full", 452), DELAYED),
        (failed(reason="old", said="Too old", code=602), SOFT),
        (failed(said="552 5.2.2 over quota"), FULL),
        ({**failed(), "event": "complained"}, COMPLAINT),
        ({**failed(), "event": "unsubscribed"}, UNSUBSCRIBE),
    ],
)
def test_mailgun_says_what_came_back(said: dict[str, Any], kind: ReturnKind):
    """With the delivery that our Message-ID names."""
    [event] = events(read_mg(mailgun(said)))
    assert (event.kind, event.address, event.key, event.proven) == (kind, READER, KEY, True)
    assert NOW - timedelta(minutes=2) < event.at < NOW


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (sg("bounce", status="5.1.1", reason="550 5.1.1 User unknown", type="bounce"), HARD),
        (sg("bounce", status="5.1.1", reason="550 5.1.1 User unknown", type="blocked"), POLICY),
        (sg("bounce", status="5.2.2", reason="552 5.2.2 over quota"), FULL),
        (sg("bounce", status="550", reason="550 no such user"), HARD),
        (sg("dropped", reason="Bounced Address"), HARD),
        (sg("dropped", reason="Spam Reporting Address"), COMPLAINT),
        (sg("dropped", reason="Recipient List over Package Quota"), POLICY),
        (sg("deferred", response="451 4.7.1 greylisted"), DELAYED),
        (sg("spamreport"), COMPLAINT),
        (sg("group_unsubscribe"), UNSUBSCRIBE),
    ],
)
def test_sendgrid_says_what_came_back(said: dict[str, Any], kind: ReturnKind):
    """Many events a call; what was delivered or opened is none."""
    [event] = events(read_sg(*sendgrid([sg("processed"), said, sg("open"), 7])))
    assert (event.kind, event.address, event.key, event.proven) == (kind, READER, KEY, True)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (postmark(), HARD),
        (postmark("HardBounce", "smtp;550 5.7.1 listed at spamhaus"), POLICY),
        (postmark("HardBounce", "smtp;552 5.2.2 mailbox full"), FULL),
        (postmark("SoftBounce", ""), SOFT),
        (postmark("Transient"), DELAYED),
        (postmark("SpamNotification"), POLICY),
        (postmark("AutoResponder"), ReturnKind.UNRELATED),
        (postmark("SpamComplaint", record="SpamComplaint"), COMPLAINT),
    ],
)
def test_postmark_says_what_came_back(body: bytes, kind: ReturnKind):
    """One event a call, with an id of its own."""
    [event] = events(read_pm(body))
    assert (event.kind, event.address, event.id, event.proven) == (kind, READER, "postmark-42", True)
    assert event.at == datetime(2026, 5, 27, 9, 28, 10, 273539, tzinfo=UTC)


def test_postmark_says_who_left():
    """A reader who unsubscribes there is told apart from an operator who clicks there; deliveries say nothing."""
    changed = {"RecordType": "SubscriptionChange", "MessageID": "m", "Recipient": READER, "SuppressSending": True, "ChangedAt": "2026-05-27T09:00:00Z",
               "SuppressionReason": "ManualSuppression", "Origin": "Recipient"}  # fmt: skip
    [event] = events(read_pm(json.dumps(changed).encode()))
    assert event.kind is UNSUBSCRIBE
    assert events(read_pm(json.dumps(changed | {"Origin": "Customer"}).encode())) == []
    assert events(read_pm(json.dumps(changed | {"SuppressSending": False}).encode())) == []
    assert events(read_pm(postmark(record="Delivery"))) == []


def test_a_call_that_is_said_again_has_the_same_events():
    """So that the store keeps each once: a provider tries again when our answer was lost."""
    sns, calls = Sns(), (postmark(), mailgun(failed()), sendgrid([sg("bounce", status="5.1.1")]))
    message = sns.message(bounce())
    assert events(sns.read(message)) == events(sns.read(message, now=NOW + timedelta(hours=2)))
    assert events(sns.read(sns.message(bounce(), MessageId="m-2")))[0].id == events(sns.read(message))[0].id
    assert events(read_pm(calls[0])) == events(read_pm(calls[0]))
    assert events(read_mg(calls[1])) == events(read_mg(calls[1], NOW + timedelta(hours=2)))
    assert events(read_sg(*calls[2])) == events(read_sg(*calls[2], NOW + timedelta(hours=2)))


# ---- Who may not say it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1", "2"])
def test_sns_is_believed_by_either_signature(version: str):
    """SHA-1 is what a topic has until its owner sets SignatureVersion to 2. A subject is signed where there is one."""
    sns = Sns()
    assert events(sns.read(sns.message(bounce(), version=version, Subject="Amazon SES")))
    assert sns.fetched == [f"{HOST}/SimpleNotificationService-ab12.pem"]
    other = "2" if version == "1" else "1"
    assert refused(sns.read(sns.message(bounce(), version=version) | {"SignatureVersion": other})) == 403


@pytest.mark.parametrize(
    "change",
    [
        {"Message": json.dumps(bounce("Permanent", "General", "5.1.1", "another"))},
        {"MessageId": "m-2"},
        {"Subject": "added"},
        {"Timestamp": (NOW - timedelta(minutes=1)).isoformat()},
        {"Type": "UnsubscribeConfirmation"},
        {"Signature": ""},
        {"Signature": "AAAA"},
        {"Signature": "§"},
        {"SignatureVersion": "3"},
        {"Type": "Hello"},
    ],
)
def test_a_changed_message_of_sns_is_refused(change: dict[str, str]):
    """Whatever of it is changed after it was signed."""
    assert refused(Sns().read(Sns().message(bounce()) | change)) == 403


@pytest.mark.parametrize(
    "address",
    [
        "http://sns.eu-central-1.amazonaws.com/a.pem",
        "https://sns.eu-central-1.amazonaws.com.evil.example/a.pem",
        "https://evil.example/sns.eu-central-1.amazonaws.com/a.pem",
        "https://sns.eu-central-1.amazonaws.com@evil.example/a.pem",
        "https://sns.eu-central-1.amazonaws.com:8443/a.pem",
        "https://sns.us-east-1.amazonaws.com/a.pem",
        "https://bucket.s3.eu-central-1.amazonaws.com/a.pem",
        "https://sns.eu-central-1.amazonaws.com/a.txt",
        "https://sns.eu-central-1.amazonaws.com/?Action=x&a=.pem",
        "https://[::1/a.pem",
        "file:///etc/passwd",
        "",
    ],
)
def test_no_certificate_is_fetched_from_another_host(address: str):
    """Not from a host that looks like it, nor over http, nor of another region than the topic's."""
    sns = Sns()
    assert refused(sns.read(sns.message(bounce(), SigningCertURL=address))) == 403
    assert sns.fetched == []


def test_another_topic_is_refused_before_anything_is_fetched():
    """Anybody may own a topic, and SNS signs for it as well."""
    sns = Sns()
    assert refused(sns.read(sns.message(bounce(), TopicArn="arn:aws:sns:eu-central-1:999999999999:mine"))) == 403
    assert refused(sns.read(sns.message(bounce()), topics=())) == 403
    assert sns.fetched == []


def test_a_certificate_that_is_over_or_weak_or_none_is_not_believed():
    """Nor is one that cannot be fetched now: SNS tries again after a 503."""
    message = Sns().message(bounce())
    for pem in (
        lambda: certificate(begin=NOW - timedelta(days=60)),
        lambda: b"",
        lambda: b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
    ):
        assert refused(Sns(pem=pem).read(message)) == 403

    def away() -> bytes:
        raise OSError("away")

    assert refused(Sns(pem=away).read(message)) == 503


def test_a_subscription_is_confirmed_at_sns_alone():
    """The address to fetch comes back to the caller, where the message is signed, of our topic, and leads to SNS."""
    sns = Sns()
    url = f"{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=abc"
    wanted = {"Type": "SubscriptionConfirmation", "Token": "abc", "SubscribeURL": url}
    answer = sns.read(sns.message("hello", **wanted))
    assert answer == Accepted(confirm=url)
    assert (
        refused(
            sns.read(
                sns.message("hello", **wanted | {"SubscribeURL": "https://evil.example/?Action=ConfirmSubscription"})
            )
        )
        == 403
    )
    assert refused(sns.read(sns.message("hello", **wanted | {"SubscribeURL": f"{HOST}/?Action=DeleteTopic"}))) == 403
    assert refused(sns.read(sns.message("hello", **wanted) | {"SubscribeURL": url + "&x"})) == 403


def test_an_old_message_is_refused():
    """However rightly it was signed: after the time in which a provider tries again, and far ahead of it."""
    for later in (timedelta(days=2), -timedelta(hours=1)):
        assert refused(Sns().read(Sns().message(bounce()), now=NOW + later)) == 403
        assert refused(read_mg(mailgun(failed()), NOW + later)) == 403
        assert refused(read_sg(*sendgrid([sg("spamreport")]), NOW + later)) == 403


def test_mailgun_is_believed_by_its_key_alone():
    """Of the account or of the one above it; a token of its own length, and no digit moved between it and the time."""
    assert refused(read_mg(mailgun(failed(), key="stranger"))) == 403
    assert refused(read_mailgun({}, mailgun(failed(), key=""), NOW, signing_keys=("",))) == 403
    assert events(read_mg(mailgun(failed(), field_name="parent-signature")))
    call = json.loads(mailgun(failed()))
    signature = call["signature"]
    moved = signature | {"timestamp": signature["timestamp"] + "1", "token": signature["token"][1:]}
    assert refused(read_mg(json.dumps(call | {"signature": moved}).encode())) == 403
    assert refused(read_mg(mailgun(failed(), token="1" + "t" * 50))) == 403


def test_what_a_stranger_makes_of_an_overheard_signature_of_mailgun_is_not_kept_twice():
    """Its HMAC is not over the event: the token is the event's id, and a second event with it is the first."""
    own, forged = read_mg(mailgun(failed())), read_mg(mailgun(failed(recipient="other@lost.example")))
    assert events(own)[0].id == events(forged)[0].id
    assert events(read_mg(mailgun(failed(), token="u" * 50)))[0].id != events(own)[0].id


def test_sendgrid_is_believed_by_its_key_alone():
    """Over the bytes as they came and the time; two keys may be in use, and one that is none says nothing."""
    headers, body = sendgrid([sg("spamreport")])
    lower = {name.lower(): value for name, value in headers.items()}
    assert events(read_sg(lower, body, keys=("no key", f" {public(ec_key())}\n")))
    assert refused(read_sg(headers, body + b" ")) == 403
    assert (
        refused(read_sg({**headers, "X-Twilio-Email-Event-Webhook-Timestamp": str(int(NOW.timestamp()) + 1)}, body))
        == 403
    )
    assert refused(read_sg({}, body)) == 403
    assert refused(read_sg(headers, body, keys=())) == 403
    assert refused(read_sg(headers, body, keys=(public(ec.generate_private_key(ec.SECP256R1())),))) == 403
    assert refused(read_sg(headers, body, keys=(public(rsa_key()), "AAAA"))) == 403
    assert events(read_sg(headers, body, keys=(public(rsa_key()), "AAAA", public(ec_key()))))


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic §", "Basic AAAA", "Bearer x", f"Basic {base64.b64encode(b'digest:').decode()}", f"Basic {base64.b64encode(b'digest:correct:horse2').decode()}"],
)  # fmt: skip
def test_postmark_is_believed_by_its_password_alone(header: str):
    """Compared as a whole; where none is set nobody is let in."""
    assert refused(read_pm(postmark(), {"Authorization": header})) == 401
    assert refused(read_postmark(LOGIN, postmark(), NOW, username="digest", password="")) == 401
    nobody = {"authorization": f"Basic {base64.b64encode(b':').decode()}"}
    assert refused(read_postmark(nobody, postmark(), NOW, username="", password="")) == 401


BAD_BODIES = {
    "nothing": b"", "half a call": b'{"Type": "Noti', "no JSON": b"\xff\xfe", "too large": b"[" + b" " * MOST_BYTES + b"]",
    "lists in each other": b"[" * 200_000, "a number without an end": b"9" * 100_000, "half a letter": b'{"signature": {"token": "\\ud800", "signature": "\\ud800"}}',
}  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_body_that_is_none_is_refused(body: bytes):
    """Cut off, too large, or made to end a parser: a 4xx, and nothing else happens."""
    assert refused(Sns().read(body)) in (400, 403, 413)
    assert refused(read_mg(body)) in (400, 403, 413)
    assert refused(read_sg({}, body)) in (403, 413)
    signed = read_sg(*sendgrid(None, body=body))
    assert isinstance(signed, Accepted) or signed.status in (400, 413)
    answer = read_pm(body)
    assert isinstance(answer, Accepted) or answer.status in (400, 413)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(("event", "bounce", "bouncedRecipients", "delivery-status", "RecordType", "Type", "ID", "headers", "message", "eventType", "timestamp", "email", "sg_event_id", "x")), inner, max_size=5
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=FEW)
@given(values, st.sampled_from(("bounce", "dropped", "failed", "Bounce", "complaint")))
def test_a_signed_call_may_say_anything(value: Any, what: str):
    """Providers add and change fields without notice: whatever the types, no exception, and ids that can be kept."""
    said = value if not isinstance(value, dict) else value | {"event": what, "eventType": what, "RecordType": "Bounce"}
    for answer in (
        Sns().read(Sns().message(said)),
        read_mg(mailgun(said)),
        read_sg(*sendgrid([said, value])),
        read_pm(json.dumps(said).encode()),
    ):
        for one in events(answer):
            assert one.id
            assert len(one.id) <= 200
            assert one.at <= NOW


def test_without_the_extra_a_signature_is_refused_for_now(monkeypatch: pytest.MonkeyPatch):
    """With what to install; the provider tries again meanwhile. Those that need no package work."""
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *args, **options)

    message, signed = Sns().message(bounce()), sendgrid([sg("spamreport")])
    keys = (public(ec_key()),)
    monkeypatch.setattr(builtins, "__import__", without)
    for answer in (Sns(pem=lambda: b"x").read(message), read_sg(*signed, keys=keys)):
        assert refused(answer) == 503
        assert isinstance(answer, Refusal)
        assert "pip install 'digestbot[bounces]'" in answer.reason
    assert events(read_mg(mailgun(failed())))
