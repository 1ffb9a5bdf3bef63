"""Install the wheel as people do, away from the checkout, and use it: on each Python there is, and with the oldest libraries it allows.

    make try-wheel
    python packaging/try_wheel.py WHEEL [--tests] [--newest]

Libraries are those of the lock; with --newest what the index has today.
For each environment a line says how long the installation took, how much it takes on the disk, and how long the demo ran. With --tests
a part of the tests runs against the wheel with the oldest libraries. Ends with 1 where something does not work.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
MOST_MEGABYTES = 450  # of a fresh installation, without compiled copies
# Where libraries differ most from one version to the next.
TESTS = ("render", "summarise", "settings", "web")
UV = str(Path(sys.prefix) / "bin" / "uv")


def pythons() -> Iterator[tuple[str, str]]:
    """Each version that is here, with its program: on the path, or where pyenv keeps them."""
    places = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in PYTHONS:
        found = [shutil.which(f"python{version}") or "", *map(str, sorted(places.glob(f"{version}.*/bin/python")))]
        works = (
            one
            for one in found
            if one and not subprocess.run([one, "-c", ""], capture_output=True, check=False).returncode
        )
        if (program := next(works, None)) is not None:
            yield version, program
        else:
            print(f"Python {version}: not here")


def megabytes(folder: Path) -> float:
    """What the files of an installation take, compiled copies apart: they come by themselves, and pip alone makes all of them."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file() and one.suffix != ".pyc") / 1e6


def run(*words: str, cwd: Path, **environment: str) -> str:
    usual = {name: value for name, value in os.environ.items() if not name.startswith(("DIGESTBOT_", "PYTHON"))}
    done = subprocess.run(words, cwd=cwd, env=usual | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def tried(name: str, python: str, place: Path, *what: str) -> Path:
    """Install and use it; returns the environment."""
    environment, empty = place / "environment", place / "empty"
    empty.mkdir(parents=True)
    began = time.monotonic()
    run(UV, "venv", "--quiet", "--python", python, str(environment), cwd=empty)
    run(UV, "pip", "install", "--quiet", "--python", str(environment), *what, cwd=empty)
    installed, size = time.monotonic() - began, megabytes(environment)
    program, began = str(environment / "bin" / "digestbot"), time.monotonic()
    said = run(program, "--version", cwd=empty).strip()
    run(program, "demo", "--out", "out", cwd=empty)
    took = time.monotonic() - began
    for form in ("digest.html", "digest.txt", "digest.json"):
        if not (empty / "out" / "morning" / "2026-05-27" / form).stat().st_size:
            raise SystemExit(f"{name}: the demo left no {form}")
    for words in (("templates", "list"), ("help", "topics"), ("init",)):
        run(program, *words, cwd=empty)
    print(f"{name}: {said}; installed in {installed:.0f} s, {size:.0f} MB; demo {took:.1f} s", flush=True)
    return environment


def tried_with_oldest(python: str, place: Path, wheel: str) -> Path:
    """The same with the oldest library of each that the project allows."""
    place.mkdir()
    # Of the project itself: of a wheel all libraries are indirect, and uv would take the newest ones.
    bounds = place / "bounds.txt"
    how = ("--quiet", "--resolution", "lowest-direct", "--all-extras", "--no-header", "--python", python)
    run(UV, "pip", "compile", *how, str(ROOT / "pyproject.toml"), "--output-file", str(bounds), cwd=place)
    return tried("oldest libraries", python, place, "--constraints", str(bounds), f"digestbot[all] @ file://{wheel}")


def main() -> int:
    wheel = str(Path(sys.argv[1]).absolute())
    found = list(pythons())
    with tempfile.TemporaryDirectory() as folder:
        oldest = Path(folder) / "oldest"
        locked = () if "--newest" in sys.argv else ("--constraints", str(ROOT / "requirements.lock"))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            jobs = [
                pool.submit(tried, f"Python {version}", program, Path(folder) / version, wheel, *locked)
                for version, program in found
            ]
            with_oldest = pool.submit(tried_with_oldest, found[0][1], oldest, wheel)
        if any(megabytes(job.result()) > MOST_MEGABYTES for job in jobs):
            print(f"That is more than {MOST_MEGABYTES} MB.")
            return 1
        environment = with_oldest.result()
        if "--tests" in sys.argv:
            needs = ("pytest", "pytest-xdist", "hypothesis", "aiosmtpd")
            kept = oldest / "kept.txt"
            kept.write_text(
                run(UV, "pip", "freeze", "--exclude", "digestbot", "--python", str(environment), cwd=oldest),
                encoding="utf-8",
            )
            run(
                UV,
                "pip",
                "install",
                "--quiet",
                "--python",
                str(environment),
                "--constraints",
                str(kept),
                *needs,
                cwd=oldest,
            )
            words: tuple[str, ...] = (
                "-p",
                "no:cacheprovider",
                "-n",
                "auto",
                "--rootdir",
                str(ROOT),
                "-c",
                str(ROOT / "pyproject.toml"),
            )
            # A socket that a busy machine closes late is no matter of versions.
            words += ("-W", "default::pytest.PytestUnraisableExceptionWarning")
            tests = [str(ROOT / "tests" / name) for name in TESTS]
            print(run(str(environment / "bin" / "pytest"), *words, *tests, cwd=oldest / "empty").splitlines()[-1])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
