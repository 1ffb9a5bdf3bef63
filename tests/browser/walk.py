"""A reader's way through the site in a real Chromium, without JavaScript: read, search, subscribe, confirm, change, leave, take it back.
And an operator's morning at the admin pages (morning.py), and their tuning (tuning.py).

    python tests/browser/walk.py [FOLDER]
    python tests/browser/walk.py --pictures      docs/pictures/site anew, of the sample newsroom

At four widths, light and dark. Fails when a step does not lead where it should, when a page is wider than its window, sets a
cookie or asks another site for anything, and when axe-core or html-validate has an objection. Leaves pictures under FOLDER
(out/browser/site). The tools come from npm, once; what is not there is skipped with its reason.
"""

# ruff: noqa: T201 -- a script, which tells its findings on standard output
from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from archived import DAY, NOON, TODAY, digest, entry, publish  # noqa: E402 -- the samples lie one folder up
from check import PATIENCE, Missing, browser, tools, validated  # noqa: E402
from editor_site import editor_site  # noqa: E402
from morning import SETTINGS, newsroom, operators_morning, pictured_morning  # noqa: E402
from running_site import RunningSite, running  # noqa: E402
from tuning import operators_tuning, pictured_tuning, tuned  # noqa: E402

from digestbot.model import Edition  # noqa: E402
from digestbot.operations.demo import demo  # noqa: E402
from digestbot.operations.logs import LoggedProgress  # noqa: E402
from digestbot.render import digest_from_json  # noqa: E402

WIDTHS = (320, 380, 800, 1400)
ENDS = (320, 1400)  # what holds at both, holds between them: colours and names do not depend on the width


@dataclass
class Walk:
    """One walk at one width, in light or dark."""

    site: RunningSite
    driver: subprocess.Popen[str]
    axe: str
    pictures: Path
    look: str
    thorough: bool  # with axe-core and pictures, which take most of the time
    signed_in: bool = False  # then there is one cookie, and no other
    most: int = 0  # height of a picture; 0 for the whole page
    problems: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)  # their HTML

    def do(self, what: str, **given: object) -> Any:
        assert self.driver.stdin is not None
        assert self.driver.stdout is not None
        self.driver.stdin.write(json.dumps({"what": what, **given}) + "\n")
        self.driver.stdin.flush()
        answer = json.loads(self.driver.stdout.readline())
        if "error" in answer:
            raise SystemExit(f"{self.look}: {what} {given.get('selector', '')}: {answer['error']}")
        return answer["ok"]

    def open(self, path: str, status: int = 200) -> None:
        found = self.do("open", url=f"http://127.0.0.1:{self.site.port}{path}")
        if found != status:
            self.problems.append(f"{self.look}: {path.split('/')[1]} answered {found}, not {status}")

    def see(self, name: str, *words: str) -> None:
        """The page that is open says these words, and is as every page must be."""
        text = self.do("text")
        self.problems += [f"{self.look}, {name}: does not say {word!r}" for word in words if word not in text]
        if (over := self.do("overflow")) > 0:
            self.problems.append(f"{self.look}, {name}: {over} px wider than its window")
        if self.axe and self.thorough:
            self.problems += [f"{self.look}, {name}: {one}" for one in self.do("axe", source=self.axe)]
        own = f"http://127.0.0.1:{self.site.port}/"
        foreign = [url for url in self.do("requests") if not url.startswith((own, "data:"))]
        self.problems += [f"{self.look}, {name}: asked {url}" for url in foreign]
        if (cookies := self.do("cookies")) != self.signed_in:
            self.problems.append(f"{self.look}, {name}: {cookies} cookies")
        self.pages.setdefault(name, self.do("html"))
        if self.thorough:
            most = {"most": self.most} if self.most else {}
            self.do("picture", path=str(self.pictures / f"{name}-{self.look}.png"), **most)


def reading(walk: Walk) -> None:
    """An edition, a story of it, the archive, a search: by links and forms alone."""
    walk.open("/")
    walk.see("front", "Morning")
    walk.open("/d/morning")
    walk.see("edition", "The ferry to Westhaven is back", "Earlier")
    walk.do("press", selector="a[rel=prev]")
    walk.see("edition-before", "The harbour council meets", "Later")
    walk.open(f"/d/morning/{TODAY.isoformat()}")
    walk.do("press", selector=".edition a[href*='/s/']")
    walk.see("story", "Gazette")
    walk.do("press", selector="a[href$='/archive']")
    walk.see("archive", "2026")
    walk.do("press", selector="a[href*='/search']")
    walk.see("search")
    walk.do("fill", selector="input[name=q]", text="ferry -council")
    walk.do("press", selector="main form button")
    walk.see("found", "The ferry to Westhaven is back")


def filled(site: RunningSite) -> None:
    """Two editions that everybody may read."""
    council = entry("The harbour council meets", "It met for three hours.", id="c1", outlets=("Gazette", "Courier"))
    ferry = entry(
        "The ferry to Westhaven is back",
        "The first boat left the old pier at six in the morning.",
        id="f1",
        outlets=("Gazette", "Courier", "Harbour Times", "A paper with a very long name indeed"),
        hours=(3, 2, 1, 0),
        related=(council,),
    )
    chips = entry("Two more lines for the chip works", "Work begins in May.", id="x1", topic="Ports and a long name")
    publish(site.store, digest(council, edition=TODAY - DAY, until=NOON - DAY))
    publish(site.store, digest(ferry, chips, also=(council,)))


