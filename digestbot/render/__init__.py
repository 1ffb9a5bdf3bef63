"""From a Digest value to every form a reader may meet."""

from __future__ import annotations

from ..model import Digest, Message
from .build_view import view_of
from .digest_json import as_json, json_of
from .email import email
from .notices import covers, sent_late
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
    "copy",
    "covers",
    "preview_page",
    "render",
    "sent_late",
    "terminal",
]


def render(digest: Digest, *, templates: Templates, mode: str = "standard", images: str = "no") -> Message:
    """One digest in every form, each within its budget.

    `mode` is the Slack message's: "standard", "compact" or "thread"; with `images` "lead" the email shows the picture of
    the best story, from where its outlet keeps it. `notes` tell what a budget cost, `faults` which
    user template failed.
    """
    harmless = sanitised(digest)
    view = view_of(harmless, pictured=images == "lead")
    filling = templates.filling(view.language)
    mail = email(view, filling)
    posts = slack(view, filling, mode)
    return Message(
        digest=digest,
        subject=mail.subject,
        html=mail.html,
        text=mail.text,
        slack=posts.messages,
        single=posts.single,
        json=json_of(harmless),
        notes=tuple(dict.fromkeys((*mail.notes, *posts.notes))),
        faults=filling.faults,
    )
