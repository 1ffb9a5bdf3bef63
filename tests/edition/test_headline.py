"""Headlines: which of a story's titles is shown, and how it is cleaned."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, item, story
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.edition.headline import choose_headline, headlined, led_by, not_news, weigh_headline
from digestbot.model import Entry, Item, Story
from digestbot.text.title_forms import TitleForm, forms_of

PLAIN = "Harbour bridge in Mallow closes after crack is found"
OTHERS = ("Mallow harbour bridge closed over crack", "Crack closes Mallow's harbour bridge")


def at(hour: float, title: str, **fields: str) -> Item:
    return item(title, published=NOON + timedelta(hours=hour), **fields)


def headline(*items: Item, language: str = "") -> str:
    return choose_headline(story(*items), language=language).title


@pytest.mark.parametrize(
    "lead",
    [
        "Will Mallow's harbour bridge ever open again after crack?",
        "‘We heard the harbour bridge crack in Mallow and ran’",
        "“The harbour bridge had a crack for years,” Mallow engineer says",
        "Opinion: Mallow harbour bridge closes after crack because nobody looked",
        "Analysis-Mallow harbour bridge closes after crack, and trade suffers",
        "Watch: Mallow harbour bridge closes after crack is found",
        "How the crack in Mallow's harbour bridge was found",
        "How to get across the harbour now that Mallow's bridge closes after crack",
        "Mallow harbour bridge crack: live updates",
        "Morning briefing: Mallow harbour bridge closes after crack",
        "Mallow harbour bridge crack: here's why it closes",
        "5 things about the Mallow harbour bridge and its crack",
        "You won't believe what closes the Mallow harbour bridge",
        "Mallow harbour bridge closes; ferry fares rise; mayor resigns",
    ],
)
def test_what_is_no_plain_statement_gives_way_to_one(lead: str):
    """A question, a quotation, a label, a live page, a bulletin, advice or a teaser leads nowhere."""
    assert (
        headline(at(5, lead, source="Post"), *(at(n, title, source=f"s{n}") for n, title in enumerate(OTHERS)))
        in OTHERS
    )


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("Orbis (ORB) posts lower sales", "Orbis posts far lower spring sales"),
        ("Orbis spring target cut", "Orbis spring sales cut by a strike"),
        ("A bad day for Mallow's harbour bridge", "Mallow's harbour bridge has a bad crack"),
        ("Ein böser Tag für die Hafenbrücke in Moos", "Ein böser Riss in der Hafenbrücke in Moos"),
    ],
)
def test_what_is_written_for_a_few_or_about_something_gives_way(worse: str, better: str):
    """A ticker or a target is of use to who trades, and what a piece is about is not what happened."""
    assert headline(at(2, worse, source="Quay"), at(0, better, source="Post")) == better


def test_a_title_that_chats_gives_way_to_one_that_states():
    """To tell that it "just closed" is talk, whatever it tells."""
    states, chats = "Crack shuts harbour bridge in Mallow", "Crack just shuttered harbour bridge in Mallow"
    assert headline(at(0, states, source="Quay"), at(0, chats, source="Post")) == states


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        (
            "Wird die Hafenbrücke in Mallau nach dem Riss je wieder geöffnet?",
            "Hafenbrücke in Mallau nach Riss gesperrt",
        ),
        (
            "Kommentar: Die Hafenbrücke in Mallau ist nach dem Riss zu Recht gesperrt",
            "Riss in Mallau: Hafenbrücke gesperrt",
        ),
        ("„Wir haben den Riss in der Hafenbrücke gehört und sind gerannt“", "Hafenbrücke in Mallau nach Riss gesperrt"),
        ("Warum die Hafenbrücke in Mallau nach dem Riss gesperrt ist", "Hafenbrücke in Mallau nach Riss gesperrt"),
        ("Liveticker: Hafenbrücke in Mallau nach Riss gesperrt", "Mallau sperrt die Hafenbrücke nach einem Riss"),
        (
            "5 Dinge, die man über die gesperrte Hafenbrücke in Mallau wissen muss",
            "Hafenbrücke in Mallau nach Riss gesperrt",
        ),
        ("馬洛海港大橋出現裂縫封閉 何時重開？", "馬洛海港大橋發現裂縫全線封閉"),
        ("「我聽到馬洛海港大橋裂開 立即逃跑」", "馬洛海港大橋發現裂縫全線封閉"),
        ("社評｜馬洛海港大橋裂縫封閉反映監管不力", "馬洛海港大橋發現裂縫全線封閉"),
        ("晨早新聞重點｜馬洛海港大橋裂縫封閉／渡輪加價", "馬洛海港大橋發現裂縫全線封閉"),
        ("懶人包｜馬洛海港大橋裂縫封閉一文看清", "馬洛海港大橋發現裂縫全線封閉"),
        ("马洛海港大桥裂缝封闭 为何没人发现？", "马洛海港大桥发现裂缝全线封闭"),
        ("一文看懂马洛海港大桥裂缝封闭", "马洛海港大桥发现裂缝全线封闭"),
    ],
)
def test_the_same_in_german_and_chinese(bad: str, good: str):
    """The forms are known in German and in both scripts of Chinese, whichever came first."""
    assert headline(at(0, bad, source="A"), at(1, good, source="B")) == good
    assert headline(at(1, bad, source="A"), at(0, good, source="B")) == good


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("Pont du port fermé : voici pourquoi la fissure inquiète", "Le pont du port fermé après une fissure"),
        ("Pourquoi le pont du port est fermé après une fissure", "Le pont du port fermé après une fissure"),
        (
            "EN DIRECT - Le pont du port fermé après une fissure : suivez la situation",
            "Une fissure ferme le pont du port",
        ),
        ("Las claves de la grieta que cierra el puente del puerto", "Una grieta cierra el puente del puerto"),
        ("Ecco perché una crepa chiude il ponte del porto", "Una crepa chiude il ponte del porto"),
        ("Saiba por que uma fissura fecha a ponte do porto", "Uma fissura fecha a ponte do porto"),
        ("港の橋はなぜ亀裂で通行止めになったのか", "港の橋、亀裂で全面通行止め"),
    ],
)
def test_the_same_in_other_languages(bad: str, good: str):
    """What explains or teases, by its kind or its form, leads nowhere in French, Spanish, Italian, Portuguese or Japanese."""
    told = story(at(1, bad, source="A"), at(0, good, source="B"))
    assert choose_headline(told, other_kinds=not_news(told)).title == good


@pytest.mark.parametrize(
    "title",
    [
        "WHO chief says harbour towns need new bridges",
        "Engineers' union calls Mallow bridge plan ‘reckless’",
        "Live music returns to the harbour in Mallow",
        "Review of bridge safety ordered by minister",
        "Ferry line adds 3 boats a day to Mallow",
        "Mallow council votes to replace harbour bridge",
        "Polizei warnt vor Betrügern in Mallau",
        "馬洛大橋封閉8個月後重開",
    ],
)
def test_a_plain_statement_is_not_mistaken_for_another_form(title: str):
    """An agency, a short quotation, a word of a label inside a sentence: each still wins over a question."""
    assert headline(at(0, title, source="A"), at(1, f"{title}?", source="B")) == title


def test_where_nothing_plain_is_left_a_question_is_shown():
    """A story of questions has a question for its headline rather than none."""
    assert headline(at(0, "Will the bridge open?", source="A"), at(1, "Is the bridge safe?", source="B")).endswith("?")


@pytest.mark.parametrize(
    ("preview", "after"),
    [
        (
            "Harbour shares slip as traders await Mallow bridge verdict",
            "Court rejects Mallow bridge plan, harbour shares jump",
        ),
        ("Mallow braces for court's bridge verdict", "Court rejects Mallow bridge plan"),
        ("Mallow wartet auf Urteil zur Hafenbrücke", "Gericht kippt Urteil zur Hafenbrücke in Mallau"),
        ("馬洛大橋方案裁決在即 市民靜待結果", "法院否決馬洛大橋方案"),
    ],
)
def test_a_preview_gives_way_to_what_happened(preview: str, after: str):
    """What was awaited in the morning is told by the evening's headline; the other way round the preview is the news."""
    assert headline(at(0, preview, source="A"), at(6, after, source="B")) == after


