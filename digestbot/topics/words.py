"""Words as topics see them: a compound is found by each of its parts, and a name however it is written.

The stories have a coarser word (text/tokenize.py), because for them "US-China" is one feature. Who follows China wants the
headline that begins with it. So a text is a row of parts, `us china talks`, with other forms of some places: `uschina`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ..text.tokenize import UNSPACED, fold, is_unspaced, split_plain, split_words
from .letters import INDIC, composed, needs_more, plain_letters

_LETTER = rf"[^\W_{UNSPACED}]"


def _tokens_of(letter: str) -> re.Pattern[str]:
    # A dot in front is part of a name (.NET), three of them are not. After the last letter: C++, Disney+, C#.
    return re.compile(rf"[{UNSPACED}]+|(?:\.(?<!\.\.))?{letter}+(?:['.&-]{letter}+)*(?:\+\+|\+(?![\w+])|#(?![\w#]))?")


_TOKEN = _tokens_of(_LETTER)
_INDIC_TOKEN = _tokens_of(f"(?:{_LETTER}|[{INDIC}])")  # a third slower
_DOT_IN_FRONT = re.compile(r"\.(?<![a-z0-9.]\.)[a-z0-9]")
# The plural of letters in capitals, and of a number that is a name: EVs, PhDs, F-35s, 737s. A decade is none: 1990s.
_PLURAL_OF_NAME = re.compile(r"\b([A-Z]{2,}|[A-Z][a-z][A-Z]|[A-Z]&[A-Z]|(?<![\d.,])\d{1,3})s\b")
# What such a plural ends with: looked for first, because it takes a fourth of the time and is seldom there.
_NAME_WITH_S = re.compile(r"[A-Z\d]s\b")
_PLURAL_OR_OWNER = re.compile(_PLURAL_OF_NAME.pattern.replace("s\\b", "'?s\\b"))
_INITIALS = re.compile(r"[a-z](?:\.[a-z])+")
_TIME_OR_LATIN = frozenset(["a.m", "p.m", "e.g", "i.e"])  # nobody means a prime minister by 5 p.m.
_CONTRACTED = frozenset(["s", "t", "re", "ll", "ve", "d", "m"])
# French and Italian words that lose their vowel before another: l'Iran, dell'Iran.
_ELIDED = frozenset(
    [
        "l",
        "d",
        "qu",
        "j",
        "m",
        "n",
        "s",
        "t",
        "c",
        "un",
        "all",
        "dall",
        "dell",
        "nell",
        "sull",
        "coll",
        "quest",
        "quell",
        "sant",
        "jusqu",
        "lorsqu",
        "puisqu",
        "presqu",
    ]
)
_MIN_SIDE_OF_AND = 3  # letters: AT&T and H&M are one word, "Johnson&Johnson" are two
_AND = re.compile(r"\s+(?:&|and)\s+", re.IGNORECASE)
_AND_UNSPACED = re.compile(r"(?<=\w\w\w)&(?=\w\w\w)")
# Names of two letters: R & D, S and P 500. Each way to write it is a pattern of its own, for one with a fixed beginning is found far faster.
_SPACED = {sign: re.compile(rf" {sign} (?=[A-Z](?![^\W\d]))") for sign in ("&", "and", "AND")}
_PAIRED = re.compile(r"(?:\A|(\S*)\s)[\"'“(\[]?(?:AT|[A-Z])\Z")
_MAX_CHARS_BEFORE = 24
# Words whose letters only tell one from another: hepatitis A and E, terminals C and D.
_LABEL_WORDS = """
vitamin hepatitis influenza flu protein plan group type class grade category categorie option team route line terminal section part block wing ward unit
phase zone tier serie series generation gen figure appendix annex schedule exhibit level lane pier gate hall building point side model variant sample
formula case witness patient pool division stage tranche list letter
"""
_LABELS = frozenset(f"{word}{ending}" for word in _LABEL_WORDS.split() for ending in ("", "s", "es"))

# J.P. Morgan is JPMorgan to some, and Web3 to others Web 3.
_NAME_AFTER_INITIALS = re.compile(r"(?:[^\W\d_]\.){2,3} ?[^\W\d_]{3,}")
_NUMBERED = re.compile(r"([^\W\d_]{2,}|[^\W\d_]&[^\W\d_])(\d{1,3}(?:\.\d+)?)")
# J. K. Rowling: the initials of a name, which many write apart. Without full stops it takes a name behind them to tell, and nobody writes
# "A I Act".
_INITIALS_APART = re.compile(r"\b([A-Z]\.) (?=[A-Z]\.)")
_INITIALS_FIRST = re.compile(r"(?:[A-Z]\.){2,3} ?[^\W\d_]|[B-HJ-Z][A-Z]{1,2} [A-Z][^\W\d_]*[a-z]")
_DECADE = re.compile(r"\d{3}0")
Form = tuple[int, int, str]  # a place, the number of parts it stands for, and how else they are written


@dataclass(frozen=True, slots=True)
class TopicText:
    """A text for matching."""

    parts: Sequence[str]  # folded, in order
    forms: Sequence[Form] = ()

    def at(self, place: int) -> list[tuple[str, int]]:
        """What stands at a place, each with the number of parts it takes."""
        found = [(self.parts[place], 1)] if place < len(self.parts) else []
        return found + [(form, length) for at, length, form in self.forms if at == place]

    def places(self, word: str) -> Iterator[int]:
        """Where a word stands, from the beginning on."""
        found = [at for at, _, form in self.forms if form == word]
        if word in self.parts:
            found += [at for at, part in enumerate(self.parts) if part == word]
        return iter(sorted(set(found)))


def topic_text(text: str) -> TopicText:
    """A text, taken apart."""
    tokens = _tokens(text)
    row = "".join(tokens)
    if row.isalnum() and (row.isascii() or not is_unspaced(row)):
        return TopicText(tokens)
    parts: list[str] = []
    forms: list[Form] = []
    for token in tokens:
        if token.isalnum() and token.isascii():
            parts.append(token)
            continue
        pieces, others = _taken_apart(token)
        forms += [(len(parts) + at, length, form) for at, length, form in others]
        parts += pieces
    return TopicText(parts, forms)


def topic_words(text: str) -> tuple[str, ...]:
    """A term as the parts that are looked for, as it is written."""
    return _with_possessives(topic_text(_as_name(text)))


def spellings(text: str) -> tuple[tuple[str, ...], ...]:
    """Other ways to write a term: COVID19 for COVID-19, NodeJS for Node.js, S&P500 for S&P 500, "and" for "&"."""
    text, base = _as_name(text), topic_words(text)
    found: dict[tuple[str, ...], None] = {}
    spaced = _AND_UNSPACED.sub(" and ", text)
    for written in dict.fromkeys((text, _AND.sub(" & ", text), _AND.sub(" and ", spaced))):
        made = topic_text(written)
        found[_with_possessives(made)] = None
        for at, length, form in made.forms:
            if not form.endswith("'s") and not (length == 1 and form in made.parts[at]):
                found[(*made.parts[:at], form, *made.parts[at + length :])] = None
    for words in tuple(found):
        found |= dict.fromkeys(_otherwise(words))
    if _NAME_AFTER_INITIALS.match(text):
        found[(base[0] + base[1], *base[2:])] = None
    if len(base) == 1 and (numbered := _NUMBERED.fullmatch(base[0])):
        found[numbered.groups()] = None
    if _INITIALS_FIRST.match(text) and base[0].isalpha() and len(base) > 1:
        found[(*base[0], *base[1:])] = None
    found.pop(base, None)
    return tuple(found)


def _otherwise(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    made: list[tuple[str, ...]] = []
    for at, (one, other) in enumerate(pairwise(words)):
        if other.isdigit() and one[-1].isalpha():
            made.append((*words[:at], one + other, *words[at + 2 :]))
        # "X-ray" and "X ray": a letter before a hyphen is marked, so that "X" alone does not find it.
        if len(one.rstrip("-")) == 1 and one[0].isalpha():
            made.append((*words[:at], one[0] if one.endswith("-") else f"{one}-", *words[at + 1 :]))
    made += [(*words[:-1], words[-1].removesuffix("'s") + "s")] if words and words[-1].endswith("'s") else []
    return made


def _as_name(term: str) -> str:
    return _PLURAL_OR_OWNER.sub(r"\1", _INITIALS_APART.sub(r"\1", plain_letters(term)))


def _with_possessives(text: TopicText) -> tuple[str, ...]:
    """Wendy's is a name, and "wendy" is not: in a term the ending counts."""
    words = list(text.parts)
    for at, _, form in text.forms:
        if form.endswith("'s"):
            words[at] = form
    return tuple(words)


