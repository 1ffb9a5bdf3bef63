"""Renders a Digest value in every form: email, Slack messages, plain text, JSON, terminal, preview page."""

from __future__ import annotations

from ..model import Digest, Message
from .build_view import build_view
from .confirmation import confirmation_mail
from .digest_json import as_json, encode_json
from .digest_reader import digest_from_json
from .email import email
from .markdown import markdown
from .notices import covers, left_out, sent_late
from .preview import preview_page
from .safety import sanitised
from .slack import MODES, slack
from .templates import Templates, builtin_names, copy
from .terminal import terminal

__all__ = [
    "MODES",
    "Templates",
    "as_json",
    "builtin_names",
    "confirmation_mail",
    "copy",
    "covers",
    "digest_from_json",
    "left_out",
    "markdown",
    "preview_page",
    "render",
    "sent_late",
    "terminal",
]


def render(
    digest: Digest,
    *,
    templates: Templates,
    mode: str = "standard",
    images: str = "no",
    allow_private: tuple[str, ...] = (),
) -> Message:
    """One digest in every form, each within its size limit. Nothing is fetched or sent.

    Args:
        digest: what to render.
        templates: the shipped ones, `Templates()`, or those of a folder over them, `Templates(folder)`.
        mode: of the Slack message, one of MODES: "standard", "compact" or "thread".
        images: "lead" shows the best story's picture in the email, loaded from its outlet by the reader's mail program;
            "no" shows none.
        allow_private: CIDR ranges of private addresses that links may lead to; others are left out.

    Returns:
        The message. Its `notes` say what was left out to stay within a limit, its `faults` which of the owner's
        templates failed; the shipped one was used in its place.

    Raises:
        ValueError: for an unknown `mode`.
    """
    safe = sanitised(digest, allowed=allow_private)
    view = build_view(safe, with_image=images == "lead")
    in_language = templates.for_language(view.language)
    mail = email(view, in_language)
    posts = slack(view, in_language, mode)
    return Message(
        digest=digest,
        subject=mail.subject,
        html=mail.html,
        text=mail.text,
        slack=posts.messages,
        single=posts.single,
        json=encode_json(safe),
        notes=tuple(dict.fromkeys((*mail.notes, *posts.notes))),
        faults=in_language.faults,
    )
