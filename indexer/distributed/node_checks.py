"""Before a run: does every node have this clipsearch, and see the same folders?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from indexer.distributed.cluster import Node, pinned_to
from indexer.text import reason_of
from store.errors import ClusterError

_FILES = 20  # of a folder that are looked for on each node
_OF_ONE = 3  # of them, at most so many right in the same folder
_ANSWER_S = 120.0


@dataclass(frozen=True)
class FolderSample:
    """Some files in or below ``folder``, relative to it, each with its size in bytes."""

    folder: Path
    files: tuple[tuple[str, int], ...]

    def is_here(self) -> bool:
        """Whether they are on this machine as well."""
        try:
            return all((self.folder / name).stat().st_size == size for name, size in self.files)
        except OSError:
            return False


@dataclass(frozen=True)
class NodeReport:
    """What a node says of itself: its version of clipsearch, and the folders it does not see."""

    version: str
    unseen: tuple[Path, ...]


def sample_of(folder: Path) -> FolderSample:
    """Files by which ``folder`` (absolute) is known; none if it is empty or can't be seen."""
    return FolderSample(folder, tuple(islice(_files(folder), _FILES)))


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    for path, _, names in os.walk(folder):
        for name in names[:_OF_ONE]:
            file = Path(path, name)
            try:
                yield str(file.relative_to(folder)), file.stat().st_size
            except OSError:  # a link to nowhere
                continue


def look(samples: Sequence[FolderSample], version_of: Callable[[], str]) -> NodeReport:
    """Runs on a node."""
    return NodeReport(version_of(), tuple(s.folder for s in samples if not s.is_here()))


def check_nodes(
    nodes: Sequence[Node], folders: Sequence[Path], version_of: Callable[[], str]
) -> None:
    """See that each node can do its part.

    Args:
        folders: what is to be indexed, absolute.
        version_of: tells the version of clipsearch that it is called in.

    Raises:
        ClusterError: a node lacks clipsearch or has another version of it, does not see a folder
            as this machine does, or does not answer.
    """
    import ray

    samples = [sample_of(folder) for folder in folders]
    asked = ray.remote(look)
    answers = {
        node: asked.options(num_cpus=0, max_retries=0, scheduling_strategy=pinned_to(node)).remote(
            samples, version_of
        )
        for node in nodes
    }
    ray.wait(list(answers.values()), num_returns=len(answers), timeout=_ANSWER_S)
    here = version_of()
    for node, answer in answers.items():
        report = _report(node, answer)
        if report.version != here:
            raise ClusterError(
                f"The node {node.name} has clipsearch {report.version}, this machine has {here}. "
                "Install the same version on all."
            )
        for folder in report.unseen:
            raise ClusterError(
                f"The node {node.name} does not see {folder} as this machine does. "
                "Mount it there at the same path, or index without that node."
            )


def _report(node: Node, answer: Any) -> NodeReport:
    import ray

    try:
        report: NodeReport = ray.get(answer, timeout=0)
        return report
    except ray.exceptions.GetTimeoutError as error:
        raise ClusterError(f"The node {node.name} does not answer.") from error
    except ray.exceptions.RayError as error:
        if "ModuleNotFoundError" in str(error) or "ImportError" in str(error):
            raise ClusterError(
                f"The node {node.name} has no clipsearch, or an older one, in the Python that Ray "
                "runs in. There: pip install 'clipsearch[ray,server]'"
            ) from error
        raise ClusterError(
            f"The node {node.name} can't be used: {reason_of(error, 200)}"
        ) from error
