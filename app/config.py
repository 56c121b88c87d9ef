"""Where the settings come from: flags, then the environment, then a TOML file, then defaults.

============ ========================== =====================================================
in TOML      in the environment         meaning
============ ========================== =====================================================
library      CLIPSEARCH_LIBRARY         the library's folder, or ``postgresql://USER@HOST/DATABASE``
read_library CLIPSEARCH_READ_LIBRARY    the address of a replica of it, which searches read from
model        CLIPSEARCH_MODEL           model of a new library (``auto``)
device       CLIPSEARCH_DEVICE          ``auto``, ``cpu``, ``cuda``, ``mps``
engine       CLIPSEARCH_ENGINE          ``auto``, ``torch``, ``openvino``
cache        CLIPSEARCH_CACHE           folder of what can be made again
log          CLIPSEARCH_LOG             folder of the log of the last runs
language     CLIPSEARCH_LANGUAGE        of queries: ``auto`` (told from each), or a code like ``de``
============ ========================== =====================================================

The file is ``config.toml`` in the platform's folder for user settings, or what
``CLIPSEARCH_CONFIG`` names.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import platformdirs

from app.languages.asked import AUTO, checked
from store.address import Address, is_address, split
from store.errors import ConfigError
from store.sql.fspath import expanded

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)  # no drive, which is one letter


def _log_folder() -> Path:
    return platformdirs.user_log_path("clipsearch", appauthor=False)


@dataclass(frozen=True)
class Config:
    """Settings of one process. ``model`` is for new libraries: each remembers its own.

    Attributes:
        library: the library's folder; of one on a server, that of what is derived from it here.
        server: the address of a library on a server; None: it is in the folder.
        read_library: the address of a replica of it, which searches read from.
    """

    library: Path
    cache: Path
    model: str = "auto"
    device: str = "auto"
    engine: str = "auto"
    log: Path = field(default_factory=_log_folder)
    server: Address | None = None
    read_library: Address | None = None
    language: str = AUTO

    @property
    def library_value(self) -> str:
        """What to set CLIPSEARCH_LIBRARY to for another process; it may have a password in it.

        Never an argument: everybody may see those.
        """
        return self.server.url if self.server else str(self.library)

    @property
    def library_environment(self) -> dict[str, str]:
        """What to set for another process that is to use this library; see ``library_value``."""
        read = self.read_library.url if self.read_library else ""
        return {"CLIPSEARCH_LIBRARY": self.library_value, "CLIPSEARCH_READ_LIBRARY": read}


SETTINGS = tuple(setting.name for setting in fields(Config) if setting.name != "server")


def load_config(
    *,
    library: str | Path | None = None,
    device: str | None = None,
    engine: str | None = None,
    language: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Config:
    """Put the settings together; arguments are flags, None where not given.

    Raises:
        ConfigError: the settings file is not valid, the library has an address of an unknown
            kind, or the language is none that can be chosen.
    """
    file = _read_file(environment)
    flags = {"library": library, "device": device, "engine": engine, "language": language}
    of_environment = {name: environment.get(f"CLIPSEARCH_{name.upper()}") for name in SETTINGS}
    chosen: dict[str, str] = {}
    source: dict[str, int] = {}  # by its place in this order
    sources: list[Mapping[str, str | Path | None]] = [flags, of_environment, file]
    for place, values in reversed(list(enumerate(sources))):
        for name, value in values.items():
            if value:
                chosen[name], source[name] = str(value), place
    folder = chosen.get("library") or platformdirs.user_data_dir("clipsearch", appauthor=False)
    server, read = split(folder) if is_address(folder) else (None, None)
    # One of a library that was named further back is not this one's.
    if server and not read and source.get("read_library", 3) <= source["library"]:
        read = _address_to_read_from(chosen["read_library"])
    cache = expanded(
        chosen.get("cache") or platformdirs.user_cache_dir("clipsearch", appauthor=False)
    ).absolute()
    if server is None:
        _require_folder_name(folder)
    return Config(
        library=cache / "servers" / server.name if server else expanded(folder).absolute(),
        cache=cache,
        model=chosen.get("model", "auto"),
        device=chosen.get("device", "auto"),
        engine=chosen.get("engine", "auto"),
        log=expanded(chosen.get("log") or _log_folder()).absolute(),
        server=server,
        read_library=read,
        language=checked(chosen.get("language", AUTO)),
    )


def _address_to_read_from(named: str) -> Address:
    if not is_address(named):
        raise ConfigError(
            "The library to read from has to be a database: postgresql://USER@HOST/DATABASE"
        )
    return Address(named)


def _require_folder_name(library: str) -> None:
    """Raise ``ConfigError`` for an address like ``s3://...``, which is no folder's name.

    The message names its scheme only: there may be a password behind it.
    """
    if address := _ADDRESS.match(library):
        raise ConfigError(
            f"There are no libraries at {address[1]}:// addresses. "
            "Name a folder, as in: --library ~/photo-library; or a database: "
            "postgresql://USER@HOST/DATABASE"
        )


def settings_file(environment: Mapping[str, str] = os.environ) -> Path:
    """The TOML file that settings are read from; it need not be there."""
    named = environment.get("CLIPSEARCH_CONFIG")
    default = platformdirs.user_config_path("clipsearch", appauthor=False) / "config.toml"
    return expanded(named) if named else default


def _read_file(environment: Mapping[str, str]) -> dict[str, str]:
    named, path = environment.get("CLIPSEARCH_CONFIG"), settings_file(environment)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if named:
            raise ConfigError(f"CLIPSEARCH_CONFIG names {path}, which does not exist.") from None
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"The settings file {path} can't be read: {error}") from error
    known = set(SETTINGS)
    if unknown := sorted(set(values) - known):
        raise ConfigError(
            f"{path} has unknown settings: {', '.join(unknown)}. Known: {', '.join(sorted(known))}."
        )
    for key, value in values.items():
        if not isinstance(value, str):
            raise ConfigError(f'{path}: {key} must be text in quotes, as in {key} = "...".')
    return values
