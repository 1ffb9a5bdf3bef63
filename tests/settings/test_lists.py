"""Lists in the configuration: how they are written, named as recipients, and what is said of a slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from digestbot.app.channels import delivery_problems
from digestbot.errors import ConfigErrors
from digestbot.model import Recipient
from digestbot.settings import Loaded, load, split_lists

FEED = "DIGESTBOT_FEEDS__NEWS=https://news.example/feed\n"
LIST = FEED + "DIGESTBOT_LISTS__BRIEFING__TITLE=Morning briefing\n"
TO = "DIGESTBOT_DIGESTS__MORNING__TO="


def read(folder: Path, text: str) -> Loaded:
    path = folder / "config.env"
    path.write_text(text, encoding="utf-8")
    return load(path, {}, folder=folder)


def wrong(folder: Path, text: str) -> str:
    with pytest.raises(ConfigErrors) as caught:
        read(folder, text)
    return "\n".join(one.sentence for one in caught.value.errors)


def test_a_whole_list(tmp_path: Path):
    """Every setting arrives as its type; a list with one setting is a list."""
    lists = read(
        tmp_path,
        LIST
        + "DIGESTBOT_LISTS__BRIEFING__PUBLIC=yes\n"
        + "DIGESTBOT_LISTS__BRIEFING__FROM=Briefing <briefing@bücher.example>\n"
        + "DIGESTBOT_LISTS__BRIEFING__REPLY_TO=desk@example.com\n"
        + "DIGESTBOT_LISTS__BRIEFING__WEEKLY=Saturday\n"
        + "DIGESTBOT_LISTS__INNER__PUBLIC=no\n",
    ).settings.lists
    briefing = lists["briefing"]
    assert (briefing.title, briefing.public, briefing.weekly) == ("Morning briefing", True, "sat")
    assert briefing.sender == "Briefing <briefing@bücher.example>"
    assert briefing.reply_to == "desk@example.com"
    assert lists["inner"].weekly is None


def test_lists_stand_beside_channels_in_to(tmp_path: Path):
    """In any case and order; they can be told apart."""
    to = read(tmp_path, f"{LIST}{TO}LIST:Briefing, file:./out\n").digests["morning"].to
    assert to == (Recipient(channel="list", address="briefing"), Recipient(channel="file", address="./out"))
    assert split_lists(to) == (to[1:], ("briefing",))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (f"{TO}list:briefin\n", "MORNING__TO (line 3): is not the name of a list; did you mean list:briefing?"),
        (f"{TO}file:./out, list:xyz\n", "value 2 of 2 is not the name of a list; add DIGESTBOT_LISTS__NAME__TITLE=..."),
        (f"{TO}list:\n", "is not the name of a list; write list:briefing"),
        (f"{TO}list:two words\n", "is not the name of a list"),
        (f"{TO}file:./out list:briefing\n", "no comma between two recipients"),
        (f"{TO}lists:briefing\n", "did you mean list:?"),
        ("DIGESTBOT_ALERTS__TO=list:briefing\n", "ALERTS__TO (line 3): names a list of readers"),
        ("DIGESTBOT_LISTS__BRIEFING__WEEKLY=mon-fri\n", "more than one day; write one weekday"),
        ("DIGESTBOT_LISTS__BRIEFING__WEEKLY=someday\n", "is not a weekday"),
        ("DIGESTBOT_LISTS__BRIEFING__FROM=the desk\n", "is no mailbox: the address has no @"),
        ("DIGESTBOT_LISTS__BRIEFING__REPLY_TO=desk@localhost\n", "is no mailbox"),
        ("DIGESTBOT_LISTS__BRIEFING__TITEL=x\n", "did you mean DIGESTBOT_LISTS__BRIEFING__TITLE?"),
        ("DIGESTBOT_LISTS__BRIEFING=Morning\n", "needs a name"),
        ("DIGESTBOT_WEB__KEY=hunter2\n", "WEB__KEY (line 3): is too short to be safe"),
        (f"DIGESTBOT_WEB__KEY={'a' * 32} {'b' * 32} {'c' * 32}\n", "holds more than two keys"),
        (f"DIGESTBOT_WEB__KEY={'a' * 32} {'b' * 31}\n", "is too short to be safe"),
    ],
)
def test_a_slip_is_told_with_what_to_write(tmp_path: Path, lines: str, message: str):
    """Which setting, what is wrong, what was meant; never a secret."""
    said = wrong(tmp_path, LIST + lines)
    assert message in said
    assert "hunter2" not in said


def test_a_key_may_lie_in_a_file(tmp_path: Path):
    """With the one before it on a line of its own."""
    (tmp_path / "key").write_text(f"{'a' * 44}\n{'b' * 44}\n", encoding="utf-8")
    key = read(tmp_path, f"{LIST}DIGESTBOT_WEB__KEY_FILE=key\n").settings.web.key
    assert key is not None
    assert key.get_secret_value().split() == ["a" * 44, "b" * 44]


def test_a_digest_to_a_list_needs_a_mail_server(tmp_path: Path):
    """Else its edition would go to nobody, and nobody would be told."""
    loaded = read(tmp_path, f"{LIST}{TO}list:briefing\n")
    problems = delivery_problems(loaded, loaded.digests)
    assert any(problem.key.startswith("DIGESTBOT_SMTP__") for problem in problems)
    mail = "DIGESTBOT_SMTP__HOST=mail.example.com\nDIGESTBOT_SMTP__FROM=desk@example.com\n"
    named = read(tmp_path, f"{LIST}{TO}list:briefing\n{mail}")
    assert delivery_problems(named, named.digests) == ()
