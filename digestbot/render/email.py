"""Renders a digest as an email: the subject, the HTML part with its styles inlined, the plain part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import css_inline

from ..text.sanitise import one_line, shorten
from .build_view import FULL_STORIES, with_top
from .fit import fit, left_out_notes
from .headlines import SUBJECT_WIDTH
from .templates import MessageTemplates
from .view import DigestView

# Gmail hides what comes after some 102 kB of decoded HTML behind a link; the rest is kept free for what sending adds.
MOST_BYTES: Final = 90_000


@dataclass(frozen=True, slots=True)
class EmailForm:
    """The three texts of an email, and what was left out to keep it small enough."""

    subject: str
    html: str
    text: str
    notes: tuple[str, ...]


def email(view: DigestView, templates: MessageTemplates) -> EmailForm:
    """The email of a digest: HTML of at most MOST_BYTES, a subject of one line."""
    view = with_top(view, FULL_STORIES, spare=3)

    def html(shown: DigestView) -> str:
        return inlined(templates.render("email.html", digest=shown))

    shown, page = fit(view, html, _fullness)
    # Ours always fits in the end. Of an owner's template that is known only when its page has been made.
    if _fullness(page) > 1 and templates.uses_custom("email.html"):
        templates.fall_back("email.html", f"its page is over {MOST_BYTES} bytes, however much is left out")
        shown, page = fit(view, html, _fullness)
    return EmailForm(
        subject=shorten(one_line(templates.render("subject.txt", digest=view)), SUBJECT_WIDTH),
        html=page,
        # From the whole view: Gmail clips HTML, so nothing has to be left out of the plain part.
        text=templates.render("email.txt", digest=view).strip() + "\n",
        notes=left_out_notes("email", view, shown),
    )


def _fullness(page: str) -> float:
    return len(page.encode()) / MOST_BYTES


def inlined(html: str) -> str:
    """The same page with its style rules copied into the elements, because some mail programs ignore style elements.

    A style element with data-css-inline="keep" stays as well. Nothing is loaded from the network.
    """
    return _inliner().inline(html)


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        # By default css-inline fetches a stylesheet that a template links to, from the network or the disk.
        load_remote_stylesheets=False,
        # The rules are in the elements now; a second copy of them would count against MOST_BYTES.
        keep_style_tags=False,
        minify_css=True,
    )
