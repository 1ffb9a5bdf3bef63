"""The model itself, where `digestbot[meaning]` is installed: `make meaning` installs it and runs these."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from bot import Bot
from builders import item
from newsroom import rss
from two_languages import EVENTS

from digestbot.app.meaning import RememberedMeaning
from digestbot.model import Item
from digestbot.operations.logs import LoggedProgress
from digestbot.store import open_store
from digestbot.stories import cluster
from digestbot.text.sentence_vectors import DIMENSIONS, is_installed, sentence_vectors

pytestmark = pytest.mark.skipif(not is_installed(), reason="digestbot[meaning] is not installed: make meaning")


def reports() -> list[Item]:
    """Every telling of every event."""
    return [
        item(title, id=f"{number} {language}", source=language, language=language)
        for number, event in enumerate(EVENTS)
        for language, title in event.items()
    ]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> RememberedMeaning:
    store = open_store(tmp_path_factory.mktemp("vectors"))
    return RememberedMeaning(store.vectors, LoggedProgress(), clock=lambda: datetime.now(UTC))


def test_a_vector_has_length_one_and_is_the_same_every_time():
    """Alone or among others: what is stored today fits what is made tomorrow."""
    texts = ["Gold falls", "鹿特丹港工人罢工", "Hafenstreik"]
    together, alone = sentence_vectors(texts), np.concatenate([sentence_vectors([text]) for text in texts])
    assert together.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-3)
    assert np.allclose(together, alone, atol=1e-4)


def test_events_told_in_several_languages_are_found(model: RememberedMeaning):
    """At least nine of ten as one story and nothing else in it; look-alikes, such as two strikes, stay apart."""
    stories = cluster(reports(), meaning=model, across_languages=True)
    events = [{one.id.split()[0] for one in story.items} for story in stories]
    assert all(len(numbers) == 1 for numbers in events)
    whole = [story for story in stories if len(story.items) == len(EVENTS[int(story.items[0].id.split()[0])])]
    assert len(whole) >= 0.9 * len(EVENTS)


def test_languages_stay_apart_unless_asked(model: RememberedMeaning):
    """The default: a reader who follows two languages gets each event in both."""
    assert all(len({one.language for one in story.items}) == 1 for story in cluster(reports(), meaning=model))


def test_a_digest_across_languages_tells_an_event_once(tmp_path: Path):
    """From feeds to digest: one story of two languages, under the headline of the digest's; explain says what joined them."""
    when = "Wed, 27 May 2026 02:00:00 +0000"
    said = {language: EVENTS[0][language].partition(". ") for language in ("de", "en")}
    for language, (title, _, text) in said.items():
        feed = rss((title, text, when), title=f"Post {language}").replace("harbourpost", f"post-{language}")
        (tmp_path / f"{language}.xml").write_text(feed, encoding="utf-8")
    bot = Bot(tmp_path)
    bot.configure(
        FEEDS__DE="./de.xml",
        FEEDS__EN="./en.xml",
        DIGESTS__MORNING__TIMEZONE="UTC",
        DIGESTS__MORNING__TO="file:./out",
        DIGESTS__MORNING__LANGUAGE="de",
        DIGESTS__MORNING__ACROSS_LANGUAGES="yes",
        MEANING="yes",
    )
    run = bot("preview", "--at", "2026-05-27T08:00Z", "--format", "json")
    assert run.returncode == 0, run.stderr
    digest = json.loads(run.stdout)
    told = [*(section_story for section in digest["sections"] for section_story in section["stories"]), *digest["also"]]
    assert [(story["title"], len(story["items"])) for story in told] == [(said["de"][0], 2)]
    assert bot("run", "--at", "2026-05-27T08:00Z").returncode == 0
    explained = bot("explain", "Hafenstreik").stdout
    assert "so that meaning joined them" in explained
