"""The email: subject, preheader, structure, size, colours."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import lxml.html
import pytest
from render_states import (
    ALSO,
    CHIPS,
    STATES,
    busy,
    digest,
    entry,
    feeds_failed,
    late,
    many,
    normal,
    quiet,
    reasons,
    right_to_left,
)

from digestbot.model import Section, Sentence, Source, Summary
from digestbot.render import Templates, render
from digestbot.render.email import MOST_BYTES, inlined
from digestbot.text.sanitise import is_right_to_left, shorten

TEMPLATES = Templates()


def made(value):
    return render(value, templates=TEMPLATES)


def page(value):
    return lxml.html.document_fromstring(made(value).html)


def words(tree) -> str:
    return " ".join(tree.text_content().split())


@pytest.mark.parametrize("state", STATES)
def test_structure_is_that_of_a_readable_page(state):
    """A language, a title, one h1, an h2 for each story of a section, and nothing that runs or loads."""
    tree = page(STATES[state]())
    assert tree.get("lang") == "en"
    assert tree.findtext("head/title")
    assert len(tree.findall(".//h1")) == 1
    assert len(tree.findall(".//h2")) == len(STATES[state]().entries)
    for tag in ("script", "img", "link", "iframe", "form", "object", "h3"):
        assert tree.findall(f".//{tag}") == []
    assert all(table.get("role") == "presentation" for table in tree.findall(".//table"))
    assert not re.search(r"url\(|@import|src=", made(STATES[state]()).html)


def test_styles_are_in_the_elements():
    """A mail program that drops the head still shows the design; the head keeps media rules only."""
    tree = page(normal())
    assert all(heading.get("style") for heading in [*tree.findall(".//h1"), *tree.findall(".//h2")])
    kept = "".join(style.text for style in tree.findall(".//style"))
    outside = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", kept)
    assert outside.strip() == ""


def test_inlining_loads_nothing(tmp_path):
    """A stylesheet that a template links to is not fetched, whether file or address."""
    sheet = tmp_path / "evil.css"
    sheet.write_text("p { color: red }")
    html = f'<html><head><link rel="stylesheet" href="{sheet.as_uri()}"></head><body><p>x</p></body></html>'
    assert "red" not in inlined(html)


def test_every_sentence_names_and_links_its_outlet():
    """Behind each quoted sentence stands the outlet, linked to the report it is quoted from."""
    tree = page(normal())
    for sentence in CHIPS[0].summary.sentences:
        assert f"{sentence.text} [{sentence.source}]" in words(tree)
        assert any(link.text == f"[{sentence.source}]" and link.get("href") == sentence.url for link in tree.iter("a"))


def test_every_report_of_three_outlets_is_linked():
    """All reports of the outlets that are named can be reached, several of one by number; the text links the headline."""
    one = entry("Bridge reopens", "It reopened.", outlets=3, names=("Gazette", "Gazette", "Ledger"))
    items = tuple(replace(item, url=f"https://news.example/{at}") for at, item in enumerate(one.story.items))
    one = replace(
        one, story=replace(one.story, items=items), sources=(Source(name="Gazette", items=2), Source(name="Ledger"))
    )
    message = made(digest(Section(topic="Bridges", entries=(one,))))
    links = {link.get("href"): link.text for link in lxml.html.document_fromstring(message.html).iter("a")}
    assert [links[item.url] for item in items] == ["Gazette", "2", "Ledger"]
    assert all(item.url in str(message.slack) for item in items)
    assert one.url in message.text
    assert "2 outlets: Gazette, Ledger\n" in message.text


def test_wire_copies_are_counted_apart_from_independent_coverage():
    """Copies show in the count of outlets, and an update says above its headline which day it is."""
    text = words(page(normal()))
    assert "Update, day 3 Meridian Foundry doubles" in text
    assert "06:30 · 7 outlets, 3 independent: Harbour Gazette · The Ledger · Northern Wire · +4" in text
    assert "06:30 · 4 outlets: Harbour Gazette · The Ledger · Northern Wire · +1" in text


def test_reasons_are_shown_where_readers_want_them():
    """With WHY=yes each story in full tells why it has its place; without it no form says so."""
    shown, hidden = made(reasons()), made(normal())
    for form in (shown.html, shown.text, json.dumps(shown.slack)):
        assert "Why: 7 reports in 2 hours; matches chip*, wafer*" in form
    for form in (hidden.html, hidden.text, json.dumps(hidden.slack)):
        assert "Why:" not in form


def test_only_words_that_run_the_other_way_say_so():
    """In a page from left to right, Arabic and Hebrew find their own direction, each name apart; nothing else is marked."""
    marked = page(right_to_left()).xpath("//body//*[@dir]")
    assert {element.tag for element in marked} == {"h1", "h2", "p", "a"}
    assert all(is_right_to_left(element.text_content()) for element in marked)
    assert page(normal()).xpath("//body//*[@dir]") == []
    assert not is_right_to_left("Bridge, мост, 桥, γέφυρα, สะพาน")


def test_in_brief_names_every_outlet_once():
    """A story in brief quotes one outlet and lists the others; nobody is linked twice under it."""
    tree = page(busy(14))
    for brief in tree.xpath("//h2[contains(@class, 'b')]"):
        shown = [node for node in (brief.getnext(), brief.getnext().getnext()) if node is not None and node.tag == "p"]
        names = [link.text.strip("[]") for node in shown for link in node.iter("a")]
        assert len(names) == len(set(names)) >= 2


def test_moves_stand_below_the_summary():
    """What tickers did is a line of its own, with a sign that no line is broken at."""
    text = page(normal()).text_content()
    assert "HBX:4410\u00a0+3.1% · NQX:HLDN\u00a0\u22120.8%" in text


def test_footer_is_honest():
    """What failed, what was read, which window, why it came, and that the sentences are quoted."""
    text = words(page(feeds_failed()))
    assert "Bay Post (no answer within 30 seconds); Old Mill News (gone: the feed was taken down)." in text
    assert "180 items in 31 feeds" in text
    assert "(Europe/Berlin)" in text
    assert "7:30" in text
    assert "sentences quoted from the linked articles" in text
    assert "recipient of the digest “morning”" in text
    assert "3 more stories not shown" in text


def test_notes_stand_in_the_head():
    """A late edition says so before its first story."""
    text = words(page(late()))
    assert text.index("Sent late: 11:02 instead of 07:30.") < text.index(CHIPS[0].title)


def test_quiet_day_says_so_everywhere():
    """An edition without stories is an honest sentence in every form, not an empty page."""
    message = made(quiet())
    for form in (message.html, message.text, message.subject, str(message.slack[0]["text"])):
        assert "A quiet day: nothing new in your topics." in form


def test_subject_and_preheader_share_nothing():
    """The subject tells the best headlines that fit whole, the preheader the ones after them."""
    short = tuple(entry(f"Headline number {at}", "Words.", score=10 - at) for at in range(1, 8))
    message = made(digest(Section(topic="News", entries=short)))
    assert message.subject == "Headline number 1 · Headline number 2 · Headline number 3 · Headline number 4"
    hidden = lxml.html.document_fromstring(message.html).find(".//div")
    assert words(hidden).startswith("Headline number 5 · Headline number 6 · Headline number 7")


def test_the_subject_of_a_day_of_lines_alone_tells_the_best_of_them():
    """Nothing got a summary, and yet something happened: the day was not quiet."""
    brief = entry("Pier four opens again", score=0.5, topic="Ferries")
    message = render(digest(Section(topic="Ferries", entries=(), briefs=(brief,)), also=ALSO), templates=TEMPLATES)
    assert "Pier four opens again" in message.subject
    assert "quiet" not in message.subject


def test_subject_tells_the_best_story_whatever_its_section():
    """The score decides, not the order of the topics."""
    sections = (
        Section(topic="A", entries=(entry("Small thing", "Words.", score=1),)),
        Section(topic="B", entries=(entry("Large thing", "Words.", score=5),)),
    )
    assert made(digest(*sections)).subject == "Large thing · Small thing"


def test_fourteen_stories_stay_small():
    """A full day with long summaries, many outlets and moves fits 22 kilobytes and tells the best five in full."""
    message = made(busy(14))
    assert len(message.html.encode()) <= 22_000
    assert message.notes == ()
    assert words(lxml.html.document_fromstring(message.html)).count("In brief") == 3


@pytest.mark.parametrize("count", [60, 200])
def test_too_many_stories_shrink_by_rule_and_say_so(count):
    """Never above the budget: summaries shorten first, then "Also" goes, then stories; whoever runs it is told what, the reader how many stories."""
    message = made(many(count, also=20))
    assert len(message.html.encode()) <= MOST_BYTES
    if count > 100:
        assert any(note.startswith("email: ") and "left out" in note for note in message.notes)
        assert "email: Summaries are cut to 1 sentence." in message.notes
        assert "Summaries are cut" not in message.html
        assert "more stories not shown" in message.html


def test_long_summaries_shrink_before_stories_go():
    """With long sentences all sixty stories stay, each with a shorter summary."""
    long = Sentence(text="A sentence of many words that goes on and on. " * 10, item="x", source="Gazette")
    value = many(60)
    sections = tuple(
        replace(
            section,
            entries=tuple(replace(one, summary=Summary(sentences=(long, long, long))) for one in section.entries),
        )
        for section in value.sections
    )
    message = made(replace(value, sections=sections))
    assert len(message.html.encode()) <= MOST_BYTES
    assert len(lxml.html.document_fromstring(message.html).findall(".//h2")) == 60


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_every_text_colour_has_contrast_on_its_ground():
    """WCAG AA: 4.5 to 1 for all text, in the light design and in the dark one; never pure black or white."""
    html = made(late()).html
    light = set(re.findall(r"(?<![-\w])color:\s?(#[0-9a-f]{6})", html.split("</style>", 1)[1]))
    dark_rules = html.split("prefers-color-scheme: dark", 1)[1].split("</style>", 1)[0]
    dark = set(re.findall(r"(?<![-\w])color:\s?(#[0-9a-f]{6})", dark_rules))
    assert len(light) >= 4
    assert len(dark) >= 4
    for colour in light - {"#4d3f16"}:
        assert contrast(colour, "#fdfcfa") >= 4.5
    for colour in dark - {"#eadfbd"}:
        assert contrast(colour, "#1e2124") >= 4.5
    assert contrast("#4d3f16", "#f6eed9") >= 4.5
    assert contrast("#eadfbd", "#35301f") >= 4.5
    assert not {"#000000", "#ffffff", "#000", "#fff"} & set(re.findall(r"#[0-9a-f]{3,6}\b", html))


def test_plain_part_keeps_to_72_columns_with_addresses_alone():
    """Only a line that is nothing but an address may be longer."""
    text = made(many(14, also=3)).text
    for line in text.splitlines():
        assert len(line) <= 72 or re.fullmatch(r"\s*https://\S+", line)
        assert "http" not in line or re.fullmatch(r"\s*https://\S+", line)
    numbers = [int(found) for found in re.findall(r"^ ?(\d+)\. ", text, flags=re.MULTILINE)]
    glance, stories = numbers[:14], numbers[14:]
    assert glance == list(range(1, 15))
    assert stories == list(range(1, 18))
    assert "\n-- \n" in text


def test_plain_part_names_three_outlets_and_counts_the_others():
    """In one line, whether the story is told in full or in one line; each has one address."""
    one = entry("Bridge reopens", "It reopened.", outlets=5, copies=1)
    text = made(digest(Section(topic="Bridges", entries=(one,)), also=(one,))).text
    assert "    06:30 · 5 outlets, 4 independent: Harbour Gazette, The Ledger,\n    Northern Wire +2\n" in text
    assert (
        " 2. Bridge reopens (Harbour Gazette, The Ledger, Northern Wire +2 ·\n"
        "    06:30)\n"
        "    https://harbourgazette.example/2026/05/bridge-reopens\n"
    ) in text
    assert text.count("https://") == 2


def test_a_title_that_is_a_cut_sentence_is_shown_whole_and_once():
    """A page without a title is headed by its first sentence, which is not quoted below it again."""
    sentence = "Chip makers extended a rally on Friday after reports that regulators had told firms to buy at home."
    one = entry(shorten(sentence, 60), sentence, "It was the fifth day of gains.", outlets=1)
    assert one.title.endswith("…")
    message = made(digest(Section(topic="Markets", entries=(one,))))
    for form in (message.html, message.text, json.dumps(message.slack[0]["blocks"])):
        assert " ".join(form.split()).count("told firms to buy at home.") == 1
        assert "It was the fifth day of gains." in form
    assert "…" not in message.html + message.text
    assert "    06:30 · 1 outlet: Harbour Gazette\n" in message.text
    summary = json.loads(message.json)["sections"][0]["stories"][0]["summary"]
    assert [quoted["text"] for quoted in summary] == [sentence, "It was the fifth day of gains."]


def test_plain_part_names_outlets_without_an_address():
    """A headline of a page that links nowhere still says where it stood."""
    one = entry("Bridge reopens", outlets=2)
    items = tuple(replace(item, url="") for item in one.story.items)
    one = replace(one, url="", story=replace(one.story, items=items))
    text = made(digest(Section(topic="Bridges", entries=(one,)), also=(one,))).text
    assert "    06:30 · 2 outlets: Harbour Gazette, The Ledger\n" in text
    assert " 2. Bridge reopens (Harbour Gazette, The Ledger · 06:30)\n" in text
    assert "http" not in text


def test_plain_part_counts_columns_not_characters():
    """A Han character takes two columns."""
    title = "海港城晶圆厂宣布将三纳米产能翻倍" * 4
    text = made(digest(Section(topic="News", entries=(entry(title, title),)))).text
    lines = [line for line in text.splitlines() if "晶" in line and "http" not in line]
    assert len(lines) >= 4
    assert all(len(line) <= 40 for line in lines)


@pytest.mark.parametrize("state", ["normal", "right_to_left", "cjk"])
def test_the_page_of_the_edition_is_linked(state: str):
    """From the head of the HTML and the foot of the text, the same address; without a site there is no word of it."""
    address = "https://digest.example/d/morning/2026-05-27?key=abc&x=1"
    message = render(STATES[state](), templates=TEMPLATES, page=address)
    [link] = lxml.html.document_fromstring(message.html).xpath(f'//a[@href="{address}"]')
    words = link.text_content()
    assert f"{address}\n" in message.text
    assert words in message.text
    assert words not in made(STATES[state]()).html
    assert "digest.example" not in made(STATES[state]()).text
