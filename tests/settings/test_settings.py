"""Settings: what a file may say, and how a wrong one is told."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from digestbot.app.channels import delivery_problems
from digestbot.errors import ConfigError, ConfigErrors
from digestbot.model import Recipient
from digestbot.settings import Loaded, Settings, find_config, load
from digestbot.settings.envfile import read_env_file
from digestbot.settings.options import families
from digestbot.settings.secret_files import is_secret
from digestbot.settings.values import parse_days

FEED = "DIGESTBOT_FEEDS__LOCAL=./saved.xml\n"


def read(folder: Path, text: str, **environ: str) -> Loaded:
    path = folder / "config.env"
    path.write_text(text, encoding="utf-8")
    return load(path, environ, folder=folder)


def wrong(folder: Path, text: str, **environ: str) -> str:
    with pytest.raises(ConfigErrors) as caught:
        read(folder, text, **environ)
    return "\n".join(str(error) for error in caught.value.errors)


def test_values_are_taken_literally(tmp_path: Path):
    """Quotes, commas, brackets, hashes and dollars of a value need no escaping and are never read as JSON."""
    loaded = read(
        tmp_path,
        FEED
        + 'DIGESTBOT_TOPICS__CHIPS="Hua Hong", SMIC, chip*\n'
        + "DIGESTBOT_TOPICS__YEAR=2026\n"
        + "DIGESTBOT_DIGESTS__MORNING__TO=slack:#chips, slack:#markets   # two channels\n"
        + "DIGESTBOT_SMTP__PASSWORD='a ${HOME} # b'\n",
    )

    assert [str(topic) for topic in loaded.topics] == ['"Hua Hong", SMIC, chip*', "2026"]
    assert loaded.digests["morning"].to == (
        Recipient(channel="slack", address="#chips"),
        Recipient(channel="slack", address="#markets"),
    )
    assert loaded.settings.channels["smtp"].password.get_secret_value() == "a ${HOME} # b"


def test_a_whole_digest(tmp_path: Path):
    """Every kind of value arrives as its type."""
    digest = read(
        tmp_path,
        FEED
        + "DIGESTBOT_DIGESTS__MORNING__AT=7:05\n"
        + "DIGESTBOT_DIGESTS__MORNING__DAYS=mon-fri\n"
        + "DIGESTBOT_DIGESTS__MORNING__TIMEZONE=Asia/Hong_Kong\n"
        + "DIGESTBOT_DIGESTS__MORNING__WINDOW=7d\n"
        + "DIGESTBOT_DIGESTS__MORNING__TO=mailto:Desk@Example.COM, file:./out\n",
    ).digests["morning"]

    assert digest.at == (time(7, 5),)
    assert digest.days == frozenset(range(5))
    assert digest.timezone == "Asia/Hong_Kong"
    assert digest.window == timedelta(days=7)
    assert digest.to == (
        Recipient(channel="mailto", address="Desk@example.com"),
        Recipient(channel="file", address="./out"),
    )


def test_feeds_alone_make_a_daily_digest(tmp_path: Path):
    """Where no digest is set there is one named daily, so that feeds alone give a preview."""
    assert list(read(tmp_path, FEED).digests) == ["daily"]


def test_the_environment_wins_over_the_file(tmp_path: Path):
    """A variable of the process replaces the file's value."""
    loaded = read(tmp_path, FEED, DIGESTBOT_FEEDS__LOCAL="./other.xml")

    assert loaded.settings.feeds["local"].url == "./other.xml"


