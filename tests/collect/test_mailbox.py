"""Newsletters in a mailbox are items like any other."""

from __future__ import annotations

import mailbox
import os
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from memory_items import MemoryItems

from digestbot.collect import FetchOptions, collect
from digestbot.model import Feed, Item

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
LONG = "The ferry to the islands sails again after two weeks in the dock, the harbour office said on Monday. " * 3


def letter(number: int, *, text: str = LONG, html: str = "") -> EmailMessage:
    """A newsletter as a program would send it."""
    message = EmailMessage()
    message["From"] = "Harbour Wéekly <news@harbour.example>"
    message["Subject"] = f"Letter {number}: the ferry – again"
    message["Date"] = f"Tue, {number + 10} May 2026 08:00:00 +0200"
    message["Message-ID"] = f"<{number}@harbour.example>"
    message["Archived-At"] = f"<https://harbour.example/letters/{number}>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def read(path: Path, store: MemoryItems | None = None) -> list[Item]:
    store = store or MemoryItems()
    made = collect([Feed(url=str(path), name="letters")], store, now=NOW, clock=NOW, options=FetchOptions())
    assert made.failures == ()
    return sorted(store.items.values(), key=lambda item: item.title)


@pytest.mark.parametrize("kind", [mailbox.mbox, mailbox.Maildir])
def test_every_letter_is_an_item(tmp_path: Path, kind: type[mailbox.Mailbox]) -> None:
    """Subject, sender, date, web address and text are read from an mbox file and a Maildir folder alike, once each."""
    box = kind(str(tmp_path / "box"))
    for number in (1, 2):
        box.add(letter(number, text=f"{LONG}\nFrom here on it is quiet."))
    box.close()
    store = MemoryItems()
    first, _ = read(tmp_path / "box", store)
    assert first.title == "Letter 1: the ferry – again"
    assert (first.source, first.url) == ("Harbour Wéekly", "https://harbour.example/letters/1")
    assert first.published == datetime(2026, 5, 11, 6, tzinfo=UTC)
    assert first.text.startswith("The ferry to the islands")
    assert first.text.endswith("\nFrom here on it is quiet.")
    box = kind(str(tmp_path / "box"))
    box.add(letter(3))
    box.close()
    assert len(read(tmp_path / "box", store)) == 3


def test_html_is_read_where_the_plain_part_says_nothing(tmp_path: Path) -> None:
    """Style sheets go, paragraphs stay."""
    box = mailbox.mbox(str(tmp_path / "box"))
    html = f"<html><head><style>{'p {} ' * 9000}</style></head><body><p>One ferry.</p><p>Two ferries.</p></body></html>"
    box.add(letter(1, text="Open this letter in a browser.", html=html))
    box.close()
    assert read(tmp_path / "box")[0].text == "One ferry.\nTwo ferries."


def test_a_broken_letter_harms_no_other(tmp_path: Path) -> None:
    """What cannot be read is left out."""
    broken = b"From -\nSubject: =?utf-9?q?x?=\nContent-Type: text/plain; charset=no-such\n\n\xff\xfe\n\n"
    (tmp_path / "box").write_bytes(broken + b"From -\n" + letter(1).as_bytes() + b"\n")
    assert "Letter 1: the ferry – again" in [item.title for item in read(tmp_path / "box")]


def test_a_folder_that_is_no_mailbox_is_a_failure(tmp_path: Path) -> None:
    """It is named to the operator; readers of the digest learn no path."""
    made = collect([Feed(url=str(tmp_path), name="f")], MemoryItems(), now=NOW, clock=NOW, options=FetchOptions())
    assert made.failures[0].detail.startswith(f"a folder, not a file: {tmp_path}; ")
    assert made.failures[0].reason == "its file cannot be read"


def test_what_is_neither_file_nor_folder_is_told_as_such(tmp_path: Path) -> None:
    """It is there, so it is not missing; and it is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    feeds = [Feed(url=str(tmp_path / name), name=name) for name in ("none", "pipe")]
    made = collect(feeds, MemoryItems(), now=NOW, clock=NOW, options=FetchOptions())
    told = {failure.source: failure.detail.partition(":")[0] for failure in made.failures}
    assert told == {"none": "no such file", "pipe": "not a regular file"}
    assert {failure.reason for failure in made.failures} == {"its file cannot be read"}
