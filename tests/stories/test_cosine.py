"""Every pair of a day's items is compared, and no more is kept than memory has room for."""

import numpy as np
import pytest
from scipy import sparse

from digestbot.stories import cosine


def compared(vectors: np.ndarray, *, figures: np.ndarray | None = None, days: np.ndarray | None = None) -> np.ndarray:
    rows = sparse.csr_array((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32))
    made = cosine.pairwise_cosines(
        rows,
        figures=np.zeros(vectors.shape[1], dtype=bool) if figures is None else figures,
        days=np.full(len(vectors), np.nan) if days is None else days,
    )
    return made.toarray()


def test_pairs_are_what_a_dense_product_gives_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """In many blocks and parts as in one multiplication, figures for three times what other words add, below the floor nothing."""
    monkeypatch.setattr(cosine, "_BLOCK_ROWS", 3)
    monkeypatch.setattr(cosine, "_PART_ROWS", 7)
    chance = np.random.default_rng(0)
    vectors = chance.random((40, 15)) * (chance.random((40, 15)) < 0.4) + 1e-3 * np.eye(40, 15)
    vectors[:, 0] += 1e-3
    figures = np.arange(15) > 9
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    dense = unit @ unit.T
    dense = np.minimum(dense, 4 * (dense - unit[:, figures] @ unit[:, figures].T))
    np.fill_diagonal(dense, 1)

    made = compared(vectors, figures=figures)

    sure = np.abs(dense - cosine.FLOOR) > 1e-5
    assert np.allclose(made[sure], np.where(dense >= cosine.FLOOR, dense, 0)[sure], atol=1e-5)


def test_items_days_apart_are_less_similar() -> None:
    """Within four days nothing is lost, three days later half."""
    made = compared(np.ones((3, 4)), days=np.array([0.0, 4.0, 7.0]))

    assert np.allclose(made[0], [1, 1, 0.5])


def test_numbers_alone_are_nothing_in_common() -> None:
    """Two items whose only common terms are figures are not similar."""
    vectors = np.array([[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 1.0]])

    assert compared(vectors)[0, 1] > 0.5
    assert compared(vectors, figures=np.array([True, True, False, False]))[0, 1] == 0


def test_thousands_of_items_that_are_all_similar_keep_their_strongest_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept grows with the items, not with their pairs, and is what is most similar."""
    monkeypatch.setattr(cosine, "_BLOCK_ROWS", 10)
    monkeypatch.setattr(cosine, "_PAIRS_PER_ROW", 4)
    vectors = np.random.default_rng(1).random((100, 6))

    made = compared(vectors)
    first = made[:10][np.triu_indices(10, 1, 100)]

    assert np.count_nonzero(np.triu(made, 1)) <= 4 * 100
    assert np.count_nonzero(first) == 40
    assert np.array_equal(made, made.T)
    assert first[first > 0].min() > 0.9
