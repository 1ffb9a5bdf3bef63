"""`digestbot check`: every wrong configuration has its message, and everything a run needs is tried."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from bot import Bot
from newsroom import AT, MORNING_NEWS, rss
from servers.slack import SlackServer
from servers.smtp import SmtpServer
from servers.web import WebServer

from digestbot.operations.check import Finding, check
from digestbot.operations.logs import LoggedProgress
from digestbot.settings import CHANNELS, load

FEED = "DIGESTBOT_FEEDS__NEWS=saved.xml\n"
MORNING = "DIGESTBOT_DIGESTS__MORNING__"
SECRET = "hunter2-is-secret"
WRONG = {
    "unknown_setting": FEED + "DIGESTBOT_SUMARISER=lead\n",
    "unknown_family": FEED + "DIGESTBOT_DIGEST__MORNING__AT=07:30\n",
    "setting_of_a_digest": FEED + "DIGESTBOT_TO=file:./out\n",
    "one_underscore": FEED + "DIGESTBOT_TOPIC_CHIPS=chip*\nDIGESTBOT_SMTP_HOST=mail.example.com\n",
    "unknown_of_a_digest": FEED + f"{MORNING}TIMZONE=UTC\n",
    "unknown_of_a_topic": FEED + "DIGESTBOT_TOPICS__GOLD=gold\nDIGESTBOT_TOPICS__GOLD__WIEGHT=2\n",
    "unknown_of_a_group": FEED + "DIGESTBOT_SMTP__SERVER=mail.example.com\n",
    "too_many_levels": FEED + "DIGESTBOT_SLACK__TOKEN__X=a\n",
    "family_without_a_name": "DIGESTBOT_FEEDS=https://www.example.com/feed.xml\n",
    "empty_name": FEED + "DIGESTBOT_FEEDS__=https://www.example.com/feed.xml\n",
    "not_a_line": FEED + "just words\n",
    "said_twice": FEED + "DIGESTBOT_OPML=a.opml\nDIGESTBOT_OPML=b.opml\n",
    "nothing_to_read": f"{MORNING}AT=07:30\n",
    "missing_opml": "DIGESTBOT_OPML=nowhere.opml\n",
    "feed_of_another_scheme": "DIGESTBOT_FEEDS__NEWS=ftp://example.com/feed\n",
    "page_named_like_a_feed": FEED + "DIGESTBOT_PAGES__NEWS=page.txt\n",
    "zone": FEED + f"{MORNING}TIMEZONE=Asia/HongKong\n",
    "time": FEED + f"{MORNING}AT=half past 7\n",
    "days": FEED + f"{MORNING}DAYS=mon-fry\n",
    "no_day_left": FEED + f"{MORNING}DAYS=sat, sun\n{MORNING}WEEKEND=carry\n",
    "recipient_without_channel": FEED + f"{MORNING}TO=desk@example.com\n",
    "recipient_of_unknown_channel": FEED + f"{MORNING}TO=mail:desk@example.com\n",
    "window": FEED + f"{MORNING}WINDOW=one day\n",
    "number": FEED + f"{MORNING}MAX_STORIES=a dozen\n",
    "choice": FEED + f"{MORNING}WHEN_EMPTY=silence\n",
    "language": FEED + f"{MORNING}LANGUAGE=german\n",
    "unknown_topic": FEED + f"DIGESTBOT_TOPICS__MARKETS=gold\n{MORNING}TOPICS=market\n",
    "unknown_source": FEED + f"{MORNING}SOURCES=new\n",
    "source_weight": FEED + f"{MORNING}SOURCE_WEIGHTS=news 2\n",
    "kind": FEED + f"{MORNING}KINDS=news, opinoin\n",
    "house": FEED + "DIGESTBOT_HOUSES__BBC=bbc.co.uk, https://bbc.com/news\n",
    "mute_until_no_day": FEED + f"{MORNING}MUTE=World Cup until summer\n",
    "topic_without_words": FEED + "DIGESTBOT_TOPICS__GOLD__WEIGHT=2\n",
    "topics_of_one_title": FEED + "DIGESTBOT_TOPICS__A=gold\nDIGESTBOT_TOPICS__B=oil\nDIGESTBOT_TOPICS__B__TITLE=A\n",
    "open_quotation": FEED + 'DIGESTBOT_TOPICS__GOLD=gold, "Hua Hong\n',
    "look_around": FEED + "DIGESTBOT_TOPICS__GOLD=/gold(?! medal)/\n",
    "field_misspelt": FEED + "DIGESTBOT_TOPICS__GOLD=titel:gold\n",
    "webhook_for_a_token": FEED + f"DIGESTBOT_SLACK__TOKEN=https://hooks.slack.example/{SECRET}\n",
    "webhook_for_a_recipient": FEED + f"{MORNING}TO=https://hooks.slack.example/{SECRET}\n",
    "webhook_address_for_its_name": FEED + f"{MORNING}TO=slack-webhook:https://hooks.slack.example/{SECRET}\n",
    "webhook_for_a_channel": FEED + f"{MORNING}TO=slack:hooks.slack.example/services/{SECRET}\n",
    "webhook_in_the_clear": FEED + f"DIGESTBOT_SLACK_WEBHOOKS__DESK=http://hooks.slack.example/services/{SECRET}\n",
    "webhook_without_a_path": FEED + "DIGESTBOT_SLACK_WEBHOOKS__DESK=https://hooks.slack.example\n",
    "webhook_is_a_token": FEED + f"DIGESTBOT_SLACK_WEBHOOKS__DESK=xoxb-{SECRET}\n{MORNING}TO=slack-webhook:desk\n",
    "webhook_name": FEED + f"{MORNING}TO=slack-webhook:the-desk\n",
    "missing_webhook_file": FEED + f"DIGESTBOT_SLACK_WEBHOOKS__DESK_FILE=nowhere\n{MORNING}TO=slack-webhook:desk\n",
    "webhook_file_of_something_else": FEED
    + f"DIGESTBOT_SLACK_WEBHOOKS__DESK_FILE=saved.xml\n{MORNING}TO=slack-webhook:desk\n",
    "webhook_for_a_file": FEED + f"DIGESTBOT_SLACK_WEBHOOKS__DESK_FILE=https://hooks.slack.example/services/{SECRET}\n",
    "token_for_a_file": FEED + f"DIGESTBOT_SLACK__TOKEN_FILE=xoxb-{SECRET}\n",
    "password_in_the_clear": FEED
    + f"DIGESTBOT_SMTP__HOST=mail.example.com\nDIGESTBOT_SMTP__SECURITY=none\nDIGESTBOT_SMTP__USERNAME=u\nDIGESTBOT_SMTP__PASSWORD={SECRET}\n",
    "missing_secret_file": FEED + "DIGESTBOT_SMTP__PASSWORD_FILE=nowhere\n",
    "sender": FEED + "DIGESTBOT_SMTP__FROM=the desk\n",
    "network": FEED + "DIGESTBOT_FETCH__ALLOW_PRIVATE=localhost\n",
    "database": FEED + f"DIGESTBOT_DATABASE_URL=mysql://bot:{SECRET}@db.example.com/news\n",
    "renamed_settings": FEED
    + f"{MORNING}QUIET=line\n{MORNING}CATCH_UP=6h\nDIGESTBOT_SLACK__ON_AMBIGUOUS=hold\nDIGESTBOT_SMTP__ON_AMBIGUOUS=hold\n"
    + f"DIGESTBOT_WEBHOOKS__DESK=https://hooks.slack.example/services/{SECRET}\nDIGESTBOT_WEBHOOKS__OPS_FILE=ops\n"
    + f"{MORNING}TO=file:./out, webhook:desk, webhook:ops\nDIGESTBOT_ALERTS__TO=webhook:ops\n",
    "renamed_recipient_with_an_address": FEED + f"{MORNING}TO=webhook:https://hooks.slack.example/{SECRET}\n",
    "everything_at_once": "DIGESTBOT_FEED=x\nwords\nDIGESTBOT_TOPICS__GOLD=-gold\n"
    f"{MORNING}AT=7\n{MORNING}TOPICS=gold, oil\nDIGESTBOT_SUMMARISER=lexrnk\nDIGESTBOT_SLACK__TIMEOUT={SECRET[:0]}soon\n",
}

# Read without an error, and good enough for a preview; but nothing could be delivered.
UNDELIVERABLE = {
    "no_recipients": FEED + f"{MORNING}AT=07:30\n",
    "unknown_webhook": FEED
    + f"DIGESTBOT_SLACK_WEBHOOKS__DESK=https://hooks.slack.example/services/{SECRET}\n{MORNING}TO=slack-webhook:dsk\n",
    "no_webhook": FEED + f"{MORNING}TO=file:./out\nDIGESTBOT_ALERTS__TO=slack-webhook:ops\n",
    "no_accounts": FEED + f"{MORNING}TO=slack:#chips, mailto:a@example.com\nDIGESTBOT_SMTP__USERNAME=u\n",
}


def found(folder: Path, text: str) -> list[Finding]:
    (folder / "config.env").write_text(text, encoding="utf-8")
    (folder / "saved.xml").write_text('<rss version="2.0"><channel><title>News</title></channel></rss>')
    return list(
        check(lambda: load(Path("config.env"), {}, folder=folder), lambda _loaded: folder / "data", LoggedProgress())
    )


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_configuration_has_its_message(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Callable[[str, str], None]
):
    """Key, line, reason and mend, exactly; nothing else is tried, and no secret is shown."""
    monkeypatch.chdir(tmp_path)
    findings = found(tmp_path, WRONG[name])
    said = "".join(f"{finding}\n" for finding in findings).replace(str(tmp_path), "FOLDER")

    assert all(finding.configuration and finding.fix for finding in findings)
    assert SECRET not in said
    golden(f"config/{name}.txt", said)


@pytest.mark.parametrize("name", UNDELIVERABLE)
def test_what_delivery_lacks_has_its_message(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Callable[[str, str], None]
):
    """Key, line, reason and what to write; the rest is tried all the same, and no secret is shown."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("digestbot.operations.check.channels", lambda *_args, **_options: {})  # asks nobody
    findings = found(tmp_path, UNDELIVERABLE[name])
    errors = [finding for finding in findings if finding.level == "error"]

    assert all(finding.configuration and finding.fix for finding in errors)
    assert by_key(findings)["feeds"].level == "ok"
    assert SECRET not in "".join(map(str, findings))
    said = "".join(f"{finding}\n" for finding in errors)
    golden(f"config/{name}.txt", said.replace(CHANNELS.examples, "EXAMPLES"))  # every channel has one


