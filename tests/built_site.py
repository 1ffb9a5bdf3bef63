"""What must hold of the built docs site: `make docs` runs it over out/docs.

    python tests/built_site.py FOLDER

Every link within the site leads to a page and a place of it. No page loads anything from another host. Addresses of other sites are
checked by their form alone: nothing is asked of the network.
"""

# ruff: noqa: T201 -- a script, which tells its findings on standard output
from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself, and where its address stands; what it does not fetch is a link.
LOADED = {("script", "src"), ("img", "src"), ("img", "srcset"), ("iframe", "src"), ("source", "src"), ("source", "srcset"), ("video", "src"),
          ("audio", "src"), ("object", "data"), ("embed", "src"), ("form", "action")}  # fmt: skip
LOADING_RELATIONS = {
    "stylesheet",
    "icon",
    "shortcut icon",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "manifest",
    "modulepreload",
}


@dataclass
class Page(HTMLParser):
    """What a page names."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element: its id, where it leads, what it loads."""
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if given.get(name)}
        self.loads += [value for name, value in given.items() if (tag, name) in LOADED]
        if tag == "link" and given.get("rel", "").lower() in LOADING_RELATIONS:
            self.loads.append(given.get("href", ""))
        elif tag == "a" and given.get("href"):
            self.links.append(given["href"])


def read(folder: Path) -> dict[Path, Page]:
    """Every page of the site."""
    pages: dict[Path, Page] = {}
    for path in sorted(folder.rglob("*.html")):
        pages[path.resolve()] = page = Page()
        page.feed(path.read_text(encoding="utf-8"))
    return pages


def problems(folder: Path) -> Iterator[str]:
    """What is wrong, a line each."""
    pages = read(folder)
    for path, page in pages.items():
        where = path.relative_to(folder.resolve())
        yield from (f"{where}: loads {address}" for address in page.loads if urlsplit(address).netloc)
        for address in page.links:
            if wrong := wrong_link(address, path, pages):
                yield f"{where}: {address} {wrong}"
    for path in folder.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        if "url(http" in text or "url(//" in text or "@import" in text:
            yield f"{path.relative_to(folder)}: loads from another host"


def wrong_link(address: str, path: Path, pages: Mapping[Path, Page]) -> str:
    """What is wrong with a link of this page; empty where nothing is."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return "" if well_formed(address) else "is no address"
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.exists():
        return "does not exist"
    lost = parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids
    return "is no place of that page" if lost else ""


def well_formed(address: str) -> bool:
    """Whether another site's address can be one; whether it answers nobody asks."""
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in ("https", "http") and bool(parts.hostname) and " " not in address


def main(folder: Path) -> int:
    found = list(problems(folder))
    pages = read(folder)
    inside = sum(not urlsplit(link).netloc for page in pages.values() for link in page.links)
    print(*found, sep="\n", end="\n" if found else "")
    outside = {link for page in pages.values() for link in page.links if urlsplit(link).netloc}
    print(
        f"{len(pages)} pages, {inside} links within the site, {len(outside)} addresses of other sites; problems: {len(found)}"
    )
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