def test_a_preview_stays_where_nothing_is_told_since():
    """A story of previews has one for its headline, the one that most resembles the others."""
    titles = ("Mallow braces for bridge verdict", "Bridge verdict looms in Mallow")
    assert headline(*(at(n, title, source=title) for n, title in enumerate(titles))) in titles


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("Mallow mill fire kills 3", "Mallow mill fire: death toll rises to 16"),
        ("At least three dead in Mallow mill fire", "Sixteen dead in Mallow mill fire"),
        ("Drei Tote bei Brand in Mallauer Mühle", "Zahl der Toten nach Brand in Mallauer Mühle steigt auf 16"),
        ("馬洛磨坊大火3死25傷", "馬洛磨坊大火增至16死40傷"),
        ("马洛磨坊大火三人死亡", "马洛磨坊大火死亡人数升至十六人"),
        ("Police arrest 4 after Mallow mill fire", "Police arrest 9 after Mallow mill fire"),
    ],
)
def test_a_lower_count_gives_way_to_a_later_higher_one(first: str, later: str):
    """Three dead in the morning are sixteen in the evening, in figures or words, even where most reports still say three."""
    early = [at(n / 10, first, source=f"s{n}") for n in range(4)]
    assert headline(*early, at(5, later, source="Late")) == later