def test_there_are_thirty_wrong_configurations():
    """The golden files stay many."""
    assert len(WRONG) >= 30


@pytest.mark.parametrize("name", ["everything_at_once", "database"])
def test_the_command_line_says_the_same(name: str, tmp_path: Path):
    """check ends with 2 and shows no traceback; --json gives the parts of every line."""
    bot = Bot(tmp_path)
    (tmp_path / "config.env").write_text(WRONG[name], encoding="utf-8")
    (tmp_path / "saved.xml").write_text("<rss/>")
    said, told = bot("check"), bot("check", "--json")

    assert (said.returncode, told.returncode) == (2, 2)
    assert "Traceback" not in said.stdout + said.stderr
    assert SECRET not in said.stdout + said.stderr + told.stdout
    rows = json.loads(told.stdout)
    assert {"level", "key", "reason", "fix", "line", "live"} <= rows[0].keys()
    assert all(row["key"] in said.stdout for row in rows)


def by_key(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.key: finding for finding in findings}


def test_live_findings_are_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What was asked of feeds and servers is told apart from what the file says, with the line it hangs on."""
    monkeypatch.chdir(tmp_path)
    with SmtpServer() as smtp:
        text = (
            FEED
            + "DIGESTBOT_FEEDS__GONE=nowhere.xml\n"
            + f"DIGESTBOT_SMTP__HOST=127.0.0.1\nDIGESTBOT_SMTP__PORT={smtp.port}\n"
        )
        text += f"DIGESTBOT_SMTP__SECURITY=none\nDIGESTBOT_SMTP__FROM=digest@desk.example\n{MORNING}TO=mailto:a@desk.example\n"
        findings = by_key(found(tmp_path, text))

    assert findings["feeds"].live
    assert findings["mailto"].live
    assert (findings["DIGESTBOT_FEEDS__GONE"].level, findings["DIGESTBOT_FEEDS__GONE"].line) == ("warning", 2)
    assert str(findings["DIGESTBOT_FEEDS__GONE"]).endswith("[live]")
    assert not findings["configuration"].live


def test_webhooks_are_not_posted_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The host is asked whether it answers; more shows only by posting, and that is said. Nor is its address shown."""
    monkeypatch.chdir(tmp_path)
    with SlackServer() as slack:
        text = FEED + f"DIGESTBOT_SLACK_WEBHOOKS__DESK={slack.webhook}\n{MORNING}TO=slack-webhook:desk\n"
        findings = found(tmp_path, text)
        assert slack.calls == []
    answers = by_key(findings)["slack-webhook"]
    assert (answers.level, answers.live) == ("ok", True)
    assert "nothing was posted" in answers.reason
    assert "others on this machine may read its secrets" in by_key(findings)["config.env"].reason
    assert by_key(found(tmp_path, text))["DIGESTBOT_SLACK_WEBHOOKS"].level == "error"
    assert SlackServer.hook not in "".join(map(str, findings))


