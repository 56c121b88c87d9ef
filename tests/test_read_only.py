"""A library that can't be written to is searched, and says what can't be done."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import apart
from benchmarks.samples import index_photos
from store.errors import LibraryReadOnly
from store.files.previews import Previews
from store.files.thumbnails import Thumbnails
from store.library import DATABASE, Library
from store.sql.database import open_database
from store.sql.dialect.upgrades import SCHEMA_VERSION

COMMANDS = """
import json, sys
from pathlib import Path
from typer.testing import CliRunner
from app.cli import cli
for line in json.loads(sys.argv[1]):
    done = CliRunner().invoke(cli, line)
    print(json.dumps([done.exit_code, done.stdout, done.stderr]))
"""


@pytest.fixture
def place(everybodys: Path, real_photos: Path, engine_cache: Path) -> Path:
    """A folder with photos, their library and a cache, which all may look at."""
    photos = everybodys / "photos"
    photos.mkdir()
    for name in ("coffee.png", "chelsea.png", "rocket.jpg"):
        shutil.copy(real_photos / name, photos)
    shutil.copy(photos / "rocket.jpg", photos / "copy.jpg")
    index_photos(everybodys / "library", [photos], "starter")
    library = Library.open(everybodys / "library")
    library.user_data.add_tag(library.contents_at(photos / "coffee.png"), "cup")
    library.close()
    shutil.copytree(engine_cache, everybodys / "cache")
    apart.let_in(everybodys)
    return everybodys


def settings(place: Path) -> dict[str, str]:
    return {
        "HOME": str(place),
        "CLIPSEARCH_CACHE": str(place / "cache"),
        "CLIPSEARCH_CONFIG": str(place / "config.toml"),
        "CLIPSEARCH_LIBRARY": str(place / "library"),
    }


def nobody(place: Path, *command: str) -> list[str]:
    return apart.as_nobody(*command)


def other_disk(place: Path, *command: str) -> list[str]:
    return apart.mounted(apart.read_only(place / "library"), *command)


def killed_while_writing(place: Path) -> None:
    """Leave what a killed process leaves: the last change is in the log only."""
    script = (
        "import os, sys; from pathlib import Path; from store.library import Library\n"
        "library = Library.open(Path(sys.argv[1]))\n"
        "library.user_data.add_tag(library.contents_at(Path(sys.argv[2])), 'late')\n"
        "os._exit(0)"
    )
    photo = place / "photos" / "chelsea.png"
    command = [sys.executable, "-c", script, str(place / "library"), str(photo)]
    assert apart.run(command).returncode == 0
    assert (place / "library" / f"{DATABASE}-wal").stat().st_size
    apart.let_in(place / "library")


Elsewhere = Callable[..., list[str]]


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("elsewhere", [nobody, other_disk])
def test_it_is_searched(place: Path, elsewhere: Elsewhere, killed: bool) -> None:
    if killed:
        killed_while_writing(place)
    before = {p.name: p.read_bytes() for p in (place / "library").iterdir() if p.is_file()}
    coffee = str(place / "photos" / "coffee.png")
    asked = [
        ["search", "a cup of coffee", "--json"],
        ["search", "tag:cup"],
        ["similar", coffee],
        ["explain", coffee, "a cup of coffee"],
        ["status"],
        ["files", "--state", "indexed"],
        ["duplicates"],
        ["label"],
    ]
    refused = [
        ["tag", "add", "x", coffee],
        ["favourite", coffee],
        ["concept", "add", "cup", coffee],
        ["index", str(place / "photos")],
        ["index"],
        ["prune"],
        ["forget", coffee, "--yes"],
        ["doctor"],
    ]
    late = [["search", "tag:late", "--paths"]] if killed else []
    lines = json.dumps([*asked, *late, *refused])
    done = apart.run(
        elsewhere(place, sys.executable, "-c", COMMANDS, lines),
        **settings(place),
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for command, (code, out, err) in zip(asked, answers, strict=False):
        assert code == 0, (command, out, err)
        assert "can't be written to: it is searched as it is" in err, command
        said = [one for one in err.splitlines() if not one.startswith("Encoding ")]  # if it is slow
        assert len(said) <= 2, err
    best = json.loads(answers[0][1].splitlines()[0])
    assert (best["path"], best["tags"]) == (coffee, ["cup"])
    if killed:
        assert answers[len(asked)][1].split() == [str(place / "photos" / "chelsea.png")]
    for command, (code, out, err) in zip(refused, answers[-len(refused) :], strict=True):
        assert code == 1 and "nothing in it can be changed" in err, (command, out, err)
        assert "Something went wrong" not in err
    after = {p.name: p.read_bytes() for p in (place / "library").iterdir() if p.is_file()}
    after.pop(f"{DATABASE}-shm", None), before.pop(f"{DATABASE}-shm", None)
    assert after == before


PAGE = """
import json
import sys
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from app.web.routes import guard, routes
from app.web.shared_service import gallery_service
opened = AppTest.from_file("app/pages/script.py", default_timeout=60)
opened.query_params["q"] = "a cup of coffee"
opened.run()
assert not opened.exception, opened.exception
(shown,) = (one for one in opened.main if getattr(one, "key", None) == "gallery")
print("BANNERS", json.loads(shown.proto.json)["banners"])
here = gallery_service()
(id,) = here.library().user_data.with_tag("cup")
print("SMALL", here.library().thumbnails.get(here.library().digest(id)) is not None)
print("LARGE", len(here.pictures.preview(id) or b"") > 1000)
try:
    here.pictures.upload(open(sys.argv[1], "rb").read())
