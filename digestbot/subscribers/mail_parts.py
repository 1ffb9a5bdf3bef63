"""The parts of a mail from anybody, within limits: so many bytes and parts, and no more.

Not the standard library's parser, which is made for mails that mean well: 900 multiparts in each other, a line each, take
it minutes (every line is compared with every open boundary), and a thousand end its stack.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

from ..ports import MOST_MAIL_BYTES

MAX_BYTES: Final = (
    1_000_000  # of a mail: what a report says stands at its beginning, and the mail it returns at its end
)
_MAX_HEAD: Final = 64_000
_MAX_FIELDS: Final = 400
_MAX_VALUE: Final = 4_000  # characters of a header field
_MAX_PARTS: Final = 40  # of a mail, and so levels
_MAX_TEXT: Final = 64_000  # bytes of a part that are decoded
_PARAMETER: Final = re.compile(r';\s*([a-z0-9_*-]{1,40})\s*=\s*("[^"]{0,200}"|[^;\s"]{0,200})', re.IGNORECASE)
# Of Python's codecs those for text: "idna" and "punycode" take time that grows with the square.
_CHARSETS: Final = re.compile(r"(?:us-)?ascii|(?:utf|iso|cp|windows|koi8|gb|big5|euc|shift|latin|mac|hz|tis)[\w-]*")
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_ENCLOSED: Final = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})


@dataclass(frozen=True, slots=True)
class Part:
    """A mail, or a part of one: its header fields and its bytes."""

    fields: tuple[tuple[str, str], ...]  # names in lower case, values on one line
    body: bytes
    quoted: bool = False  # it is, or lies in, a mail that was enclosed

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for known, value in self.fields if known == name)

    def get(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    @property
    def kind(self) -> str:
        """`text/plain`, as it calls itself."""
        return self.get("content-type").partition(";")[0].strip().lower() or "text/plain"

    def parameter(self, name: str) -> str:
        """Of its Content-Type."""
        found = (match for match in _PARAMETER.finditer(self.get("content-type")) if match[1].lower() == name)
        return next((match[2].strip('"') for match in found), "")

    @property
    def text(self) -> str:
        """What a person would read of it, as far as its encodings tell; HTML without its tags."""
        charset = self.parameter("charset").lower()
        text = _decoded(self.raw(), charset if _CHARSETS.fullmatch(charset) else "utf-8")
        return _TAG.sub(" ", text) if self.kind == "text/html" else text

    def raw(self) -> bytes:
        """Its beginning, without its transfer encoding."""
        raw, how = self.body[:_MAX_TEXT], self.get("content-transfer-encoding").strip().lower()
        try:
            if how == "base64":
                return binascii.a2b_base64(raw[: len(raw) // 4 * 4])
            return binascii.a2b_qp(raw) if how == "quoted-printable" else raw
        except binascii.Error:
            return raw


def subject_of(part: Part) -> str:
    """Its subject in plain letters."""
    raw = part.get("subject")[:1000]
    try:
        return str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, ValueError):
        return raw


def read_parts(data: bytes) -> tuple[Part, ...]:
    """The mail itself, then its parts in their order, those of enclosed mails too."""
    data = data[:MOST_MAIL_BYTES].replace(b"\r\n", b"\n")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    if data.startswith((b"From ", b">From ")):  # the separator of an mbox
        data = data.partition(b"\n")[2]
    return tuple(_walk(_part(data), [_MAX_PARTS]))


def groups_of(part: Part) -> tuple[Part, ...]:
    """The groups of fields in a report such as message/delivery-status (RFC 3464 section 2.1), blank lines between them."""
    text = part.raw().replace(b"\r\n", b"\n")
    blocks = re.split(rb"\n[ \t]*\n", text.strip(b"\n"), maxsplit=_MAX_PARTS)[:_MAX_PARTS]
    return tuple(_part(block.lstrip(b"\n") + b"\n\n") for block in blocks if block.strip())


def _walk(part: Part, left: list[int]) -> Iterator[Part]:
    left[0] -= 1
    if left[0] < 0:
        return
    yield part
    if part.kind in _ENCLOSED:
        yield from _walk(_part(part.raw() if part.get("content-transfer-encoding") else part.body, quoted=True), left)
    elif part.kind.startswith("multipart/"):
        for body in _split(part, left[0]):
            yield from _walk(_part(body, quoted=part.quoted), left)


def _split(part: Part, most: int) -> Iterator[bytes]:
    """The bodies between the boundaries; nothing where the boundary that was promised never comes."""
    boundary = part.parameter("boundary").encode("utf-8", "surrogateescape")
    if not boundary:
        return
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$", re.MULTILINE)
    begin = None
    for match in line.finditer(part.body):
        if begin is not None:
            yield part.body[begin : match.start()]
            most -= 1
        begin = None if match[1] else match.end() + 1
        if begin is None or most <= 0:
            return
    if begin is not None:
        yield part.body[begin:]


def _part(data: bytes, *, quoted: bool = False) -> Part:
    head, _, body = data.partition(b"\n\n") if not data.startswith(b"\n") else (b"", b"", data[1:])
    fields: list[list[str]] = []
    for line in head[:_MAX_HEAD].split(b"\n"):
        text = _decoded(line, "utf-8")
        if text[:1] in (" ", "\t") and fields:
            if len(fields[-1][1]) < _MAX_VALUE:
                fields[-1][1] += " " + text.strip()
        elif len(fields) >= _MAX_FIELDS:
            break
        elif (name := text.partition(":")[0]) != text:
            fields.append([name.strip().lower()[:100], text[len(name) + 1 :].strip()])
    return Part(tuple((name, value[:_MAX_VALUE]) for name, value in fields), body, quoted)


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(codecs.lookup(charset).name)
    except (LookupError, ValueError):  # no such charset, or not written in it
        return raw.decode("latin-1")
