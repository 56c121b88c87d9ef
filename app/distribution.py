"""Puts indexing by Ray together: what the driver checks, and what workers on the nodes call.

Workers get functions of this module by name, and call them where they are: with the settings, the
cache and the version of clipsearch of that machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__, processes, services
from app.config import Config, load_config
from indexer.distributed import cluster
from store.address import Address, is_address, split
from store.errors import ConfigError
from store.values import ModelInfo

if TYPE_CHECKING:
    from indexer.distributed.ray_stages import RayStages
    from indexer.distributed.worker import Orders
    from indexer.encoders.encoder import Encoder
    from indexer.stages import Parts
    from store.server_library import ServerLibrary


def require(config: Config, library: str | None, address: str | None) -> Address:
    """The address of a library that workers can write to, before Ray is started.

    Args:
        library: as it was typed, if it was.
        address: of a Ray that others may use as well; None for one of our own.

    Raises:
        ConfigError: the library is in a folder, or its password would be shown.
        ClusterError: Ray is not installed, or there is none at ``address``.
    """
    if config.server is None:
        raise ConfigError(
            "--ray is for libraries on a server, which many processes can write to; this one is in "
            f"{config.library}. Name one: --library postgresql://USER@HOST/DATABASE"
        )
    typed = split(library) if library and is_address(library) else ()
    if address and any(_has_password(one) for one in typed if one):
        raise ConfigError(
            "A Ray cluster shows its users what was typed, so that no password may be in it. Give "
            "it in a password file (PGPASSFILE), or the whole address in CLIPSEARCH_LIBRARY."
        )
    cluster.require_ray()
    if address:
        cluster.require_answer(address)
    return config.server


class Distribution:
    """A Ray that is running, for one run of ``indexer.pipeline.run_index``."""

    def __init__(self, config: Config, address: Address) -> None:
        self._config, self._address = config, address
        self._nodes = cluster.nodes()
        self._made: RayStages | None = None

    def check(self, folders: Sequence[Path]) -> None:
        """See that every node can do its part.

        Raises: see ``indexer.distributed.node_checks.check_nodes``.
        """
        from indexer.distributed.node_checks import check_nodes

        check_nodes(self._nodes, folders, version_here)

    def stages(self, parts: Parts) -> RayStages:
        """Makes the stages of the run; see ``indexer.pipeline.MakeStages``."""
        from indexer.distributed.crew import places_on
        from indexer.distributed.ray_stages import RayStages

        self._made = RayStages(
            parts,
            places=places_on(self._nodes, use_gpus=self._config.device != "cpu"),
            orders=self._orders,
        )
        return self._made

    @property
    def engine(self) -> str:
        """What computed the vectors, for people."""
        return self._made.engine if self._made else "not needed"

    @property
    def start_s(self) -> float:
        """What the first worker took to be ready, in seconds."""
        return self._made.start_s if self._made else 0.0

    def _orders(self, model: ModelInfo, run: int) -> Orders:
        from indexer.distributed.worker import Orders

        chosen = {
            name: value
            for name, value in (("device", self._config.device), ("engine", self._config.engine))
            if value != "auto"  # then each machine decides
        }
        return Orders(
            partial(open_here, self._address),
            partial(load_here, model.name, model.fingerprint, chosen),
            model,
            run,
            environment={k: value for k, value in os.environ.items() if k.startswith("PG")},
        )


@contextmanager
def by_ray(config: Config, server: Address, address: str | None) -> Iterator[Distribution]:
    """Ray, started here or joined at ``address``, until the end of the block.

    Raises:
        ClusterError: it can't be had, or has no node that can work.
    """
    ray = cluster.joined(address) if address else cluster.started(_environment())
    with ray:
        yield Distribution(config, server)


def _environment() -> dict[str, str]:
    """What lets workers import what this process does, and nothing from the current folder."""
    safe = processes.environment()
    return {name: safe[name] for name in ("PYTHONPATH", "PYTHONSAFEPATH")}


def _has_password(address: Address) -> bool:
    return str(address).partition("://")[2] != address.url.partition("://")[2]


# -- called on the nodes ----------------------------------------------------------------------


def version_here() -> str:
    """The version of clipsearch on the machine that calls this."""
    return __version__


def open_here(address: Address, folder: Path) -> ServerLibrary:
    """The library, which is there already; ``folder`` is for what is derived."""
    from store.server_library import ServerLibrary

    return ServerLibrary.at(address, folder)


def load_here(name: str, fingerprint: str, chosen: dict[str, str]) -> Encoder:
    """The model by the settings of this machine, but for those ``chosen`` for the whole run."""
    config = load_config(device=chosen.get("device"), engine=chosen.get("engine"))
    return services.load_encoder(name, config, fingerprint)
