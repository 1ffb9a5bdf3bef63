"""Who may read which edition on the site, and the address that a mail gives of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from digestbot.app.reading import opens_edition, page_addresses, public_digests
from digestbot.app.token_keys import token_keys
from digestbot.app.wiring import edition_context
from digestbot.model import EditionDate
from digestbot.operations.logs import LoggedProgress
from digestbot.settings import Loaded, load
from digestbot.store import Stores, open_store

DAY = date(2026, 5, 27)
SITE = "https://digest.example/news"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Stores]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def configured(url: str = SITE, **settings: str) -> Loaded:
    given = {
        "FEEDS__PAPER": "./paper.xml",
        "TOPICS__CHIPS": "chip*",
        "DIGESTS__DESK__TO": "file:./out",
        "DIGESTS__OPEN__TO": "file:./out",
        "DIGESTS__OPEN__PUBLIC": "yes",
        "DIGESTS__TOWN__TO": "list:town, file:./out",
        "DIGESTS__STAFF__TO": "list:staff",
        "LISTS__TOWN__PUBLIC": "yes",
        "LISTS__STAFF__TITLE": "Staff",
        "WEB__URL": url,
        **settings,
    }
    return load(None, {f"DIGESTBOT_{name}": value for name, value in given.items() if value}, folder=Path())


def test_what_everybody_may_read(store: Stores):
    """What says so, and what goes to a list that everybody may join."""
    loaded = configured()
    assert public_digests(loaded) == ("open", "town")
    where = page_addresses(loaded, store)
    assert where("open", DAY) == f"{SITE}/d/open/2026-05-27"
    assert where("town", EditionDate.of(DAY, time(18))) == f"{SITE}/d/town/2026-05-27T1800"


def test_a_lists_weekly_edition_is_public_where_all_that_it_tells_is(store: Stores):
    """It is made of every digest that the list receives: of one that is not for everybody, too."""
    given = {"DIGESTS__OPEN__TO": "list:staff", "DIGESTS__STAFF__TO": "", "LISTS__STAFF__WEEKLY": "sat"}
    assert "staff_weekly" in public_digests(configured(**given))
    given["DIGESTS__DESK__TO"] = "list:staff"
    assert "staff_weekly" not in public_digests(configured(**given))


def test_a_private_edition_has_a_key_of_its_own(store: Stores):
    """The same whenever it is made; it opens no other edition or digest, nor does a part of it."""
    loaded = configured()
    where, keys = page_addresses(loaded, store), token_keys(loaded, store)
    [key] = parse_qs(urlsplit(where("desk", DAY)).query)["key"]
    assert where("desk", DAY) == page_addresses(loaded, store)("desk", DAY) == f"{SITE}/d/desk/2026-05-27?key={key}"
    assert opens_edition(key, keys, "desk", DAY)
    others = [("staff", DAY), ("desk", date(2026, 5, 26)), ("desk", EditionDate.of(DAY, time(0)))]
    assert not any(opens_edition(key, keys, name, day) for name, day in others)
    assert not any(
        opens_edition(word, keys, "desk", DAY) for word in ("", key[:-1], f"{key}x", key.swapcase(), "\udc80")
    )


def test_the_key_outlives_one_change_of_the_sites_key(store: Stores):
    """A link of yesterday opens its edition tomorrow; not after the second change."""
    first, second = "a" * 44, "b" * 44
    word = page_addresses(configured(WEB__KEY=first), store)("desk", DAY).partition("key=")[2]
    for key, opens in ((f"{second} {first}", True), (second, False)):
        keys = token_keys(configured(WEB__KEY=key), store)
        assert opens_edition(word, keys, "desk", DAY) is opens


def test_without_a_site_there_is_no_address(store: Stores):
    """Nor for what is no digest, such as a test's."""
    assert page_addresses(configured(url=""), store)("open", DAY) == ""
    assert page_addresses(configured(), store)("open-test", DAY) == ""


def test_an_edition_is_made_with_its_address(store: Stores):
    """What a run hands to whoever renders it."""
    context = edition_context(configured(), store, LoggedProgress(), sending=False)
    assert context.page_of("open", DAY) == f"{SITE}/d/open/2026-05-27"