except Exception as error:
    print("UPLOAD", type(error).__name__)
visitor = TestClient(
    Starlette(routes=routes(here, {}), middleware=guard({})),
    base_url="http://127.0.0.1",
    client=("127.0.0.1", 1),
)
shown = visitor.get("/clipsearch/library").json()
print("LIBRARY", shown["writable"], shown["shown"])
for path, asked in (
    ("index", {}),
    ("library/watch", {"on": True}),
    ("library/sidecars", {"on": True}),
    ("library/remove", {"id": shown["folders"][0]["id"]}),
):
    answer = visitor.post(f"/clipsearch/{path}", json=asked)
    print(path.upper(), answer.status_code, answer.json()["error"])
"""


@pytest.mark.parametrize("elsewhere", [nobody, other_disk])
def test_the_page_says_that_marks_can_not_be_saved(place: Path, elsewhere: Elsewhere) -> None:
    photo = str(place / "photos" / "coffee.png")
    done = apart.run(
        elsewhere(place, sys.executable, "-c", PAGE, photo),
        **settings(place),
    )
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert "tags, concepts and searches can't be saved" in said["BANNERS"]
    assert (said["SMALL"], said["LARGE"], said["UPLOAD"]) == ("True", "True", "LibraryError")
    writable, shown = said["LIBRARY"].split()
    assert writable == "False" and int(shown) > 0
    for action in ("INDEX", "LIBRARY/WATCH", "LIBRARY/SIDECARS", "LIBRARY/REMOVE"):
        assert said[action].startswith("400 The library can't be written to here"), action


def test_an_unfinished_change_that_can_not_be_finished_is_told(place: Path) -> None:
    killed_while_writing(place)
    (place / "library" / f"{DATABASE}-shm").unlink()
    done = apart.run(
        nobody(place, sys.executable, "-m", "app.cli", "status"),
        **settings(place),
    )
    assert done.returncode == 1 and "middle of a change" in done.stderr


def test_an_older_library_that_can_not_be_brought_up_to_date_is_told(everybodys: Path) -> None:
    path = everybodys / DATABASE
    open_database(path, create=True).dispose()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    connection.close()
    apart.let_in(everybodys)
    script = (
        "import sys; from pathlib import Path; from store.sql.database import open_database\n"
        "try:\n    open_database(Path(sys.argv[1]))\n"
        "except Exception as error:\n    print(type(error).__name__, error)"
    )
    done = apart.run(apart.as_nobody(sys.executable, "-c", script, str(path)))
    assert done.stdout.startswith(LibraryReadOnly.__name__), done.stderr
    assert "older clipsearch" in done.stdout


def test_derived_pictures_are_read_without_a_right_to_write(everybodys: Path) -> None:
    thumbnails, previews = Thumbnails(everybodys), Previews(everybodys)
    thumbnails.put([(b"1" * 32, b"small")])
    thumbnails.close()
    previews.put(b"1" * 32, b"large")
    apart.let_in(everybodys)
    script = (
        "import sys; from pathlib import Path\n"
        "from store.files.thumbnails import Thumbnails\nfrom store.files.previews import Previews\n"
        "folder = Path(sys.argv[1])\n"
        "small, large = Thumbnails(folder), Previews(folder)\n"
        "print(small.get(b'1' * 32), large.find(b'1' * 32).read_bytes())\n"
        "small.put([(b'2' * 32, b'x')])\n"
        "print(small.get(b'2' * 32), large.put(b'2' * 32, b'x'), large.find(b'2' * 32))\n"
    )
    for command in (
        apart.as_nobody(sys.executable, "-c", script, str(everybodys)),
        apart.mounted(apart.read_only(everybodys), sys.executable, "-c", script, str(everybodys)),
    ):
        done = apart.run(command)
        assert done.stdout.splitlines() == ["b'small' b'large'", "None None None"], done.stderr


def test_rights_are_seen(everybodys: Path) -> None:
    """The tests above would see nothing if these processes could write."""
    (everybodys / "file").touch()
    apart.let_in(everybodys)
    script = f"open({str(everybodys / 'new')!r}, 'w')"
    for command in (
        apart.as_nobody(sys.executable, "-c", script),
        apart.mounted(apart.read_only(everybodys), sys.executable, "-c", script),
    ):
        assert subprocess.run(command, capture_output=True, check=False).returncode
    assert not os.path.exists(everybodys / "new")  # noqa: PTH110
