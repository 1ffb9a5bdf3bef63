"""How Sphinx makes the docs site of the pages in this folder: `make docs`."""

# ruff: noqa: INP001 -- Sphinx reads this file by itself
from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = PROJECT["name"]
release = version = PROJECT["version"]
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


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _led_inside)
