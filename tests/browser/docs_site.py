"""The built docs in a real Chromium: no request to another host, no objection of axe-core, no page wider than its window, questions found.

    make docs && python tests/browser/docs_site.py [FOLDER]

Reads out/docs as files, without a server, as somebody without a network would. Leaves pictures under FOLDER (out/browser/docs). Fails when a page asks
another site for anything, when axe-core objects, when a page is too wide, or when the search does not lead to the answer of all
but two of forty questions within its first three results.
"""

# ruff: noqa: T201 -- a script, which tells its findings on standard output
from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from check import Missing, browser, tools  # noqa: E402 -- beside it

PAGES = (
    "index.html", "start.html", "howto/index.html", "howto/come-from-another-reader.html", "tutorials/team-channel.html", "reference/settings.html",
    "explanation/stories.html", "operate/troubleshooting.html", "compare.html", "reference/kits.html", "site.html", "search.html",
)  # fmt: skip
LOOKS = [{"width": width, "dark": dark} for width in (380, 1400) for dark in (False, True)]
FIRST = 3
ENOUGH = 38
# What people ask, and where the answer stands: on a page, or in a section of one.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "combine feeds of one publisher": (
        "answers/feeds#count-several-domains-as-one-publisher",
        "explanation/stories",
        "topics",
        "howto/keep-one-outlet-from-filling-the-digest",
    ),
    "email clipped by gmail because it is too large": (
        "channels/email",
        "design",
        "operate/troubleshooting",
        "bulk-senders",
    ),
    "hide a source completely": ("howto/give-a-source-more-weight", "howto/mute-a-subject-for-a-while"),
    "replies in a slack thread": (
        "channels/slack",
        "howto/make-the-digest-shorter",
        "tutorials/team-channel",
        "reference/settings",
        "templates",
    ),
    "cron job example": ("howto/send-without-a-daemon", "operations"),
    "check the configuration for mistakes": (
        "reference/commands#digestbot-check",
        "operate/troubleshooting",
        "howto/find-out-why-no-digest-came",
        "start",
        "first-digest",
    ),
    "move the database to a postgresql server": ("operate/growing",),
    "readers in different time zones": (
        "howto/change-when-it-comes",
        "howto/send-different-topics-to-different-people",
    ),
    "archive of past editions": ("site", "howto/put-the-archive-on-the-web"),
    "stop search engines from indexing my pages": ("site", "reference/settings"),
    "slack rate limit": ("channels/slack", "operate/troubleshooting"),
    "feed returns 403 forbidden": ("operate/troubleshooting", "howto/find-broken-feeds"),
    "add a second topic": (
        "answers/stories#add-a-keyword-a-company-or-a-person-to-follow",
        "topics",
        "howto/try-a-topic",
    ),
    "follow a company by its ticker": (
        "answers/stories#add-a-keyword-a-company-or-a-person-to-follow",
        "topics",
    ),
    "send a test mail": ("howto/test-before-sending", "howto/send-by-email", "tutorials/newsletter", "channels/email"),
    "log as json": ("reference/events", "operations", "reference/settings"),
    "contribute a translation": ("develop/contributing", "howto/change-the-language"),
    "keyboard shortcuts on the site": (
        "answers/site#keyboard-shortcuts-screen-readers-without-javascript",
        "site",
    ),
    "telegram notifications": ("channels", "howto/send-to-your-phone"),
    "scopes that the bot needs": (
        "channels/slack",
        "howto/post-to-slack",
        "tutorials/team-channel",
        "operate/troubleshooting",
    ),
    "keep only the last 30 days": ("answers/data#keep-only-the-last-30-days-retention",),
    "how much memory is needed": ("answers/running#memory-needed-how-much-ram-processor-and-disk",),
    "move the hour": ("answers/schedule#move-the-hour-send-it-earlier-or-later",),
    "how do I add another recipient": ("howto/send-by-email", "answers/mail#add-or-remove-a-person-who-gets-the-mail"),
    "make the font bigger": ("answers/looks#colours-fonts-css-dark-mode",),
    "stop the emails on public holidays": ("answers/schedule#stop-pause-or-interrupt-on-holiday-on-vacation",),
    "where can I see errors": ("answers/running#where-are-the-logs-and-more-of-them-debugging",),
    "how to run it on Windows": ("running/task-scheduler",),
    "merge news from two websites of one newspaper": ("answers/feeds#count-several-domains-as-one-publisher",),
    "remove an old feed": ("howto/add-a-feed", "answers/feeds#add-list-rename-or-remove-feeds"),
    "how can readers choose how often they get it": (
        "answers/readers#readers-choose-how-often-it-comes-a-pause-for-one-reader",
    ),
    "restore yesterday's backup": ("operations", "howto/back-up-and-restore"),
    "filtering out articles that contain keywords": ("answers/stories#exclude-sports-celebrities-or-another-subject",),
    "if zero new articles, no email is sent": (
        "answers/schedule#skip-days-without-news",
        "howto/choose-what-happens-on-a-quiet-day",
    ),
    "deploy on a server without docker": (
        "answers/running#install-it-and-on-what-linux-mac-windows-raspberry-pi-a-nas",
    ),
    "is an external smtp server required": (
        "answers/mail#without-a-mail-server-or-provider-of-your-own",
        "answers/mail#set-up-the-mail-server-smtp-host-port-user-name-password",
        "howto/send-by-email",
    ),
    "DIGESTBOT_KEEP_BODIES": ("reference/settings#digestbot-keep-bodies",),
    "keep bodies": ("reference/settings#digestbot-keep-bodies",),
    "unsubcribe link": ("answers/readers#an-unsubscribe-link-in-the-mail-s-foot",),
    "kubernets": ("running/kubernetes",),
}


