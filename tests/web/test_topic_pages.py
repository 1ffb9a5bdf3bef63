"""The topic editor: trying terms, seeing the next edition, saving them."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from admin_site import words
from editor_site import TEXT, EditorSite, editor_site

from digestbot.operations import config_edit
from digestbot.web.admin import topic_pages

EDIT = "/admin/topics/edit"
CHIPS = f"{EDIT}?name=chips"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EditorSite]:
    with editor_site(tmp_path) as site:
        yield site


def form(desk: EditorSite, do: str, terms: str = "chip*, gold, -potato", **fields: str) -> dict[str, str]:
    """The form of the page, filled in."""
    return {"do": do, "name": "chips", "terms": terms, "mark": desk.mark(CHIPS), **fields}


def test_every_topic_leads_to_its_terms(desk: EditorSite):
    """The list shows each topic as the file has it, and the page of one its terms in a field."""
    listed = desk.get("/admin/topics")
    assert f'href="{CHIPS}"' in listed.body
    assert "chip*" in words(listed)
    assert ">chip*</textarea>" in desk.get(CHIPS).body
    assert desk.get(f"{EDIT}?name=nothing").status == 404


def test_a_look_tells_what_comes_in_and_goes_out_and_why(desk: EditorSite):
    """Each item with the words that bring it in or keep it out; nothing is written."""
    shown = words(desk.send(EDIT, form(desk, "look")))
    assert "1 in, 1 out, 2 as before, of 5 items since Wed 20 May 12:00" in shown
    assert "Gold climbs to a record Ledger · Wed 27 May 09:00 · gold" in shown
    assert "-potato is found: “Potato”" in shown
    assert desk.path.read_text().startswith(TEXT)
    assert ">chip*, gold, -potato</textarea>" in desk.send(EDIT, form(desk, "look")).body


def test_a_word_inside_another_name_is_told_with_its_exclusion(desk: EditorSite):
    """And what a feed wrote is text on the page, whatever it looks like."""
    answer = desk.send(EDIT, form(desk, "look", "cyber*"))
    assert "&lt;Cyberpunk&gt;" in answer.body.replace("<mark>", "").replace("</mark>", "")
    assert "<Cyberpunk>" not in answer.body


def test_while_somebody_types_the_result_comes_alone(desk: EditorSite):
    """The script of the page gets a piece of it, also for what is no term yet."""
    piece = desk.send("/admin/topics/try", form(desk, "", "gold"))
    assert (piece.status, "<html" in piece.body) == (200, False)
    assert "1 in, " in piece.body
    broken = desk.send("/admin/topics/try", form(desk, "", 'chip*, "Hua'))
    assert "the quotation mark at column 8 is not closed" in broken.body


def test_the_script_is_ours_and_the_page_needs_none(desk: EditorSite):
    """It lies at an address of its own, as the policy asks; every button is a button of the form."""
    page = desk.get(CHIPS)
    assert '<script src="/admin/topics.js" defer></script>' in page.body
    assert page.body.count("<script") == 1
    script = desk.get("/admin/topics.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_next_edition_is_shown_with_what_is_other(desk: EditorSite):
    """As the new terms would make it, from what has come."""
    shown = words(desk.send(EDIT, form(desk, "next", "gold")))
    assert "The next edition of morning, 2026-05-27" in shown
    assert "moved from Also to Chips, as the lead: Gold climbs to a record" in shown
    assert "Chip maker opens a wafer plant" in shown


def test_saving_shows_the_lines_first_and_writes_them_then(desk: EditorSite):
    """What was and what will be, without any other line of the file; then it is written, in use, and recorded."""
    review = desk.send(EDIT, form(desk, "review", limit="3"))
    shown = words(review)
    assert "was, line 4 DIGESTBOT_TOPICS__CHIPS=chip* # ask Ann" in shown
    assert "will be, line 5 DIGESTBOT_TOPICS__CHIPS__LIMIT=3" in shown
    assert "s3cret" not in review.body
    assert desk.path.read_text().startswith(TEXT)

    saved = desk.send(EDIT, form(desk, "save", limit="3"))
    assert (saved.status, saved.headers["Location"]) == (303, f"{CHIPS}&told=saved")
    assert (
        "DIGESTBOT_TOPICS__CHIPS=chip*, gold, -potato   # ask Ann\nDIGESTBOT_TOPICS__CHIPS__LIMIT=3"
        in desk.path.read_text()
    )
    (topic,) = desk.site.context.loaded.topics
    assert (str(topic), topic.limit) == ("chip*, gold, -potato", 3)
    assert "changed the topic chips" in words(desk.get("/admin/log"))
    assert "Saved, and in use from now on." in words(desk.get(saved.headers["Location"]))
    (kept,) = desk.path.parent.glob("config.env.2026*")
    assert kept.read_text().startswith(TEXT)


def test_a_process_that_is_busy_is_told_apart(desk: EditorSite, monkeypatch: pytest.MonkeyPatch):
    """While an edition is made nobody reads the file: the page says that it will be."""
    monkeypatch.setattr(topic_pages, "taken_up", lambda *_: False)
    desk.site.context.changed = lambda: None
    saved = desk.send(EDIT, form(desk, "save"))
    assert "once the round that runs now has ended" in words(desk.get(saved.headers["Location"]))


@pytest.mark.parametrize("do", ["review", "save"])
def test_a_file_that_changed_meanwhile_is_not_overwritten(desk: EditorSite, do: str):
    """The page says so, shows what the file says now, keeps what was typed, and can be sent again then."""
    given = form(desk, do)
    other = desk.path.read_text().replace("chip*  ", "wafer*  ")
    desk.path.write_text(other)

    told = desk.send(EDIT, given)
    assert told.status == 409
    assert "Nothing was overwritten" in words(told)
    assert "wafer*" in words(told)
    assert ">chip*, gold, -potato</textarea>" in told.body
    assert desk.path.read_text() == other
    assert desk.send(EDIT, form(desk, do)).status in (200, 303)


def test_a_new_topic_gets_a_line_and_one_that_is_there_is_not_replaced(desk: EditorSite):
    """Its name is that of a setting, and free."""
    mark = desk.mark(f"{EDIT}?new=yes")
    new = {"new": "yes", "name": "Gold", "terms": "gold,\n silver", "mark": mark}
    assert desk.send(EDIT, {**new, "do": "save"}).status == 303
    assert "DIGESTBOT_TOPICS__GOLD=gold, silver\n" in desk.path.read_text()

    new["mark"] = desk.mark(CHIPS)
    taken = desk.send(EDIT, {**new, "do": "review", "terms": "tin"})
    assert (taken.status, "gold is taken" in words(taken)) == (400, True)
    for name in ("", "a__b", "a b", "Ä", "x" * 61):
        assert desk.send(EDIT, {**new, "do": "review", "name": name}).status == 400


def test_a_topic_is_taken_out_with_its_settings(desk: EditorSite):
    """After its lines were shown; one that a digest names stays, and the digest is told."""
    assert desk.send(EDIT, form(desk, "review", weight="2")).status == 200
    desk.send(EDIT, form(desk, "save", weight="2"))
    assert "was, line 5 DIGESTBOT_TOPICS__CHIPS__WEIGHT=2" in words(desk.send(EDIT, form(desk, "remove")))
    assert desk.send(EDIT, form(desk, "save", removes="yes")).headers["Location"] == "/admin/topics?told=saved"
    assert "CHIPS" not in desk.path.read_text()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"terms": "chip*, -"}, "the minus at column 8 has no word"),
        ({"terms": ""}, "has no search terms"),
        ({"weight": "much"}, "DIGESTBOT_TOPICS__CHIPS__WEIGHT"),
        ({"terms": "gold\x00"}, "cannot hold the character"),
    ],
)
def test_what_is_wrong_is_told_and_not_written(desk: EditorSite, fields: dict[str, str], said: str):
    """With its column or its setting, beside what was typed."""
    for do in ("review", "save"):
        told = desk.send(EDIT, form(desk, do) | fields)
        assert (told.status, said in words(told)) == (400, True)
    assert desk.path.read_text().startswith(TEXT)


def test_where_the_file_may_not_be_written_the_lines_are_shown(desk: EditorSite):
    """To paste; and whoever sends the form all the same changes nothing."""
    desk.path.chmod(0o440)
    shown = words(desk.send(EDIT, form(desk, "review")))
    assert "may not be written" in shown
    assert "DIGESTBOT_TOPICS__CHIPS=chip*, gold, -potato" in shown
    assert desk.send(EDIT, form(desk, "save")).status == 400
    assert desk.path.read_text().startswith(TEXT)


def test_a_file_that_turns_out_not_to_be_writable_shows_the_lines_too(
    desk: EditorSite, monkeypatch: pytest.MonkeyPatch
):
    """A disk that is full or mounted read-only is known when it is saved: what to paste is shown all the same."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    fields = form(desk, "save")
    monkeypatch.setattr(config_edit, "create_file", refuse)
    answer = desk.send(EDIT, fields)
    assert answer.status == 400
    assert "Read-only file system" in words(answer)
    assert "DIGESTBOT_TOPICS__CHIPS=chip*, gold, -potato" in words(answer)
    assert desk.path.read_text().startswith(TEXT)


