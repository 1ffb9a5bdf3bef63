"""The model of meaning, where it is installed and wanted, with a memory of what it was asked."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from ..errors import ConfigError, ConfigErrors
from ..model import Item
from ..ports import Progress, Store, Vectors
from ..settings import Loaded
from ..stories import Meaning
from ..text.sentence_vectors import DIMENSIONS, MODEL, is_installed, sentence_vectors

_log = logging.getLogger(__name__)

MOST_ITEMS = 3000  # of a run, the newest: at a fifth of a second each, more would hold up an edition
# Of a title and text together. The model reads 512 tokens, and its time grows with them; news says first what matters.
_CHARACTERS = 400
_AT_ONCE = 32  # texts, between two steps of the progress that is shown

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]


def meaning_problems(loaded: Loaded) -> list[ConfigError]:
    """Settings that ask for the model where there is none."""
    if loaded.settings.meaning != "no" and is_installed():
        return []
    fix = "pip install 'digestbot[meaning]'"
    if loaded.settings.meaning == "yes":
        key = "DIGESTBOT_MEANING"
        return [ConfigError(key, "needs one more package", f"{fix}, or write auto", line=loaded.lines.get(key))]
    if loaded.settings.meaning == "no":
        fix = "take DIGESTBOT_MEANING=no out"
    keys = [f"DIGESTBOT_DIGESTS__{name.upper()}__ACROSS_LANGUAGES" for name in _across(loaded)]
    reason = "has no effect: only the model of meaning finds one event in two languages"
    return [ConfigError(key, reason, fix, line=loaded.lines.get(key)) for key in keys]


def _across(loaded: Loaded) -> list[str]:
    return [name for name, digest in loaded.digests.items() if digest.across_languages]


def meaning_for(loaded: Loaded, store: Store, progress: Progress, *, clock: Callable[[], datetime]) -> Meaning | None:
    """The model, or None where it is not installed or not wanted.

    Raises:
        ConfigErrors: it is asked for and not there.
    """
    if problems := meaning_problems(loaded):
        raise ConfigErrors(problems)
    if loaded.settings.meaning == "no" or not is_installed():
        return None
    return RememberedMeaning(store.vectors, progress, clock=clock)


class RememberedMeaning:
    """`stories.Meaning` that asks the model for each text once, and the store from then on."""

    def __init__(
        self,
        known: Vectors,
        progress: Progress,
        *,
        clock: Callable[[], datetime],
        encode: Encode = sentence_vectors,
        most: int = MOST_ITEMS,
    ) -> None:
        self._known = known
        self._progress = progress
        self._clock = clock
        self._encode = encode
        self._most = most

    def vectors(self, items: Sequence[Item]) -> npt.NDArray[np.float32]:
        """One row an item; zeros for those beyond the newest, and for all where the model cannot be used."""
        texts = [_text(item) for item in items]
        newest = sorted((row for row, text in enumerate(texts) if text), key=lambda row: _recency(items[row]))
        keys = {row: _key(texts[row]) for row in newest[: self._most]}
        known = dict(self._known.get(set(keys.values())))
        missing = {key: texts[row] for row, key in keys.items() if key not in known}
        found = np.zeros((len(items), DIMENSIONS), dtype=np.float32)
        try:
            known |= self._made(missing)
        except OSError as error:
            _log.warning("stories are grouped by their words alone: %s", error)
            return found
        for row, key in keys.items():
            found[row] = np.frombuffer(known[key], dtype=np.float16)
        return found

    def _made(self, texts: dict[str, str]) -> dict[str, bytes]:
        if not texts:
            return {}
        # No stage of its own: it is a part of grouping. The first time it takes minutes, which the log should explain.
        _log.info("%d texts are new to the model of meaning", len(texts))
        made: dict[str, bytes] = {}
        keys = list(texts)
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            vectors = self._encode([texts[key] for key in some])
            # Half the bytes; what is lost is a hundredth of what tells two texts apart.
            fresh = {key: vector.astype(np.float16).tobytes() for key, vector in zip(some, vectors, strict=True)}
            # At once, so that what was made before a signal is not made again.
            self._known.put(fresh, now=self._clock())
            made |= fresh
            for key in some:
                self._progress.step(texts[key])
        return made


def _text(item: Item) -> str:
    return f"{item.title}. {item.text}".strip(" .")[:_CHARACTERS]


def _recency(item: Item) -> tuple[float, str]:
    """Newest first, undated ones last; of equal times in an order that does not depend on who asks."""
    return (-item.effective_time.timestamp() if item.effective_time else 0.0), item.id


def _key(text: str) -> str:
    return hashlib.blake2b(f"{MODEL}\n{text}".encode(), digest_size=16).hexdigest()
