"""benchmarks/real_days.py counts what it says it counts, on days invented for it."""

import json
import tarfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from bot import Bot


@pytest.fixture
def real_days(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    import real_days

    return real_days


@pytest.fixture
def counted(real_days: ModuleType) -> ModuleType:
    import reader_figures

    return reader_figures


def story(name: str, *urls: str, score: float = 1.0, title: str = "", **more: Any) -> dict[str, Any]:
    day = "2026-03-01T08:00:00+00:00"
    items = [
        {"id": url, "title": title or name, "url": url, "source": url.split("/")[2], "published": day} for url in urls
    ]
    sources = [{"name": url.split("/")[2], "items": 1, "independent": True} for url in urls]
    return {
        "id": name,
        "title": title or name,
        "url": urls[0],
        "score": score,
        "summary": [],
        "items": items,
        "sources": sources,
    } | more


def digest(*stories: dict[str, Any], **more: Any) -> dict[str, Any]:
    section = {"topic": "Harbour", "stories": list(stories)}
    return {"edition": "2026-03-01", "since": "2026-02-28", "sections": [section], "also": [], **more}


def urls(event: str, count: int) -> list[str]:
    return [f"https://{event}{number}.example/news" for number in range(count)]


def found(counted: ModuleType, name: str, *addresses: str, **more: Any) -> Any:
    return counted.Found(name, name, addresses, **more)


def by_name(figures: list[Any]) -> dict[str, Any]:
    return {figure.name: figure.value for figure in figures}


def test_every_place_of_todays_and_the_coming_form_is_read(counted: ModuleType) -> None:
    """Lead, full, brief, also, elsewhere and related; a form without the newer keys as well."""
    today = digest(story("a", "https://a.example/1"), also=[story("b", "https://b.example/1")])
    assert [(one.place, one.story["id"]) for one in counted.told(today)] == [("full", "a"), ("also", "b")]
    coming = digest(
        story("a", "https://a.example/1", related=[{"id": "r", "title": "r", "url": "https://r.example/1"}]),
        lead=story("l", "https://l.example/1", topic="Harbour"),
        elsewhere=[story("e", "https://e.example/1")],
    )
    coming["sections"][0]["briefs"] = [story("b", "https://b.example/1")]
    assert {(one.place, one.story["id"]) for one in counted.told(coming)} == {
        ("lead", "l"),
        ("full", "a"),
        ("related", "r"),
        ("brief", "b"),
        ("elsewhere", "e"),
    }
    assert [one.story["id"] for one in counted.told({**today, "lead": None})] == ["a", "b"]


def test_events_that_are_absent_split_or_mixed_are_counted(counted: ModuleType) -> None:
    """An event of four that stands nowhere, one in two full places, and a full story of two events."""
    quay, strike, flood = urls("quay", 4), urls("strike", 4), urls("flood", 4)
    labels = {url: name for name, of in (("quay", quay), ("strike", strike), ("flood", flood)) for url in of}
    shown = list(counted.told(digest(story("q1", *quay[:2], strike[0]), story("q2", *quay[2:]))))
    groups = [
        found(counted, "q1", *quay[:2], strike[0]),
        found(counted, "q2", *quay[2:]),
        found(counted, "s", *strike[1:]),
        found(counted, "f", *flood),
    ]
    figures = by_name(counted.label_figures(shown, groups, labels))
    # One stray report of the strike inside the quay's story does not tell the strike.
    assert (figures["absent, items"], figures["absent, houses"]) == (2, 2)
    assert (figures["in several places"], figures["mixed"]) == (1, 1)
    assert figures["b3 grouped"][2] < 1
    related = [{"id": "f", "title": "f", "url": flood[0]}, {"id": "s", "title": "s", "url": strike[1]}]
    shown = list(counted.told(digest(story("q", *quay, related=related))))
    figures = by_name(counted.label_figures(shown, groups, labels))
    assert (figures["absent, items"], figures["in several places"], figures["mixed"]) == (0, 0, 0)


def test_what_an_earlier_edition_told_is_not_absent(counted: ModuleType) -> None:
    """A story without news since yesterday is left out rightly."""
    quay = urls("quay", 4)
    groups = [found(counted, "q", *quay, status="already told")]
    figures = by_name(counted.label_figures([], groups, dict.fromkeys(quay, "quay")))
    assert figures["absent, items"] == 0


def test_the_lead_room_and_houses_are_judged(counted: ModuleType) -> None:
    """A better score below the first, a topic without a place, one house twice, and what its sources are worth."""
    low = story("low", "https://news.a.co.uk/1", "https://www.a.co.uk/2", score=2.0)
    high = story("high", "https://b.example/1", score=3.0, day=2)
    groups = [
        found(counted, "low", "https://news.a.co.uk/1", "https://www.a.co.uk/2", topic="Harbour", score=2.0),
        found(counted, "high", "https://b.example/1", topic="Harbour", score=3.0),
        found(counted, "rail", "https://c.example/1", "https://d.example/1", topic="Rail", score=1.0),
        found(counted, "wide", *urls("wide", 4), score=0.5),
    ]
    text = "1. low\n   - One\n     https://news.a.co.uk/1\n   - Two\n\n2. high\n   - Three\n"
    figures = by_name(counted.plain_figures(digest(low, high), groups, text, b"x" * 1000))
    assert figures["best leads"] is False
    assert figures["topics without a place"] == 1
    assert figures["inflated"] == 1
    assert figures["4+ domains absent"] == 1
    assert (figures["largest topic"], figures["updates"], figures["html kB"]) == ("2 of 2", 1, 1.0)
    assert figures["longest source list"] == 3
    figures = by_name(counted.plain_figures(digest(high, low), groups, text, b""))
    assert figures["best leads"] is True


def test_an_aggregator_beside_an_outlet_is_no_house_counted_twice(counted: ModuleType) -> None:
    """A name on three domains shares them with others by its nature; two channels on one domain are one house."""
    relayed = story("r", "https://a.example/1", "https://b.example/1", "https://c.example/1", "https://a.example/2")
    for item, source in zip(relayed["items"], ("Relay", "Relay", "Relay", "A"), strict=True):
        item["source"] = source
    relayed["sources"] = [{"name": "Relay"}, {"name": "A"}]
    assert not counted.inflation(relayed)
    channels = story("c", "https://a.example/1", "https://www.a.example/2", "https://b.example/1")
    assert counted.inflation(channels) == "a.example: a.example + www.a.example"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Will the harbour ever open?", "question"),
        ("海港何時重開？", "question"),
        ("“We shall open the harbour before the winter”", "quotation"),
        ("Opinion: the harbour is too small", "label"),
        ("有片｜貨輪撞上碼頭", "label"),
        ("How to reach the harbour by tram", "how-to"),
        ("Harbour strike: live updates", "live"),
        ("Ferries little changed as crews await the vote", ""),
        ("Ferries wait ahead of the vote", "preview"),
        ("The harbour just did something it never did", "teaser"),
        ("Save $40 on a boat, the best winter deals", "promotion"),
        ("Harbour opens its ninth quay", ""),
        ("貨輪撞上碼頭 兩人受傷", ""),
    ],
)
def test_headlines_of_a_forbidden_kind_are_known(counted: ModuleType, title: str, kind: str) -> None:
    """A sign of each kind, and none in a plain statement."""
    said = counted.kinds_in(title, counted.TITLES)
    assert kind in said if kind else not set(said) - {"preview"}


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("(Updates with the minister's words.)", "bracketed note"),
        ("Here is the latest from the quays.", "call or teaser"),
        ("Use code QUAY for a free ticket.", "code"),
        ("00:00 Intro 02:10 The quays", "timestamps"),
        ("The minister talks with Ann Reed about the quays.", "talks with"),
        ("By Ann Reed", "byline"),
        ("Welcome back to the harbour show.", "of the outlet itself"),
        ("The harbour opened its ninth quay and", "no end"),
        ("The harbour opened by night, as Ann Reed had said.", ""),
        ("港口昨日開放。", ""),
    ],
)
def test_sentences_of_a_forbidden_kind_are_known(counted: ModuleType, sentence: str, kind: str) -> None:
    """A sign of each kind, and none in a plain statement."""
    said = counted.kinds_in(sentence, counted.SENTENCES)
    assert kind in said if kind else not said