def test_a_setting_of_the_environment_is_shown_as_such(desk: EditorSite, monkeypatch: pytest.MonkeyPatch):
    """What wins over the file is not changed by it."""
    monkeypatch.setenv("DIGESTBOT_TOPICS__CHIPS", "wafer*")
    assert "comes from the environment of the process" in words(desk.send(EDIT, form(desk, "review")))


def test_one_look_at_a_time(desk: EditorSite, monkeypatch: pytest.MonkeyPatch):
    """Looking is work for the processor that editions need: a second look waits, and not for ever."""
    monkeypatch.setattr(topic_pages, "_PATIENCE", 0.1)
    monkeypatch.setattr(topic_pages, "_TYPING_SECONDS", 0.1)
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> None:
        begun.set()
        go_on.wait(20)
        raise topic_pages.ConfigError("Terms", "enough", "")

    monkeypatch.setattr(topic_pages, "try_terms", slow)
    given = form(desk, "look")
    first = threading.Thread(target=desk.send, args=(EDIT, given))
    first.start()
    assert begun.wait(20)
    assert desk.send(EDIT, given).status == 503
    assert desk.send("/admin/topics/try", given).status == 503
    go_on.set()
    first.join(20)


@pytest.mark.parametrize("path", [EDIT, "/admin/topics/try"])
def test_a_form_from_elsewhere_does_nothing(desk: EditorSite, path: str):
    """Neither another site nor a GET saves anything."""
    assert desk.send(path, form(desk, "save"), Origin="https://evil.example").status == 403
    assert desk.send(path, form(desk, "save", token="wrong")).status == 403
    desk.get(f"{path}?do=save&name=chips&terms=gold")
    assert desk.path.read_text().startswith(TEXT)
