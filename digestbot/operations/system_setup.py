"""`digestbot init --system`: the configuration, the folder of secrets and the units, where systemd's service finds them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import ConfigError, ConfigErrors
from ..resources import resource
from ..settings.envfile import create_file
from .config_writer import write_example

CONFIG: Final = Path("/etc/digestbot/config.env")
UNITS: Final = Path("/etc/systemd/system")
SECRETS: Final = "secrets"  # beside the configuration
_NAMES: Final = ("digestbot.service", "digestbot-run.service", "digestbot-run.timer")
_PROGRAM: Final = "/opt/digestbot/bin/digestbot"  # as the shipped units have it
_HIDDEN: Final = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 -- from a service, by ProtectHome and PrivateTmp


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemSetup:
    """One service on this machine. Files that are there stay as they are."""

    config: Path = CONFIG
    units: Path = UNITS
    program: Path  # what the service starts
    python: Path = Path(sys.executable)  # what runs it

    def run(self) -> Iterator[str]:
        """Write what is missing, and say so; the last lines tell what is next.

        The configuration can be read by everybody, for the service has a user of its own that is made when it starts. So secrets
        belong into files of a folder that only root may open: systemd hands them over (systemd.exec(5), LoadCredential=).

        Raises:
            ConfigErrors: the service could not start the program from where it lies.
            ConfigError: a file cannot be written.
        """
        if hidden := next((place for place in _HIDDEN for one in self._lies_in() if one.is_relative_to(place)), ""):
            fix = "install it where services can read it: python3 -m venv /opt/digestbot, then /opt/digestbot/bin/pip install digestbot"
            raise ConfigErrors(
                [ConfigError(str(self.program), f"lies below {hidden}, which the service cannot see", fix)]
            )
        with _told(self.config.parent):
            self.config.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            (self.config.parent / SECRETS).mkdir(mode=0o700, exist_ok=True)
        if self.config.exists():
            yield f"{self.config} is there already and stays as it is"
        else:
            write_example(self.config)
            with _told(self.config):
                self.config.chmod(0o644)
            yield f"Wrote {self.config}; every user can read it: put secrets into files in {self.config.parent / SECRETS}/"
        for name in _NAMES:
            yield self._unit(name)
        yield f"Next: edit it, digestbot check --config {self.config}, systemctl daemon-reload, then one of the two:"
        yield "  systemctl enable --now digestbot            # collects and delivers on schedule"
        yield "  systemctl enable --now digestbot-run.timer  # runs at the times written in it"

    def _lies_in(self) -> tuple[Path, ...]:
        """The program and its Python, as they are called and where links lead."""
        return (self.program, self.program.resolve(), self.python, self.python.resolve())

    def _unit(self, name: str) -> str:
        path = self.units / name
        if path.exists():
            return f"{path} is there already and stays as it is"
        if not self.units.is_dir():
            return f"{path} is not written: there is no such folder, so no systemd"
        text = resource(f"packaging/systemd/{name}").read_text(encoding="utf-8")
        text = text.replace(_PROGRAM, str(self.program)).replace(str(CONFIG.parent), str(self.config.parent))
        text = text.replace(f"{self.config.parent}/{CONFIG.name}", str(self.config))
        with _told(path):
            create_file(path, (text,))
            path.chmod(0o644)
        return f"Wrote {path}"


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of the system become those that a command prints."""
    try:
        yield
    except OSError as error:
        fix = "be root, or name another place with --config"
        raise ConfigError(str(path), f"cannot be written: {error.strerror}", fix) from error


def own_program(argv0: str) -> Path:
    """The command of this installation: what was called, where that is a file, else the script beside its Python."""
    called = Path(argv0)
    return (
        called.absolute() if called.is_file() and os.access(called, os.X_OK) else Path(sys.prefix) / "bin" / "digestbot"
    )
