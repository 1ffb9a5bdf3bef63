"""The page behind the link in every mail of a list: what a reader gets, a pause, another address, the way out and back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from running_site import NOON, RunningSite, link_in, running

from digestbot.model import Consent, Frequency, Reader, Subscriber, Subscription, SubscriptionState
from digestbot.subscribers.admission import admit
from digestbot.subscribers.tokens import TimedDeed, timed_token, unsubscribe_token
from digestbot.web.preferences import hidden

ANN = "ann.baker@example.com"


@pytest.fixture
def page(live_site: RunningSite) -> str:
    """Ann's page of the briefing."""
    return enrolled(live_site)


def enrolled(site: RunningSite, address: str = ANN, name: str = "briefing") -> str:
    wanted = Subscription(
        list=name, state=SubscriptionState.ACTIVE, since=NOON - timedelta(days=9), consent=Consent.FORM, consented=NOON
    )
    site.store.subscribers.enrol([(Subscriber(address=address, key=address), wanted)], admit)
    return f"/u/{name}/{unsubscribe_token(site.context.keys, reader(site, address).subscriber.id, name)}"


def reader(site: RunningSite, address: str = ANN) -> Reader:
    found = site.store.subscribers.find(address)
    assert found is not None
    return found


def one(site: RunningSite, name: str = "briefing", address: str = ANN) -> Subscription:
    found = reader(site, address).of(name)
    assert found is not None
    return found


def test_one_click_of_a_mail_program_unsubscribes(live_site: RunningSite, page: str):
    """RFC 8058: a POST with that one field and no cookie, as a form of either kind; done twice it is done."""
    for kind, body in (
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
        ),
    ):
        assert live_site.ask("POST", page, body, Content_Type=kind).status == 200
        assert one(live_site).state is SubscriptionState.UNSUBSCRIBED


def test_whoever_was_unsubscribed_is_told_and_can_take_it_back(live_site: RunningSite, page: str):
    """A mail that was forwarded has the reader's own link: they learn of it, once, and come back by two clicks."""
    live_site.post(page, {"List-Unsubscribe": "One-Click"})
    live_site.post(page, {"List-Unsubscribe": "One-Click"})
    [(to, mail)] = live_site.mails()
    assert to == ANN
    assert "You have left" in mail["Subject"]
    link = link_in(mail)

    assert live_site.get(link).status == 200
    assert one(live_site).state is SubscriptionState.UNSUBSCRIBED
    live_site.later(days=2)
    assert live_site.post(link).status == 200
    assert one(live_site).state is SubscriptionState.ACTIVE


def test_the_way_back_ends_with_the_next_time_they_leave(live_site: RunningSite, page: str):
    """A link that was made for one unsubscription undoes no later one."""
    live_site.post(page, {"do": "leave"})
    link = live_site.link_mailed()
    live_site.post(link)
    live_site.later(hours=1)
    live_site.post(page, {"do": "leave"})
    assert live_site.post(link).status == 410
    assert one(live_site).state is SubscriptionState.UNSUBSCRIBED


def test_leaving_by_the_page_offers_the_way_back_at_once(live_site: RunningSite, page: str):
    """One question, one button, and a page with the undoing of it."""
    left = live_site.post(page, {"do": "leave"})
    assert "You are unsubscribed" in left.body
    [back] = [link for link in left.links() if link.startswith("/undo/")]
    assert "subscribed again" in live_site.post(back).body
    assert one(live_site).state is SubscriptionState.ACTIVE


def test_every_page_speaks_the_language_that_its_reader_chose(live_site: RunningSite, page: str):
    """Also after they have left, and those of the links in mails, whatever the browser would rather have."""
    live_site.post(page, {"do": "save", "language": "de"})
    left = live_site.post(page, {"do": "leave"})
    [back] = [link for link in left.links() if link.startswith("/undo/")]
    answers = [left, live_site.get(page), live_site.get(back), live_site.post(back)]
    live_site.mails()
    live_site.post(page, {"do": "move", "address": "other@example.com"})
    move = live_site.link_mailed()
    answers += [live_site.get(move), live_site.post(move)]
    assert [answer.headers["Content-Language"] for answer in answers] == ["de"] * 6


