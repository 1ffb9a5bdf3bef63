"""Every form of a message on one page, to be looked at before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Message
from .i18n import locale_of
from .templates import Templates

_DARK = "@media (prefers-color-scheme: dark)"


def preview_page(
    message: Message,
    *,
    templates: Templates | None = None,
    version: str = "",
    problems: Sequence[str] = (),
    digests: Sequence[str] = (),
) -> str:
    """An HTML page with the email in light and dark and on a phone, the Slack messages imitated, and the text.

    The page loads nothing but the pictures of an email that has some: the emails stand in frames inside it, without
    scripts. A served one, which has a `version`,
    asks its own server whether there is another.

    Args:
        message: what it shows.
        templates: the page's own template.
        version: which making of a served page this is.
        problems: what is wrong now, for the head of the page.
        digests: every digest that is served beside it.
    """
    # A frame takes its colour scheme from the browser, so each copy is told which one to believe in.
    light, dark = message.html.replace(_DARK, "@media not all"), message.html.replace(_DARK, "@media all")
    language = str(locale_of(message.digest.language)).replace("_", "-")
    filling = (templates or Templates()).filling(language)
    return filling.fill(
        "preview.html",
        message=message,
        light=light,
        dark=dark,
        language_tag=language,
        version=version,
        problems=[*problems, *(fault for fault in message.faults if fault not in problems)],
        digests=digests,
    )
