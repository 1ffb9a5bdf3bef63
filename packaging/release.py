"""Build everything that a release consists of, twice, in two folders, and compare: a release that nobody can repeat is none.

    make release          # into dist/release
    python packaging/release.py FOLDER

What is committed is built, nothing else; the time of the commit is the time of everything in it. FOLDER then holds the wheel, the sdist,
the recipe of the image with its locks, the parts list (SBOM, CycloneDX 1.6), the notices of the libraries, PROVENANCE.md and
SHA256SUMS. Any difference between the two ends it with 1.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

from notices import notices

ROOT = Path(__file__).parents[1]
RECIPE = (
    "packaging/Dockerfile",
    "packaging/trim.py",
    "packaging/compose.yaml",
    "packaging/image.sh",
    "packaging/contain.sh",
    "requirements.lock",
)
TOOLS = ("build", "hatchling", "cyclonedx-bom")


def git(*words: str) -> str:
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True).stdout.strip()


def built(source: Path, target: Path, *, epoch: str, commit: str) -> None:
    """One release of what lies in `source`."""
    target.mkdir()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}

    def run(*words: str) -> None:
        subprocess.run(
            [sys.executable, "-m", *words], cwd=source, env=environment, check=True, stdout=subprocess.DEVNULL
        )

    run("build", "--no-isolation", "--outdir", str(target))
    parts = target / "digestbot.cdx.json"
    run("cyclonedx_py", "requirements", "requirements.lock", "--pyproject", "pyproject.toml", "--mc-type", "application",
        "--output-reproducible", "--output-format", "JSON", "--output-file", str(parts))  # fmt: skip
    # The tool reads no version that a build works out.
    document = json.loads(parts.read_text(encoding="utf-8"))
    document["metadata"]["component"]["version"] = next(target.glob("*.whl")).name.split("-")[1]
    parts.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    (target / "digestbot-image-recipe.tar.gz").write_bytes(packed(source, RECIPE, epoch=int(epoch)))
    (target / "NOTICES.txt").write_text(notices(source / "requirements.lock"), encoding="utf-8")
    (target / "PROVENANCE.md").write_text(provenance(commit, epoch), encoding="utf-8")
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(target.iterdir())]
    (target / "SHA256SUMS").write_text("".join(sums), encoding="ascii")


def packed(source: Path, names: tuple[str, ...], *, epoch: int) -> bytes:
    """Files as a tar.gz whose bytes follow from them alone."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in names:
            content = (source / name).read_bytes()
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(content), epoch, 0o755 if name.endswith(".sh") else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), 9, mtime=epoch)


def provenance(commit: str, epoch: str) -> str:
    """How the files came about, for whoever wants to repeat it."""
    tools = "".join(f"| {name} | {version(name)} |\n" for name in TOOLS)
    return f"""# Provenance

Built from commit `{commit}`, by `make release`, twice, with the same bits both times. Times in the files are that of the commit
(SOURCE_DATE_EPOCH={epoch}). To repeat it:

    git checkout {commit} && make release && sha256sum --check dist/release/SHA256SUMS

| tool | version |
| --- | --- |
| Python | {platform.python_version()} |
{tools}
The libraries of the image and of the tests are pinned with hashes in requirements.lock and requirements-dev.lock. Nothing is signed by this
step: sign SHA256SUMS, which names every other file.
"""


def main() -> int:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "dist/release").absolute()
    commit, epoch = git("rev-parse", "HEAD"), git("log", "-1", "--format=%ct")
    if git("status", "--porcelain", "--untracked-files=no"):
        print("There are changes that are not committed: they are not part of the release.")
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", "HEAD"], check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory(prefix="a-longer-name-") as second:
        made = []
        for place in (Path(first), Path(second)):
            with tarfile.open(fileobj=io.BytesIO(archive)) as files:
                files.extractall(place / "source", filter="data")
            built(place / "source", place / "made", epoch=epoch, commit=commit)
            made.append({path.name: path.read_bytes() for path in sorted((place / "made").iterdir())})
        one, other = made
        unlike = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
        if unlike:
            print("Not the same bits twice:", ", ".join(unlike))
            return 1
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(Path(first) / "made", target)
    print((target / "SHA256SUMS").read_text(encoding="ascii"), end="")
    print(f"The same bits twice: {len(one)} files in {target}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
