"""What an item says in its title and text: without what stands in both and is none of its words.

That is a title which is none ("Untitled"), a caption, the line that cites an article, a list of other outlets' headlines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

from ..text.sanitise import one_line, sanitise, shorten
from ..text.sentences import sentence_spans
from ..text.tokenize import is_unspaced, split_words
from .credits import CREDITED_WITH_COLON, ends_with_credit, may_hold_credit
from .html_to_text import plain_line, plain_text, plain_texts
from .no_words import MOST_CHARS_OF_NOTHING, is_sample, may_end_with_links, says_nothing, without_end
from .raw_feed import RawItem

MAX_TITLE_CHARS: Final = 500
_MAX_HEADLINE_CHARS: Final = 120
_FEW_SPACES: Final = 4
_MOST_CHARS_OF_NO_TITLE: Final = 32  # of one that begins with a letter and has spaces
# Of a title in lower case, which takes half the time of a pattern that ignores case.
_NO_TITLE: Final = re.compile(
    r"[\[(<{«*–—.\s-]*+(?:null|none|nil|nan|n ?/ ?a|undefined|title|titel|titre|título|titolo|object object|false|true|tb[ad]|auto[ -]draft|re:|https?://"
    r"|(?:new )?post|(?:post|article|item|entry) title|item|entry|photo|image|picture|video|tweet|toot|status update"
    r"|(?:no[ _-]?(?:title|subject|headline)|un(?:titled|named)(?:[ -](?:post|page|document|entry|item|note|draft))?"
    r"|(?:seite |dokument |beitrag )?ohne (?:titel|betreff)|kein(?:e[nr]?)? (?:titel|betreff|überschrift)|unbenannt(?:e[rs]? (?:dokument|seite|beitrag))?"
    r"|(?:(?:document|article|page|message) )?sans[ -]titre|(?:(?:entrada|página|documento) )?sin t[íi]tulo|(?:(?:documento|página|postagem) )?sem t[íi]tulo"
    r"|senza (?:titolo|nome)|geen titel|zonder titel|(?:без|нет) (?:названия|заголовка|темы)|bez (?:tytułu|názvu|nazwy|naslova)|brak tytułu|uden titel|utan titel"
    r"|uten tittel|namnlös|otsikoton|fără titlu|tanpa judul|tiada tajuk|không (?:có )?tiêu đề|无标题|無標題|無題(?:のドキュメント)?|无標题|無标题|タイトルなし|제목 ?없음"
    r"|başl[ıi]ks[ıi]z|(?:بدون|بلا) عنوان|ללא כותרת|neuer (?:beitrag|artikel)|nouve(?:l article|au message|au billet)|nueva entrada|nov[oa] (?:post|publicação)"
    r"|nuovo (?:post|articolo)|nieuw bericht|nytt? (?:inlägg|innlegg|indlæg)|nowy (?:wpis|post)|nová? (?:příspěvek|článek)|новая запись|новый пост|yeni (?:yazı|gönderi)"
    r"|新しい投稿|新文章)(?:[ -]?\(?\d+\)?)?)?[\])>}»*–—.\s-]*+|[\W_]++"
    r"|\{\{[^{}]*\}\}|\$\{\w+\}|%\w+%|<%.*%>",  # of a template that was not filled in
)
_ADDRESS: Final = re.compile(r"(?:(?:https?|mailto):|www\.)\S+", re.IGNORECASE)
_ANCHOR: Final = re.compile(r"<a\s[^<>]*+>([^<]*+(?:<(?!/a\s*>)[^<]*+)*+)</a\s*>", re.IGNORECASE)
_MOST_CHARS_OF_A_LIST: Final = 6_000  # with its markup
_CHARS_BEFORE_A_LIST: Final = 600  # with those of a table around it
_MAX_CHARS_A_LINK: Final = 160  # of a list of headlines, with the names of their outlets
_MIN_WORDS_OF_PROSE: Final = 8
_MOST_WORDS_BESIDE_A_LINK: Final = 5
_FEWEST_CHARS_WITHOUT_SPACES: Final = 7
# Scientific publishers begin a text with where it was published, when, and by whom.
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CITATION: Final = re.compile(
    r"(?:arxiv:\s?[\w./-]+(?: ?v\d+)?(?: announce type: [\w-]+)?|(?:author(?:\(s\)|s)?|by|publication date|published(?: online| on)?|publication|source|"
    r"journal|citation|cite as|doi|pmid|subjects?|keywords?|received|accepted|available online|online now|comments?|editor\(s\)|affiliations?)\s?:.*|"
    r".*\bdoi(?:\.org/|:)\s?10\.\d{4,}/\S+.{0,40}|\[[^\[\]]{3,80}\]\s*published .{6,40}|"
    rf"[^.!?]{{3,90}},? (?:volume|vol\.?) \d+,? (?:issue|no\.?|number) \d+.{{0,60}}|[^.!?]{{3,90}}, (?:ahead of print|early view|published online).{{0,60}}|"
    rf"[^.!?]{{3,60}}\. (?:19|20)\d\d(?: {_MONTH}(?: \d{{1,2}})?)?;\s?\d.{{0,60}})\Z",
    re.IGNORECASE,
)
_PEOPLE: Final = re.compile(
    r"(?:[A-ZÀ-Þ][\w.’'-]*\s+){1,4}[A-ZÀ-Þ][\w’'-]+\d*(?:(?:,|;| and| &) (?:and )?(?:[A-ZÀ-Þ][\w.’'-]*\s+){1,4}[A-ZÀ-Þ][\w’'-]+\d*){2,}(?:,? et al)?\.?"
)
_ANNOUNCED: Final = re.compile(r"arxiv:\S+ announce type: [\w-]+\s*", re.IGNORECASE)
_FEW_CHARS: Final = 120
_MOST_CHARS_OF_A_PICTURE: Final = 2_000  # with its addresses
_ALTERNATIVE: Final = re.compile(r"<img\b[^<>]*\balt\s*=\s*([\"'])\s*([^<>]*?\w[^<>]*?)\s*\1", re.IGNORECASE)
_MOST_CAPTION_WORDS: Final = 40
_MOST_CHARS_OF_A_CAPTION: Final = 250
_LINES_OF_A_HEAD: Final = 6
_LINES_WITH_NAMES: Final = 4
_CHARS_OF_A_HEAD: Final = 300
_MOST_CHARS_OF_NAMES: Final = 1_000
_LABELS: Final = (
    "abstract", "summary", "graphical abstract", "significance", "background", "objective", "objectives", "introduction", "purpose", "aim", "aims",
    "highlights", "tl;dr", "tldr", "zusammenfassung", "kurzfassung", "abstrakt", "résumé", "resumé", "resumen", "resumo", "riassunto", "sommario",
    "samenvatting", "streszczenie", "sammanfattning", "sammendrag", "tiivistelmä", "özet", "összefoglaló", "rezumat", "abstrak", "tóm tắt", "аннотация",
    "резюме", "анотація", "περίληψη", "תקציר", "الملخص", "ملخص", "چکیده", "सारांश", "초록", "요약", "要約", "概要", "摘要", "要旨", "抄録", "抄錄",
)  # fmt: skip
# What a text begins with that is labelled or announced; and what a line that is none of its words has somewhere: the first stand before a colon.
_BEGINNINGS: Final = (
    *_LABELS,
    "arxiv:",
    "lorem ipsum",
    *(f"{mark}{label}" for label in _LABELS for mark in "[【(（「"),
)
# By their first two letters, which rule out nearly every text.
_BEGUN: Final = {two: tuple(one for one in _BEGINNINGS if one[:2] == two) for two in {one[:2] for one in _BEGINNINGS}}
_LABEL: Final = re.compile(
    rf"(?:[\[【(（「]?(?:{'|'.join(sorted(map(re.escape, _LABELS), key=len, reverse=True))})"
    r"\s*(?:[\]】)）」]\s*[:：]?|[:：—–]|\.\s(?=[A-ZÀ-Þ])|\n|(?<=abstract)(?-i:(?=[A-Z][a-z])))\s*)+",
    re.IGNORECASE,
)
_HINTS_WITH_COLON: Final = (
    *_LABELS[:8], *CREDITED_WITH_COLON, "zusammenfassung", "résumé", "resumen", "resumo", "摘要", "doi", "arxiv", "author", "authors", "journal", "source",
    "publication", "publication date", "published", "published online", "published on",
)  # fmt: skip
# Where it appeared stands behind a comma, which is found in a fraction of the time of words.
_APPEARED: Final = re.compile(",(?= vol| published online| ahead of print| early view)")
# What a citation begins with or holds, in lower case.
_CITED: Final = (
    "arxiv:", "author", "by", "publication", "published", "source", "journal", "citation", "cite as", "doi", "pmid", "subject", "keyword",
    "received", "accepted", "available online", "online now", "comment", "editor(s)", "affiliation", "[",
)  # fmt: skip
_IN_CITATIONS: Final = ("doi", "vol", ";", "ahead of print", "early view", "published online")


def title_of(item: RawItem) -> str:
    """Its title on one line; empty where it has none, or one that names nothing."""
    title = one_line(item.title) if item.title_plain else plain_line(item.title)
    if not title:
        return ""
    # Only a short title, or one without letters at its beginning, can be none. Some leave out the scheme of an address.
    spaces = title.count(" ")
    if not spaces and "%20" in title and ":" not in title:  # of an address, where a program wanted words
        title = one_line(unquote(title))
        spaces = title.count(" ")
    if (
        (spaces <= _FEW_SPACES and (len(title) <= _MOST_CHARS_OF_NO_TITLE or not spaces)) or not title[0].isalnum()
    ) and (names_nothing(title) or ("/" in title and title in item.link and not spaces)):
        return ""
    return title if len(title) <= MAX_TITLE_CHARS else shorten(title, MAX_TITLE_CHARS)


def is_title(markup: str) -> bool:
    """Whether what stands as a title may be one; another vocabulary may have one where it is none."""
    return not names_nothing(plain_line(markup))


def names_nothing(title: str) -> bool:
    """Whether a title on one line is none: a program's word for that there is none, an address, signs alone."""
    if _NO_TITLE.fullmatch(title.lower()):
        return True
    return " " not in title and (":" in title or "." in title) and _ADDRESS.fullmatch(title) is not None


