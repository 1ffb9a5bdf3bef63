"""Lead, lines, related stories and the list at the top: how each form tells a story by its place."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import lxml.html
import pytest
from render_states import ALSO, CHIPS, OTHER_HEADLINES, busy, crowded, digest, entry, many, pictured, placed
from rich.console import Console

from digestbot.model import Score, Section, Sentence, Source, Summary
from digestbot.render import MODES, Templates, render, terminal
from digestbot.render.build_view import build_view, with_top
from digestbot.render.safety import sanitised

TEMPLATES = Templates()


def forms(value, mode: str = "standard") -> dict[str, str]:
    """The words of every form, in reading order and on one line."""
    message = render(value, templates=TEMPLATES, mode=mode)
    out = StringIO()
    terminal(value, Console(file=out, width=400))
    slack = " ".join(spoken(post["blocks"]) for post in message.slack)
    page = lxml.html.document_fromstring(message.html).find("body").text_content()
    words = {"email": page, "text": message.text, "Slack": slack, "terminal": out.getvalue()}
    return {name: " ".join(form.split()) for name, form in words.items()}


def spoken(value) -> str:
    if isinstance(value, list):
        return " ".join(map(spoken, value))
    inner = value.get("text", "")
    return inner if isinstance(inner, str) and inner else spoken(value.get("elements") or ([inner] if inner else []))


def view(value):
    return build_view(sanitised(value))


def test_the_lead_opens_every_form_whatever_its_score():
    """It stands before every section under a title of its own, and first in the subject and what an inbox shows."""
    weak = replace(placed(), lead=replace(placed().lead, score=replace(placed().lead.score, parts=())))
    for name, form in forms(weak).items():
        at = form.lower().index("story of the day")
        assert form.index(weak.lead.title, at) < form.index(CHIPS[0].title, at), name
    assert render(weak, templates=TEMPLATES).subject.startswith(weak.lead.title)
    first, *others = view(weak).best
    assert first.title == weak.lead.title
    assert [story.score for story in others] == sorted((story.score for story in others), reverse=True)


def test_the_lead_counts_among_the_stories_in_full():
    """Five stories are told in full, the lead among them even where its score is the least."""
    weak = replace(many(14), lead=entry("The lead", "Words.", score=0.1))
    shown = with_top(view(weak), 5)
    assert shown.sections[0].stories[0].top
    assert sum(story.top for story in shown.stories) == 5


def test_the_lead_tells_what_others_call_it():
    """One other headline of each outlet, four at most, never the same words twice, each with its outlet and its link."""
    lead = entry("Bridge closes", "It closed.", outlets=7, copies=2)
    (shown,) = view(digest(lead=lead)).stories
    assert [report.title for report in shown.headlines] == list(OTHER_HEADLINES[:4])
    assert len({report.source for report in shown.headlines}) == 4
    for name, form in forms(digest(lead=lead)).items():
        assert all(report.title in form for report in shown.headlines), name
        assert "Circuit Weekly" in form


def test_what_others_call_the_lead_is_news():
    """An opinion or a live page is no other headline of it, though its title looks like one."""
    lead = entry("Bridge closes", "It closed.", outlets=7)
    headlines = view(digest(lead=lead)).stories[0].headlines
    opinion = next(item for item in lead.story.items if item.title == headlines[0].title)

    (shown,) = view(digest(lead=replace(lead, not_news=(opinion.id,)))).stories
    assert shown.headlines
    assert opinion.title not in {report.title for report in shown.headlines}


def by_one_outlet(*hours: int, not_news: tuple[int, ...] = (), headline: int = 0):
    """A story of one outlet's reports, so many hours old, with the headline of one of them."""
    one = entry("Bridge closes", outlets=1)
    (first,) = one.story.items
    items = tuple(
        replace(
            first,
            id=f"report-{at}",
            url=f"{first.url}/{at}",
            title=f"Report {at}",
            published=first.published and first.published - timedelta(hours=hour),
        )
        for at, hour in enumerate(hours)
    )
    made = replace(
        one,
        story=replace(one.story, items=items),
        url=items[headline].url,
        not_news=tuple(items[at].id for at in not_news),
        sources=(replace(one.sources[0], items=len(items)),),
    )
    return made, items


def test_an_outlets_newest_report_is_linked_first_and_an_opinion_last():
    """Behind the report of the headline; the one before the event, which may have been wrong, is never the first."""
    made, items = by_one_outlet(9, 2, 0, 5, not_news=(2,), headline=3)
    (shown,) = view(digest(Section(topic="News", entries=(made,)))).stories
    assert [report.url for report in shown.outlets[0].reports] == [items[at].url for at in (3, 1, 0, 2)]


def test_the_time_of_a_story_is_that_of_its_newest_news():
    """An essay about it, hours later, is no report; where there is nothing else, its time counts."""
    made, items = by_one_outlet(9, 2, 0, not_news=(2,))
    assert made.published == items[1].published
    assert replace(made, not_news=tuple(item.id for item in items)).published == items[2].published


