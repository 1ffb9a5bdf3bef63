"""Houses: who tells a story, whatever names and hosts its feeds go by."""

import socket

import pytest
from builders import item
from hypothesis import given
from hypothesis import strategies as st

from digestbot.model import Item
from digestbot.stories.houses import named_by_house, registrable_domain


def told(label: str, url: str = "", **fields: object) -> Item:
    return item(f"Report of {label} at {url}", source=label, url=url, **fields)


def names(*items: Item, **given: object) -> list[str]:
    return [one.source for one in named_by_house(items, **given)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.harbour.co.uk", "harbour.co.uk"),
        ("HARBOUR.COM.", "harbour.com"),
        ("one.blogspot.com", "one.blogspot.com"),
        ("hk.on.cc", "on.cc"),
        ("127.0.0.1", ""),
        ("localhost", ""),
        ("co.uk", ""),
        ("", ""),
    ],
)
def test_a_registrable_domain_is_told_without_any_network(
    host: str, domain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list ships in its package: blogs on one host are several sites, numbers and bare names are none."""
    monkeypatch.setattr(socket, "socket", None)
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("labels", "site", "house"),
    [
        (("Harbour", "Harbour World", "Harbour Economy"), "https://www.harbour.com/a", "Harbour"),
        (("Quay News - Technology", "Quay News - World"), "https://quay.co.uk/a", "Quay News"),
        (("World | The Ledger", "Sport | The Ledger"), "https://ledger.example/a", "The Ledger"),
        (("Tide Tech",), "https://tide.com/a", "Tide"),
        (("Tide News",), "https://tide.com/a", "Tide News"),
        (("Tide Science",), "https://tide.com/a", "Tide Science"),  # its name, as nothing says otherwise
        (("Tide Science",), "https://tide.com/science/a", "Tide"),
        (("Tide Science",), "https://science.tide.com/a", "Tide"),
        (("Tide Science",), "https://tide.science/a", "Tide Science"),
        (("Tide Science", "Tide"), "https://tide.com/a", "Tide"),
        (("Long Shore Gazette", "LSG Alpha"), "https://shore.example/a", "LSG Alpha"),
        (("Asia",), "https://www.tide.com/asia/a", "tide.com"),
        (("World News: Breaking news, politics, crime and more",), "https://tide.com/a", "tide.com"),
        (("Latest News", "Tide Daily"), "https://tide.com/a", "Tide Daily"),
        (("Nachrichten - Politik",), "https://gezeiten.de/a", "gezeiten.de"),
        (("新聞",), "https://haigang.com.hk/a", "haigang.com.hk"),
        (("The Local",), "https://thelocal.de/a", "The Local"),
        (("Tide, Wind and Weather",), "https://shore.example/a", "Tide, Wind and Weather"),
        (("海港 本地", "海港 國際"), "https://haigang.com.hk/a", "海港"),
        (("海港科技", "海港财经"), "https://haigang.com.cn/a", "海港"),
    ],
)
def test_channels_of_one_house_have_its_name(labels: tuple[str, ...], site: str, house: str) -> None:
    """The name is what the labels share, or what the address says of a section's label, or the shortest."""
    assert set(names(*(told(label, f"{site}/{number}") for number, label in enumerate(labels)))) == {house}


def test_the_label_is_kept_beside_the_house() -> None:
    """`source:` terms and `explain` still know what the feed calls itself."""
    one, two = named_by_house(
        [told("Harbour World", "https://harbour.com/1"), told("Harbour", "https://harbour.com/2")]
    )
    assert (one.source, one.label) == ("Harbour", "Harbour World")
    assert (two.source, two.label) == ("Harbour", "")
    assert named_by_house([one, two]) == (one, two)


def test_a_house_keeps_its_name_on_a_day_when_a_channel_is_silent() -> None:
    """Names are learnt from the earlier items, too."""
    earlier = [
        told("Quay Bulletin World", "https://kwai.example/1"),
        told("Quay Bulletin Sport", "https://kwai.example/2"),
    ]
    today = told("Quay Bulletin World", "https://kwai.example/3")
    assert names(today) == ["Quay Bulletin World"]
    assert names(today, known=earlier) == ["Quay Bulletin"]


@pytest.mark.parametrize(
    ("one", "house", "title"),
    [
        (("Google News", "https://news.google.com/rss/articles/a", "Crane falls into the harbour - Tide"), "Tide", True),
        (("Port watch", "https://news.google.com/rss/articles/b", "Crane falls into harbour - Unheard Voice"), "Unheard Voice", True),
        (("Tide", "https://news.google.com/rss/articles/c", "Crane falls into the harbour"), "Tide", False),
        (("Yahoo Finance", "https://finance.yahoo.com/news/a", "Crane falls | Tide Business"), "Tide", True),
        (("Yahoo Finance", "https://finance.yahoo.com/news/b", "Crane falls - and then rises"), "Yahoo Finance", False),
        (("Yahoo Finance", "https://www.ledger.example/c", "Crane falls into the harbour"), "ledger.example", False),
        (("Yahoo Finance", "https://tide.com/c", "Crane falls into the harbour"), "Tide", False),
    ],
)  # fmt: skip
def test_on_a_list_of_others_articles_the_outlet_tells(one: tuple[str, str, str], house: str, title: bool) -> None:
    """The outlet is the one whose address it is, or that title or source name; else the aggregator itself."""
    label, url, words = one
    own = told("Tide", "https://tide.com/1")
    lists = [told("Yahoo Finance", f"https://finance.yahoo.com/news/{number}") for number in range(3)]
    made = named_by_house([own, *lists, item(words, source=label, url=url, feed="list" if "google" in url else "")])[-1]
    assert made.source == house
    assert (made.title != words) == title


def test_a_list_that_nobody_knows_is_told_by_the_outlets_its_items_name() -> None:
    """Items of one feed and one site that name outlets without a name in common are others' articles, as followed or not."""
    outlets = ("Tide Post", "The Ledger", "Quay Gazette", "Tide Post")
    own = told("Tide Post", "https://tide.example/a", feed="tide")
    listed = [told(name, f"https://list.example/{at}", feed="list") for at, name in enumerate(outlets)]

    assert names(own, *listed) == ["Tide Post", *outlets]


@pytest.mark.parametrize(
    "labels",
    [
        ("Quay World", "Quay Economy", "Quay Sport"),  # sections of one house
        ("Quay", "Quay", "Quay", "Tide", "Ledger"),  # a paper that marks what it took from others
        ("Quay", "Tide"),  # two names are too few to tell
    ],
)
def test_a_house_that_names_others_now_and_then_is_no_list(labels: tuple[str, ...]) -> None:
    """Labels that share a name, or one that half of the items carry, are the site's own."""
    items = (told(name, f"https://quay.example/{at}", feed="quay") for at, name in enumerate(labels))

    assert len(set(names(*items))) == 1


def test_an_author_names_the_outlet_of_an_aggregators_item() -> None:
    """Where that author is a house that is read as well."""
    own = told("Tide", "https://tide.com/1")
    listed = told("Yahoo Finance", "https://finance.yahoo.com/news/a", authors=("Ann Quay", "Tide"))
    assert names(own, listed) == ["Tide", "Tide"]


def test_a_blog_that_links_elsewhere_now_and_then_tells_that_itself() -> None:
    """Its words are its own; a list without a site of its own only carries what others say."""
    own = [told("Pier Notes", f"https://pier.example/{number}") for number in range(3)]
    assert names(*own, told("Pier Notes", "https://tide.com/2"), told("Tide", "https://tide.com/1"))[3] == "Pier Notes"
    carried = [told("Planet Port", f"https://site{number}.example/a") for number in range(4)]
    assert names(*carried)[2] == "site2.example"


def test_hosts_of_one_house_are_one_and_a_reader_may_add_some() -> None:
    """The table knows the BBC; DIGESTBOT_HOUSES knows the rest, and wins."""
    bbc = [told("BBC News", "https://www.bbc.co.uk/1"), told("BBC Sport", "https://bbc.com/2")]
    assert names(*bbc) == ["BBC", "BBC"]
    pair = [told("Tide Tech", "https://tide.com/1"), told("Le Tide", "https://shop.maree.fr/2")]
    assert names(*pair) == ["Tide", "Le Tide"]
    assert names(*pair, houses={"tide": ("tide.com", "maree.fr")}) == ["Tide", "Tide"]
    assert names(*pair, houses={"tdm": ("tide.com", "maree.fr")}) == ["TDM", "TDM"]


@pytest.mark.parametrize(
    "url", ["", "https://medium.com/@a/1", "https://feeds.feedburner.com/~r/a", "http://127.0.0.1/a"]
)
def test_where_an_address_says_nothing_the_label_is_the_house(url: str) -> None:
    """No address, a host of many publishers, or a number."""
    assert names(told("Ann's Notes", url), told("Bob's Notes", url)) == ["Ann's Notes", "Bob's Notes"]


LABELS = st.sampled_from(["Tide", "Tide World", "The Ledger", "Yahoo Finance", "海港 本地", "海港 國際", ""])
URLS = st.sampled_from(
    ["", "https://tide.com/a", "https://ledger.example/b", "https://finance.yahoo.com/c", "https://haigang.hk/d"]
)


@given(pairs=st.lists(st.tuples(LABELS, URLS), max_size=12), seed=st.randoms())
def test_names_do_not_depend_on_the_order(pairs: list[tuple[str, str]], seed: object) -> None:
    """Whatever order feeds are read in, each item has the same house; nothing else of it changes."""
    items = [item(f"Title {number}", source=label, url=url) for number, (label, url) in enumerate(pairs)]
    shuffled = list(items)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    made = {one.id: one for one in named_by_house(items)}
    assert {one.id: one for one in named_by_house(shuffled)} == made
    assert [one.id for one in named_by_house(items)] == [one.id for one in items]
    # A name that was given is kept when it is asked for again.
    assert all(again.label == one.label for one, again in zip(made.values(), named_by_house(items), strict=True))
