"""An operator's morning at the admin pages, step by step, for walk.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from admin_site import TOKEN
from archived import DAY, NOON, TODAY, digest, entry
from builders import item

from digestbot.model import Delivery, DeliveryState, Edition, FeedState, Recipient
from digestbot.render import as_json

if TYPE_CHECKING:
    from running_site import RunningSite
    from walk import Walk

SETTINGS = {
    "DIGESTS__MORNING__TIMEZONE": "UTC",
    "DIGESTS__MORNING__TITLE": "Morning chips",
    "WEB__ADMIN_TOKEN": TOKEN,
}
HERE = "/admin/editions/morning"
TITLES = (
    "A fire halts the chip line at Veldhaven",
    "Chip exports rise for the third month",
    "The harbour council votes on dredging",
    "A very long headline about a harbour that goes on and on, because whoever wrote it was paid by the word",
)


def newsroom(site: RunningSite) -> None:
    """News of this morning, and an edition of yesterday that did not reach everybody."""
    stored = [
        item(title if not at else f"{title}, says {name}", source=name, hours=number + 1, text=f"{title}. It was said.")
        for number, title in enumerate(TITLES)
        for at, name in enumerate(("Gazette", "Courier", "Harbour Times")[: number + 1])
    ]
    site.store.items.save(FeedState(name="gazette", url="./gazette.xml"), stored, now=NOON)
    of = digest(entry("Yesterday's chips", "It was said."), edition=TODAY - DAY, until=NOON - DAY)
    edition = site.store.editions.claim(Edition(digest=of.name, date=of.edition, since=of.since, until=of.until))
    rows = [
        Delivery(
            key=name,
            digest="morning",
            edition=of.edition,
            recipient=Recipient(channel="mailto", address=f"{name}.with.a.long.name@example.com"),
            payload=b"frozen",
        )
        for name in ("ann", "bob", "cat")
    ]
    site.store.editions.publish(edition, as_json(of), rows, used=())
    for row, state in zip(
        site.store.outbox.all(digest="morning"), (DeliveryState.SENT, DeliveryState.FAILED), strict=False
    ):
        claimed = site.store.outbox.claim(row, now=NOON)
        assert claimed is not None
        site.store.outbox.record_outcome(
            claimed, state, error="" if state is DeliveryState.SENT else "550 no such mailbox"
        )


def operators_morning(walk: Walk) -> None:
    """Sign in, look, decide, hold and release, test, send again, read the log, sign out: by their own clicks."""
    _sign_in(walk)
    _decide(walk)
    _say_of_deliveries(walk)
    walk.do("press", selector="header a[href$='/editions']")
    walk.see("editions", "Morning chips")
    walk.do("press", selector="main .meta a")
    walk.see("archived", "Yesterday's chips")
    walk.open("/admin/log")
    walk.see("log", "sent a test of morning", "held the next edition of morning", "signed in")
    walk.do("press", selector="header form button")
    walk.signed_in = False
    walk.see("signed-out", "Admin token")


def pictured_morning(walk: Walk) -> None:
    """Two pages of it, as docs/ shows them."""
    walk.open("/admin", 401)
    walk.do("fill", selector="#admin_token", text=TOKEN)
    walk.do("press", selector="main form button")
    walk.signed_in = True
    walk.see("admin-today")
    walk.do("press", selector="main h2 a")
    walk.do("press", selector=".stories button[value=pin]")
    walk.do("press", selector="header a[href$='/editions']")
    walk.do("press", selector="main h2 a")
    walk.see("admin-edition")


def _sign_in(walk: Walk) -> None:
    see = walk.see
    walk.open("/admin", 401)
    see("sign-in", "Admin token")
    walk.do("fill", selector="#admin_token", text="wrong")
    walk.do("press", selector="main form button")
    see("sign-in-wrong", "This is not the admin token.")
    walk.do("fill", selector="#admin_token", text=TOKEN)
    walk.do("press", selector="main form button")
    walk.signed_in = True
    see("today", "Morning chips", "Next edition", "550 no such mailbox")


def _decide(walk: Walk) -> None:
    see = walk.see
    walk.do("press", selector="main h2 a")
    see("edition-next", "What it tells", "A fire halts the chip line", "Send a test")
    walk.do("press", selector=".stories a[href*='/explain/']")
    see("explained", "Place: shown")
    walk.do("press", selector="main a")
    walk.do("press", selector=".stories button[value=mute]")
    see("muted", "The story is muted")
    walk.do("press", selector="button[value=back]")
    see("taken-back", "Taken back.")
    walk.do("press", selector=".stories button[value=pin]")
    see("pinned", "The story is pinned", "What was decided")
    walk.do("tick", selector=".stories summary")
    walk.do("press", selector=".stories details[open] button[value=move]")
    see("moved-story", "The story was moved.")
    for number in range(2, 0, -1):
        walk.do("press", selector="button[value=back]")
        see(f"taken-back-{number}", "Taken back.")
    walk.do("press", selector="button[value=hold]")
    see("held", "Held: nothing goes out until you release it.")
    walk.do("press", selector="button[value=release]")
    see("released", "Released")
    walk.do("fill", selector="#to", text="mailto:me@example.com")
    walk.do("press", selector="button[value=test]")
    see("tested", "The test is being made")
    walk.site.mails()
    for form, words in (("email", "Email"), ("slack", "An imitation"), ("text", "Veldhaven")):
        walk.do("press", selector=f"a[href$='/as/{form}']")
        see(f"as-{form}", words)


def _say_of_deliveries(walk: Walk) -> None:
    see = walk.see
    walk.open("/admin/deliveries?digest=morning")
    see("deliveries", "1 sent", "1 failed")
    walk.do("choose", selector="#state", value="failed")
    walk.do("press", selector=".filter button")
    see("deliveries-failed", "bob.with.a.long.name@example.com")
    walk.do("tick", selector="input[name=key]")
    walk.do("press", selector="button[value=resend]")
    see("sent-again", "1 go again")
    walk.open("/admin/deliveries?digest=morning&state=pending&to=bob.with.a.long.name@example.com")
    walk.do("tick", selector="input[name=all]")
    walk.do("press", selector="button[value=cancel]")
    see("cancelled", "1 are not tried any more.")
    # As it was, for the next walk.
    outbox = walk.site.store.outbox
    waits = outbox.requeue(outbox.by_keys(["bob"])[0], deadline=NOON + DAY)
    claimed = waits and outbox.claim(waits, now=NOON)
    assert claimed is not None
    outbox.record_outcome(claimed, DeliveryState.FAILED, error="550 no such mailbox")
