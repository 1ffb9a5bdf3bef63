"""Guesses the language of a text; stemmers and stop words by language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import chain

import Stemmer

from .tokenize import fold, split_words

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


_STOP_LISTS = {
    "ar": "arabic", "cs": "czech", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fr": "french",
    "he": "hebrew", "it": "italian", "ja": "japanese", "ko": "korean", "pl": "polish", "pt": "portuguese",
    "sk": "slovak", "sv": "swedish", "th": "thai", "uk": "ukrainian", "zh": "chinese",
}  # fmt: skip


# Tried in this order: Japanese before Chinese, because it mixes Han with kana; Ukrainian before Russian, for its letters.
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)


# Languages that write with the same letters as the one that the script suggests.
_SHARED_SCRIPTS = {"ar": {"fa", "ur"}, "zh": {"ja"}, "hi": {"ne", "mr"}, "ru": {"uk", "bg", "sr", "mk", "be"}}


_LETTERS = {
    other: letters for language, letters in _SCRIPTS for other in (language, *_SHARED_SCRIPTS.get(language, ()))
}


# Words with letters that one of the languages in Latin letters has and English has not. Each counts as a stop word does, but
# the first: a headline in English may have such a name in it.
_OWN_LETTERS = {
    "cs": re.compile(r"\w*[ěřů]\w*", re.IGNORECASE),
    "de": re.compile(r"\w*[äöüß]\w*", re.IGNORECASE),
    "es": re.compile(r"\w*ñ\w*|[¿¡]", re.IGNORECASE),
    "fr": re.compile(r"\w*[çèêëîïœ]\w*|\b[dlnjsc]['’](?=\w)", re.IGNORECASE),
    "pl": re.compile(r"\w*[łżźśąę]\w*", re.IGNORECASE),
    "pt": re.compile(r"\w*[ãõ]\w*", re.IGNORECASE),
    "sv": re.compile(r"\w*å\w*", re.IGNORECASE),
}
_LEAD = 2  # by which another language than the declared one must lead
_LATIN = ("cs", "de", "en", "es", "fr", "it", "pl", "pt", "sv")


@lru_cache(maxsize=32)
def stemmer_for(language: str) -> Callable[[str], str]:
    """Snowball's stemmer for a language (ISO 639-1), with a cache; returns words unchanged where Snowball has none."""
    stemmer = _snowball(language)
    return str if stemmer is None else lru_cache(maxsize=65536)(stemmer.stemWord)


def stem_words(words: Sequence[str], language: str) -> list[str]:
    """The stems of many words, which takes a fifth of the time that `stemmer_for` needs for words that are new."""
    stemmer = _snowball(language)
    stems: list[str] = list(words) if stemmer is None else stemmer.stemWords(words)
    return stems


@lru_cache(maxsize=32)
def _snowball(language: str) -> Stemmer.Stemmer | None:
    name = _SNOWBALL.get(language)
    return None if name is None else Stemmer.Stemmer(name, 0)


@lru_cache(maxsize=32)
def stop_words_for(language: str) -> frozenset[str]:
    """sumy's stop words for a language (ISO 639-1), folded; empty where sumy has no list."""
    name = _STOP_LISTS.get(language)
    if name is None:
        return frozenset()
    # Not through sumy.utils: importing it brings an HTTP client along.
    listed = (files("sumy") / "data" / "stopwords" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(fold(word) for word in listed.split())


def guess_language(text: str, *, declared: str = "", words: Collection[str] | None = None) -> str:
    """The ISO 639-1 code of a text; the declared language is believed unless the text clearly differs.

    The script decides first, then the stop words and letters of languages in Latin letters: a headline may have none, so
    another language than the declared one must lead by two. English where nothing decides.

    Args:
        text: a headline or more.
        declared: the language that its feed declares; empty where it declares none.
        words: the folded words of the text, where they are known already.
    """
    declared = declared[:2].lower()
    for language, letters in () if text.isascii() else _SCRIPTS:
        # A third of the letters decides. Of kana a tenth is enough: Japanese mixes them with Han.
        if len(letters.findall(text)) * (10 if language == "ja" else 3) > len(text.replace(" ", "")):
            return declared if declared in _SHARED_SCRIPTS.get(language, ()) else language
    if declared and declared not in _LATIN:
        return declared
    expected = declared or "en"
    words = split_words(text) if words is None else words
    # Only words that the expected language has not can give another one its lead. Most texts have hardly any.
    if text.isascii() and len(_stop_words_of_others(expected).intersection(words)) < _LEAD:
        return expected
    languages_of = _stop_words_by_language()
    found = languages_of.keys() & words
    votes = Counter(chain.from_iterable(map(languages_of.__getitem__, found)))
    if not text.isascii():
        votes.update({language: len(letters.findall(text)[1:]) for language, letters in _OWN_LETTERS.items()})
    most = max(votes.values(), default=0)
    if most < votes[expected] + _LEAD:
        return expected
    return next(language for language in _LATIN if votes[language] == most)


@lru_cache(maxsize=1024)  # a digest has many forms, and each says its headlines twice
def other_language(text: str, own: str) -> str:
    """The code of a text's language where that is clearly another one than `own`, a tag such as zh-Hant; else nothing."""
    base = own[:2].lower()
    letters = _LETTERS.get(base)
    if letters is not None and (letters.search(text) or not any(map(str.isalpha, text))):
        return ""
    guess = guess_language(text, declared="" if letters else base)
    return "" if guess == base or base in _SHARED_SCRIPTS.get(guess, ()) else guess


@lru_cache(maxsize=1)
def _stop_words_by_language() -> dict[str, list[str]]:
    """Stop words of the languages in Latin letters, with the languages that have them."""
    languages_of: dict[str, list[str]] = {}
    for language in _LATIN:
        for word in stop_words_for(language):
            languages_of.setdefault(word, []).append(language)
    return languages_of


@lru_cache(maxsize=16)
def _stop_words_of_others(language: str) -> frozenset[str]:
    """Stop words of the languages in Latin letters that this one has not."""
    return frozenset(word for word, languages in _stop_words_by_language().items() if language not in languages)
