"""``clipsearch index --ray``: the real command with the real model, and what it refuses."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from benchmarks.served import free_port
from conftest import Run
from indexer.encoders.encoder import Encoder
from servers import Server
from store.address import Address
from store.server_library import ServerLibrary

TOP = Path(__file__).parent.parent
HAS_RAY = importlib.util.find_spec("ray") is not None
with_ray = pytest.mark.skipif(not HAS_RAY or sys.platform != "linux", reason="ray is not installed")


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-P", "-m", "clipsearch", *map(str, arguments)]


def environment(library: str) -> dict[str, str]:
    return os.environ | {"CLIPSEARCH_LIBRARY": library, "PYTHONPATH": str(TOP)}


# -- what it refuses -----------------------------------------------------------------------------


def test_a_library_in_a_folder_is_refused(run: Run, photos: Path) -> None:
    done = run("index", "--ray", photos)
    assert done.code == 2
    assert "--ray is for libraries on a server" in done.err and len(done.err.splitlines()) == 1
    assert "--library postgresql://USER@HOST/DATABASE" in done.err


def test_it_says_what_to_install(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = importlib.util.find_spec

    def without_ray(name: str, package: str | None = None) -> Any:
        return None if name == "ray" else real(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", without_ray)
    done = run("index", "--ray", photos, "--library", "postgresql://anna@127.0.0.1:1/photos")
    assert done.code == 1
    assert done.err == (
        "clipsearch: Indexing by Ray needs one package more: pip install 'clipsearch[ray,server]'\n"
    )


@pytest.mark.parametrize(
    "library",
    [
        "postgresql://anna:s3cret@127.0.0.1:1/photos",
        "postgresql://anna@127.0.0.1:1/photos?read=postgresql://anna:s3cret@127.0.0.1:2/photos",
    ],
)
def test_a_password_that_a_cluster_would_show_is_refused(
    run: Run, photos: Path, library: str
) -> None:
    done = run("index", "--ray-address", "127.0.0.1:1", photos, "--library", library)
    assert done.code == 2
    assert "no password may be in it" in done.err and "PGPASSFILE" in done.err
    assert "s3cret" not in done.err


@with_ray
def test_nobody_answers(
    run: Run, photos: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIPSEARCH_LIBRARY", server.database())
    address = f"127.0.0.1:{free_port()}"
    done = run("index", "--ray-address", address, photos)
    assert done.code == 1
    assert f"No Ray cluster answers at {address}: [Errno" in done.err
    assert len(done.err.splitlines()) == 1


# -- on this machine -----------------------------------------------------------------------------


def processes_below(pid: int) -> list[int]:
    """``pid`` and all processes that came of it."""
    pids = [pid]
    for one in pids:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):  # it has just ended
                pids += map(int, task.read_text().split())
    return pids


def looks_of(pid: int) -> tuple[str, set[str]]:
    """The command lines of all processes below ``pid``, and the addresses they listen at."""
    lines, sockets, addresses = [], set(), set()
    for one in processes_below(pid):
        try:
            lines.append(Path(f"/proc/{one}/cmdline").read_bytes().decode())
            sockets |= {str(fd.readlink()) for fd in Path(f"/proc/{one}/fd").iterdir()}
        except OSError:  # it has just ended
            continue
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for row in Path(table).read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:  # it listens
                addresses.add(fields[1].partition(":")[0])
    return "\n".join(lines), addresses


def secrets_in(folder: Path) -> list[Path]:
    """Ray's logs in which the password stands."""
    shown = []
    for place, _, names in os.walk(folder):  # rglob ends at a folder that Ray has just removed
        for file in (Path(place) / name for name in names if "logs" in Path(place).parts):
            with suppress(OSError):  # a socket, or just removed
                shown += [file] if b"s3cret" in file.read_bytes() else []
    return shown


def complaints(err: str) -> list[str]:
    """What is said beside what takes long at a model's first use, which depends on the machine."""
    return [line for line in err.splitlines() if not line.endswith(" ...")]


LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F"}


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with so short a name that sockets can be in it."""
    folder = Path(tempfile.mkdtemp(prefix="c-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@with_ray
def test_on_this_machine(
    server: Server, real_photos: Path, tmp_path: Path, starter: Encoder, short: Path
) -> None:
    url = server.database().replace("postgres@", "postgres:s3cret@")
    shown: list[str] = []
    listening: set[str] = set()
    logs: list[Path] = []
    with subprocess.Popen(
        command("index", "--ray", real_photos, "--model", "starter"),
        env=environment(url) | {"TMPDIR": str(short)},
        cwd=real_photos,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None:
            lines, addresses = looks_of(process.pid)
            shown.append(lines)
            listening |= addresses
            logs += secrets_in(short)
            time.sleep(0.3)
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert complaints(err) == []
    first, second = out.splitlines()[:2]
    count = len(list(real_photos.iterdir()))
    assert first.startswith(f"{count} files: ")
    assert second.endswith(f"{starter.engine}; 1 by Ray).")
    assert any("raylet" in lines for lines in shown)
    assert not any("s3cret" in lines for lines in shown)
    assert logs == []
    assert listening and listening <= LOOPBACK
    assert [path.name for path in short.iterdir() if "ray" in path.name] == []
    with ServerLibrary.at(Address(url), tmp_path / "derived") as library:
        model = library.model()
        assert model and len(library.index(model).index) == len(library.matching(model, None))


@pytest.mark.one_python
@with_ray
def test_ctrl_c(server: Server, tmp_path: Path, starter: Encoder) -> None:
    from benchmarks.samples import make_pictures

    make_pictures(tmp_path / "many", 2_000, 500, 375)
    url = server.database()
    process = subprocess.Popen(
        command("index", "--ray", tmp_path / "many", "--model", "starter", "--json"),
        env=environment(url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a group of its own, as a terminal gives it
    )
    assert process.stdout
    for line in process.stdout:
        if json.loads(line).get("embedded"):
            os.killpg(process.pid, signal.SIGINT)
            break
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert complaints(err) == []
    assert "Stopped; all of this is kept" in out.splitlines()[-1]
    with ServerLibrary.at(Address(url), tmp_path / "derived") as library:
        (root,) = library.status()
        assert 0 < sum(root.counts.values()) < 2_000


# -- on a cluster --------------------------------------------------------------------------------


CLUSTER = """
import sys
from ray.cluster_utils import Cluster
client = {"ray_client_server_port": int(sys.argv[1])} if len(sys.argv) > 1 else {}
head = {"num_cpus": 1, "include_dashboard": False, **client}
made = Cluster(initialize_head=True, head_node_args=head)
made.add_node(num_cpus=1)
print("address", made.address, flush=True)
input()
made.shutdown()
"""


@pytest.fixture(params=["a node of it", "Ray Client"])
def joined(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of two nodes, which listen at all addresses, and so ask for a token."""
    port = str(free_port())
    if by_client := request.param == "Ray Client":
        pytest.importorskip("grpc", reason="grpcio is not installed")
    for name, value in {
        "PYTHONPATH": str(TOP),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": os.urandom(32).hex(),
    }.items():
        monkeypatch.setenv(name, value)
    script = [sys.executable, "-c", CLUSTER, *([port] if by_client else [])]
    with subprocess.Popen(
        script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin and process.stdout
        words = next(line.split() for line in process.stdout if line.startswith("address"))
        yield f"ray://127.0.0.1:{port}" if by_client else words[1]
        process.stdin.write("\n")
        process.stdin.flush()


@pytest.mark.one_python
@with_ray
def test_on_a_cluster(joined: str, server: Server, real_photos: Path, starter: Encoder) -> None:
    done = subprocess.run(
        command("index", "--ray-address", joined, real_photos, "--model", "starter"),
        env=environment(server.database()),
        cwd=real_photos,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].endswith(f"{starter.engine}; 2 by Ray).")