def test_foreign_keys_are_left_alone(tmp_path: Path):
    """A file shared with other programs is no error."""
    assert read(tmp_path, FEED + "TZ=Asia/Hong_Kong\n").settings.feeds


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "DIGESTBOT_DIGEST__MORNING__AT=07:30",
            "DIGESTBOT_DIGEST__MORNING__AT: is not a setting (did you mean DIGESTBOT_DIGESTS__MORNING__AT?)",
        ),
        (
            "DIGESTBOT_DIGESTS__MORNING__TIMZONE=UTC",
            "DIGESTBOT_DIGESTS__MORNING__TIMZONE: is not a setting (did you mean DIGESTBOT_DIGESTS__MORNING__TIMEZONE?)",
        ),
        (
            "DIGESTBOT_SMTP__CONNECTIONS=0",
            "DIGESTBOT_SMTP__CONNECTIONS: is too small (write 1 or more)",
        ),
        (
            "DIGESTBOT_SMTP__CONNECTIONS=1000",
            "DIGESTBOT_SMTP__CONNECTIONS: is too large (write 32 or less)",
        ),
        (
            "DIGESTBOT_SLACK__TOKEN__X=a",
            (
                "DIGESTBOT_SLACK__TOKEN__X: has 3 levels where 2 are meant "
                "(a double underscore divides levels: use a single one inside a name)"
            ),
        ),
        (
            "DIGESTBOT_DIGESTS__MORNING__TIMEZONE=Asia/HongKong",
            "DIGESTBOT_DIGESTS__MORNING__TIMEZONE: is not a time zone (did you mean Asia/Hong_Kong?)",
        ),
        (
            "DIGESTBOT_DIGESTS__MORNING__AT=25:00",
            ("DIGESTBOT_DIGESTS__MORNING__AT: is not a time of day (write HH:MM on the 24-hour clock, as in 07:30)"),
        ),
        (
            "DIGESTBOT_DIGESTS__MORNING__DAYS=1-5",
            "DIGESTBOT_DIGESTS__MORNING__DAYS: is not a weekday (write names: mon-fri, sat)",
        ),
        (
            "DIGESTBOT_DIGESTS__MORNING__TO=desk@example.com",
            "DIGESTBOT_DIGESTS__MORNING__TO: is not a recipient (write mailto: before the address)",
        ),
        (
            "DIGESTBOT_DIGESTS__MORNING__TO=mailto:desk",
            "DIGESTBOT_DIGESTS__MORNING__TO: is not an email address (write mailto:name@example.com)",
        ),
        (
            "DIGESTBOT_DIGESTS__MORNING__TOPICS=chip",
            "DIGESTBOT_DIGESTS__MORNING__TOPICS: is not the name of a topic (add DIGESTBOT_TOPICS__NAME=...)",
        ),
        (
            "DIGESTBOT_DIGESTS__MORNING__MODE=loud",
            "DIGESTBOT_DIGESTS__MORNING__MODE: is not one of its values (write standard, compact or thread)",
        ),
        (
            'DIGESTBOT_TOPICS__CHIPS=gold, "Hua Hong',
            "DIGESTBOT_TOPICS__CHIPS: the quotation mark at column 7 is not closed (add the closing quotation mark)",
        ),
        (
            "DIGESTBOT_SUMMARISER=lexrnk",
            "DIGESTBOT_SUMMARISER: is not a summariser (did you mean lexrank?)",
        ),
        (
            "DIGESTBOT_FEEDS__X=ftp://example.com/feed",
            "DIGESTBOT_FEEDS__X: is not an address that can be read (write https://... or a path)",
        ),
        (
            "DIGESTBOT_PAGES__LOCAL=./page.txt",
            "DIGESTBOT_PAGES__LOCAL: a feed has the same name (give one of them another)",
        ),
        (
            "DIGESTBOT_SMTP=mail.example.com",
            "DIGESTBOT_SMTP: is a group of settings, not one (write DIGESTBOT_SMTP__HOST)",
        ),
    ],
)
def test_a_wrong_setting_is_one_clear_line(tmp_path: Path, line: str, message: str):
    """What is wrong names its key and the mend."""
    assert wrong(tmp_path, FEED + line + "\n") == message


def test_everything_wrong_is_said_at_once_in_the_order_of_the_file(tmp_path: Path):
    """Three mistakes give three lines, each with its place."""
    path = tmp_path / "config.env"
    path.write_text("DIGESTBOT_FEED=x\nDIGESTBOT_DIGESTS__M__AT=7\n# fine\nDIGESTBOT_FETCH__INTERVAL=fast\n")

    with pytest.raises(ConfigErrors) as caught:
        load(path, {}, folder=tmp_path)

    assert [error.line for error in caught.value.errors] == [1, 2, 4]


