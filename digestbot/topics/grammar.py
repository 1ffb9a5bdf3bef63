"""Parses the text of a setting into a topic, or raises an error that names the column.

    topic  = group *( "|" group )
    group  = term *( "," term )
    term   = [ "+" / "-" ] [ "title:" / "source:" / "lang:" ] ( words / quoted / "/" regex "/" ) [ "^" number ]

docs/topics.md says what each form finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..errors import ConfigError
from ..text.setting_names import as_title
from ..text.suggestions import closest_match
from ..text.tokenize import is_unspaced, split_words
from .letters import folded
from .regex import PatternError, compiled
from .terms import DatedTerm, Kind, Role, Term, TermGroup, Topic
from .words import topic_words

# Not down to 0: a term that matches and counts for nothing is a mistake, and leaving out is what the minus is for.
MIN_WEIGHT, MAX_WEIGHT = 0.1, 10.0

# Curly ones as well: telephones and word processors put them in by themselves.
_QUOTES = {'"': '"', "“": "”"}
_SIGNS = {"–": "-", "—": "-", "−": "-", "－": "-", "＋": "+"}
# What stands between the terms of other scripts, too: on their keyboards it is the comma.
_COMMAS = ",，、،"
_FIELDS = ("title", "source", "lang")
_SIGN = f"+{''.join(_SIGNS)}-"
_HEAD = re.compile(rf"\s*(?P<sign>[{_SIGN}])?\s*(?:(?P<field>{'|'.join(_FIELDS)})\s*:\s*)?", re.IGNORECASE)
_BODY = re.compile(
    r'(?:"(?P<quoted>[^"]*)"|“(?P<curly>[^”]*)”|/(?P<pattern>(?:[^/\\]|\\.)*)/|(?P<bare>[^"“^]*))(?P<gap>\s*)(?P<rest>.*)',
    re.DOTALL,
)
# "gold -silver" without a comma would search for the words "gold silver": almost never what was meant.
# A digit after the sign is a figure, as in "below -5 degrees", and nothing was forgotten.
_SIGN_INSIDE = re.compile(rf"\s([{_SIGN}])(?=[^\W\d])")
# The quotation marks of other languages, where a term begins.
_OTHER_QUOTES = re.compile(
    rf"(?P<before>(?:\A|[{_COMMAS}|])\s*[{_SIGN}]?\s*(?:(?:title|source)\s*:\s*)?)"
    r'(?:„(?P<low>[^"„“”]*)[“”]|«(?P<angle>[^"«»]*)»|[「『](?P<corner>[^"「」『』]*)[」』])',
    re.IGNORECASE,
)
# In capitals, as search engines write it: nobody's headline has "gold AND silver" in a row.
_OPERATOR = re.compile(r"(?P<before>.*?)(?<!\S)(?P<sign>AND\s+NOT|AND|OR|NOT)\s+(?P<after>\S.*)", re.DOTALL)
_WRITTEN = {"AND": "{before}, +{after}", "OR": "{before}, {after}", "NOT": "{before}, -{after}"}
_NUMBER = re.compile(r"\^\s*(\d+(?:\.\d+)?)\s*")
# EXCHANGE:SYMBOL. At least two letters before the colon, so that "Q:A" stays words; symbols such as 0981 or BRK.B.
_TICKER = re.compile(r"[A-Za-z]{2,10}:\s?[A-Za-z0-9][A-Za-z0-9.-]{0,9}")
_UNTIL = re.compile(r"(?P<term>.*?)\s+until(?:\s+(?P<day>.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The text between two separators."""

    text: str
    column: int  # of its first character, from 1
    separator: str  # the one that follows; empty at the end


@dataclass(frozen=True, slots=True)
class _ErrorMaker:
    """Makes the errors of one setting; `@` in a reason stands for "at column N"."""

    key: str

    def __call__(self, column: int, reason: str, fix: str) -> ConfigError:
        return ConfigError(self.key, reason.replace("@", f"at column {column}"), fix)


def parse_topic(
    name: str, value: str, *, key: str = "", title: str = "", weight: float = 1.0, limit: int | None = None
) -> Topic:
    """Parse a topic's terms.

    Args:
        name: its key in the configuration.
        value: its terms.
        key: the setting that errors name; the topic's name where it is left out.
        title: what readers see; made from the name where it is left out.
        weight: factor of a match in ranking; 1 is usual.
        limit: how many of its stories get a summary in one edition; None for no limit.

    Raises:
        ConfigError: with the column of the mistake, what is wrong there and how to write it.
    """
    error_at = _ErrorMaker(key or name)
    groups: list[TermGroup] = []
    terms: list[Term] = []
    start = 1
    for piece in _pieces(value, error_at):
        # A comma at the end, or two in a row, harms nobody and needs no error.
        if piece.text.strip():
            terms.append(_term(piece, error_at))
        if piece.separator in ("|", ""):
            # A setting without any term is no empty group: it gets an error of its own below.
            if piece.separator or groups or terms:
                groups.append(_group(terms, start, error_at))
            terms, start = [], piece.column + len(piece.text) + 1
    if not groups:
        raise error_at(1, "has no search terms", 'write words separated by commas: chip*, "Hua Hong"')
    return Topic(
        name=name,
        title=title or as_title(name),
        groups=tuple(groups),
        weight=weight,
        limit=limit,
    )


