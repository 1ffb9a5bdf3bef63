"""The plural of a word by the rules of English spelling, which those of many other languages resemble.

By rules and not by stems: a stemmer cannot know that "churches" is of church and "caches" of cache, and takes neither, or both for one.
"""

from __future__ import annotations

from collections.abc import Iterator

_TAKES_ES = ("s", "x", "z", "ch", "sh", "o")
_VOWELS = "aeiou"
# Those by no rule. Left out is what is another word as well, and in news mostly that: leaves, lives, media, data.
_IRREGULAR = {
    "child": "children", "grandchild": "grandchildren", "schoolchild": "schoolchildren", "foot": "feet", "tooth": "teeth", "goose": "geese", "mouse": "mice",
    "louse": "lice", "ox": "oxen", "woman": "women", "wolf": "wolves", "knife": "knives", "wife": "wives", "midwife": "midwives", "half": "halves", "thief": "thieves",
    "shelf": "shelves", "calf": "calves", "loaf": "loaves", "scarf": "scarves", "hoof": "hooves", "criterion": "criteria", "phenomenon": "phenomena",
    "index": "indices", "matrix": "matrices", "vertex": "vertices", "appendix": "appendices", "bacterium": "bacteria", "nucleus": "nuclei", "fungus": "fungi",
    "stimulus": "stimuli", "cactus": "cacti", "alumnus": "alumni", "larva": "larvae", "alga": "algae", "curriculum": "curricula", "stratum": "strata",
}  # fmt: skip
_SINGLE = {plural: single for single, plural in _IRREGULAR.items()}
_LEAST_LETTERS_OF_MEN = 6  # with which a word in -man is somebody: Oman has no omen


def differ_in_number(one: str, other: str) -> bool:
    """Whether one of two folded words may be the plural of the other."""
    return one in plurals(other) or other in plurals(one)


def plurals(word: str) -> Iterator[str]:
    """How the plural of a word may be written."""
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    if word.endswith("man") and len(word) >= _LEAST_LETTERS_OF_MEN:
        yield f"{word[:-3]}men"
    if not word.endswith("s") and not word.isdigit():  # the 1990s are no year, and a princess is no princes
        yield f"{word}s"
    if word.endswith(_TAKES_ES):
        yield f"{word}es"
    if word.endswith("z"):
        yield f"{word}zes"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        yield f"{word[:-1]}ies"
    if word.endswith("sis"):
        yield f"{word[:-2]}es"


def singulars(word: str) -> Iterator[str]:
    """What a word may be the plural of."""
    if word in _SINGLE:
        yield _SINGLE[word]
    if word.endswith("men") and len(word) >= _LEAST_LETTERS_OF_MEN:
        yield f"{word[:-3]}man"
    if not word.endswith("s"):
        return
    for ending, without in ((1, ""), (2, ""), (3, ""), (3, "y"), (2, "is")):
        single = word[:-ending] + without
        if word in plurals(single):
            yield single
