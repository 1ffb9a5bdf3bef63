"""Mails to one reader that are no edition: they ask, or tell what happened. Nothing in them was written by a stranger."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from html import unescape

from ..model import Subscriber
from ..text.locales import locale_of
from ..text.mail_addresses import mail_key
from ..text.sanitise import one_line, shorten
from .email import inlined
from .headlines import SUBJECT_WIDTH
from .templates import MessageTemplates, Templates
from .view import ReaderMailView


class ReaderMail(StrEnum):
    """What a mail to one reader is about."""

    CONFIRM = "confirm"  # whether they want the list: double opt-in
    MANAGE = "manage"  # they asked for what they have: the way to their preferences
    LEFT = "left"  # they were unsubscribed, and can take that back
    MOVE_FROM = "move_from"  # whether another address is to get it instead
    MOVE_TO = "move_to"  # the same, asked at that address


def reader_mail(
    subscriber: Subscriber,
    link: str,
    *,
    kind: ReaderMail = ReaderMail.CONFIRM,
    title: str,
    lifetime: timedelta = timedelta(),
    sender: str,
    reply_to: str = "",
    language: str = "en",
    message_id: str,
    now: datetime,
    templates: Templates | None = None,
) -> EmailMessage:
    """The mail to a subscriber, with one button that leads to `link`; the same bytes for the same arguments.

    Args:
        subscriber: whose address it goes to, in their language and form.
        link: a page of the site that asks once more.
        kind: what it is about.
        title: what readers call the list.
        lifetime: how long the link is good; none for as long as they are in the list.
        sender: From, as `name@example.com` or `Morning briefing <name@example.com>`.
        reply_to: written in the same way; empty for none.
        language: where the subscriber asked for none.
        message_id: without angle brackets.
        now: Date.
        templates: those in use; None for the shipped ones.
    """
    language = subscriber.language or language
    view = ReaderMailView(
        kind=kind.value,
        list=shorten(one_line(title), SUBJECT_WIDTH),
        link=link,
        hours=int(lifetime.total_seconds() // 3600),
        language=language,
        direction=locale_of(language).text_direction,
    )
    words = (templates or Templates()).for_language(language)
    to = _mailbox(subscriber.address)
    plain_ascii = all(one.username.isascii() for one in (to, _mailbox(sender)))
    message = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit") if plain_ascii else policy.SMTPUTF8)
    message["From"] = _mailbox(sender)
    message["To"] = to
    if reply_to:
        message["Reply-To"] = _mailbox(reply_to)
    message["Subject"] = one_line(Templates.phrases(language).reader_subject(view))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}>"
    # RFC 3834: no vacation notice comes back. Not of a list yet, so none of the headers of one.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_with_link(words, "reader_mail.txt", view).strip() + "\n")
    if not subscriber.plain:
        message.add_alternative(inlined(_with_link(words, "reader_mail.html", view)), subtype="html")
        message.set_boundary(f"=_{kind.value}-{now:%Y%m%d%H%M%S}")
    return message


def _with_link(words: MessageTemplates, name: str, view: ReaderMailView) -> str:
    """What a template makes of it. An owner's that has lost the link would ask for nothing: the shipped one is used instead."""
    made = words.render(name, mail=view)
    if view.link not in unescape(made) and words.uses_custom(name):
        words.fall_back(name, "the link is not in it")
        made = words.render(name, mail=view)
    return made


def _mailbox(text: str) -> Address:
    """The part before the @ as it was given, the domain in ASCII."""
    name, address = parseaddr(text)
    return Address(one_line(name), address.rpartition("@")[0], mail_key(address).rpartition("@")[2])