def test_an_older_higher_count_does_not_make_a_later_one_outdated():
    """A toll that is revised downwards is the newest state."""
    later = "Mallow mill fire kills 12"
    assert headline(at(0, "Mallow mill fire kills 16", source="A"), at(5, later, source="B")) == later


def test_a_title_of_before_the_dead_were_counted_gives_way():
    """However well it fits the others, once two later outlets count them; one alone may be wrong."""
    first, one, other = "Storm hits harbour of Mallow", "Mallow storm kills 11", "Eleven killed as storm hits Mallow"
    early = [at(n / 10, first, source=f"s{n}") for n in range(4)]
    assert headline(*early, at(5, one, source="A"), at(6, other, source="B")) in {one, other}
    assert headline(*early, at(5, one, source="A")) == first


def test_the_subject_that_most_titles_share_is_the_headlines():
    """A report of something beside the event, joined by a name, is no headline, not even as the newest."""
    beside = at(9, "Ferry operator Lune hires new finance chief from rival of Mallow bank", source="Wire")
    reports = [at(n, title, source=f"s{n}") for n, title in enumerate((PLAIN, *OTHERS))]
    assert headline(*reports, beside) != beside.title


def test_what_moves_with_the_event_is_not_its_headline():
    """The first clause names the event: "Shares slip as ..." is about shares."""
    reaction = at(9, "Cement shares at a low as Mallow harbour bridge closes over crack", source="Wire")
    assert (
        headline(*(at(n, title, source=f"s{n}") for n, title in enumerate((PLAIN, *OTHERS))), reaction)
        != reaction.title
    )


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Harbour bridge closes after crack - Gazette", "Harbour bridge closes after crack"),
        ("Gazette | Harbour bridge closes after crack", "Harbour bridge closes after crack"),
        ("Harbour bridge closes – ferry runs instead | Gazette.com", "Harbour bridge closes – ferry runs instead"),
        ("EXCLUSIVE: Harbour bridge closes after crack", "Harbour bridge closes after crack"),
        ("UPDATE 2-Harbour bridge closes after crack", "Harbour bridge closes after crack"),
        ("US STOCKS-Harbour shares fall on news of crack", "Harbour shares fall on news of crack"),
        ("RAF Mallow-based crew inspects harbour bridge", "RAF Mallow-based crew inspects harbour bridge"),
        ("Harbour bridge closes after crack – Gazette Harbour Desk", "Harbour bridge closes after crack"),
        ("Harbour bridge closes – Gazette staff walk", "Harbour bridge closes – Gazette staff walk"),
        ("Exclusive | harbour bridge closes after crack", "Harbour bridge closes after crack"),
        ("🚨 Harbour bridge closes after crack 🌉", "Harbour bridge closes after crack"),
        ("Harbour bridge closes after crack (VIDEO)", "Harbour bridge closes after crack"),
        ("Eilmeldung: Hafenbrücke nach Riss gesperrt", "Hafenbrücke nach Riss gesperrt"),
        ("EXCLUSIF : le pont du port fermé après une fissure", "Le pont du port fermé après une fissure"),
        ("Última hora: el puente cerrado por una grieta", "El puente cerrado por una grieta"),
        ("【速報】港の橋、亀裂で全面通行止め", "港の橋、亀裂で全面通行止め"),
        ("有片｜馬洛海港大橋發現裂縫全線封閉", "馬洛海港大橋發現裂縫全線封閉"),
        ("【快訊】馬洛海港大橋發現裂縫全線封閉 (更新)", "馬洛海港大橋發現裂縫全線封閉"),
        ("海港風波｜馬洛海港大橋發現裂縫全線封閉", "馬洛海港大橋發現裂縫全線封閉"),
        ("馬洛海港大橋發現裂縫全線封閉︱海港風波", "馬洛海港大橋發現裂縫全線封閉"),
        ("海港風波｜大橋封閉", "海港風波｜大橋封閉"),
        (
            "今日新聞｜馬洛海港大橋發現裂縫全線封閉｜渡輪加班載客往來兩岸",
            "今日新聞｜馬洛海港大橋發現裂縫全線封閉｜渡輪加班載客往來兩岸",
        ),
        ("Gazette", "Gazette"),
        ("Exclusive: ha", "Exclusive: ha"),
    ],
)
def test_a_headline_is_shown_without_what_stands_around_it(title: str, shown: str):
    """The outlet, labels, notes and emoji go; nothing else changes, and a title is never emptied."""
    assert headline(at(0, title, source="The Gazette")) == shown


