"""From the text of a setting to a topic, or to the column where reading stopped.

    topic  = group *( "|" group )
    group  = term *( "," term )
    term   = [ "+" / "-" ] [ "title:" / "source:" / "lang:" ] ( words / quoted / "/" regex "/" ) [ "^" number ]

docs/topics.md tells what each form finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from babel import Locale

from ..errors import ConfigError
from ..text.suggestions import nearest
from ..text.tokenize import fold, is_unspaced, split_words
from .regex import PatternError, compiled
from .terms import DatedTerm, Kind, Role, Term, TermGroup, Topic

LEAST_WEIGHT, MOST_WEIGHT = 0.1, 10.0

_QUOTES = {'"': '"', "“": "”"}
_FIELDS = ("title", "source", "lang")
_HEAD = re.compile(rf"\s*(?P<sign>[+-])?\s*(?:(?P<field>{'|'.join(_FIELDS)})\s*:\s*)?", re.IGNORECASE)
_BODY = re.compile(
    r'(?:"(?P<quoted>[^"]*)"|“(?P<curly>[^”]*)”|/(?P<pattern>(?:[^/\\]|\\.)*)/|(?P<bare>[^"“^]*))(?P<gap>\s*)(?P<rest>.*)',
    re.DOTALL,
)
_SIGN_INSIDE = re.compile(r"\s([+-])(?=[^\W\d])")
_NUMBER = re.compile(r"\^\s*(\d+(?:\.\d+)?)\s*")
_TICKER = re.compile(r"[A-Za-z]{2,10}:\s?[A-Za-z0-9][A-Za-z0-9.-]{0,9}")
_UNTIL = re.compile(r"(?P<term>.*?)\s+until(?:\s+(?P<day>.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two separators."""

    text: str
    column: int  # of its first character, from 1
    separator: str  # the one behind it; empty at the end


@dataclass(frozen=True, slots=True)
class _Wrong:
    """How errors of one setting are made."""

    key: str

    def __call__(self, column: int, reason: str, fix: str) -> ConfigError:
        return ConfigError(self.key, reason.replace("@", f"at column {column}"), fix)


def parse_topic(
    name: str, value: str, *, key: str = "", title: str = "", weight: float = 1.0, limit: int | None = None
) -> Topic:
    """Read a topic's terms.

    Args:
        name: its key in the configuration.
        value: its terms.
        key: the setting that errors name; the topic's name where it is left out.
        title: what readers see; made from the name where it is left out.
        weight: how much a match counts in ranking.
        limit: how many of its stories get a summary in one edition.

    Raises:
        ConfigError: with the column where reading stopped and what was expected there.
    """
    wrong = _Wrong(key or name)
    groups: list[TermGroup] = []
    terms: list[Term] = []
    start = 1
    for piece in _pieces(value, wrong):
        if piece.text.strip():
            terms.append(_term(piece, wrong))
        if piece.separator in ("|", ""):
            if piece.separator or groups or terms:
                groups.append(_group(terms, start, wrong))
            terms, start = [], piece.column + len(piece.text) + 1
    if not groups:
        raise wrong(1, "holds no word to look for", 'write words separated by commas: chip*, "Hua Hong"')
    return Topic(
        name=name,
        title=title or name.replace("_", " ").capitalize(),
        groups=tuple(groups),
        weight=weight,
        limit=limit,
    )


def parse_dated(name: str, value: str, *, key: str = "") -> tuple[DatedTerm, ...]:
    """Read terms that may end: `World Cup until 2026-07-20, "Love Island"`.

    Raises:
        ConfigError: as `parse_topic`, or for a day that is none.
    """
    wrong = _Wrong(key or name)
    found: list[DatedTerm] = []
    for piece in _pieces(value, wrong):
        if piece.separator == "|":
            column = piece.column + len(piece.text)
            raise wrong(column, "groups have no meaning here (@)", "separate terms by commas")
        if not piece.text.strip():
            continue
        match = _UNTIL.fullmatch(piece.text)
        text, until = (match["term"], _day(match["day"], piece, wrong)) if match else (piece.text, None)
        term = _term(_Piece(text, piece.column, ""), wrong)
        if term.role is not Role.ANY:
            raise wrong(piece.column, f"{str(term)!r} @ carries a sign", "write the words alone")
        topic = Topic(name=name, title=str(term), groups=(TermGroup((term,)),))
        found.append(DatedTerm(topic=topic, until=until))
    return tuple(found)


def _pieces(value: str, wrong: _Wrong) -> Iterator[_Piece]:
    """Split at commas and bars outside quotation marks and regular expressions."""
    start = at = 0
    while at < len(value):
        sign = value[at]
        if sign in ",，|":
            yield _Piece(value[start:at], start + 1, sign)
            start = at = at + 1
        elif sign in _QUOTES:
            close = value.find(_QUOTES[sign], at + 1)
            if close < 0:
                raise wrong(at + 1, "a quotation mark @ is never closed", "add the closing quotation mark")
            at = close + 1
        elif sign == "/" and _HEAD.fullmatch(value, start, at):
            close = _end_of_pattern(value, at)
            if close < 0:
                raise wrong(at + 1, "a regular expression @ is never closed", "end it with a slash: /chip(let)?s/")
            at = close + 1
        else:
            at += 1
    yield _Piece(value[start:], start + 1, "")


def _end_of_pattern(value: str, at: int) -> int:
    match = re.compile(r"/(?:[^/\\]|\\.)*(/)", re.DOTALL).match(value, at)
    return match.start(1) if match else -1


