"""An edition to the readers of lists: each gets it once, in the form they want, and nobody who left."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import dkim
import pytest
from bot import Bot
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from newsroom import AT, MORNING_NEWS
from servers.smtp import Mail, SmtpServer

from digestbot.app.readers import words_for
from digestbot.app.token_keys import token_keys
from digestbot.channels.email.channel import Email
from digestbot.model import SubscriptionState
from digestbot.operations.planner import schedules
from digestbot.settings import load
from digestbot.store import Stores, open_store
from digestbot.store.schema import bodies
from digestbot.subscribers.tokens import read_unsubscribe_token
from digestbot.subscribers.verp import Purpose, read_token


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def bot(tmp_path: Path, smtp: SmtpServer) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(
        FEEDS__HARBOUR="./saved.xml",
        TOPICS__CHIPS="foundry",
        TOPICS__PORTS="harbour",
        DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
        DIGESTS__MORNING__TO="list:briefing, list:desk, mailto:chief@desk.example",
        LISTS__BRIEFING__TITLE="Morning briefing",
        LISTS__DESK__TITLE="Desk",
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=str(smtp.port),
        SMTP__SECURITY="none",
        SMTP__FROM="Morning digest <digest@desk.example>",
        SMTP__BOUNCES="bounces@desk.example",
        WEB__URL="https://digest.desk.example",
    )
    return made


def add(bot: Bot, address: str, name: str = "briefing", *more: str) -> None:
    done = bot("subscribers", "add", address, "--list", name, "--confirmed", *more)
    assert done.returncode == 0, done.stderr


@contextmanager
def store_of(bot: Bot) -> Iterator[Stores]:
    store = open_store(bot.data)
    yield store
    store.close()


def run(bot: Bot) -> list[dict[str, object]]:
    done = bot("run", "--at", AT, "--json")
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_what_is_only_recorded_goes_to_no_reader_of_a_list(bot: Bot, smtp: SmtpServer):
    """`run --mark-sent` sends nothing to anybody, readers of lists included."""
    add(bot, "ann@reader.example")
    done = bot("run", "--at", AT, "--mark-sent")
    assert (done.returncode, smtp.messages) == (0, []), done.stderr
    assert bot("run", "--at", AT).returncode == 0
    assert smtp.messages == []


def test_every_reader_gets_it_once(bot: Bot, smtp: SmtpServer):
    """Of two lists, of a list and the configuration, however an address is written; whoever left or waits gets nothing."""
    for address in ("ann@desk.example", "Bob@Desk.example", "chief@DESK.example"):
        add(bot, address)
    add(bot, "ann@desk.example", "desk")
    add(bot, "left@desk.example")
    assert bot("subscribers", "remove", "left@desk.example").returncode == 0
    assert bot("subscribers", "add", "waits@desk.example", "--list", "briefing").returncode == 0
    [made] = run(bot)
    assert sorted(mail.recipient for mail in smtp.messages) == [
        "Bob@desk.example", "ann@desk.example", "chief@desk.example",
    ]  # fmt: skip
    assert made["sent"] == 3
    run(bot)
    assert len(smtp.messages) == 3


def test_a_suppressed_reader_gets_no_delivery(bot: Bot):
    """Where it is known before the edition is made, nothing is left to look up at the claim."""
    add(bot, "ann@desk.example")
    add(bot, "gone@desk.example")
    with store_of(bot) as store:
        store.suppressions.suppress("gone@desk.example", "no such mailbox", now=datetime.now(UTC))
    run(bot)
    with store_of(bot) as store:
        assert {row.recipient.address for row in store.outbox.all()} == {"ann@desk.example", "chief@desk.example"}


def test_a_reader_has_their_own_words(bot: Bot, smtp: SmtpServer):
    """The return path names the delivery, the token the reader and the list; of one edition nothing else differs."""
    add(bot, "ann@desk.example")
    add(bot, "bob@desk.example")
    run(bot)
    with store_of(bot) as store:
        keys = token_keys(load(bot.folder / "config.env", {}, folder=bot.folder), store)
        rows = {row.recipient.address: row for row in store.outbox.all() if row.subscriber}
    texts = set()
    for mail in smtp.messages:
        row = rows.get(mail.recipient)
        back = read_token(mail.sender, keys)
        assert back is not None
        if row is None:
            continue
        assert (back.purpose, f"{back.key}-0") == (Purpose.RETURN, row.key)
        head = parsed(mail.data)
        link, address = re.fullmatch(
            r"<https://digest\.desk\.example/u/briefing/([^/>]+)>, <mailto:([^?>]+)\?subject=unsubscribe%20briefing>",
            head["List-Unsubscribe"],
        ).groups()  # type: ignore[union-attr]
        assert read_unsubscribe_token(link, keys, "briefing") == row.subscriber
        wish = read_token(unquote(address), keys)
        assert wish is not None
        assert (wish.purpose, f"{wish.key}-0") == (Purpose.UNSUBSCRIBE, row.key)
        text = mail.data
        for own in (link, address, row.key, mail.recipient):
            text = text.replace(own.encode(), b"")
        texts.add(text)
    assert len(rows) == 2
    assert len(texts) == 1


def test_a_mail_of_a_list_keeps_the_rules_for_bulk_senders(bot: Bot, smtp: SmtpServer):
    """RFC 5322, 2369, 2919, 8058 and 3834, and a DKIM signature (6376) over both fields of unsubscribing."""
    key = rsa.generate_private_key(65537, 1024)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (bot.folder / "dkim.pem").write_bytes(pem)
    bot.configure(
        SMTP__DKIM_SELECTOR="news",
        SMTP__DKIM_KEY_FILE="./dkim.pem",
        LISTS__BRIEFING__FROM="Briefing <briefing@desk.example>",
        LISTS__BRIEFING__REPLY_TO="editor@desk.example",
    )
    add(bot, "ann@desk.example")
    run(bot)
    [data] = [mail.data for mail in smtp.messages if mail.recipient == "ann@desk.example"]
    mail = parsed(data)
    assert not mail.defects
    assert all(len(mail.get_all(name)) == 1 for name in ("From", "To", "Subject", "Date", "Message-ID", "Reply-To"))
    assert mail["From"].addresses[0].addr_spec == "briefing@desk.example"
    assert mail["Reply-To"] == "editor@desk.example"
    assert mail["List-Id"] == "<briefing.desk.example>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://")
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert mail["Feedback-ID"] == "morning:briefing:digestbot"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert max(map(len, data.split(b"\r\n"))) <= 998
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    assert dkim.verify(data, dnsfunc=lambda *_, **__: record, minkey=1024)
    for name in (b"List-Unsubscribe: ", b"List-Unsubscribe-Post: "):
        assert not dkim.verify(data.replace(name, name + b"x", 1), dnsfunc=lambda *_, **__: record, minkey=1024)


def test_readers_get_the_form_they_want(bot: Bot, smtp: SmtpServer):
    """Text alone, another language, some topics; the bytes of each form are kept once."""
    add(bot, "all1@desk.example")
    add(bot, "all2@desk.example")
    add(bot, "plain@desk.example", "briefing", "--plain")
    add(bot, "german@desk.example", "briefing", "--language", "de")
    add(bot, "ports@desk.example")
    changed = bot("subscribers", "add", "ports@desk.example", "--list", "briefing", "--topics", "ports")
    assert "Changed what ports@desk.example wants of briefing" in changed.stdout
    run(bot)
    mails = {mail.recipient.partition("@")[0]: parsed(mail.data) for mail in smtp.messages}
    assert mails["plain"].get_content_type() == "text/plain"
    whole, ports = (mails[name].get_body(("plain",)).get_content() for name in ("all1", "ports"))
    assert "CHIPS" in whole.upper()
    assert "\nCHIPS" not in ports.upper()
    assert mails["german"].get_body(("html",)).get_content().count('lang="de"') >= 1
    with store_of(bot) as store, store.database.reading() as connection:
        # All topics, text alone, German, ports; and the chief's, whose mail is of no list.
        assert len(connection.execute(bodies.select()).all()) == 5


def test_whoever_leaves_before_their_turn_gets_nothing(bot: Bot, smtp: SmtpServer):
    """Unsubscribed or suppressed between the edition and the claim: cancelled, with why; the others get theirs."""
    for address in ("ann@desk.example", "left@desk.example", "gone@desk.example", "forgotten@desk.example"):
        add(bot, address)

    def leave(mail: Mail) -> None:
        if mail.recipient == "chief@desk.example":  # the first one: recipients of the configuration come before readers
            with store_of(bot) as store:
                reader = store.subscribers.find("left@desk.example")
                assert reader is not None
                gone = SubscriptionState.UNSUBSCRIBED
                store.subscribers.change(reader.subscriber.id, "briefing", lambda one: replace(one, state=gone))
                store.subscribers.forget("forgotten@desk.example", now=datetime.now(UTC))
                store.suppressions.suppress("Gone@desk.EXAMPLE", "no such mailbox", now=datetime.now(UTC))

    smtp.on_accept = leave
    bot("run", "--at", AT)
    assert sorted(mail.recipient for mail in smtp.messages) == ["ann@desk.example", "chief@desk.example"]
    with store_of(bot) as store:
        errors = {row.recipient.address: (str(row.state), row.error) for row in store.outbox.all()}
    assert errors["left@desk.example"] == ("cancelled", "unsubscribed since the edition was made")
    assert errors["gone@desk.example"] == ("cancelled", "suppressed: no such mailbox")
    assert errors["forgotten@desk.example"][0] == "cancelled"


def test_the_words_are_the_same_for_every_attempt(bot: Bot):
    """A second copy is the same to the byte: what stands in it follows from the row and the key alone."""
    add(bot, "ann@desk.example")
    run(bot)
    loaded = load(bot.folder / "config.env", {}, folder=bot.folder)
    with store_of(bot) as store:
        [row] = [one for one in store.outbox.all() if one.subscriber]
        assert words_for(loaded, store)(row) == words_for(loaded, store)(row)
        assert words_for(loaded, store)(row) is not None


def test_a_second_copy_after_the_key_was_changed_is_the_same_to_the_byte(bot: Bot, smtp: SmtpServer):
    """The key that an edition was made with is used as long as it is accepted; then the new one, whose links are good."""
    add(bot, "ann@desk.example")
    run(bot)
    sent = {mail.recipient: mail.data for mail in smtp.messages}
    mailer = Email("127.0.0.1", smtp.port, sender="digest@desk.example", security="none")
    with store_of(bot) as store:
        for row in store.outbox.all():
            filled = []
            for key in ("a" * 44, f"{'b' * 44} {'a' * 44}"):  # beside the database's own, and without it
                loaded = load(bot.folder / "config.env", {"DIGESTBOT_WEB__KEY": key}, folder=bot.folder)
                again = replace(row, words=words_for(loaded, store)(row))
                filled.append(mailer.fill(store.outbox.payload(row), again))
            assert filled[0] == sent[row.recipient.address]
            new = again.words
            assert new is not None
            assert new.unsubscribe.partition("+")[2].encode() in filled[1]
            assert new.token.encode() in filled[1]


def test_who_wants_one_a_day_gets_the_last_of_it(bot: Bot, smtp: SmtpServer):
    """Of several editions a day; who wants one a week waits for the list's own."""
    bot.configure(
        DIGESTS__MORNING__AT="06:00, 23:30", LISTS__BRIEFING__WEEKLY="wed", DIGESTS__MORNING__WHEN_EMPTY="send"
    )
    add(bot, "each@desk.example")
    add(bot, "daily@desk.example", "briefing", "--frequency", "daily")
    add(bot, "weekly@desk.example", "briefing", "--frequency", "weekly")
    got = []
    for moment in ("2026-05-27T0600", "2026-05-27T2330", "2026-05-28T2330"):
        assert bot("run", "morning", "--at", moment).returncode == 0
        got.append(sorted(mail.recipient.partition("@")[0] for mail in smtp.messages))
        smtp.messages.clear()
    assert got == [["chief", "each"], ["chief", "daily", "each"], ["chief", "daily", "each"]]


