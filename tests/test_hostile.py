"""A folder of everything that breaks decoders: nothing hangs, nothing hides."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import apart
import hostile
from conftest import Index
from indexer.encoders.encoder import Encoder
from store.library import Library
from store.states import State

TOP = Path(__file__).parent.parent


def test_every_file_is_in_the_ledger(library: Library, index: Index, tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    expected = hostile.make_folder(folder)
    summary = index(folder)
    ledger = {photo.path.name: photo for photo in library.files(State)}
    assert {name: photo.state for name, photo in ledger.items()} == expected
    for photo in ledger.values():
        odd = photo.state is not State.INDEXED or abs(photo.mtime_ns) >= 2**63 - 1
        assert (photo.reason is not None) == odd, photo
    assert summary.seen == len(expected)
    assert sum(summary.failed.values()) == sum(state.is_failure for state in expected.values())

    again = index()
    locked = int("locked.jpg" in expected)  # rights may be given without a trace: it is tried again
    assert (again.opened, again.embedded, again.seen) == (locked, 0, len(expected))
    assert again.failed == summary.failed


@pytest.mark.one_python
def test_the_command_ends_well_and_says_nothing_of_its_own(
    tmp_path: Path, starter: Encoder
) -> None:
    """The real command with the real model. What C libraries say is in reasons only."""
    folder = tmp_path / "photos"
    expected = hostile.make_folder(folder)
    (folder / "zz").mkdir()  # read last
    hostile.noise(seed=99).save(folder / "zz" / "later.jpg")
    command = [sys.executable, "-m", "app.cli"]
    index = [*command, "index", str(folder), "--model", "starter"]
    done = subprocess.run(index, capture_output=True, text=True, cwd=TOP, check=False)
    # Said where it takes a while, on a slow or busy machine.
    said = [line for line in done.stderr.splitlines() if not line.startswith("Encoding ")]
    assert (done.returncode, said) == (0, [])
    library = Library.open(tmp_path / "library")
    ledger = {photo.path.name: photo for photo in library.files(State)}
    library.close()
    states = {name: photo.state for name, photo in ledger.items()}
    assert states == {**expected, "later.jpg": State.INDEXED}
    assert "ZIPDecode" in (ledger["talking.tiff"].reason or "")
    again = subprocess.run(index, capture_output=True, text=True, cwd=TOP, check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert "embedded" not in again.stdout and " read again" not in again.stdout, again.stdout


def test_files_and_folders_without_permission(tmp_path: Path) -> None:
    """In a process that rights keep out: the tests themselves may be root's."""
    script = (
        "import atexit, pathlib, sys\n"
        f"sys.path[:0] = [{str(TOP)!r}, {str(TOP / 'tests')!r}]\n"
        "from conftest import draw, index_into\n"
        "from fakes import ColourEncoder\n"
        "from store.library import Library\n"
        "from store.states import State\n"
        "base = pathlib.Path(sys.argv[1])\n"
        "photos = base / 'photos'\n"
        "(photos / 'locked-folder').mkdir(parents=True)\n"
        "draw(photos / 'good.png', 'red')\n"
        "draw(photos / 'locked.png', 'blue')\n"
        "draw(photos / 'locked-folder' / 'inside.png', 'green')\n"
        "library = Library.open(base / 'library', create=True)\n"
        "atexit.register(library.close)\n"
        "encoder = ColourEncoder()\n"
        "index_into(library, encoder, photos)\n"
        "(photos / 'locked.png').chmod(0)\n"
        "(photos / 'locked-folder').chmod(0)\n"
        "import os; os.utime(photos, None)\n"
        "(photos / 'new-locked.png').write_bytes(b'x')\n"
        "(photos / 'new-locked.png').chmod(0)\n"
        "def show(summary):\n"
        "    states = {p.path.name: str(p.state) for p in library.files(State)}\n"
        "    print(summary.gone, encoder.encoded, sorted(states.items()))\n"
        "show(index_into(library, encoder))\n"
        "for name in ('locked.png', 'locked-folder', 'new-locked.png'):\n"
        "    (photos / name).chmod(0o755)\n"
        "show(index_into(library, encoder))\n"
    )
    base = tmp_path / "base"
    base.mkdir()
    command = apart.without_rights(sys.executable, "-W", "error", "-c", script, str(base))
    done = apart.run(command, HOME=str(base))
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first == (
        "0 3 [('good.png', 'indexed'), ('inside.png', 'indexed'), "
        "('locked-folder', 'unreadable'), ('locked.png', 'indexed'), "
        "('new-locked.png', 'unreadable')]"
    )
    assert second == (
        "0 3 [('good.png', 'indexed'), ('inside.png', 'indexed'), ('locked.png', 'indexed'), "
        "('new-locked.png', 'unsupported')]"
    )