@pytest.mark.parametrize("top", ["harbour", "another", "."])
def test_a_packed_day_is_unpacked_whatever_its_folder_is_called(
    real_days: ModuleType, tmp_path: Path, top: str
) -> None:
    """With a folder of the archive's name in it, of another name, or none."""
    (tmp_path / "config.env").write_text("", encoding="utf-8")
    with tarfile.open(tmp_path / "harbour.tar.xz", "w:xz") as archive:
        archive.add(tmp_path / "config.env", arcname=f"{top}/config.env")
    folder = real_days.unpack(tmp_path / "harbour.tar.xz", tmp_path / "into")
    assert (folder / "config.env").is_file()


def test_a_day_is_made_and_measured(
    real_days: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One edition of a day of three reports through the command line, printed as one line; the day's folder stays as it was."""
    day = tmp_path / "harbour"
    (day / "feeds").mkdir(parents=True)
    config = ["DIGESTBOT_DIGESTS__DAY__TIMEZONE=UTC", "DIGESTBOT_DIGESTS__DAY__TO=file:./out"]
    labels = []
    for number, outlet in enumerate(("gazette", "herald", "courier")):
        url = f"https://{outlet}.example/quay"
        body = "The harbour of Eastport opened its ninth quay on a windy morning, the mayor said."
        item = f"<item><title>Eastport harbour opens its ninth quay</title><link>{url}</link><description>{body}</description>"
        date = f"<pubDate>Sun, 01 Mar 2026 0{number}:00:00 GMT</pubDate></item>"
        feed = f"<rss version='2.0'><channel><title>{outlet}</title>{item}{date}</channel></rss>"
        (day / "feeds" / f"{outlet}.xml").write_text(feed, encoding="utf-8")
        config.append(f"DIGESTBOT_FEEDS__{outlet.upper()}=./feeds/{outlet}.xml")
        labels.append(json.dumps({"url": url, "story": "quay"}))
    (day / "config.env").write_text("\n".join(config), encoding="utf-8")
    (day / "labels.jsonl").write_text("\n".join(labels), encoding="utf-8")
    before = sorted(day.rglob("*"))

    def in_this_process(command: list[str], *, cwd: Path, **_: Any) -> Any:
        # Another Python would take seconds to start.
        return Bot(cwd)(*command[3:])

    monkeypatch.setattr(real_days.subprocess, "run", in_this_process)
    monkeypatch.setattr("sys.argv", ["real_days.py", str(tmp_path), "--at", "2026-03-01T09:00:00Z", "--json"])
    real_days.main()
    (figures,) = json.loads(capsys.readouterr().out)["harbour"].values()
    assert figures["labelled items"] == "3 of 3"
    assert figures["b3 grouped"] == [1.0, 1.0, 1.0]
    assert (figures["places"], figures["best leads"]) == ({"full": 1}, True) or figures["places"] == {"lead": 1}
    assert sorted(day.rglob("*")) == before
