"""The mailbox of returned mails: a Maildir or an IMAP server, read without losing or deleting anything."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from servers.imap import DRIP, DROP, ImapServer
from servers.ports import free_port
from servers.smtp import Certificate, make_certificate

from digestbot.channels.email.imap import ImapMailbox
from digestbot.channels.email.maildir import MaildirMailbox
from digestbot.channels.email.plugin import EmailPlugin
from digestbot.channels.email.returned import returned_mailbox
from digestbot.channels.email.settings import LONGEST_BOX, BounceSettings, SmtpSettings
from digestbot.errors import PermanentFailure, TemporaryFailure
from digestbot.ports import MOST_MAIL_BYTES, ReturnedMailbox, Wanted
from digestbot.subscribers import verp

MAILS = [f"Subject: {number}\r\n\r\nhello".encode() for number in range(3)]
PASSWORD = "correct-horse"


class Folder:
    """A Maildir with the mails in it, and what a reader of it must leave behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for part in ("new", "cur", "tmp"):
            (path / part).mkdir(parents=True)
        for number, mail in enumerate(MAILS):
            (path / "new" / f"17{number}.M1P1.host").write_bytes(mail)

    def mailbox(self) -> ReturnedMailbox:
        return MaildirMailbox(self.path)

    def seen(self) -> int:
        return sum("S" in path.name.rpartition(":2,")[2] for path in (self.path / "cur").iterdir())

    def kept(self) -> list[bytes]:
        return sorted(path.read_bytes() for part in ("new", "cur") for path in (self.path / part).iterdir())


class Server:
    """The same behind IMAP."""

    def __init__(self, server: ImapServer) -> None:
        self.server = server

    def mailbox(self) -> ReturnedMailbox:
        return ImapMailbox("127.0.0.1", self.server.port, username="u", password="p", security="none", timeout=3)

    def seen(self) -> int:
        return len(self.server.seen)

    def kept(self) -> list[bytes]:
        return sorted(self.server.mails.values())


