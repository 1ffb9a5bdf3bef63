"""In the image, once all is installed: take out what nothing runs, compile what a digest loads, and make all times one.

python trim.py SECONDS      # since 1970, of every file
"""

from __future__ import annotations

import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# The installer, and what packages bring for their own developers. scipy.stats and others stay: sumy's summarisers load them.
_GONE = (
    "pip",
    "pip-*.dist-info",
    "*/tests",
    "*/*/tests",
    "*/*/*/tests",
    "nltk/test",
    "lxml/includes",
    "sqlalchemy/testing",
)
_KINDS = ("*.pyi", "*.pyx", "*.pxd", "*.c", "*.h", "*.hpp", "*.a")


def main() -> None:
    moment = int(sys.argv[1])
    root = Path(sys.prefix)
    site = next(root.glob("lib/python3*/site-packages"))
    for found in [path for pattern in _GONE for path in site.glob(pattern)]:
        shutil.rmtree(found, ignore_errors=not found.exists())  # one may have lain in another
    for found in (
        [path for kind in _KINDS for path in site.rglob(kind)]
        + list(root.glob("bin/*ip*"))
        + list(root.glob("bin/*ctivate*"))
    ):
        found.unlink(missing_ok=True)
    compile_what_is_used(root, site)
    for path in (root, *root.rglob("*")):
        os.utime(path, (moment, moment), follow_symlinks=False)


def compile_what_is_used(root: Path, site: Path) -> None:
    """What the demo and two commands load. All of it would be three times as much, and a read-only file system takes none later."""
    for compiled in site.rglob("*.pyc"):
        compiled.unlink()
    with tempfile.TemporaryDirectory() as folder:
        for words in (["demo", "--out", folder], ["status"], ["serve", "--help"]):
            subprocess.run(
                [str(root / "bin" / "digestbot"), *words], cwd=folder, check=False, stdout=subprocess.DEVNULL
            )
    for compiled in list(site.rglob("*.pyc")):
        source = compiled.parent.parent / f"{compiled.name.partition('.')[0]}.py"
        compiled.unlink()
        if source.exists():
            # By its content, and not looked up again: no time is in it, and the file cannot change.
            py_compile.compile(
                str(source), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
            )


if __name__ == "__main__":
    main()
