"""Feeds imported, exported and imported again: what changes, and how long it takes.

    python benchmarks/opml.py [FEEDS]

Into an empty configuration, out of it, into the same one and into another. One entry in fifty is bad: a newsletter, a
file, an entry without an address. Exits 1 when anything changes or a bad one is not named.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from digestbot.app.feeds import configured_feeds, opml_of
from digestbot.operations.config_writer import Added, import_opml
from digestbot.settings import load

BAD = (
    'xmlUrl="newsletter:a{n}@x.example"',
    'xmlUrl="/etc/hosts{n}"',
    'xmlUrl=""',
    'type="rss" htmlUrl="https://s{n}.example/"',
)


def listed(count: int) -> str:
    def entry(n: int) -> str:
        if n % 50 == 7:
            return f'<outline text="Bad {n}" {BAD[n % 4].format(n=n)}/>'
        scheme = ("https://", "http://", "feed://", "")[n % 4]
        return f'<outline type="rss" text="Feed &amp; {n % 900}" title="Feed &amp; {n % 900}" XMLURL="{scheme}f{n}.example/rss?a=1&b={n}"/>'

    rows = "".join(
        f'<outline text="Folder {at}"><outline text="Inner">{"".join(map(entry, range(at, min(at + 100, count))))}</outline></outline>'
        for at in range(0, count, 100)
    )
    return f"<opml version='2.0'><body>{rows}</body></opml>"


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "list.opml").write_text(listed(count), encoding="utf-8")

        def timed(path: str, opml: str) -> Added:
            began = time.perf_counter()
            made = import_opml(folder / path, folder / opml)
            took = time.perf_counter() - began
            print(
                f"{opml} into {path}: {len(made.feeds)} added, {made.known} known, {len(made.left_out)} left out, {took:.1f} s"
            )
            return made

        (folder / "one.env").write_text("")
        (folder / "two.env").write_text("")
        first = timed("one.env", "list.opml")
        one = configured_feeds(load(folder / "one.env", {}, folder=folder))
        (folder / "export.opml").write_bytes(opml_of(one, {}))
        text = (folder / "one.env").read_bytes()
        again = timed("one.env", "export.opml")
        timed("two.env", "export.opml")
        two = configured_feeds(load(folder / "two.env", {}, folder=folder))
        same = text == (folder / "one.env").read_bytes() and set(one) == set(two) and not again.feeds
        bad = sum(n % 50 == 7 for n in range(count))
        print(
            f"{len(one)} feeds; nothing changed: {'yes' if same else 'no'}; bad entries named: {len(first.left_out)} of {bad}"
        )
        return int(not same or len(first.left_out) != bad)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