@pytest.fixture(params=["maildir", "imap"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Folder | Server]:
    if request.param == "maildir":
        yield Folder(tmp_path / "box")
    else:
        with ImapServer(MAILS) as server:
            yield Server(server)


def test_what_was_marked_is_not_read_again_and_nothing_is_deleted(place: Folder | Server):
    """Oldest first, as many as are wanted; what was not marked comes again, whoever asks."""
    box = place.mailbox()
    first = list(box.unread(limit=2))
    assert [mail.data for mail in first] == MAILS[:2]
    assert place.seen() == 0
    box.mark_read([first[0].name])
    box.mark_read([])
    box.close()
    again = place.mailbox()
    assert [mail.data for mail in again.unread(limit=9)] == MAILS[1:]
    again.mark_read([mail.name for mail in again.unread(limit=9)])
    assert list(again.unread(limit=9)) == []
    assert "0 unread" in again.check()
    again.close()
    assert (place.seen(), place.kept()) == (3, MAILS)


def test_of_a_large_mail_the_beginning_is_read(tmp_path: Path):
    """Twenty megabytes are neither fetched nor held."""
    large = b"Subject: x\r\n\r\n" + b"y" * (2 * MOST_MAIL_BYTES)
    folder = Folder(tmp_path / "box")
    (folder.path / "new" / "100.large").write_bytes(large)
    with ImapServer([large]) as server:
        for box in (folder.mailbox(), Server(server).mailbox()):
            assert next(box.unread(limit=1)).data == large[:MOST_MAIL_BYTES]
            box.close()


# ---- Maildir ---------------------------------------------------------------------------------------------------------------


def test_flags_of_other_programs_stay(tmp_path: Path):
    """A mail that was flagged and not read is read once, and stays flagged; one in the bin is left there."""
    folder = Folder(tmp_path / "box")
    (folder.path / "cur" / "1.flagged:2,F").write_bytes(b"flagged")
    (folder.path / "cur" / "1.binned:2,T").write_bytes(b"binned")
    (folder.path / "cur" / "1.read:2,RS").write_bytes(b"read")
    box = folder.mailbox()
    assert [mail.data for mail in box.unread(limit=9)] == [b"flagged", *MAILS]
    box.mark_read(["1.flagged", "1.gone"])
    assert (folder.path / "cur" / "1.flagged:2,FS").read_bytes() == b"flagged"


def test_what_is_no_mail_is_not_read(tmp_path: Path):
    """A pipe would be waited for, a link may lead to any file of the machine, and tmp/ holds what is still written."""
    folder = Folder(tmp_path / "box")
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    os.mkfifo(folder.path / "new" / "1.pipe")
    (folder.path / "new" / "1.link").symlink_to(secret)
    (folder.path / "new" / "1.folder").mkdir()
    (folder.path / "new" / ".hidden").write_bytes(b"x")
    (folder.path / "tmp" / "1.half").write_bytes(b"x")
    assert [mail.data for mail in folder.mailbox().unread(limit=9)] == MAILS


def test_a_mail_that_another_program_takes_is_left_to_it(tmp_path: Path):
    """Moved between the look and the reading, or before it is marked."""
    folder = Folder(tmp_path / "box")
    box = folder.mailbox()
    reading = box.unread(limit=9)
    first = next(reading)
    (folder.path / "new" / "171.M1P1.host").unlink()
    assert [mail.data for mail in reading] == MAILS[2:]
    (folder.path / "new" / first.name).rename(folder.path / "cur" / f"{first.name}:2,F")
    (folder.path / "new" / "172.M1P1.host").unlink()
    box.mark_read([first.name, "172.M1P1.host"])
    assert [path.name for path in (folder.path / "cur").iterdir()] == [f"{first.name}:2,FS"]


def test_a_folder_that_is_no_maildir_says_what_to_do(tmp_path: Path):
    """And a file in its place."""
    with pytest.raises(PermanentFailure, match=r"new/ and cur/.*DIGESTBOT_BOUNCES__MAILDIR"):
        list(MaildirMailbox(tmp_path / "nowhere").unread(limit=1))
    (tmp_path / "file").write_text("")
    with pytest.raises(PermanentFailure, match="DIGESTBOT_BOUNCES__MAILDIR"):
        MaildirMailbox(tmp_path / "file").check()


# ---- IMAP ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def imap(server: ImapServer, **options: Any) -> ImapMailbox:
    values: dict[str, Any] = {"username": "u", "password": "p", "security": "none", "timeout": 3.0}
    return ImapMailbox("127.0.0.1", server.port, **(values | options))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_verified(certificate: Certificate, security: Any):
    """With a certificate that is trusted mails are read; with another not even the user name is said."""
    with ImapServer(MAILS, certificate=certificate, starttls=security == "starttls") as server:
        box = imap(server, security=security, ca_file=certificate.cert)
        assert [mail.data for mail in box.unread(limit=9)] == MAILS
        box.close()
        server.commands.clear()
        with pytest.raises(PermanentFailure, match=r"not trusted.*CA_FILE"):
            imap(server, security=security).check()
        assert "LOGIN" not in server.commands


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("fault", [DROP, DRIP])
@pytest.mark.parametrize("command", ["LOGIN", "FETCH"])
def test_a_connection_that_breaks_under_tls_is_no_wrong_setting(
    certificate: Certificate, security: Any, fault: str, command: str
):
    """What was encrypted once is: an end without a goodbye is a bad moment, and nothing to mend."""
    with ImapServer(MAILS, certificate=certificate, starttls=security == "starttls") as server:
        server.fail(command, fault)
        box = imap(server, security=security, ca_file=certificate.cert, timeout=0.5)
        with pytest.raises(TemporaryFailure):
            list(box.unread(limit=9))
        assert [mail.data for mail in box.unread(limit=9)] == MAILS
        box.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_certificates_that_cannot_be_read_are_told(tmp_path: Path, security: Any):
    """A file that is not there, and one that holds none."""
    (tmp_path / "none.pem").write_text("nothing")
    with ImapServer(MAILS, starttls=True) as server:
        for name in ("nowhere.pem", "none.pem"):
            with pytest.raises(PermanentFailure, match="CA_FILE is not there, or holds no certificate"):
                imap(server, security=security, ca_file=tmp_path / name).check()
        assert "LOGIN" not in server.commands


def test_nothing_is_said_where_starttls_is_not_offered():
    """Somebody between us and the server may have taken it out."""
    with ImapServer(MAILS) as server:
        with pytest.raises(PermanentFailure, match="does not offer STARTTLS"):
            imap(server, security="starttls").check()
        assert "LOGIN" not in server.commands
        with pytest.raises(PermanentFailure, match="does not speak TLS"):
            imap(server, security="tls").check()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"password": "correct-horse"}, "refused the user name or password"),
        ({"folder": "Bounces"}, "has no such folder"),
        ({"password": "pässword"}, "cannot carry"),
    ],
)
def test_what_has_to_be_mended_is_told(options: dict[str, Any], words: str):
    """Once and for all, without the password."""
    with ImapServer(MAILS) as server, pytest.raises(PermanentFailure, match=words) as failure:
        imap(server, **options).check()
    assert "horse" not in str(failure.value)
    assert failure.value.account