def test_mail_records_are_told_and_not_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A digest by email gets the SPF, DKIM and DMARC records to set, in one hint; a server on this machine gets none."""
    monkeypatch.chdir(tmp_path)
    sender = f"DIGESTBOT_SMTP__FROM=Desk <digest@desk.example>\n{MORNING}TO=mailto:a@desk.example\n"
    with SmtpServer() as smtp:
        own = f"DIGESTBOT_SMTP__HOST=127.0.0.1\nDIGESTBOT_SMTP__PORT={smtp.port}\nDIGESTBOT_SMTP__SECURITY=none\n"
        assert not [one for one in found(tmp_path, FEED + own + sender) if "SPF" in str(one)]
    other = found(tmp_path, f"{FEED}DIGESTBOT_SMTP__HOST=mail.invalid\nDIGESTBOT_SMTP__TIMEOUT=1s\n{sender}")
    [hint] = [one for one in other if "SPF" in str(one)]

    assert hint.level == "hint"
    assert '_dmarc.desk.example TXT "v=DMARC1; p=none"' in hint.fix


def test_a_server_that_wants_a_login_is_found_before_the_morning(tmp_path: Path):
    """check goes as far as the recipient, where the server says so; nothing is sent, nothing is left half begun."""
    bot = Bot(tmp_path)
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    with SmtpServer() as smtp:
        bot.configure(
            FEEDS__NEWS="saved.xml",
            DIGESTS__MORNING__TO="mailto:a@desk.example, mailto:b@desk.example",
            SMTP__HOST="127.0.0.1",
            SMTP__PORT=str(smtp.port),
            SMTP__SECURITY="none",
            SMTP__FROM="digest@desk.example",
        )
        smtp.fail("RCPT", "530 5.7.0 Authentication required")
        done = bot("check")
        assert done.returncode == 1
        assert "wants a login first" in done.stdout.replace("\n", " ")
        assert bot("check").returncode == 0
        assert smtp.messages == []


def test_each_folder_is_tried_and_not_the_one_of_the_configuration(tmp_path: Path):
    """A file where a folder is wanted, also far above it; a home; what is not there yet can be made."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    (tmp_path / "hostname").write_text("a file")
    bot = Bot(tmp_path)
    bot.configure(FEEDS__NEWS="saved.xml", DIGESTS__MORNING__TO="file:~/digests, file:./new/deep")
    assert bot("check").returncode == 0
    bot.configure(DIGESTS__MORNING__TO="file:./out, file:./hostname/x/y")
    done = bot("check")
    assert done.returncode == 1
    assert f"{tmp_path}/hostname is a file, not a folder" in done.stdout.replace("\n", " ")
    assert "files can be written" not in done.stdout
    assert not (tmp_path / "out").exists()


