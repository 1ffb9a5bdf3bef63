"""What a reader gets: whole stories and sentences within the server's limit, and how many stories are left out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
import render_states as states
from delivering import message
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from digestbot.channels.ntfy.channel import Ntfy
from digestbot.model import (
    Delivery,
    Digest,
    Failure,
    Item,
    Message,
    Recipient,
    Section,
    Sentence,
    Source,
    Story,
    Summary,
)
from digestbot.text.sanitise import shorten

KEY = "0123456789abcdef" * 2
LIMITS = (512, 1024, 2048, 4096, 20_000)
STATES = {
    "normal": states.normal(),
    "placed": states.placed(),
    "crowded": states.crowded(),
    "one": states.one_story(),
    "many": states.many(40, also=20),
    "busy": states.busy(12, also=20),
    "late": states.late(),
    "failed": states.feeds_failed(),
    "long": states.long_titles(),
    "cjk": states.cjk(),
    "rtl": states.right_to_left(),
    "emoji": states.emoji(),
    "bare": states.no_summary(),
}


def of(digest: Digest, **fields: Any) -> Message:
    return replace(message(), digest=digest, **fields)


def written(of: Message, *, limit: int = 4096) -> dict[str, Any]:
    """The JSON that would be published."""
    ntfy = Ntfy("http://127.0.0.1:9", message_bytes=limit)
    [body] = ntfy.encode(of, now=of.digest.until)
    to = Recipient(channel="ntfy", address="chips")
    whole = ntfy.fill(body, Delivery(digest="m", edition=of.digest.edition, recipient=to, key=f"{KEY}-0"))
    assert len(whole) <= 2 * limit
    found: dict[str, Any] = json.loads(whole)
    assert len(found["message"].encode()) < limit
    assert found["message"] == found["message"].strip()
    return found


def text(digest: Digest, *, limit: int = 4096) -> str:
    return str(written(of(digest), limit=limit)["message"])


class _Shown(HTMLParser):
    """The visible text of HTML, a line a block, and the addresses linked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links = "", list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert tag in ("p", "strong", "em", "a", "ul", "li"), f"Markdown made <{tag}> of a stranger's words"

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markdown: str) -> _Shown:
    """As the web app shows it: CommonMark."""
    return _Shown(MarkdownIt().render(markdown))


def test_a_day_in_full():
    """Headlines are links and name their outlet, sentences those of others; updates are marked; the rest is counted."""
    assert (
        text(states.normal())
        == (
            "**Semiconductors**\n\n"
            "**[Meridian Foundry doubles its 3-nanometre plans after a record order]"
            "(https://harbourgazette.example/2026/05/meridian-foundry-doubles-its-3-nanometre-plans)**"
            " · Update, day 3 (Harbour Gazette +6): "
            "Meridian Foundry said on Tuesday that it will build a second 3-nanometre line in Harbour City. "
            "The order, worth about $4.1 billion, is the largest the company has ever announced. (The Ledger) "
            "Analysts expect first wafers in the spring of 2028. (Northern Wire)\n\n"
            "**[Export rules for chip tools eased for allied countries]"
            "(https://harbourgazette.example/2026/05/export-rules-for-chip-tools-eased)** (Harbour Gazette +3): "
            "The trade ministry removed licences for eleven classes of lithography tools on Tuesday. "
            "Toolmakers had lobbied for the change since the autumn. (The Ledger)\n\n"
            "**[Memory prices rise for a fifth month]"
            "(https://harbourgazette.example/2026/05/memory-prices-rise-for-a-fifth)** (Harbour Gazette +2): "
            "Contract prices for server memory rose 8 per cent in May, the fifth rise in a row."
        )
        + text(states.normal()).partition("fifth rise in a row.")[2]
    )
    assert text(states.normal()).endswith("+3 more stories are not shown.")


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("digest", STATES.values(), ids=STATES)
def test_whole_stories_within_the_limit(digest: Digest, limit: int):
    """At any limit: every sentence is whole, what is shown and what is counted make the day, and the order stays."""
    body = text(digest, limit=limit)
    seen = shown(body).text
    entries = [*digest.entries, *digest.headlines]
    related = sum(len(one.related) for one in entries)
    listed = re.findall(r"^(?:- )?\*\*(?=\[)", body, re.MULTILINE)
    counted = re.search(r"^\+(\d+) more stor", body, re.MULTILINE)
    assert len(listed) + (int(counted[1]) if counted else 0) == len(entries) + related + digest.omitted
    sentences = [quote.text for one in digest.entries for quote in one.summary.sentences]
    rest = seen
    for whole in (*sentences, *(shorten(one.title, 250) for one in entries)):
        rest = rest.replace(whole, "")
    assert not [sentence for sentence in sentences if sentence[:20] in rest or sentence[-20:] in rest]
    positions = [seen.find(one.title[:40]) for one in digest.entries]
    found = [at for at in positions if at >= 0]
    assert found == sorted(found)


