"""One edition by workers of an earlier commit, which are replaced one after the other by workers of this one.

    python benchmarks/rolling_upgrade.py COMMIT [--mailboxes 600] [--tree FOLDER]

The earlier release makes the database and begins the edition; then each of its two workers is told to stop and one of this tree takes
its place, five seconds apart. Prints both schemas, what was promised and not kept, copies, and how many ranges each release did. At the
end the database is given the number of a schema that nobody knows, and a worker is started: it has to end with one line.
Exits 1 where something was promised and not kept.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from clustered import Cluster
from servers.postgres import running

from digestbot.model import JobKind
from digestbot.store.database import Database, database_address
from digestbot.store.queue import JobQueue

ROOT = Path(__file__).parents[1]
SECONDS = 30.0  # that the edition takes at least
APART = 5.0


def tree_of(commit: str, folder: Path) -> Path:
    """The files of a commit, in a folder."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x"], cwd=folder, input=packed, check=True)
    return folder


class Release:
    """Workers of one tree, in one file of what they say."""

    def __init__(self, name: str, tree: Path, cluster: Cluster) -> None:
        self.name, self._cluster = name, cluster
        self._env = {key: value for key, value in os.environ.items() if not key.startswith("DIGESTBOT_")}
        self._env |= {"PYTHONPATH": str(tree), "HOME": str(cluster.folder)}
        self.log = cluster.folder / f"{name}.txt"
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "digestbot", "worker", "--data", str(self._cluster.data)]
            process = subprocess.Popen(command, cwd=self._cluster.folder, env=self._env, stdout=log, stderr=log)
        self.workers.append(process)
        return process

    def stop_one(self) -> int:
        """Its exit code."""
        process = self.workers.pop(0)
        process.send_signal(signal.SIGTERM)
        return process.wait(30)

    def ranges(self) -> int:
        return len(re.findall(r"range=\d+ sent=[1-9]", self.log.read_text()))

    def tracebacks(self) -> int:
        return self.log.read_text().count("Traceback")


def roll(cluster: Cluster, old: Release, new: Release) -> tuple[list[str], str]:
    """What was promised and not kept, and the codes with which the old ones ended."""
    known = "SELECT count(*) FROM digestbot_jobs.procrastinate_workers"
    for rows in ((3,), (6,)):  # one for each kind of work of each process
        old.start()
        if not cluster.until(lambda rows=rows: cluster.ask(known) == [rows], seconds=60):  # type: ignore[misc]
            return ["the old workers did not begin"], ""
    [(before,)] = cluster.ask("SELECT version_num FROM alembic_version")
    database = Database(*database_address(cluster.data, cluster.url))
    JobQueue(database).put(JobKind.MAKE, str(cluster.edition))
    database.close()
    if not cluster.until(lambda: len(cluster.smtp.messages) > 20, seconds=90):
        return ["no mail went out"], ""
    codes = []
    for _ in range(2):
        new.start()
        time.sleep(APART)
        codes.append(old.stop_one())
    broken = [] if cluster.until(cluster.all_sent, seconds=180) else [f"not done: {dict(cluster.states())}"]
    [(after,)] = cluster.ask("SELECT version_num FROM alembic_version")
    return broken + cluster.verdict(), f"schema {before} to {after}; the old workers ended with {codes}"


def newer(cluster: Cluster, release: Release) -> list[str]:
    """How a worker ends that meets a schema nobody knows."""
    cluster.ask("UPDATE alembic_version SET version_num = '9999'")
    before = release.log.read_text()
    code = release.start().wait(60)
    said = release.log.read_text()[len(before) :].splitlines()
    print(f"{release.name} at a newer schema: exit {code}, {said}")
    return [] if code == 1 and len(said) == 1 else ["a newer schema is not refused with one line"]


def ended(releases: Sequence[Release]) -> None:
    for release in releases:
        for process in release.workers:
            process.kill()
            process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit")
    parser.add_argument("--mailboxes", type=int, default=600)
    parser.add_argument("--tree", type=Path, default=ROOT, help="the newer release")
    given = parser.parse_args()
    with running() as server, tempfile.TemporaryDirectory(prefix="digestbot-roll-") as name:
        folder = Path(name)
        with Cluster(
            folder / "desk",
            server.new_database(),
            feeds=20,
            mailboxes=given.mailboxes,
            channels=("chips", "markets", "city"),
            settings={"SMTP__RATE": f"{round(given.mailboxes / SECONDS)}/s"},
        ) as cluster:
            old = Release("old", tree_of(given.commit, folder / "old"), cluster)
            new = Release("new", given.tree, cluster)
            try:
                broken, told = roll(cluster, old, new)
                if not told:
                    print(old.log.read_text()[-3000:])
                    raise SystemExit(broken[0])
                print(told)
                print(
                    f"Slack {len(cluster.slack.messages)}, mails {len(cluster.smtp.messages)} with {cluster.copies} copies; "
                    f"ranges by the old {old.ranges()}, by the new {new.ranges()}; tracebacks {old.tracebacks()}, {new.tracebacks()}"
                )
                broken += newer(cluster, old) + newer(cluster, new)
            finally:
                ended((old, new))
    for line in broken:
        print(f"BROKEN {line}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
