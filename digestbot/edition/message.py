"""A digest rendered with its own templates and settings: what every way to a reader begins with."""

from __future__ import annotations

from dataclasses import replace

from ..model import Digest, MailingList, Message
from ..render import render
from .context import DigestSpec, EditionContext


def message_of(spec: DigestSpec, context: EditionContext, digest: Digest, of: MailingList | None = None) -> Message:
    """The digest in every form, for recipients of the configuration or for the readers of a list."""
    return render(
        digest,
        templates=context.own_templates.get(spec.name, context.templates),
        mode=spec.mode,
        images=spec.images,
        allow_private=context.fetch.allow_private,
        of=of,
        page=context.page_of(digest.name, digest.edition),
    )


def message_to_keep(
    spec: DigestSpec, context: EditionContext, digest: Digest, of: MailingList | None = None
) -> Message:
    """The same for bytes that are kept until they are sent: with the name of the key that readers' own words are made with."""
    return replace(message_of(spec, context, digest, of), words_key=context.words_key())
