"""Make the pictures of the documentation anew, with a real browser.

    python tests/browser/pictures.py

Writes docs/pictures/email.png and slack.png from the sample newsroom, and one picture for every state under
docs/pictures/states.
"""

# ruff: noqa: T201 -- a script, which tells its findings on standard output
from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import lxml.html
from check import HERE, STATES, chromium

from digestbot.model import Message
from digestbot.operations.demo import demo
from digestbot.operations.logs import LoggedProgress
from digestbot.render import Templates, preview_page, render

PICTURES = HERE.parents[1] / "docs" / "pictures"
DARK = "@media (prefers-color-scheme: dark)"


@dataclass(frozen=True, slots=True)
class Frame:
    """A form in a window of this width."""

    title: str
    width: int
    html: str


def frames(message: Message, *, titled: bool = False) -> tuple[Frame, Frame, Frame]:
    """The email on a screen, the email in the dark on a phone, Slack."""
    page = lxml.html.fromstring(preview_page(message))
    style = page.xpath("//style")[0].text
    slack = lxml.html.tostring(page.xpath('//div[@class="slack"]')[0], encoding="unicode")
    bare = f"<!DOCTYPE html><style>{style} body {{ padding: 0; background: #fff }} .slack {{ height: auto; box-shadow: none }}</style>{slack}"
    return (
        Frame("Email" if titled else "", 648, message.html.replace(DARK, "@media not all")),
        Frame("Email, on a phone in the dark" if titled else "", 398, message.html.replace(DARK, "@media all")),
        Frame("Slack, an imitation", 620, bare),
    )


def take(shown: tuple[Frame, ...], path: Path, *, most: int, scale: float) -> None:
    """A picture of the frames side by side, none taller than `most`."""
    given = {"most": most, "frames": [{"title": one.title, "width": one.width, "html": one.html} for one in shown]}
    data = json.dumps(given).replace("<", "\\u003c")
    page = (HERE / "picture.html").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="digestbot-browser-") as place:
        file = Path(place) / "picture.html"
        file.write_text(f'{page}<script id="given" type="application/json">{data}</script>', encoding="utf-8")
        dump = chromium("--virtual-time-budget=10000", "--window-size=1800,400", "--dump-dom", file.as_uri())
        size = re.search(r'data-size="(\d+,\d+)"', dump)
        assert size is not None, "the browser did not finish"
        chromium(
            "--virtual-time-budget=10000",
            f"--window-size={size[1]}",
            f"--force-device-scale-factor={scale}",
            f"--screenshot={path}",
            file.as_uri(),
        )
    print(f"{path.relative_to(PICTURES)}: {path.stat().st_size // 1000} kB")


def main() -> None:
    (PICTURES / "states").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="digestbot-browser-") as place:
        digest = demo(Path(place), LoggedProgress()).digest
    assert digest is not None
    screen, phone, slack = frames(render(digest, templates=Templates()))
    take((screen, phone), PICTURES / "email.png", most=1180, scale=1)
    take((slack,), PICTURES / "slack.png", most=1200, scale=1)
    for name, make in STATES.items():
        shown = frames(render(make(), templates=Templates()), titled=True)
        take(shown, PICTURES / "states" / f"{name.replace('_', '-')}.png", most=1200, scale=0.5)


if __name__ == "__main__":
    main()
