"""The reader's language and zone: fixed words, dates, and what happens with a language nobody has translated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from fixed_words import fixed_words
from render_states import digest, late, many, normal, quiet
from rich.console import Console

from digestbot.collect.reader_reasons import SENTENCES
from digestbot.model import PINNED, TOP_STORIES, Digest, Entry, Failure, Section, TranslatableText
from digestbot.render import Templates, covers, render, sent_late, terminal
from digestbot.render.i18n import (
    capitalised,
    format_time_in_zone,
    long_date,
    short_date,
    spaced,
    story_time,
    translated,
    translations,
)
from digestbot.settings.values import parse_language
from digestbot.text.locales import locale_of, translation_names

LANGUAGES = ("de", "es", "fr", "ja", "zh", "zh-Hant")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            [
                "Mittwoch, 27. Mai 2026",
                "7 Medien, davon 3 unabhängig: Harbour",
                "Warum: 7 Berichte in 2 Stunden; passt zu chip*",
                "Neues, Tag 3",
                "Außerdem",
            ],
        ),
        (
            "zh",
            [
                "2026年5月27日",
                "7 家媒体，其中 3 家独立报道：Harbour",
                "入选原因：2 小时内 7 篇报道；匹配 chip*",
                "追踪，第 3 天",
                "另外",
            ],
        ),
        (
            "zh-Hant",
            [
                "2026年5月27日",
                "7 家媒體，其中 3 家獨立採訪：Harbour",
                "入選原因：2 小時內 7 篇文章；符合 chip*",
                "後續發展，第 3 天",
                "另外",
            ],
        ),
        (
            "ja",
            [
                "2026年5月27日水曜日",
                "7媒体、うち独自取材3媒体：Harbour",
                "選んだ理由：2時間で記事7本／chip*",
                "続報・3日目",
                "このほか",
            ],
        ),
        (
            "fr",
            [
                "Mercredi 27 mai 2026",
                "7 médias, dont 3 indépendants : Harbour",
                "Pourquoi : 7 articles en 2 heures ; correspond à chip*",
                "Suite, jour 3",
                "Et aussi",
            ],
        ),
        (
            "es",
            [
                "Miércoles, 27 de mayo de 2026",
                "7 medios, 3 independientes: Harbour",
                "Por qué: 7 artículos en 2 horas; coincide con chip*",
                "Novedades, día 3",
                "Además",
            ],
        ),
    ],
)
def test_fixed_words_and_dates_follow_the_language(language, words):
    """All forms speak the digest's language; the page says which one it is."""
    message = render(replace(late(), language=language, shows_why=True), templates=Templates())
    page = lxml.html.document_fromstring(message.html)
    shown, text = (" ".join(form.split()).replace("\u00a0", " ") for form in (page.text_content(), message.text))
    assert all(word in shown for word in words)
    assert all(word in text for word in (*words[:-1], words[-1].upper()))
    assert page.get("lang") == language
    assert words[0].lower() in str(message.slack[0]["text"]).lower()


def without_topics() -> Digest:
    """A day of a reader without topics: one story is pinned, the others are the top stories."""
    first, *others = normal().entries
    return digest(Section(topic=PINNED, entries=(first,)), Section(topic=TOP_STORIES, entries=tuple(others)))


def whole(language: str) -> Digest:
    """A day that has every phrase in it: all places, updates, reasons, notices, failures, times of every form."""
    day = normal()
    first, second, third = day.sections[0].entries
    fourth, fifth = day.sections[1].entries
    notices = (
        sent_late(day.until, day.since, timezone=day.timezone, language=language),
        covers(3, language=language),
    )
    return replace(
        day,
        language=language,
        shows_why=True,
        notices=notices,
        lead=replace(_dated(first, day.until - timedelta(hours=20)), related=(third,)),
        sections=(
            Section(topic="Semiconductors", entries=(second,), briefs=(_dated(third, None),)),
            Section(topic=TOP_STORIES, entries=(fourth, *many(8).entries)),
            Section(topic=PINNED, entries=(replace(fifth, why=every_reason()),)),
        ),
        elsewhere=(_dated(day.also[0], day.until - timedelta(days=4)),),
        also=day.also[1:],
        failures=tuple(Failure(source=f"Feed {at}", reason=reason) for at, reason in enumerate(sorted(SENTENCES))),
        recovered=("Bay Post", "Old Mill News"),
    )


