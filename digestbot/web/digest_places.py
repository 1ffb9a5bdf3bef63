"""Which digest a page is about, who may read it, and where its pages are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

from starlette.requests import Request

from ..app.reading import is_public, opens_edition, public_digests
from ..model import parse_edition
from ..settings import DigestSettings, Loaded, split_lists
from ..text.setting_names import as_title
from .context import SiteContext

FOR_OPERATOR: Final = (
    "digestbot.for_operator"  # of a request: its pages are those of the archive, whoever may read them
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlace:
    """A digest on the site, as its pages and templates see it."""

    name: str
    title: str
    home: str  # the path of its newest edition, behind the prefix of the site
    language: str
    subscribe: str = ""  # the path of the form, where a list that gets it is open to all
    key: str = ""  # what opened one edition of it; empty where everybody may read all
    admin: str = ""  # the path of the operator's pages, for whoever reads it from there

    @property
    def query(self) -> str:
        """What every link within an edition takes along."""
        return f"?key={quote(self.key, safe='')}" if self.key else ""


def place_of(
    context: SiteContext, name: str, digest: DigestSettings, *, key: str = "", admin: bool = False
) -> DigestPlace:
    """A digest on the site; for an operator all of it lies below the admin pages."""
    return DigestPlace(
        name=name,
        title=digest.title or as_title(name),
        home=context.link(f"{'/admin' if admin else ''}/d/{quote(name, safe='')}"),
        language=digest.language,
        subscribe=_form(context.loaded, digest),
        key=key,
        admin=context.link("/admin") if admin else "",
    )


def _form(loaded: Loaded, digest: DigestSettings) -> str:
    names = (name for name in split_lists(digest.to)[1] if name in loaded.settings.lists)
    public = next((name for name in names if loaded.settings.lists[name].public), "")
    return f"/subscribe?list={quote(public, safe='')}" if public else ""


def public_places(context: SiteContext) -> Iterator[DigestPlace]:
    """All that everybody may read."""
    loaded = context.loaded
    return (place_of(context, name, loaded.digests[name]) for name in public_digests(loaded))


def named_place(context: SiteContext, request: Request) -> DigestPlace | None:
    """The digest that a path names, where everybody may read it, or an operator asks."""
    name = request.path_params["digest"]
    digest = context.loaded.digests.get(name)
    if digest and request.scope.get(FOR_OPERATOR):
        return place_of(context, name, digest, admin=True)
    return place_of(context, name, digest) if digest and is_public(context.loaded, digest) else None


def opened_place(context: SiteContext, request: Request, edition: date) -> DigestPlace | None:
    """The same for one edition: also where its key is given."""
    public = named_place(context, request)
    key = request.query_params.get("key", "")
    if public or not key:
        return public
    name = request.path_params["digest"]
    digest = context.loaded.digests.get(name)
    # A mail's link has the key of the name that the digest had then.
    names = (name, *context.store.archive.former_names(name)) if digest else ()
    opened = any(opens_edition(key, context.keys, one, edition) for one in names)
    return place_of(context, name, digest, key=key) if digest and opened else None


def moved_to(context: SiteContext, request: Request) -> str:
    """Where a page is whose digest had another name; empty where nobody may read it there, or it never was."""
    old = request.path_params.get("digest", "")
    name = context.store.archive.called_now(old) if old and old not in context.loaded.digests else None
    digest = context.loaded.digests.get(name) if name else None
    if name is None or digest is None:
        return ""
    # The new name of a private digest is for whoever has a key of the old one.
    if not (is_public(context.loaded, digest) or request.scope.get(FOR_OPERATOR) or _has_key(context, request, old)):
        return ""
    before, _, rest = request.scope["path"].partition(f"/d/{old}")
    query = f"?{request.url.query}" if request.url.query else ""
    return context.link(f"{before}/d/{quote(name, safe='')}{quote(rest)}{query}")


def _has_key(context: SiteContext, request: Request, name: str) -> bool:
    try:
        edition = parse_edition(request.path_params.get("edition", ""))
    except ValueError:
        return False
    return opens_edition(request.query_params.get("key", ""), context.keys, name, edition)


def site_address(loaded: Loaded, request: Request) -> str:
    """Where the site is, as links that leave it say it: URL, or the name it was asked by."""
    return loaded.settings.web.url or f"{request.url.scheme}://{request.url.netloc}"
