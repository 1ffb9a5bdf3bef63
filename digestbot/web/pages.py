"""A page of the site, made from a template in the reader's language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..app import wiring
from ..model import Subscriber
from ..resources import resource
from ..text.locales import SOURCE_LANGUAGE, locale_of, translation_names
from .context import SiteContext

STYLESHEET: Final = "web/site.css"
_MOST_TAGS: Final = 20  # of what a browser says its reader reads


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """What every template of a page sees as `site`."""

    path: str  # what stands before every path: links are `{{ site.path }}/search`
    language: str
    direction: str  # "ltr" or "rtl"
    stylesheet: str
    indexed: bool  # whether search engines are welcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that a form offers."""

    value: str
    words: str = ""  # what a reader sees, where the template has none of its own for the value
    chosen: bool = False


def page(
    context: SiteContext, request: Request, template: str, *, status: int = 200, language: str = "", **values: object
) -> Response:
    """The page that a template makes.

    Args:
        context: the site.
        request: whose reader it is for.
        template: its name below templates/, the owner's or ours.
        status: of the answer.
        language: of the page; where it is left out, what the reader's browser asks for.
        values: what the template sees beside `site`.
    """
    language = language or language_wanted(request)
    web = context.loaded.settings.web
    site = SiteView(
        path=web.path,
        language=language,
        direction=locale_of(language).text_direction,
        stylesheet=f"{web.path}/site.css?{stylesheet()[1]}",
        indexed=web.index,
    )
    html = wiring.templates(context.loaded).for_language(language).render(template, site=site, **values)
    return HTMLResponse(html, status_code=status, headers={"Content-Language": language, "Vary": "Accept-Language"})


@cache
def stylesheet() -> tuple[bytes, str]:
    """The stylesheet, and a word that changes with it."""
    text = (resource("templates") / STYLESHEET).read_bytes()
    return text, hashlib.sha256(text).hexdigest()[:12]


@cache
def languages() -> tuple[str, ...]:
    """The tags of the languages that the site speaks."""
    shipped = sorted(path.stem for path in (resource("templates") / "words").glob("*.po"))
    return (SOURCE_LANGUAGE, *(name.replace("_", "-").lower() for name in shipped))


def language_wanted(request: Request) -> str:
    """The language that a browser asks for (RFC 9110 section 12.5.4), where the site speaks it; English else."""
    for tag in _preferred(request.headers.get("accept-language", "")):
        for name in translation_names(tag):
            if (known := name.replace("_", "-").lower()) in languages():
                return known
    return SOURCE_LANGUAGE


def language_of(reader: Subscriber | None, request: Request) -> str:
    """The language that a reader chose; else what their browser asks for."""
    return (reader.language if reader else "") or language_wanted(request)


def _preferred(header: str) -> Iterator[str]:
    weighed: list[tuple[float, int, str]] = []
    for number, part in enumerate(header[:1000].split(",")[:_MOST_TAGS]):
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), number, tag.strip()))
        except ValueError:
            continue
    known: Iterable[str] = (tag for _, _, tag in sorted(weighed))
    return (tag for tag in known if locale_of(tag).language == tag.replace("_", "-").split("-")[0].lower())
