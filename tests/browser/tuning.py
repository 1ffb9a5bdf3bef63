"""An operator who tunes: feeds, the topic editor with and without its script, subscribers. Step by step, for walk.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import NOON

from digestbot.model import Consent, FeedState, Subscriber, Subscription, SubscriptionState
from digestbot.text.mail_addresses import mail_key

if TYPE_CHECKING:
    from editor_site import EditorSite
    from walk import Walk


def tuned(desk: EditorSite) -> None:
    """A feed that fails, and readers."""
    store = desk.site.store
    why = "https://ledger.example/a/very/long/address/that/nobody/can/break/in/two answered 503 Service Unavailable"
    failing = FeedState(name="ledger", url="./ledger.xml", failures=3, failing_since=NOON, checked=NOON, error=why)
    store.items.save(failing, (), now=NOON)
    for address in ("ann@example.com", "bob.with.a.very.long.name.indeed@mail.example.org"):
        wanted = Subscription(
            list="briefing", state=SubscriptionState.ACTIVE, since=NOON, consent=Consent.FORM, consented=NOON
        )
        store.subscribers.enrol([(Subscriber(address=address, key=mail_key(address)), wanted)], lambda one, _: one)


def operators_tuning(walk: Walk, desk: EditorSite) -> None:
    """Each page by its own clicks; the file is as it was for the next walk."""
    before = desk.path.read_text(encoding="utf-8")
    _feeds(walk)
    _topics(walk)
    _typing(walk)
    _subscribers(walk)
    desk.path.write_text(before, encoding="utf-8")
    desk.site.context.changed()


def pictured_tuning(walk: Walk) -> None:
    """The topic editor, as docs/ shows it."""
    walk.open("/admin/topics/edit?name=chips")
    walk.do("fill", selector="#terms", text="chip*, wafer*, gold, -potato")
    walk.do("press", selector="button[value=look]")
    walk.do("tick", selector="#result details summary")
    walk.see("admin-topic")


def _feeds(walk: Walk) -> None:
    walk.open("/admin/feeds")
    walk.see("feeds", "answered 503", "Next ask", "Add a feed")
    walk.do("press", selector=".feeds li form button")
    walk.see("feed-tried", "Its newest items")
    walk.open("/admin/feeds")
    walk.do("fill", selector="#address", text="/etc/passwd")
    walk.do("press", selector="button[value=find]")
    walk.see("feed-refused", "is no address on the web")


def _topics(walk: Walk) -> None:
    walk.do("press", selector="header a[href$='/topics']")
    walk.see("topics", "Chips")
    walk.do("press", selector=".editions a")
    walk.see("topic", "Terms")
    walk.do("fill", selector="#terms", text='chip*, gold, cyber*, -potato, "Hua Hong"')
    walk.do("press", selector="button[value=look]")
    walk.see("topic-looked", "2 in, 1 out, 2 as before")
    walk.do("tick", selector="#result details summary")
    walk.see("topic-why", "in the title")
    walk.do("press", selector="button[value=next]")
    walk.see("topic-next", "What is other", "Gold climbs to a record")
    walk.do("press", selector="button[value=review]")
    walk.see("topic-review", "was, line 4", "will be, line 4")
    walk.do("press", selector="button[value=save]")
    walk.see("topic-saved", "Saved, and in use from now on.")
    walk.do("fill", selector="#terms", text='chip*, "Hua')
    walk.do("press", selector="button[value=look]")
    walk.see("topic-wrong", "is not closed")


def _typing(walk: Walk) -> None:
    walk.do("scripts", on=True)
    walk.open("/admin/topics/edit?name=chips")
    walk.do("fill", selector="#terms", text="gold")
    walk.do("appears", selector="#result:not([aria-busy]) section")
    walk.see("topic-typed", "1 as before")
    walk.do("scripts", on=False)


def _subscribers(walk: Walk) -> None:
    walk.open("/admin/subscribers")
    walk.see("subscribers", "2 active", "ann@example.com")
    walk.do("fill", selector="#q", text="BOB")
    walk.do("press", selector="button[value=find]")
    walk.see("subscribers-found", "bob.with")
    walk.do("press", selector="main .plain li a[href*='/subscribers/']")
    walk.see("subscriber", "All that is kept")
    walk.do("press", selector="button[value=pause]")
    walk.see("subscriber-paused", "Done.", "paused until")
    walk.do("press", selector="button[value=resume]")
    walk.do("press", selector="button[value=suppress]")
    walk.see("subscriber-suppressed", "Nothing is sent there")
    walk.do("press", selector="button[value=lift]")
    walk.see("subscriber-lifted", "Done.")
