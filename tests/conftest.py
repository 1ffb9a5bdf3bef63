"""What every test gets: no network beyond loopback, a clean environment, a place for golden files."""

from __future__ import annotations

import gc
import ipaddress
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from servers.postgres import Server, running

from digestbot.collect.parser_pool import ParserPool
from digestbot.store import database, opening

# The same examples every time, as long as they take, so that a run tells about the change and not about chance or load.
settings.register_profile(
    "steady", max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# New ones, and many more: make sweep
settings.register_profile("search", max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("steady")

# Each process that a test starts would compile all of digestbot anew, which is most of what it does, and so would collecting.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_START = ParserPool._start
_PREPARE = database._prepare
_MIGRATE = opening.migrate
GOLDEN = Path(__file__).parent / "golden"
# Read at once: while tests run it is out of the environment, where digestbot would take it for a setting.
SHARED_DATA = Path(os.environ.get("DIGESTBOT_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files instead of comparing")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: half of its time a test waits, for a server, a disk or a timeout."""
    return 2 * min(os.cpu_count() or 1, 8)


def pytest_collection_finish() -> None:
    """What was collected lives until the end: the garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def _is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """No test reaches beyond this machine: a connection elsewhere fails loudly."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(real: Callable[..., object]) -> Callable[..., object]:
        def call(self: socket.socket, address: object) -> object:
            if not _is_loopback(address):
                raise AssertionError(f"a test tried to connect to {address!r}")
            return real(self, address)

        return call

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded(connect))
    patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _clean_environment() -> Iterator[None]:
    """Settings of the person who runs the tests never reach a test, nor a process that one starts."""
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if name.upper().startswith("DIGESTBOT_"):
            patch.delenv(name)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        patch.delenv(name, raising=False)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _forked_parsers() -> Iterator[None]:
    """Most tests read feeds, and few of them are about the process that parses: see real_parsers."""
    from parsing import start_forked

    patch = pytest.MonkeyPatch()
    if sys.platform == "linux":
        patch.setattr(ParserPool, "_start", start_forked)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _quick_databases() -> Iterator[None]:
    """Two thousand tests open a database of their own: see real_syncs and real_beginnings."""
    from quick_databases import compiled_once, made_once, never_synced

    with compiled_once(), never_synced(), made_once():
        yield


@pytest.fixture
def real_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parser processes as they are outside of tests: started, and limited from their first byte on."""
    monkeypatch.setattr(ParserPool, "_start", _START)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout, or a skip."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no real data at {SHARED_DATA}; set DIGESTBOT_TEST_DATA")
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL, or a skip that says why there is none."""
    try:
        with running() as server:
            yield server
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"PostgreSQL could not be started here: {error}")


@pytest.fixture
def real_syncs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Databases as they are outside of tests: each commit waits for the disk."""
    monkeypatch.setattr(database, "_prepare", _PREPARE)


@pytest.fixture
def real_beginnings(monkeypatch: pytest.MonkeyPatch) -> None:
    """New databases as they are outside of tests: each made by itself."""
    monkeypatch.setattr(opening, "migrate", _MIGRATE)


@dataclass(frozen=True, slots=True)
class Demo:
    """`digestbot demo`, as it ended."""

    folder: Path
    code: int
    said: str
    told: str

    @property
    def digests(self) -> dict[str, dict[str, Any]]:
        """The digests of the sample newsroom's three mornings, by date."""
        files = sorted((self.folder / "out").glob("morning/*/digest.json"))
        digests = [json.loads(path.read_text(encoding="utf-8")) for path in files]
        return {digest["edition"]: digest for digest in digests}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One run of `digestbot demo` for all tests of all workers, which only read what it wrote."""
    from bot import Bot

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "one-demo"
    ended = folder / "ended.json"
    with FileLock(folder.with_suffix(".lock")):
        if not ended.exists():
            folder.mkdir()
            done = Bot(folder)("demo", "--out", "out")
            ended.write_text(json.dumps([done.returncode, done.stdout, done.stderr]), encoding="utf-8")
    return Demo(folder, *json.loads(ended.read_text(encoding="utf-8")))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the file of that name under tests/golden, or write it with --update-golden."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"no golden file {name}; run pytest --update-golden and look at it"
        assert path.read_text(encoding="utf-8") == text

    return check