def texts_of(items: Sequence[RawItem], titles: Sequence[str]) -> list[str]:
    """Of each the longer of its texts as plain text, without what is not its own words; the other one where that says nothing."""
    longer = [item.content if len(item.content) > len(item.summary) else item.summary for item in items]
    texts = _own_words(items, longer, titles)
    silent = [at for at, text in enumerate(texts) if not text and items[at].summary and items[at].content]
    if silent:
        others = [items[at].summary if longer[at] is items[at].content else items[at].content for at in silent]
        found = _own_words([items[at] for at in silent], others, [titles[at] for at in silent])
        for at, text in zip(silent, found, strict=True):
            texts[at] = text
    return texts


def _own_words(items: Sequence[RawItem], marked_up: Sequence[str], titles: Sequence[str]) -> list[str]:
    texts = [
        sanitise(words) if item.plain else text
        for item, words, text in zip(
            items,
            marked_up,
            plain_texts(["" if item.plain else words for item, words in zip(items, marked_up, strict=True)]),
            strict=True,
        )
    ]
    texts = [
        ""
        if not item.plain
        and len(words) <= _MOST_CHARS_OF_A_LIST
        and words.find("<a", 0, _CHARS_BEFORE_A_LIST) >= 0
        and (links := words.count("</a>"))
        and len(text) <= _MAX_CHARS_A_LINK * links
        and is_list_of_headlines(words, text, title)
        else text
        for item, words, text, title in zip(items, marked_up, texts, titles, strict=True)
    ]
    texts = [
        without_end(words, text, title) if may_end_with_links(words) and not item.plain else text
        for item, words, text, title in zip(items, marked_up, texts, titles, strict=True)
    ]
    return [without_frame(text) if text else "" for text in texts]


