"""Text into words: the one meaning of "word" that topics, stories and summaries share.

Words are folded (case and accents gone). Scripts written without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) give
overlapping pairs of characters, the usual unit for retrieval without a dictionary (Nie et al. 2000).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import snowballstemmer
from sumy.utils import get_stop_words

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+(?:['’.&-][^\W_{_UNSPACED}]+)*")
_RUN = re.compile(rf"[{_UNSPACED}]+")
_MARKS = re.compile("[\u0300-\u036f]")
_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Case and accents gone: `Beyoncé` and `BEYONCE` are one word. Idempotent."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).replace("’", "'").casefold()


def is_unspaced(text: str) -> bool:
    """Whether it holds a script that is written without spaces."""
    return _RUN.search(text) is not None


def split_words(text: str) -> list[str]:
    """Folded words in order; numbers stay whole (`7.5`, `12`), possessive endings go, unspaced runs become pairs."""
    words: list[str] = []
    for run in _WORD.findall(fold(text)):
        if _RUN.match(run):
            words.extend([run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)])
        else:
            words.append(run.removesuffix("'s"))
    return words


@lru_cache(maxsize=32)
def stemmer_for(language: str) -> Callable[[str], str]:
    """snowball's stemmer of a language (ISO 639-1), remembering words; the word itself where snowball has none."""
    name = _SNOWBALL.get(language)
    if name is None:
        return str
    return lru_cache(maxsize=65536)(snowballstemmer.stemmer(name).stemWord)


@lru_cache(maxsize=32)
def stop_words_for(language: str) -> frozenset[str]:
    """sumy's stop words of a language (ISO 639-1), folded; none where sumy has no list."""
    try:
        return frozenset(fold(word) for word in get_stop_words(language))
    except LookupError:
        return frozenset()


def content_words(text: str, language: str = "") -> list[str]:
    """Stems of the words that say something, in order; without a language, English is assumed."""
    language = language or "en"
    stem, stop = stemmer_for(language), stop_words_for(language)
    return [stem(word) for word in split_words(text) if word not in stop]
