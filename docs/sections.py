"""The sections of the docs, as the site's search reads them: `conf.py` calls this while Sphinx builds the site.

Sphinx' own index knows which words a page has, and no more. A question is answered by a section, and a setting by its row; and a page that is
read as a file, without a server, cannot look into other pages for an excerpt. So the search has the text of each section itself.
"""

# ruff: noqa: INP001 -- Sphinx reads this folder, nothing imports it
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes

# What people also ask when they mean a section: a comment in it, which no reader sees.
ASKED = re.compile(r"(?:<!--)?\s*asked:(.*?)(?:-->)?\s*", re.DOTALL)
SETTING = re.compile(r"DIGESTBOT_[A-Z0-9_]+")
INDEX = "_static/sections.js"


def name_rows(_app: object, doctree: nodes.document) -> None:
    """Each row of a table that begins with a setting is a place of its page, by the setting's name."""
    taken = set(doctree.ids)
    for row in doctree.findall(nodes.row):
        if (setting := _setting_of(row)) and (name := nodes.make_id(setting)) not in taken:
            row["ids"].append(name)
            taken.add(name)


def write_index(app: Any, error: Exception | None) -> None:
    """Write the sections of all pages, but for those that are not to be searched."""
    if error is not None or app.builder.format != "html":
        return
    found: list[tuple[str, str, list[str], str, list[str]]] = []
    for page in sorted(app.env.found_docs):
        if "nosearch" not in app.env.metadata[page]:
            found += ((page, *section) for section in _sections(app.env.get_doctree(page), []))
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / INDEX).write_text(f"DocsSearch.sections = {text}\n", encoding="utf-8")


def _sections(parent: nodes.Element, above: list[str]) -> Iterator[tuple[str, list[str], str, list[str]]]:
    """The place of each section, its heading behind those above it, its own text, and what else is asked."""
    for section in parent.children:
        if not isinstance(section, nodes.section):
            continue
        title = next(iter(section.findall(nodes.title))).astext()
        headings = [*above, title]
        own = [child for child in section.children if not isinstance(child, nodes.section | nodes.title)]
        yield (section["ids"][0] if above else "", headings, _text(own), list(_asked(own)))
        for row in (row for child in own for row in child.findall(nodes.row) if row["ids"]):
            yield (row["ids"][0], [*headings, _setting_of(row)], _text(row.children[1:]), [])
        yield from _sections(section, headings)


def _asked(parts: list[nodes.Node]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, nodes.comment | nodes.raw) and (said := ASKED.fullmatch(part.astext())):
            yield from (" ".join(one.split()) for one in said[1].split(";"))


def _setting_of(row: nodes.row) -> str:
    """The setting that a row of a table is about; empty where it is about something else."""
    named = row.children[0].astext().strip() if row.children else ""
    return named if SETTING.fullmatch(named) else ""


def _text(parts: list[nodes.Node]) -> str:
    return re.sub(r"\s+", " ", " ".join(_words(part) for part in parts)).strip()


def _words(node: nodes.Node) -> str:
    """Its text, where a cell and the next one are two words."""
    if isinstance(node, nodes.comment | nodes.raw):
        return ""
    if isinstance(node, nodes.Text) or not isinstance(node, nodes.Element):
        return node.astext()
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(_words(child) for child in node.children)
