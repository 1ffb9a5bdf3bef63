"""A digest as an email: the subject, the HTML part with its styles inlined, the plain part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import css_inline

from ..text.sanitise import one_line, shorten
from .budget import cost, fit
from .build_view import with_top
from .headlines import SUBJECT_WIDTH
from .templates import Filling
from .view import DigestView

# Gmail hides what comes after some 102 kB of decoded HTML behind a link, and headers of our own come on top.
MOST_BYTES: Final = 90_000
TOP_STORIES: Final = 5


@dataclass(frozen=True, slots=True)
class EmailForm:
    """The three texts of an email, and what its budget cost."""

    subject: str
    html: str
    text: str
    notes: tuple[str, ...]


def email(view: DigestView, filling: Filling) -> EmailForm:
    """The email of a digest: HTML of at most MOST_BYTES, a subject of one line."""
    view = with_top(view, TOP_STORIES, spare=3)

    def html(told: DigestView) -> str:
        return inlined(filling.fill("email.html", digest=told))

    told, page = fit(view, html, _fullness)
    if _fullness(page) > 1 and filling.trusts("email.html"):
        filling.distrust("email.html", "it makes too much whatever is left out")
        told, page = fit(view, html, _fullness)
    return EmailForm(
        subject=shorten(one_line(filling.fill("subject.txt", digest=view)), SUBJECT_WIDTH),
        html=page,
        text=filling.fill("email.txt", digest=view).strip() + "\n",
        notes=cost("email", view, told),
    )


def _fullness(page: str) -> float:
    return len(page.encode()) / MOST_BYTES


def inlined(html: str) -> str:
    """The same page with its style rules in the elements; a style element with data-css-inline="keep" stays as well.

    Nothing is loaded from anywhere.
    """
    return _inliner().inline(html)


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        load_remote_stylesheets=False,
        keep_style_tags=False,
        minify_css=True,
    )
