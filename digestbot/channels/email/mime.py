"""A digest as an Internet message (RFC 5322): every byte fixed before it is sent the first time.

The header lines are written here and the body by the standard library, because `EmailMessage` turns a long
List-Unsubscribe or List-Id into encoded words (RFC 2047), which no mail program follows.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.header import Header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime, formataddr, parsedate_to_datetime
from email.utils import quote as escape
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import idna

from ...errors import PermanentFailure
from ...model import ReaderWords
from ...text.sanitise import one_line, shorten

_SUBJECT = 200  # characters; mail programs show 40 to 80
_LOCAL = re.compile(r"[^\s\x00-\x1f\x7f\"<>(),:;@\[\]\\]{1,64}")
_OUR_HEAD = re.compile(rb"^From: .*?(?=^(?:Content-Type|MIME-Version): )", re.MULTILINE | re.DOTALL)
_NO_WORDS = ReaderWords()
_MARK = re.compile(rb"[0-9a-f]{64}")
_SHORTENED = "Shortened: the mail server refused the whole message as too large."
_SIGNED = (
    *(b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type", b"Auto-Submitted"),
    # RFC 8058 section 3.1: a signature must cover both List-Unsubscribe fields.
    *(b"List-Id", b"List-Unsubscribe", b"List-Unsubscribe-Post", b"Reply-To", b"Feedback-ID"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dkim:
    """What a signature (RFC 6376) is made with; needs the package dkimpy."""

    selector: str
    domain: str
    key: str = field(repr=False)  # PEM


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with the name that may stand before it."""

    name: str
    local: str
    domain: str  # in ASCII, lower case

    @property
    def address(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def header(self) -> str:
        """As From has it; a name that is not ASCII in encoded words (RFC 2047)."""
        if not self.name:
            return self.address
        if self.name.isascii():
            return (
                formataddr((self.name, self.address))
                if self.local.isascii()
                else f'"{escape(self.name)}" <{self.address}>'
            )
        return f"{Header(self.name, 'utf-8', header_name='From').encode(linesep=policy.SMTP.linesep)} <{self.address}>"


@lru_cache(maxsize=16)
def mailbox(text: str) -> Mailbox:
    """Read `name@example.com` or `Morning digest <name@example.com>`; raises PermanentFailure for anything else.

    Quoted local parts, comments and groups are refused: nobody has such an address, and they have carried commands
    past parsers. The domain becomes ASCII (IDNA 2008, UTS 46) and lower case; the part before the @ stays as it is.
    """
    name, bracket, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">") if bracket else rest
    local, at, domain = address.strip().rpartition("@")
    if not at or (bracket and not rest.endswith(">")) or not _LOCAL.fullmatch(local):
        raise PermanentFailure("is not a mail address: write name@example.com")
    try:
        ascii_domain = _ascii(domain)
    except (idna.IDNAError, UnicodeError):
        raise PermanentFailure("has no valid domain after its @") from None
    return Mailbox(one_line(name).strip().strip('"'), local, ascii_domain)


@lru_cache(maxsize=256)
def _ascii(domain: str) -> str:
    return idna.encode(domain, uts46=True, std3_rules=True).decode().lower()


def write(
    *,
    sender: Mailbox,
    subject: str,
    text: str,
    html: str,
    list_name: str,
    unsubscribe: Mailbox | None,
    now: datetime,
    reply_to: Mailbox | None = None,
    site: str = "",
    feedback: str = "",
    token_place: str = "",
    words_key: str = "",
) -> bytes:
    """The message with CRLF line ends and no line over 998 bytes; 7-bit unless an address is not ASCII.

    It goes to many: its first line is a mark, which stands in it wherever `fill` writes what is one reader's alone.

    Args:
        sender: From; its domain names the list too.
        subject: one line of plain text.
        text: the part for programs without HTML, and for people who prefer it.
        html: the same as a page; empty for a message of text alone.
        list_name: the digest, for List-Id (RFC 2919).
        unsubscribe: who is written to by the mail program's own unsubscribe button (RFC 2369).
        now: Date.
        reply_to: whom an answer goes to, where that is not the sender.
        site: where readers reach the site, which takes them off the list by one click (RFC 8058); empty where there is none.
        feedback: what a provider counts complaints by (Feedback-ID).
        token_place: the word in both parts that stands for the token of one reader; empty where there is none.
        words_key: the name of the key that one reader's own words are to be made with.
    """
    # Nobody who is quoted in the message can have known it: it follows from the whole.
    whole = f"{subject}\0{text}\0{html}\0{now.isoformat()}"
    mark = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
    headers = {
        "From": sender.header,
        "To": f"{mark}-to",
        "Subject": _subject(subject),
        "Date": format_datetime(now),
        "Message-ID": f"<{mark}-key@{sender.domain}>",
        "List-Id": f"<{_label(list_name)}.{sender.domain}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: keeps vacation notices away
        "Precedence": "bulk",
    }
    if reply_to:
        headers["Reply-To"] = reply_to.header
    if unsubscribe:
        about = quote(f"unsubscribe {list_name}")
        headers["List-Unsubscribe"] = f"<mailto:{mark}-unsubscribe?subject={about}>"
    if site:
        link = f"<{site}/u/{quote(list_name)}/{mark}-token>"
        headers["List-Unsubscribe"] = ", ".join(filter(None, (link, headers.get("List-Unsubscribe"))))
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if feedback:
        headers["Feedback-ID"] = f"{feedback}:digestbot"
    first = f"{mark} {_in_link(unsubscribe) if unsubscribe else ''}{f' {words_key}' if words_key else ''}\r\n"
    body = _body(text, html, boundary=f"=_{mark[:32]}", in_lines=bool(token_place))
    if token_place:
        body = _with_token_mark(body, token_place, f"{mark}-token")
    return first.encode() + _header_lines(headers) + body