def test_a_secret_is_in_no_repr_and_no_error(tmp_path: Path):
    """Tokens and passwords stay out of everything that may be printed."""
    text = FEED + "DIGESTBOT_SLACK__TOKEN=xoxb-very-secret\nDIGESTBOT_SMTP__PASSWORD=very-secret\n"
    loaded = read(tmp_path, text + "DIGESTBOT_DATABASE_URL=postgresql+psycopg://u:very-secret@db/x\n")

    assert "very-secret" not in repr(loaded)
    assert "very-secret" in "".join(loaded.secrets)
    assert "very-secret" not in wrong(tmp_path, text + "DIGESTBOT_SLACK__TIMEOUT=soon\n")


def test_a_secret_may_lie_in_a_file(tmp_path: Path):
    """NAME_FILE names a file beside the configuration whose trimmed text is the secret."""
    (tmp_path / "token").write_text("xoxb-from-file\n")
    loaded = read(tmp_path, FEED + "DIGESTBOT_SLACK__TOKEN_FILE=token\n")

    assert loaded.settings.channels["slack"].token.get_secret_value() == "xoxb-from-file"
    assert "DIGESTBOT_SMTP__PASSWORD_FILE: cannot be read" in wrong(
        tmp_path, FEED + "DIGESTBOT_SMTP__PASSWORD_FILE=nowhere\n"
    )


def test_a_service_reads_the_secrets_that_systemd_hands_it(tmp_path: Path):
    """LoadCredential=secrets:FOLDER gives `secrets_slack` for `secrets/slack`; what it has not is read where it lies."""
    handed = tmp_path / "credentials"
    handed.mkdir()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "slack").write_text("xoxb-beside\n")
    (tmp_path / "secrets" / "mail").write_text("own\n")
    (handed / "secrets_slack").write_text("xoxb-handed\n")
    text = FEED + "DIGESTBOT_SLACK__TOKEN_FILE=secrets/slack\nDIGESTBOT_SMTP__PASSWORD_FILE=secrets/mail\n"
    assert {"xoxb-handed", "own"} <= set(read(tmp_path, text, CREDENTIALS_DIRECTORY=str(handed)).secrets)
    assert {"xoxb-beside", "own"} <= set(read(tmp_path, text).secrets)
    absolute = FEED + f"DIGESTBOT_SLACK__TOKEN_FILE={tmp_path / 'secrets' / 'slack'}\n"
    assert "xoxb-beside" in read(tmp_path, absolute, CREDENTIALS_DIRECTORY=str(handed)).secrets


@pytest.mark.parametrize(
    ("key", "group", "field"),
    [
        ("SLACK__TOKEN", "slack", "token"),
        ("SMTP__PASSWORD", "smtp", "password"),
        ("SMTP__DKIM_KEY", "smtp", "dkim_key"),
    ],
)
def test_a_secret_given_directly_wins_over_its_file(tmp_path: Path, key: str, group: str, field: str):
    """So a run can try another secret from the environment; the file is not even read."""
    loaded = read(tmp_path, FEED + f"DIGESTBOT_{key}_FILE=nowhere\n", **{f"DIGESTBOT_{key}": "direct"})

    assert getattr(loaded.settings.channels[group], field).get_secret_value() == "direct"
    assert loaded.secrets == ("direct",)


def test_a_webhook_given_directly_wins_over_its_file(tmp_path: Path):
    """The same in a family whose names are the owner's."""
    address = "https://hooks.slack.example/services/a"
    lines = f"DIGESTBOT_SLACK_WEBHOOKS__DESK={address}\nDIGESTBOT_SLACK_WEBHOOKS__DESK_FILE=nowhere\n"

    assert read(tmp_path, FEED + lines).secrets == (address,)


def test_a_secret_from_a_file_is_checked_like_any_other(tmp_path: Path):
    """A webhook's address in the file of the token: the key, the file, what is wrong, and not the secret."""
    (tmp_path / "token").write_text("https://hooks.slack.example/services/very-secret\n")
    said = wrong(tmp_path, FEED + "DIGESTBOT_SLACK__TOKEN_FILE=token\n")

    assert said.startswith("DIGESTBOT_SLACK__TOKEN_FILE: the text of the file is a web address, not a token")
    assert "very-secret" not in said


