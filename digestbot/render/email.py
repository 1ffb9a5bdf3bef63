"""A digest as an email: the subject, the HTML part with its styles inlined, the plain part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import css_inline

from ..plaintext import one_line, shorten
from .budget import fit
from .headlines import SUBJECT_WIDTH
from .templates import Templates
from .view import DigestView, with_top

# Gmail hides what comes after some 102 kB of decoded HTML behind a link, and headers of our own come on top.
MOST_BYTES: Final = 90_000
TOP_STORIES: Final = 5


@dataclass(frozen=True, slots=True)
class EmailForm:
    """The three texts of an email, and what is to be told about them."""

    subject: str
    html: str
    text: str
    notes: tuple[str, ...]


def email(view: DigestView, templates: Templates) -> EmailForm:
    """The email of a digest: HTML of at most MOST_BYTES, a subject of one line."""
    top = TOP_STORIES if len(view.stories) > TOP_STORIES + 3 else len(view.stories)
    view = with_top(view, top)
    notes: dict[str, None] = {}

    def filled(name: str, told: DigestView) -> str:
        made = templates.fill(name, language=told.language, digest=told)
        notes.update(dict.fromkeys(made.notes))
        return made.text

    def html(told: DigestView) -> str:
        return inlined(filled("email.html", told))

    fitted = fit(view, lambda told: len(html(told).encode()) <= MOST_BYTES)
    if templates.folder and len(html(fitted).encode()) > MOST_BYTES:
        ours = email(view, Templates())
        note = f"template {templates.folder / 'email.html'} makes more than fits; the built-in templates were used"
        return replace(ours, notes=(*notes, note, *ours.notes))
    if fitted.left_out > view.left_out:
        notes[f"email: {fitted.left_out - view.left_out} more stories were left out"] = None
    notes.update(dict.fromkeys(f"email: {note}" for note in fitted.dropped))
    subject = shorten(one_line(filled("subject.txt", view)), SUBJECT_WIDTH)
    return EmailForm(
        subject=subject, html=html(fitted), text=filled("email.txt", view).strip() + "\n", notes=tuple(notes)
    )


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
