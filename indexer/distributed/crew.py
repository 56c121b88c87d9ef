"""The workers of a run: started on the nodes, given batches, and started again when they die."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from indexer.distributed.cluster import Node, is_up, pinned_to
from indexer.distributed.worker import BatchReport, Orders, Worker
from indexer.events import NodeLost
from indexer.folders.steps import ReadFile
from store.errors import ClipsearchError, ClusterError

_AT_ONCE = 2  # batches of a worker: one is read while the other is written
_START_S = 120.0  # to wait for the first worker's process
_LOOK_S = 1.0  # between two looks whether the nodes are there
# Of a worker that has not finished a batch in between; then it is let go. More than it takes to see
# that workers crash whatever they read (``ray_stages``).
_CRASHES = 12


@dataclass(frozen=True)
class FileBatch:
    """Files that one worker reads.

    Attributes:
        deaths: how many workers died while they had it, whatever killed them.
        alone: whether a worker is to have no other batch meanwhile, so that it is known what
            killed it.
        avoid: the node on which it is not to be tried again, if there is another.
    """

    steps: tuple[ReadFile, ...]
    deaths: int = 0
    alone: bool = False
    avoid: str | None = None


@dataclass(frozen=True)
class Place:
    """A part of a node, for one worker: a GPU and its share of the processors, or all of them."""

    node: Node
    cpus: int
    gpus: int


def places_on(nodes: Sequence[Node], *, use_gpus: bool) -> list[Place]:
    """Where to put workers, so that they do not get in each other's way."""
    places: list[Place] = []
    for node in nodes:
        gpus = node.gpus if use_gpus else 0
        if gpus:
            places += [Place(node, node.cpus // gpus, 1)] * gpus
        elif node.cpus:
            places.append(Place(node, node.cpus, 0))
    return places


@dataclass(eq=False)
class _Member:
    place: Place
    actor: Any
    since: float
    starting: Any  # the answer that is waited for until it is ready
    has_begun: bool = False
    batches: dict[Any, FileBatch] = field(default_factory=dict)
    crashes: int = 0

    @property
    def is_alone(self) -> bool:
        return any(batch.alone for batch in self.batches.values())

    def has_room(self, batch: FileBatch) -> bool:
        if self.starting is not None or self.is_alone:
            return False
        return len(self.batches) < (1 if batch.alone else _AT_ONCE)


class Crew:
    """Used by one thread; ``close`` ends all workers.

    Attributes:
        engines: what computes the vectors on the nodes, for people.
        start_s: what the first worker took to be ready, in seconds.
        lost: nodes that were let go, to be told and taken out.
    """

    def __init__(self, places: Sequence[Place], orders: Orders) -> None:
        self._orders = orders
        self.engines: set[str] = set()
        self.start_s = 0.0
        self.lost: list[NodeLost] = []
        self._let_go: set[Node] = set()
        self._looked = 0.0
        self._members = [self._member(place) for place in places]

    def __len__(self) -> int:
        """How many workers there are, ready or not."""
        return len(self._members)

    @property
    def is_busy(self) -> bool:
        """Whether a worker has a batch."""
        return any(member.batches for member in self._members)

    def assign(self, queue: deque[FileBatch]) -> None:
        """Give batches from the front of ``queue`` to workers, as far as they have room."""
        while queue:
            batch = queue[0]
            several = len({member.place.node.id for member in self._members}) > 1
            able = [
                member
                for member in self._members
                if member.has_room(batch) and not (several and member.place.node.id == batch.avoid)
            ]
            if not able:
                return
            chosen = min(able, key=lambda member: len(member.batches))
            chosen.batches[chosen.actor.work.remote(batch.steps)] = queue.popleft()

    def finished(self, wait_s: float) -> Iterator[tuple[FileBatch, Node, BatchReport | None]]:
        """What is done by now, or after ``wait_s`` at most; None where the batch's worker died.

        Raises:
            ClusterError: no worker is left, or none gets a processor.
            ClipsearchError: a node can't open the library or load the model.
            Exception: what a worker raised that it should not.
        """
        import ray

        yield from self._look_after()
        pending = {ref: member for member in self._members for ref in _waited_for(member)}
        if not pending:
            return
        done, _ = ray.wait(list(pending), num_returns=1, timeout=wait_s)
        for ref in done:
            member = pending[ref]
            node = member.place.node
            try:
                answer = ray.get(ref)
            except ray.exceptions.RayTaskError as error:
                raise error.cause from error
            except ray.exceptions.RayError as error:
                for batch in self._bury(member, error):
                    yield batch, node, None
                return
            if ref == member.starting:  # not "is": Ray Client gives it back as another object
                self._welcome(member, answer)
            else:
                member.crashes = 0
                yield member.batches.pop(ref), node, answer

    def stop(self) -> None:
        """Let every worker end its batches early."""
        for member in self._members:
            member.actor.stop.remote()

    def close(self) -> None:
        """End all workers, whatever they do."""
        for member in self._members:
            _kill(member.actor)
        self._members = []

    def _member(self, place: Place, crashes: int = 0) -> _Member:
        import ray

        options = {
            "num_cpus": place.cpus,
            "num_gpus": place.gpus,
            "max_concurrency": _AT_ONCE + 1,  # and one thread for ``stop``
            "max_restarts": 0,  # another is started here, and only where its node is up
            "scheduling_strategy": pinned_to(place.node),
        }
        actor: Any = ray.remote(Worker).options(**options).remote(self._orders, max(1, place.cpus))
        return _Member(place, actor, time.monotonic(), actor.hello.remote(), crashes=crashes)

    def _welcome(self, member: _Member, answer: str | ClipsearchError | None) -> None:
        if isinstance(answer, ClipsearchError):
            raise type(answer)(f"On the node {member.place.node.name}: {answer}")
        if answer is None:  # to ``hello``
            member.has_begun = True
            member.starting = member.actor.prepare.remote()
        else:
            member.starting = None
            if not self.engines:
                self.start_s = time.monotonic() - member.since
            self.engines.add(answer)

    def _bury(self, member: _Member, error: Exception | None) -> list[FileBatch]:
        """Start another worker in place of one that died, if its node is up; returns its batches.

        ``error`` may also say that it can't be reached: what it still writes changes nothing.
        """
        _kill(member.actor)
        self._members.remove(member)
        node, crashes = member.place.node, member.crashes + 1
        if is_up(node) and crashes < _CRASHES:
            self._members.append(self._member(member.place, crashes))
            return list(member.batches.values())
        why = "its workers crash again and again" if is_up(node) else "it does not answer any more"
        if node not in self._let_go:
            self._let_go.add(node)
            self.lost.append(NodeLost(node.name, why))
        if not self._members:
            raise ClusterError(
                f"No node of the Ray cluster is left. The last was {node.name}: {why}. Everything "
                "so far is kept: index again."
            ) from error
        return list(member.batches.values())

    def _look_after(self) -> Iterator[tuple[FileBatch, Node, None]]:
        """Give up a worker on a node that is gone, which Ray itself may not say for long."""
        now = time.monotonic()
        if now - self._looked < _LOOK_S:
            return
        self._looked = now
        for member in self._members:
            if not is_up(member.place.node):
                node = member.place.node
                for batch in self._bury(member, None):
                    yield batch, node, None
                return  # to those that are left
        if all(not m.has_begun and now - m.since > _START_S for m in self._members):
            raise ClusterError(
                "The Ray cluster has no free processors: another program may be using them. "
                "Try again later."
            )


def _waited_for(member: _Member) -> list[Any]:
    return [*member.batches, *([member.starting] if member.starting is not None else [])]


def _kill(actor: Any) -> None:
    import ray

    with suppress(Exception):  # it is dead already
        ray.kill(actor)
