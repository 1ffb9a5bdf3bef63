"""The preview page: every form of a message, to look at before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Message
from ..text.locales import locale_of
from .templates import Templates

_DARK = "@media (prefers-color-scheme: dark)"


def in_light(html: str) -> str:
    """The mail as it looks where nothing is dark, whatever the browser is."""
    return html.replace(_DARK, "@media not all")


def in_dark(html: str) -> str:
    """The mail as it looks in the dark."""
    return html.replace(_DARK, "@media all")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What the frame of every page of the site asks for."""

    path: str = ""
    language: str
    direction: str
    stylesheet: str
    indexed: bool = False


def preview_page(
    message: Message,
    *,
    templates: Templates | None = None,
    version: str = "",
    problems: Sequence[str] = (),
    digests: Sequence[str] = (),
    stylesheet: str = "",
) -> str:
    """An HTML page with the email in light and dark and on a phone, the Slack messages imitated, and the text.

    It loads nothing but the pictures of an email that has some. The emails are in frames without scripts. A file holds the site's
    stylesheet and the emails; a page with a `version` gets both from its own server, which it also asks for a newer one.

    Args:
        message: what it shows.
        templates: where the page's template comes from; the shipped ones where it is left out.
        version: number of a served page, empty for a file.
        problems: what is wrong now, for the head of the page.
        digests: names of all digests that the server shows.
        stylesheet: the address of the site's stylesheet at the server.
    """
    locale = locale_of(message.digest.language)
    language = str(locale).replace("_", "-")
    in_language = (templates or Templates()).for_language(language)
    return in_language.render(
        "preview.html",
        message=message,
        # A frame takes its colour scheme from the browser: each copy has its rule for dark mode switched on or off for good.
        light=in_light(message.html),
        dark=in_dark(message.html),
        site=_Page(language=language, direction=locale.text_direction, stylesheet=stylesheet),
        version=version,
        problems=[*problems, *(fault for fault in message.faults if fault not in problems)],
        digests=digests,
    )