def _group(terms: list[Term], column: int, wrong: _Wrong) -> TermGroup:
    if not terms:
        raise wrong(column, "a group @ is empty", "write terms on both sides of a bar, or drop the bar")
    if all(term.role is Role.EXCLUDE for term in terms):
        where = " in the group @" if column > 1 else ""
        raise wrong(column, f"holds no word to look for{where}", 'write words separated by commas: chip*, "Hua Hong"')
    return TermGroup(tuple(terms))


def _term(piece: _Piece, wrong: _Wrong) -> Term:
    head = _HEAD.match(piece.text)
    assert head is not None  # noqa: S101 -- every part of it may be absent
    body = _BODY.match(piece.text, head.end())
    assert body is not None  # noqa: S101 -- a bare body may be empty
    column = piece.column + len(piece.text) - len(piece.text.lstrip())
    weight = _weight(body["rest"], piece.column + body.start("gap"), wrong)
    role, field = Role(head["sign"] or ""), (head["field"] or "").lower()
    if body["pattern"] is not None:
        made = _pattern(body["pattern"], field, piece.column + head.end(), wrong)
    else:
        quoted = body["quoted"] if body["quoted"] is not None else body["curly"]
        text = (quoted if quoted is not None else body["bare"]).strip()
        if not text:
            sign = {"+": "a plus", "-": "a minus", "": f"{field}:" if field else "a term"}[role]
            fix = f"write {role}{field}{':' if field else ''}word, or drop it"
            raise wrong(column, f"{sign} without a word @", fix)
        if quoted is None and (inside := _SIGN_INSIDE.search(body["bare"])):
            at = piece.column + body.start("bare") + inside.start(1)
            raise wrong(at, f"expected a comma before the {inside[1]} @", f"write it as in gold, {inside[1]}silver")
        made = _LOOKS[field](text, quoted is not None, column, wrong)
    if role is Role.EXCLUDE and weight != 1:
        raise wrong(column, "an exclusion @ cannot weigh anything", "drop the ^ and its number")
    if made.kind in (Kind.SOURCE, Kind.LANGUAGE) and role is Role.MUST:
        role = Role.ANY  # a condition has to hold anyway
    return Term(
        text=made.text,
        words=made.words,
        kind=made.kind,
        role=role,
        prefix=made.prefix,
        quoted=made.quoted,
        title_only=field == "title",
        ticker=made.ticker,
        anywhere=made.anywhere,
        weight=weight,
    )


def _weight(rest: str, column: int, wrong: _Wrong) -> float:
    if not rest:
        return 1.0
    if not rest.startswith("^"):
        raise wrong(column, "expected a comma @", 'separate terms by commas: gold, "Hua Hong", -silver')
    match = _NUMBER.fullmatch(rest)
    if match is None:
        raise wrong(column, "expected a number behind the ^ @", "write the weight as in chip*^2")
    weight = float(match[1])
    if not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        raise wrong(column, f"the weight {match[1]} @ is out of range", f"between {LEAST_WEIGHT:g} and {MOST_WEIGHT:g}")
    return float(f"{weight:g}")


def _pattern(text: str, field: str, column: int, wrong: _Wrong) -> Term:
    if field in ("source", "lang"):
        raise wrong(column, f"{field}: takes words, not a regular expression (@)", f"write {field}:name")
    try:
        compiled(text)
    except PatternError as error:
        raise wrong(column, f"the regular expression @ cannot be read: {error}", error.fix) from None
    return Term(text=text, kind=Kind.PATTERN)


def _words(text: str, quoted: bool, column: int, wrong: _Wrong) -> Term:  # noqa: FBT001 -- called through a table
    field, colon, _ = text.partition(":")
    guess = nearest(field, _FIELDS) if colon and not quoted and field.isalpha() and not field.isupper() else ""
    if guess:
        raise wrong(column, f"{field}: @ is not known", f"did you mean {guess}:? Otherwise put it in quotation marks")
    prefix = text.endswith("*")
    stem = text.removesuffix("*")
    if "*" in stem:
        raise wrong(
            column, f"{text!r} @: a star is understood at the end only", "write chip*, or a /regular expression/"
        )
    anywhere = is_unspaced(stem)
    words = (fold(stem),) if anywhere else tuple(split_words(stem))
    if not words:
        raise wrong(column, f"{text!r} @ holds no letter or digit", "write a word")
    ticker = not quoted and not anywhere and _TICKER.fullmatch(text) is not None
    return Term(text=text, words=words, prefix=prefix, quoted=quoted, ticker=ticker, anywhere=anywhere)


def _source(text: str, quoted: bool, column: int, wrong: _Wrong) -> Term:  # noqa: FBT001
    made = _words(text, True, column, wrong)  # noqa: FBT003 -- a name is taken literally
    return Term(
        text=text, words=tuple(split_words(text.removesuffix("*"))), kind=Kind.SOURCE, quoted=quoted, prefix=made.prefix
    )


def _language(text: str, quoted: bool, column: int, wrong: _Wrong) -> Term:  # noqa: FBT001, ARG001
    names = {name.casefold(): code for code, name in Locale("en").languages.items()}
    code = text.casefold().split("-")[0]
    if code not in Locale("en").languages:
        guess = names.get(text.casefold()) or names.get(nearest(text, names))
        fix = f"did you mean lang:{guess}?" if guess else "write an ISO 639-1 code, as in lang:en"
        raise wrong(column, f"{text!r} @ is not a language", fix)
    return Term(text=code, words=(code,), kind=Kind.LANGUAGE)


_LOOKS = {"": _words, "title": _words, "source": _source, "lang": _language}


def _day(text: str | None, piece: _Piece, wrong: _Wrong) -> date:
    text = (text or "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        column = piece.column + len(piece.text) - len(piece.text.lstrip())
        raise wrong(column, f"{text!r} @ is not a day", "write it as in World Cup until 2026-07-20") from None
