"""`digestbot init --system`: a service with a user of its own can read what it writes, and nobody its secrets."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from bot import Bot

from digestbot.errors import ConfigError, ConfigErrors
from digestbot.operations.system_setup import SystemSetup, own_program
from digestbot.resources import resource

PROGRAM = Path("/opt/elsewhere/bin/digestbot")


def setup(folder: Path, **fields: Path) -> SystemSetup:
    (folder / "units").mkdir(exist_ok=True)
    known = {
        "config": folder / "etc" / "my.env",
        "units": folder / "units",
        "program": PROGRAM,
        "python": Path("/opt/p"),
    }
    return SystemSetup(**{**known, **fields})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_configuration_is_open_and_the_secrets_are_not(tmp_path: Path):
    """0644 for a user that does not exist yet; the folder of secrets is its owner's alone."""
    said = list(setup(tmp_path).run())
    assert (mode(tmp_path / "etc" / "my.env"), mode(tmp_path / "etc" / "secrets")) == (0o644, 0o700)
    assert "put secrets into files" in said[0]


def test_the_units_name_this_installation(tmp_path: Path):
    """Its program, its configuration and its secrets; none of the paths of the shipped ones is left but the data folder."""
    list(setup(tmp_path).run())
    for name in ("digestbot.service", "digestbot-run.service"):
        unit = (tmp_path / "units" / name).read_text()
        assert f"ExecStart={PROGRAM} " in unit
        assert f"--config {tmp_path}/etc/my.env --data /var/lib/digestbot" in unit
        assert f"LoadCredential=secrets:{tmp_path}/etc/secrets" in unit
        assert "/opt/digestbot" not in unit
        assert "/etc/digestbot" not in unit
        assert mode(tmp_path / "units" / name) == 0o644


def test_what_is_there_is_never_overwritten(tmp_path: Path):
    """A second time, after a change of the owner's: both stay, and the lines say so."""
    list(setup(tmp_path).run())
    for path in (tmp_path / "etc" / "my.env", tmp_path / "units" / "digestbot.service"):
        path.write_text("mine")
    said = list(setup(tmp_path).run())
    assert sum("stays as it is" in line for line in said) == 4
    assert (tmp_path / "etc" / "my.env").read_text() == (tmp_path / "units" / "digestbot.service").read_text() == "mine"


def test_without_systemd_only_the_configuration_is_written(tmp_path: Path):
    """A container, or another system of services."""
    said = list(setup(tmp_path, units=tmp_path / "nowhere").run())
    assert any("no systemd" in line for line in said)
    assert (tmp_path / "etc" / "my.env").exists()


@pytest.mark.parametrize(
    "where", [{"program": Path("/home/ann/.local/bin/digestbot")}, {"python": Path("/root/python3")}]
)
def test_a_program_that_the_service_cannot_see_is_refused(tmp_path: Path, where: dict[str, Path]):
    """ProtectHome hides it: the service would fail at its start with a line that explains nothing."""
    with pytest.raises(ConfigErrors, match="/opt/digestbot/bin/pip install digestbot"):
        list(setup(tmp_path, **where).run())
    assert not (tmp_path / "etc").exists()


def test_where_nothing_may_be_written_root_is_asked_for(tmp_path: Path):
    """The usual mistake: without sudo."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="be root"):
        list(setup(tmp_path, config=tmp_path / "file" / "config.env").run())


def test_the_command_takes_no_conversation_with_it(tmp_path: Path):
    """One of the two, with 2; nothing is written."""
    done = Bot(tmp_path).bare("init", "--system", "-i")
    assert (done.returncode, "--interactive" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_the_program_is_the_one_that_was_called(tmp_path: Path):
    """By its path; else the script beside its Python."""
    called = tmp_path / "digestbot"
    called.write_text("")
    called.chmod(0o755)
    assert own_program(str(called)) == called
    assert own_program("-c") == Path(sys.prefix) / "bin" / "digestbot"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_takes_the_units_and_finds_little_exposed(tmp_path: Path):
    """`verify` finds nothing but that the program is not there, and `security` no more than 1.5 of 10."""
    program = tmp_path / "bin" / "digestbot"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name in ("digestbot.service", "digestbot-run.service", "digestbot-run.timer"):
        text = resource(f"packaging/systemd/{name}").read_text().replace("/opt/digestbot/bin/digestbot", str(program))
        (tmp_path / name).write_text(text)
    units = [str(path) for path in tmp_path.glob("digestbot*")]
    found = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False, timeout=60
    )
    assert (found.returncode, found.stderr) == (0, "")
    for unit in (one for one in units if one.endswith(".service")):
        asked = ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", unit]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout[-300:]
