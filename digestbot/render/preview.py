"""The preview page: every form of a message, to look at before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Message
from ..text.locales import locale_of
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

    The page loads nothing but the pictures of an email that has some. The emails are in frames without scripts. A page
    with a `version` polls its own server for a newer one.

    Args:
        message: what it shows.
        templates: where the page's template comes from; the shipped ones where it is left out.
        version: number of a served page, empty for a file.
        problems: what is wrong now, for the head of the page.
        digests: names of all digests that the server shows.
    """
    # A frame takes its colour scheme from the browser: each copy has its rule for dark mode switched on or off for good.
    light, dark = message.html.replace(_DARK, "@media not all"), message.html.replace(_DARK, "@media all")
    language = str(locale_of(message.digest.language)).replace("_", "-")
    in_language = (templates or Templates()).for_language(language)
    return in_language.render(
        "preview.html",
        message=message,
        light=light,
        dark=dark,
        language_tag=language,
        version=version,
        problems=[*problems, *(fault for fault in message.faults if fault not in problems)],
        digests=digests,
    )
