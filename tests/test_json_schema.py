"""Every command's JSON against ``docs/json-schema.json``: real output, no more and no less."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
from jsonschema import Draft202012Validator
from PIL import Image

import app.services
from app.cli import cli, progress
from conftest import Run, draw, draw_burst
from fakes import ColourEncoder
from indexer.events import Finished, NodeLost, Summary
from store.library import Library
from store.states import State

TOP = Path(__file__).parent.parent
SCHEMA = json.loads((TOP / "docs" / "json-schema.json").read_text(encoding="utf-8"))
DOCUMENT = (TOP / "docs" / "json.md").read_text(encoding="utf-8")


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMA | {"$ref": f"#/$defs/{name}"})


def checked(name: str, text: str) -> list[dict[str, Any]]:
    """The lines of a command's output, each of which the schema allows."""
    assert text.isascii()
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        validator(name).validate(line)
    return lines


@pytest.fixture
def full(run: Run, photos: Path) -> Path:
    """Photos in a library in which each kind of thing that JSON can tell is to be found."""
    shutil.copy(photos / "red.png", photos / "sub" / "same.png")
    with Image.open(photos / "blue.png") as blue:
        blue.resize((64, 48)).save(photos / "near.png")
    if os.name == "posix":
        os.link(photos / "white.png", photos / "linked.png")
        shutil.copy(photos / "white.png", photos / "copied.png")
    exif = Image.Exif()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (52.0, 23.0, 0.0), "E", (13.0, 4.0, 0.0)
    Image.new("RGB", (50, 40), (255, 0, 0)).save(photos / "placed.jpg", exif=exif)
    draw_burst(photos)
    (photos / "empty.jpg").touch()
    (photos / "notes.txt").write_text("not a picture")
    if sys.platform == "linux":
        draw(photos / os.fsdecode(b"r\xe9d.png"), "red", (11, 12))
    assert run("index", photos, "--exclude", "nothing*").code == 0
    run("tag", "add", "family", photos / "red.png")
    run("concept", "add", "avi", photos / "red.png", "--not", photos / "blue.png")
    return photos


def test_the_schema_is_one_and_has_all_that_the_document_names() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    named = re.findall(r"^\| `clipsearch (.+?)` \| `([\w-]+)` \|", DOCUMENT, re.MULTILINE)
    shared = {"path", "state"}
    assert {name for _, name in named} == set(SCHEMA["$defs"]) - shared
    assert SCHEMA["$defs"]["state"]["enum"] == [str(state) for state in State]


def test_every_command_with_json_is_in_the_document() -> None:
    top: Any = typer.main.get_command(cli)
    commands = {
        **top.commands,
        **{f"eval {n}": c for n, c in top.commands["eval"].commands.items()},
    }
    with_json = {n for n, c in commands.items() if any("--json" in p.opts for p in c.params)}
    assert len(with_json) >= 12
    for name in with_json:
        assert re.search(rf"^\| `clipsearch {name} .*--json` \|", DOCUMENT, re.MULTILINE), name


def test_the_example_in_the_document_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    (code,) = re.findall(r"```python\n(.+?)```", DOCUMENT, re.DOTALL)
    code = code.replace('json.load(open("docs/json-schema.json"))', "schema").replace(
        "schema = schema", ""
    )
    exec(code, {"schema": SCHEMA})


def test_search_and_similar(run: Run, full: Path) -> None:
    hits = checked("search", run("search", "red", "--json", "-n", "50").out)
    assert {"strong", "weak"} <= {hit["relevance"] for hit in hits}
    assert any(hit["copies"] for hit in hits) and any(hit["burst"] for hit in hits)
    assert any(hit["tags"] for hit in hits) and any(hit["place"] for hit in hits)
    typed = checked("search", run("search", "yelow in folder sub", "--json").out)
    assert {change["kind"] for change in typed[0]["changes"]} == {"spelling", "folder"}
    (unread, *_) = checked("search", run("search", "asdfgh", "--json").out)
    assert unread["note"]
    by_filter = checked("search", run("search", "type:png", "--json").out)
    assert {hit["relevance"] for hit in by_filter} == {None}
    assert checked("similar", run("similar", full / "red.png", "--json").out)


def test_explain(run: Run, full: Path) -> None:
    query = ["red", "without", "green,", "type:png", "year:1990"]
    (out_of_it,) = checked("explain", run("explain", full / "red.png", *query, "--json").out)
    assert out_of_it["rank"] is None
    (first,) = checked("explain", run("explain", full / "red.png", "red", "--json").out)
    assert first["rank"] >= 1


def test_duplicates_status_and_files(run: Run, full: Path) -> None:
    groups = checked("duplicates", run("duplicates", "--json").out)
    groups += checked("duplicates", run("duplicates", "--exact", "--json").out)
    assert {group["kind"] for group in groups} == {"same", "near"}
    if os.name == "posix":
        assert any(file["same_file"] for group in groups for file in group["files"])
    (status,) = checked("status", run("status", "--json").out)
    assert status["roots"][0]["excludes"] == ["nothing*"]
    states = [option for state in State for option in ("--state", str(state))]
    listed = checked("files", run("files", *states, "--json").out)
    assert {"indexed", "empty", "other"} <= {one["state"] for one in listed}