def fill(body: bytes, *, to: Mailbox, key: str, words: ReaderWords = _NO_WORDS) -> bytes:
    """One reader's message: what `write` made, with their address, the delivery's key, by which copies are told apart, and
    the words by which they leave.

    A message without a mark lacks nothing. The key that it was made for is used as long as it is accepted: after the key was
    changed a second copy is the same to the byte.
    """
    unsubscribe, made_for, pieces = _pieces(body)
    if len(pieces) == 1:
        return body
    if made_for not in ("", words.key):
        words = words.with_key(made_for) or words
    leave = _in_link(mailbox(words.unsubscribe)).encode() if words.unsubscribe else unsubscribe
    own = {b"to": to.address.encode(), b"key": key.encode(), b"unsubscribe": leave, b"token": words.token.encode()}
    filled = list(pieces)
    filled[1::2] = [own[place] for place in pieces[1::2]]
    return b"".join(filled)


@lru_cache(maxsize=16)
def _pieces(body: bytes) -> tuple[bytes, str, tuple[bytes, ...]]:
    """Who is written to by those who leave; the name of the key for their words; and what stands between the places of a body and, every second one, which place.

    Found once for all who are sent it. Below the header lines there is none but the token's.
    """
    first, _, message = body.partition(b"\r\n")
    mark, _, rest = first.partition(b" ")
    if not _MARK.fullmatch(mark):
        return b"", "", (body,)
    unsubscribe, _, words_key = rest.partition(b" ")
    head, gap, rest = message.partition(b"\r\n\r\n")
    above = re.split(mark + b"-(token|to|key|unsubscribe)", head)
    below = re.split(mark + b"-(token)", rest)
    return unsubscribe, words_key.decode(), (*above[:-1], above[-1] + gap + below[0], *below[1:])


def _in_link(to: Mailbox) -> str:
    return f"{quote(to.local)}@{to.domain}"


def shortened(message: bytes) -> bytes:
    """A message of ours with its text part alone, under the same header lines; made from nothing but its bytes.

    A signature is left out: it was for the whole.
    """
    parsed = message_from_bytes(message, policy=policy.SMTP)
    head, text = _OUR_HEAD.search(message), parsed.get_body(("plain",))
    if head is None or text is None:
        return message
    body = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    body.set_content(f"{text.get_content().rstrip()}\n\n{_SHORTENED}\n")
    return head[0] + body.as_bytes()


def sign(message: bytes, dkim: Dkim) -> bytes:
    """The message with a DKIM-Signature before it, dated as the message is: every attempt sends the same bytes.

    One that has a signature, kept by an earlier release, keeps it.
    """
    if message.startswith(b"DKIM-Signature:"):
        return message
    try:
        dkimpy = importlib.import_module("dkim")
    except ImportError:
        raise PermanentFailure("DKIM needs one more package: pip install 'digestbot[dkim]'", account=True) from None
    there = {line.partition(b":")[0].lower() for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n")}
    try:
        signature: bytes = _dated(dkimpy, message)(message).sign(
            dkim.selector.encode(),
            dkim.domain.encode(),
            dkim.key.encode(),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name for name in _SIGNED if name.lower() in there],
        )
    except (dkimpy.DKIMException, ValueError):
        # Without its cause: that may repeat parts of the key.
        raise PermanentFailure(
            "the DKIM key is not an RSA private key in PEM: check DKIM_KEY_FILE", account=True
        ) from None
    return signature + message


def _dated(dkimpy: Any, message: bytes) -> Any:
    """dkimpy's signer, with the message's own Date for t= (RFC 6376 section 3.5) in place of the moment of signing."""
    date = BytesHeaderParser(policy=policy.compat32).parsebytes(message)["Date"]
    moment = str(int(parsedate_to_datetime(date).timestamp())).encode() if date else None

    class Dated(dkimpy.DKIM):  # type: ignore[misc]
        def gen_header(self, fields: list[tuple[bytes, bytes]], *rest: Any, **named: Any) -> Any:
            dated = [(name, moment if name == b"t" and moment else value) for name, value in fields]
            return super().gen_header(dated, *rest, **named)

    return Dated


def _header_lines(headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return lines.encode()


def _subject(subject: str) -> str:
    text = shorten(one_line(subject), _SUBJECT)
    charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
    return Header(text, charset, header_name="Subject").encode(linesep=policy.SMTP.linesep)


def _with_token_mark(body: bytes, place: str, mark: str) -> bytes:
    """The body with the mark on a line of its own, wherever the place stands: there a token of any length fits.

    Quoted-printable breaks long lines with an equals sign at their end (RFC 2045 section 6.7), in the middle of a word, too.
    """
    broken = rb"(?:=\r\n)?".join(re.escape(letter.encode()) for letter in place)
    return re.sub(broken, f"=\r\n{mark}=\r\n".encode(), body)


def _body(text: str, html: str, *, boundary: str, in_lines: bool = False) -> bytes:
    """multipart/alternative, plainest first (RFC 2046 section 5.1.4), beginning with its own MIME headers.

    Args:
        text: the plain part.
        html: the page; empty for text alone.
        boundary: what stands between the two.
        in_lines: whether the words must show in the bytes, as in quoted-printable; base64 is shorter for Chinese.
    """
    how: dict[str, Any] = {"cte": "quoted-printable"} if in_lines else {}
    body = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    body.set_content(text, **how)
    if html:
        body.add_alternative(html, subtype="html", **how)
        body.set_boundary(boundary)
    return body.as_bytes()


def _label(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:63] or "digest"