def _tokens(text: str) -> list[str]:
    text = _with_pairs(plain_letters(text))
    if _NAME_WITH_S.search(text):
        text = _PLURAL_OF_NAME.sub(r"\1's", text)
    text = fold(text)
    if text.isascii() and "+" not in text and "#" not in text and not _DOT_IN_FRONT.search(text):
        return split_plain(text)
    found: list[str] = _INDIC_TOKEN.findall(composed(text)) if needs_more(text) else _TOKEN.findall(text)
    return found


def _with_pairs(text: str) -> str:
    """The text with `R & D` as `R&D`, and `R and D` as one token of which each part counts, for an "and" may be one."""
    for sign, pattern in _SPACED.items():
        if f" {sign} " in text:
            text = pattern.sub(_joined, text)
    return text


def _joined(found: re.Match[str]) -> str:
    if not _is_pair(found):
        return found[0]
    return "&" if found[0] == " & " else "&and&"


def _is_pair(found: re.Match[str]) -> bool:
    before = _PAIRED.search(found.string[max(found.start() - _MAX_CHARS_BEFORE, 0) : found.start()])
    if before is None or (found[0] != " & " and found.string[found.end()] == "I"):  # "X and I" are two
        return False
    label = before[1] or ""
    return label.casefold() not in _LABELS and not (len(label) == 2 and label[1] == ",")