def parse_dated(name: str, value: str, *, key: str = "") -> tuple[DatedTerm, ...]:
    """Parse terms that may have an end date: `World Cup until 2026-07-20, "Love Island"`.

    Raises:
        ConfigError: as `parse_topic`, or for a date that does not exist.
    """
    error_at = _ErrorMaker(key or name)
    found: list[DatedTerm] = []
    for piece in _pieces(value, error_at):
        if piece.separator == "|":
            column = piece.column + len(piece.text)
            raise error_at(column, "groups cannot be used here (@)", "separate terms with commas")
        if not piece.text.strip():
            continue
        match = _UNTIL.fullmatch(piece.text)
        text, until = (match["term"], _day(match["day"], piece, error_at)) if match else (piece.text, None)
        term = _term(_Piece(text, piece.column, ""), error_at)
        if term.role is not Role.ANY:
            raise error_at(piece.column, "the term @ cannot have a + or - here", "write the words alone")
        topic = Topic(name=name, title=str(term), groups=(TermGroup((term,)),))
        found.append(DatedTerm(topic=topic, until=until))
    return tuple(found)


def _pieces(value: str, error_at: _ErrorMaker) -> Iterator[_Piece]:
    """Split at commas and bars outside quotation marks and regular expressions."""
    value = _OTHER_QUOTES.sub(_with_straight_quotes, value)
    start = at = 0
    while at < len(value):
        sign = value[at]
        if sign in _COMMAS or sign == "|":
            yield _Piece(value[start:at], start + 1, sign)
            start = at = at + 1
        elif sign in _QUOTES:
            close = value.find(_QUOTES[sign], at + 1)
            if close < 0:
                raise error_at(at + 1, "the quotation mark @ is not closed", "add the closing quotation mark")
            at = close + 1
        # Only where a term begins: the slashes of TCP/IP and 24/7 are parts of words.
        elif sign == "/" and _HEAD.fullmatch(value, start, at):
            close = _end_of_pattern(value, at)
            if close < 0:
                raise error_at(at + 1, "the regular expression @ has no closing slash", "write it as in /chip(let)?s/")
            at = close + 1
        else:
            at += 1
    yield _Piece(value[start:], start + 1, "")


def _with_straight_quotes(found: re.Match[str]) -> str:
    """As many characters, so that errors name the right column."""
    return f'{found["before"]}"{found["low"] or found["angle"] or found["corner"] or ""}"'


def _end_of_pattern(value: str, at: int) -> int:
    match = re.compile(r"/(?:[^/\\]|\\.)*(/)", re.DOTALL).match(value, at)
    return match.start(1) if match else -1


def _group(terms: list[Term], column: int, error_at: _ErrorMaker) -> TermGroup:
    if not terms:
        raise error_at(column, "the group @ is empty", "write terms on both sides of the |, or remove it")
    if all(term.role is Role.EXCLUDE for term in terms):
        which = "the group @ " if column > 1 else ""
        raise error_at(column, f"{which}has no search terms", 'write words separated by commas: chip*, "Hua Hong"')
    return TermGroup(tuple(terms))


def _term(piece: _Piece, error_at: _ErrorMaker) -> Term:
    head = _HEAD.match(piece.text)
    assert head is not None  # noqa: S101 -- every part of it may be absent
    body = _BODY.match(piece.text, head.end())
    assert body is not None  # noqa: S101 -- a bare body may be empty
    column = piece.column + len(piece.text) - len(piece.text.lstrip())
    weight = _weight(body["rest"], piece.column + body.start("gap"), error_at)
    sign = head["sign"] or ""
    role, field = Role(_SIGNS.get(sign, sign)), (head["field"] or "").lower()
    if body["pattern"] is not None:
        made = _pattern(body["pattern"], field, piece.column + head.end(), error_at)
    else:
        quoted = body["quoted"] if body["quoted"] is not None else body["curly"]
        text = (quoted if quoted is not None else body["bare"]).strip()
        if not text:
            before = {"+": "the plus", "-": "the minus", "": f"{field}:" if field else "the term"}[role]
            fix = f"write {role}{field}{':' if field else ''}word, or remove it"
            raise error_at(column, f"{before} @ has no word", fix)
        if quoted is None and (inside := _SIGN_INSIDE.search(body["bare"])):
            at = piece.column + body.start("bare") + inside.start(1)
            raise error_at(
                at,
                f"expected a comma before the {inside[1]} @",
                f"write it as in gold, {_SIGNS.get(inside[1], inside[1])}silver",
            )
        if quoted is None and not field:
            _refuse_operator(text, piece.column + body.start("bare"), error_at)
        made = _PARSERS[field](text, quoted is not None, column, error_at)
    if role is Role.EXCLUDE and weight != 1:
        raise error_at(column, "an exclusion cannot have a weight (@)", "remove the ^ and its number")
    if made.kind in (Kind.SOURCE, Kind.LANGUAGE) and role is Role.MUST:
        role = Role.ANY  # a condition has to hold anyway: the plus changes nothing
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