def test_every_secret_may_lie_in_a_file():
    """Each field of type SecretStr, whoever brings it, has its NAME_FILE beside it."""
    groups = [info.annotation for info in Settings.model_fields.values()]
    models: list[Any] = [Settings, *families(Settings).values(), *(kind for kind in groups if isinstance(kind, type))]
    fields = [(one, name) for one in models if issubclass(one, BaseModel) for name in one.model_fields]
    secret = [(one, name) for one, name in fields if is_secret(one.model_fields[name].annotation)]

    assert len(secret) >= 6
    assert not [(one, name) for one, name in secret if f"{name}_file" not in one.model_fields]


def test_what_a_delivery_needs_is_named(tmp_path: Path):
    """A digest to Slack and email without their accounts names each missing setting."""
    loaded = read(tmp_path, FEED + "DIGESTBOT_DIGESTS__M__TO=slack:#a, mailto:a@b.example\n")

    keys = [error.key for error in delivery_problems(loaded, loaded.digests)]

    assert keys == ["DIGESTBOT_SMTP__HOST", "DIGESTBOT_SMTP__FROM", "DIGESTBOT_SLACK__TOKEN"]


def test_a_password_is_not_sent_in_the_clear(tmp_path: Path):
    """SECURITY=none with a user name is refused, except on this machine."""
    text = FEED + "DIGESTBOT_SMTP__SECURITY=none\nDIGESTBOT_SMTP__USERNAME=u\nDIGESTBOT_SMTP__HOST="

    assert "would send the password in the clear" in wrong(tmp_path, text + "mail.example.com\n")
    assert read(tmp_path, text + "127.0.0.1\n").settings.channels["smtp"].effective_port == 25


def test_config_env_comes_before_dot_env(tmp_path: Path):
    """config.env is found first; a .env that speaks of something else is not ours."""
    (tmp_path / ".env").write_text("OTHER=1\n")
    assert find_config(tmp_path) is None

    (tmp_path / ".env").write_text("DIGESTBOT_OPML=a.opml\n")
    assert find_config(tmp_path) == tmp_path / ".env"

    (tmp_path / "config.env").write_text("")
    assert find_config(tmp_path) == tmp_path / "config.env"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("just words\n", "config.env: is not a setting"),
        ("DIGESTBOT_OPML=a\nDIGESTBOT_OPML=b\n", "DIGESTBOT_OPML: is set twice in config.env .lines 1 and 2."),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_not_a_configuration(tmp_path: Path, text: str | None, reason: str):
    """A missing file, a line that is no setting and a doubled key are told, with the place."""
    path = tmp_path / "config.env"
    if text is not None:
        path.write_text(text)

    with pytest.raises(ConfigError, match=reason):
        load(path, {}, folder=tmp_path)


def test_weekdays_may_wrap_and_be_listed():
    """Ranges run over the weekend; lists and full names are fine."""
    assert parse_days("sat-mon") == {5, 6, 0}
    assert parse_days("Tuesday, fri") == {1, 4}
    assert parse_days("daily") == frozenset(range(7))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40))
def test_no_value_of_a_line_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, value: str):
    """Whatever stands after the equals sign is one value."""
    path = tmp_path_factory.mktemp("env") / "config.env"
    path.write_text(f"KEY={value}\nNEXT=1\n", encoding="utf-8")

    assert read_env_file(path).values["NEXT"] == "1"


def test_the_links_of_a_page_belong_to_a_page_and_are_a_selector(tmp_path: Path):
    """A selector without its page, and one that is none, are named with the line to write instead."""
    text = "DIGESTBOT_PAGES__A=https://a.example/\nDIGESTBOT_PAGE_LINKS__A=h2 a\nDIGESTBOT_PAGE_LINKS__B=h2[\n"
    (tmp_path / "config.env").write_text(text)
    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path / "config.env", {}, folder=tmp_path)
    assert "is not a CSS selector" in str(caught.value)
    (tmp_path / "config.env").write_text(text.replace("h2[", "h3 a"))
    with pytest.raises(ConfigErrors, match="add DIGESTBOT_PAGES__B="):
        load(tmp_path / "config.env", {}, folder=tmp_path)
