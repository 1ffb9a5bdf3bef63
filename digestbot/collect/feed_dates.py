"""Dates as feeds write them: RFC 822, ISO 8601, JavaScript's, and what people type, in any of the common languages.

One function for every parser, so that none of them decides when an item was published. A date without a zone is in UTC.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from .date_order import MAX_CHARS, NUMERIC, full_year
from .month_names import ENGLISH, WORD, month_of_words

# Hours (and minutes) east of Greenwich. Where a name has several meanings, that of the zone in which most outlets write it.
_HOURS = """
z 0 ut 0 utc 0 gmt 0 wet 0 azot -1 egst 0 cvt -1 egt -1 brst -2 fnt -2 uyst -2 brt -3 art -3 clst -3 gft -3 pmst -3 rott -3 srt -3 uyt -3
pyst -3 wgst -2 wgt -3 adt -3 ndt -2:30 nst -3:30 ast -4 amt -4 bot -4 clt -4 cot -5 vet -4 pyt -4 edt -4 est -5 ect -5 pet -5 cdt -5 cst -6
galt -6 mdt -6 mst -7 pdt -7 pst -8 akdt -8 akst -9 gamt -9 hadt -9 hast -10 hst -10 tkt 13 sst -11 west 1 bst 1 cet 1 mez 1 met 1 wat 1 cest 2
mesz 2 mest 2 hnec 1 heec 2 cat 2 eet 2 sast 2 ist 5:30 idt 3 eest 3 eat 3 msk 3 trt 3 fet 3 arst 3 msd 4 gst 4 samt 4 azt 4 get 4 mut 4 ret 4 sct 4
мск 3 irst 3:30 irdt 4:30 aft 4:30 pkt 5 uzt 5 yekt 5 tmt 5 tjt 5 mvt 5 slst 5:30 npt 5:45 bdt 6 btt 6 omst 6 kgt 6 almt 6 novt 7 krat 7 mmt 6:30
ict 7 wib 7 hovt 7 cxt 7 davt 7 hkt 8 awst 8 sgt 8 myt 8 pht 8 phst 8 wita 8 bnt 8 irkt 8 ulat 8 cct 6:30 acwst 8:45 jst 9 kst 9 wit 9 yakt 9 tlt 9 pwt 9
acst 9:30 acdt 10:30 aest 10 chst 10 vlat 10 pgt 10 aedt 11 lhst 10:30 lhdt 11 magt 11 nct 11 sbt 11 vut 11 sakt 11 sret 11 nzst 12 anat 12 fjt 12
gilt 12 mht 12 pett 12 tvt 12 wakt 12 nzdt 13 phot 13 tot 13 wst 13 chast 12:45 chadt 13:45 line 14 lint 14 hkst 9
"""
# The zones whose short names say nothing of summer.
_BY_SEASON = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
# Zones by their names in full, as short ones; those of America alone stand without "time" as well.
_LONG_ZONES = {
    **{
        f"{name}{kind}": f"{letter}{short}t"
        for name, letter in (("eastern", "e"), ("central", "c"), ("mountain", "m"), ("pacific", "p"))
        for kind, short in (("", ""), (" standard", "s"), (" daylight", "d"))
    },
    "atlantic standard": "ast", "atlantic daylight": "adt", "alaska standard": "akst", "alaska daylight": "akdt", "hawaii standard": "hast",
    "greenwich mean": "gmt", "coordinated universal": "utc", "british summer": "bst", "irish standard": "bst", "western european": "wet",
    "western european summer": "west", "central european": "cet", "central european summer": "cest", "eastern european": "eet",
    "eastern european summer": "eest", "moscow": "msk", "moscow standard": "msk", "india standard": "ist", "indian standard": "ist",
    "pakistan standard": "pkt", "china standard": "hkt", "hong kong": "hkt", "hong kong standard": "hkt", "singapore": "sgt",
    "singapore standard": "sgt", "philippine standard": "pht", "japan standard": "jst", "korea standard": "kst", "korean standard": "kst",
    "australian western standard": "awst", "australian central standard": "acst", "australian central daylight": "acdt",
    "australian eastern standard": "aest", "australian eastern daylight": "aedt", "new zealand standard": "nzst",
    "new zealand daylight": "nzdt", "south africa standard": "sast", "east africa": "eat", "brasilia": "brt", "argentina": "art",
}  # fmt: skip
_LONG_ZONE = re.compile(
    rf"(?<![/\w])(?:({'|'.join(sorted(_LONG_ZONES, key=len, reverse=True))}) time\b|(eastern|central|mountain|pacific)\s*\Z)",
    re.IGNORECASE,
)
_AFTER_YEAR = re.compile(r"(?<=\d{4}):(?=\d\d:\d\d)")  # in the logs of a web server: 24/Mar/2026:22:15:00
_MONTH_BY_NUMBER = re.compile(r"(\d{1,2})[\s,]+tháng\s+(\d{1,2})[\s,]+(?:năm\s+)?(\d{4})", re.IGNORECASE)  # Vietnamese
_VIETNAMESE = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
_NUMBERED = re.compile(rf"\btháng\s+({'|'.join(reversed(_VIETNAMESE))})\b", re.IGNORECASE)
_NOON = re.compile(r"(?:오후|下午|午後|晚上)\s*(?=\d)")
_MORNING = re.compile(r"(?:오전|上午|午前|早上|凌晨)\s*(?=\d)")
_CJK = re.compile(r"(\d{2,4})\s*[年년]\s*(\d\d?)\s*[月월]\s*(\d\d?)\s*[日일号號]?")
# The years of Taiwan and Japan, by the one before their first; the first is called 元.
_ERAS = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988}
_OF_ERA = re.compile(rf"({'|'.join(_ERAS)})\s*(元|\d{{1,3}})\s*年")
_MONTHS_IN_SIGNS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_SIGNED = re.compile(r"(十[一二]?|[一二三四五六七八九])月")
# In the order of the west, as programs write it under another locale.
_WESTERN = re.compile(r"(?<!\d)(?:(\d\d?)\s+(\d\d?)[月월]|(\d\d?)[月월]\s+(\d\d?)),?\s+(\d{4})(?!\d)")
_CJK_TIME = re.compile(r"(\d\d?)\s*[時时点點시]\s*(?:(\d\d?)\s*[分분]\s*(?:(\d\d?)\s*[秒초])?)?")
_RFC = re.compile(
    r"(?:[A-Za-z]{3}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC|Z|([+-])(\d\d)(\d\d))"
)
_OF_UTC = frozenset([" GMT", " UTC", " Z", " +0000", " -0000"])
_NUMBERS = {name: f"{number:02}" for name, number in ENGLISH.items()}
_OFFSET = r"[+\-−–](?:\d{1,2}:\d\d(?::\d\d)?|\d{1,4})(?![\d:])"
_TIME = re.compile(
    r"(?<![\d:.+-])(\d{1,2})[:.h](\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?(?![\d])\s*([ap])?(?(4)\.?m\.?(?!\w)|)"
    rf"\s*((?:(?:GMT|UTC?|Z)\s*)?{_OFFSET}|[A-Z]+/[A-Z_]+|[A-Z]{{1,6}}(?![\w.])|МСК)?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"([+-]?\d{4})-?(\d\d)(?:-?(\d\d))?(?:(?:T|\s+|_|(?<=\d{8})(?=\d{6}))(\d\d):?(\d\d)(?::?(\d\d)(?:[.,:]\d+)?)?)?\s*"
    rf"((?:(?:GMT|UTC?)\s*)?{_OFFSET}|[A-Za-z]{{1,5}})?",
    re.IGNORECASE,
)
# A week and its day, or the day of a year (ISO 8601, 5.2.2 and 5.2.3).
_WEEK_OR_DAY = re.compile(r"(\d{4})-?(?:W(\d\d)(?:-?([1-7]))?|(?<=-)(\d{3}))(?=\Z|[T\s_])", re.IGNORECASE)
_NAMED_OFFSET = re.compile(rf"(?:GMT|UTC?|Z)?\s*({_OFFSET})", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_OFFSET_BEHIND = re.compile(r"\s*([+-](?:\d{4}|\d\d:\d\d))(?![\d:])")
_BUDDHIST = 543  # years that Thailand is ahead
_LATEST_YEAR = 2400
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|\.)(?=[\s,]|\Z)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d])\d{1,4}(?!\d)")
_EPOCH = re.compile(r"(?:/?Date\()?(\d{10}(?:\d{3})?)(?:\.\d+)?(?:(?:[+-]\d{4})?\)/?)?")  # with .NET's frame around it
_ZONED_AT_END = re.compile(rf"(?:\s|(?<=\d))((?:(?:GMT|UTC)\s*)?{_OFFSET}|[A-Z]{{2,5}})\s*(?:\d{{4}})?\s*\Z")
_FULL_YEAR = re.compile(r"(?<![\d+−–-])(?:19|20)\d\d(?![\d:])")
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)


@cache
def _zones() -> dict[str, timedelta]:
    words = _HOURS.split()
    table = {}
    for name, value in zip(words[::2], words[1::2], strict=True):
        hours, _, minutes = value.partition(":")
        table[name] = timedelta(hours=int(hours), minutes=int(f"{'-' if hours[0] == '-' else ''}{minutes or 0}"))
    return table


def moment_of(text: str, *, day_first: bool | None = None) -> datetime | None:
    """The moment that a feed's date names; None when it names none.

    `day_first` decides about 03/04/2026; None leaves it to the separator: day first after full stops and hyphens, month
    first after slashes.
    """
    try:
        if text[25:] in _OF_UTC and text[3:5] == ", ":  # as most feeds write it: in half the time of a pattern
            return datetime.fromisoformat(f"{text[12:16]}-{_NUMBERS[text[8:11]]}-{text[5:7]}T{text[17:25]}+00:00")
        if (found := _RFC.fullmatch(text)) is not None:
            day, name, year, clock, sign, hours, minutes = found.groups()
            moment = datetime.fromisoformat(f"{year}-{_NUMBERS[name]}-{day:0>2}T{clock}+00:00")
            if sign is None or hours == minutes == "00":
                return moment
            if hours < "16":
                offset = timedelta(hours=int(hours), minutes=int(minutes))
                return _shifted(moment, offset if sign == "+" else -offset)
        elif text[4:5] == "-" and text[10:11] == "T":
            moment = datetime.fromisoformat(text)
            return _in_utc(moment) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (KeyError, ValueError):
        pass
    return _odd(text, day_first)


@lru_cache(maxsize=4096)
def _odd(text: str, day_first: bool | None) -> datetime | None:  # noqa: FBT001 -- cached by position
    text = " ".join(text[:MAX_CHARS].split())
    try:
        text = _WEEK_OR_DAY.sub(_calendar_day, text, count=1) if _WEEK_OR_DAY.match(text) else text
        return _iso(text) or _epoch(text) or _loose(text, day_first)
    except (ValueError, OverflowError, IndexError):
        return None


def _iso(text: str) -> datetime | None:
    found = _ISO.fullmatch(text)
    if found is None or (found[3] is None and found[4] is not None) or (found[7] or "").lower() in ("am", "pm"):
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    if day is None and "-" not in text:
        return None  # 202605 is as likely something else
    return _made(int(year), int(month), int(day or 1), (hour, minute, second), zone)


def _calendar_day(found: re.Match[str]) -> str:
    year, week, day, of_year = found.groups()
    if week:
        return date.fromisocalendar(int(year), int(week), int(day or 1)).isoformat()
    first = date(int(year), 1, 1)
    found_day = first + timedelta(days=int(of_year) - 1)
    if found_day.year != first.year:
        msg = f"no day {of_year} in {year}"
        raise ValueError(msg)
    return found_day.isoformat()


def _epoch(text: str) -> datetime | None:
    found = _EPOCH.fullmatch(text)
    if found is None:
        return None
    whole = found[1]
    return datetime.fromtimestamp(int(whole) / (1000 if len(whole) == 13 else 1), UTC)


def _loose(text: str, day_first: bool | None) -> datetime | None:  # noqa: FBT001
    half = "p" if _NOON.search(text) else "a" if _MORNING.search(text) else None
    text = _MORNING.sub("", _NOON.sub("", text))
    text = _OF_ERA.sub(lambda found: f"{_ERAS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年", text)
    text = _CJK_TIME.sub(lambda found: f" {found[1]}:{found[2] or '00'}:{found[3] or '00'} ", text)
    text = _CJK.sub(r" \1-\2-\3 ", text)
    text = _SIGNED.sub(lambda found: f"{_MONTHS_IN_SIGNS.index(found[1]) + 1}月", text)
    text = _WESTERN.sub(lambda found: f" {found[5]}-{found[2] or found[3]}-{found[1] or found[4]} ", text)
    text = _NUMBERED.sub(lambda found: f"tháng {_VIETNAMESE.index(found[1].lower()) + 1}", text)
    bracketed = _BRACKETS.findall(text)
    text = _MONTH_BY_NUMBER.sub(r" \3-\2-\1 ", _AFTER_YEAR.sub(" ", _BRACKETS.sub(" ", text)))
    text = _LONG_ZONE.sub(lambda found: _LONG_ZONES[(found[1] or found[2]).lower()], text)
    numeric = NUMERIC.search(text)
    if numeric and _is_clock(numeric):
        text = f"{text[: numeric.start()]}{numeric[0].replace('.', ':')}{text[numeric.end() :]}"
        numeric = NUMERIC.search(text)
    rest = f"{text[: numeric.start()]} {text[numeric.end() :]}" if numeric else text
    if numeric and rest[numeric.start() :].lstrip()[:1] in ("T", "t", "_"):  # 11/25/2026T06:15
        rest = rest[: numeric.start()] + " " + rest[numeric.start() :].lstrip()[1:]
    clock = _TIME.search(rest)
    time: tuple[str | None, str | None, str | None] = (None, None, None)
    zone = None
    if clock:
        half, zone = (clock[4] or half or "").lower(), clock[5]
        hour = int(clock[1])
        if half:
            hour = hour % 12 + (12 if half == "p" else 0) if hour <= 12 else hour
        time = (str(hour), clock[2], clock[3])
        known = zone is not None and _offset(zone, _ANY_DAY) is not None
        tail = rest[clock.end() :] if known or zone is None else rest[clock.start(5) :]
        zone = zone if known else None
        if zone is None and (late := _ZONED_AT_END.search(rest)) and late.start(1) >= clock.end(3 if clock[3] else 2):
            zone = late[1]
        elif zone and (behind := _OFFSET_BEHIND.match(tail)):  # CST is many zones, CST+0800 one
            zone, tail = behind[1], tail[behind.end() :]
        zone = zone or next((name for name in bracketed if _offset(name, _ANY_DAY) is not None), None)
        rest = f"{rest[: clock.start()]} {_ORDINAL.sub('', tail)}"
    if numeric:
        return _made(*_numeric(numeric, day_first), time, zone)
    return _named(_ORDINAL.sub("", rest), time, zone)


def _is_clock(found: re.Match[str]) -> bool:
    """Whether three numbers with full stops are a time, as where the year stands elsewhere: 26 May 2026 14.30.15."""
    return found[2] == "." and max(map(len, found.group(1, 3, 4))) <= 2 and _FULL_YEAR.search(found.string) is not None


def _numeric(found: re.Match[str], day_first: bool | None) -> tuple[int, int, int]:  # noqa: FBT001
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) > 2:
        return first + (_ERAS["民國"] if len(found[1]) == 3 else 0), second, third
    if first > 12 or second > 12:
        day_first = first > 12
    elif day_first is None:
        day_first = found[2] != "/"
    day, month = (first, second) if day_first else (second, first)
    return full_year(found[4]), month, day


def _named(text: str, time: tuple[str | None, str | None, str | None], zone: str | None) -> datetime | None:
    words = [(word.start(), word[0].casefold()) for word in WORD.finditer(text)]
    month = month_of_words(word for _, word in words)
    found = ((start, month(word)) for start, word in words)
    names = [(start, number) for start, number in found if number]
    # An offset at the end would pass for a year.
    numbers = [(found.start(), found[0]) for found in _NUMBER.finditer(re.sub(rf"(?<=\s){_OFFSET}", " ", text))]
    # "mar" is Spanish for Tuesday too, and "sun" a month nowhere: the name nearest to a number counts.
    if not names or not numbers:
        return None
    number = min(names, key=lambda name: min(abs(name[0] - number[0]) for number in numbers))[1]
    years = [value for _, value in numbers if len(value) == 4]
    days = [value for _, value in numbers if len(value) <= 2]
    if not days:
        return _made(int(years[0]), number, 1, time, zone) if years else None
    if not years and len(days) < 2:
        return None
    return _made(int(years[0]) if years else full_year(days[1]), number, int(days[0]), time, zone)


def _made(
    year: int, month: int, day: int, time: tuple[str | None, str | None, str | None], zone: str | None
) -> datetime | None:
    hour, minute, second = (int(part or 0) for part in time)
    year -= _BUDDHIST if year > _LATEST_YEAR else 0
    # 24:00 is the end of the day, and a leap second no second of a datetime.
    moment = datetime(year, month, day, tzinfo=UTC)
    if hour > 24 or minute > 59 or second > 60:
        return moment
    moment += timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    offset = _offset(zone, moment) if zone else timedelta(0)
    return _shifted(moment, offset or timedelta(0))


def _offset(zone: str, moment: datetime) -> timedelta | None:
    """What a zone's name, or an offset in digits, adds to UTC; None where it is not one."""
    found = _NAMED_OFFSET.fullmatch(zone)
    if found:
        digits = found[1][1:]
        hours, _, minutes = digits.partition(":")
        if not minutes and len(digits) > 2:
            hours, minutes = digits[:-2], digits[-2:]
        offset = timedelta(hours=int(hours), minutes=int(minutes[:2] or 0))
        if int(hours) > 15:
            return None
        return offset if found[1][0] == "+" else -offset
    name = zone.casefold()
    if name in _BY_SEASON:
        zone = _BY_SEASON[name]
    if "/" in zone:
        with suppress(Exception):
            return moment.replace(tzinfo=ZoneInfo(zone)).utcoffset()
        return None
    return _zones().get(name)


def _shifted(moment: datetime, offset: timedelta) -> datetime | None:
    try:
        return moment - offset
    except OverflowError:
        return None


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
