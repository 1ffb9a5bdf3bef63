"""The small languages of single values: times of day, weekdays, weights, networks, languages."""

from __future__ import annotations

import ipaddress
import re
from datetime import time

from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from ..errors import ConfigError
from ..model import Kind
from ..text.setting_values import nth, split_list, wrong
from ..text.suggestions import closest_match
from ..topics import DatedTerm, parse_dated
from .zone_names import zone_named

# RFC 9110 section 5.1 and 5.5: a name is a token, a value is printable.
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)")
_OURS = frozenset(
    [
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "accept-encoding",
        "if-none-match",
        "if-modified-since",
    ]
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOCAL = "local"
_MOST_TIMES = 24  # of AT
_FIX_TIME = "write HH:MM on the 24-hour clock, as in 07:30"
_NAMED_TIMES = {"noon": "write 12:00", "midday": "write 12:00", "midnight": "write 00:00"}
_TIME = re.compile(
    r"(?:(?P<hour>\d\d)(?P<minute>\d\d)|(?P<hours>\d{1,2})(?:h|[:.h](?P<minutes>\d\d)(?::00)?)?\s*(?P<half>[ap]\.?m\.?)?)"
)
_SPANS = {
    "daily": "mon-sun",
    "every day": "mon-sun",
    "weekdays": "mon-fri",
    "workdays": "mon-fri",
    "weekends": "sat-sun",
}


def parse_time(text: str) -> time:
    """`HH:MM` on the 24-hour clock; `7.30`, `0730`, `19h`, `7am` and `7:30 pm` mean one time only, too."""
    word = text.strip().lower()
    match = _TIME.fullmatch(word)
    if match is None:
        raise wrong("is not a time of day", _NAMED_TIMES.get(word, _FIX_TIME))
    hour, minute = int(match["hour"] or match["hours"]), int(match["minute"] or match["minutes"] or 0)
    half = (match["half"] or "")[:1]
    if hour == 24 and not (minute or half):
        raise wrong("is the end of a day", "write 00:00 for the midnight that a day begins with, or 23:59")
    if minute > 59 or (not 1 <= hour <= 12 if half else hour > 23):
        afternoon = half == "p" and 12 < hour < 24 and minute < 60
        raise wrong("is not a time of day", f"write {hour:02}:{minute:02}" if afternoon else _FIX_TIME)
    if word.isdigit() and len(word) < 4:
        raise wrong(
            "does not say which half of the day",
            f"write {hour:02}:00 or {hour + 12:02}:00" if hour < 12 else f"write {hour:02}:00",
        )
    return time(hour % 12 + 12 * (half == "p") if half else hour, minute)


def parse_times(text: str) -> tuple[time, ...]:
    """`07:30`, or several a day, `07:30, 18:00`: in order, each once."""
    parts = [part for part in re.split(r"[,;]|\band\b|(?<=[\dm.])\s+(?=\d)", text.strip()) if part.strip()]
    times: set[time] = set()
    for number, part in enumerate(parts, start=1):
        try:
            times.add(parse_time(part))
        except PydanticCustomError as error:
            told = error.context or {}
            raise wrong(f"{nth(number, len(parts))}{told.get('reason')}", str(told.get("fix", ""))) from None
    if not times:
        raise wrong("names no time of day", "write HH:MM on the 24-hour clock, as in 07:30, or several: 07:30, 18:00")
    if len(times) > _MOST_TIMES:
        raise wrong(f"names more than {_MOST_TIMES} times a day", "write fewer")
    return tuple(sorted(times))


def parse_days(text: str) -> frozenset[int]:
    """`mon-fri`, `sat, sun`, `daily`; names only, because numbers mean different days to different people."""
    days: set[int] = set()
    parts = split_list(text.lower())
    for number, part in enumerate(parts, start=1):
        span = re.sub(r"\s+(?:to|until)\s+|[\u2010-\u2015]", "-", _SPANS.get(part, part))
        first, _, last = (name.strip() for name in span.partition("-"))
        # Modulo a week, because `fri-mon` runs over the weekend.
        which = nth(number, len(parts))
        start, end = _weekday(first, which), _weekday(last or first, which)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    if not days:
        raise wrong("names no day", "write mon-fri, or mon, wed, fri, or daily")
    return frozenset(days)


def _weekday(name: str, which: str) -> int:
    for number, weekday in enumerate(WEEKDAYS):
        if len(name) >= 3 and weekday.startswith(name):
            return number
    guess = closest_match(name, WEEKDAYS)
    raise wrong(f"{which}is not a weekday", f"did you mean {guess}?" if guess else "write names: mon-fri, sat")


def parse_timezone(text: str) -> str:
    """An IANA name such as `Asia/Hong_Kong`, or `local` for the machine's own; in any spelling that means one zone only."""
    name = text.strip()
    return LOCAL if name.lower() == LOCAL else zone_named(name)


def parse_weight(text: str) -> float:
    """`0.5`, `2`: how much something counts, from 0 (not at all) to 10; 1 is usual."""
    if not re.fullmatch(r"(?:\d{1,2}(?:\.\d{0,15})?|\.\d{1,15})", text.strip()) or float(text) > 10:
        raise wrong("is not a weight", "write a number from 0 to 10, as in 0.5 or 2; 1 is usual")
    return float(text)


def parse_weights(text: str) -> tuple[tuple[str, float], ...]:
    """`ledger^2, gossip^0.5`: names with the weights they are given."""
    weights: dict[str, float] = {}
    parts = split_list(text.lower())
    for number, part in enumerate(parts, start=1):
        name, sign, weight = (piece.strip() for piece in part.partition("^"))
        if not (name and sign):
            raise wrong(f"{nth(number, len(parts))}is not a name with a weight", "write it as in ledger^2, gossip^0.5")
        weights[name] = parse_weight(weight)
    return tuple(weights.items())


def parse_language(text: str) -> str:
    """A language tag such as `en`, `de` or `zh-hant`."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 -- few configurations name a language

    tag = text.strip().replace("_", "-")
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        names = {name.casefold(): code for code, name in Locale("en").languages.items()}
        code = names.get(tag.casefold()) or names.get(closest_match(tag, names))
        fix = f"did you mean {code}?" if code else "write a tag such as en, de or zh-hant"
        raise wrong("is not a language", fix) from None
    return tag


def parse_count(text: str) -> int:
    """A whole number from 1 on."""
    if not re.fullmatch(r"\d{1,6}", text.strip()) or int(text) < 1:
        raise wrong("is not a number of items", "write a whole number from 1 on, or leave it out")
    return int(text)


def check_terms(text: str) -> str:
    """Terms as in a digest's MUTE, kept as they are written: they travel with their feed."""
    parse_dated_terms(text)
    return text.strip()


def check_headers(text: SecretStr) -> SecretStr:
    """`Authorization: Bearer x | Cookie: a=b`, or one a line in a file; no error repeats any of it."""
    headers_of(text)
    return text


def headers_of(text: SecretStr) -> tuple[tuple[str, str], ...]:
    """The headers that such a text holds, by name and value."""
    made: list[tuple[str, str]] = []
    lines = [part for part in re.split(r"\s+\|\s+|[\r\n]+", text.get_secret_value()) if part.strip()]
    for number, line in enumerate(lines, start=1):
        match = _HEADER.fullmatch(line.strip())
        which = nth(number, len(lines))
        if match is None:
            raise wrong(
                f"{which}is not a header", "write it as in Authorization: Bearer ..., several with | between them"
            )
        if match[1].lower() in _OURS:
            raise wrong(f"{which}is a header that digestbot sets itself", "leave it out")
        made.append((match[1], match[2]))
    return tuple(made)


def parse_dated_terms(text: str) -> tuple[DatedTerm, ...]:
    """`World Cup until 2026-07-20, "Love Island"`."""
    try:
        return parse_dated("terms", text)
    except ConfigError as error:
        # Without the parser's key: pydantic knows which digest's MUTE or PIN is being read.
        raise wrong(error.reason, error.fix) from None


def parse_networks(text: str) -> tuple[str, ...]:
    """`192.168.0.0/16, fd00::/8`."""
    networks = split_list(text)
    for number, network in enumerate(networks, start=1):
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise wrong(f"{nth(number, len(networks))}is not a network", "write one as in 192.168.0.0/16") from None
    return networks


def parse_kinds(text: str) -> tuple[Kind, ...]:
    """`news, opinion, market data`: which kinds of items are told."""
    kinds: list[Kind] = []
    parts = split_list(text.lower())
    names = [str(kind) for kind in Kind]
    for number, part in enumerate(parts, start=1):
        name = " ".join(part.replace("_", " ").replace("-", " ").split())
        if name not in names:
            guess = closest_match(name, names)
            fix = f"did you mean {guess}?" if guess else f"known: {', '.join(names)}"
            raise wrong(f"{nth(number, len(parts))}is not a kind of item", fix)
        kinds.append(Kind(name))
    if not kinds:
        raise wrong("names no kind", f"known: {', '.join(names)}")
    return tuple(dict.fromkeys(kinds))


def parse_domains(text: str) -> tuple[str, ...]:
    """`bbc.co.uk, bbc.com`: hosts without their scheme and path."""
    domains = tuple(part.rstrip(".") for part in split_list(text.lower()))
    for number, domain in enumerate(domains, start=1):
        if not re.fullmatch(r"(?:[\w-]{1,63}\.)+[^\W\d][\w-]{1,62}", domain):
            raise wrong(
                f"{nth(number, len(domains))}is not a domain", "write it without https:// and path, as in bbc.co.uk"
            )
    if not domains:
        raise wrong("names no domain", "write one or more, as in bbc.co.uk, bbc.com")
    return domains
