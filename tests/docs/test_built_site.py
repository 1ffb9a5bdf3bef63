"""The check of the built docs site finds what it is for."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_site import problems

PAGE = '<html><head>{head}</head><body><h1 id="top">A</h1>{body}</body></html>'


@pytest.mark.parametrize(
    ("head", "body", "wrong"),
    [
        ("", '<a href="b.html#there">b</a><a href="#top">up</a><a href="https://www.rfc-editor.org/x">x</a>', ""),
        ("", '<a href="c.html">c</a>', "does not exist"),
        ("", '<a href="b.html#gone">b</a>', "is no place"),
        ("", '<a href="https:///nowhere">x</a>', "is no address"),
        ("", '<img src="https://cdn.example/a.png">', "loads"),
        ('<link rel="stylesheet" href="//fonts.example/a.css">', "", "loads"),
        ('<script src="https://cdn.example/a.js"></script>', "", "loads"),
    ],
)
def test_what_is_wrong_with_a_built_page_is_named(tmp_path: Path, head: str, body: str, wrong: str):
    """A link that leads nowhere, and anything that a browser would fetch from another host."""
    (tmp_path / "a.html").write_text(PAGE.format(head=head, body=body))
    (tmp_path / "b.html").write_text(PAGE.format(head="", body='<p id="there"></p>'))
    found = list(problems(tmp_path))
    assert len(found) == bool(wrong)
    assert all(wrong in one for one in found)


def test_a_stylesheet_that_loads_from_elsewhere_is_named(tmp_path: Path):
    """Fonts come in by stylesheets, which no page names."""
    (tmp_path / "a.css").write_text("@font-face { src: url(https://fonts.example/a.woff2) }")
    assert "another host" in next(problems(tmp_path))
