"""The Slack messages: what each mode posts, how they degrade, and what they are made of."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from render_states import (
    ALSO,
    CHIPS,
    OTHER_HEADLINES,
    busy,
    digest,
    entry,
    feeds_failed,
    many,
    normal,
    one_story,
    quiet,
    reasons,
)

from digestbot.model import Failure, Section, Sentence, Summary
from digestbot.render import MODES, Templates, render
from digestbot.render.slack_limits import over_budget, problems
from digestbot.text.sanitise import one_line, shorten

TEMPLATES = Templates()


def posts(value: Any, mode: str = "standard") -> tuple[Any, ...]:
    return render(value, templates=TEMPLATES, mode=mode).slack


def text_of(value: Any) -> str:
    """What a reader sees of blocks, in order."""
    if isinstance(value, dict):
        own = value["text"] if isinstance(value.get("text"), str) else ""
        return own + "".join(text_of(inner) for key, inner in value.items() if key in ("elements", "text", "blocks"))
    if isinstance(value, (list, tuple)):
        return " ".join(text_of(inner) for inner in value)
    return ""


def links(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["url"]] if "url" in value else []
        return own + [url for inner in value.values() for url in links(inner)]
    if isinstance(value, (list, tuple)):
        return [url for inner in value for url in links(inner)]
    return []


def test_a_normal_digest_is_one_message_without_previews():
    """One post, no channel, link previews off, fallback text not parsed as markup."""
    (post,) = posts(normal())
    assert set(post) == {"text", "blocks", "mrkdwn", "unfurl_links", "unfurl_media"}
    assert (post["unfurl_links"], post["unfurl_media"], post["mrkdwn"]) == (False, False, False)
    json.dumps(post)


def test_fallback_text_reads_as_a_short_digest():
    """Whoever hears the message instead of seeing it gets title, date and every headline, in sentences."""
    (post,) = posts(normal())
    assert post["text"].startswith("Morning chips, Wednesday, May 27, 2026. 1) Meridian Foundry doubles")
    for one in (*normal().entries, *ALSO):
        assert f"{one.title}." in post["text"]


def test_every_sentence_and_the_reports_of_three_outlets_are_linked():
    """Each sentence of a story in full is followed by its outlet; the reports of three outlets are linked, the rest counted."""
    (post,) = posts(normal())
    shown = text_of(post["blocks"])
    for sentence in CHIPS[0].summary.sentences:
        assert f"{sentence.text} [" in shown
    expected = {item.url for one in (*normal().entries, *ALSO) for item in one.story.items[:3]}
    assert expected <= set(links(post["blocks"]))


def test_context_tells_outlets_and_reasons():
    """Counts, independence, updates and reasons stand in small letters under the story."""
    (post,) = posts(reasons())
    contexts = [text_of(block) for block in post["blocks"] if block["type"] == "context"]
    assert contexts[0] == "7 stories from 212 items in 31 feeds · about 1 min"
    assert contexts[1] == (
        "Update, day 3 · 06:30 · 7 outlets, 3 independent · HBX:4410\u00a0+3.1% · NQX:HLDN\u00a0\u22120.8%"
        " · Why: 7 reports in 2 hours; matches chip*, wafer*"
    )
    assert "Bay Post (no answer within 30 seconds)" in text_of(posts(feeds_failed())[0]["blocks"][-1])


@pytest.mark.parametrize("topics", [1, 2, 3, 5, 7, 14])
def test_fourteen_stories_are_at_most_sixteen_blocks(topics):
    """The best five in full, or the best one of each of six topics, and the others in brief are two screens of a phone."""
    (post,) = posts(replace(busy(14, also=4, topics=topics), shows_why=True))
    assert len(post["blocks"]) <= 16
    assert sum("Why:" in text_of(block) for block in post["blocks"]) == min(max(5, topics), 6)
    assert all(f"TOPIC {number}" in text_of(post["blocks"]) for number in range(1, topics + 1))


@pytest.mark.parametrize("topics", [1, 3, 5, 13])
def test_a_day_with_every_place_taken_is_no_longer(topics):
    """A lead with what others call it, related stories, lines and "Elsewhere" are lists: they take no block of their own."""
    beside = (entry("A thing beside it", outlets=1),)
    day = busy(13, also=2, topics=topics)
    sections = tuple(
        replace(
            section,
            entries=tuple(replace(one, related=beside) for one in section.entries),
            briefs=(entry(f"A line of {section.topic}", outlets=2),),
        )
        for section in day.sections
    )
    lead = entry("The lead of the day", "It happened.", outlets=7, score=1, related=beside)
    (first, *_) = posts(replace(day, sections=sections, lead=lead, elsewhere=ALSO))
    assert len(first["blocks"]) <= 16
    assert OTHER_HEADLINES[0] in text_of(first["blocks"])


def test_what_follows_a_list_stands_apart():
    """A title, and a story in brief, after headlines that stand under another story: below an empty line."""
    beside = (entry("A thing beside it", outlets=1),)
    stories = tuple(replace(one, related=beside) for one in busy(14, topics=1).entries)
    (post,) = posts(digest(Section(topic="News", entries=stories)))
    rich = [block["elements"] for block in post["blocks"] if block["type"] == "rich_text"]
    followers = [after for row in rich for before, after in pairwise(row) if before["type"] == "rich_text_list"]
    assert len(followers) == 5
    assert all(after["elements"][0].get("text", "").startswith("\n") for after in followers)


def test_a_heading_after_a_list_stands_apart():
    """The name of a topic follows the headlines in brief of the one before in the same block, below an empty line."""
    (post,) = posts(busy(14))
    (joined,) = [block for block in post["blocks"] if "TOPIC 2" in text_of(block)]
    brief, heading = joined["elements"][:2]
    assert brief["type"] == "rich_text_list"
    assert heading["elements"][0]["text"] == "\n"
    assert heading["elements"][1] == {"type": "text", "text": "TOPIC 2", "style": {"bold": True}}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("number", [1, 9, 60, 100])
def test_any_number_of_stories_fits_and_none_gets_lost_silently(number, mode):
    """Every message is within every limit; every story is shown in one of them, or a note counts the missing."""
    message = render(many(number, also=10), templates=TEMPLATES, mode=mode)
    shown = text_of([post["blocks"] for post in message.slack])
    missing = sum(one.title not in shown for one in many(number).entries)
    assert all(problems(post) == () and over_budget(post) == () for post in message.slack)
    assert bool(missing) <= any("left out" in note for note in message.notes)
    assert missing == 0 or number == 100


def test_a_long_digest_continues_in_the_thread_and_says_so():
    """What does not fit the first message follows in replies, in order, each story once."""
    first, *replies = posts(many(60))
    assert replies
    assert "stories are in the thread" in text_of(first["blocks"])
    titles = [f"Plant number {number} reports" for number in (*range(1, 60, 2), *range(2, 61, 2))]
    shown = text_of([post["blocks"] for post in (first, *replies)])
    assert all(shown.count(title) == 1 for title in titles)
    assert [shown.index(title) for title in titles] == sorted(shown.index(title) for title in titles)
    assert all(reply["blocks"][0]["type"] != "header" for reply in replies)


def test_summaries_shorten_before_the_thread_is_used():
    """Five long summaries become shorter ones; whoever runs it is told, and no reader, who can do nothing about it."""
    long = Sentence(text="A sentence of very many words that goes on and on. " * 7, item="x", source="Gazette")
    entries = tuple(replace(one, summary=Summary(sentences=(long,) * 4)) for one in many(6).entries)
    message = render(digest(Section(topic="News", entries=entries)), templates=TEMPLATES)
    assert len(message.slack) == 1
    assert "Slack: Summaries are cut to 2 sentences." in message.notes
    assert "Summaries are cut" not in json.dumps(message.slack)


def test_compact_posts_headlines_and_puts_summaries_into_the_thread():
    """The parent has every headline and no sentence; the replies have every sentence."""
    parent, *replies = posts(normal(), "compact")
    sentence = CHIPS[0].summary.sentences[0].text
    assert CHIPS[0].title in text_of(parent["blocks"])
    assert sentence not in text_of(parent["blocks"])
    assert sentence in text_of([reply["blocks"] for reply in replies])


def test_thread_posts_an_overview_and_a_reply_for_each_section():
    """The parent announces the sections; each reply tells one of them."""
    parent, *replies = posts(normal(), "thread")
    assert "Semiconductors: 3 stories" in text_of(parent["blocks"])
    assert "Markets: 2 stories" in text_of(parent["blocks"])
    assert [("SEMICONDUCTORS" in text_of(reply["blocks"])) for reply in replies] == [True, False]
    assert ["MARKETS" in text_of(reply["blocks"]) for reply in replies] == [False, True]


@pytest.mark.parametrize("mode", MODES)
def test_small_and_quiet_days_are_shown_in_every_mode(mode):
    """One story is shown; a day without any is one message that says so."""
    assert CHIPS[0].title in text_of([post["blocks"] for post in posts(one_story(), mode)])
    (post,) = posts(quiet(), mode)
    assert "A quiet day" in text_of(post["blocks"])
    assert "A quiet day" in post["text"]


def test_only_also_is_shown_in_every_mode():
    """A day with nothing in the topics still tells the other headlines."""
    for mode in MODES:
        assert ALSO[0].title in text_of([post["blocks"] for post in posts(digest(also=ALSO), mode)])


def test_an_overview_that_does_not_fit_gives_way_to_the_usual_message():
    """Eight topics with headlines and notes of hundreds of characters that grow by escaping are shown as in standard."""
    title = "<&>" * 80
    sections = tuple(Section(topic=f"{at} {title}", entries=(entry(f"{at} {title}"),)) for at in range(8))
    value = digest(*sections, notices=(title * 2,))
    assert posts(value, "thread") == posts(value)
    assert all(problems(post) == () and over_budget(post) == () for post in posts(value, "thread"))


def test_an_unknown_mode_is_named():
    """A wrong mode says which ones there are."""
    with pytest.raises(ValueError, match="standard, compact, thread"):
        posts(normal(), "loud")


def test_a_single_story_too_large_for_a_message_loses_its_links_not_its_headline():
    """Addresses of two thousand characters do not keep a story from being shown."""
    one = entry("Bridge reopens", *["It reopened."] * 7, outlets=7)
    items = tuple(replace(item, url=f"https://a.example/{'x' * 1900}{at}") for at, item in enumerate(one.story.items))
    quotes = tuple(replace(quote, url=items[at].url) for at, quote in enumerate(one.summary.sentences))
    one = replace(one, url=items[0].url, story=replace(one.story, items=items), summary=Summary(sentences=quotes))
    for mode in MODES:
        for post in posts(digest(Section(topic="Bridges", entries=(one,))), mode):
            assert problems(post) == ()
            assert over_budget(post) == ()
        assert "Bridge reopens" in text_of(
            [post["blocks"] for post in posts(digest(Section(topic="B", entries=(one,))), mode)]
        )


WORDS = st.sampled_from(["short", "a few more words than that", "晶圆厂" * 20, "x" * 400, "<&>" * 60, "👩‍👩‍👧‍👦" * 30])


@st.composite
def digests(draw):
    """Digests of any shape: many topics, few stories, long words, many outlets, many failures."""

    def line(number: int) -> Any:
        return told(f"{number} {draw(WORDS)}", "")

    def made(number: int, topic: str) -> Any:
        return told(f"{number} {draw(WORDS)}", topic, *draw(st.lists(WORDS, max_size=4)))

    def told(title: str, topic: str, *sentences: str) -> Any:
        outlets, related = draw(st.integers(1, 7)), draw(st.integers(0, 4)) if draw(st.integers(0, 3)) == 0 else 0
        others = tuple(entry(f"{title} beside {at}", outlets=1) for at in range(related))
        return entry(title, *sentences, outlets=outlets, topic=topic, score=draw(st.floats(0, 9)), related=others)

    numbers = count()
    sections = tuple(
        Section(topic=f"{at} {draw(WORDS)}", entries=tuple(made(next(numbers), "x") for _ in range(size)))
        for at, size in enumerate(draw(st.lists(st.integers(1, 6), max_size=12)))
    )
    sections = tuple(
        replace(section, briefs=tuple(line(next(numbers)) for _ in range(draw(st.integers(0, 4)))))
        for section in sections
    )
    lead = made(next(numbers), "") if draw(st.booleans()) else None
    elsewhere = tuple(line(next(numbers)) for _ in range(draw(st.integers(0, 5))))
    also = tuple(line(next(numbers)) for _ in range(draw(st.integers(0, 12))))
    failures = tuple(Failure(source=draw(WORDS), reason=draw(WORDS)) for _ in range(draw(st.integers(0, 14))))
    return digest(
        *sections,
        also=also,
        lead=lead,
        elsewhere=elsewhere,
        failures=failures,
        notices=(draw(WORDS),),
        shows_why=draw(st.booleans()),
    )


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(digests(), st.sampled_from(MODES))
def test_no_shape_of_digest_breaks_a_limit(value, mode):
    """Whatever is in it, every message keeps to the limits, and each story is shown or counted as left out."""
    message = render(value, templates=TEMPLATES, mode=mode)
    assert all(problems(post) == () and over_budget(post) == () for post in message.slack)
    shown = text_of([post["blocks"] for post in message.slack])
    every = (*value.entries, *value.headlines)
    named = [*every, *(other for one in every for other in one.related[:3])]
    titles = [shorten(one_line(one.title), 250) for one in named]
    assert all(title in shown for title in titles) or any("left out" in note for note in message.notes)
    assert len(message.html.encode()) <= 90_000


def test_also_lines_that_find_no_room_are_counted():
    """Beyond the last reply that may be posted, lines under "Also" are lost like stories, and the note counts both."""
    value = many(150, also=12)
    message = render(value, templates=TEMPLATES, mode="compact")
    shown = text_of([post["blocks"] for post in message.slack])
    missing = sum(one.title not in shown for one in (*value.entries, *value.also))
    assert all(one.title not in shown for one in value.also)
    assert f"Slack: {missing} more stories are left out." in message.notes


@pytest.mark.parametrize("mode", MODES)
def test_one_message_for_where_no_thread_can_follow(mode):
    """Within every limit and without a word of a thread: what found no room is counted."""
    single = render(many(60, also=10), templates=TEMPLATES, mode=mode).single
    shown = text_of(single["blocks"])
    missing = sum(one.title not in shown for one in (*many(60, also=10).entries, *many(60, also=10).also))
    assert problems(single) == over_budget(single) == ()
    assert "thread" not in shown + single["text"]
    assert 0 < missing < 60
    assert f"{missing} more stories" in shown


def test_what_is_one_message_anyway_has_no_second_form():
    """The Slack form itself goes wherever one message does."""
    assert render(normal(), templates=TEMPLATES).single == {}
