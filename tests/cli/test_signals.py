"""Ways out: a signal ends every command soon, whatever hangs, and nothing is lost or doubled by it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot import Bot
from forking import Command
from newsroom import AT, MORNING_NEWS
from servers.smtp import Mail, SmtpServer
from servers.web import Reply, WebServer

from digestbot.channels.email.channel import Email
from digestbot.cli import signals

ROOT = Path(__file__).parents[2]
WAIT = 300  # seconds that a loaded machine may take for what takes two


class HeldMail:
    """A mail server that takes the message and then says nothing."""

    def __init__(self) -> None:
        self.taken = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        client, _ = self._listener.accept()
        with client, client.makefile("rb") as lines:
            client.sendall(b"220 held\r\n")
            for line in lines:
                if line.upper().startswith(b"DATA"):
                    client.sendall(b"354 go on\r\n")
                elif line == b".\r\n":
                    self.taken.set()
                elif not self.taken.is_set() and line[:4].upper() in (b"EHLO", b"MAIL", b"RCPT"):
                    client.sendall(b"250 fine\r\n")

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(
        FEEDS__HARBOUR="./saved.xml",
        TOPICS__CHIPS="foundry",
        DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
        DIGESTS__MORNING__TO="file:./out",
    )
    return made


@pytest.fixture
def process(bot: Bot) -> Iterator[Command]:
    """A run whose mail was taken, and which waits for the answer."""
    held = HeldMail()
    bot.configure(
        DIGESTS__MORNING__TO="mailto:ann@desk.example",
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=str(held.port),
        SMTP__SECURITY="none",
        SMTP__FROM="digest@desk.example",
    )
    shorter = "from digestbot.cli import editions, signals; signals.GRACE_SECONDS = 0.5"
    started = bot.start("run", "--at", AT, before=shorter)
    assert held.taken.wait(WAIT), started.communicate()
    yield started
    held.close()


@pytest.fixture
def hanging() -> Iterator[tuple[WebServer, threading.Event]]:
    """Fifty feeds that never answer, on as many hosts, and an event for the first request."""
    asked, over = threading.Event(), threading.Event()

    def hang(_out: object) -> None:
        asked.set()
        over.wait(WAIT)

    with WebServer() as web:
        for number in range(50):
            web.serve(f"/{number}", Reply(raw=hang))
        yield web, asked
        over.set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("word", ["run", "serve"])
def test_feeds_that_hang_do_not_hold_the_way_out(
    bot: Bot, hanging: tuple[WebServer, threading.Event], word: str, number: signal.Signals
):
    """Fifty hosts that never answer: one signal is enough, and nothing of the round was begun for good."""
    web, asked = hanging
    bot.configure(
        FETCH__ALLOW_PRIVATE="127.0.0.0/8",
        FETCH__TIMEOUT="10m",
        FETCH__HOST="10m",
        FETCH__ROUND="10m",
        **{f"FEEDS__SLOW{each}": web.url(f"/{each}", host=f"127.0.1.{each + 1}") for each in range(50)},
    )
    process = bot.start(word)
    assert asked.wait(WAIT), process.communicate()
    process.send_signal(number)
    _, err = process.communicate(timeout=WAIT)

    assert process.returncode == (0 if word == "serve" else -number), err
    assert "Traceback" not in err
    assert not (bot.folder / "out").exists()


def test_a_mail_whose_answer_does_not_come_goes_again_identical(
    bot: Bot, process: Command, monkeypatch: pytest.MonkeyPatch
):
    """A signal waits for the answer for some seconds only; the next run sends the same bytes."""
    assert signals.GRACE_SECONDS == 10
    monkeypatch.setattr(Email, "visibility_delay", 0.2)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=WAIT)
    assert process.returncode in (128 + signal.SIGTERM, -signal.SIGTERM), err

    with SmtpServer() as smtp:
        bot.configure(SMTP__PORT=str(smtp.port))
        assert bot("run", "--at", AT).returncode == 0
        assert len(smtp.messages) == 1
        assert bot("run", "--at", AT).returncode == 0
        assert len(smtp.messages) == 1


def test_a_second_signal_ends_at_once(process: Command):
    """Without waiting for the answer that the first one waits for."""
    process.send_signal(signal.SIGINT)
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        threading.Event().wait(0.05)
    _, err = process.communicate(timeout=WAIT)

    assert process.returncode == 128 + signal.SIGINT
    assert "the next start finds out" in err


def test_sighup_reloads_a_daemon_and_ends_a_run(bot: Bot):
    """`serve` reads its configuration again at once, though its file has not changed; it goes on."""
    process = bot.start("serve")
    lines = iter(process.stderr.readline, "")
    assert any("serving 1 digest from 1 feed;" in line for line in lines)
    process.send_signal(signal.SIGHUP)
    assert any("configuration reloaded" in line for line in lines)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=WAIT)
    assert process.returncode == 0


SLOW_TO_LOAD = """
import os, signal, sys, time
import digestbot.__main__ as program