def test_further_reports_are_numbered_as_they_are_shown():
    """Where a sentence links one of them already, Slack counts on without a gap."""
    made, items = by_one_outlet(0, 1, 2, 3)
    quote = Sentence(text="It closed.", item=items[2].id, source=items[2].source, url=items[2].url)
    second = entry("Bridge closes", outlets=2).story.items[1]
    made = replace(
        made,
        story=replace(made.story, items=(*items, second)),
        sources=(*made.sources, Source(name=second.source)),
        summary=Summary(sentences=(quote,)),
    )
    assert (
        f"More: {items[0].source} 2 3 · {second.source}"
        in forms(digest(Section(topic="News", entries=(made,))))["Slack"]
    )


def test_the_outlet_of_the_headline_is_named_where_another_is_quoted():
    """In every form, in full and in brief: a reader sees whose headline it is; a story of one outlet names it once."""
    told = entry("Bridge closes", "It closed.", outlets=3)
    _, second, _ = told.story.items
    quote = replace(told.summary.sentences[0], item=second.id, source=second.source, url=second.url)
    told = replace(told, summary=replace(told.summary, sentences=(quote,)))
    many_others = busy(14).sections
    for place, value in {
        "full": digest(Section(topic="News", entries=(told,))),
        "brief": digest(*many_others, Section(topic="News", entries=(replace(told, score=Score()),))),
    }.items():
        for name, form in forms(value).items():
            assert told.sources[0].name in form[form.index("Bridge closes") :], (place, name)
    alone = entry("Bridge closes", "It closed.", outlets=1)
    slack = forms(digest(Section(topic="News", entries=(alone,))))["Slack"]
    assert slack.count(alone.sources[0].name) == 1


def test_other_headlines_in_the_same_words_are_not_listed():
    """A reader who has read the headline learns nothing from one with another order of its words."""
    lead = entry("Harbour bridge closes after crack is found", "It closed.", outlets=4)
    first, *others = lead.story.items
    titles = ("After crack, Harbour bridge closes", "Ferries run all night", "All night ferries run for commuters")
    items = (first, *(replace(item, title=title) for item, title in zip(others, titles, strict=True)))
    (shown,) = view(digest(lead=replace(lead, story=replace(lead.story, items=items)))).stories
    assert [report.title for report in shown.headlines] in (
        ["Ferries run all night"],
        ["All night ferries run for commuters"],
    )


def test_what_only_happened_after_the_lead_is_no_other_name_of_it():
    """Shares that fall after a report are news of their own."""
    lead = entry("Harbour bridge closes", "It closed.", outlets=3)
    first, *others = lead.story.items
    titles = ("Freight rates jump as harbour bridge closes", "Cracks shut the crossing at Mallow")
    items = (first, *(replace(item, title=title) for item, title in zip(others, titles, strict=True)))
    (shown,) = view(digest(lead=replace(lead, story=replace(lead.story, items=items)))).stories
    assert [report.title for report in shown.headlines] == ["Cracks shut the crossing at Mallow"]


def test_the_outlet_behind_the_headlines_link_is_named_first():
    """Whatever their order in the digest: three are named, and it is one of them."""
    one = entry("Bridge closes", "It closed.", outlets=6)
    items = (one.story.items[-1], *one.story.items[:-1])
    (shown,) = view(digest(lead=replace(one, story=replace(one.story, items=items)))).stories
    assert shown.outlets[0].name == items[0].source


def test_the_picture_is_that_of_the_lead():
    """Where pictures are on and there is a lead, no other story has one, even with a better score."""
    whole = pictured()
    lead = replace(whole.sections[1].entries[0], topic="")
    sections = (whole.sections[0], replace(whole.sections[1], entries=whole.sections[1].entries[1:]))
    shown = build_view(sanitised(replace(whole, lead=lead, sections=sections)), with_image=True)
    assert [story.title for story in shown.stories if story.image] == [lead.title]


def test_every_place_is_in_every_form_in_reading_order():
    """Lead, each topic with its lines, what no topic foresaw, "Also": the same order and each headline in each form."""
    whole = placed()
    titles = [story.title for story in (*view(whole).stories, *view(whole).also)]
    assert Counter(titles) == Counter(one.title for one in (*whole.entries, *whole.headlines))
    for name, form in forms(whole).items():
        after_glance = form.lower().index("story of the day")
        places = [form.index(title, after_glance) for title in titles]
        assert places == sorted(places), name
        assert form.lower().index("elsewhere", after_glance) < form.index(whole.elsewhere[0].title, after_glance), name