def are_silent(*texts: str) -> bool:
    """Whether none of these texts says anything, such as a picture alone, so that what is said about the picture says more."""
    return not any(text and not _is_silent(text) for text in texts)


def _is_silent(markup: str) -> bool:
    # Its plain text, which takes its time, is asked for only where it can be nothing.
    may_be = len(markup) <= _FEW_CHARS or (len(markup) <= _MOST_CHARS_OF_A_PICTURE and "<img" in markup)
    return may_be and not without_frame(plain_text(markup))


def alternative_of(item: RawItem) -> str:
    """What stands for its picture where that cannot be seen."""
    found = _ALTERNATIVE.search((item.content or item.summary)[:_MOST_CHARS_OF_A_PICTURE])
    return plain_line(found[2]) if found else ""


def headline(text: str) -> str:
    """A title for a text that has none: its first sentence, shortened at a word."""
    line = text.partition("\n")[0]
    first = next((line[start:end] for start, end in sentence_spans(line[: 8 * _MAX_HEADLINE_CHARS])), line)
    return shorten(one_line(first), _MAX_HEADLINE_CHARS)


def without_frame(text: str) -> str:
    """The text without captions, citations, names of authors and labels at its beginning; nothing of one that says nothing."""
    if len(text) < MOST_CHARS_OF_NOTHING and says_nothing(text):
        return ""
    if not _may_be_framed(text):
        return text
    *head, rest = f"{text}\n".split("\n", _LINES_OF_A_HEAD)
    kept = [
        line
        for at, line in enumerate(head)
        if not _is_frame(line, alone=not rest and len(head) == 1, early=at < _LINES_WITH_NAMES)
    ]
    body = "\n".join((*kept, rest)).strip()
    if is_sample(body):
        return ""
    if "announce" in body.lower():
        body = _ANNOUNCED.sub("", body, count=1)
    return _LABEL.sub("", body, count=1) if _LABEL.match(body) else body


