"""How a stranger becomes a reader: by two of their own clicks, and by nothing that a program does for them."""

from __future__ import annotations

import math
import random
import statistics
import time
from bisect import bisect_left
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from running_site import NOON, RunningSite, link_in, running

from digestbot.model import Consent, Subscriber, Subscription, SubscriptionState
from digestbot.subscribers.admission import admit
from digestbot.subscribers.tokens import TimedDeed, timed_token
from digestbot.web.limits import PER_ADDRESS, PER_NETWORK, PER_SITE

ANN = "ann@example.com"


def state_of(site: RunningSite, address: str = ANN, name: str = "briefing") -> SubscriptionState | None:
    reader = site.store.subscribers.find(address)
    one = reader.of(name) if reader else None
    return one.state if one else None


def enrol(site: RunningSite, address: str, state: SubscriptionState, name: str = "briefing") -> int:
    wanted = Subscription(list=name, state=state, since=NOON, consent=Consent.OPERATOR, consented=NOON)
    site.store.subscribers.enrol([(Subscriber(address=address, key=address), wanted)], admit)
    reader = site.store.subscribers.find(address)
    assert reader is not None
    return reader.subscriber.id


def ask(site: RunningSite, address: str = ANN, name: str = "briefing", **headers: str):
    return site.post("/subscribe", {"list": name, "address": address}, **headers)


def test_two_clicks_make_a_reader(live_site: RunningSite):
    """The form, the mail, its page, its button: pending until the last of them, and by their own hand then."""
    assert ask(live_site).status == 200
    link = live_site.link_mailed()
    assert state_of(live_site) is SubscriptionState.PENDING

    live_site.later(hours=1)
    assert live_site.get(link).status == 200
    assert state_of(live_site) is SubscriptionState.PENDING

    done = live_site.post(link)
    reader = live_site.store.subscribers.find(ANN)
    assert (done.status, "You are subscribed" in done.body) == (200, True)
    assert reader is not None
    one = reader.of("briefing")
    assert one is not None
    assert (one.state, one.consent, one.consented) == (
        SubscriptionState.ACTIVE,
        Consent.FORM,
        NOON + timedelta(hours=1),
    )


def test_only_public_lists_can_be_asked_for(live_site: RunningSite):
    """The form shows no other, and sending its name by hand helps nobody."""
    form = live_site.get("/subscribe")
    assert "Morning briefing" in form.body
    assert "Staff" not in form.body

    assert ask(live_site, name="staff").status == 400
    assert live_site.mails() == []
    assert live_site.store.subscribers.find(ANN) is None


def test_without_a_public_list_there_is_no_form(tmp_path: Path):
    """It is not said that there are lists."""
    with running(tmp_path, LISTS__BRIEFING__PUBLIC="no", LISTS__PORTS__PUBLIC="no") as site:
        assert site.get("/subscribe").status == site.get("/nowhere").status == 404
        assert ask(site).status == 404


@pytest.mark.parametrize("address", ["", "ann", "ann@", "ann@example.com\r\nBcc: bob@example.com", "<script>@x"])
def test_what_is_no_address_is_told(live_site: RunningSite, address: str):
    """Nothing is sent, nothing is kept, and nothing of what was typed stands in the page."""
    answer = ask(live_site, address)
    assert (answer.status, "no email address" in answer.body) == (400, True)
    assert "<script>@" not in answer.body
    assert live_site.mails() == []


def test_no_text_of_a_stranger_reaches_a_mail(live_site: RunningSite):
    """Whatever fields a form sends beside the address and the list, the mail is the same."""
    live_site.post(
        "/subscribe", {"list": "briefing", "address": ANN, "name": "Buy at http://evil.example", "note": "x"}
    )
    [(to, mail)] = live_site.mails()
    assert to == ANN
    assert "evil" not in mail.as_string()


def test_whoever_fills_in_what_nobody_sees_gets_no_mail(live_site: RunningSite):
    """A program that fills in every field is answered as everybody is."""
    trapped = live_site.post("/subscribe", {"list": "briefing", "address": ANN, "website": "http://spam.example"})
    assert live_site.mails() == []
    assert trapped.body == ask(live_site).body
    assert len(live_site.mails()) == 1


