"""A digest rendered with its own templates and settings: what every way to a reader begins with."""

from __future__ import annotations

from ..model import Digest, Message
from ..render import render
from .context import DigestSpec, EditionContext


def message_of(spec: DigestSpec, context: EditionContext, digest: Digest) -> Message:
    """The digest in every form."""
    return render(
        digest,
        templates=context.own_templates.get(spec.name, context.templates),
        mode=spec.mode,
        images=spec.images,
        allow_private=context.fetch.allow_private,
    )
