"""Make a data folder of every earlier schema, each by the last release of its own, for `schemas/`.

    python tests/old_folders/make_schemas.py [REVISION ...]

Each release is taken out of the repository's history and runs two days against a mail server on loopback: on the first all
arrives; on the second the server is away, so that one mail waits. Then paths of this machine give way to `/srv/digestbot`, and the
deadline of what waits to 2099. It needs the whole history, and takes some seconds a schema.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE.parent)]

from newsroom import rss  # noqa: E402
from old_schemas import CONFIG, DAYS, FOLDER, feed, replaced  # noqa: E402
from servers.smtp import SmtpServer  # noqa: E402

ODD = {"0008": "da5eb76^"}  # after it two were called 0008 for some commits
VERSIONS = "digestbot/store/migrations/versions"


def git(*words: str) -> str:
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True).stdout.strip()


def known() -> list[str]:
    """Every revision, oldest first; there is no 0019."""
    return sorted(path.name[1:5] for path in (ROOT / VERSIONS).glob("r*.py"))


def release_of(revision: str) -> str:
    """The last commit that knew no later schema: the one before the commit that brought the next; of the newest the present one."""
    if revision in ODD:
        return ODD[revision]
    later = next((found for found in known() if found > revision), None)
    if later is None:
        return "HEAD"
    brought = git("log", "--format=%h", "--reverse", "--diff-filter=A", "--", f"{VERSIONS}/r{later}_*.py").split()
    return f"{brought[0]}^" if brought else "HEAD"


def make(revision: str) -> bytes:
    libraries = os.environ.get("OLD_LIBRARIES", "")
    with tempfile.TemporaryDirectory(prefix="old-schema-") as place, SmtpServer() as smtp:
        source, folder = Path(place) / "source", Path(place).resolve() / "folder"
        source.mkdir()
        folder.mkdir()
        packed = subprocess.run(
            ["git", "-C", str(ROOT), "archive", release_of(revision)], check=True, capture_output=True
        )
        subprocess.run(["tar", "x", "-C", str(source)], input=packed.stdout, check=True)
        (folder / "config.env").write_text(CONFIG.format(port=smtp.port), encoding="utf-8")
        for number, day in enumerate(DAYS[:2]):
            (folder / "saved.xml").write_text(rss(*feed(day)), encoding="utf-8")
            if number:
                smtp.refuse["ann@desk.example"] = "451 4.7.1 come back later"
            words = [
                sys.executable,
                "-m",
                "digestbot",
                "run",
                "--at",
                f"{day}T12:00+00:00",
                "--data",
                str(folder / "data"),
            ]
            environment = {
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "PYTHONPATH": f"{source}:{libraries}",
                "PYTHONWARNINGS": "ignore",
            }
            # What only old releases need: pip install --no-deps --target FOLDER snowballstemmer fastfeedparser
            done = subprocess.run(
                words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
            )
            if done.returncode not in (0, 1) or "Traceback" in done.stderr:
                raise RuntimeError(f"{revision}: {done.stderr}{done.stdout}")
        path = folder / "data" / "digestbot.sqlite3"
        with closing(sqlite3.connect(path)) as database:
            replaced(database, str(folder), FOLDER)
            database.execute(
                "UPDATE deliveries SET deadline = '2099-12-31 00:00:00.000000', not_before = NULL WHERE state = 'pending'"
            )
            database.commit()
            states = database.execute("SELECT state, count(*) FROM deliveries GROUP BY 1 ORDER BY 1").fetchall()
            (found,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
            if (states, found, len(smtp.messages)) != ([("pending", 1), ("sent", 3)], revision, 1):
                raise RuntimeError(
                    f"{revision} came out otherwise: {states}, schema {found}, {len(smtp.messages)} mails"
                )
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA journal_mode=DELETE")
            database.execute("VACUUM")
        content = path.read_bytes()
        if str(folder).encode() in content:
            raise RuntimeError(f"{revision}: {folder} stands in it")
        return gzip.compress(content, 9, mtime=0)


def main() -> None:
    for revision in sys.argv[1:] or known():
        content = make(revision)
        (HERE / "schemas" / f"{revision}.db.gz").write_bytes(content)
        print(revision, git("rev-parse", "--short", release_of(revision)), len(content))  # noqa: T201


if __name__ == "__main__":
    main()
