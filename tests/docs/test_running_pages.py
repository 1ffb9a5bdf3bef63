"""The pages about running it: what they show is of the form that the other side takes, and what they name is there."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNNING = ROOT / "docs" / "running"


def test_the_property_list_of_launchd_is_one():
    """Every key has its value; it starts `serve`, and again only where that failed."""
    page = (RUNNING / "launchd.md").read_text(encoding="utf-8")
    whole, part = re.findall(r"```xml\n(.*?)```", page, re.DOTALL)
    agent = plistlib.loads(whole.encode())
    assert agent["ProgramArguments"][1] == "serve"
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    timed = plistlib.loads(f"<plist version='1.0'><dict>{part}</dict></plist>".encode())
    assert [one["Minute"] for one in timed["StartCalendarInterval"]] == [30, 45]


@pytest.mark.parametrize(
    "page",
    sorted(
        path.name
        for path in [
            *(page for page in RUNNING.glob("*.md") if page.stem != "index"),
            ROOT / "docs" / "install.md",
            ROOT / "docs" / "versions.md",
        ]
    ),
)
def test_every_link_leads_to_a_file(page: str):
    """A reader who follows one arrives."""
    path = RUNNING / page if (RUNNING / page).exists() else ROOT / "docs" / page
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert all((path.parent / link).exists() for link in links), links


def test_each_page_says_what_was_not_tried():
    """Nobody is to find out by themselves that we had no such machine."""
    assert all(
        "ot tried" in path.read_text(encoding="utf-8")
        for path in (page for page in RUNNING.glob("*.md") if page.stem != "index")
    )


def test_the_sum_of_the_extras_is_all_of_them():
    """`digestbot[all]` leaves none out, and the page has a line for each."""
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    [everything] = extras.pop("all")
    assert set(re.search(r"\[(.*)\]", everything)[1].split(",")) == set(extras)  # type: ignore[index]
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in page for name in extras)


def test_compose_and_kubernetes_ask_for_no_more_than_they_need():
    """No root, no root file system that can be written, no capability: in each service of ours and in both workloads."""
    compose = (ROOT / "packaging" / "compose.yaml").read_text(encoding="utf-8")
    kubernetes = (ROOT / "packaging" / "kubernetes.yaml").read_text(encoding="utf-8")
    assert all(
        line in compose
        for line in ("read_only: true", 'user: "10001:10001"', "cap_drop: [ALL]", "no-new-privileges:true")
    )
    for line in (
        "runAsNonRoot: true",
        "readOnlyRootFilesystem: true",
        "allowPrivilegeEscalation: false",
        "drop: [ALL]",
    ):
        assert kubernetes.count(line) == 2, line
