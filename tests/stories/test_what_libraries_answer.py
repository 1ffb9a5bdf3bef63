"""What is read or worked out without a library's own code, to load less, is what the library would answer."""

import numpy as np
import pytest
import wordfreq
from hypothesis import given, settings
from hypothesis import strategies as st
from publicsuffixlist import PSLFILE, PublicSuffixList, encode_idn
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from digestbot.stories.houses import registrable_domain
from digestbot.stories.idf import _frequencies, _listed
from digestbot.stories.linkage import _parts


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30), st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=40))
def test_parts_of_a_graph_are_those_of_scipy(size: int, pairs: list[tuple[int, int]]) -> None:
    """Whatever is joined with what, also in long chains: the same parts under the same numbers."""
    dense = np.zeros((size, size))
    for a, b in pairs:
        dense[a % size, b % size] = dense[b % size, a % size] = 1
    graph = sparse.csr_array(dense)
    rows = np.repeat(np.arange(size), np.diff(graph.indptr))
    assert _parts(graph, rows).tolist() == connected_components(graph, directed=False)[1].tolist()


@pytest.mark.parametrize("language", ["da", "zh"])
def test_words_are_as_frequent_as_wordfreq_says(language: str) -> None:
    """The list that is read without its code has every word, with the same frequency."""
    assert _frequencies.__wrapped__(language) == wordfreq.get_frequency_dict(language, wordlist="small")


@pytest.mark.parametrize("language", ["", "xx", "../small_en", "en/../en"])
def test_a_language_without_a_list_has_no_frequencies(language: str) -> None:
    """Whatever a feed declares its language to be, no other file is read."""
    assert not _listed(language)


def test_domains_are_those_of_the_whole_list() -> None:
    """The rules of one last label decide as all rules together do: wildcards, exceptions, both spellings, unknown ones."""
    whole = PublicSuffixList()
    with open(PSLFILE, encoding="utf-8") as file:  # noqa: PTH123 -- a name, no path
        rules = [line.split()[0] for line in file if line.strip() and not line.startswith("//")]
    rules = [
        *rules[::97],
        *(rule for rule in rules if rule[0] in "*!"),
        *(rule for rule in rules if not rule.isascii()),
    ]
    for rule in rules[:400]:
        host = f"news.paper.{rule.replace('*', 'foo').replace('!', '')}"
        for spelled in (host, encode_idn(host)):
            assert registrable_domain(spelled) == (whole.privatesuffix(spelled) or ""), spelled
    assert registrable_domain("a.b.example.nowhere") == whole.privatesuffix("a.b.example.nowhere")
