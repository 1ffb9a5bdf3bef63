"""Renders a digest as Markdown (CommonMark), to paste into a note, an issue or a wiki."""

from __future__ import annotations

from ..model import Digest
from .build_view import build_view
from .safety import sanitised
from .templates import Templates


def markdown(digest: Digest, *, templates: Templates, allow_private: tuple[str, ...] = ()) -> str:
    """The digest as one document: headings, numbered stories with links, quotations with their sources.

    Args:
        digest: what to render.
        templates: the shipped ones, or those of a folder over them: `digest.md`.
        allow_private: CIDR ranges of private addresses that links may lead to; others are left out.
    """
    view = build_view(sanitised(digest, allowed=allow_private))
    return templates.for_language(view.language).render("digest.md", digest=view).strip() + "\n"
