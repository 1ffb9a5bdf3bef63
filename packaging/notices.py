"""The notices of the libraries that digestbot is installed with: name, version, licence, and the licence's text.

    python packaging/notices.py [LOCK]

They are read from what is installed, so it runs in an environment made from the lock.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_TEXTS = re.compile(r"(?i)(?:^|/)(?:licen[cs]e|copying|notice|authors)[^/]*$")


def named(lock: Path) -> list[str]:
    """The libraries of a lock that this machine's platform needs, in its order."""
    from packaging.requirements import Requirement  # noqa: PLC0415 -- a tool's library

    lines = (line.rstrip(" \\") for line in lock.read_text(encoding="utf-8").splitlines())
    wanted = (Requirement(line) for line in lines if re.match(r"[A-Za-z0-9]", line))
    return [one.name for one in wanted if one.marker is None or one.marker.evaluate()]


def licence(found: Distribution) -> str:
    """In words: the expression (PEP 639), else the classifiers, else the first line of the field."""
    about = found.metadata
    classified = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License :: ")]
    field = (about.get("License") or "").strip().partition("\n")[0]
    return about.get("License-Expression") or ", ".join(classified) or field or "see its text"


def notices(lock: Path) -> str:
    """All of them: a table, then the texts."""
    table, texts = [], []
    for name in named(lock):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            table.append(f"{name}: not installed here")
            continue
        table.append(f"{found.metadata['Name']} {found.version}: {licence(found)}")
        for path in sorted(found.files or (), key=str):
            if _TEXTS.search(str(path)) and ".dist-info/" in str(path):
                text = path.read_text(encoding="utf-8").strip()
                texts.append(
                    f"{'=' * 100}\n{found.metadata['Name']} {found.version}, {path.name}\n{'=' * 100}\n\n{text}\n"
                )
    head = "digestbot is installed with these libraries. Each is its authors' own, under its licence.\n\n"
    return head + "\n".join(table) + "\n\n" + "\n".join(texts)


if __name__ == "__main__":
    sys.stdout.write(notices(Path(sys.argv[1] if len(sys.argv) > 1 else "requirements.lock")))
