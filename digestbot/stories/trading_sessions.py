"""Reports of a trading session: the day's moves of a stock market as a whole. Pure.

Every outlet writes several a day, each with other words: what came before the bell, the turn at noon, the close. Words
alone neither hold one session's reports together nor keep two sessions apart, but each says in its title which market
moved, and when it came out says in which session.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from ..model import Item, Story
from ..text.title_forms import TitleForm, forms_of
from .cluster import story_of


@dataclass(frozen=True, slots=True)
class _Hours:
    """When the markets of a part of the world are open, in UTC; where clocks change, in summer."""

    told: timedelta  # to be added to the time of a report to get the day of its session: from some two hours before the bell
    expected: timedelta  # the same for what is expected of a session: it is written from the close of the one before
    opening: timedelta  # from midnight of that day: what comes out sooner cannot tell how the session went


_AMERICA = _Hours(-timedelta(hours=11), timedelta(hours=5), timedelta(hours=13, minutes=30))  # to 20:00 or 21:00
_EUROPE = _Hours(-timedelta(hours=5, minutes=30), timedelta(hours=7), timedelta(hours=7))  # to 15:30 or 16:30
# Tokyo to 6:00, India to 10:00; Sydney begins at 23:00 or 0:00.
_ASIA = _Hours(timedelta(hours=2), timedelta(hours=15), -timedelta(hours=1))
_ANY = ""  # a title that names no market: "Stocks slip as investors eye talks"


@dataclass(frozen=True, slots=True)
class _Market:
    hours: _Hours
    names: str  # of its indices and of itself
    adjectives: str = r"\Z\A"  # "Asian" of "Asian shares"; none
    han: str = ""


_MARKETS = {
    "us": _Market(
        _AMERICA,
        r"s&p 500|s&p|dow jones industrials?|dow jones|dow industrials?|dow|nasdaq composite|nasdaq-?100|nasdaq|wall street|russell 2000|us-börsen?|us-aktien",
        r"u\.?s\.?|american",
        "美股|道指|道瓊|道琼|納指|纳指|標普|标普|納斯達克|纳斯达克",
    ),
    "canada": _Market(_AMERICA, r"tsx|s&p/tsx", r"canadian|toronto"),
    "europe": _Market(
        _EUROPE,
        r"stoxx(?: europe)?(?: 600| 50)?|euro ?stoxx(?: 50)?|aktien europa",
        r"europe(?:an)?|europas",
        "歐股|欧股",
    ),
    "uk": _Market(_EUROPE, r"ftse(?: 100| 250)?", r"london|uk|british", "英股"),
    "germany": _Market(_EUROPE, r"m-?dax|s-?dax|tec-?dax|dax|aktien frankfurt", r"german|frankfurt|deutsche", "德股"),
    "france": _Market(_EUROPE, r"cac(?: 40)?", r"french|paris"),
    "switzerland": _Market(_EUROPE, r"smi|aktien schweiz", r"swiss"),
    "asia": _Market(_ASIA, r"aktien asien", r"asian?(?:[ -]pacific)?|asiatische", "亞股|亚股|亞太股市"),
    "japan": _Market(_ASIA, r"nikkei(?: 225)?|topix|aktien tokio", r"japan(?:ese)?|tokyo", "日經|日经|日股"),
    "hong kong": _Market(
        _ASIA, r"hang seng|hsi|aktien hongkong", r"hong kong", "恒指|恆指|恒生指數|恒生指数|港股|科指|恒科指"
    ),
    "china": _Market(
        _ASIA,
        r"csi 300|shanghai composite|shenzhen component",
        r"china|chinese|shanghai|mainland",
        "[aA]股|滬指|沪指|上證|上证|深成指|創業板指|创业板指",
    ),
    "taiwan": _Market(_ASIA, r"taiex", r"taiwan(?:ese)?", "台股|加權指數"),
    "korea": _Market(_ASIA, r"kospi|kosdaq", r"(?:south )?korean?|seoul", "韓股|韩股"),
    "india": _Market(_ASIA, r"sensex|nifty(?: 50)?", r"indian?"),
    "australia": _Market(_ASIA, r"asx(?: 200)?", r"australian?", "澳股"),
}
_NAMES = "|".join(market.names for market in _MARKETS.values())
_ADJECTIVES = "|".join(market.adjectives for market in _MARKETS.values())
_AS_A_WHOLE = (
    r"(?:(?:stock|equity|share|index|stock index|stock market|aktien)? ?"
    r"(?:markets?|index(?:es)?|indices|averages?|futures?|börsen?|aktien|aktienmärkte)|stocks|equities|shares)"
)
_SUBJECT = rf"(?:the )?(?:(?:{_NAMES})(?:(?:['’]s)? {_AS_A_WHOLE})?|(?:(?:{_ADJECTIVES}) )?{_AS_A_WHOLE})"
_MOVE = (
    r"rises?|rising|rose|risen|falls?|falling|fell|gains?|gained|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|rall(?:y|ies|ied|ying)|"
    r"surg(?:es?|ed|ing)|soar(?:s|ed|ing)?|slip(?:s|ped|ping)?|slid(?:es?|ing)?|drop(?:s|ped|ping)?|dip(?:s|ped)?|sinks?|sank|"
    r"tumbl(?:es?|ed|ing)|plung(?:es?|ed|ing)|retreat(?:s|ed)?|eas(?:es?|ed)|edg(?:es?|ed|ing)|inch(?:es|ed)?|advanc(?:es?|ed|ing)|"
    r"declin(?:es?|ed|ing)|rebound(?:s|ed|ing)?|recover(?:s|ed|ing)?|bounc(?:es?|ed)|waver(?:s|ed)?|paus(?:es?|ed)|"
    r"struggl(?:es?|ed|ing)|stumbl(?:es?|ed|ing)|snap(?:s|ped)?|extend(?:s|ed)?|mixed|muted|flat|little changed|steady|higher|lower|"
    r"up|down|all-time|end(?:s|ed)?|clos(?:es?|ed|ing)|finish(?:es|ed)?|open(?:s|ed)?|start(?:s|ed)?|trad(?:es?|ed|ing)|posts?|"
    r"hits?|touch(?:es|ed)?|tops?|records?|head(?:s|ed|ing)|leads?|point(?:s|ed|ing)?|set (?:for|to)|"
    r"steig(?:t|en)|fällt|fallen|schlie(?:ß|ss)(?:t|en)|gewinn(?:t|en)|verlier(?:t|en)|legt|legen|geben|gibt|startet|starten|"
    r"eröffne[tn]|schluss|fester|schwächer|höher|tiefer|leichter|kaum verändert|im (?:plus|minus)|rekord\w*|dreht|drehen|erholt|erholen"
)
# Dow, Nasdaq and the like are companies, too, which have results, plants and offices.
_OF_A_COMPANY = (
    r"(?!(?: [\w’'-]+){0,3} (?:profits?|revenues?|sales|estimates|results|dividends?|plants?|factor(?:y|ies)|offices?|unit|business|"
    r"listings?|gewinn|umsatz|werke?)\b)"
)
_HAN_MOVE = "升|跌|漲|涨|收|高開|高开|低開|低开|挫|揚|扬|反彈|反弹|急|回吐|回落|回升|破|穿|失守|重上|半日|插|彈|弹|創|创|續|续|止|倒"


class _Patterns:
    """Compiled when first asked for: every command imports this module."""

    def __init__(self) -> None:
        han = "|".join(market.han for market in _MARKETS.values() if market.han)
        self.template = re.compile(  # a series that names its subject after a colon, or by a date
            r"\A(?:(?:the |us |u\.s\. )?stock markets? (?:today|live|update|wrap|close|report)(?=:)|stock market news for \w+|"
            rf"markets? (?:wrap|close|report)(?=:)|(?:{_NAMES}) futures(?=:)|(?:stock|share) market(?=:)|aktien \w+(?=:))",
            re.IGNORECASE,
        )
        self.statement = re.compile(
            rf"\A{_SUBJECT}(?:(?:, | and |, and | & ){_SUBJECT})*(?! of\b) (?:[\w’'-]+ ){{0,2}}?(?:{_MOVE})\b{_OF_A_COMPANY}",
            re.IGNORECASE,
        )
        self.statement_han = re.compile(
            rf"\A[^，。：:！!？?|｜]{{0,4}}?(?:{han})[^，。：:！!？?\s]{{0,6}}?(?:{_HAN_MOVE})"
        )
        self.named = {
            name: re.compile(
                rf"\b(?:{market.names}|(?:{market.adjectives}) {_AS_A_WHOLE})(?!\w)"
                + (f"|{market.han}" if market.han else ""),
                re.IGNORECASE,
            )
            for name, market in _MARKETS.items()
        }

    def are_of(self, title: str) -> bool:
        return any(pattern.match(title) for pattern in (self.template, self.statement, self.statement_han))


_patterns = cache(_Patterns)
_LEADING = re.compile(
    r"\A(?:(?:update[ds]?|wrapup|refile|why|live|breaking|global markets|markets?)(?: \d+)?[\s:–—-]+)+(?=\w)",
    re.IGNORECASE,
)
_CORRECTS = re.compile(r"\W*correct(?:ed|ion)\b", re.IGNORECASE)
_EXPECTS = re.compile(
    r"\bfutures\b|\bset (?:for|to)\b|\A(?:[^:]{1,20}: )?will\b|\bcould\b|夜期|期指|開市前|开市前|盤前|盘前|料[高低]開",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Session:
    """One session of one market, or what was expected of it."""

    market: str
    day: date
    expected: bool  # futures and forecasts, before the bell

    def stands_under(self, other: Session) -> bool:
        """Whether `other` is a newer session of the same market; what was expected counts as older than any."""
        if other.expected or self.market != other.market:
            return False
        return self.expected or self.day < other.day


def reported_market(title: str) -> str | None:
    """Which market a title reports as a whole, empty where it names none; None for any other title."""
    plain = " ".join(_LEADING.sub("", title.strip()).split())
    if _CORRECTS.match(title):  # a report of some day or week before
        return None
    if not _patterns().are_of(plain):
        return None
    # The one that is named first: "Dow slips as Europe's markets fall" is about the Dow.
    found = {name: match.start() for name, pattern in _patterns().named.items() if (match := pattern.search(plain))}
    return min(found, key=lambda name: found[name], default=_ANY)


def sessions_of(items: Iterable[Item]) -> Mapping[tuple[str, str], Session]:
    """The session that each report of one tells of, by feed and id; other items, and those without a time, are not there."""
    reports = [
        (moment, market, item)
        for item in items
        if (moment := item.effective_time) and (market := reported_market(item.title)) is not None
    ]
    named = Counter(market for _, market, _ in reports if market)
    # Who reads one country's outlets reads "stocks" as that country's.
    usual = min(named, key=lambda market: (-named[market], market), default=_ANY)
    return {
        (item.feed, item.id): _session(moment, market or usual, item.title)
        for moment, market, item in reports
        if market or usual
    }


def _session(moment: datetime, market: str, title: str) -> Session:
    hours, moment = _MARKETS[market].hours, moment.astimezone(UTC)
    if TitleForm.PREVIEW in forms_of(title) or _EXPECTS.search(title):
        return Session(market, (moment + hours.expected).date(), expected=True)
    day = (moment + hours.told).date()
    return Session(market, day, expected=moment < datetime.combine(day, time(), UTC) + hours.opening)


def by_session(stories: Sequence[Story]) -> tuple[Story, ...]:
    """The stories, with all reports of a session in one of them.

    Of a story that holds more else than such reports the rest stays together; what only they held together stands alone.
    """
    sessions = sessions_of(item for story in stories for item in story.items)
    reports = Counter(sessions.values())
    gathered: dict[Session, list[Item]] = {}
    kept: list[Story] = []
    for story in stories:
        rest: list[Item] = []
        for item in story.items:
            session = sessions.get((item.feed, item.id))
            (gathered.setdefault(session, []) if session and reports[session] > 1 else rest).append(item)
        if len(rest) == len(story.items):
            kept.append(story)
        elif 2 * len(rest) > len(story.items):
            kept.append(story_of(rest))
        else:
            kept.extend(story_of([item]) for item in rest)
    return (*kept, *map(story_of, gathered.values()))


def session_of(story: Story) -> Session | None:
    """The session that all items of a story report; None for any other story."""
    sessions = sessions_of(story.items)
    return (
        next(iter(sessions.values()))
        if len(sessions) == len(story.items) and len(set(sessions.values())) == 1
        else None
    )
