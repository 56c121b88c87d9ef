"""Writers to a library on a server that are killed, cut off, or many at once.

    python tests/server_faults.py [--kills 20] [--cuts 20] [--stops 5] [--writers 8] [--photos 300]

Real processes (``crash_child.py``) index into a server of this script's own. An indexer is killed
at random moments, its backend is in the middle of a write, the server is stopped as if the power
had failed, or many index folders that share photos, alone and while one after the other is killed.
In the end everything must be as after one run that nobody disturbed, and nothing twice.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from comparer import Held, held_at
from servers import Server, running
from store.address import Address
from store.server_library import ServerLibrary

CHILD = Path(__file__).with_name("crash_child.py")
LOST = "was lost, and with it the right to change the library"
_WORKING = (  # its locks, and what it is at, of the sessions that may write
    "SELECT DISTINCT pid FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND application_name = 'clipsearch' AND datname = '{}'"
)
_WRITING = (
    _WORKING + " AND xact_start IS NOT NULL AND query ~ '^(INSERT|COPY|UPDATE|SELECT setting)'"
)


@dataclass
class Ground:
    """A server, folders of photos, and what a library of them holds after an undisturbed run."""

    server: Server
    place: Path
    folders: Sequence[Path]
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    expected: Held | None = None

    def library(self) -> str:
        """The address of a new library."""
        url = self.server.database()
        ServerLibrary.at(Address(url), self.place / "derived", create=True).close()
        return url

    def start(self, url: str, folders: Sequence[Path], machine: int = 0) -> subprocess.Popen[str]:
        """Index ``folders``; each ``machine`` has thumbnails and labels of its own."""
        return subprocess.Popen(
            [sys.executable, str(CHILD), "index", *map(str, folders), "--library", url],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ
            | {
                "CLIPSEARCH_OFFLINE": "1",
                "CLIPSEARCH_CACHE": str(self.place / f"cache{machine}"),
                "CLIPSEARCH_CONFIG": str(self.place / "config.toml"),
                "CLIPSEARCH_LOG": str(self.place / "log"),
            },
        )

    def finish(self, url: str, folders: Sequence[Path]) -> None:
        """Index once more, undisturbed."""
        child = self.start(url, folders)
        _, said = child.communicate()
        assert child.returncode == 0, said

    def compare(self, url: str) -> None:
        """Fail unless a library holds what it should, and nothing is left over."""
        told = held_at(url)
        if self.expected is None:
            self.expected = told
        assert len(told.paths) == sum(1 for f in self.folders for p in f.rglob("*") if p.is_file())
        assert told.paths == self.expected.paths
        assert told.vectors == self.expected.vectors
        assert told == self.expected
        assert self.server.run("SELECT count(*) FROM unsettled_run", url=url) == [(0,)]

    def working(self, url: str, query: str = _WORKING) -> list[int]:
        """The backends of indexers that hold a lock, or those that ``query`` asks for."""
        name = url.split("?")[0].rpartition("/")[2]
        return [pid for (pid,) in self.server.run(query.format(name))]

    def wait_for(self, child: subprocess.Popen[str], ask: Callable[[], object]) -> bool:
        """Wait until ``ask`` says yes; False if the child has ended before."""
        while child.poll() is None:
            if ask():
                return True
            time.sleep(0.005)
        return False


def draw(folder: Path, count: int, shared: int, seed: int) -> None:
    """Photos in a folder and one inside: the first ``shared`` are the same in every folder."""
    chance, common = random.Random(seed), random.Random(0)
    for number in range(count):
        source = common if number < shared else chance
        place = folder / ("inner" if number % 3 else "")
        place.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", (8, 8), tuple(source.randrange(40, 256) for _ in range(3)))
        image.putpixel((0, 0), tuple(source.randrange(256) for _ in range(3)))
        image.save(place / f"{number}.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff" + bytes(seed))
    shutil.copy(folder / "inner" / "1.png", folder / "a copy.png")


@contextmanager
def ground(folders: int, photos: int, seed: int) -> Iterator[Ground]:
    """``folders`` with ``photos`` in each, a quarter of them in all."""
    with tempfile.TemporaryDirectory() as name, running() as server:
        place = Path(name)
        (place / "config.toml").touch()
        drawn = [place / "photos" / f"{number}" for number in range(folders)]
        for number, folder in enumerate(drawn, 1):
            draw(folder, photos, photos // 4, number)
        made = Ground(server, place, drawn, random.Random(seed))
        url = made.library()
        made.finish(url, drawn)
        made.compare(url)
        yield made


# -- one indexer -----------------------------------------------------------------------------


def interrupted(
    made: Ground,
    counted: str,
    times: int,
    strike: Callable[[str, subprocess.Popen[str]], None],
    stopped_well: Callable[[int, str], bool],
) -> None:
    """Index again and again, each time with ``strike`` soon after it could begin to write.

    Args:
        counted: what is counted until it has happened ``times`` times.
        stopped_well: whether the indexer ended as it should, by its exit status and what it said.
    """
    url = made.library()
    while made.counts[counted] < times:
        child = made.start(url, made.folders)
        if made.wait_for(child, partial(made.working, url)):
            time.sleep(made.chance.uniform(0, 1))
        strike(url, child)
        _, said = child.communicate()
        if child.returncode == 0:  # it was done: the next ones need something to interrupt
            made.compare(url)
            url = made.library()
        else:
            assert stopped_well(child.returncode, said), said
            made.counts[counted] += 1
    made.finish(url, made.folders)
    made.compare(url)


def killed(made: Ground, kills: int) -> None:
    """SIGKILL at random moments."""
    interrupted(made, "kills", kills, lambda _, child: child.kill(), lambda _, __: True)


def cut_off(made: Ground, cuts: int) -> None:
    """The backend is ended in the middle of a write, as an administrator or the system may do."""

    def cut(url: str, child: subprocess.Popen[str]) -> None:
        pids: list[int] = []
        while child.poll() is None and not pids:
            pids = made.working(url, _WRITING)
        for pid in pids:
            made.server.run(f"SELECT pg_terminate_backend({pid})")

    def said_so(status: int, said: str) -> bool:
        return status == 1 and LOST in said.splitlines()[-1]

    interrupted(made, "cuts", cuts, cut, said_so)


def stopped(made: Ground, stops: int) -> None:
    """The server is stopped without a word to anybody, and started again."""
    interrupted(
        made,
        "stops",
        stops,
        lambda _, __: made.server.start_again("immediate"),
        lambda status, said: status == 1 and len(said.splitlines()) <= 2,
    )


# -- many --------------------------------------------------------------------------------------


def together(made: Ground, machines: int) -> None:
    """A writer for each folder, all at once, on so many machines."""
    url = made.library()
    children = [
        made.start(url, [folder], number % machines) for number, folder in enumerate(made.folders)
    ]
    said = [child.communicate()[1] for child in children]
    assert [child.returncode for child in children] == [0] * len(children), said
    made.counts["writers"] += len(children)
    made.compare(url)


def together_and_killed(made: Ground, kills: int) -> None:
    """The same, while one after the other is killed, and started again."""
    url = made.library()
    children = {folder: made.start(url, [folder]) for folder in made.folders}
    for _ in range(kills):
        time.sleep(made.chance.uniform(0.2, 1.5))
        folder = made.chance.choice(made.folders)
        children[folder].kill()
        children[folder].communicate()
        made.counts["kills among many"] += children[folder].returncode != 0
        children[folder] = made.start(url, [folder])
    said = [child.communicate()[1] for child in children.values()]
    assert [child.returncode for child in children.values()] == [0] * len(children), said
    made.compare(url)


def overlapping(made: Ground) -> None:
    """One indexes the folder that holds all, the others those inside it, all at once."""
    url = made.library()
    wanted = [made.place / "photos", *made.folders]
    made.chance.shuffle(wanted)
    children = [made.start(url, [folder]) for folder in wanted]
    said = [child.communicate()[1] for child in children]
    assert [child.returncode for child in children] == [0] * len(children), said
    roots = made.server.run("SELECT path FROM root", url=url)
    assert roots == [(str(made.place / "photos"),)]
    made.counts["overlapping writers"] += len(children)
    made.compare(url)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in {"kills": 20, "cuts": 20, "stops": 5, "writers": 8, "photos": 300}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with ground(options.writers, options.photos, options.seed) as made:
        assert made.expected is not None
        print(f"{len(made.expected.paths)} paths, {len(made.expected.vectors)} vectors", flush=True)
        steps: dict[str, Callable[[], None]] = {
            "killed": lambda: killed(made, options.kills),
            "cut off": lambda: cut_off(made, options.cuts),
            "server stopped": lambda: stopped(made, options.stops),
            "all at once": lambda: together(made, 1),
            "all at once, on two machines": lambda: together(made, 2),
            "all at once, killed": lambda: together_and_killed(made, options.kills),
            "overlapping": lambda: overlapping(made),
        }
        for name, step in steps.items():
            began = time.monotonic()
            step()
            print(f"{name}: as if undisturbed, {time.monotonic() - began:.0f} s", flush=True)
        print(", ".join(f"{name}: {count}" for name, count in made.counts.items()))


if __name__ == "__main__":
    main()
