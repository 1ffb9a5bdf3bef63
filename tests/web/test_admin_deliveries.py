"""Who has an edition, at the admin pages, and what an operator says about deliveries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from admin_site import Browser, words
from archived import digest, entry
from running_site import NOON, RunningSite, running

from digestbot.model import Delivery, DeliveryState, Edition, Recipient
from digestbot.render import as_json

STATES = {
    "ann": DeliveryState.SENT,
    "bob": DeliveryState.FAILED,
    "cat": DeliveryState.UNKNOWN,
    "dan": DeliveryState.PENDING,
}
HERE = "/admin/deliveries"


def delivery(name: str) -> Delivery:
    to = Recipient(channel="mailto", address=f"{name}@example.com")
    return Delivery(
        key=f"key-{name}", digest="morning", edition=NOON.date(), recipient=to, part=0, payload=b"frozen", deadline=None
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    with running(tmp_path) as made:
        of = digest(entry("Chips", "It was said."))
        edition = made.store.editions.claim(Edition(digest=of.name, date=of.edition, since=of.since, until=of.until))
        made.store.editions.publish(edition, as_json(of), [delivery(name) for name in STATES], used=())
        for row in made.store.outbox.all(digest=edition.digest):
            state = STATES[row.recipient.address.split("@")[0]]
            if state is not DeliveryState.PENDING:
                claimed = made.store.outbox.claim(row, now=NOON)
                assert claimed is not None
                made.store.outbox.record_outcome(claimed, state, error="" if state is DeliveryState.SENT else "550 no")
        yield made


@pytest.fixture
def browser(site: RunningSite) -> Browser:
    return Browser(site)


def states(site: RunningSite) -> dict[str, str]:
    return {row.recipient.address.split("@")[0]: str(row.state) for row in site.store.outbox.all(digest="morning")}


def test_the_newest_edition_is_shown_with_its_counts(browser: Browser):
    """Each recipient, its state, and why."""
    page = words(browser.get(HERE))
    assert "1 pending, 1 sent, 1 failed, 1 unknown" in page
    assert "550 no" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=failed", {"bob"}),
        ("to=cat@example.com", {"cat"}),
        ("to=mailto:cat@example.com&state=sent", set()),
        ("edition=2026-05-27", set(STATES)),
        ("edition=2026-05-26", set()),
        ("edition=all", set(STATES)),
        ("digest=nothing", set(STATES)),
        ("state=nonsense", set(STATES)),
    ],
)
def test_filters_choose(browser: Browser, query: str, shown: set[str]):
    """By state, recipient and edition; what is no digest and no state chooses nothing."""
    page = browser.get(f"{HERE}?{query}").body
    assert {name for name in STATES if f">mailto:{name}@example.com<" in page} == shown


@pytest.mark.parametrize(
    ("query", "buttons"),
    [
        ("", {"resend", "sent", "failed", "cancel"}),
        ("?state=sent", set()),
        ("?state=pending", {"cancel"}),
        ("?state=failed", {"resend"}),
    ],
)
def test_only_what_can_be_said_has_a_button(browser: Browser, query: str, buttons: set[str]):
    """Of deliveries that arrived nothing can be ticked, and nothing said."""
    page = browser.get(HERE + query).body
    assert set(re.findall(r'name="do" value="(\w+)"', page)) == buttons
    assert page.count('name="key"') == (0 if not buttons else 3 if not query else 1)


def test_no_date_is_told(browser: Browser):
    """In words, not by a traceback."""
    answer = browser.get(f"{HERE}?edition=tomorow")
    assert (answer.status, "tomorow" in answer.body, "--date" in answer.body) == (400, True, False)


@pytest.mark.parametrize(
    ("do", "becomes"),
    [
        ("resend", {"bob": "pending", "cat": "pending"}),
        ("sent", {"cat": "sent"}),
        ("failed", {"cat": "failed"}),
        ("cancel", {"dan": "cancelled"}),
        ("nonsense", {}),
    ],
)
@pytest.mark.parametrize("which", [[("key", f"key-{name}") for name in STATES], [("all", "yes")]])
def test_a_word_changes_what_it_is_for(
    browser: Browser, do: str, becomes: dict[str, str], which: list[tuple[str, str]]
):
    """Ticked or chosen by the filter: only what is in a state that the word is for; how many, and by whom, stands in the log."""
    before = states(browser.site)
    answer = browser.send(HERE, [("digest", "morning"), ("do", do), *which])
    assert answer.status == 303
    assert states(browser.site) == before | becomes
    log = browser.site.store.changes.page()
    assert len(log) == (1 if becomes else 0)
    if becomes:
        assert f"{len(becomes)} deliver" in log[0].subject
        assert "@" not in log[0].subject + log[0].detail


def test_only_what_is_ticked_changes(browser: Browser):
    """And of another digest's keys nothing but what they name."""
    browser.send(HERE, [("digest", "morning"), ("do", "resend"), ("key", "key-bob"), ("key", "nobody's")])
    assert states(browser.site) == {name: str(state) for name, state in STATES.items()} | {"bob": "pending"}