@pytest.mark.parametrize("command", ["GREETING", "CAPABILITY", "LOGIN", "SELECT", "SEARCH", "FETCH", "STORE"])
@pytest.mark.parametrize("fault", [DROP, "* nonsense", "NO [UNAVAILABLE] later"])
def test_a_server_that_fails_is_asked_again_later(command: str, fault: str):
    """At whatever command: nothing is lost, and the next round reads what this one did not mark."""
    if command == "GREETING" and fault != DROP:
        fault = "BYE too busy" if fault.startswith("NO") else fault
    with ImapServer(MAILS) as server:
        server.fail(command, fault)
        box = imap(server, timeout=0.3)
        read: list[bytes] = []
        try:
            for mail in box.unread(limit=9):
                read.append(mail.data)
                box.mark_read([mail.name])
        except TemporaryFailure:
            pass
        box.close()
        again = imap(server)
        rest = [mail.data for mail in again.unread(limit=9)]
        again.close()
        assert {*read, *rest} == set(MAILS)


def test_numbers_that_were_given_anew_mark_no_other_mail():
    """A server that was restored has other mails under the numbers of before."""
    with ImapServer(MAILS) as server:
        box = imap(server)
        [first, *_] = box.unread(limit=9)
        box.close()
        server.validity = 2
        box.mark_read([first.name])
        assert server.seen == set()
        box.mark_read([next(box.unread(limit=1)).name])
        assert server.seen == {1}
        box.close()


@pytest.mark.parametrize("command", ["GREETING", "LOGIN", "SEARCH", "FETCH"])
def test_a_server_that_drips_is_not_waited_for(command: str):
    """A byte now and then is no answer: each step has an end, which no silence of the server's decides."""
    with ImapServer(MAILS) as server:
        server.fail(command, DRIP)
        began = time.monotonic()
        with pytest.raises(TemporaryFailure):
            list(imap(server, timeout=0.2).unread(limit=9))
        assert time.monotonic() - began < 10  # for ever without a deadline; .2 s with it


def test_a_server_that_is_not_there_is_asked_again_later():
    """A refused connection says nothing about the settings."""
    box = ImapMailbox("127.0.0.1", free_port(), username="u", password="p", security="none", timeout=1)
    with pytest.raises(TemporaryFailure, match="cannot be read now"):
        box.check()
    assert "p" not in repr(box).replace("ImapMailbox", "")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """IMAP needs a package; a Maildir needs none."""
    import importlib

    real: Callable[..., Any] = importlib.import_module
    monkeypatch.setattr(
        importlib,
        "import_module",
        lambda name, *rest: (_ for _ in ()).throw(ImportError) if name == "imapclient" else real(name, *rest),
    )
    with pytest.raises(PermanentFailure, match=r"pip install 'digestbot\[bounces\]'"):
        ImapMailbox("127.0.0.1", 1, username="u", password="p").check()


