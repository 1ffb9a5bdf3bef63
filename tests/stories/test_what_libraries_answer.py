"""What is read or worked out without a library's own code, to load less, is what the library would answer."""

import pytest
import wordfreq
from publicsuffixlist import PSLFILE, PublicSuffixList, encode_idn

from digestbot.stories.houses import registrable_domain
from digestbot.stories.idf import _frequencies, _listed


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
