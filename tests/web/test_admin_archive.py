"""What was sent, for operators: private digests, too."""

from __future__ import annotations

import re
from pathlib import Path

from admin_site import TOKEN, Browser
from reading_site import reading_site


def test_an_operator_reads_what_nobody_else_may(tmp_path: Path):
    """A private digest's editions, stories, months, topics and outlets, by links alone; no page may be kept by anybody."""
    with reading_site(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        browser = Browser(site)
        assert browser.get("/admin/d/desk").status == 401
        browser.sign_in()
        seen, todo = set(), ["/admin/d/desk"]
        while todo:
            path = todo.pop()
            seen.add(path)
            answer = browser.get(path)
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store"), path
            found = [one for one in answer.links() if one.startswith("/admin/d/")]
            todo += [one for one in found if one not in seen and one not in todo]
        assert any("/s/" in one for one in seen)
        assert any("/archive/" in one for one in seen)
        assert any("/outlet/" in one for one in seen)
        assert browser.get("/d/desk").status == 404


def test_its_stories_are_explained(tmp_path: Path):
    """Each has a link to why; readers' pages have none."""
    with reading_site(tmp_path) as site:
        browser = Browser(site)
        links = re.findall(r'href="(/admin/explain/desk[^"]+)"', browser.get("/admin/d/desk").body)
        assert links
        assert browser.get(links[0].replace("&amp;", "&")).status in (200, 404)  # its items are none of the store's
        assert "/admin" not in site.get("/d/morning").body


def test_there_is_nothing_else(tmp_path: Path):
    """No digest and no edition of that name."""
    with reading_site(tmp_path) as site:
        for path in (
            "/admin/d/nothing",
            "/admin/d/desk/2020-01-01",
            "/admin/d/desk/x",
            "/admin/d/desk/archive/2019-01",
        ):
            assert site.get(path).status == 404
