"""Ray: started on this machine for one run, or joined where it runs already.

What Ray itself would say, keep and offer is kept away: no line of its own on the terminal, no
dashboard, no report of its use. A Ray of our own listens on 127.0.0.1 only, asks for a token that
only this process and its children know, and leaves no folder behind.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.text import reason_of
from store.errors import ClusterError

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # what a warning asks for
}
_OBJECTS = 200_000_000  # bytes for what is on its way between processes: thumbnails, mostly
_ANSWER_S = 10.0
_LONGEST = 24  # characters of a folder in which sockets can have names
_REASON = 200  # characters
_TOO_LATE, _ATTEMPTS = "Initialization failure from server", 3


@dataclass(frozen=True)
class Node:
    """A machine of a Ray cluster, and what Ray may use of it."""

    id: str
    name: str
    cpus: int
    gpus: int


def require_ray() -> None:
    """Raise ``ClusterError`` if Ray is not installed; it is not imported."""
    if importlib.util.find_spec("ray") is None:
        raise ClusterError(
            "Indexing by Ray needs one package more: pip install 'clipsearch[ray,server]'"
        )


def require_answer(address: str) -> None:
    """Raise ``ClusterError`` if nobody listens at the address of a cluster.

    Ray itself would try for many minutes.
    """
    host, colon, port = address.rpartition("://")[2].rstrip("/").rpartition(":")
    if not colon:  # "auto"
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWER_S).close()
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"No Ray cluster answers at {address}: {reason_of(error, _REASON)}. Start one with: "
            "ray start --head"
        ) from error


@contextmanager
def started(environment: Mapping[str, str]) -> Iterator[None]:
    """Ray on this machine, and only for this process, until the end of the block.

    Args:
        environment: variables for its processes, beside those of this one.

    Raises:
        ClusterError: it does not start.
    """
    with ExitStack() as ending:
        folder = Path(tempfile.mkdtemp(prefix="clipsearch-ray-", dir=_short_folder()))
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        access = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": _token()}
        ending.enter_context(_set(_QUIET | access | dict(environment)))
        ending.enter_context(_silent())
        with _in_folder(folder), only_this_machine():
            _init(
                "It does not start",
                address="local",
                include_dashboard=False,
                object_store_memory=_OBJECTS,
                _temp_dir=str(folder),
            )
        ending.callback(_shut_down)
        yield


@contextmanager
def joined(address: str) -> Iterator[None]:
    """The cluster at ``address``, as ``ray.init`` takes it, until the end of the block.

    Raises:
        ClusterError: it can't be reached, or has a different version of Ray or Python.
    """
    with ExitStack() as ending:
        ending.enter_context(_set(_QUIET))
        ending.enter_context(_silent())
        # Nothing is to be imported from the current folder, which may be one of photos.
        with tempfile.TemporaryDirectory() as empty, _in_folder(Path(empty)):
            _init(f"No cluster at {address} can be joined", address=address)
        ending.callback(_shut_down)
        yield


def nodes() -> list[Node]:
    """The machines that are up now and do work.

    Raises:
        ClusterError: there is none.
    """
    import ray

    up = [_node_of(facts) for facts in ray.nodes() if facts["Alive"]]
    able = [node for node in up if node.cpus or node.gpus]
    if not able:
        raise ClusterError("The Ray cluster has no node with a processor that may be used.")
    return able


def is_up(node: Node) -> bool:
    """Whether Ray believes that ``node`` is there."""
    import ray

    return any(facts["NodeID"] == node.id and facts["Alive"] for facts in ray.nodes())


def pinned_to(node: Node) -> Any:
    """What tells Ray to run something on ``node`` and nowhere else."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    return NodeAffinitySchedulingStrategy(node.id, soft=False)


def _node_of(facts: Mapping[str, Any]) -> Node:
    has = facts["Resources"]
    host, address = facts["NodeManagerHostname"], facts["NodeManagerAddress"]
    cpus = int(has.get("CPU", 0))
    return Node(facts["NodeID"], f"{host} ({address})", cpus, int(has.get("GPU", 0)))


def _init(wrong: str, **options: Any) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            import ray

            ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
            return
        except Exception as error:  # Ray raises anything: RuntimeError, ConnectionError, its own
            _shut_down()
            # On a busy machine its server for a client may not be up within the time that Ray sets.
            if _TOO_LATE in str(error) and attempt + 1 < _ATTEMPTS:
                continue
            reason = reason_of(error, _REASON)
            raise ClusterError(f"Ray can't be used. {wrong}: {reason}") from error


@functools.cache  # Ray keeps the first that it sees for as long as the process lives
def _token() -> str:
    return secrets.token_hex(32)


def _shut_down() -> None:
    import ray

    ray.shutdown()


def _short_folder() -> str | None:
    """Where to put a folder with sockets in it, whose paths may have some hundred characters."""
    usual = tempfile.gettempdir()
    return "/tmp" if sys.platform != "win32" and len(usual) > _LONGEST else usual


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Let a Ray that is started in this block listen on 127.0.0.1, as on macOS and Windows.

    Elsewhere it would listen on all addresses, whatever address it is given.
    """
    from ray._private import ray_constants

    with _attribute(ray_constants, "ENABLE_RAY_CLUSTER", False):
        yield


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what Ray says of workers and nodes that die from being printed in this block."""
    from ray._private import worker

    with _attribute(worker, "_worker_logs_enabled", False):
        yield


@contextmanager
def _attribute(of: Any, name: str, value: object) -> Iterator[None]:
    before = getattr(of, name)
    setattr(of, name, value)
    try:
        yield
    finally:
        setattr(of, name, before)


@contextmanager
def _set(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    """Ray lets workers import from what is the current folder when it is started."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