def test_the_answer_tells_nothing_of_an_address(live_site: RunningSite):
    """New, pending, active, paused, unsubscribed, suppressed: the same bytes and the same status."""
    for number, state in enumerate(SubscriptionState):
        if state is not SubscriptionState.SUPPRESSED:
            enrol(live_site, f"{state}@example.com", state)
        live_site.later(hours=number)
    live_site.store.suppressions.suppress("suppressed@example.com", "it bounced", now=NOON)
    known = [f"{state}@example.com" for state in SubscriptionState]
    answers = [ask(live_site, address) for address in ("new@example.com", *known)]
    assert len({(answer.status, answer.body) for answer in answers}) == 1
    assert {to for to, _ in live_site.mails()} == {"new@example.com", *known} - {"suppressed@example.com"}


@pytest.mark.long
def test_an_answer_takes_as_long_for_a_known_address(live_site: RunningSite, monkeypatch: pytest.MonkeyPatch):
    """What follows happens after it: a mail server that takes its time, or a row that is there, holds no answer up.

    In `make sweep` a thousand tries each, of which nobody can tell the known ones: of two answers either is the later one.
    """
    tries = 1000 if settings.default.max_examples > 1000 else 60  # type: ignore[union-attr]
    monkeypatch.setattr(live_site.context.limits, "network_may", lambda _network: True)
    monkeypatch.setattr(live_site.context.limits, "site_may", lambda: True)
    for at in range(tries):
        enrol(live_site, f"known{at:04}@example.com", SubscriptionState.ACTIVE)
    dice = random.Random(7)
    times: dict[str, list[float]] = {"known": [], "new": []}
    asked = [(who, f"{who}{at:04}@example.com") for who in times for at in range(tries)]
    dice.shuffle(
        asked
    )  # not in pairs: what follows a new address slows the next request, which would mostly be a known one's
    for who, address in asked:
        began = time.perf_counter()
        ask(live_site, address)
        times[who].append(time.perf_counter() - began)
        assert live_site.context.jobs.drain(20)  # else the work after one answer would count for the next
    known, new = statistics.median(times["known"]), statistics.median(times["new"])
    assert 1 / 3 < known / new < 3
    later = sum(bisect_left(sorted(times["new"]), one) for one in times["known"]) / tries**2
    # Chance alone moves it by .29 / sqrt(tries / 2): five times that is .21 for 60 tries, and .065 for a thousand.
    assert abs(later - 0.5) < 5 * 0.41 / math.sqrt(tries)


def test_who_reads_it_already_is_sent_the_way_to_their_preferences(live_site: RunningSite):
    """So that nobody needs an old mail at hand to change what they get, or to leave."""
    enrol(live_site, ANN, SubscriptionState.ACTIVE)
    ask(live_site)
    page = live_site.get(live_site.link_mailed())
    assert page.status == 200
    assert "What you get" in page.body


def test_one_mail_an_hour_to_an_address(live_site: RunningSite):
    """However often it is asked for, and for whichever list: nobody can be flooded through us."""
    for _ in range(3):
        ask(live_site)
    assert len(live_site.mails()) == 1
    live_site.later(minutes=59)
    ask(live_site, name="ports")
    assert live_site.mails() == []


def test_a_day_has_few_mails_for_an_address(live_site: RunningSite):
    """Asked for every hour, it gets three a day at most."""
    mails = 0
    for _ in range(PER_ADDRESS + 3):
        ask(live_site)
        mails += len(live_site.mails())
        live_site.later(hours=1, minutes=1)
    assert mails == PER_ADDRESS


def test_a_network_may_ask_so_often(live_site: RunningSite):
    """What one network asks for beyond its share is refused, whatever the addresses are."""
    answers = [ask(live_site, f"a{number}@example.com").status for number in range(PER_NETWORK + 5)]
    assert answers == [200] * PER_NETWORK + [429] * 5
    assert len(live_site.mails()) == PER_NETWORK


def test_ten_thousand_sign_ups_from_one_network_are_bounded(live_site: RunningSite):
    """Each is counted alike, and no mail goes out beyond the share; the others cost no row."""
    limits = live_site.context.limits
    passed = sum(limits.network_may("203.0.113.0/24") for _ in range(10_000))
    mails = sum(limits.site_may() for _ in range(10_000))
    assert (passed, mails) == (PER_NETWORK, PER_SITE)