def every_reason() -> tuple[TranslatableText, ...]:
    values = {"num": 7, "independent": 3, "hours": 2, "weight": "2", "source": "0", "terms": "0", "term": "0"}
    phrases = (
        *("%(num)s outlets", "%(num)s outlets, %(independent)s in their own words", "you pinned %(term)s"),
        *("from %(source)s, which you weigh %(weight)s", "%(source)s seldom reports", "matches %(terms)s"),
        "%(num)s reports in %(hours)s hours",
    )
    return tuple(TranslatableText(msgid=phrase, values=values) for phrase in phrases)


def _dated(entry: Entry, at: datetime | None) -> Entry:
    items = tuple(replace(item, published=at) for item in entry.story.items)
    return replace(entry, story=replace(entry.story, items=items))


def without_strangers_words(text: str, day: Digest) -> str:
    """What a form says in words of our own: no title, sentence, outlet, topic or name of a reader's."""
    entries = [*day.entries, *day.headlines, *(other for entry in day.entries for other in entry.related)]
    items = [item for entry in entries for item in entry.story.items]
    quoted = [sentence.text for entry in entries for sentence in entry.summary.sentences]
    theirs = {*quoted, *(item.title for item in items), *(item.source for item in items), *day.recovered}
    theirs |= {entry.title for entry in entries} | {failure.source for failure in day.failures}
    theirs |= {day.title, day.name, day.timezone, "Semiconductors", "Markets", *(source.upper() for source in theirs)}
    text = re.sub(r"https?://\S+|HBX:\d+|NQX:\w+|chip\*, wafer\*", " ", " ".join(text.split()))
    for words in sorted(theirs, key=len, reverse=True):
        text = re.sub(re.escape(words), " ", text, flags=re.IGNORECASE)
    return text


# Words that are the same in a language as in English.
SHARED = {"de": {"feed", "feeds", "in", "min"}, "es": {"a", "may", "min", "no"}, "fr": {"articles", "date", "min"}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_is_left_over(language):
    """Whatever a digest may have in it, no form of it has a word of our own in English."""
    day = whole(language)
    message, out = render(day, templates=Templates()), StringIO()
    terminal(day, Console(file=out, width=200))
    shown = [lxml.html.document_fromstring(message.html).xpath("string(//body)"), message.text, out.getvalue()]
    shown += [text for post in (*message.slack, message.single) for text in strings(post)]
    shown += [render(replace(quiet(), language=language), templates=Templates()).subject]
    english = re.findall(r"[a-z]+", " ".join(str(phrase) for phrase in fixed_words()).lower())
    for form in shown:
        found = re.findall(r"[^\W\d_]+", without_strangers_words(str(form), day).lower())
        assert {*found} & {*english} <= SHARED.get(language, set())


def strings(value: object) -> Iterator[str]:
    """The texts in a Slack message."""
    if isinstance(value, Mapping):
        yield from (text for key, inner in value.items() if key not in ("type", "url") for text in strings(inner))
    elif isinstance(value, list | tuple):
        yield from (text for inner in value for text in strings(inner))
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("en", ["Pinned", "Top stories"]),
        ("de", ["Angeheftet", "Das Wichtigste"]),
        ("zh", ["置顶", "要闻"]),
        ("zh-hant", ["置頂", "要聞"]),
    ],
)
def test_sections_that_are_no_topic_are_named_in_the_readers_language(language, headings):
    """A reader's own topics stand as they were written; for programs the two names are always the same."""
    message = render(replace(without_topics(), language=language), templates=Templates())
    page = lxml.html.document_fromstring(message.html)
    assert [found.text for found in page.find_class("h")] == headings
    assert [section["topic"] for section in json.loads(message.json)["sections"]] == ["Pinned", "Top stories"]


