"""News text into sentences, by rule: no data to download, every sentence a verbatim piece of the text."""

from __future__ import annotations

import re


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Before a name or a number: a full stop after these never ends a sentence.
_TITLES = _listed(
    "mr mrs ms dr prof sen sens rep reps gov govs gen lt col capt cmdr maj sgt cpl pvt adm rev hon supt insp det pres "
    "messrs mme mlle st ste mt ft no nos vs v cf ca fig pp vol art sec op dept approx est feat jan feb mar apr jun jul "
    "aug sep sept oct nov dec e.g i.e viz resp z.b bzw ca nr hr fr m al"
)
# May end a sentence: then only a word that likes to begin one does.
_ENDING = _listed(
    "inc corp co ltd llc plc bros jr sr etc a.m p.m u.s u.k u.n e.u d.c n.y u.s.a ph.d m.d b.a m.a b.c a.d l.a s.a "
    "n.v a.g s.p.a p.l.c ave blvd rd hwy ct ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn "
    "miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo ala"
)
_STARTERS = _listed(
    "a an the this that these those he she it they we you i his her its their our my there here in on at as but and "
    "or so if when while after before since for from by with to of about among according although because despite "
    "during however meanwhile moreover nor not now once one some many most other others both each all only still such "
    "then though thus under until what where which who why how yet mr mrs ms dr also even more no last earlier "
    "officials police critics analysts"
)
_CLOSERS = "\"'”’»)\\]」』”）】》"
_OPENERS = "\"'“‘«([「『（【《¿¡"
_END = re.compile(
    rf"[.!?…‥]+(?:[{_CLOSERS}]+|\s[\"'”’](?=\s))*(?=\s)"  # spaced scripts: white space must follow
    rf"|[。！？｡．؟۔।॥။።։]+[{_CLOSERS}]*"
    r"|\n+"
)
_LAST_WORD = re.compile(r"[^\s\"'“”‘’«»()\[\]]+$")
_BULLET = re.compile(r"[•·▪‣●]|[-–—*](?=\s)")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]?")


def split_sentences(text: str) -> list[str]:
    """The sentences of `text` in order, each a contiguous piece of it with only the white space around it gone.

    A newline ends a sentence unless the next line plainly goes on. Rules for quotations, titles, initials,
    abbreviations, decimals, enumerations and the full stops of other scripts; nothing is learnt or looked up.
    """
    pieces: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if end.start() >= start and _is_boundary(text, start, end):
            pieces.append(text[start : end.end()].strip())
            start = end.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece]


def _is_boundary(text: str, start: int, end: re.Match[str]) -> bool:
    mark = end.group()
    rest = text[end.end() : end.end() + 80].lstrip()
    if not rest:
        return True
    bare = rest.lstrip(_OPENERS + " ")
    if mark[0] == "\n":
        return not (bare[:1].islower() and text[: end.start()].rstrip()[-1:] not in ".!?:;")
    if mark[0] not in ".!?…‥":
        return True
    if bare[:1].islower() and not _BULLET.match(rest):
        return False
    if mark != ".":
        return True
    return _ends_at_stop(text[start : end.start()], bare)


def _ends_at_stop(before: str, after: str) -> bool:
    found = _LAST_WORD.search(before)
    if found is None:
        return True
    word = found.group()
    if _NUMBERED.fullmatch(before.strip()):
        return False
    bare = word.casefold().rstrip(".,")
    following = re.match(r"[^\W\d_]+", after)
    starter = following is not None and following.group().casefold() in _STARTERS
    if bare in _TITLES:
        return False
    if len(word) == 1 and word.isupper():
        return starter
    if bare in _ENDING or re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", bare):
        return starter
    return True