def test_what_the_environment_overrides_and_the_zone_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Both make a digest another one than the file says, without a word until now."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    bot = Bot(tmp_path)
    bot.configure(FEEDS__NEWS="saved.xml", DIGESTS__MORNING__TO="file:./out", DIGESTS__MORNING__WORDS="50")
    monkeypatch.setenv("DIGESTBOT_DIGESTS__MORNING__WORDS", "60")
    said = bot("check").stdout.replace("\n", " ")
    assert "DIGESTBOT_DIGESTS__MORNING__WORDS (line 3): the environment sets it to something else" in said
    assert "DIGESTBOT_DIGESTS__MORNING__TIMEZONE: no TIMEZONE is set" in said
    monkeypatch.setenv("DIGESTBOT_DIGESTS__MORNING__WORDS", "50")
    bot.configure(DIGESTS__MORNING__TIMEZONE="utc")
    said = bot("check").stdout
    assert "environment sets" not in said
    assert "TIMEZONE" not in said


def test_advice_on_what_works_but_was_hardly_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A mute that is over, a topic no digest reads, a file of secrets that others may read."""
    monkeypatch.chdir(tmp_path)
    text = FEED + "DIGESTBOT_TOPICS__GOLD=gold\nDIGESTBOT_TOPICS__OIL=oil\nDIGESTBOT_SMTP__PASSWORD=x\n"
    text += f"{MORNING}TOPICS=gold\n{MORNING}MUTE=World Cup until 2020-07-20\n{MORNING}TO=file:./out\n"
    own = FEED.partition("=")[0] + "__MUTE"
    text += f"{own}=regatta until 2020-07-20, tugs\n"
    warnings = {finding.key: finding.line for finding in found(tmp_path, text) if finding.level == "warning"}

    assert warnings == {
        "DIGESTBOT_TOPICS__OIL": 3,
        f"{MORNING}MUTE": 6,
        own: 8,
        "config.env": None,
        "DIGESTBOT_SMTP__PASSWORD": 4,
    }


def test_one_feed_under_two_names_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With the line of the second one, though its address is spelled in another way; another feed is another."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.xml").write_text(MORNING_NEWS, encoding="utf-8")
    text = "DIGESTBOT_FEEDS__A=saved.xml\nDIGESTBOT_FEEDS__B=./saved.xml\nDIGESTBOT_FEEDS__C=other.xml\n"
    told = [finding for finding in found(tmp_path, f"{text}{MORNING}TO=file:./out\n") if finding.level == "warning"]
    assert [(one.key, one.line, one.reason) for one in told] == [("DIGESTBOT_FEEDS__B", 2, "has the same address as a")]


def test_two_addresses_are_one_feed_where_an_import_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Neither TLS nor a port that goes without saying makes two of one; a parameter does, whatever it is called."""
    monkeypatch.chdir(tmp_path)
    host = "127.0.0.1/rss"  # never asked: the address is private
    urls = [
        f"http://{host}?feedname=world",
        f"http://{host}?feedname=sport",
        "https://127.0.0.1:443/rss?feedname=sport#top",
    ]
    text = "".join(f"DIGESTBOT_FEEDS__F{number}={url}\n" for number, url in enumerate(urls))
    told = [one for one in found(tmp_path, f"{text}{MORNING}TO=file:./out\n") if "same address" in one.reason]
    assert [(one.key, one.reason) for one in told] == [("DIGESTBOT_FEEDS__F2", "has the same address as f1")]


