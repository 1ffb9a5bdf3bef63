"""The small languages of single values: durations, times of day, weekdays, lists, recipients, switches."""

from __future__ import annotations

import ipaddress
import re
from datetime import time, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale, UnknownLocaleError
from pydantic_core import PydanticCustomError

from ..errors import ConfigError
from ..model import Recipient
from ..text.suggestions import closest_match
from ..topics import DatedTerm, parse_dated

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOCAL = "local"
WEBHOOK_SETTING = "DIGESTBOT_WEBHOOKS__NAME"

_DURATION = re.compile(r"(\d+)\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_CHANNELS = ("slack", "webhook", "mailto", "file")
_WEBHOOK = re.compile(r"https?:|//|/services/", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)*")


def wrong(reason: str, fix: str, *, setting: str = "") -> PydanticCustomError:
    """An error of a value: what is wrong with it, and what to write instead; of a group, the setting it lies in."""
    return PydanticCustomError("digestbot", "{reason}", {"reason": reason, "fix": fix, "setting": setting})


def split_list(text: str) -> tuple[str, ...]:
    """Comma-separated values, blank ones left out."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def parse_duration(text: str) -> timedelta:
    """`90s`, `30m`, `24h`, `3d`, `1w`."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None:
        raise wrong(f"{text!r} is not a length of time", "write a whole number and a unit, as in 24h, 3d or 1w")
    seconds = int(match[1]) * _SECONDS[match[2]]
    if not 0 < seconds <= 366 * 86400:
        raise wrong(f"{text!r} is out of range", "between 1s and 52w")
    return timedelta(seconds=seconds)


def parse_time(text: str) -> time:
    """`HH:MM`, on the 24-hour clock."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if match is None:
        raise wrong(f"{text!r} is not a time of day", "write HH:MM on the 24-hour clock, as in 07:30")
    return time(int(match[1]), int(match[2]))


def parse_days(text: str) -> frozenset[int]:
    """`mon-fri`, `sat, sun`, `daily`; names only, because numbers mean different days to different people."""
    days: set[int] = set()
    for part in split_list(text.lower()):
        if part in ("daily", "every day"):
            return frozenset(range(7))
        first, _, last = (name.strip() for name in part.partition("-"))
        start, end = _weekday(first), _weekday(last or first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    if not days:
        raise wrong("names no day", "write mon-fri, or mon, wed, fri, or daily")
    return frozenset(days)


def _weekday(name: str) -> int:
    for number, weekday in enumerate(WEEKDAYS):
        if len(name) >= 3 and weekday.startswith(name):
            return number
    guess = closest_match(name, WEEKDAYS)
    raise wrong(f"{name!r} is not a weekday", f"did you mean {guess}?" if guess else "write names: mon-fri, sat")


def parse_timezone(text: str) -> str:
    """An IANA name such as `Asia/Hong_Kong`, or `local` for the machine's own."""
    name = text.strip()
    if name.lower() == LOCAL:
        return LOCAL
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        guess = closest_match(name, available_timezones())
        fix = f"did you mean {guess}?" if guess else "write an IANA name such as Europe/Berlin"
        raise wrong(f"{name!r} is not a time zone", fix) from None
    return name


def parse_weight(text: str) -> float:
    """`0.5`, `2`: how much something counts, from 0 (not at all) to 10; 1 is usual."""
    if not re.fullmatch(r"\d{1,2}(\.\d{1,3})?", text.strip()) or float(text) > 10:
        raise wrong(f"{text.strip()!r} is not a weight", "write a number from 0 to 10, as in 0.5 or 2; 1 is usual")
    return float(text)


def parse_weights(text: str) -> tuple[tuple[str, float], ...]:
    """`ledger^2, gossip^0.5`: names with the weights they are given."""
    weights: dict[str, float] = {}
    for part in split_list(text.lower()):
        name, sign, weight = (piece.strip() for piece in part.partition("^"))
        if not (name and sign):
            raise wrong(f"{part!r} is not a name with a weight", "write it as in ledger^2, gossip^0.5")
        weights[name] = parse_weight(weight)
    return tuple(weights.items())


def parse_language(text: str) -> str:
    """A language tag such as `en`, `de` or `zh`."""
    tag = text.strip().replace("_", "-")
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        names = {name.casefold(): code for code, name in Locale("en").languages.items()}
        code = names.get(tag.casefold()) or names.get(closest_match(tag, names))
        fix = f"did you mean {code}?" if code else "write a tag such as en, de or zh"
        raise wrong(f"{tag!r} is not a language", fix) from None
    return tag


def parse_dated_terms(text: str) -> tuple[DatedTerm, ...]:
    """`World Cup until 2026-07-20, "Love Island"`."""
    try:
        return parse_dated("terms", text)
    except ConfigError as error:
        raise wrong(error.reason, error.fix) from None


def parse_port(text: str) -> int:
    """A TCP port."""
    if not re.fullmatch(r"\d{1,5}", text.strip()) or not 0 < int(text) < 65536:
        raise wrong(f"{text.strip()!r} is not a port", "write 587, 465 or 25, or leave it out")
    return int(text)


def parse_sender(text: str) -> str:
    """`name@example.com`, or `Morning digest <name@example.com>`."""
    if not _ADDRESS.fullmatch(parseaddr(text)[1]):
        fix = "write name@example.com, or Morning digest <name@example.com>"
        raise wrong(f"{text.strip()!r} is not a sender", fix)
    return text.strip()


def parse_networks(text: str) -> tuple[str, ...]:
    """`192.168.0.0/16, fd00::/8`."""
    networks = split_list(text)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise wrong(f"{network!r} is not a network", "write one as in 192.168.0.0/16") from None
    return networks


def check_webhook(text: str) -> None:
    """An address that may be posted to: https, or http on this machine. It is a secret, so no error repeats it."""
    fix = "write it as Slack shows it: https://hooks.slack.com/services/..."
    try:
        address = urlsplit(text)
        host, _ = address.hostname or "", address.port
    except ValueError:
        raise wrong("is not a web address", fix) from None
    if address.scheme not in ("http", "https") or not host or not re.fullmatch(r"[!-~]+", text):
        raise wrong("is not a web address", fix)
    if address.scheme == "http" and not _is_here(host):
        fix = "write it with https://; http:// is for a server on this machine"
        raise wrong("would be sent in the clear, and it is a secret", fix)
    if address.username is not None or address.path in ("", "/"):
        raise wrong("is not the address of a webhook", fix)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_recipient(text: str) -> Recipient:
    """`slack:#chips`, `slack:C0123456789`, `webhook:desk`, `mailto:desk@example.com`, `file:./out`."""
    text = text.strip()
    channel, colon, address = (part.strip() for part in text.partition(":"))
    channel = channel.lower()
    if channel not in ("mailto", "file") and _WEBHOOK.search(text):  # not repeated: it may be one, and so a secret
        fix = f"a webhook's address stands in {WEBHOOK_SETTING}=https://..., and here as webhook:name"
        raise wrong("is a web address, not a recipient", fix)
    if not colon or channel not in _CHANNELS:
        fix = "write slack:#channel, webhook:name, mailto:name@example.com or file:folder"
        if _ADDRESS.fullmatch(text):
            fix = f"write mailto:{text}"
        elif text.startswith("#"):
            fix = f"write slack:{text}"
        elif guess := closest_match(channel, _CHANNELS):
            fix = f"did you mean {guess}:?"
        raise wrong(f"{text!r} is not a recipient", fix)
    return Recipient(channel=channel, address=_checked(channel, address))


def _checked(channel: str, address: str) -> str:
    """The address as it is kept, once it is one of its channel's."""
    if channel == "mailto":
        if not _ADDRESS.fullmatch(address):
            raise wrong(f"{address!r} is not an email address", "write mailto:name@example.com")
        local, _, domain = address.rpartition("@")
        return f"{local}@{domain.lower()}"
    if channel == "slack" and not re.fullmatch(r"#?[^\s#,:]+", address):
        raise wrong(f"{address!r} is not a Slack channel", "write slack:#channel or slack:C0123456789")
    if channel == "webhook":
        if not re.fullmatch(r"\w+", address):
            fix = f"write webhook:name, as it stands in {WEBHOOK_SETTING}"
            raise wrong(f"{address!r} is not the name of a webhook", fix)
        return address.lower()
    if channel == "file" and not address:
        raise wrong("names no folder", "write file:./out")
    return address