def pictured(walk: Walk) -> None:
    """The six chief pages, as docs/ shows them: with the editions of the sample newsroom."""
    site = walk.site
    with tempfile.TemporaryDirectory() as place:
        out = Path(place)
        demo(out, LoggedProgress())
        for path in sorted(out.glob("morning/*/digest.json")):
            content = path.read_text(encoding="utf-8")
            made = digest_from_json(content)
            edition = Edition(digest="morning", date=made.edition, since=made.since, until=made.until)
            site.store.editions.publish(site.store.editions.claim(edition), content, (), used=())
    walk.open("/d/morning")
    walk.see("edition")
    walk.do("press", selector=".edition a[href*='/s/']")
    walk.see("story")
    walk.open("/d/morning/archive")
    walk.see("archive")
    walk.open("/search?q=photoresist")
    walk.see("search")
    walk.open("/subscribe")
    walk.see("subscribe")
    walk.do("tick", selector="input[value=briefing]")
    walk.do("fill", selector="#address", text="ann@example.com")
    walk.do("press", selector="form button")
    walk.open(site.link_mailed())
    walk.do("press", selector="form button")
    walk.do("press", selector="main a")
    walk.see("preferences")


def readers_way(walk: Walk, address: str) -> None:
    """Everything that a reader can do, by their own clicks."""
    site = walk.site
    walk.open("/subscribe")
    walk.see("subscribe", "Your email address")
    walk.do("tick", selector="input[value=briefing]")
    walk.do("fill", selector="#address", text="no address")
    walk.do("press", selector="form button")
    walk.see("subscribe-problem", "This is no email address")
    walk.do("fill", selector="#address", text=address)
    walk.do("press", selector="form button")
    walk.see("asked", "One more step")

    walk.open(site.link_mailed())
    walk.see("confirm", "Do you want")
    walk.do("press", selector="form button")
    walk.see("confirmed", "You are subscribed")

    walk.do("press", selector="main a")
    walk.see("preferences", "What you get", "Pause", "Unsubscribe")
    preferences = walk.site.context.preferences(_number(site, address), "briefing")
    walk.do("tick", selector="input[value=daily]")
    walk.do("tick", selector="input[name=list]")
    walk.do("press", selector="button[value=save]")
    walk.see("saved", "Saved.")
    walk.do("choose", selector="#weeks", value="2")
    walk.do("press", selector="button[value=pause]")
    walk.see("paused", "Paused until")
    walk.do("press", selector="button[value=resume]")
    walk.see("resumed", "It goes on")
    walk.do("fill", selector="#address", text=f"new.{address}")
    walk.do("press", selector="button[value=move]")
    walk.see("moving", "your present address")
    for _ in range(2):
        walk.open(site.link_mailed())
        walk.see("move", "instead?")
        walk.do("press", selector="form button")
    walk.see("moved", "was changed")

    walk.open(preferences)
    walk.do("press", selector="button[value=leave]")
    walk.see("left", "You are unsubscribed")
    walk.do("press", selector="form button")
    walk.see("back", "subscribed again")
    walk.open("/nowhere", 404)
    walk.see("missing", "no such page")
    walk.open(f"{preferences}x", 404)
    walk.see("wrong", "not right")
    site.mails()


def _number(site: RunningSite, address: str) -> int:
    reader = site.store.subscribers.find(address)
    assert reader is not None
    return reader.subscriber.id


@contextmanager
def driving(node: Path) -> Iterator[subprocess.Popen[str]]:
    """A browser that is told what to do."""
    shutil.copy(HERE / "driver.mjs", node.parent)
    command = ["node", str(node.parent / "driver.mjs"), browser()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as driver:
        try:
            yield driver
        finally:
            assert driver.stdin is not None
            driver.stdin.close()
            driver.wait(PATIENCE)


def main(pictures: Path, *, chief: bool = False) -> int:
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="digestbot-browser-") as place:
        folder = Path(place)
        try:
            browser()
            node = tools()
        except Missing as missing:
            print(f"The walk through the site was skipped: {missing}")
            return 0
        axe = (node / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
        problems: list[str] = []
        pages: dict[str, str] = {}
        steps = 0
        with (
            running(folder / "site", DIGESTS__MORNING__PUBLIC="yes") as site,
            running(folder / "admin", **SETTINGS) as desk,
            editor_site(folder / "tuning") as tuning,
            driving(node) as driver,
        ):
            if chief:
                walk = Walk(site, driver, axe, pictures, "800", thorough=True, most=1300)
                walk.do("look", width=800, dark=False)
                pictured(walk)
                newsroom(desk)
                walk.site = desk
                pictured_morning(walk)
                walk.site = tuning.site
                pictured_tuning(walk)
                print("\n".join(walk.problems) or f"{len(walk.pages)} pictures in {pictures}")
                return 1 if walk.problems else 0
            filled(site)
            newsroom(desk)
            tuned(tuning)
            desk.context.limits.sign_in_may = lambda _network: True  # type: ignore[method-assign]
            site.context.limits.network_may = lambda _network: True  # type: ignore[method-assign]
            for width in WIDTHS:
                for dark in (False, True):
                    walk = Walk(site, driver, axe, pictures, f"{width}-{'dark' if dark else 'light'}", width in ENDS)
                    walk.do("look", width=width, dark=dark)
                    reading(walk)
                    readers_way(walk, f"ann{width}{dark}@example.com".lower())
                    walk.site = desk
                    operators_morning(walk)
                    walk.site = tuning.site
                    operators_tuning(walk, tuning)
                    problems += walk.problems
                    pages |= walk.pages
                    steps += len(walk.pages)
        problems += validated(node, pages, folder, HERE / "htmlvalidate-site.json")
    print(
        "\n".join(problems)
        or f"A reader's way through the site and an operator's: {steps} pages looked at, nothing wrong; {pictures}"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    if "--pictures" in sys.argv:
        sys.exit(main(HERE.parents[1] / "docs" / "pictures" / "site", chief=True))
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out/browser/site")))
