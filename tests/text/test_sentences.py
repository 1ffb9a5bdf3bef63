"""The sentence splitter: news text, other scripts, and nothing lost."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.text.sentences import split_sentences

CASES = [
    "Mr. Tan met Dr. A. B. Osei on Monday. | They talked for an hour.",
    "Shares of Orbis (NASDAQ: ORBS) rose 3.5 percent to $41.20. | Rivals fell.",
    "The deal with Acme Corp. closed at 5 p.m. Tuesday in Washington. | Nobody commented.",
    "Trading stopped at 4 p.m. | Shops stayed open.",
    "The U.S. Senate voted. | The House did not.",
    "He works for Halden Inc. | The company makes pumps.",
    "“Is it over?” Ms. Orlov asked. | Nobody answered.",
    "“It is over.” | Ms. Orlov left the room.",
    'She said: "We are done." | Then she left.',
    "Wait! | What was that? | Nothing.",
    "He paused ... and went on. | That was all.",
    "The price fell by a third (see No. 5 on the list). | Traders shrugged.",
    "The union said no. | The vote is on Friday.",
    "See vol. II of the report, art. 5. | Nos. 3 and 4 follow.",
    "Am 3. Mai kam er an. | Am 4. ging er.",
    "Er ist seit dem 12. Oktober da. | Sie nicht.",
    "Sie ist z. B. für Lkw gesperrt, d. h. für alle über 7,5 t. | Eine Umleitung gibt es, u. a. über den Berg.",
    "Die Reparatur kostet 36 Mio. Pfund, vgl. Abs. 3. | Ca. 4 Mrd. Euro fehlen.",
    "EE. UU. no pagó, dijo la Sra. Ortiz. | Lo confirmó el Sr. Paz.",
    "Il costo è di 3 mln. Euro. | Nessuno paga.",
    "It ended on May 3. | March was cold.",
    "Паром идёт из г. Выборга на ул. Ленина. | Его ждут.",
    "Порт закрыли в 2024 г. | Теперь он открыт.",
    "Proboszcz ks. Nowak mieszka przy ul. Morskiej. | Port jest blisko.",
    "De heer dhr. Jansen vaart. | Hij komt terug.",
    "1. Open the valve. | 2. Wait.",
    "The quake measured 6. 4 on the scale. | It was felt inland.",
    "昨日の会議で決まった。 | 「賛成だ。」 | 社長はそう述べた！",
    "芯片产量上升了三成。 | 分析师说：“需求强劲。” | 股价随之上涨。",
    "भारत ने जहाज भेजा। | वह कल पहुँचेगा।",
    "هل انتهى الأمر؟ | نعم، انتهى.",
    "Erste Zeile ohne Punkt\n | Zweite Zeile mit Punkt.",
    "A line that was wrapped\nby its sender goes on. | And ends.",
]


@pytest.mark.parametrize("case", CASES)
def test_boundaries(case):
    """Each case is split exactly where it is marked."""
    wanted = [" ".join(part.split()) for part in case.split(" | ")]
    text = case.replace("。 | ", "。").replace(" | ", " ")
    assert [" ".join(part.split()) for part in split_sentences(text)] == wanted


@given(st.text(alphabet=st.sampled_from(list("aA b.B!?…\n\"”“'() 1。、」U.S")), max_size=80) | st.text(max_size=60))
def test_nothing_is_lost_or_changed(text):
    """The pieces in order are the text, but for white space between them; each piece is part of the text."""
    pieces = split_sentences(text)
    assert all(piece and piece in text for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(("name", "least"), [("basil", 0.965), ("ecbplus", 0.935)])
def test_boundaries_of_real_news(shared_data, name, least):
    """On hand-checked news text the boundaries are right as often as promised (F1)."""
    hit = found = wanted = 0
    with gzip.open(shared_data / "clustering" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            sentences = json.loads(line).get("sents") or []
            gold, ours = _ends(sentences), _ends(split_sentences(" ".join(sentences)))
            hit, found, wanted = hit + len(gold & ours), found + len(ours), wanted + len(gold)
    assert 2 * hit / (found + wanted) >= least


def _ends(sentences):
    ends, at = [], 0
    for sentence in sentences:
        at += len("".join(sentence.split()))
        ends.append(at)
    return set(ends[:-1])