def test_a_larger_message_tells_no_less():
    """With more room there are never fewer stories, and never fewer sentences in all."""
    digest = states.busy(12, also=20)
    bodies = [text(digest, limit=limit) for limit in range(600, 12_000, 400)]
    stories = [len(re.findall(r"^\*\*\[", body, re.MULTILINE)) for body in bodies]
    lengths = [len(body) for body in bodies]
    assert stories == sorted(stories)
    assert lengths == sorted(lengths)


def test_headlines_before_sentences_before_further_headlines():
    """What is given up first: lines under "Also" beyond five, second sentences, all of "Also", first sentences, stories."""
    digest = states.many(8, also=12)
    first, second = "thousand sensors in the week", "Its manager said"
    kept = [
        (body.count("**[Plant"), body.count(first), body.count(second), body.count("- **[Small"))
        for body in (text(digest, limit=limit) for limit in (8000, 5000, 4200, 3000, 1800, 1000))
    ]
    assert kept[0] == (8, 8, 8, 12)
    for fuller, less in pairwise(kept):
        assert all(a >= b for a, b in zip(fuller, less, strict=True))
    for stories, firsts, seconds, also in kept:
        assert stories == 8 or not also
        assert firsts == 8 or not seconds or not also
        assert also >= 5 or not seconds or firsts < 8


def test_no_further_headline_while_a_story_is_missing():
    """A story of a topic that found no place is worth more than a line under "Also", even where that would fit."""
    [one] = states.one_story().entries
    long = replace(one, title="漢" * 250, url="")
    short = replace(one, title="Short", url="", summary=Summary())
    digest = states.digest(Section(topic="Chips", entries=(short, long)), also=(short,))
    body = text(digest, limit=600)
    assert "**Short**" in body
    assert "**Also**" not in body
    assert body.endswith("+2 more stories are not shown.")


def test_nothing_fits_but_the_count():
    """A headline larger than the whole message leaves the line that counts it."""
    [one] = states.one_story().entries
    digest = states.digest(Section(topic="x" * 80, entries=(replace(one, title="漢" * 250, url=""),)))
    assert text(digest, limit=512) == "+1 more story is not shown."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Top stories", "Update, day 3", "Also", "+3 more stories are not shown.", "Could not be read: Bay Post"),
        ),
        ("de", ("Das Wichtigste", "Neues, Tag 3", "Außerdem", "+3 weitere Geschichten", "Nicht lesbar: Bay Post")),
        ("zh-CN", ("要闻", "追踪，第 3 天", "另外", "另有 3 则新闻未显示。", "无法读取：Bay Post、Old Mill")),
        ("zh-hant", ("要聞", "後續發展，第 3 天", "另外", "另有 3 則新聞未顯示。", "無法讀取：Bay Post、Old Mill")),
        ("zh_TW", ("要聞", "Gazette +6)：")),
        (
            "ja",
            ("主なニュース", "続報・3日目", "このほか", "ほかにニュースが3本", "読み込めなかった配信元：Bay Post、"),
        ),
        ("fr-CA", ("À la une", "Suite, jour 3", "Et aussi", "+3 autres sujets", "Lecture impossible\u00a0: Bay Post")),
        ("es", ("Lo más destacado", "Novedades, día 3", "Además", "3 noticias más", "No se pudo leer: Bay Post")),
        ("pt", ("Top stories", "Also")),
    ],
)
def test_the_fixed_words_are_the_readers(language: str, words: tuple[str, ...]):
    """In the languages that are complete; English elsewhere."""
    day = states.feeds_failed()
    [first, *others] = day.sections
    body = text(replace(day, language=language, sections=(replace(first, topic="Top stories"), *others)), limit=20_000)
    for word in words:
        assert word in body


def test_what_stands_under_another_story_is_counted():
    """A notification has no room for related stories: their number is told with what else is not shown."""
    one = states.entry("Bridge closes", "It closed.", related=states.ALSO)
    assert "+3 more stories are not shown." in text(states.digest(Section(topic="Bridges", entries=(one,)), omitted=1))


