"""Finds listed companies in a story, and how far their shares moved. By fixed rules: a doubtful figure is left out."""

from __future__ import annotations

import re
from collections import defaultdict

from ..model import Fact, Story
from ..text.sentences import split_sentences

# Nothing may stand before the dollar of a cash tag: US$BN and A$ are amounts of money.
_TICKER = re.compile(
    r"\(\s*(?P<exchange>[A-Z]{2,12})\s?:\s?(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,6}?)\s*\)"  # (NASDAQ: NVDA), (HK:0981)
    r"|\(\s*(?P<code>\d{4,6}|[A-Z]{1,5})\.(?P<market>HK|SS|SZ|T|TW|TWO|KS|L|DE|PA|AS|N|O|OQ)\s*\)"  # (0981.HK)
    r"|(?<![\w$])\$(?P<cash>[A-Z]{1,5})\b(?![.,]?\d)"  # $NVDA
)
# Written like tickers, (ISO: 9001), and none.
_NO_EXCHANGE = frozenset({"ISO", "DOI", "ISBN", "ISSN", "RFC", "CVE", "CAS", "ICD", "EIN"})
# Mostly in the past tense: what may rise, or is expected to, is no move.
_UP = "rose|gained|climbed|jumped|surged|soared|advanced|added|rallied|leapt|spiked|skyrocketed|rebounded"
_DOWN = "fell|lost|dropped|declined|slid|sank|tumbled|plunged|slipped|shed|dipped|plummeted|eased|retreated|crashed"
_MOVE = re.compile(  # from the ticker on: only words that leave the company the subject may stand before the verb
    r"(?: (?:shares|stock))?(?: (?:saw|had) (?:[a-z]+ ){1,2}trading but)?"
    r"(?: (?:also|then|briefly|[a-z]+ly|closed|ended|finished|opened|traded|was|were|is|are|remained|stayed|trading))*"
    rf" (?:(?P<up>{_UP}|up|higher by)|(?P<down>{_DOWN}|down|lower by))(?: by)?"
    r"(?: (?P<about>more than|over|less than|under|about|around|nearly|almost|roughly|as much as|at least|up to|some))?"
    r" (?:another )?(?P<size>\d{1,3}(?:\.\d{1,2})?) ?(?:%|percent\b|per cent\b)"
)


def facts(story: Story) -> tuple[Fact, ...]:
    """The tickers named in a story's texts, in order, each once: from the sentence that states its move, else the first.

    A ticker that neither the lead item nor two other items name is left out: a market report may name dozens. A move
    counts only where its verb follows the ticker in the same clause and states a percentage. What might happen, was
    expected, or is said of revenue or of anything but the company itself is left out.
    """
    found: dict[str, Fact] = {}
    named_by: dict[str, set[str]] = defaultdict(set)
    for item in story.items:
        for sentence in split_sentences(item.text):
            for ticker in _TICKER.finditer(sentence):
                symbol = _symbol(ticker)
                named_by[symbol].add(item.id)
                moved = _MOVE.match(sentence, ticker.end())
                # A later sentence takes the place of the first one only if it gives a move and the first gave none.
                if not symbol or (symbol in found and (found[symbol].move or not moved)):
                    continue
                found[symbol] = Fact(
                    symbol=symbol,
                    move=("+" if moved["up"] else "-") + moved["size"] + "%" if moved else "",
                    about=moved["about"] or "" if moved else "",
                    sentence=" ".join(sentence.split()),
                    item=item.id,
                    source=item.source,
                    url=item.url,
                )
    lead = story.lead.id
    return tuple(fact for fact in found.values() if lead in named_by[fact.symbol] or len(named_by[fact.symbol]) > 1)


def _symbol(ticker: re.Match[str]) -> str:
    if ticker["exchange"] in _NO_EXCHANGE:
        return ""
    if ticker["exchange"]:
        return f"{ticker['exchange']}:{ticker['symbol']}"
    return f"{ticker['market']}:{ticker['code']}" if ticker["code"] else ticker["cash"]
