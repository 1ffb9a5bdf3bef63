"""Look at every state of every page with a real browser.

    python tests/browser/check.py [FOLDER]

Leaves a sheet of pictures of all states in light, dark, forced dark and 380 px under FOLDER (out/browser), and fails when a
page is wider than its window, when axe-core finds a violation, or when html-validate has an objection. The two tools
come from npm, once. What is not there is skipped with its reason.
"""

# ruff: noqa: T201 -- a script, which tells its findings on standard output
from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from render_states import STATES, pictured  # noqa: E402 -- the states lie one folder up

from digestbot.render import Templates, preview_page, render  # noqa: E402

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--hide-scrollbars", "--mute-audio")
FETCHED = HERE.parents[1] / ".venv" / "browser"
PATIENCE = 90  # seconds for one start of the browser, or of npm


@dataclass(frozen=True, slots=True)
class Look:
    """A way to see an email."""

    name: str
    width: int = 648
    flags: tuple[str, ...] = ()


LOOKS = (
    Look("light"),
    Look("dark", flags=("--blink-settings=preferredColorScheme=0",)),
    Look("forced-dark", flags=("--enable-features=WebContentsForceDark",)),
    Look("phone", width=380),
    Look("phone-dark", width=380, flags=("--blink-settings=preferredColorScheme=0",)),
)


class Missing(Exception):
    """A tool that is not here."""


def browser() -> str:
    """The path of a Chromium."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise Missing("no Chromium is installed (apt-get install chromium)")
    return path


def chromium(*arguments: str) -> str:
    """Run it once, with a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="digestbot-browser-") as profile:
        done = subprocess.run(
            [browser(), *FLAGS, f"--user-data-dir={profile}", *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"Chromium failed: {done.stderr[-500:]}")
    return done.stdout


def tools() -> Path:
    """The folder of axe-core and html-validate in the versions of package.json, fetched once into .venv/browser."""
    if shutil.which("npm") is None:
        raise Missing("no npm is installed (apt-get install npm)")
    FETCHED.mkdir(parents=True, exist_ok=True)
    wanted, fetched = (HERE / "package.json").read_bytes(), FETCHED / "fetched.json"
    with FileLock(FETCHED / "lock"):
        if fetched.exists() and fetched.read_bytes() == wanted:
            return FETCHED / "node_modules"
        shutil.copy(HERE / "package.json", FETCHED)
        fetch = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent"]
        try:
            done = subprocess.run(fetch, cwd=FETCHED, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            raise Missing(f"npm fetched nothing within {PATIENCE} s") from None
        if done.returncode:
            raise Missing(f"npm could not fetch axe-core and html-validate: {done.stderr.strip()[-200:]}")
        fetched.write_bytes(wanted)
    return FETCHED / "node_modules"


def sheet(look: Look, documents: dict[str, str], axe: str, folder: Path) -> Path:
    """A page that shows these documents side by side as the look wants them."""
    given = json.dumps({"documents": documents, "width": look.width, "axe": axe}).replace("<", "\\u003c")
    page = (HERE / "sheet.html").read_text(encoding="utf-8")
    place = '<div id="frames"></div>'
    path = folder / f"{look.name}.html"
    path.write_text(
        page.replace(place, f'{place}<script id="given" type="application/json">{given}</script>'), encoding="utf-8"
    )
    return path


def looked_at(look: Look, documents: dict[str, str], axe: str, pictures: Path) -> Iterator[str]:
    """What is wrong with the documents in this look; leaves a picture of them."""
    with tempfile.TemporaryDirectory(prefix="digestbot-browser-") as place:
        address = sheet(look, documents, axe, Path(place)).as_uri()
        dump = chromium(*look.flags, "--virtual-time-budget=60000", "--dump-dom", address)
        noted = re.search(r'<body[^>]* data-found="([^"]*)"', dump)
        if noted is None:
            yield f"{look.name}: the browser did not finish"
            return
        found: dict[str, Any] = json.loads(html.unescape(noted[1]))
        if "error" in found:
            yield f"{look.name}: {found['error']}"
            return
        for name, result in found.items():
            if result["overflow"] > 0:
                yield f"{look.name}, {name}: {result['overflow']} px wider than its window"
            if axe and not result["passes"]:
                yield f"{look.name}, {name}: axe-core looked at nothing"
            for violation in result["violations"]:
                yield f"{look.name}, {name}: {violation}"
        bare = sheet(look, documents, "", Path(place)).as_uri()
        width = (look.width + 20) * len(documents) + 20
        height = max(result["height"] for result in found.values()) + 60
        chromium(
            *look.flags,
            "--virtual-time-budget=10000",
            f"--window-size={width},{height}",
            "--force-device-scale-factor=0.5",
            f"--screenshot={pictures / look.name}.png",
            bare,
        )


def validated(
    node: Path, pages: dict[str, str], folder: Path, rules: Path = HERE / "htmlvalidate.json"
) -> Iterator[str]:
    """What html-validate says against the pages."""
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    command = ["node", str(node / "html-validate" / "bin" / "html-validate.mjs"), "--formatter", "text"]
    command += ["--config", str(rules), *(str(folder / f"{name}.html") for name in pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        yield from (done.stdout or done.stderr).replace(f"{folder}/", "").splitlines()


def main(pictures: Path) -> int:
    try:
        browser()
    except Missing as missing:
        print(f"Browser checks skipped: {missing}")
        return 0
    pictures.mkdir(parents=True, exist_ok=True)
    messages = {name: render(make(), templates=Templates()) for name, make in STATES.items()}
    emails = {name: message.html for name, message in messages.items()}
    problems: list[str] = []
    axe = ""
    with tempfile.TemporaryDirectory(prefix="digestbot-browser-") as place:
        try:
            node = tools()
        except Missing as missing:
            print(f"axe-core and html-validate skipped: {missing}")
        else:
            axe = (node / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
            with_picture = render(pictured(), templates=Templates(), images="lead").html
            pages = emails | {"pictured": with_picture, "preview": preview_page(messages["normal"])}
            problems += validated(node, pages, Path(place))
    for look in LOOKS:
        problems += looked_at(look, emails, "" if look.name == "forced-dark" else axe, pictures)
        print(f"{look.name}: {len(emails)} states, {pictures / look.name}.png")
    print("\n".join(problems) or "The browser finds nothing wrong.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out/browser")))