def test_the_link_is_that_of_the_headlines_own_article():
    """The item that is chosen keeps its address, its outlet and its id."""
    question = at(0, "Will the bridge open?", source="A", url="https://a.example/1")
    plain = at(1, "Bridge opens on Friday", source="B", url="https://b.example/2")
    chosen = choose_headline(story(question, plain))
    assert (chosen.id, chosen.url, chosen.source) == (plain.id, plain.url, "B")


def test_a_title_without_an_address_gives_way():
    """Where another plain title has a link, one without is not the headline."""
    bare = at(1, "Harbour bridge closes after crack", source="A", url="")
    linked = at(0, "Crack closes harbour bridge", source="B", url="https://b.example/2")
    assert headline(bare, linked) == linked.title


def test_the_language_of_most_outlets_wins_and_the_digests_before_it():
    """One report in German among three in English is no headline, unless the digest is German."""
    english = [at(n, title, source=f"s{n}") for n, title in enumerate((PLAIN, *OTHERS))]
    german = at(9, "Die Hafenbrücke in Mallow ist nach einem Riss gesperrt", source="Tagblatt", language="de")
    assert headline(*english, german) != german.title
    assert headline(*english, german, language="de") == german.title


def test_the_script_of_most_outlets_wins():
    """Among reports in traditional characters one in simplified characters is no headline."""
    titles = ("馬洛海港大橋發現裂縫全線封閉", "馬洛大橋現裂縫 海港大橋封閉")
    simplified = at(9, "马洛海港大桥发现裂缝全线封闭", source="C")
    assert headline(*(at(n, title, source=title) for n, title in enumerate(titles)), simplified) in titles