@pytest.mark.parametrize("mode", MODES)
def test_related_stories_stand_under_theirs(mode):
    """Under a story in full, in brief and of one line alike, with their outlet and their link."""
    other = entry("Ferries run all night", outlets=1)
    full = entry("Bridge closes", "It closed.", related=(other,))
    line = entry("Small thing", outlets=1, related=(replace(other, title="A thing beside it"),))
    brief = entry("Last of all", "Words.", score=0.01, related=(replace(other, title="Below the last"),))
    sections = (
        Section(topic="Bridges", entries=(full,), briefs=(replace(line, title="A brief"),)),
        Section(topic="Chips", entries=(*many(8).sections[0].entries, *many(8).sections[1].entries, brief)),
    )
    value = digest(*sections, elsewhere=(replace(line, title="Wide"),), also=(line,))
    for name, form in forms(value, mode).items():
        assert re.search(r"Bridge closes .*? Related: Ferries run all night \W*Harbour Gazette", form), name
        assert re.search(r"Last of all .*? Related: Below the last", form), name
        assert form.count("Related: A thing beside it") == 3, name


def test_related_stories_beyond_three_are_counted():
    """Nothing is left out without a number that tells it."""
    five = tuple(entry(f"Beside it {at}", outlets=1) for at in range(5))
    value = digest(Section(topic="Bridges", entries=(entry("Bridge closes", related=five),)), omitted=1)
    assert view(value).omitted == 3
    for form in forms(value).values():
        assert "Beside it 2" in form
        assert "Beside it 3" not in form
        assert "3 more stories not shown" in form


def test_a_related_story_without_an_address_is_words():
    """No form has a link that leads nowhere, nor a line of spaces in place of one."""
    alone = replace(entry("Ferries run all night", outlets=1), url="")
    message = render(
        digest(Section(topic="Bridges", entries=(entry("Bridge closes", related=(alone,)),))), templates=TEMPLATES
    )
    assert 'href=""' not in message.html
    assert '"url": ""' not in json.dumps(message.slack)
    assert not any(line != line.rstrip() for line in message.text.splitlines() if line != "-- ")
    assert "Ferries run all night" in message.html


@pytest.mark.parametrize("told", [1, 5, 6, 7, 9])
def test_the_list_at_the_top_is_there_from_seven_stories_on(told):
    """Those told with a summary count and are listed, in reading order; lines are not, however many."""
    value = replace(many(told), also=ALSO, elsewhere=ALSO)
    message = render(value, templates=TEMPLATES)
    titles = [one.title for one in value.entries]
    assert ("In this edition" in message.html) == ("IN THIS EDITION" in message.text) == (told > 6)
    listed = [story.title for story in view(value).glance]
    assert listed == (titles if told > 6 else [])
    assert message.text.count(" 1. Plant number 1 reports") == (2 if told > 6 else 1)


@pytest.mark.parametrize(
    "make", [placed, lambda: many(14), lambda: many(90), crowded], ids=["placed", "14", "90", "crowded"]
)
def test_the_list_at_the_top_leads_to_what_the_page_holds(make):
    """Every link within the page has its one target, also where stories had to be left out; the words are the headline's."""
    page = lxml.html.document_fromstring(render(make(), templates=TEMPLATES).html)
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    links = [link for link in page.iter("a") if link.get("href", "").startswith("#")]
    headings = {heading.get("id"): heading.text_content() for heading in page.iter("h2")}
    assert links
    assert set(ids.values()) == {1}
    assert [link.get("href") for link in links] == [f"#{name}" for name in headings]
    assert all(link.text_content() == headings[link.get("href")[1:]] for link in links)


@pytest.mark.parametrize("sentences", [0, 1, 3])
@pytest.mark.parametrize("place", ["lead", "full", "brief", "line", "elsewhere", "also"])
def test_the_only_outlet_of_a_story_is_named_once(place, sentences):
    """Whether it has sentences or none, and wherever it stands, in every form."""
    one = entry("Sensor maker moves", *["It moves in June."] * sentences, outlets=1, score=0.01, names=("Mill Post",))
    others = many(9).sections
    value = {
        "lead": digest(*others, lead=one),
        "full": digest(Section(topic="Mills", entries=(one,))),
        "brief": digest(replace(others[0], entries=(*others[0].entries, one)), others[1]),
        "line": digest(Section(topic="Mills", entries=(), briefs=(one,)), *others),
        "elsewhere": digest(*others, elsewhere=(one,)),
        "also": digest(*others, also=(one,)),
    }[place]
    for name, form in forms(value).items():
        assert form.count("Mill Post") == 1, name


@pytest.mark.parametrize("place", ["full", "line"])
def test_a_story_that_no_outlet_signs_names_none(place):
    """Items without an outlet give the time alone, not "0 outlets"."""
    one = entry("A page says so", "It says so.", outlets=1)
    items = tuple(replace(item, source="") for item in one.story.items)
    one = replace(one, sources=(), story=replace(one.story, items=items))
    section = Section(
        topic="Pages", entries=(one,) if place == "full" else (), briefs=(one,) if place == "line" else ()
    )
    for name, form in forms(digest(section)).items():
        assert "06:30" in form, name
        assert "0 outlets" not in form, name
        assert not re.search(r"· ?·|\( ?·", form), name


def test_an_update_of_one_line_says_so():
    """In every form, as a story in full does."""
    one = entry("Copper holds", outlets=1, day=2)
    for name, form in forms(digest(Section(topic="Metals", entries=(), briefs=(one,)))).items():
        assert form.count("Update, day 2") == 1, name