def links_in(mail: Mail) -> set[str]:
    """The reports that a mail links to."""
    parsed = email.message_from_bytes(mail.data, policy=email.policy.default)
    text = parsed.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    return {link for link in re.findall(r"https?://\S+", text.get_content()) if "//digest.desk.example/" not in link}


def test_the_weekly_edition_tells_the_week_again(bot: Bot, smtp: SmtpServer):
    """To those who want one a week, on the list's weekday: what the daily ones have told already is news to them."""
    bot.configure(LISTS__BRIEFING__WEEKLY="fri")
    add(bot, "each@desk.example")
    add(bot, "weekly@desk.example", "briefing", "--frequency", "weekly")
    assert bot("run", "morning", "--at", AT).returncode == 0
    [daily] = [mail for mail in smtp.messages if mail.recipient.startswith("each")]
    smtp.messages.clear()

    assert "no edition" in bot("run", "briefing_weekly", "--at", "2026-05-28T07:30").stdout
    assert bot("run", "briefing_weekly", "--at", "2026-05-29T07:30").returncode == 0
    [weekly] = smtp.messages
    assert weekly.recipient == "weekly@desk.example"
    assert b"Morning briefing: the week" in weekly.data
    assert links_in(daily)
    assert links_in(daily) <= links_in(weekly)

    smtp.messages.clear()
    assert bot("run", "briefing_weekly", "--at", "2026-06-05T07:30").returncode == 0
    assert smtp.messages == []  # nothing new since: a quiet week is skipped as a quiet day is