# ---- Settings --------------------------------------------------------------------------------------------------------------


def settings(*, box: str = "bounces@example.com", **bounces: Any) -> dict[str, Any]:
    smtp = {"host": "mail.example.com", "from": "news@example.com"} | ({"bounces": box} if box else {})
    return {"smtp": SmtpSettings(**smtp), "bounces": BounceSettings(**bounces)}


def test_the_mailbox_is_the_one_of_the_settings(tmp_path: Path):
    """A folder, relative to the configuration; a server; or none."""
    assert returned_mailbox(settings(), base=tmp_path) is None
    Folder(tmp_path / "box")
    folder = returned_mailbox(settings(maildir="box"), base=tmp_path)
    assert folder is not None
    assert "3 unread" in folder.check()
    with ImapServer(MAILS) as server:
        values = {
            "host": "127.0.0.1",
            "port": str(server.port),
            "username": "u",
            "password": "p",
            "security": "none",
            "timeout": "3s",
        }
        box = returned_mailbox(settings(**values), base=tmp_path)
        assert box is not None
        assert box.check() == f"127.0.0.1:{server.port} answers, signed in; the folder has 3 unread"


def test_ports_follow_from_the_security():
    """993 for TLS from the first byte, 143 where it is asked for, as RFC 8314 has it."""
    assert [BounceSettings(security=one).effective_port for one in ("tls", "starttls", "none")] == [993, 143, 143]


@pytest.mark.parametrize("box", ["bounces", "b" * (LONGEST_BOX + 1) + "@example.com", "bücher@example.com"])
def test_a_box_that_no_return_path_can_be_made_of_is_refused(box: str):
    """Where it is too long, the mail would go out with a return path that says nothing."""
    with pytest.raises(ValueError, match=r"return path|mail address|email address"):
        settings(box=box)
    assert settings(box="b" * LONGEST_BOX + "@Example.com")["smtp"].bounces == "b" * LONGEST_BOX + "@example.com"
    assert LONGEST_BOX == verp.LONGEST_BOX


@pytest.mark.parametrize(
    ("bounces", "words"),
    [
        ({"host": "imap.example.com"}, "USERNAME: is missing"),
        ({"host": "imap.example.com", "username": "u"}, "PASSWORD: is missing"),
        ({"host": "imap.example.com", "username": "u", "password": "p", "maildir": "box"}, "HOST: stands beside DIGESTBOT_BOUNCES__MAILDIR"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(bounces: dict[str, Any], words: str, tmp_path: Path):
    """Before anything is sent, with what to write."""
    [problem, *_] = EmailPlugin().problems(settings(**bounces), (), base=tmp_path)
    assert f"DIGESTBOT_BOUNCES__{words}" in str(problem)


def test_a_password_in_the_clear_is_refused():
    """But for a server on this machine, or by the owner's word."""
    values = {"host": "imap.example.com", "security": "none"}
    with pytest.raises(ValueError, match="in the clear"):
        BounceSettings(**values)
    assert BounceSettings(**values, plain_login="yes").plain_login
    assert BounceSettings(**values | {"host": "127.0.0.1"}).host


def test_what_has_no_effect_is_told():
    """A box that nobody reads, a mailbox whose mails prove nothing, a lone setting."""
    wanted = (Wanted("reader@example.com", "DIGESTBOT_DIGESTS__MORNING__TO"),)

    def told(values: dict[str, Any]) -> dict[str, str]:
        return {one.key: one.reason for one in EmailPlugin().advice(values, wanted)}

    assert "not read here" in told(settings())["DIGESTBOT_SMTP__BOUNCES"]
    assert "proves nothing" in told(settings(box="", maildir="box"))["DIGESTBOT_SMTP__BOUNCES"]
    assert "has no effect" in told(settings(box="", folder="Bounces"))["DIGESTBOT_BOUNCES__FOLDER"]
    assert told(settings(maildir="box")) == {}
    assert told(settings(box="")) == {}