def test_following_every_link_changes_nothing(live_site: RunningSite, page: str):
    """Mail scanners and prefetching browsers get what they ask for: no GET changes a row, or sends a mail."""
    live_site.post("/subscribe", {"list": "ports", "address": "bob@example.com"})
    pending = live_site.link_mailed()
    name = "briefing"
    number = reader(live_site).subscriber.id
    undo = timed_token(live_site.context.keys, TimedDeed.UNDO, number, name, now=NOON)
    before = reader(live_site), reader(live_site, "bob@example.com")
    waiting, seen = [page, pending, f"/undo/{name}/{undo}", "/subscribe", "/"], set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += live_site.get(path).links()
            for query in ("?List-Unsubscribe=One-Click", "?do=leave"):
                live_site.get(path.partition("?")[0] + query)
    assert len(seen) >= 6
    assert (reader(live_site), reader(live_site, "bob@example.com")) == before
    assert live_site.mails() == []


def test_what_a_reader_chooses_is_kept_and_shown(live_site: RunningSite, page: str):
    """How often, which topics, in which form and language; the page shows it ticked the next time."""
    chosen = [("do", "save"), ("frequency", "daily"), ("topic", "chips"), ("plain", "yes"), ("language", "de")]
    saved = live_site.post(page, chosen)
    kept = one(live_site)
    person = reader(live_site).subscriber
    assert (kept.frequency, kept.topics, person.plain, person.language) == (Frequency.DAILY, ("chips",), True, "de")
    assert 'lang="de"' in saved.body
    assert 'value="daily" checked' in saved.body
    assert 'value="ports" checked' not in saved.body


@pytest.mark.parametrize(
    "odd",
    [
        [("frequency", "hourly"), ("topic", "nonsense"), ("language", "tlh"), ("list", "staff"), ("list", "no")],
        [("frequency", ""), ("language", "../../etc/passwd")],
        [("topic", "chips"), ("topic", "nonsense")],
        [("list", "staff")],
        [],
    ],
)
def test_choices_that_nobody_was_offered_count_for_nothing(
    live_site: RunningSite, page: str, odd: list[tuple[str, str]]
):
    """A form sent by hand changes only what the page offers; a page that was open too long is told so, not "Saved"."""
    answer = live_site.post(page, [("do", "save"), *odd])
    assert (answer.status, "Nothing was saved" in answer.body, "Saved." in answer.body) == (
        (400, True, False) if odd else (200, False, True)
    )
    kept = one(live_site)
    assert (kept.frequency, kept.topics, reader(live_site).subscriber.language) == (Frequency.EACH, (), "")
    assert reader(live_site).of("staff") is None


def test_all_topics_ticked_are_all_topics_to_come(live_site: RunningSite, page: str):
    """Whoever has everything ticked gets a topic that is added later, too; and so who has none ticked."""
    for ticked in ([("topic", "chips"), ("topic", "ports")], []):
        live_site.post(page, [("do", "save"), *ticked])
        assert one(live_site).topics == ()


def test_another_public_list_is_a_tick(live_site: RunningSite, page: str):
    """Whose address is proven needs no second mail; the same tick taken away leaves the list."""
    live_site.post(page, [("do", "save"), ("list", "ports")])
    joined = one(live_site, "ports")
    assert (joined.state, joined.consent) == (SubscriptionState.ACTIVE, Consent.FORM)
    live_site.later(hours=1)
    live_site.post(page, [("do", "save")])
    assert one(live_site, "ports").state is SubscriptionState.UNSUBSCRIBED
    live_site.later(hours=1)
    live_site.post(page, [("do", "save"), ("list", "ports")])
    assert one(live_site, "ports").state is SubscriptionState.ACTIVE


def test_a_list_that_is_not_public_shows_to_its_readers_alone(live_site: RunningSite, page: str):
    """Who is in it can leave it here; nobody else learns of it."""
    assert "Staff" not in live_site.get(page).body
    enrolled(live_site, name="staff")
    assert "Staff" in live_site.get(page).body