def test_the_shipped_example_is_checked_untouched(tmp_path: Path):
    """With a feed's address put in, the example passes; as it is, only its feed cannot be read."""
    bot = Bot(tmp_path)
    assert bot("init").returncode == 0
    config = tmp_path / "config.env"
    (tmp_path / "saved.xml").write_text('<rss version="2.0"><channel><title>News</title></channel></rss>')
    config.write_text(config.read_text().replace("https://www.example.com/feed.xml", "saved.xml"))

    done = bot("check")

    assert done.returncode == 0, done.stdout
    assert "1 of 1 can be read" in done.stdout


def test_templates_that_are_not_there_are_an_error(tmp_path: Path):
    """A missing folder is no wish for the built-in templates: `check`, `run` and `preview` say so, with its line."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    bot = Bot(tmp_path)
    bot.configure(FEEDS__HARBOUR="./saved.xml", TEMPLATES="./mine", DIGESTS__MORNING__TO="file:./out")
    for words in (("check",), ("run", "--at", AT), ("preview",)):
        done = bot(*words)
        assert done.returncode == 2, words
        assert "DIGESTBOT_TEMPLATES (line 2)" in (done.stdout + done.stderr)
        assert "there is no folder" in (done.stdout + done.stderr).replace("\n", " ")


def test_what_the_topics_match_and_when_editions_come_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of the last week's items; one that matches nothing is a warning, and the next three editions stand with their zone."""
    monkeypatch.chdir(tmp_path)
    now = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    (tmp_path / "fresh.xml").write_text(rss(("Gold rises in Geneva", "", now), ("Rain in Bern", "", now)))
    text = "DIGESTBOT_FEEDS__NEWS=fresh.xml\nDIGESTBOT_TOPICS__GOLD=gold\nDIGESTBOT_TOPICS__CHIPS=foundry\n"
    told = {
        one.key: one for one in found(tmp_path, f"{text}{MORNING}TO=file:./out\n{MORNING}TIMEZONE=Asia/Hong_Kong\n")
    }
    gold, chips, at = (told[f"DIGESTBOT_{key}"] for key in ("TOPICS__GOLD", "TOPICS__CHIPS", "DIGESTS__MORNING__AT"))
    assert (gold.level, gold.reason) == ("ok", "matches 1 of 2 items of the last 7 days")
    assert (chips.level, chips.reason, chips.line) == ("warning", "no item in 7 days", 3)
    assert at.reason.startswith("next editions, in Asia/Hong_Kong: ")
    assert at.reason.count("07:30") == 3


