"""The next mail, made and announced while the server reads the last one: what becomes of it when something comes between."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from delivering import Clock, planned
from servers.smtp import DROP, SmtpServer

from digestbot.channels.email.channel import Email
from digestbot.errors import DeliveryError, OutcomeUnknown
from digestbot.model import Delivery

ENVELOPE = ["MAIL", "RCPT", "DATA"]


def channel(port: int) -> Email:
    return Email("127.0.0.1", port, sender="news@example.com", security="none", timeout=3.0)


def mails(mail: Email, *names: str) -> list[Delivery]:
    """To each, as the channel gets it; what follows one is the next."""
    outbox = planned(mail, *(f"mailto:{name}@example.com" for name in names), clock=Clock())
    rows = [replace(row, payload=mail.fill(outbox.payload(row), row)) for row in outbox.open()]
    made: list[Delivery] = []
    for row in reversed(rows):
        behind = made[0] if made else None
        made.insert(0, replace(row, following=lambda behind=behind: behind))  # type: ignore[misc]
    return made


def pipelining() -> SmtpServer:
    return SmtpServer(extensions=("PIPELINING",))


def test_the_next_one_is_announced_before_the_last_one_is_answered():
    """One wait for each mail where PIPELINING is offered; its text waits for both answers."""
    packets: list[list[str]] = []
    known = {"EHLO": "250-here\r\n250 PIPELINING", "DATA": "354 go on", "QUIT": "221 bye"}
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with listener.accept()[0] as connection:
                connection.sendall(b"220 ready\r\n")
                while packet := connection.recv(65536):
                    _message, dot, commands = packet.rpartition(b"\r\n.\r\n")
                    if dot:
                        packets.append(["message"])
                        if packets.count(["message"]) == 1:
                            commands = commands or connection.recv(65536)  # without them there is no answer
                    verbs = [line[:4].decode().upper() for line in commands.splitlines()]
                    packets.extend([verbs] if verbs else [])
                    answers = ["250 queued"] * bool(dot) + [known.get(verb, "250 ok") for verb in verbs]
                    connection.sendall("".join(f"{line}\r\n" for line in answers).encode())

        thread = threading.Thread(target=answer)
        thread.start()
        mail = channel(listener.getsockname()[1])
        for one in mails(mail, "a", "b"):
            mail.send(one, parent="")
        mail.close()
        thread.join()
    assert packets == [["EHLO"], ENVELOPE, ["message"], ENVELOPE, ["message"], ["QUIT"]]


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)], ids=["in turn", "pipelining"])
def test_what_follows_is_sent_as_it_was_made(extensions: tuple[str, ...]):
    """Each reader gets their own bytes, over one connection."""
    with SmtpServer(extensions=extensions) as server:
        mail = channel(server.port)
        sent = mails(mail, "a", "b", "c")
        for one in sent:
            mail.send(one, parent="")
        mail.close()
        assert [(one.recipient, one.data) for one in server.messages] == [
            (one.recipient.address, one.payload) for one in sent
        ]
        assert server.connections == 1


def test_what_was_announced_and_is_not_sent_leaves_nothing_behind():
    """Its reader left at the last moment: the next one gets their own mail, and neither RSET nor MAIL becomes its text."""
    with pipelining() as server:
        mail = channel(server.port)
        first, _left, third = mails(mail, "a", "left", "c")
        mail.send(first, parent="")
        mail.send(third, parent="")
        mail.close()
        assert [(one.recipient, one.data) for one in server.messages] == [
            ("a@example.com", first.payload),
            ("c@example.com", third.payload),
        ]


def test_a_refusal_of_the_text_does_not_reach_the_next_one():
    """550 to a text: that one fails alone. Those behind it are not announced for a while, so that connections are not used up."""
    with pipelining() as server:
        mail = channel(server.port)
        server.fail("END", "550 5.7.1 no")
        refused, *others = mails(mail, "a", "b", "c", "d")
        with pytest.raises(DeliveryError):
            mail.send(refused, parent="")
        server.fail("END", "550 5.7.1 no")
        with pytest.raises(DeliveryError):
            mail.send(others[0], parent="")
        for one in others[1:]:
            mail.send(one, parent="")
        assert [one.recipient for one in server.messages] == ["c@example.com", "d@example.com"]
        assert server.connections == 2
        mail.close()


def test_a_connection_that_ends_after_the_announcement():
    """Nothing of the next one's text was handed over: it goes out over another connection, once."""
    with pipelining() as server:
        mail = channel(server.port)
        first, second = mails(mail, "a", "b")
        server.on_accept = lambda _one: server.fail("MAIL", *[DROP] * (len(server.messages) == 1))
        mail.send(first, parent="")
        mail.send(second, parent="")
        mail.close()
        assert [one.recipient for one in server.messages] == ["a@example.com", "b@example.com"]
        assert server.connections == 2


def test_a_stop_after_an_announcement_sends_no_word_more():
    """QUIT would be the text of the next mail: the connection is closed, and nothing was handed over."""
    with pipelining() as server:
        mail = channel(server.port)
        [first, _] = mails(mail, "a", "b")
        mail.send(first, parent="")
        mail.close()
        assert [one.recipient for one in server.messages] == ["a@example.com"]
        assert "QUIT" not in server.commands


def test_what_goes_wrong_with_the_next_one_is_its_own_affair():
    """The mail under way has arrived all the same."""

    def broken() -> Delivery:
        raise RuntimeError("cannot be made")

    with pipelining() as server:
        mail = channel(server.port)
        [only] = mails(mail, "a")
        following: Callable[[], Delivery | None] = broken
        assert mail.send(replace(only, following=following), parent="")
        mail.close()
        assert len(server.messages) == 1


def test_in_turn_the_next_sender_is_told_before_the_last_mail_is_recorded():
    """MAIL goes out as soon as the last text is answered, and alone; after a stop the session ends with a word."""
    with SmtpServer() as server:
        mail = channel(server.port)
        [first, _] = mails(mail, "a", "b")
        mail.send(first, parent="")
        end = time.monotonic() + 3.0
        while server.commands[-1].split()[0] != "MAIL" and time.monotonic() < end:
            time.sleep(0.005)
        mail.close()
        assert [command.split()[0] for command in server.commands] == ["EHLO", *ENVELOPE, "MAIL", "QUIT"]
        assert [one.recipient for one in server.messages] == ["a@example.com"]


def test_a_connection_that_ends_while_the_next_one_is_announced():
    """Nobody knows whether the one under way arrived: it is asked for, and not given up."""
    answers = [b"220 ready\r\n", b"250-here\r\n250 PIPELINING\r\n", b"250 ok\r\n250 ok\r\n354 go on\r\n"]
    closed = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection = listener.accept()[0]
            for lines in answers:
                connection.sendall(lines)
                assert connection.recv(65536)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # RST
            connection.close()
            closed.set()

        thread = threading.Thread(target=answer)
        thread.start()
        mail = channel(listener.getsockname()[1])
        first, second = mails(mail, "a", "b")
        following: Callable[[], Delivery | None] = lambda: second if closed.wait(3.0) else None  # noqa: E731
        with pytest.raises(OutcomeUnknown):
            mail.send(replace(first, following=following), parent="")
        thread.join()
