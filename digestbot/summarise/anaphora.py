"""Sentences that cannot be understood alone: recognised by their first words.

An anaphor is a word that points back to something said before: he, this, but. selection.py quotes such a
sentence only behind the one before it.
"""

from __future__ import annotations

import re

_QUOTE = r"[\"'“‘«„「『]*"
# Generous on purpose: a good sentence left out costs little, one that points to nothing confuses. Ordinals count before
# a comma only, because "First Republic Bank" points to nothing.
_ANAPHORS = {
    "en": "(?:he|she|it|they)(?:['’](?:s|d|ll|re|ve))?|him|her|his|hers|its|their|theirs|them|this|that|these|those|such|"
    "but|and|or|so|yet|also|however|meanwhile|moreover|furthermore|nevertheless|nonetheless|instead|then|there|thus|"
    "therefore|besides|still|too|another|both|otherwise|similarly|likewise|separately|in addition|as a result|"
    "for example|for instance|on the other hand|by contrast|in contrast|the (?:former|latter|pair|duo|two|three)|"
    "(?:first|second|third|fourth|finally|lastly)(?=,)",
    "de": "er|sie|es|ihr|sein|seine|ihre|dies|diese|dieser|dieses|das|damit|dabei|dazu|dafür|dagegen|aber|doch|jedoch|"
    "allerdings|zudem|außerdem|auch|und|oder|so|dort|dann|beide|stattdessen|gleichzeitig",
    "fr": "il|elle|ils|elles|son|sa|ses|leur|leurs|ce|cet|cette|ces|cela|mais|et|ou|or|donc|cependant|toutefois|"
    "pourtant|ainsi|aussi|en outre|de plus|par ailleurs|en revanche",
    "es": "él|ella|ellos|ellas|su|sus|este|esta|estos|estas|esto|ese|esa|eso|pero|y|o|sin embargo|además|también|así|"
    "por ello|por otra parte|no obstante",
    "it": "lui|lei|essi|esse|suo|sua|questo|questa|questi|queste|ciò|ma|e|però|tuttavia|inoltre|anche|così|invece",
    "pt": "ele|ela|eles|elas|seu|sua|este|esta|esse|essa|isto|isso|mas|e|porém|além disso|também|assim|no entanto",
    "hi": "यह|वह|ये|वे|इस|उस|इसके|उसके|इन|उन|लेकिन|और|परंतु|हालांकि",
    "nl": "hij|zij|ze|het|zijn|haar|dit|dat|deze|die|maar|en|ook|toch|echter|bovendien|daarnaast",
}
_OPENS_WITH_ANAPHOR = {
    language: re.compile(rf"{_QUOTE}(?:{words})\b", re.IGNORECASE) for language, words in _ANAPHORS.items()
}
# The same openings in Chinese and Japanese, where no space ends a word.
_UNSPACED = re.compile(
    rf"{_QUOTE}(?:[他她它這这該该惟但而亦]|其(?!他)|然而|不[过過]|此[外舉举案]|另外|同[时時]|因此|[并並]且|[随隨][后後即]|至[于於]|[对對]此|[当當]中|事[后後]|彼|しかし|また|さらに|だが|これ|それ|この|その|同社)"
)
# A person or thing that must have been introduced: nobody begins a report with "Mr Orlov" or "The company".
_THINGS = (
    r"[Tt]he (?:move|decision|company|firm|group|report|statement|announcement|plan|"
    r"deal|agency|officials?|spokes(?:man|woman|person)|incident|attack|study|directive)\b"
)
_INTRODUCED_BEFORE = re.compile(rf"{_QUOTE}(?:(?:Mr|Mrs|Ms|Dr)\.? |{_THINGS})")
# What a headline has named when it stands right above: "Tidal cuts jobs" / "The company says ..."
REFERRING = ("company", "firm", "group", "agency", "move", "decision", "deal", "plan")
_INTRODUCED_BY_TITLE = re.compile(rf"[Tt]he (?:{'|'.join(REFERRING)})\b(?! (?:of|that|to|for|behind)\b)")
# What a description names that was written to stand under its title: "Two welders die in fire" / "The two were trapped ..."
_UNDER_ITS_TITLE = re.compile(r"the (?:two|three|pair|duo|attack|incident|study|report)\b", re.IGNORECASE)

# "The model also found ..." adds to something that was told before; in Chinese the word stands in the first clauses. And a
# condition without a subject, 若..., is one of what was told before.
_ADDS = re.compile(
    rf"{_QUOTE}(?:(?:[\w’'.&-]+ ){{1,5}}(?:also|auch|ebenfalls|zudem|également|también|inoltre|também)\b|"
    r"(?:若|倘若|倘|假如)(?!干|非|無)|if (?:so|not|that|this|it|they)\b|"
    r"[^。！？；]{1,24}?(?:亦|[^，]也(?![許许門门])|同樣|同样|[就則则](?=[稱称指說说表認认]))[^。，]{3})",
    re.IGNORECASE,
)


def is_anaphoric(sentence: str, language: str = "en") -> bool:
    """Whether it opens with a word (he, but, this) that makes no sense without the sentence right before it."""
    pattern = _OPENS_WITH_ANAPHOR.get(language, _OPENS_WITH_ANAPHOR["en"])
    return (pattern.match(sentence) or _UNSPACED.match(sentence)) is not None


def needs_antecedent(sentence: str) -> bool:
    """Whether it opens with somebody or something (Mr Orlov, the company) that an earlier sentence introduced, or adds to one."""
    return (_INTRODUCED_BEFORE.match(sentence) or _ADDS.match(sentence)) is not None


def refers_to_title(sentence: str) -> bool:
    """Whether it opens with what the title of its own report has named, and makes sense right below that title."""
    refers = _INTRODUCED_BY_TITLE.match(sentence) or _UNDER_ITS_TITLE.match(sentence)
    return refers is not None and _ADDS.match(sentence) is None