def _refuse_operator(text: str, column: int, error_at: _ErrorMaker) -> None:
    """Taken for words in a row, `gold AND silver` would never find anything, without a word of why."""
    found = _OPERATOR.fullmatch(text)
    if found is None or not (found["before"] or found["sign"] == "NOT"):
        return
    before, after = (found[side].strip(" ()") for side in ("before", "after"))
    if len(before) == len(after) == 1:
        return  # R AND D is a name
    sign = found["sign"].split()[-1]
    after = _OPERATOR.sub(r"\g<before>", after).strip(" ()")
    example = _WRITTEN[sign].format(before=before or "silver", after=after)
    fix = f"write {example}; to search for the word, put it in quotation marks"
    raise error_at(column + found.start("sign"), f"there is no {found['sign']} @", fix)


def _weight(rest: str, column: int, error_at: _ErrorMaker) -> float:
    if not rest:
        return 1.0
    if not rest.startswith("^"):
        raise error_at(column, "expected a comma @", 'separate terms with commas: gold, "Hua Hong", -silver')
    match = _NUMBER.fullmatch(rest)
    if match is None:
        raise error_at(column, "expected a number after the ^ @", "write the weight as in chip*^2")
    weight = float(match[1])
    if not MIN_WEIGHT <= weight <= MAX_WEIGHT:
        raise error_at(column, "the weight @ is out of range", f"write a number from {MIN_WEIGHT:g} to {MAX_WEIGHT:g}")
    return float(f"{weight:g}")  # as it is printed, so that a topic reads back equal


def _pattern(text: str, field: str, column: int, error_at: _ErrorMaker) -> Term:
    if field in ("source", "lang"):
        raise error_at(column, f"{field}: takes words, not a regular expression (@)", f"write {field}:name")
    try:
        # Compiled here already, so that a mistake is reported with its column and not at the first item of a run.
        compiled(text)
    except PatternError as error:
        # What follows the colon repeats the expression.
        why = str(error).partition(":")[0]
        raise error_at(column, f"the regular expression @ is not valid: {why}", error.fix) from None
    return Term(text=text, kind=Kind.PATTERN)


def _words(text: str, quoted: bool, column: int, error_at: _ErrorMaker) -> Term:  # noqa: FBT001 -- called through a table
    field, colon, _ = text.partition(":")
    # Capitals are an exchange, as in NYSE:F, and no misspelt field.
    guess = closest_match(field, _FIELDS) if colon and not quoted and field.isalpha() and not field.isupper() else ""
    if guess:
        raise error_at(
            column,
            f"{field}: @ is not a known field",
            f"did you mean {guess}:? To search for it, put it in quotation marks",
        )
    prefix = text.endswith("*")
    stem = text.removesuffix("*")
    if "*" in stem:
        raise error_at(
            column, "the term @ has a star inside: it can only be at the end", "write chip*, or a /regular expression/"
        )
    anywhere = is_unspaced(stem)
    # Kept whole: as overlapping pairs, a long word would also be found where its pairs stand apart.
    words = (folded(stem),) if anywhere else topic_words(stem)
    if not words:
        raise error_at(column, "the term @ has no letter or digit", "write a word")
    # In quotation marks a ticker stands for its letters alone: a way to look for it without the company's name.
    ticker = not quoted and not anywhere and _TICKER.fullmatch(text) is not None
    return Term(text=text, words=words, prefix=prefix, quoted=quoted, ticker=ticker, anywhere=anywhere)


def _source(text: str, quoted: bool, column: int, error_at: _ErrorMaker) -> Term:  # noqa: FBT001
    made = _words(text, True, column, error_at)  # noqa: FBT003 -- a name is taken literally
    return Term(
        text=text, words=tuple(split_words(text.removesuffix("*"))), kind=Kind.SOURCE, quoted=quoted, prefix=made.prefix
    )


def _language(text: str, quoted: bool, column: int, error_at: _ErrorMaker) -> Term:  # noqa: FBT001, ARG001
    from babel import Locale  # noqa: PLC0415 -- few topics name a language

    names = {name.casefold(): code for code, name in Locale("en").languages.items()}
    # Feeds declare en-GB or en-US as they like; a reader means the language.
    code = text.casefold().split("-")[0]
    if code not in Locale("en").languages:
        guess = names.get(text.casefold()) or names.get(closest_match(text, names))
        fix = f"did you mean lang:{guess}?" if guess else "write an ISO 639-1 code, as in lang:en"
        raise error_at(column, "the term @ is not a language code", fix)
    return Term(text=code, words=(code,), kind=Kind.LANGUAGE)


_PARSERS = {"": _words, "title": _words, "source": _source, "lang": _language}


def _day(text: str | None, piece: _Piece, error_at: _ErrorMaker) -> date:
    text = (text or "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        column = piece.column + len(piece.text) - len(piece.text.lstrip())
        reason = "what the term @ has after until is not a date" if text else "the term @ has no date after until"
        raise error_at(column, reason, "write it as in World Cup until 2026-07-20") from None