@pytest.mark.parametrize("end", [" ...", ",", " -", ":"])
def test_a_title_that_is_cut_off_gives_way(end: str):
    """Dots are not the only sign: what was cut at a number of characters ends with a comma, or a dash to nowhere."""
    whole, cut = "Harbour bridge in Mallow shuts after crack", "Crack shuts harbour bridge in Mallow" + end
    assert headline(at(0, cut, source="Quay"), at(0, whole, source="Post")) == whole


def test_what_is_no_news_is_a_last_resort():
    """The ids of opinion, reviews and the like that a caller names give way."""
    opinion = at(1, "Harbour bridge in Mallow closes: crack was foreseen", source="A")
    news = at(0, PLAIN, source="B")
    both = story(opinion, news)
    assert choose_headline(both, other_kinds={opinion.id}).id == news.id
    assert choose_headline(story(opinion), other_kinds={opinion.id}).id == opinion.id


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Stock futures edge higher on mixed signals", "Shares close lower on mixed signals from retailers"),
        ("Dax-Futures vorbörslich fester, Anleger zuversichtlich", "Dax schließt schwächer, Anleger verunsichert"),
        ("港股期指高開百點 投資者樂觀", "港股收市跌百點 投資者憂慮"),
    ],
)
def test_what_was_expected_of_a_trading_day_gives_way_to_how_it_ended(before: str, after: str):
    """Futures on shares are traded before the session; those on goods are news of their own."""
    assert headline(at(0, before, source="A"), at(9, after, source="B")) == after
    assert TitleForm.PREVIEW not in set(forms_of("Wheat futures jump 4% after frost in Mallow"))


def test_of_near_equals_the_title_with_a_text_is_the_headline():
    """The summary under it is quoted from there; a title that is shared more still goes before it."""
    bare = at(2, "Mallow Mills sees sales of 60 million crowns this autumn", source="A", text="")
    told = at(3, "Mallow Mills beats estimates on flour, sales up", source="B", text="Mallow Mills sold more flour.")
    assert headline(bare, told) == told.title
    assert headline(bare, at(2.5, told.title, source="B", text="")) == headline(bare, replace(told, text=""))
    others = [at(n / 10, f"{bare.title}: paper {n}", source=f"C{n}", text="") for n in range(3)]
    assert headline(bare, told, *others) != told.title


def test_the_reason_against_the_lead_is_said():
    """It ends the sentence "the lead's title ..."; it is empty where the lead's title is the headline."""
    question = at(0, "Will the harbour bridge in Mallow open after crack?", source="A")
    choice = weigh_headline(story(question, at(1, PLAIN, source="B"), at(2, OTHERS[0], source="C")))
    assert choice.against_lead == "asks a question"
    assert weigh_headline(story(at(0, PLAIN))).against_lead == ""


def test_the_headlines_item_leads_its_story():
    """The items stay the same, and so does the story's id."""
    first, second = at(0, "Will the bridge open?", source="A"), at(1, "Bridge opens on Friday", source="B")
    before = story(first, second)
    after = led_by(before, choose_headline(before))
    assert (after.id, after.items) == (before.id, (second, first))


def test_an_entry_knows_which_of_its_reports_are_no_news():
    """Forms that show other headlines leave them out; an opinion whose address alone says so is one."""
    report = at(0, PLAIN, source="A")
    opinion = at(2, "Mallow's harbour bridge was always going to crack", source="B", url="https://b.example/opinion/1")
    made = headlined(Entry(story=story(report, opinion), title=report.title))
    assert (made.title, made.not_news) == (PLAIN, (opinion.id,))