@pytest.mark.parametrize("topic", ["also", "more", "list", "colon", "Also"])
def test_a_readers_topic_is_never_taken_for_a_word_of_ours(topic: str):
    """Only the titles that digestbot itself gives are translated."""
    [one] = states.one_story().entries
    assert f"**{topic}**" in text(replace(states.digest(Section(topic=topic, entries=(one,))), language="de"))


def test_known_failures_are_not_named_again():
    """Sources that failed in the last edition already are left out; of many, five are named."""
    failures = tuple(Failure(source=f"Feed {at}", reason="gone", known=at == 0) for at in range(9))
    body = text(replace(states.one_story(), failures=failures))
    assert body.endswith("Could not be read: Feed 1, Feed 2, Feed 3, Feed 4, Feed 5 +3")


@given(st.text(min_size=1, max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_strangers_words_are_shown_as_they_are(title: str, sentence: str, source: str):
    """Whatever signs they hold, they make no markup: what the reader sees is what was written."""
    item = Item(id="a", title=title, source=source)
    quote = Sentence(text=sentence, item="a", source="Other")
    [one] = states.one_story().entries
    one = replace(
        one, title=title, url="", day=1, story=Story(id="s", items=(item,)), sources=(Source(name=source),),
        summary=Summary(sentences=(quote,)),
    )  # fmt: skip
    body = text(states.digest(Section(topic=title, entries=(one,))))
    seen = shown(body)
    assert seen.links == []
    assert _letters(title) * 2 in _letters(seen.text)
    assert _letters(source) in _letters(seen.text)
    assert _letters(sentence) in _letters(seen.text)


def _letters(text: str) -> str:
    """What is left of a text where spaces and the signs that stand between words do not count."""
    return "".join(re.findall(r"[\w*_\[\]<>`~&;#\\]", text, re.ASCII))


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://a.example/x_(y)?q=[1]", "https://a.example/x_%28y%29?q=[1]"),
        ("https://a.example/a b\u202e", "https://a.example/a%20b"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://a.example/" + "x" * 700, ""),
    ],
)
def test_addresses_are_links_only_where_they_are_safe(url: str, linked: str):
    """http(s) with a host, nothing that ends a link early, and not longer than a story is worth."""
    [one] = states.one_story().entries
    seen = shown(text(states.digest(Section(topic="t", entries=(replace(one, url=url),)))))
    assert [link.replace("%5B", "[").replace("%5D", "]") for link in seen.links] == ([linked] if linked else [])


def test_the_title_is_the_subject():
    """One line, of bearable length; the digest's own title where there is no subject."""
    assert written(message())["title"] == "Harbour bridge reopens – ferries return"
    assert written(of(states.normal(), subject=""))["title"] == "Morning chips"
    long = written(of(states.normal(), subject="a\nb " + "word " * 200))["title"]
    assert len(long) <= 250
    assert long.startswith("a b word")


def test_a_day_without_stories_is_its_text():
    """An alert, or a quiet day: the plain text, not taken for Markdown."""
    found = written(replace(message(), text="feed *a*: gone\n\n\naccount: refused\n"))
    assert found["message"] == "feed *a*: gone\naccount: refused"
    assert found["markdown"] is False
    assert written(of(states.normal()))["markdown"] is True


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("letter", ["a", "ä", "漢", "👩🏽‍💻", '"', "\\"])
def test_a_long_text_ends_with_a_whole_line(letter: str, limit: int):
    """Whole lines as far as they fit, and a sign that there was more; of one long line its beginning."""
    lines = "\n".join(f"{at} {letter * 20}" for at in range(2000))
    body = str(written(replace(message(), text=lines), limit=limit)["message"])
    *kept, last = body.split("\n")
    assert last == "…"
    assert lines.startswith("\n".join(kept) + "\n")
    single = str(written(replace(message(), text=letter * 30_000), limit=limit)["message"])
    assert single.endswith("…")
    assert (letter * 30_000).startswith(single.removesuffix("…"))


def test_signs_that_json_doubles_count_twice():
    """The JSON as a whole stays within what the server reads, however many quotes a text holds."""
    assert written(replace(message(), text='"' * 5000))["message"].endswith("…")


def test_every_script_may_fill_the_limit():
    """Letters are sent as themselves: as escapes they would take up to three times their room."""
    for letter in ("a", "漢", "🚀"):
        body = str(written(replace(message(), text=letter * 9000))["message"])
        assert len(body.encode()) > 3600


def test_there_is_no_click_without_an_address():
    """No digest has a public address yet, so none is made up."""
    assert "click" not in written(of(states.normal()))
