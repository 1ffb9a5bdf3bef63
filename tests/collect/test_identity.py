"""The keys by which an item is found again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digestbot.collect.identity import fingerprint, item_id, item_keys, without_shared

MAY = datetime(2026, 5, 26, 8, tzinfo=UTC)
LINK, OTHER, HOME = "https://harbour.example/1", "https://harbour.example/?p=1", "https://harbour.example/"
HASH = f"hash:{fingerprint('the ferry', MAY.isoformat())}"
UNDATED = f"hash:{fingerprint('the ferry', '')}"


@pytest.mark.parametrize(
    ("guid", "link", "published", "keys"),
    [
        ("4711", LINK, MAY, ["guid:4711", f"link:{LINK}", HASH]),
        ("4711", LINK, None, ["guid:4711", f"link:{LINK}"]),
        ("4711", "", None, ["guid:4711"]),
        ("", LINK, MAY, [f"link:{LINK}", HASH]),
        ("", LINK, None, [f"link:{LINK}"]),
        ("", "", MAY, [HASH]),
        ("", "", None, [UNDATED]),
        ("", HOME, None, [UNDATED]),
        (LINK, LINK, None, [f"link:{LINK}"]),
        (f"{LINK}?utm_source=rss", LINK, None, [f"link:{LINK}"]),
        (OTHER, LINK, None, [f"guid:{OTHER}", f"link:{LINK}", f"link:{OTHER}"]),
        (OTHER, "", None, [f"guid:{OTHER}", f"link:{OTHER}"]),
        (HOME, LINK, None, [f"guid:{HOME}", f"link:{LINK}"]),
        ("HTTP://Harbour.example/a", LINK, None, ["guid:http://harbour.example/a", f"link:{LINK}", "link:http://harbour.example/a"]),
        ("tag:harbour.example,2026:1", LINK, None, ["guid:tag:harbour.example,2026:1", f"link:{LINK}"]),
    ],
)  # fmt: skip
def test_every_key_of_an_item(guid: str, link: str, published: datetime | None, keys: list[str]) -> None:
    """Guid first, then link, then a guid that is another address, then title and date; shared addresses are none.

    Title and date are a key where there is a date, for a title alone may come again; without any other, the title is.
    """
    assert item_keys(guid, link, "The Ferry", published, shared=frozenset({"", HOME})) == keys


def test_a_key_of_several_items_is_no_key() -> None:
    """What two items of a document share identifies neither of them; what is left stays in its order."""
    shared = {1: ("guid:1", "link:x", "hash:1"), 2: ("link:x", "hash:2"), 3: ("link:x",)}
    assert without_shared(shared) == {1: ("guid:1", "hash:1"), 2: ("hash:2",), 3: ()}


def test_ids_are_those_of_every_release() -> None:
    """An id is stored and never changes: 20 digits made of the feed's name and the strongest key alone."""
    assert item_id("harbour", ["guid:1", "link:x"]) == item_id("harbour", ["guid:1"]) == "dabb8ca3db8406fd4a9c"
    assert item_id("harbour", ["guid:2"]) != item_id("harbour", ["guid:1"]) != item_id("quay", ["guid:1"])
    assert fingerprint("a", "b") != fingerprint("ab", "") != fingerprint("", "ab")
    assert fingerprint("\ud800") == fingerprint("?")
