"""Mails to one reader that are no edition: where their links lead, and sending them. Nothing of them is kept."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final
from urllib.parse import quote

from ..app import wiring
from ..app.readers import language_of, mailing_list
from ..app.sender import sender_of
from ..errors import PermanentFailure
from ..model import LIST_CHANNEL, Delivery, Recipient, Subscriber
from ..ports import Channel
from ..render import ReaderMail, reader_mail
from ..settings import CHANNELS, Loaded
from ..subscribers.tokens import LIFETIMES, TimedDeed, timed_token, unsubscribe_token

_DEEDS: Final = {
    ReaderMail.CONFIRM: (TimedDeed.CONFIRM, "c"),
    ReaderMail.LEFT: (TimedDeed.UNDO, "undo"),
    ReaderMail.MOVE_FROM: (TimedDeed.MOVE_FROM, "move"),
    ReaderMail.MOVE_TO: (TimedDeed.MOVE_TO, "moved"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that is to be sent."""

    kind: ReaderMail
    reader: Subscriber
    list: str
    address: str = ""  # the other address that it is about, of MOVE_FROM and MOVE_TO


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Writes and sends them, with one configuration."""

    loaded: Loaded
    keys: Sequence[bytes]  # of tokens, those in use
    channel: Channel | None  # by which readers of lists are sent to
    clock: Callable[[], datetime]

    def path(self, letter: Letter, *, now: datetime) -> str:
        """The page that a letter's link leads to, below the address of the site."""
        name, number = letter.list, letter.reader.id
        if letter.kind is ReaderMail.MANAGE:
            return f"/u/{quote(name)}/{unsubscribe_token(self.keys, number, name)}"
        deed, page = _DEEDS[letter.kind]
        token = timed_token(self.keys, deed, number, about(name, letter.address, letter.reader), now=now)
        return "".join(f"/{part}" for part in (page, quote(name), token, written(letter.address)) if part)

    def send(self, letter: Letter) -> None:
        """Send it now.

        Raises:
            DeliveryError: it was not taken. A PermanentFailure says what is not set up.
        """
        of = mailing_list(self.loaded, letter.list)
        if self.channel is None or not of.url:
            missing = "DIGESTBOT_WEB__URL" if self.channel else CHANNELS.plugins[LIST_CHANNEL].account
            raise PermanentFailure(f"mails to readers need {missing}")
        now = self.clock()
        kind = letter.kind
        sender = of.sender or sender_of(self.loaded)
        domain = parseaddr(sender)[1].rpartition("@")[2]
        person = replace(letter.reader, address=letter.address) if kind is ReaderMail.MOVE_TO else letter.reader
        mail = reader_mail(
            person,
            of.url + self.path(letter, now=now),
            kind=kind,
            title=of.title,
            lifetime=timedelta() if kind is ReaderMail.MANAGE else LIFETIMES[_DEEDS[kind][0]],
            sender=sender,
            reply_to=of.reply_to,
            language=language_of(self.loaded, letter.list),
            message_id=f"{secrets.token_hex(16)}@{domain}",
            now=now,
            templates=wiring.templates(self.loaded),
        )
        recipient = Recipient(channel=LIST_CHANNEL, address=person.address)
        self.channel.send(
            Delivery(digest="", edition=now.date(), recipient=recipient, payload=mail.as_bytes()), parent=""
        )


def about(name: str, address: str, reader: Subscriber) -> str:
    """What a token is made for: a list; and, of one about another address, that one and the present one.

    So it ends with the first move: whoever kept an old link, or an old mailbox, moves nobody by it.
    """
    return f"{name} {reader.key} {address}" if address else name


def written(address: str) -> str:
    """An address as a part of a path, where no server's log shows it to a glance."""
    return base64.urlsafe_b64encode(address.encode()).rstrip(b"=").decode() if address else ""


def read_written(text: str) -> str:
    """The address of such a part; empty where it is none."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""


def letter_channel(loaded: Loaded) -> Channel | None:
    """The channel that letters go by, None where it is not set up; connects to nobody yet."""
    plugin = CHANNELS.plugins.get(LIST_CHANNEL)
    return plugin.open(loaded.settings.channels, base=loaded.base) if plugin else None
