"""Renders a Digest value in every form: email, Slack messages, plain text, JSON, terminal, preview page."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from urllib.parse import quote

from ..model import Digest, MailingList, Message
from ..text.sanitise import one_line, shorten
from .build_view import build_view
from .digest_json import as_json, encode_json
from .digest_reader import digest_from_json
from .email import email
from .headlines import SUBJECT_WIDTH
from .markdown import markdown
from .notices import covers, left_out, sent_late
from .preview import in_dark, in_light, preview_page
from .reader_mail import ReaderMail, reader_mail
from .safety import sanitised
from .slack import MODES, slack
from .templates import Templates, builtin_names, copy
from .terminal import terminal

__all__ = [
    "MODES",
    "ReaderMail",
    "Templates",
    "as_json",
    "builtin_names",
    "copy",
    "covers",
    "digest_from_json",
    "in_dark",
    "in_light",
    "left_out",
    "markdown",
    "preview_page",
    "reader_mail",
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
    of: MailingList | None = None,
    page: str = "",
) -> Message:
    """One digest in every form, each within its size limit. Nothing is fetched or sent.

    Args:
        digest: what to render.
        templates: the shipped ones, `Templates()`, or those of a folder over them, `Templates(folder)`.
        mode: of the Slack message, one of MODES: "standard", "compact" or "thread".
        images: "lead" shows the best story's picture in the email, loaded from its outlet by the reader's mail program;
            "no" shows none.
        allow_private: CIDR ranges of private addresses that links may lead to; others are left out.
        of: the list whose readers it is for.
        page: the address of the edition's own page, which the email links to; empty for none.

    Returns:
        The message. Its `notes` say what was left out to stay within a limit, its `faults` which of the owner's
        templates failed; the shipped one was used in its place.

    Raises:
        ValueError: for an unknown `mode`.
    """
    safe = sanitised(digest, allowed=allow_private)
    json = encode_json(safe)
    view = build_view(safe, with_image=images == "lead", page=page)
    # Nobody who is quoted in the digest can have known this word: it follows from the whole.
    place = hashlib.sha256(json.encode("utf-8", "surrogatepass")).hexdigest()[:32] if of and of.url else ""
    if of is not None:
        link = f"{of.url}/u/{quote(of.name)}/{place}" if place else ""
        view = replace(view, list=shorten(one_line(of.title), SUBJECT_WIDTH), preferences=link)
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
        json=json,
        list=of,
        token_place=place,
        notes=tuple(dict.fromkeys((*mail.notes, *posts.notes))),
        faults=in_language.faults,
    )