def test_a_pause_ends_by_itself_or_before(live_site: RunningSite, page: str):
    """For so many weeks nothing comes; a button ends it."""
    assert "Paused" in live_site.post(page, {"do": "pause", "weeks": "2"}).body
    kept = one(live_site)
    assert (kept.state, kept.until) == (SubscriptionState.PAUSED, NOON + timedelta(weeks=2))
    assert "June 10, 2026" in live_site.get(page, Accept_Language="en").body
    live_site.post(page, {"do": "resume"})
    assert one(live_site).state is SubscriptionState.ACTIVE
    assert "Nothing was saved" in live_site.post(page, {"do": "pause", "weeks": "5000"}).body
    assert one(live_site).state is SubscriptionState.ACTIVE


def test_another_address_is_agreed_to_by_both(live_site: RunningSite, page: str):
    """First the old one, then the new one; only then it changes, and old links go on working."""
    live_site.post(page, {"do": "move", "address": "ann@new.example"})
    [(to, mail)] = live_site.mails()
    assert to == ANN
    old = link_in(mail)
    assert "ann@new.example" not in old
    assert live_site.get(old).status == 200
    live_site.post(old)
    [(to, mail)] = live_site.mails()
    assert to == "ann@new.example"
    new = link_in(mail)
    assert one(live_site).state is SubscriptionState.ACTIVE
    assert "was changed" in live_site.post(new).body
    assert reader(live_site, "ann@new.example").subscriber.key == "ann@new.example"
    assert live_site.store.subscribers.find(ANN) is None
    assert live_site.get(page).status == 200
    assert live_site.mails() == []


@pytest.mark.parametrize("other", ["bob@example.com", "gone@example.com"])
def test_no_address_is_taken_from_somebody_else(live_site: RunningSite, page: str, other: str):
    """One that reads here already, and one that nothing may be sent to, stay as they are."""
    enrolled(live_site, "bob@example.com")
    live_site.store.suppressions.suppress("gone@example.com", "it bounced", now=NOON)
    live_site.post(page, {"do": "move", "address": other})
    live_site.post(live_site.link_mailed())
    answer = live_site.post(live_site.link_mailed())
    assert (answer.status, "was not changed" in answer.body) == (409, True)
    assert reader(live_site).subscriber.address == ANN


def test_a_link_about_one_address_moves_to_no_other(live_site: RunningSite, page: str):
    """The address stands in the link, and the token was made for it."""
    live_site.post(page, {"do": "move", "address": "ann@new.example"})
    link = live_site.link_mailed()
    other = link.rpartition("/")[0] + "/" + "ZXZpbEBleGFtcGxlLmNvbQ"
    assert live_site.post(other).status == 404
    assert live_site.post(link.replace("/move/", "/moved/")).status == 404
    assert live_site.mails() == []


def test_nobody_can_be_asked_about_addresses_again_and_again(live_site: RunningSite, page: str):
    """Whoever has a forwarded mail cannot flood its reader."""
    for number in range(10):
        live_site.post(page, {"do": "move", "address": f"x{number}@example.com"})
    assert len(live_site.mails()) == 3


@pytest.mark.parametrize(
    "path", ["/u/briefing/1.AAAAAAAAAAAAAAAAAAAAAA", "/u/nolist/1.AAAAAAAAAAAAAAAAAAAAAA", "/u/briefing/x"]
)
def test_a_forged_link_shows_and_changes_nothing(live_site: RunningSite, page: str, path: str):
    """Whoever it names, there or not: the same answer."""
    bodies = {live_site.get(path).body, live_site.post(path, {"do": "leave"}).body, live_site.get(page + "x").body}
    assert len(bodies) == 1
    assert "This link is not right" in bodies.pop()
    assert one(live_site).state is SubscriptionState.ACTIVE


