"""Indexing by Ray on three nodes; workers and nodes die, and nothing is lost, nothing twice."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from conftest import draw, index_into, last
from fakes import COLOURS, ColourEncoder
from indexer.distributed import cluster
from indexer.distributed.crew import Place, places_on
from indexer.distributed.node_checks import check_nodes, sample_of
from indexer.distributed.ray_stages import RayStages
from indexer.distributed.worker import Orders
from indexer.encoders.encoder import Encoder
from indexer.events import Event, FileFailed, NodeLost, Progress
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from on_nodes import (
    DEADLY,
    MortalEncoder,
    SlowEncoder,
    other_weights,
    version,
    version_by_process,
    version_hiding,
)
from servers import Server
from store.address import Address
from store.errors import ClusterError, ModelUnavailable
from store.server_library import ServerLibrary
from store.states import State

pytest.importorskip("ray", reason="ray is not installed")
if sys.platform != "linux":
    pytest.skip("a node is killed as Linux has it", allow_module_level=True)
TOP = Path(__file__).parent.parent

pytestmark = [
    pytest.mark.one_python,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]


class Machines:
    """A Ray cluster with nodes that are processes of this machine, joined by this process."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self._up: list[Any] = []

    def add(self, count: int) -> None:
        """Have at least ``count`` nodes."""
        while len(self._up) < count:
            self._up.append(self._made.add_node(num_cpus=1, object_store_memory=80_000_000))
        self._made.wait_for_nodes()

    def kill_one(self) -> None:
        """The power of one node is cut: all that runs on it dies at once."""
        node = self._up[-1]
        (raylet,) = node.all_processes["raylet"]
        pid = raylet.process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        self._made.remove_node(self._up.pop(), allow_graceful=False)

    def wait_until_seen(self) -> None:
        """Until Ray knows which nodes are there."""
        while len(cluster.nodes()) > len(self._up):
            time.sleep(0.1)


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("PYTHONPATH", os.pathsep.join([str(TOP), str(TOP / "tests")]))
        changed.setenv("RAY_USAGE_STATS_ENABLED", "0")
        with cluster.only_this_machine():
            made = Cluster(
                initialize_head=True,
                head_node_args={
                    "num_cpus": 0,
                    "include_dashboard": False,
                    "_system_config": {"health_check_period_ms": 500},
                },
            )
            try:
                machines = Machines(made)
                machines.add(3)
                with cluster.joined(made.address):
                    yield machines
            finally:
                made.shutdown()


@pytest.fixture
def nodes(machines: Machines) -> list[cluster.Node]:
    machines.add(3)
    return cluster.nodes()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """300 pictures in 3 folders, all different, 20 of them twice; and some bad files."""
    names = list(COLOURS)
    for number in range(300):
        folder = tmp_path / "pictures" / str(number % 3)
        folder.mkdir(parents=True, exist_ok=True)
        path = draw(folder / f"{number:03}.png", names[number % 5], (number % 60 + 1, number + 1))
        if number % 15 == 0:
            (folder / f"{number:03}-again.png").write_bytes(path.read_bytes())
    (folder / "bad.jpg").write_bytes(b"bad")
    (folder / "empty.png").touch()
    (folder / "cut.png").write_bytes(path.read_bytes()[:40])
    return tmp_path / "pictures"


Load = Callable[[], Encoder]


def by_ray(
    library: ServerLibrary,
    folder: Path,
    nodes: list[cluster.Node],
    load: Load = ColourEncoder,
    *,
    stop: threading.Event | None = None,
    places: list[Place] | None = None,
    batch: int = 8,
) -> Iterator[Event]:
    """Index ``folder`` with the encoder that ``load`` makes on each node."""
    with library.writing() as writer:
        root = writer.add_root(folder, (), replace=False)
        make = partial(
            RayStages,
            places=places or places_on(nodes, use_gpus=True),
            orders=partial(Orders, partial(ServerLibrary.at, library.address), load),
            batch=batch,
        )
        yield from run_index(
            library,
            writer,
            ColourEncoder(),
            [Target(root)],
            stop=stop,
            make_stages=make,
        )


