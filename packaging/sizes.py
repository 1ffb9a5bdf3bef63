"""What each library of an installation takes on the disk, the largest first, as a table.

ENVIRONMENT/bin/python packaging/sizes.py
"""

from __future__ import annotations

from importlib.metadata import Distribution, distributions


def sizes(found: Distribution) -> tuple[float, float]:
    """Megabytes of its files, and of what Python compiles of them."""
    own = compiled = 0
    for name in found.files or ():
        path = found.locate_file(name)
        try:
            size = path.stat().st_size  # type: ignore[attr-defined]
        except OSError:
            continue
        if str(name).endswith(".pyc"):
            compiled += size
        else:
            own += size
    return own / 1e6, compiled / 1e6


def main() -> None:
    rows = sorted(((*sizes(found), found.metadata["Name"], found.version) for found in distributions()), reverse=True)
    print("| library | version | MB | compiled, MB |\n| --- | --- | --- | --- |")
    for own, compiled, name, version in rows:
        if own + compiled >= 1:
            print(f"| {name} | {version} | {own:.1f} | {compiled:.1f} |")
    print(f"| all {len(rows)} | | {sum(row[0] for row in rows):.0f} | {sum(row[1] for row in rows):.0f} |")


if __name__ == "__main__":
    main()
