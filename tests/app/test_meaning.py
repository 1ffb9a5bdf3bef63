"""The model of meaning as it is used: each text is given to it once, the newest only, and its absence stops nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from bot import Bot
from builders import item

from digestbot.app import meaning
from digestbot.app.meaning import RememberedMeaning
from digestbot.operations.logs import LoggedProgress
from digestbot.store import open_store

NEW, OLD = item("Gold falls", hours=1), item("Gold rises", hours=9)
WORDLESS = item("", hours=1)


class Encoder:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += texts
        found = np.zeros((len(texts), meaning.DIMENSIONS), dtype=np.float32)
        found[:, 0] = 1
        return found


def model(data: Path, encoder: Encoder, most: int = 10) -> RememberedMeaning:
    store = open_store(data)
    return RememberedMeaning(
        store.vectors, LoggedProgress(), clock=lambda: datetime.now(UTC), encode=encoder, most=most
    )


def test_a_text_is_given_to_the_model_once(tmp_path: Path):
    """Nor by the next process: the store remembers. Another title is another text."""
    encoder = Encoder()
    first = model(tmp_path, encoder).vectors([NEW, OLD])
    again = model(tmp_path, encoder).vectors([OLD, NEW])
    assert np.array_equal(first, again)
    assert sorted(encoder.asked) == ["Gold falls", "Gold rises"]
    model(tmp_path, encoder).vectors([item("Gold falls further")])
    assert encoder.asked[-1] == "Gold falls further"


def test_only_the_newest_items_are_placed(tmp_path: Path):
    """The others have no vector: they are compared by their words. So are items without any."""
    encoder = Encoder()
    found = model(tmp_path, encoder, most=1).vectors([OLD, WORDLESS, NEW])
    assert encoder.asked == ["Gold falls"]
    assert found.any(axis=1).tolist() == [False, False, True]


def test_a_model_that_fails_stops_no_edition(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """One warning, and words alone decide."""

    def fail(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        raise OSError(f"no engine for {len(texts)} texts")

    caplog.set_level(logging.WARNING)
    store = open_store(tmp_path)
    asked = RememberedMeaning(store.vectors, LoggedProgress(), clock=lambda: datetime.now(UTC), encode=fail)
    assert not asked.vectors([NEW, OLD]).any()
    assert [record.getMessage() for record in caplog.records] == [
        "stories are grouped by their words alone: no engine for 2 texts"
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"MEANING": "yes"}, "DIGESTBOT_MEANING (line 3): needs one more package; pip install 'digestbot[meaning]'"),
        (
            {"DIGESTS__MORNING__ACROSS_LANGUAGES": "yes"},
            "ACROSS_LANGUAGES (line 3): has no effect: only the model of meaning finds one event in two languages",
        ),
    ],
)
def test_settings_that_need_the_model_are_refused_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
):
    """By every command, with what to install."""
    monkeypatch.setattr(meaning, "is_installed", lambda: False)
    (tmp_path / "post.xml").write_text("<rss version='2.0'><channel><title>Post</title></channel></rss>")
    bot = Bot(tmp_path)
    bot.configure(FEEDS__POST="./post.xml", DIGESTS__MORNING__TO="file:./out", **settings)
    for words in (("check",), ("preview",)):
        run = bot(*words)
        assert run.returncode == 2, run.stdout + run.stderr
        assert said in " ".join((run.stdout + run.stderr).split())
