"""Takes apart two reports whose titles say nothing of each other, however alike their texts are.

A status page, a filing, a job or a vulnerability is written by a template: many texts in the same words about different
things, which only their titles name.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .cosine import mirrored, side_by_side

# How many words of the one's title the other says in its title or text, and the other way round: a word that both titles
# have counts twice. Of the pairs of labelled reports that say fewer and are still .15 alike, 13 of 54 are of one event; of
# those that say four and are .28 alike, three of four are.
_MIN_SAID = 2
_PAIRS_AT_ONCE = 1 << 15  # bounds the memory


def without_unsaid(
    similarity: sparse.csr_array,
    *,
    titles: sparse.csr_array,
    vectors: sparse.csr_array,
    has_text: npt.NDArray[np.bool_],
) -> sparse.csr_array:
    """The similarities without those of reports whose titles say nothing of each other.

    Args:
        similarity: symmetric, ones on the diagonal.
        titles: by row, the stems of its title, as `NumberedItems.title_stems` gives them, numbers left out.
        vectors: by row, the stems of its title and text.
        has_text: by row, whether there is a text beside the title. A headline is compared by its words as they are.
    """
    pairs = sparse.triu(similarity, k=1, format="coo")
    asked = np.flatnonzero(has_text[pairs.row] & has_text[pairs.col])
    said = sparse.csr_array((np.ones_like(vectors.data), vectors.indices, vectors.indptr), shape=vectors.shape)
    own = sparse.csr_array(titles.multiply(said))
    stays = np.ones(len(pairs.data), dtype=bool)

    def ask(start: int) -> None:
        some = asked[start : start + _PAIRS_AT_ONCE]
        # A word that both titles have is enough, and most pairs have one.
        some = some[own[pairs.row[some]].multiply(own[pairs.col[some]]).sum(axis=1) == 0]
        ones, others = pairs.row[some], pairs.col[some]
        times = own[ones].multiply(said[others]).sum(axis=1) + own[others].multiply(said[ones]).sum(axis=1)
        stays[some[times < _MIN_SAID]] = False

    side_by_side(ask, range(0, len(asked), _PAIRS_AT_ONCE))
    return mirrored([(pairs.row[stays], pairs.col[stays], pairs.data[stays])], size=len(has_text))