def contents(server: Server, library: ServerLibrary) -> dict[str, list[tuple[Any, ...]]]:
    """All that a run writes, without the numbers that rows were given."""
    asked = {
        "paths": "SELECT p.folder, p.name, p.size, p.mtime_ns, p.state, p.reason, p.away, "
        "encode(c.digest, 'hex'), p.run FROM photo p LEFT JOIN content c ON c.id = p.content_id "
        "ORDER BY p.folder, p.name",
        "contents": "SELECT encode(digest, 'hex'), width, height, format FROM content ORDER BY 1",
        "vectors": "SELECT encode(c.digest, 'hex'), encode(e.vector, 'hex'), e.checksum "
        "FROM embedding e JOIN content c ON c.id = e.content_id ORDER BY 1",
        "nearby": "SELECT encode(c.digest, 'hex'), n.vector::text "
        "FROM nearby n JOIN content c ON c.id = n.content_id ORDER BY 1",
    }
    return {name: server.run(query, url=library.address.url) for name, query in asked.items()}


@pytest.fixture
def undisturbed(server: Server, pictures: Path, tmp_path: Path) -> dict[str, list[Any]]:
    """What a run in one process writes."""
    address = Address(server.database())
    with ServerLibrary.at(address, tmp_path / "undisturbed", create=True) as library:
        assert isinstance(library, ServerLibrary)
        summary = index_into(library, ColourEncoder(), pictures)
        assert (summary.new, summary.copies, summary.failed.total()) == (300, 20, 3)
        return contents(server, library)


def test_it_writes_what_one_process_writes(
    server: Server,
    server_library: ServerLibrary,
    pictures: Path,
    nodes: list[cluster.Node],
    undisturbed: dict[str, list[Any]],
) -> None:
    events = list(by_ray(server_library, pictures, nodes))
    summary = last(events)
    assert contents(server, server_library) == undisturbed
    assert (summary.seen, summary.new, summary.copies) == (323, 300, 20)
    assert sorted(e.path.name for e in events if isinstance(e, FileFailed)) == [
        "bad.jpg",
        "cut.png",
        "empty.png",
    ]
    assert server_library.thumbnails.count() == 300 and summary.thumbnails == 0
    again = last(list(by_ray(server_library, pictures, nodes)))
    assert (again.unchanged, again.opened, again.failed.total()) == (320, 0, 3)


@pytest.mark.parametrize("wait", [False, True], ids=["unknown to Ray", "known to Ray"])
def test_a_worker_and_a_node_die(
    wait: bool,
    server: Server,
    server_library: ServerLibrary,
    pictures: Path,
    undisturbed: dict[str, list[Any]],
    machines: Machines,
) -> None:
    machines.add(3)
    nodes, pids = cluster.nodes(), pictures.with_name("pids")
    pids.mkdir()
    load = partial(SlowEncoder, pids)
    events: list[Event] = []
    killed = cut = 0
    for event in by_ray(server_library, pictures, nodes, load):
        events.append(event)
        seen = event.seen if isinstance(event, Progress) else 0
        if seen > 40 and not killed:
            killed = int(next(pids.iterdir()).name)
            os.kill(killed, signal.SIGKILL)
        if seen > 100 and not cut:
            cut = seen
            machines.kill_one()
        if seen > 160 and wait:  # until then Ray takes the node for one that is there
            machines.wait_until_seen()
    assert killed and 100 < cut < 160
    assert contents(server, server_library) == undisturbed
    assert last(events).seen == 323
    if wait:
        assert len([e for e in events if isinstance(e, NodeLost)]) == 1


