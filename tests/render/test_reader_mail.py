"""The mail that asks whether somebody wants a list: one button, in every language, and nothing that a stranger wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import pytest
from builders import NOON
from fixed_words import CATALOGUES

from digestbot.model import Subscriber
from digestbot.render import Templates, reader_mail
from digestbot.render.i18n import translations

LINK = "https://digest.example.com/confirm/briefing/7.6a16d3c0.AbCdEfGhIjKlMnOpQrStUv?a=1&b=2"


def asked(address: str = "Ann@Bücher.example", *, name: str = "Morning briefing", **fields: object) -> EmailMessage:
    person = Subscriber(
        address=address, key="x", language=str(fields.pop("wants", "")), plain=bool(fields.pop("plain", False))
    )
    given = {
        "sender": "Morning briefing <briefing@example.com>",
        "reply_to": "desk@example.com",
        "message_id": "7.briefing@example.com",
        "lifetime": timedelta(hours=48),
        "now": NOON,
    }
    return reader_mail(person, LINK, title=name, **(given | fields))


def read(mail: EmailMessage) -> EmailMessage:
    """As a mail program reads the bytes that are sent."""
    return message_from_bytes(mail.as_bytes(), policy=policy.default)  # type: ignore[return-value]


def parts(mail: EmailMessage) -> tuple[str, str]:
    """Its text and its page."""
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    return text.get_content(), page.get_content() if page else ""


def test_the_mail_as_it_goes_out(golden: Callable[[str, str], None]):
    """Every byte; the same for the same arguments."""
    mail = asked()
    assert mail.as_bytes() == asked().as_bytes()
    golden("render/reader_mail_confirm.eml", mail.as_bytes().decode("ascii").replace("\r\n", "\n"))


def test_the_headers_are_those_of_an_answer_and_of_no_list():
    """Whoever asked is no reader yet: nothing of a list in it, and no vacation notice comes back."""
    mail = read(asked())
    assert mail["To"] == "Ann@xn--bcher-kva.example"
    assert mail["From"] == "Morning briefing <briefing@example.com>"
    assert mail["Reply-To"] == "desk@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "Please confirm: Morning briefing"
    assert [name for name in mail if name.startswith("List-")] == []
    assert mail.defects == []
    assert all(len(line) <= 998 for line in asked().as_bytes().split(b"\r\n"))


def test_there_is_one_button_and_it_leads_to_the_page_that_asks_once_more():
    """Nothing else can be followed, and nothing is fetched."""
    text, page = parts(read(asked()))
    assert re.findall(r'href="([^"]*)"', page) == [LINK.replace("&", "&amp;")]
    assert not re.search(r"src=|url\(|<form|<script", page)
    assert re.findall(r"https?://\S+", text) == [LINK]
    assert LINK in text.splitlines()


def test_nothing_in_it_was_written_by_a_stranger():
    """The address that somebody typed stands in To alone: a form is no way to send a text to somebody else."""
    mail = read(asked("buy-pills-at.example.net@example.com"))
    whole = mail.as_string().replace(mail["To"], "", 1)
    assert "buy-pills" not in whole


@pytest.mark.parametrize("name", CATALOGUES)
def test_it_speaks_the_language_that_was_asked_for(name: str):
    """The subscriber's before the list's; every sentence is translated."""
    wants = name.replace("_", "-").lower()
    mail = read(asked(wants=wants, language="en"))
    say = translations(name).gettext
    text, page = parts(mail)
    english = " ".join((*parts(read(asked())), read(asked())["Subject"]))
    subject = say("Please confirm: %(list)s") % {"list": "Morning briefing"}
    assert mail["Subject"] == subject.replace("\xa0", " ")
    for phrase in ("Confirm", "If it was not you, do nothing, and nothing will come."):
        assert say(phrase) in unescape(page)
        assert say(phrase) not in english
    assert f'<html lang="{wants}" dir="ltr">' in page
    assert "asks once more" not in text + page
    assert read(asked(language=wants))["Subject"] == mail["Subject"]


def test_a_language_that_is_written_from_right_to_left():
    """Without a catalogue the words are English, the direction is the reader's."""
    _, page = parts(read(asked(wants="ar")))
    assert '<html lang="ar" dir="rtl">' in page


def test_who_wants_text_alone_gets_text_alone():
    """No page, the same words."""
    mail = read(asked(plain=True))
    assert mail.get_content_type() == "text/plain"
    assert parts(mail) == (parts(read(asked()))[0], "")


@pytest.mark.parametrize("name", ["Briefing\r\nBcc: bob@example.com", "<b>Best & brightest</b>", "ニュース " * 40])
def test_any_title_stays_a_title(name: str):
    """One line, escaped in the page, cut in the subject; no header of its own."""
    mail = read(asked(name=name))
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    assert len(mail["Subject"]) <= 120
    assert "<b>" not in parts(mail)[1]


def test_an_address_beyond_ascii_is_kept():
    """For servers that take it (RFC 6531)."""
    raw = asked("jörg@example.com").as_bytes()
    assert "To: jörg@example.com\r\n".encode() in raw


def test_an_owners_template_changes_the_mail_and_cannot_lose_the_link(tmp_path: Path):
    """A block of theirs is used; a page without the link would ask for nothing, so the shipped one is sent."""
    (tmp_path / "reader_mail.html").write_text(
        '{% extends "builtin/reader_mail.html" %}{% block body %}<a href="{{ mail.link }}">Ja!</a>{% endblock %}'
    )
    (tmp_path / "reader_mail.txt").write_text("Please answer.")
    templates = Templates(tmp_path)
    assert templates.check() == ()
    text, page = parts(read(asked(templates=templates)))
    assert "Ja!" in page
    assert LINK in text