def _may_be_framed(text: str) -> bool:
    """Whether a closer look at its first lines pays; nearly all texts need none."""
    start = text[:_CHARS_OF_A_HEAD].lower()
    if (begun := _BEGUN.get(start[:2])) and start.startswith(begun):
        return True
    # A line of more words than a caption has is neither that nor a citation, only names perhaps.
    if ("\n" in start or start.count(" ") <= _MOST_CAPTION_WORDS) and _has_hint(start, alone="\n" not in text):
        return True
    end = text.find("\n", 0, _MOST_CHARS_OF_NAMES)
    return end >= 0 and _PEOPLE.fullmatch(text, 0, end) is not None


def _has_hint(start: str, *, alone: bool) -> bool:
    """Whether something in it is of a citation, or of a credit, which a line that stands alone is not."""
    # Substrings are found in a fraction of the time of a pattern, single letters in a fraction of that.
    if ":" in start and any(part.rstrip().endswith(_HINTS_WITH_COLON) for part in start.split(":")[:-1]):
        return True
    if ("/" in start and "doi.org" in start) or ("[" in start and "] published" in start) or _APPEARED.search(start):
        return True
    if ("\n" in start and "\nabstract" in start) or ("(" in start and "author(s)" in start):
        return True
    # Behind a first line longer than a caption hardly ever stands one.
    return not alone and start.find("\n", 0, _MOST_CHARS_OF_A_CAPTION) >= 0 and may_hold_credit(start)


def _is_frame(line: str, *, alone: bool, early: bool) -> bool:
    if early and len(line) < _MOST_CHARS_OF_NAMES and _PEOPLE.fullmatch(line):
        return True
    if line.count(" ") > _MOST_CAPTION_WORDS:
        return False
    small = line.lower()
    if (small.startswith(_CITED) or any(map(small.__contains__, _IN_CITATIONS))) and _CITATION.match(line):
        return True
    return not alone and ends_with_credit(line, small)


def is_list_of_headlines(markup: str, text: str, title: str) -> bool:
    """Whether it says nothing but where others tell something: links, and beside each the name of an outlet at most.

    `text` is the markup as text.
    """
    linked = _ANCHOR.findall(markup)
    # Where far more words stand outside of the links there is no need to look closely; a reference may be a space.
    words = sum([len(anchor.split()) + anchor.count("&") for anchor in linked])
    if text.count(" ") + text.count("\n") - words >= _MOST_WORDS_BESIDE_A_LINK * len(linked):
        return False
    anchors = [*map(plain_line, linked)]
    told = [anchor for anchor in anchors if anchor.count(" ") >= 2 or _is_headline_without_spaces(anchor)]
    if not told and (len(anchors) != 1 or anchors[0].casefold() != title.casefold()):
        return False
    beside = plain_text(_ANCHOR.sub(" ", markup))
    if any(_words_in(line) >= _MIN_WORDS_OF_PROSE for line in beside.split("\n")):
        return False
    if _words_in(beside) > _MOST_WORDS_BESIDE_A_LINK * len(anchors):
        return False
    return len(told) != 1 or _same(told[0], title)


def _words_in(text: str) -> int:
    return len(text.split()) if text.isascii() else len(split_words(text))  # of a script without spaces each pair


def _is_headline_without_spaces(anchor: str) -> bool:
    return len(anchor) >= _FEWEST_CHARS_WITHOUT_SPACES and not anchor.isascii() and is_unspaced(anchor)


def _same(one: str, other: str) -> bool:
    one, other = one.casefold(), other.casefold()
    return bool(one) and bool(other) and (one in other or other in one)