def test_a_file_that_kills_its_worker(
    server_library: ServerLibrary, nodes: list[cluster.Node], tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(12):
        draw(folder / f"{number:02}.png", "red", (number + 1, 3))
    draw(folder / "05-deadly.png", "red", (DEADLY, 3))
    events = list(by_ray(server_library, folder, nodes[:2], MortalEncoder))
    (failed,) = [event for event in events if isinstance(event, FileFailed)]
    assert failed.path.name == "05-deadly.png" and failed.state is State.DAMAGED
    assert failed.reason == "the process that was reading it crashed, each time"
    summary = last(events)
    assert (summary.seen, summary.failed[State.DAMAGED]) == (13, 1)
    model = server_library.model()
    assert model and len(server_library.index(model).index) == 12
    (file,) = server_library.files([State.DAMAGED])
    assert file.path.name == "05-deadly.png"


def test_workers_that_always_crash_end_the_run(
    server_library: ServerLibrary, photos: Path, nodes: list[cluster.Node]
) -> None:
    with pytest.raises(ClusterError, match="The workers crash whatever they read"):
        list(by_ray(server_library, photos, nodes[:1], partial(MortalEncoder, of_all=True)))
    assert list(server_library.files(list(State))) == []


def test_it_stops_and_goes_on(
    server: Server,
    server_library: ServerLibrary,
    pictures: Path,
    nodes: list[cluster.Node],
    undisturbed: dict[str, list[Any]],
    tmp_path: Path,
) -> None:
    (tmp_path / "pids").mkdir()
    load = partial(SlowEncoder, tmp_path / "pids")
    stop = threading.Event()
    events: list[Event] = []
    for event in by_ray(server_library, pictures, nodes, load, stop=stop):
        events.append(event)
        if isinstance(event, Progress) and event.seen > 30:
            stop.set()
    summary = last(events)
    assert summary.stopped and 30 < summary.seen < 300
    rows = contents(server, server_library)["paths"]
    assert len(rows) == summary.seen
    last(list(by_ray(server_library, pictures, nodes)))
    without_run = [
        [row[:-1] for row in side["paths"]]
        for side in (contents(server, server_library), undisturbed)
    ]
    assert without_run[0] == without_run[1]


def test_a_node_with_other_weights_is_named(
    server_library: ServerLibrary, photos: Path, nodes: list[cluster.Node]
) -> None:
    with pytest.raises(ModelUnavailable, match=r"^On the node .*weights of colours are different"):
        list(by_ray(server_library, photos, nodes[:1], other_weights))


def test_workers_do_not_share_what_they_work_with() -> None:
    nodes = [
        cluster.Node("1", "a", 9, 2),
        cluster.Node("2", "b", 4, 0),
        cluster.Node("3", "c", 0, 0),
    ]
    by_gpu = [(p.node.name, p.cpus, p.gpus) for p in places_on(nodes, use_gpus=True)]
    assert by_gpu == [("a", 4, 1), ("a", 4, 1), ("b", 4, 0)]
    by_cpu = [(p.node.name, p.cpus, p.gpus) for p in places_on(nodes, use_gpus=False)]
    assert by_cpu == [("a", 9, 0), ("b", 4, 0)]


def test_nodes_that_can_do_their_part(nodes: list[cluster.Node], photos: Path) -> None:
    assert len(nodes) == 3 and all(node.cpus == 1 for node in nodes)  # the head has no processor
    check_nodes(nodes, [photos], version)


def test_a_node_with_another_version_is_named(nodes: list[cluster.Node], photos: Path) -> None:
    with pytest.raises(ClusterError, match=r"The node .* has clipsearch \d+, this machine has"):
        check_nodes(nodes, [photos], version_by_process)


def test_a_node_without_the_folder_is_named(nodes: list[cluster.Node], photos: Path) -> None:
    hide = partial(version_hiding, photos, os.getpid())
    with pytest.raises(ClusterError, match=rf"The node .* does not see {photos} as this machine"):
        check_nodes(nodes[:1], [photos], hide)


def test_a_folder_is_known_by_its_files(photos: Path, tmp_path: Path) -> None:
    sample = sample_of(photos)
    assert len(sample.files) == 5 and sample.is_here()
    draw(photos / "red.png", "red", (100, 100))
    assert not sample.is_here()
    assert sample_of(tmp_path / "nowhere").files == ()