def test_feeds_that_went_silent_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A feed that answers and has brought nothing for a month has usually moved."""
    monkeypatch.chdir(tmp_path)
    old = rss(("Gold rises", "", "Mon, 05 Jan 2015 07:00:00 +0000"))
    (tmp_path / "saved.xml").write_text(old)  # a file is what it is
    with WebServer() as web:
        web.serve("/feed", old.encode())
        text = f"{FEED}DIGESTBOT_FEEDS__GAZETTE={web.url('/feed')}\nDIGESTBOT_FETCH__ALLOW_PRIVATE=127.0.0.0/8\n"
        findings = found(tmp_path, f"{text}{MORNING}TO=file:./out\n")
    assert "nothing new for 30 days: gazette" in [one.reason for one in findings if one.level == "warning"]


def test_the_mailbox_of_returned_mails_is_opened_and_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A Maildir with how many are unread; one that is none is an error, with what to do."""
    monkeypatch.chdir(tmp_path)
    text = (
        FEED + f"{MORNING}TO=file:./out\nDIGESTBOT_SMTP__BOUNCES=bounces@desk.example\nDIGESTBOT_BOUNCES__MAILDIR=box\n"
    )
    missing = by_key(found(tmp_path, text))["returned mails"]
    assert (missing.level, missing.live) == ("error", True)
    assert "DIGESTBOT_BOUNCES__MAILDIR" in missing.reason
    for part in ("new", "cur"):
        (tmp_path / "box" / part).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.a").write_text("Subject: x\n\n")
    assert by_key(found(tmp_path, text))["returned mails"].reason == "the Maildir can be read, with 1 unread"
    assert (tmp_path / "box" / "new" / "1.a").exists()