@lru_cache(maxsize=65_536)
def _taken_apart(token: str) -> tuple[tuple[str, ...], tuple[Form, ...]]:
    """The parts of one token, and the other forms of them."""
    if is_unspaced(token):
        return tuple(split_words(token)), ()
    token, suffix = _suffix(token)
    parts: list[str] = []
    forms: list[Form] = []
    chunks = token.split("-")
    for number, chunk in enumerate(chunks):
        pieces, others = _chunk(chunk)
        forms += [(len(parts) + at, length, form) for at, length, form in others]
        # Not as a word of its own: whoever follows "X" does not want every X-ray.
        parts += [f"{chunk}-"] if number == 0 < len(chunks) - 1 and re.fullmatch("[^\\W\\d]", chunk) else pieces
    if suffix:
        last = parts[-1]
        parts[-1] = last + suffix
        if len(last) > 1 and "#" not in suffix:
            forms.append((len(parts) - 1, 1, last))
    if len(chunks) > 1:
        forms.append((0, len(parts), re.sub(r"[-'.&]", "", token.removesuffix("'s")) + suffix))
    return tuple(parts), tuple(forms)


def _suffix(token: str) -> tuple[str, str]:
    body = token.rstrip("+#")
    suffix = token[len(body) :]
    # A letter is a note or a language; after a longer word the sign numbers what follows, or begins a tag.
    return (body, "") if suffix == "#" and len(body) > 1 else (body, suffix)


def _chunk(chunk: str) -> tuple[list[str], list[Form]]:
    """What stands between hyphens."""
    if chunk.endswith("'s"):
        base = chunk.removesuffix("'s")
        parts, forms = _chunk(base)
        decade = [(0, 1, f"{base}s")] if _DECADE.fullmatch(base) else []
        return parts, [*forms, (len(parts) - 1, 1, f"{parts[-1]}'s"), *decade]
    if "'" in chunk:
        return _apostrophe(chunk)
    if "." in chunk.lstrip("."):
        return _dots(chunk)
    if "&and&" in chunk:
        one, other = chunk.split("&and&", 1)
        return [one, "and", other], [(0, 3, f"{one}&{other}")]
    if "&" in chunk:
        sides = chunk.split("&")
        if min(map(len, sides)) >= _MIN_SIDE_OF_AND:
            return sides, [(0, len(sides), chunk)]
    return [chunk], []


def _apostrophe(chunk: str) -> tuple[list[str], list[Form]]:
    before, _, last = chunk.rpartition("'")
    joined: Form = (0, 1, chunk.replace("'", ""))
    if last in _CONTRACTED:
        return [chunk], [joined]
    elided = [(0, 1, last)] if before in _ELIDED else []
    return [chunk], [*elided, joined]


def _dots(chunk: str) -> tuple[list[str], list[Form]]:
    if _INITIALS.fullmatch(chunk):
        return ([chunk], []) if chunk in _TIME_OR_LATIN else ([chunk.replace(".", "")], [])
    if re.search(r"\d\.\d", chunk):
        pieces = chunk.split(".")
        return [chunk], [(0, 1, ".".join(pieces[:end])) for end in range(2, len(pieces))]
    pieces = chunk.lstrip(".").split(".")
    last = len(pieces) - 1
    return pieces, [(0, len(pieces), "".join(pieces)), (last, 1, f".{pieces[last]}")]
