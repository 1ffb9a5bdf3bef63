"""A real pgbouncer before a real PostgreSQL, where one is installed: each transaction gets another of its connections."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

_PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def pooled(url: str, *, mode: str = "transaction", size: int = 20) -> Iterator[str]:
    """The URL of the same database through a pooler in this mode, of at most `size` connections.

    Raises:
        OSError: none is installed, or it does not begin.
    """
    if _PROGRAM is None:
        raise OSError("pgbouncer is not installed (apt-get install pgbouncer)")
    real = make_url(url)
    with tempfile.TemporaryDirectory(prefix="digestbot-pool-") as name, closing(socket.socket()) as probe:
        folder = Path(name)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        (folder / "users").write_text(f'"{real.username}" "{real.password}"\n')
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\n{real.database} = host={real.host} port={real.port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = plain\n"
            f"auth_file = {folder / 'users'}\npool_mode = {mode}\ndefault_pool_size = {size}\n"
            # So that two transactions of one client seldom meet the same connection.
            "server_round_robin = 1\n"
        )
        as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
        if as_user:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, "nobody")
        process = subprocess.Popen(
            [_PROGRAM, "-q", *as_user, folder / "pgbouncer.ini"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _await(port)
            yield real.set(port=port).render_as_string(hide_password=False)
        finally:
            process.terminate()
            process.wait(10)


def _await(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise OSError("pgbouncer did not begin")