@pytest.mark.parametrize("spoilt", ["1.6a16d3c0.AAAAAAAAAAAAAAAAAAAAAA", "x", "1..", "%00"])
def test_a_forged_link_confirms_nobody(live_site: RunningSite, spoilt: str):
    """Nor does it say whether there is such a reader."""
    enrol(live_site, ANN, SubscriptionState.PENDING)
    for answer in (live_site.get(f"/c/briefing/{spoilt}"), live_site.post(f"/c/briefing/{spoilt}")):
        assert (answer.status, "This link is not right" in answer.body) == (404, True)
    assert state_of(live_site) is SubscriptionState.PENDING


def test_a_link_is_for_its_list_and_deed_alone(live_site: RunningSite):
    """One for a list opens no other; the one out of a list does not confirm it."""
    ask(live_site)
    link = live_site.link_mailed()
    token = link.rpartition("/")[2]
    for path in (f"/c/ports/{token}", f"/undo/briefing/{token}", f"/u/briefing/{token}"):
        assert live_site.post(path).status == 404


def test_an_old_link_is_told_to_be_old(live_site: RunningSite):
    """After 48 hours it confirms nothing, and offers the form again."""
    ask(live_site)
    link = live_site.link_mailed()
    live_site.later(hours=48)
    answer = live_site.post(link)
    assert (answer.status, "/subscribe" in answer.body) == (410, True)
    assert state_of(live_site) is SubscriptionState.PENDING


def test_a_link_that_was_used_brings_nobody_back(live_site: RunningSite):
    """Who left stays away, though a program follows the link and presses its button again."""
    ask(live_site)
    link = live_site.link_mailed()
    live_site.later(minutes=1)
    live_site.post(link)
    live_site.later(minutes=1)
    reader = live_site.store.subscribers.find(ANN)
    assert reader is not None
    live_site.post(live_site.context.preferences(reader.subscriber.id, "briefing"), {"do": "leave"})
    assert live_site.post(link).status == 410
    assert state_of(live_site) is SubscriptionState.UNSUBSCRIBED


def test_nobody_suppressed_is_confirmed(live_site: RunningSite):
    """Whose address bounced meanwhile does not come back by an old link."""
    number = enrol(live_site, ANN, SubscriptionState.PENDING)
    live_site.store.suppressions.suppress(ANN, "it bounced", now=NOON)
    token = timed_token(live_site.context.keys, TimedDeed.CONFIRM, number, "briefing", now=NOON)
    assert live_site.post(f"/c/briefing/{token}").status == 410
    assert state_of(live_site) is SubscriptionState.PENDING


def test_a_mail_server_that_is_away_loses_no_request(live_site: RunningSite, monkeypatch: pytest.MonkeyPatch):
    """The mail is tried again, and goes out once."""
    monkeypatch.setattr("digestbot.web.reader_jobs._RETRY_SECONDS", (0.05, 0.05, 0.05))
    live_site.mail.fail("MAIL", "451 4.7.1 greylisted", "451 4.7.1 greylisted")
    ask(live_site)
    deadline = time.monotonic() + 10
    while not live_site.mail.messages and time.monotonic() < deadline:
        time.sleep(0.05)
    [(to, mail)] = live_site.mails()
    assert to == ANN
    assert link_in(mail).startswith("/c/briefing/")


def test_an_address_that_is_refused_is_not_in_the_log(live_site: RunningSite, caplog: pytest.LogCaptureFixture):
    """Whoever types addresses of others writes none of them into the log of an operator."""
    live_site.mail.refuse["ann@example.com"] = "550 5.1.1 <ann@example.com> no such user"
    with caplog.at_level("INFO"):
        ask(live_site)
        assert live_site.mails() == []
    assert "refused for good" in caplog.text
    assert ANN not in caplog.text


def test_the_form_speaks_the_readers_language(live_site: RunningSite):
    """What their browser asks for, where we speak it; English else."""
    assert 'lang="de"' in live_site.get("/subscribe", Accept_Language="de-AT,en;q=0.5").body
    assert 'lang="zh-hant"' in live_site.get("/subscribe", Accept_Language="zh-TW").body
    assert 'lang="en"' in live_site.get("/subscribe", Accept_Language="tlh, *;q=0.1, x=;;q=z").body


def test_the_form_works_from_another_site(live_site: RunningSite):
    """It can be put into any page as a plain form: an Origin of another site is no hindrance."""
    assert ask(live_site, Origin="https://other.example", Sec_Fetch_Site="cross-site").status == 200
    assert len(live_site.mails()) == 1
