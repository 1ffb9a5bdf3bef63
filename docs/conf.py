"""How Sphinx makes the docs site of the pages in this folder: `make docs`."""

# ruff: noqa: INP001 -- Sphinx reads this file by itself
from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import sections

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = PROJECT["name"]
# Of the file itself: what Sphinx runs in has no digestbot.
_VERSION = re.search(
    r'^__version__ = "(.+)"$', (ROOT / "digestbot/__init__.py").read_text(encoding="utf-8"), re.MULTILINE
)
assert _VERSION is not None  # noqa: S101 -- a build without it must not go on
release = version = _VERSION[1]
extensions = ["myst_parser"]
exclude_patterns = ["_build"]

myst_heading_anchors = 4

html_theme = "furo"
html_title = f"digestbot {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_permalinks_icon = "#"
html_theme_options = {"footer_icons": [], "top_of_page_buttons": []}

# What lies beside this folder and has a page of its own here: a reader of the files follows the same links.
_BESIDE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "develop/contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "develop/security.md",
    "config.example.env": "config-example.md",
}


def _led_inside(_app: object, name: str, source: list[str]) -> None:
    """Links to files beside docs/ lead to the pages that show them."""
    up = "../" * (name.count("/") + 1)
    back = "../" * name.count("/")
    for file, page in _BESIDE.items():
        source[0] = re.sub(rf"\]\({re.escape(up + file)}(#[^)]*)?\)", rf"]({back}{page}\1)", source[0])


# What the theme leaves out for people who listen to a page, or walk it by keyboard.
_NAMED = {
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer': '<aside aria-label="This page" class="toc-drawer',
    'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
    '<div class="highlight"><pre>': '<div class="highlight"><pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    '<div id="search-results">': '<h1>Search</h1>\n<div id="search-results">',
}


def _made_accessible(app: Any, error: Exception | None) -> None:
    """Pages as they were written, with names and places that a keyboard reaches."""
    if error is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for given, wanted in _NAMED.items():
            text = text.replace(given, wanted)
        path.write_text(text, encoding="utf-8")


def _with_search(app: Any, page: str, *_context: object) -> None:
    """The search reads the text of every page, which no other page needs."""
    if page == "search":
        app.add_js_file("asked.js")
        app.add_js_file(Path(sections.INDEX).name)


def setup(app: Any) -> None:
    """Called by Sphinx."""
    # Another number has it read all pages anew: what name_rows does is kept with each.
    app.add_config_value("named_rows", 1, "env")
    app.connect("source-read", _led_inside)
    app.connect("build-finished", _made_accessible)
    app.connect("doctree-read", sections.name_rows)
    app.connect("build-finished", sections.write_index)
    app.connect("html-page-context", _with_search)