def test_an_old_key_opens_until_it_is_taken_out(tmp_path: Path):
    """Links in old mails work beside a new key; after the old one is gone they are no longer ours."""
    old, new = "o" * 32, "n" * 32
    with running(tmp_path, WEB__KEY=old) as site:
        path = enrolled(site)
        assert site.get(path).status == 200
    with running(tmp_path, WEB__KEY=f"{new} {old}") as site:
        assert site.get(path).status == 200
    with running(tmp_path, WEB__KEY=f"{new} {'x' * 32}") as site:
        assert site.get(path).status == 404


def test_a_reader_who_was_forgotten_has_no_page(live_site: RunningSite, page: str):
    """Nothing is left that their link could show."""
    live_site.store.subscribers.forget(ANN, now=NOON)
    assert live_site.get(page).status == 404
    assert live_site.post(page, {"List-Unsubscribe": "One-Click"}).status == 404


def test_the_page_hides_most_of_the_address(live_site: RunningSite, page: str):
    """The link may have been forwarded: its reader knows the address again, and nobody learns it."""
    assert "a…r@example.com" in live_site.get(page).body
    assert "ann.baker" not in live_site.get(page).body
    assert [hidden(f"{local}@x.example") for local in ("a", "ab", "abcd")] == [
        "a@x.example",
        "a…@x.example",
        "a…d@x.example",
    ]


def test_no_token_is_in_the_log(live_site: RunningSite, page: str, caplog: pytest.LogCaptureFixture):
    """The log names the kind of page, not the link."""
    with caplog.at_level("INFO"):
        live_site.get(page)
        live_site.post(page, {"do": "leave"})
        live_site.mails()
    token = page.rpartition("/")[2]
    assert "GET /u/{list}/{token} 200" in caplog.text
    assert token not in caplog.text
    assert ANN not in caplog.text


def test_a_link_about_an_address_ends_with_the_first_move(live_site: RunningSite, page: str):
    """Whoever keeps an old mailbox, or an old mail, moves nobody by its links afterwards."""
    for other in ("one@example.com", "two@example.com"):
        live_site.post(page, {"do": "move", "address": other})
    first, second = (link_in(mail) for _, mail in live_site.mails())
    live_site.post(first)
    moved = live_site.link_mailed()
    assert live_site.post(moved).status == 200
    for link in (second, moved, first):
        assert live_site.post(link).status == 404
    assert live_site.mails() == []
    assert reader(live_site, "one@example.com").subscriber.address == "one@example.com"


def test_a_forwarded_link_floods_nobody(live_site: RunningSite, page: str):
    """Leaving and taking it back again and again sends two mails a day."""
    for _ in range(6):
        left = live_site.post(page, {"do": "leave"})
        live_site.later(seconds=2)
        [back] = [link for link in left.links() if link.startswith("/undo/")]
        live_site.post(back)
        live_site.later(seconds=2)
    assert len(live_site.mails()) == 2


def test_what_is_not_mailed_is_not_promised(live_site: RunningSite, page: str):
    """Whoever asked too often is told so: they would wait for nothing."""
    for number in range(3):
        live_site.post(page, {"do": "move", "address": f"x{number}@example.com"})
    again = live_site.post(page, {"do": "move", "address": "y@example.com"})
    assert (again.status, "on its way" in again.body, "try again later" in again.body) == (429, False, True)


def test_a_list_that_is_no_longer_named_can_still_be_left(tmp_path: Path):
    """The links in its mails work, whatever became of the configuration."""
    key = "k" * 32
    with running(tmp_path, WEB__KEY=key) as site:
        path = enrolled(site)
    renamed = {"LISTS__BRIEFING__TITLE": "", "LISTS__BRIEFING__PUBLIC": "", "LISTS__BRIEFING__WEEKLY": ""}
    with running(tmp_path, WEB__KEY=key, DIGESTS__MORNING__TO="list:ports", **renamed) as site:
        assert "briefing" not in site.loaded.settings.lists
        assert site.get(path).status == 200
        assert site.post(path, {"List-Unsubscribe": "One-Click"}).status == 200
        assert one(site).state is SubscriptionState.UNSUBSCRIBED
