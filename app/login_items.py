"""Watching from login on: a unit of systemd on Linux, an agent of launchd on Macs."""

from __future__ import annotations

import hashlib
import os
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app import processes
from app.config import Config, load_config
from app.text import absolute
from store.address import Address
from store.errors import ConfigError
from store.files.atomic import write_whole

_SYSTEM: str = sys.platform  # as mypy is not to reason about it
_WAIT_S = 30.0
_TOLD = ("CLIPSEARCH_OFFLINE", "HF_HUB_OFFLINE", "HF_ENDPOINT", "PGSSLMODE", "PGSERVICE")
_TOLD_PATHS = (
    *("CLIPSEARCH_CONFIG", "CLIPSEARCH_CACHE", "CLIPSEARCH_LOG", "HF_HOME", "HF_HUB_CACHE"),
    *("PGPASSFILE", "PGSERVICEFILE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY"),
)
"""Where models are, too, and the file that has the server's password; never that itself."""


def install(config: Config, options: Sequence[str]) -> list[str]:
    """Write the file, and start what it says; returns what the user should know.

    Args:
        options: of ``clipsearch watch``.

    Raises:
        ConfigError: this system has neither systemd nor launchd, or the library has a password.
    """
    if config.server and _has_password(config.server):
        raise ConfigError(
            "The address of this library has a password in it, which would stand in a file. Put it "
            "into ~/.pgpass, and give the address without it."
        )
    command = processes.command("app.cli", "watch", *options)
    command += ["--device", config.device, "--engine", config.engine]
    told = {name: os.environ[name] for name in _TOLD if name in os.environ}
    paths = {name: _as_told(os.environ[name]) for name in _TOLD_PATHS if os.environ.get(name)}
    settings = config.library_environment | told | paths
    settings["PYTHONPATH"] = processes.environment()["PYTHONPATH"]
    path = _path(config)
    path.parent.mkdir(parents=True, exist_ok=True)
    if _SYSTEM == "darwin":
        content = _agent(_name(config), command, settings)
        steps = [["launchctl", "load", "-w", str(path)]]
    else:
        content = _unit(command, settings)
        steps = [
            ["systemctl", "--user", "daemon-reload"],
            ["systemctl", "--user", "enable", "--now", path.name],
        ]
    if path.exists():
        _carry_out(_stopping(path))
    write_whole(path, content)
    return [f"Written: {path}", *_carry_out(steps)]


def _as_told(path: str) -> str:
    """A path made absolute, since it is used in another folder; PostgreSQL's "system", and a key
    in an engine (``pkcs11:key``), are none."""
    return path if path == "system" or ":" in path[2:] else str(absolute(Path(path)))


def _has_password(address: Address) -> bool:
    return address.url.replace("postgres://", "postgresql://", 1) != str(address)


def uninstall(config: Config) -> list[str]:
    """Stop it, and remove the file; returns what the user should know.

    Raises:
        ConfigError: this system has neither systemd nor launchd, or there is no such file.
    """
    path = _path(config)
    if not path.exists():
        raise ConfigError(f"Nothing is installed: there is no {path}.")
    said = _carry_out(_stopping(path))
    path.unlink()
    if _SYSTEM != "darwin":  # where systemctl could not do it
        (path.parent / "default.target.wants" / path.name).unlink(missing_ok=True)
        said += _carry_out([["systemctl", "--user", "daemon-reload"]])
    return [*dict.fromkeys(said), f"Removed: {path}"]


def _stopping(path: Path) -> list[list[str]]:
    if _SYSTEM == "darwin":
        return [["launchctl", "unload", "-w", str(path)]]
    return [["systemctl", "--user", "disable", "--now", path.name]]


def _carry_out(steps: Sequence[Sequence[str]]) -> list[str]:
    """Let the system do ``steps``; returns a line for each that is left to the user."""
    left = []
    for step in steps:
        try:
            if shutil.which(step[0]):
                subprocess.run(step, capture_output=True, check=True, timeout=_WAIT_S)
                continue
        except (OSError, subprocess.SubprocessError):
            pass
        left.append(f"This could not be done here, so please do: {' '.join(step)}")
    return left


def _path(config: Config) -> Path:
    name = _name(config)
    if _SYSTEM == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{name}.plist"
    if _SYSTEM != "linux":
        raise ConfigError(
            "Only on Linux (systemd) and on Macs (launchd) can clipsearch do that by itself. Let "
            "your system start this when you log in: clipsearch watch"
        )
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "systemd" / "user" / f"{name}.service"


def _name(config: Config) -> str:
    """Of the unit: one for each library."""
    if config.library == load_config(environment={}).library:
        return "clipsearch-watch"
    digest = hashlib.blake2b(os.fsencode(str(config.library)), digest_size=4).hexdigest()
    return f"clipsearch-watch-{digest}"


def _unit(command: Sequence[str], settings: dict[str, str]) -> bytes:
    lines = [
        "# Made by: clipsearch watch --install",
        "[Unit]",
        "Description=clipsearch takes in new photos",
        "",
        "[Service]",
        f"ExecStart={' '.join(_quoted(word).replace('$', '$$') for word in command)}",
        *(f"Environment={_quoted(f'{name}={value}')}" for name, value in settings.items() if value),
        "Restart=on-failure",
        "RestartSec=60",
        "Nice=10",
        "",
        "[Install]",
        "WantedBy=default.target",
        "",
    ]
    return os.fsencode("\n".join(lines))


def _quoted(text: str) -> str:
    """One word of a unit: a backslash, a quote or a percent sign means itself; a dollar sign does
    so but in commands."""
    for special in ("\\", '"'):
        text = text.replace(special, f"\\{special}")
    return f'"{text.replace("%", "%%")}"'


def _agent(name: str, command: Sequence[str], settings: dict[str, str]) -> bytes:
    return plistlib.dumps(
        {
            "Label": name,
            "ProgramArguments": list(command),
            "EnvironmentVariables": {key: value for key, value in settings.items() if value},
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ProcessType": "Background",
        }
    )