class Interrupted:
    def find_spec(self, name, *rest):
        if name == "digestbot.cli":
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(20)

sys.meta_path.insert(0, Interrupted())
program.main()
"""


def test_ctrl_c_while_the_program_loads_is_one_line():
    """In the first half second, too, where Python would print where it was; a shell makes 130 of it."""
    done = subprocess.run([sys.executable, "-c", SLOW_TO_LOAD], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGINT
    assert done.stderr == "digestbot: stopped before it began\n"


def test_ctrl_c_before_a_command_listens_for_signals_is_one_line(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """While it reads the configuration, say: 130, as of every command that a terminal ends."""

    def interrupted(*_words: object, **_fields: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("digestbot.settings.load", interrupted)
    for words in (("run", "--at", AT), ("preview", "--at", AT)):
        done = bot(*words)
        assert (done.returncode, done.stdout) == (130, "")
        assert done.stderr == "digestbot: stopped before the end; nothing is half done\n"


def test_too_few_files_are_told_before_anything_is_begun(bot: Bot):
    """With twelve Python's own libraries fail in the middle, each with words of its own."""
    before = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))"
    started = bot.start("run", "--at", AT, before=before)
    said, told = started.communicate()
    assert (started.returncode, said) == (1, "")
    assert told.startswith("digestbot: only 24 files may be open at once here, and 32 are needed at least")
    assert len(told.splitlines()) == 1


def test_a_resend_that_is_interrupted_finishes_the_mail_in_hand_and_goes_on_when_asked_again(bot: Bot):
    """One line says how many wait; nobody has it twice, and none is left as if it were being sent."""
    addresses = [f"r{number}@desk.example" for number in range(12)]
    with SmtpServer() as smtp:
        bot.configure(
            DIGESTS__MORNING__TO=", ".join(f"mailto:{address}" for address in addresses),
            SMTP__HOST="127.0.0.1",
            SMTP__PORT=str(smtp.port),
            SMTP__SECURITY="none",
            SMTP__FROM="digest@desk.example",
        )
        smtp.fail("RCPT", *["550 5.7.1 no"] * len(addresses))
        assert bot("run", "--at", AT, "--max-wait", "0").returncode == 1
        third, interrupted = threading.Event(), threading.Event()

        def hold(_mail: Mail) -> None:
            if len(smtp.messages) == 3:
                third.set()
                interrupted.wait(WAIT)

        smtp.on_accept = hold
        process = bot.start("resend")
        assert third.wait(WAIT), process.communicate()
        process.send_signal(signal.SIGINT)
        threading.Timer(0.3, interrupted.set).start()  # its answer comes after the signal
        _, err = process.communicate(timeout=WAIT)
        assert process.returncode == -signal.SIGINT
        assert "digestbot: stopped; 9 deliveries wait: `digestbot resend`, serve or the next run goes on" in err
        assert "sending" not in bot("status").stdout
        again = bot("resend")
    assert (again.returncode, again.stdout.count("sent")) == (0, 9)
    assert sorted(mail.recipient for mail in smtp.messages) == sorted(addresses)