def test_reasons_are_values_that_every_form_words():
    """The words of a reason are the language's, the values in them are the story's; JSON says them as the forms do."""
    reason = TranslatableText(msgid="%(num)s reports in %(hours)s hours", values={"num": 6, "hours": 2})
    assert str(reason) == translated(reason, "en") == "6 reports in 2 hours"
    assert translated(reason, "de") == "6 Berichte in 2 Stunden"
    assert translated(reason, "zh") == "2 小时内 6 篇报道"
    percent = TranslatableText(msgid="matches %(terms)s", values={"terms": "100%, %(num)s"})
    assert translated(percent, "de") == "passt zu 100%, %(num)s"
    story = json.loads(render(replace(normal(), language="de"), templates=Templates()).json)["sections"][0]["stories"][
        0
    ]
    assert story["why"] == ["7 Berichte in 2 Stunden", "passt zu chip*, wafer*"]


def test_an_unknown_language_is_english():
    """A language nobody has translated, or a wrong tag, is no error."""
    for tag in ("xx", "klingon", "", "pt", "pt-BR"):
        assert "7 outlets, 3 independent" in render(replace(normal(), language=tag), templates=Templates()).html


@pytest.mark.parametrize(
    ("said", "tags"),
    [
        ("7 Medien", ("de", "de-AT", "DE_ch")),
        ("7 médias", ("fr", "fr-CA", "FR")),
        ("7 medios", ("es", "es-MX", "es_419")),
        ("7媒体", ("ja", "ja-JP")),
        ("7 家媒体", ("zh", "zh-CN", "zh_SG", "zh-Hans", "zh-hans-hk", "ZH")),
        ("7 家媒體", ("zh-hant", "zh-Hant", "zh_hant", "zh-TW", "zh_TW", "zh-HK", "zh-mo", "zh-Hant-HK")),
    ],
)
def test_a_tag_finds_its_words_however_it_is_written(said, tags):
    """Any case, hyphen or underscore, with or without a region; Taiwan, Hong Kong and Macau read Traditional Chinese."""
    for tag in tags:
        assert parse_language(tag)
        assert translations(tag).ngettext("%(num)s outlet", "%(num)s outlets", 7) % {"num": 7} == said
    assert said in render(replace(normal(), language=tags[-1]), templates=Templates()).html


@pytest.mark.parametrize(
    ("tag", "names"),
    [
        ("zh-TW", ("zh_Hant_TW", "zh_Hant", "zh")),
        ("zh_hant", ("zh_Hant", "zh")),
        ("zh-CN", ("zh_Hans_CN", "zh_Hans", "zh")),
        ("de-AT", ("de_AT", "de")),
        ("xx", ("en",)),
    ],
)
def test_the_closest_translation_is_looked_for_first(tag, names):
    """Region, then script, then language."""
    assert translation_names(tag) == names


def test_the_settings_refuse_what_is_no_language():
    """What is no language at all is a mistake of whoever wrote it; `pt` has its dates and is none."""
    assert parse_language("pt") == "pt"
    for tag in ("xx", "klingon"):
        with pytest.raises(ValueError, match="is not a language"):
            parse_language(tag)


def test_a_right_to_left_language_turns_the_page():
    """The page's direction is that of its language."""
    html = render(replace(normal(), language="ar"), templates=Templates()).html
    assert lxml.html.document_fromstring(html).get("dir") == "rtl"


def test_times_are_the_readers_own():
    """Day and time are those of the reader's zone, written as the language writes them."""
    at = datetime(2026, 5, 26, 22, 30, tzinfo=UTC)
    assert format_time_in_zone(at, ZoneInfo("Asia/Hong_Kong"), locale_of("de")) == "27. Mai, 06:30"
    assert format_time_in_zone(at, ZoneInfo("America/New_York"), locale_of("de")) == "26. Mai, 18:30"
    assert long_date(date(2026, 5, 27), locale_of("de")) == "Mittwoch, 27. Mai 2026"
    assert short_date(date(2026, 5, 27), locale_of("de")) == "Mi., 27. Mai"


