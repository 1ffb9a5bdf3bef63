"""The foot of a list's mail: a link that is its reader's alone, in both parts, whatever language and length."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from builders import NOON
from render_states import normal

from digestbot.channels.email import mime
from digestbot.channels.email.channel import Email
from digestbot.model import Delivery, MailingList, ReaderWords, Recipient
from digestbot.render import Templates, render

LIST = MailingList(name="briefing", title="Morning briefing", url="https://digest.example.com/news")
NOW = datetime(2026, 5, 27, tzinfo=UTC)


def sent(token: str, *, language: str = "en", of: MailingList | None = LIST, title: str = "Morning") -> list[str]:
    """The text and the page of one reader's mail, as a mail program decodes them."""
    digest = replace(normal(), language=language, title=title)
    message = render(digest, templates=Templates(), of=of)
    channel = Email("127.0.0.1", 25, sender="desk@example.com", security="none")
    [body] = channel.encode(message, now=NOW)
    delivery = Delivery(
        digest="morning",
        edition=NOON.date(),
        recipient=Recipient(channel="mailto", address="ann@example.com"),
        key="k" * 32,
        words=ReaderWords(token=token),
    )
    mail = message_from_bytes(channel.fill(body, delivery), policy=policy.default)
    assert all(len(line) <= 998 for line in channel.fill(body, delivery).split(b"\r\n"))
    return [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]


@pytest.mark.parametrize("token", ["7.AbCdEfGhIjKlMnOpQrStUv", "1." + "_" * 22, "9" * 19 + "." + "-" * 22])
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja", "zh", "zh-hant"])
def test_both_parts_have_the_readers_own_link(token: str, language: str):
    """Whole, once in each part, and the same as in the header."""
    link = f"https://digest.example.com/news/u/briefing/{token}"
    for part in sent(token, language=language):
        assert part.count(link) == 1
        assert part.count(token) == 1


@pytest.mark.parametrize("length", range(40, 80))
def test_the_link_is_whole_wherever_a_line_breaks(length: int):
    """Quoted-printable breaks lines of 76 characters, in the middle of the place that the token takes, too."""
    of = replace(LIST, url=f"https://{'d' * (length - 20)}.example")
    token = "7.AbCdEfGhIjKlMnOpQrStUv"
    for part in sent(token, of=of):
        assert f"{of.url}/u/briefing/{token}" in part


def test_without_a_site_the_foot_names_the_button():
    """No link that leads nowhere."""
    for part in sent("7.x", of=replace(LIST, url="")):
        assert "button for unsubscribing" in " ".join(part.split())
        assert "/u/briefing" not in part


def test_a_recipient_of_the_configuration_is_told_who_can_stop_it():
    """They are in no list: there is nothing to leave by a link."""
    for part in sent("7.x", of=None):
        assert "is a recipient of the digest" in " ".join(part.split())


def test_nobody_quoted_can_have_the_token_written_into_their_link():
    """The word that it replaces follows from the whole digest: a feed that quotes another day's word gets nothing."""
    digest = normal()
    place = render(digest, templates=Templates(), of=LIST).token_place
    other = replace(digest, title=f"see https://evil.example/{place}")
    message = render(other, templates=Templates(), of=LIST)
    assert place != message.token_place
    body = mime.write(
        sender=mime.mailbox("desk@example.com"), subject="x", text=message.text, html=message.html, list_name="briefing",
        unsubscribe=None, now=NOW, site=LIST.url, token_place=message.token_place,
    )  # fmt: skip
    filled = mime.fill(body, to=mime.mailbox("ann@example.com"), key="k", words=ReaderWords(token="7.secret"))
    assert b"evil.example/7.secret" not in filled.replace(b"=\r\n", b"")