def test_a_renamed_digest_of_a_list_goes_on_where_it_was(bot: Bot, smtp: SmtpServer):
    """Its readers get nothing twice, and its editions stay readable; a list's weekly edition is no other digest."""
    bot.configure(DIGESTS__MORNING__TO="list:briefing", LISTS__BRIEFING__WEEKLY="fri")
    add(bot, "ann@desk.example", "briefing")
    assert bot("run", "morning", "--at", AT).returncode == 0
    assert len(smtp.messages) == 1
    (bot.folder / "config.env").write_text((bot.folder / "config.env").read_text().replace("S__MORNING__", "S__DAWN__"))
    with closing(open_store(bot.data)) as store:
        schedules(load(bot.folder / "config.env", {}, folder=bot.folder), store, now=datetime.fromisoformat(AT))
        assert store.editions.digests() == {"dawn"}


def test_a_list_without_a_weekday_has_no_weekly_edition(bot: Bot, smtp: SmtpServer):
    """Who wanted one a week while it had gets Saturday's last."""
    add(bot, "weekly@desk.example", "briefing", "--frequency", "weekly")
    assert bot("run", "briefing_weekly").returncode == 2
    bot.configure(DIGESTS__MORNING__WHEN_EMPTY="send")
    got = []
    for moment in ("2026-05-29T07:30", "2026-05-30T07:30"):
        assert bot("run", "--at", moment).returncode == 0
        got.append(sorted(mail.recipient.partition("@")[0] for mail in smtp.messages))
        smtp.messages.clear()
    assert got == [["chief"], ["chief", "weekly"]]


@pytest.mark.parametrize(
    ("words", "told"),
    [(("--topics", "port"), "did you mean ports?"), (("--language", "klingonish"), "is not a language")],
)
def test_what_no_reader_can_want_is_told(bot: Bot, words: tuple[str, str], told: str):
    """A topic that is not there, a language that is none: in one line, and nobody is added."""
    done = bot("subscribers", "add", "ann@desk.example", "--list", "briefing", "--confirmed", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "ann@" not in bot("subscribers", "list").stdout


def test_check_tries_the_mail_server_of_a_list(bot: Bot, smtp: SmtpServer):
    """Though no TO names a mailbox: its settings have an effect, and its account is tried."""
    bot.configure(DIGESTS__MORNING__TO="list:briefing, file:./out")
    said = bot("check").stdout
    assert f"127.0.0.1:{smtp.port} answers" in said
    assert "has no effect" not in said
