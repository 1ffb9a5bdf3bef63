"""An operator's words on deliveries, as they are typed."""

from __future__ import annotations

import email
import email.policy
import errno
import json
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import Bot
from newsroom import AT, MORNING_NEWS, rss
from servers.slack import Fault, SlackServer
from servers.smtp import SmtpServer

from digestbot.edition import pipeline
from digestbot.edition.context import DigestSpec
from digestbot.store import lock, open_store


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(FEEDS__HARBOUR="./saved.xml", TOPICS__CHIPS="foundry", DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong")
    return made


def to_slack(bot: Bot, slack: SlackServer, channels: str = "slack:#chips") -> None:
    bot.configure(
        DIGESTS__MORNING__TO=channels, SLACK__API_URL=slack.url, SLACK__TOKEN=slack.token, SLACK__TIMEOUT="1s"
    )


def states(bot: Bot) -> dict[str, int]:
    [digest] = json.loads(bot("status", "--json").stdout)["digests"]
    return dict(digest["deliveries"])


def test_what_failed_is_sent_again_and_nothing_else(bot: Bot):
    """A channel that was missing exists now: it gets its message, the others no second one."""
    with SlackServer() as slack:
        to_slack(bot, slack, "slack:#chips, slack:#late")
        assert bot("run", "--at", AT).returncode == 1
        slack.channels["C0LATE0000"] = "late"
        again = bot("resend", "--json")
        nothing = bot("resend")
    assert again.returncode == 0, again.stderr
    assert [(row["recipient"], row["state"]) for row in json.loads(again.stdout)] == [("slack:#late", "sent")]
    assert [post["channel"] for post in slack.messages] == ["C0CHIPS000", "C0LATE0000"]
    assert "no delivery matches" in nothing.stdout


def test_a_recipient_who_was_added_later_gets_the_edition_of_the_others(bot: Bot):
    """The same words under a key of its own, recorded, and once; the day's own with --date; the others get nothing."""
    with SmtpServer() as smtp:
        bot.configure(
            DIGESTS__MORNING__TO="mailto:ann@desk.example",
            SMTP__HOST="127.0.0.1",
            SMTP__PORT=str(smtp.port),
            SMTP__SECURITY="none",
            SMTP__FROM="digest@desk.example",
        )
        assert bot("run", "--at", AT).returncode == 0
        (bot.folder / "saved.xml").write_text(rss(), encoding="utf-8")  # nothing is asked again
        added = bot("resend", "morning", "--to", "mailto:bo@desk.example")
        again = bot("resend", "morning", "--to", "mailto:bo@desk.example")
        assert bot("resend", "--to", "mailto:cy@desk.example", "--date", "2026-05-27").returncode == 0
    assert added.returncode == 0, added.stderr
    assert "mailto:bo@desk.example sent" in added.stdout
    assert "no delivery matches" in again.stdout
    assert [mail.recipient for mail in smtp.messages] == [f"{name}@desk.example" for name in ("ann", "bo", "cy")]
    texts = [email.message_from_bytes(mail.data, policy=email.policy.default) for mail in smtp.messages]
    assert len({text.get_body(("plain",)).get_content() for text in texts}) == 1
    assert len({text["Subject"] for text in texts}) == 1
    assert len({text["Message-ID"] for text in texts}) == 3
    assert states(bot) == {"sent": 3}
    assert "was made before" in bot("run", "--at", AT).stdout


def test_a_new_recipient_needs_an_address_an_edition_and_its_digest(bot: Bot):
    """Each lack is one line and exit 2, and nothing is recorded."""
    bot.configure(DIGESTS__MORNING__TO="file:./out")
    nothing = bot("resend", "morning", "--to", "file:./late")
    assert (nothing.returncode, "morning has no edition yet" in nothing.stderr) == (2, True)
    assert bot("run", "--at", AT).returncode == 0
    for words, said in (
        (("morning", "--to", "late"), "is not a recipient"),
        (("morning", "--to", "list:readers"), "list:readers is a list, and here each recipient is named alone"),
        (("morning", "--to", "mailto:late@desk.example"), "SMTP__HOST: is missing, and the recipient names a mailbox"),
        (("morning", "--to", "file:./late", "--date", "2026-05-20"), "morning has no edition of 2026-05-20"),
        (("--to", "file:./late"), "there are several digests"),
    ):
        if words[0] == "--to":
            bot.configure(DIGESTS__EVENING__TO="file:./out")
        done = bot("resend", *words)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert not (bot.folder / "late").exists()
    assert bot("resend", "morning", "--to", "file:./late").returncode == 0
    assert (bot.folder / "late" / "morning" / "2026-05-27" / "digest.html").is_file()


def test_status_says_what_is_wrong_and_what_to_type(bot: Bot):
    """Each trouble with its reason, when it is tried again, and the words for it; JSON has them all."""
    with SlackServer(scopes="chat:write") as slack, SmtpServer() as smtp:
        to_slack(bot, slack)
        bot.configure(
            DIGESTS__MORNING__TO="slack:#chips, slack:#late, mailto:full@desk.example, mailto:a@-bad-.example",
            SMTP__HOST="127.0.0.1",
            SMTP__PORT=str(smtp.port),
            SMTP__SECURITY="none",
            SMTP__FROM="digest@desk.example",
        )
        smtp.refuse["full@desk.example"] = "452 4.2.2 mailbox full"
        slack.fail("chat.postMessage", Fault(drop="after"))
        run = bot("run", "--at", AT, "--max-wait", "3")
        shown = bot("status").stdout
        unwritten = bot("resend", "--to", "mailto:a@-bad-.example")
        nobody = bot("resend", "evening")
    assert run.returncode == 1
    for lines in (run.stdout, shown):
        assert "452 4.2.2 mailbox full); tried again from" in lines
        assert "add the scope channels:history" in lines
        assert "invite the bot: /invite @digestbot in #late" in lines
        assert "has no valid domain" in lines
    assert "deliveries: 1 pending, 2 failed, 1 unknown" in shown
    assert "failed: fix the cause, then run `digestbot resend morning`" in shown
    assert "digestbot resolve sent|failed morning" in shown
    assert run.stderr.count("cannot list") == 2  # once a kind of channel, not once a delivery
    assert "cannot be sent again" in unwritten.stderr
    assert unwritten.returncode == 1
    assert (nobody.returncode, "there is no digest 'evening'" in nobody.stderr) == (2, True)


def test_many_recipients_are_counted_not_listed(bot: Bot):
    """A list of thousands is no answer."""
    with SmtpServer() as smtp:
        to = ", ".join(f"mailto:r{number}@desk.example" for number in range(50))
        bot.configure(DIGESTS__MORNING__TO=to, SMTP__HOST="127.0.0.1", SMTP__PORT=str(smtp.port),
                      SMTP__SECURITY="none", SMTP__FROM="digest@desk.example")  # fmt: skip
        for number in range(25):
            smtp.refuse[f"r{number}@desk.example"] = "554 no"
        done = bot("run", "--at", AT)
    assert "sent to 25 recipients" in done.stdout
    assert "and 5 more; `digestbot status --json`" in done.stdout
    shown = bot("status").stdout
    assert "5 older ones are not shown" in shown
    assert shown.count("554 no") == 20


def test_resend_beside_a_daemon_leaves_it_the_sending(bot: Bot):
    """The word is recorded and that is all there is to do."""
    with SlackServer() as slack:
        to_slack(bot, slack, "slack:#late")
        assert bot("run", "--at", AT).returncode == 1
        with lock(bot.data):
            again = bot("resend")
    assert again.returncode == 0
    assert "running in this data folder and sends them within a minute" in again.stderr
    assert states(bot) == {"pending": 1}


@pytest.mark.parametrize(("verdict", "state"), [("sent", "sent"), ("failed", "failed")])
def test_an_unknown_delivery_is_resolved(bot: Bot, verdict: str, state: str):
    """Without the scope to look back a lost answer stays unknown, until the operator has looked."""
    with SlackServer(scopes="chat:write") as slack:
        to_slack(bot, slack)
        slack.fail("chat.postMessage", Fault(drop="after"))
        bot("run", "--at", AT)
        assert states(bot) == {"unknown": 1}
        assert "no delivery matches" in bot("resend").stdout
        resolved = bot("resolve", verdict, "morning", "--to", "slack:#chips", "--json")
    assert resolved.returncode == 0
    assert [row["state"] for row in json.loads(resolved.stdout)] == [state]
    assert states(bot) == {state: 1}
    assert slack.posts() == 1


def test_a_lost_answer_of_a_webhook_ends_by_a_word(bot: Bot):
    """It is held as unknown and shown with its address nowhere; looked up, it is resolved or resent as it was frozen."""
    with SlackServer() as slack:
        bot.configure(
            SLACK_WEBHOOKS__DESK=slack.webhook,
            DIGESTS__MORNING__TO="slack-webhook:desk",
            DIGESTS__MORNING__MODE="thread",
        )
        slack.fail("webhook", Fault(drop="before"))
        run = bot("run", "--at", AT)
        assert run.returncode == 1
        assert "unknown for slack-webhook:desk" in run.stdout
        assert bot("run", "--at", AT).returncode == 0, "it is not tried again by itself"
        shown = bot("status").stdout
        assert "webhook:desk unknown: Slack gave no usable answer" in shown
        assert "digestbot resolve sent|failed morning" in shown
        assert bot("resolve", "failed", "--to", "slack-webhook:desk").returncode == 0
        again = bot("resend", "--to", "slack-webhook:desk")
        assert (again.returncode, states(bot)) == (0, {"sent": 1}), again.stderr
    [posted] = slack.messages
    assert "in the thread" not in json.dumps(posted)
    assert "Veldhaven" in json.dumps(posted["blocks"])


def test_an_unknown_post_is_resent_by_word_alone(bot: Bot):
    """`resend` leaves it, `resend --unknown` does not."""
    with SlackServer() as slack:
        bot.configure(SLACK_WEBHOOKS__DESK=slack.webhook, DIGESTS__MORNING__TO="slack-webhook:desk")
        slack.fail("webhook", Fault(status=500))
        bot("run", "--at", AT)
        bot("resend")
        assert slack.messages == []
        assert bot("resend", "--unknown").returncode == 0
    assert len(slack.messages) == 1


def test_what_waits_can_be_cancelled(bot: Bot):
    """It is not tried again; a resend takes the word back."""
    with SlackServer() as slack:
        to_slack(bot, slack)
        slack.fail("chat.postMessage", Fault(error="ratelimited", headers={"Retry-After": "600"}))
        bot("run", "--at", AT)
        assert states(bot) == {"pending": 1}
        assert "cancelled by an operator" in bot("cancel", "morning", "--date", "2026-05-27").stdout
        assert bot("run", "--at", AT).returncode == 0
        assert slack.messages == []
        assert bot("resend").returncode == 0
    assert len(slack.messages) == 1


def test_cancel_leaves_a_delivery_under_way_alone(bot: Bot):
    """What another process is sending at this moment may arrive: to call it cancelled would be a lie."""
    with SlackServer() as slack:
        to_slack(bot, slack)
        slack.fail("chat.postMessage", Fault(error="ratelimited", headers={"Retry-After": "600"}))
        bot("run", "--at", AT)
    store = open_store(bot.data)
    (waiting,) = store.outbox.all()
    assert store.outbox.claim(waiting, now=datetime.now(UTC)) is not None
    store.close()

    done = bot("cancel", "morning")

    assert "no delivery matches" in done.stdout
    assert states(bot) == {"sending": 1}


def backed_up(bot: Bot) -> None:
    """As docs/operations.md says."""
    with sqlite3.connect(bot.data / "digestbot.sqlite3") as source, sqlite3.connect(bot.folder / "backup") as target:
        source.backup(target)


def put_back(bot: Bot) -> None:
    for path in bot.data.glob("digestbot.sqlite3*"):
        path.unlink()
    (bot.folder / "backup").rename(bot.data / "digestbot.sqlite3")


HEADLINES = {
    27: "Foundry at Veldhaven halts its wafer line",
    28: "Ferry crews accept a two-year wage deal",
    29: "Museum returns three bronzes to Benin",
    30: "Drought closes the northern canal",
}


def news(bot: Bot, day: int) -> None:
    """The feed as it is on a day in May: one report a day since the 27th."""
    entries = [(HEADLINES[each], f"{HEADLINES[each]}, it was said.", f"{each} May 2026 01:00:00 +0000")
               for each in range(27, day + 1)]  # fmt: skip
    (bot.folder / "saved.xml").write_text(rss(*entries), encoding="utf-8")


def at(day: int) -> str:
    return f"2026-05-{day}T20:00+08:00"


def test_row_64_a_restored_backup_does_not_post_to_slack_again(bot: Bot):
    """Two days are missing from the ledger; the channel knows the delivery's key, and says where the message is."""
    with SlackServer() as slack:
        to_slack(bot, slack)
        for day in (27, 28, 29):
            news(bot, day)
            assert bot("run", "--at", at(day)).returncode == 0
            if day == 27:
                backed_up(bot)
        put_back(bot)
        assert states(bot) == {"sent": 1}
        again = bot("run", "--at", at(29), "--json")
    assert again.returncode == 0, again.stderr
    assert len(slack.messages) == 3
    [row] = json.loads(again.stdout)[0]["deliveries"]
    assert (row["state"], row["remote_id"]) == ("sent", f"C0CHIPS000/{slack.messages[2]['ts']}")
    assert "has this edition already" in again.stderr


def test_row_64_a_restored_backup_is_told_what_mailboxes_have(bot: Bot):
    """--mark-sent records what was sent since the backup: nobody gets it twice, and the next edition goes on from there."""
    with SmtpServer() as smtp:
        bot.configure(DIGESTS__MORNING__TO="mailto:ann@desk.example", SMTP__HOST="127.0.0.1", SMTP__SECURITY="none",
                      SMTP__PORT=str(smtp.port), SMTP__FROM="digest@desk.example")  # fmt: skip
        for day in (27, 28, 29):
            news(bot, day)
            assert bot("run", "--at", at(day)).returncode == 0
            if day == 27:
                backed_up(bot)
        put_back(bot)
        assumed = bot("run", "--at", at(29), "--mark-sent")
        repeated = bot("run", "--at", at(29))
        news(bot, 30)
        assert bot("run", "--at", at(30)).returncode == 0
    assert (assumed.returncode, repeated.returncode) == (0, 0), assumed.stderr + repeated.stderr
    assert len(smtp.messages) == 4
    last = smtp.messages[-1].data
    assert [day for day, headline in HEADLINES.items() if headline.encode() in last] == [30]
    [digest] = json.loads(bot("status", "--json").stdout)["digests"]
    assert [edition["state"] for edition in digest["editions"]] == ["done"] * 3


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, "the disk is full: make room"), (errno.EMFILE, "too many files are open: raise")],
)
@pytest.mark.parametrize("log", ["text", "json"])
def test_what_the_system_lacks_is_told_once(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, number: int, told: str, log: str
):
    """Not as a bug of ours with a traceback, and not again by the log and by the alerts."""
    bot.configure(DIGESTS__MORNING__TO="file:./out", LOG=log)

    def lacking(*_words: object, **_fields: object) -> object:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(pipeline, "compose", lacking)
    done = bot("run", "--at", AT)
    assert done.returncode == 1
    [line] = [line for line in done.stderr.splitlines() if "morning" in line]
    assert told in (json.loads(line)["message"] if log == "json" else line)
    assert "Traceback" not in done.stderr


def test_run_tells_of_a_bad_digest_and_makes_the_others(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """It ends with 1 and names the digest; a traceback stands in the log, not in what people are told."""
    bot.configure(DIGESTS__BAD__TO="file:./bad", DIGESTS__MORNING__TO="file:./out")
    make = pipeline.compose

    def broken(spec: DigestSpec, *args: object, **fields: object) -> object:
        if spec.name == "bad":
            raise ValueError("a bug")
        return make(spec, *args, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "compose", broken)
    done = bot("run", "--at", AT)
    assert (done.returncode, done.stdout.count("sent to")) == (1, 1)
    assert "digestbot: bad: internal error (ValueError), see the log" in done.stderr
    assert json.loads(bot("run", "--at", AT, "--json").stdout)[1]["error"].startswith("internal error")