def test_status_of_an_empty_library(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    run("index", tmp_path / "none")
    assert checked("status", run("status", "--json").out)


def test_label(run: Run, full: Path, tmp_path: Path) -> None:
    elsewhere = draw(tmp_path / "elsewhere.png", "red", (5, 5))
    for paths in ([], [elsewhere]):
        assert checked("label", run("label", *paths, "--labels", "red,blue", "--json").out)
    assert checked("label-everyday", run("label", "--json").out)


def test_index(run: Run, photos: Path, tmp_path: Path) -> None:
    (photos / "many").mkdir()
    for number in range(12):
        draw(photos / "many" / f"{number}.png", "red", (20, 20 + number))
    (photos / "empty.jpg").touch()
    seen = checked("index", run("index", photos, "--json").out)
    altered = photos / "red.png"
    facts = altered.stat()
    altered.write_bytes(altered.read_bytes()[:-1] + b"\0")
    os.utime(altered, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    shutil.rmtree(photos / "many")
    seen += checked("index", run("index", "--verify", "--json").out)
    photos.rename(tmp_path / "away")
    seen += checked("index", run("index", "--json").out)
    kinds = {line["event"] for line in seen}
    every = {one["properties"]["event"]["const"] for one in SCHEMA["$defs"]["index"]["oneOf"]}
    assert kinds == every - {"node-lost", "places"}


def test_index_when_a_node_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    """Which takes a cluster (``test_ray_stages.py``): here is only how it is told."""
    lost = NodeLost("b (10.0.0.6)", "it does not answer any more")
    progress.report(iter([lost, Finished(Summary())]))
    (line,) = checked("index", capsys.readouterr().out)
    assert line["event"] == "node-lost"


def test_index_that_names_places_anew(run: Run, photos: Path, library: Library) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (48, 0, 0), 3: "E", 4: (2, 0, 0)})
    Image.new("RGB", (20, 20)).save(photos / "there.jpg", exif=exif)
    run("index", photos)
    with library.writing() as writer:
        writer.set_place_edition(1)
    named = [one for one in checked("index", run("index", "--json").out) if "named" in one]
    assert named == [{"event": "places", "named": 1, "of": 1}]


def test_copy(run: Run, full: Path, tmp_path: Path) -> None:
    origin, target = tmp_path / "library", tmp_path / "target"
    seen = checked("copy", run("copy", origin, target, "--json").out)
    seen += checked("copy", run("copy", origin, target, "--json").out)
    assert {line.get("doing", line["event"]) for line in seen} == {
        *("compare", "copy", "verify", "index", "finished")
    }
    first, again = (line for line in seen if line["event"] == "finished")
    assert first == again | {"first": True, "added": first["added"], "seconds": first["seconds"]}


def test_eval(run: Run, full: Path, tmp_path: Path) -> None:
    captions = tmp_path / "captions.txt"
    captions.write_text("red.png#0\tred\nsub/green.png#0\tgreen\nblue.png#0\tblue\n")
    retrieval = ["eval", "retrieval", captions, "--photos", full, "--model", "x", "--json"]
    assert len(checked("eval-retrieval", run(*retrieval).out)) == 2
    for name in ("red", "blue"):
        (tmp_path / "set" / name).mkdir(parents=True)
        for number in range(6):
            draw(tmp_path / "set" / name / f"{number}.png", name, (20, 20 + number))
    draw(tmp_path / "set" / "red" / "wrong.png", "blue", (9, 9))
    for command in ("zeroshot", "probe"):
        typed = ["eval", command, tmp_path / "set", "--model", "x", "--json"]
        rows = checked(f"eval-{command}", run(*typed).out)
        if command == "zeroshot":
            assert any(row["confused"] for row in rows)


def test_marks_and_cache(run: Run, full: Path, tmp_path: Path) -> None:
    from store.library import Library

    library = Library.open(tmp_path / "library")
    library.user_data.save_search("mine", "red")
    library.close()
    assert len(checked("marks", run("marks", "export").out)) == 5
    assert len(checked("cache", run("cache", "--json").out)) == 9


def test_cleaning(run: Run, full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIPSEARCH_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache" / "engines" / ".clipsearch-x").mkdir(parents=True)
    (line,) = checked("cache-clean", run("cache", "clean", "--json").out)
    assert len(line["left"]) == 1


def test_a_schema_that_could_not_fail_would_say_nothing(run: Run, full: Path) -> None:
    (line,) = checked("search", run("search", "red", "--json", "-n", "1").out)
    for key, value in line.items():
        wrong = {**line, key: {} if not isinstance(value, dict) else 7}
        missing = {name: one for name, one in line.items() if name != key}
        assert not validator("search").is_valid(wrong), key
        assert not validator("search").is_valid(missing), key
    assert not validator("search").is_valid(line | {"more": 1})


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name, fingerprint="1")
    )
