"""No secret leaves the process, whatever goes wrong."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from delivering import Clock, message, planned, recipients, work_off
from servers.ports import free_port
from servers.slack import Fault, SlackServer
from servers.smtp import SmtpServer, TlsSmtpServer, make_certificate

from digestbot.channels.email.channel import Email
from digestbot.channels.file.channel import File
from digestbot.channels.slack.channel import Slack
from digestbot.deliver import deliver, freeze
from digestbot.errors import TemporaryFailure
from digestbot.model import Edition
from digestbot.ports import Channel
from digestbot.store import open_store

PASSWORD = "battery-staple"


def test_a_faulty_run_shows_no_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Every log line, error, repr, database and output file of a run full of faults is free of token and password."""
    caplog.set_level(logging.DEBUG)
    certificate = make_certificate(tmp_path)
    clock, day = Clock(), datetime.now(UTC).date()
    with SlackServer(clock=clock.seconds) as slack, TlsSmtpServer(certificate, username="u", password="p") as smtp:
        slack.fail("chat.postMessage", Fault(status=500), Fault(error="missing_scope"), Fault(drop="after"))
        channels: dict[str, Channel] = {
            "slack": Slack(slack.token, api_url=slack.url),
            "mailto": Email("localhost", smtp.port, username="u", password=PASSWORD, sender="n@example.com",
                            ca_file=certificate.cert),
            "file": File(tmp_path),
        }  # fmt: skip
        to = ("slack:#chips", "slack:#markets", "slack:#gone", "mailto:a@example.com", "mailto:bad", "file:out")
        store = open_store(tmp_path / "data")
        edition = store.editions.claim(Edition(digest="morning", date=day, since=clock.now(), until=clock.now()))
        rows = freeze(message(day=day), recipients(*to), channels, now=clock.now())
        store.editions.publish(edition, "{}", rows, used=())
        reports = []
        for later in (0, 1000, 100_000):
            clock.sleep(later)
            reports.append(deliver(store.outbox, channels, now=clock.now, sleep=clock.sleep))
        rows = store.outbox.all()
        store.close()
    assert {str(row.state) for row in rows} >= {"sent", "failed", "expired"}
    shown = [caplog.text, repr(reports), repr(rows), repr(channels)]
    shown += [path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()]
    for secret in (slack.token, PASSWORD):
        assert not [text for text in shown if secret in text]


def test_a_server_that_echoes_the_password(caplog: pytest.LogCaptureFixture):
    """What a server throws back at us is not passed on."""
    caplog.set_level(logging.DEBUG)
    clock = Clock()
    with SmtpServer(extensions=("AUTH PLAIN",)) as server:
        mail = Email("127.0.0.1", server.port, username="u", password=PASSWORD, sender="n@example.com", security="none")
        server.fail("EHLO", f"250-loopback\r\n250 {PASSWORD}")
        outbox = planned(mail, "mailto:a@example.com", clock=clock)
        report = work_off(outbox, mail, clock)
    assert "mailto" in report.stopped
    assert PASSWORD not in caplog.text + repr(report)


def test_row_40_a_proxy_from_the_environment(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    """HTTPS_PROXY is used for Slack; when it is down that is told without the token or the proxy's password."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HTTPS_PROXY", f"http://u:{PASSWORD}@127.0.0.1:{free_port()}")
    with SlackServer() as server:
        slack = Slack(server.token, api_url=server.url)
        with pytest.raises(TemporaryFailure, match="cannot be reached") as caught:
            slack.check()
        assert server.calls == []
    shown = caplog.text + str(caught.value) + repr(slack)
    assert PASSWORD not in shown
    assert server.token not in shown
