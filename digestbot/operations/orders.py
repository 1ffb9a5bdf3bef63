"""What an operator said of when a digest goes, in words."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Choice, ChoiceKind


def held_by(order: Choice | None) -> str | None:
    """Who holds the next edition; None where nobody does."""
    return order.who if order is not None and order.kind is ChoiceKind.HOLD else None


def order_lines(order: Choice | None) -> Iterator[str]:
    """What was said, and how it goes on; nothing where nothing was."""
    if order is None:
        return
    since = f"{order.who} since {order.at:%Y-%m-%d %H:%M} UTC"
    if held_by(order):
        yield f"held by {since}: release it at the admin pages, or `digestbot run {order.digest} --force` makes it"
    else:
        yield f"wanted at once by {since}: serve or the next run makes it"