def main(pictures: Path) -> int:
    site = HERE.parents[1] / "out" / "docs"
    if not (site / "index.html").is_file():
        print("make docs first")
        return 2
    pictures.mkdir(parents=True, exist_ok=True)
    try:
        program = browser()
        modules = tools()
        given = {
            "browser": program,
            "site": site.as_uri() + "/",
            "pages": PAGES,
            "looks": LOOKS,
            "questions": list(QUESTIONS),
            "axe": (modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8"),
            "pictures": str(pictures.resolve()),
        }
        shutil.copy(HERE / "docs.mjs", modules.parent)
        with tempfile.TemporaryDirectory(prefix="digestbot-browser-") as place:
            file = Path(place) / "given.json"
            file.write_text(json.dumps(given), encoding="utf-8")
            command = ["node", str(modules.parent / "docs.mjs"), str(file)]
            done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=500, check=False)
    except Missing as missing:
        print(f"Not looked at: {missing}")
        return 0
    if done.returncode:
        print(done.stderr[-2000:])
        return 1
    return told(json.loads(done.stdout))


def told(found: dict[str, object]) -> int:
    """Say what was found; 1 where something is wrong."""
    wrong = [*found["foreign"], *found["axe"], *found["wide"], *dict.fromkeys(found["errors"])]  # type: ignore[misc]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    answers: dict[str, list[str]] = found["answers"]  # type: ignore[assignment]
    right = 0
    for question, places in QUESTIONS.items():
        pages = [link.partition("?")[0].replace(".html", "") for link in answers[question]]
        place = next((at for at, page in enumerate(pages, 1) if {page, page.partition("#")[0]} & set(places)), 0)
        right += 1 <= place <= FIRST
        if not 1 <= place <= FIRST:
            print(f"not among the first {FIRST}: {question}: {', '.join(pages[:FIRST])}")
    print(
        f"{found['looked']} looks at {len(PAGES)} pages, {found['requests']} requests, {len(found['foreign'])} of them to another host; "  # type: ignore[arg-type]
        f"axe-core: {len(found['axe'])}; too wide: {len(found['wide'])}; questions answered: {right} of {len(QUESTIONS)}"  # type: ignore[arg-type]
    )
    return int(bool(wrong) or right < ENOUGH)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "out/browser/docs")))
