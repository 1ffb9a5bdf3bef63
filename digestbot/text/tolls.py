"""How many were killed, injured or arrested, as a headline or a sentence counts them: English, German, Chinese.

Of one event these numbers only grow: a report that counts fewer than a later one is out of date. Other numbers are left
alone, because nothing says which of them a later report replaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

_MOST_CHARACTERS = 600  # are read: longer than any headline or sentence, and a bound for what a hostile text can cost


class Toll(StrEnum):
    """What is counted."""

    DEAD = "dead"
    INJURED = "injured"
    ARRESTED = "arrested"


_ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
)
_GERMAN = "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
_WORDS = {word: number for words in (_ENGLISH, _GERMAN) for number, word in enumerate(words.split(), start=1)} | {
    "a": 1,
    "eine": 1,
    "einen": 1,
}
_HAN = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"兩": 2, "两": 2}
# What makes a number something else than people: an age, a share, money, a time, a distance, a rank.
_NOT_PEOPLE = (
    r"(?!\d|[.,]\d|(?:st|nd|rd|th)\b|[\s-]*(?:%|percent|per cent|prozent|million|billion|million(?:en)?|years?|jahre?n?|jährige?r?|"
    r"months?|monate?n?|weeks?|wochen?|days?|tage?n?|hours?|stunden?|minutes?|minuten?|miles?|meilen?|km|kilomet\w*|met\w+s?|"
    r"feet|dollars?|euros?|times|mal|counts?|cases?|shots?|attacks?|vehicles?|cars?|autos?|homes?|houses?)\b)"
)
_NUMBER = rf"(?<![\w.,$€£¥#])(?P<n>\d{{1,3}}(?:[,.]\d{{3}})+|\d+|{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b{_NOT_PEOPLE}"
_ABOUT = (
    r"(?:(?:at least|more than|over|about|around|nearly|almost|some|up to|as many as|another|mindestens|mehr als|rund|etwa|"
    r"fast|bis zu|wenigstens)\s+)?"
)
# Up to four words between the number and what befell them; none that begins another count.
_BETWEEN = rf"(?:\s+(?!(?:and|und|or|oder|of|von|dozens|scores|hundreds|thousands|dutzende|after|when|nach|{'|'.join(_WORDS)})\b)[^\W\d_][\w'’-]*){{0,4}}?\s+"
_SPACED = {
    Toll.DEAD: (
        r"dead|die[ds]?|killed|deaths|fatalities|perish\w*|drown\w*|tote[nr]?|tot|getötet\w*|gestorben|todesopfer|ums leben",
        r"kill(?:s|ed|ing)?|dead|deaths?(?: (?:reach|hit|top|rise to|climb to|jump to))?|tötet[en]?|(?:death toll|(?:zahl|zahlen) der (?:toten|todesopfer))(?:\s+[^\W\d_][\w'’-]*){0,8}?",
    ),
    Toll.INJURED: (
        r"injured|wounded|hurt|hospitali[sz]ed|verletzte[nr]?|verletzt",
        r"injur(?:es|ed|ing)|wound(?:s|ed|ing)|hurt(?:s|ing)?|verletzt|(?:zahl|zahlen) der verletzten(?:\s+[^\W\d_]+){0,4}?",
    ),
    Toll.ARRESTED: (
        r"arrested|arrests|detained|festgenommen\w*|festnahmen|verhaftet\w*|verhaftungen",
        r"arrest(?:s|ed|ing)?|detain(?:s|ed|ing)?|(?:verhaftet|nimmt|nehmen)",
    ),
}
_HAN_NUMBER = r"(?<![\d.,第初星期周])(?P<n>\d[\d,]*|[一二三四五六七八九十百兩两]{1,5})(?![\d.,]*\d)"
_NOT_PEOPLE_HAN = r"(?!\s*(?:歲|岁|年|月|日|天|周|週|時|时|点|點|分|秒|號|号|元|萬元|万元|億|亿|%|％|度|個月|个月|項|项|宗|次|架|輛|辆|米|公里|小時|小时|級|级|旬|度|處|处|間|间|座|艘|樓|楼|層|层|句|再|直|齊|起|度|帶|带|定|旦|名警|名消防))"
_UNSPACED = {
    Toll.DEAD: (
        r"死|亡|罹難|罹难|遇難|遇难|喪生|丧生|喪命|丧命|不治",
        r"(?:死亡|死者|死|遇難|遇难|罹難|罹难)(?:人數|人数|數字|数字|者)?",
    ),
    Toll.INJURED: (r"受傷|受伤|傷|伤|送院", r"(?:受傷|受伤|傷者|伤者|傷|伤)(?:人數|人数)?"),
    Toll.ARRESTED: (
        r"被捕|落網|落网|被拘|遭拘捕|遭逮捕|被逮捕|就逮",
        r"(?:拘捕|逮捕|拘留|抓獲|抓获|拘)(?:最少|至少|了|共|涉案)*|(?:被捕)(?:人數|人数)?",
    ),
}
_GROWN = r"(?:已|經|经|累計|累计|再|最少|至少|目前|現|现|增加|增|上升|升|上調|上调|攀升|達|达|到|至|為|为|逾|超過|超过|共|近){1,5}"
_PATTERNS = {
    toll: (
        re.compile(rf"{_NUMBER}{_BETWEEN}(?:{after})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{before})\s+{_ABOUT}{_NUMBER}", re.IGNORECASE),
    )
    for toll, (after, before) in _SPACED.items()
}
_PATTERNS_HAN = {
    toll: (
        re.compile(
            rf"{_HAN_NUMBER}{_NOT_PEOPLE_HAN}\s?(?:餘|余|多)?(?:名|人|個|位|个)?"
            rf"(?:[^\d\s，。、；：,;:一二三四五六七八九十兩两死亡傷伤]){{0,4}}?(?:{after})"
        ),
        re.compile(
            rf"(?:{before})(?:{_GROWN})\s?{_HAN_NUMBER}{_NOT_PEOPLE_HAN}(?!\s?[名人餘余多]*受?[傷伤])"
            + (
                rf"|(?:{before})\s?(?P<m>\d+|[一二三四五六七八九十兩两]{{1,3}})\s?(?:名|人)"
                if toll is not Toll.DEAD
                else ""
            )
        ),
    )
    for toll, (after, before) in _UNSPACED.items()
}
_HAS_NUMBER = re.compile(rf"\d|[一二三四五六七八九十兩两]|\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)


# Dead, hurt or missing people, counted or not: "kills hundreds", "Dutzende Tote".
_HARM = re.compile(
    r"\b(?:dead|die[sd]?|kill(?:s|ed|ing)?|deaths|death toll|deadly|fatal\w*|injur\w+|wound(?:s|ed)|missing|victims?|tote[nr]?|tot|getötet\w*|verletzt\w*|todesopfer|vermisst\w*)\b",
    re.IGNORECASE,
)


def tells_harm(title: str) -> bool:
    """Whether a title says that people died, were hurt or are missing; English and German."""
    return _HARM.search(title) is not None


def tolls(text: str) -> Mapping[Toll, int]:
    """The highest number of each toll in a line; empty where it counts nobody."""
    text = text[:_MOST_CHARACTERS]
    if not _HAS_NUMBER.search(text):
        return {}
    found: dict[Toll, int] = {}
    for patterns in (_PATTERNS, _PATTERNS_HAN if not text.isascii() else {}):
        for toll, (after, before) in patterns.items():
            numbers = [*_numbers(after, text), *_numbers(before, text), *([found[toll]] if toll in found else [])]
            if numbers:
                found[toll] = max(numbers)
    return found


def _numbers(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    for match in pattern.finditer(text):
        groups = match.groupdict()
        yield _value(next(filter(None, (groups.get("n"), groups.get("m")))))


def _value(number: str) -> int:
    plain = number.replace(",", "").replace(".", "").casefold()
    if plain.isdecimal():
        return int(plain)
    return _WORDS[plain] if plain in _WORDS else _han_value(plain)


def _han_value(number: str) -> int:
    """The value of a numeral below 1,000: 十二 is 12, 二十六 is 26, 一百零三 is 103."""
    total = digit = 0
    for character in number:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _HAN[character]
    return total + digit
