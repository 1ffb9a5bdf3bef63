"""Sentences for the head of a digest."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digestbot.render import covers, sent_late

PLANNED = datetime(2026, 5, 27, 5, 30, tzinfo=UTC)
NOW = datetime(2026, 5, 27, 9, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Sent late: 11:02 instead of 07:30."),
        ("de", "Verspätet verschickt: 11:02 statt 07:30."),
        ("zh", "延迟发送：11:02（原定 07:30）。"),
        ("tlh", "Sent late: 11:02 instead of 07:30."),
    ],
)
def test_lateness_is_stated_in_the_readers_language_and_zone(language, sentence):
    """Both times are local to the reader and on the 24-hour clock."""
    assert sent_late(NOW, PLANNED, timezone="Europe/Berlin", language=language) == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "This edition covers 3 days."), ("de", "Diese Ausgabe umfasst 3 Tage."), ("zh", "本期涵盖 3 天的新闻。")],
)
def test_a_long_window_is_stated_in_the_readers_language(language, sentence):
    """After an outage the head says what the edition spans."""
    assert covers(3, language=language) == sentence
