"""What ``clipsearch status`` says of the replica that searches read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app import services
from app.cli.common import megabytes
from app.config import Config
from store.errors import LibraryError


@dataclass(frozen=True)
class ReplicaStatus:
    """A replica's address, and how far it is behind; or why it is not used.

    Attributes:
        seconds: since the last change that it has, 0 if it has all; None: not known.
        bytes: of the log of changes that it lacks; None: not known.
    """

    address: str
    seconds: float | None = None
    bytes: int | None = None
    trouble: str | None = None

    def __str__(self) -> str:
        if self.trouble:
            return f"{self.address} (not used: {self.trouble.rstrip('.')})"
        if not self.bytes:
            return f"{self.address} (has everything)"
        time = "" if self.seconds is None else f"{self.seconds:,.0f} s, "
        return f"{self.address} (behind: {time}{megabytes(self.bytes)} of changes)"

    def as_json(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "lag_seconds": self.seconds,
            "lag_bytes": self.bytes,
            "trouble": self.trouble,
        }


def replica_status(config: Config) -> ReplicaStatus | None:
    """Of the configured library's replica; None if there is none."""
    if not (config.server and config.read_library):
        return None
    address = str(config.read_library)
    with services.open_library_of(config, searching=True) as library:
        assert library.replica
        if trouble := library.replica.trouble:
            return ReplicaStatus(address, trouble=trouble)
        try:
            lag = library.replica.lag()
        except LibraryError as error:  # gone since
            return ReplicaStatus(address, trouble=str(error))
    return ReplicaStatus(address, lag.seconds, lag.bytes)
