"""A secret in the wrong line is repeated nowhere: not in the error about it, nor by any command that reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from bot import Bot
from newsroom import AT, MORNING_NEWS
from reference import settings

from digestbot.app.channels import delivery_problems
from digestbot.app.feeds import configured_feeds
from digestbot.errors import ConfigErrors, StoreError
from digestbot.settings import load
from digestbot.store.database import database_address

SECRET = "hunter2-S3cret"
# As it is; as a search term; as the password of an address; among others.
FORMS = (
    SECRET,
    f"{SECRET}: {SECRET}*x",
    f"/({SECRET}/",
    f"https://reader:{SECRET}@127.0.0.1:9/feed",
    f"mon, slack:{SECRET} x, mailto:{SECRET}, slack-webhook:{SECRET}!",
    f"slack-webhook:{SECRET.replace('-', '_')}",
)
# The names of the owner's own; a digest must be one with recipients.
NAMES = {"DIGESTS": "MORNING", "PAGES": "LEAF", "PAGE_LINKS": "LEAF"}
BASE = {
    "FEEDS__NEWS": "./saved.xml",
    "PAGES__LEAF": "./page.html",
    "TOPICS__CHIPS": "foundry",
    "DIGESTS__MORNING__TO": "file:./out",
    "DIGESTS__MORNING__TIMEZONE": "UTC",
    # Nobody listens there: a secret in a message about the connection would show.
    "SMTP__HOST": "127.0.0.1",
    "SMTP__PORT": "9",
    "SMTP__FROM": "news@example.com",
    "SMTP__SECURITY": "none",
    "SLACK__API_URL": "http://127.0.0.1:9/api/",
    "NTFY__URL": "http://127.0.0.1:9",
}
# These show what stands in them by their nature: recipients, titles, places and names of the owner.
SHOWN = ("__TO", "__TITLE", "TEMPLATES", "__HOST", "__FROM", "__USERNAME", "OPML", "DATA", "DATABASE_URL")


def key_of(name: str) -> str:
    return re.sub(r"(?<=__)NAME(?=$|_)", NAMES.get(name.partition("__")[0], "DESK"), name)


KEYS = [key_of(one.name) for one in settings()]


@dataclass(frozen=True)
class Place:
    """A setting with a secret in it, in one form."""

    key: str
    value: str


def places(*forms: str) -> list[Place]:
    return [Place(key, value) for key in KEYS for value in forms]


def refused(settings: Mapping[str, str], folder: Path) -> str | None:
    """What is said about them by anything that reads the configuration; None where they are taken."""
    given = {f"DIGESTBOT_{key}": value for key, value in (BASE | settings).items()}
    try:
        loaded = load(None, given, folder=folder)
        configured_feeds(loaded)
        if problems := delivery_problems(loaded, loaded.digests):
            raise ConfigErrors(problems)  # noqa: TRY301
    except ConfigErrors as errors:
        return "\n".join(str(part) for error in errors.errors for part in (error, error.sentence, repr(error)))
    return None


def test_no_error_repeats_what_stands_in_its_setting(tmp_path: Path) -> None:
    """Every setting there is, with a secret in every form: the error names the setting, and never the value."""
    said = {
        place: text for place in places(*FORMS) if (text := refused({place.key: place.value}, tmp_path)) is not None
    }
    assert len(said) > 4 * len(KEYS), "most settings refuse most forms"
    secrets = {SECRET.casefold(), SECRET.replace("-", "_").casefold()}
    shown = {place: text for place, text in said.items() if any(secret in text.casefold() for secret in secrets)}
    assert not shown


@pytest.mark.parametrize(
    "form", [SECRET, f"https://reader:{SECRET}@127.0.0.1:9/feed", f"https://reader:a/{SECRET}@127.0.0.1/"]
)
def test_what_is_taken_is_shown_by_no_command(tmp_path: Path, form: str) -> None:
    """check, status, feeds list and run, with every setting at once that takes a secret for a value."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    chosen: dict[str, str] = {}
    for key in KEYS:
        is_path = key.startswith(("FEEDS", "PAGES")) and "@" not in form  # shown by its nature
        if not is_path and not key.endswith(SHOWN) and refused(chosen | {key: form}, tmp_path) is None:
            chosen[key] = form
    assert len(chosen) > 6, "some take anything"
    bot = Bot(tmp_path)
    bot.configure(**BASE | chosen)
    commands = (("check",), ("status", "--json"), ("feeds", "list"), ("run", "--at", AT, "--max-wait", "0"))
    done = {words: bot(*words) for words in commands}
    assert 2 not in {each.returncode for each in done.values()}, done
    assert not [line for each in done.values() for line in (each.stdout + each.stderr).splitlines() if SECRET in line]


@pytest.mark.parametrize(
    "url", [f"postgresql+{SECRET}://u@db/news", f"{SECRET}://db/news", f"mysql+{SECRET}://u:p@db/x"]
)
def test_a_databases_driver_is_not_repeated(tmp_path: Path, url: str) -> None:
    """What stands before the :// may be a password that slipped."""
    with pytest.raises(StoreError) as caught:
        database_address(tmp_path, url)
    assert SECRET not in str(caught.value)


def test_a_name_made_from_an_address_holds_no_login(tmp_path: Path) -> None:
    """A feed that is added, or listed in OPML, without a title is named after the rest of its address."""
    bot = Bot(tmp_path)
    outline = f'<outline type="rss" xmlUrl="https://reader:{SECRET}@127.0.0.1:9/listed"/>'
    (tmp_path / "s.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>', encoding="utf-8")
    bot.configure(OPML="s.opml", DIGESTS__MORNING__TO="file:./out")
    added = bot("feeds", "add", f"https://reader:{SECRET}@127.0.0.1:9/added", "--untried")
    assert added.returncode == 0
    said = added.stdout + bot("feeds", "list", "--json").stdout + bot("status").stdout
    assert "listed" in said
    assert "hunter2" not in said.casefold()


def test_status_and_the_list_mask_the_password_of_a_feed(tmp_path: Path) -> None:
    """The address can still be told from others."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__DESK=f"https://reader:{SECRET}@127.0.0.1:9/feed", DIGESTS__MORNING__TO="file:./out")
    for words in (("status", "--json"), ("feeds", "list"), ("feeds", "list", "--json")):
        said = bot(*words).stdout
        assert SECRET not in said
        assert words[0] == "status" or "https://***@127.0.0.1:9/feed" in said