_TITLES = st.sampled_from(
    [PLAIN, *OTHERS, "Is the bridge safe?", "Mill fire kills 3", "Mill fire kills 9", "大橋封閉", "", "Ferry"]
)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(_TITLES, st.integers(0, 3) | st.none(), st.sampled_from("ABC")), min_size=1, max_size=8),
    st.randoms(),
)
def test_the_order_of_the_items_changes_nothing(drawn: list[tuple[str, int | None, str]], shuffle: random.Random):
    """One story has one headline, whatever feeds were read first."""
    items = [
        Item(
            id=str(n), title=title, source=source, published=NOON + timedelta(hours=hour) if hour is not None else None
        )
        for n, (title, hour, source) in enumerate(drawn)
    ]
    mixed = items[:]
    shuffle.shuffle(mixed)
    assert choose_headline(Story(id="s", items=tuple(items))) == choose_headline(Story(id="s", items=tuple(mixed)))


def test_what_a_label_says_counts_although_it_is_not_shown():
    """An editorial stays one without its label: a report goes before it."""
    editorial = at(1, "海港社論｜馬洛海港大橋發現裂縫全線封閉", source="A")
    assert headline(editorial, at(0, "馬洛海港大橋有裂縫 今早全線封閉", source="B")).startswith("馬洛海港大橋有裂縫")


@pytest.mark.parametrize(
    ("closed", "reopened"),
    [
        ("Harbour bridge in Mallow closed after fire", "Mallow harbour bridge reopens after lorry fire"),
        ("Hafenbrücke in Mallow nach Brand gesperrt", "Hafenbrücke in Mallow nach Brand wieder frei"),
        ("馬洛海港大橋貨車起火 全線封閉", "馬洛海港大橋貨車起火 全線已解封"),
    ],
)
def test_a_closure_gives_way_to_a_later_reopening(closed: str, reopened: str):
    """However many told of the closure before; a closure after it is news again."""
    crowd = [at(hour, closed, source=f"Outlet {hour}") for hour in range(3)]
    assert headline(*crowd, at(4, reopened, source="Late")) == reopened
    assert headline(at(-1, reopened, source="Early"), *crowd) == closed


@pytest.mark.parametrize(
    ("closed", "once", "reopened"),
    [
        ("馬洛海底隧道貨車起火 往港口方向全線封閉", "馬洛海底隧道貨車起火 往港口方向一度全線封閉", "馬洛海底隧道往港口方向行車線已解封"),
        (
            "Mallow tunnel closed after lorry fire near harbour",
            "Mallow tunnel briefly closed after lorry fire near harbour",
            "Mallow tunnel lanes near harbour reopened",
        ),
    ],
)  # fmt: skip
def test_what_was_closed_for_a_while_is_as_new_as_the_reopening(closed: str, once: str, reopened: str):
    """And it says what had happened, which a bare reopening does not."""
    crowd = [at(hour, closed, source=f"Outlet {hour}") for hour in range(3)]
    assert headline(*crowd, at(4, reopened, source="Late"), at(3, once, source="Later")) == once


def test_the_figure_that_several_outlets_give_is_in_the_headline():
    """What the event comes to, rather than what somebody makes of it later."""
    figures = [
        at(0, "Mallow economy loses 23,000 jobs in July", source="A"),
        at(0, "Mallow lost 23,000 jobs last month", source="B"),
        at(0, "Economy of Mallow sheds 23,000 jobs", source="C"),
    ]
    comments = [
        at(11, f"Mallow economy loses jobs in July, and {who} frets", source=who) for who in ("mayor", "bank", "union")
    ]
    assert "23,000" in headline(*figures, *comments)
    without = [replace(one, title=one.title.replace("23,000 jobs", "jobs")) for one in figures]
    assert "frets" in headline(*without, *comments)