@pytest.mark.parametrize("language", ["en", "en-GB", "zh-Hant", "zh-HK", "ko", "hi", "ar", "el", "da"])
def test_every_time_of_a_digest_is_on_one_clock(language: str):
    """The foot, a late digest and the stories: 14:20, as AT is written, with no second clock beside it."""
    at, zone = datetime(2026, 8, 7, 12, 20, tzinfo=UTC), ZoneInfo("Europe/Berlin")
    told = (
        format_time_in_zone(at, zone, locale_of(language)),
        story_time(at, zone, date(2026, 8, 9), language),
        sent_late(at, at, timezone="Europe/Berlin", language=language),
    )
    assert all("14:20" in one for one in told)


@pytest.mark.parametrize(
    ("language", "long", "short", "moment"),
    [
        ("en", "Friday, August 7, 2026", "Fri, Aug 7", "Aug 7, 14:20"),
        ("de", "Freitag, 7. August 2026", "Fr., 7. Aug.", "7. Aug., 14:20"),
        ("es", "viernes, 7 de agosto de 2026", "vie, 7 ago", "7 ago, 14:20"),
        ("fr", "vendredi 7 août 2026", "ven. 7 août", "7 août, 14:20"),
        ("ja", "2026年8月7日金曜日", "8月7日(金)", "8月7日 14:20"),
        ("zh", "2026年8月7日星期五", "8月7日周五", "8月7日 14:20"),
        ("zh-Hant", "2026年8月7日 星期五", "8月7日 週五", "8月7日 14:20"),
        ("zh-HK", "2026年8月7日星期五", "8月7日週五", "8月7日 14:20"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(language, long, short, moment):
    """The order, the names, and what stands between day and time."""
    locale, at = locale_of(language), datetime(2026, 8, 7, 12, 20, tzinfo=UTC)
    assert long_date(at.date(), locale) == long
    assert short_date(at.date(), locale) == short
    assert format_time_in_zone(at, ZoneInfo("Europe/Berlin"), locale) == moment


@pytest.mark.parametrize(
    ("language", "times"),
    [
        ("en", ("14:20", "yesterday 14:20", "Aug 5, 14:20", "undated")),
        ("de", ("14:20", "gestern 14:20", "5. Aug., 14:20", "ohne Datum")),
        ("es", ("14:20", "ayer, 14:20", "5 ago, 14:20", "sin fecha")),
        ("fr", ("14:20", "hier, 14:20", "5 août, 14:20", "sans date")),
        ("ja", ("14:20", "昨日 14:20", "8月5日 14:20", "日付不明")),
        ("zh", ("14:20", "昨天 14:20", "8月5日 14:20", "日期不详")),
        ("zh-Hant", ("14:20", "昨日 14:20", "8月5日 14:20", "日期不詳")),
    ],
)
def test_the_time_of_a_story_is_as_short_as_it_is_clear(language, times):
    """Today the time alone; yesterday and earlier with the day; a word where nobody knows."""
    at = datetime(2026, 8, 7, 12, 20, tzinfo=UTC)
    moments = (at, at - timedelta(days=1), at - timedelta(days=2), None)
    assert times == tuple(story_time(moment, ZoneInfo("Europe/Berlin"), at.date(), language) for moment in moments)


def test_a_full_width_sign_needs_no_space_after_it():
    """A label and a sentence are followed by a space, but not after a sign that is as wide as two letters."""
    assert [spaced(phrase) for phrase in ("More:", "相关：", "終わり。", "更多", "(a)", "（a）", "")] == [
        *("More: ", "相关：", "終わり。", "更多 ", "(a) ", "（a）", " "),
    ]


def test_a_line_begins_with_a_large_letter():
    """Only the first letter changes, and a text without letters stays."""
    assert [capitalised(text) for text in ("mercredi 27 mai", "Mittwoch, 27. Mai", "élan", "2026年", "")] == [
        *("Mercredi 27 mai", "Mittwoch, 27. Mai", "Élan", "2026年", ""),
    ]
