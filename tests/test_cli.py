"""The command line, driven as a person would, with the checkable encoder behind it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import app.services
from conftest import Run, draw
from fakes import ColourEncoder
from store.errors import ModelUnavailable
from store.library import DATABASE, Library


def test_index_then_search(run: Run, photos: Path) -> None:
    first = run("index", photos)
    assert first.code == 0
    assert first.lines[0] == "5 files: 5 new."
    assert "Model: starter (bundled, works offline)" in first.err
    result = run("search", "red", "-n", "2")
    assert result.code == 0
    best, between, second = result.lines
    assert re.fullmatch(r"strong  \d\.\d{3}  \d{4}-\d\d-\d\d  .*red\.png", best)
    assert between == "-- weaker --"
    assert second.startswith("weak ")


def test_a_second_run_loads_no_model(run: Run, photos: Path, loaded: list[str]) -> None:
    run("index", photos)
    loaded.clear()
    assert run("index").lines == ["5 files: 5 unchanged."]
    assert run("index", photos).lines == ["5 files: 5 unchanged."]
    assert loaded == []


def test_a_library_remembers_its_model(
    run: Run, photos: Path, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", photos, "--model", "a/b")
    monkeypatch.setenv("CLIPSEARCH_MODEL", "c/d")  # for new libraries only
    draw(photos / "more.png", "red", (9, 9))
    assert "1 new" in run("index").out
    run("search", "red")
    assert set(loaded) == {"a/b"}


def test_switching_the_model(run: Run, photos: Path, loaded: list[str]) -> None:
    run("index", photos, "--model", "a/b")
    assert "5 read again" in run("index", "--model", "c/d").out
    assert "c/d" in run("status").out
    run("search", "red")
    assert loaded[-1] == "c/d"


def test_json_lines(run: Run, photos: Path) -> None:
    run("index", photos)
    hits = [json.loads(line) for line in run("search", "blue", "--json", "-n", "3").lines]
    assert len(hits) == 3
    assert set(hits[0]) == {
        *("id", "path", "score", "relevance", "strength", "taken_at", "width", "height"),
        *("place", "offline", "copies", "raws", "live_videos", "duration", "moment", "burst"),
        *("tags", "names", "hidden"),
        *("searched", "changes", "note"),
        *("taken_from", "taken_offset", "title", "description", "keywords", "rating"),
        *("colour_label", "creator", "copyright"),
    }
    assert hits[0]["taken_from"] == "file"
    assert hits[0]["path"] == str(photos / "blue.png")
    assert (hits[0]["width"], hits[0]["height"], hits[0]["offline"]) == (32, 24, False)


def test_bare_paths(run: Run, photos: Path) -> None:
    run("index", photos)
    assert run("search", "green", "--paths", "-n", "1").out == f"{photos / 'sub' / 'green.png'}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are not UTF-8")
def test_any_name_comes_out_byte_for_byte(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    name = os.fsdecode(b"r\xe9d \x1b[31m\n.png")
    draw(folder / name, "red")
    run("index", folder)
    assert run("search", "red", "--paths").raw == os.fsencode(folder / name) + b"\n"
    (line,) = run("search", "red", "--json").lines
    assert json.loads(line)["path"] == str(folder / name)
    shown = run("search", "red").out
    assert "\x1b" not in shown
    assert "r\\udce9d" in shown
    assert len(shown.splitlines()) == 1


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_query(run: Run, photos: Path, text: str) -> None:
    run("index", photos)
    result = run("search", text)
    assert (result.code, result.out) == (2, "")
    assert "The query is empty" in result.err


@pytest.mark.parametrize(
    "command", [["search", "red"], ["status"], ["files"], ["doctor"], ["prune"]]
)
def test_no_library_yet(run: Run, command: list[str], tmp_path: Path) -> None:
    result = run(*command)
    assert result.code == 1
    assert "clipsearch index FOLDER" in result.err
    assert not (tmp_path / "library").exists()


def test_an_empty_library(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run("index", empty).lines == ["0 files: nothing to index."]
    result = run("search", "red")
    assert (result.code, result.out) == (3, "")
    assert "holds no searchable photo yet" in result.err


def test_a_library_at_an_address_makes_no_folder(
    run: Run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    result = run("index", photos, "--library", "mysql://u:secret@host/db")
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "no libraries at mysql:// addresses" in result.err
    assert list(elsewhere.iterdir()) == []


def test_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    result = run("index", tmp_path / "none")
    assert result.code == 2
    assert result.err.startswith("clipsearch: There is no folder")
    assert not (tmp_path / "library" / DATABASE).exists()
    (tmp_path / "a.jpg").touch()
    assert "is a file" in run("index", tmp_path / "a.jpg").err


def test_index_without_a_folder(run: Run) -> None:
    result = run("index")
    assert (result.code, "Which folder?" in result.err) == (2, True)


def test_an_unknown_model(run: Run, photos: Path) -> None:
    result = run("index", photos, "--model", "missing")
    assert (result.code, result.err) == (2, "clipsearch: There is no model 'missing'.\n")


def test_auto_falls_back_when_the_download_fails(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexer.encoders.models import RECOMMENDED, AutoChoice

    def load(name: str, *_: object, **__: object) -> ColourEncoder:
        if name == RECOMMENDED:
            raise ModelUnavailable("cut off")
        return ColourEncoder(name)

    monkeypatch.setattr(
        "indexer.encoders.models.choose_auto", lambda: AutoChoice(RECOMMENDED, "why")
    )
    monkeypatch.setattr(app.services, "load_encoder", load)
    result = run("index", photos)
    assert result.code == 0
    assert "using the bundled starter model" in result.err


def test_failures_are_said_and_listed(run: Run, photos: Path) -> None:
    (photos / "empty.jpg").touch()
    (photos / "notes.txt").write_text("not a picture")
    result = run("index", photos)
    assert result.code == 0
    assert result.lines[0] == "7 files: 5 new, 1 failed, 1 not a picture."
    assert "Failed: 1 empty. See: clipsearch files --state failed" in result.out
    assert run("files").lines == [f"empty        {photos / 'empty.jpg'}: the file is empty"]
    assert run("files", "--state", "truncated").lines == ["No file is in this state: truncated."]
    (entry,) = [json.loads(line) for line in run("files", "--state", "other", "--json").lines]
    assert entry["path"] == str(photos / "notes.txt")
    result = run("files", "--state", "nonsense")
    assert (result.code, "States: failed, indexed" in result.err) == (2, True)


def test_a_library_without_failures_says_so(run: Run, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    run("index", tmp_path / "none")
    assert run("files").lines == ["The library has no files yet. Add some: clipsearch index FOLDER"]
    (photos / "notes.txt").write_text("not a picture")
    run("index", photos)
    assert run("files").lines == [
        "All is well: no file has failed (5 files indexed, 1 not a picture)."
    ]
    assert run("files", "--json").out == ""


def test_excludes_are_remembered(run: Run, photos: Path) -> None:
    assert run("index", photos, "--exclude", "sub").lines[0] == "3 files: 3 new."
    assert run("index").lines == ["3 files: 3 unchanged."]
    assert "excluded: sub" in run("status").out
    assert run("index", photos, "--clear-exclude").lines[0] == "5 files: 2 new, 3 unchanged."


def test_part_of_an_indexed_folder(run: Run, photos: Path) -> None:
    run("index", photos)
    draw(photos / "sub" / "more.png", "red", (9, 9))
    draw(photos / "other.png", "red", (8, 8))
    assert run("index", photos / "sub").lines[0] == "3 files: 1 new, 2 unchanged."
    assert run("index").lines[0] == "7 files: 1 new, 6 unchanged."


def test_an_empty_folder_is_not_offline_until_it_had_photos(
    run: Run, photos: Path, library: Library
) -> None:
    empty = photos.parent / "empty"
    empty.mkdir()
    assert run("index", empty).lines == ["0 files: nothing to index."]
    assert f"{empty} (online)" in run("status").lines and library.offline_roots() == []
    (photos / "red.png").rename(empty / "red.png")
    run("index")
    (empty / "red.png").rename(photos / "red.png")
    assert f"{empty} (OFFLINE)" in run("status").lines
    assert [root.path for root in library.offline_roots()] == [empty]


def test_moves_and_relocation(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    (photos / "red.png").rename(photos / "sub" / "red.png")
    assert run("index").lines == ["5 files: 1 moved, 4 unchanged."]
    photos.rename(tmp_path / "new")
    offline = run("index")
    assert "can't be seen now" in offline.err
    assert offline.lines == ["0 files: 1 folder offline."]
    assert "OFFLINE" in run("status").out
    assert "(offline)" in run("search", "red", "-n", "1").out
    (tmp_path / "wrong").mkdir()
    wrong = run("relocate", photos, tmp_path / "wrong")
    assert (wrong.code, "holds none of the photos" in wrong.err) == (2, True)
    assert run("relocate", photos, tmp_path / "new").code == 0
    assert run("index").lines == ["5 files: 5 unchanged."]
    result = run("relocate", tmp_path / "never", tmp_path / "new")
    assert (result.code, "knows no folder" in result.err) == (2, True)


def test_forget_asks_first(run: Run, photos: Path) -> None:
    run("index", photos)
    assert run("forget", photos / "red.png", answer="n\n").code == 1
    assert len(run("search", "red", "--paths").lines) == 5
    assert run("forget", photos / "red.png", "--yes").lines == ["Forgot 1 file."]
    assert len(run("search", "red", "--paths").lines) == 4
    assert run("forget", photos / "never", "--yes").code == 2


def test_gone_and_prune(run: Run, photos: Path) -> None:
    run("index", photos)
    (photos / "red.png").unlink()
    result = run("index")
    assert result.lines == [
        "4 files: 4 unchanged, 1 gone.",
        "What is gone is kept until: clipsearch prune",
    ]
    assert run("prune").lines == ["Removed 1 file that had gone."]


def test_status(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    shown = run("status").out
    assert str(tmp_path / "library") in shown
    assert "5 can be found" in shown
    assert f"{photos} (online)" in shown
    facts = json.loads(run("status", "--json").out)
    assert facts["searchable"] == 5
    assert facts["roots"][0]["counts"] == {"indexed": 5}
    assert facts["bytes"][DATABASE] > 0


def test_doctor(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    assert run("doctor").lines == ["All is well: 5 pictures can be found."]
    (saved,) = (tmp_path / "library").glob("*.f32")
    content = saved.read_bytes()
    for damaged in (content[:-5], content[:-5] + b"wrong"):  # the second of the right size
        saved.write_bytes(damaged)
        assert run("doctor").lines == [
            "The index was rebuilt (the index files were damaged, or of a different library or "
            "version).",
            "All is well: 5 pictures can be found.",
        ]
        (saved,) = (tmp_path / "library").glob("*.f32")
        assert saved.read_bytes() == content
    connection = sqlite3.connect(tmp_path / "library" / DATABASE)
    with connection:
        connection.execute("UPDATE embedding SET vector = zeroblob(12) WHERE content_id = 1")
    connection.close()
    assert run("doctor").lines == [
        "Mended: 1 damaged vector, from good copies in the index.",
        "All is well: 5 pictures can be found.",
    ]


def test_a_damaged_vector_is_said_and_answers_stay_right(
    run: Run, photos: Path, tmp_path: Path
) -> None:
    run("index", photos)
    before = run("search", "red", "--json").lines
    connection = sqlite3.connect(tmp_path / "library" / DATABASE)
    with connection:
        nan = np.full(3, np.nan, "<f4").tobytes()
        connection.execute("UPDATE embedding SET vector = ? WHERE content_id = 2", (nan,))
    connection.close()
    assert run("search", "red", "--json").lines == before  # by the index file's good copy
    for path in (tmp_path / "library").glob("vectors-*"):
        path.unlink()
    result = run("search", "red", "--json")
    assert len(result.lines) == 4 and "NaN" not in result.out
    assert "Without 1 photo whose stored vectors are damaged" in result.err
    assert any("by filters only" in line for line in run("status").lines)
    run("doctor")
    again = run("search", "red", "--json")
    assert (again.lines, again.err) == (before, "")


def test_a_second_writer(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    with Library.open(tmp_path / "library") as library, library.writing():
        result = run("index", photos)
        assert result.code == 1
        assert result.err.startswith("clipsearch: Another clipsearch is changing the library")
        assert len(run("search", "red", "--paths").lines) == 5


def test_a_library_that_is_no_library(run: Run, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / DATABASE).write_bytes(b"not a database" * 100)
    for command in (["search", "red"], ["index", photos], ["status"]):
        result = run(*command)
        assert result.code == 1
        assert "is not a library, or its beginning is damaged" in result.err
        assert "Traceback" not in result.err


def test_a_model_whose_weights_changed(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", photos, "--model", "a/b")
    monkeypatch.setattr(
        app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name, fingerprint="2")
    )
    result = run("search", "red")
    assert (result.code, "an earlier version of the model a/b" in result.err) == (1, True)
    assert "clipsearch index --model a/b" in result.err
    # What needs no more than the library has is answered.
    assert len(run("search", "type:png", "--paths").lines) == 5
    assert len(run("similar", photos / "red.png", "--paths").lines) == 4


def test_copies_are_counted_not_repeated(run: Run, photos: Path) -> None:
    shutil.copy(photos / "red.png", photos / "sub" / "same.png")
    run("index", photos)
    lines = [line for line in run("search", "red").lines if not line.startswith("--")]
    assert len(lines) == 5
    assert lines[0].endswith("(+1 the same)")


def test_what_should_never_happen_is_one_line(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", photos)

    def fail(*_: object, **__: object) -> ColourEncoder:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(app.services, "load_encoder", fail)
    result = run("search", "red")
    assert (result.code, result.out) == (1, "")
    assert "ZeroDivisionError: a bug. Please report it" in result.err
    assert len(result.err.splitlines()) == 1
    monkeypatch.setenv("CLIPSEARCH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("search", "red")


def test_wrong_options(run: Run) -> None:
    for arguments in (["search"], ["search", "red", "-n", "0"], ["nonsense"], ["index", "--what"]):
        result = run(*arguments)
        assert (result.code, result.out) == (2, "")
        assert "Error" in result.err


def test_a_query_with_everything_says_how_it_was_read(run: Run, photos: Path) -> None:
    run("index", photos)
    result = run("search", "red without green, in:sub", "--paths")
    assert result.code == 0
    assert result.err == "Searching for: red, without green, in sub\n"
    assert all("/sub/" in line for line in result.lines)
    assert run("search", "red").err == ""


def test_a_folder_that_is_called_as_a_date_is_offered(run: Run, photos: Path) -> None:
    (photos / "sub").rename(photos / "Trip 1917")
    run("index", photos)
    result = run("search", "1917")
    assert (result.code, result.out) == (3, "")
    assert "By name instead of date: clipsearch search 'in:*1917*'" in result.err
    other = run("search", "in:*1917*", "--paths")
    assert other.lines and all("/Trip 1917/" in line for line in other.lines)
    assert "By name" not in run("search", "1918").err


def test_nothing_found_is_said_and_counted(run: Run, photos: Path) -> None:
    run("index", photos)
    for query in ("red in:nowhere", "is:favourite"):
        result = run("search", query)
        assert (result.code, result.out) == (3, "")
        assert "Nothing was found." in result.err
    assert run("search", "red", "--min-score", "20").code == 3


def test_weak_matches_are_named_so_and_not_hidden(run: Run, photos: Path) -> None:
    (photos / "red.png").unlink()
    run("index", photos)
    result = run("search", "red")
    assert "Nothing here clearly matches; the nearest are:" in result.err
    assert len(result.lines) == 4
    assert all(line.startswith("weak ") for line in result.lines)
    assert "clearly" not in run("search", "green").err


def test_a_query_that_can_not_be_read(run: Run, photos: Path) -> None:
    run("index", photos)
    result = run("search", "red yaer:2019")
    assert (result.code, result.out) == (2, "")
    assert "column 5: there is no filter yaer:. Did you mean year:?" in result.err
    assert run("search", "red", "--sort", "size").code == 2
    assert run("search", "image:/no/where.png").code == 2


def test_pages_and_order(run: Run, photos: Path) -> None:
    run("index", photos)
    whole = run("search", "red", "--paths").lines
    assert run("search", "red", "--paths", "-n", "2", "--offset", "1").lines == whole[1:3]
    assert run("search", "red", "--paths", "--sort", "name").lines == sorted(whole)


def test_null_separated_paths(run: Run, photos: Path) -> None:
    run("index", photos)
    assert run("search", "red", "-0", "-n", "1").raw == os.fsencode(photos / "red.png") + b"\0"


def test_similar(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    other = draw(tmp_path / "other.png", "blue", (9, 9))
    assert run("similar", other, "--paths", "-n", "1").lines == [str(photos / "blue.png")]
    paths = run("similar", photos / "red.png", "--paths").lines
    assert len(paths) == 4
    assert paths[0].endswith("yellow.png")
    (first,) = run("search", "red", "--json", "-n", "1").lines
    assert run("similar", json.loads(first)["id"], "--paths").lines == paths
    assert run("similar", tmp_path / "none.png").code == 2


def test_export_never_overwrites(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    target = tmp_path / "best"
    target.mkdir()
    (target / "red.png").write_text("mine")
    result = run("search", "red", "-n", "2", "--export", target)
    assert (result.code, result.out) == (0, "")
    assert f"2 photos copied into {target}." in result.err
    assert (target / "red.png").read_text() == "mine"
    assert (target / "red (2).png").read_bytes() == (photos / "red.png").read_bytes()
    run("search", "red", "-n", "1", "--export", tmp_path / "links", "--link")
    assert (tmp_path / "links" / "red.png").readlink() == photos / "red.png"


def test_export_again_copies_nothing_twice(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    target = tmp_path / "best"
    target.mkdir()
    (target / "red.png").write_text("mine")
    run("search", "red", "-n", "2", "--export", target)
    before = sorted((path.name, path.stat().st_mtime_ns) for path in target.iterdir())
    assert len(before) == 3
    again = run("search", "red", "-n", "3", "--export", target)
    assert f"1 photo copied into {target}; 2 already there." in again.err
    assert len(list(target.iterdir())) == 4
    draw(photos / "red.png", "red", (50, 50))  # edited since: another picture
    run("index", photos)
    assert "1 photo copied" in run("search", "red", "-n", "1", "--export", target).err
    assert (target / "red (3).png").read_bytes() == (photos / "red.png").read_bytes()


def test_links_and_copies_are_told_apart(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    target = tmp_path / "best"
    link = ["search", "red", "-n", "1", "--export", target, "--link"]
    assert "1 photo linked" in run(*link).err
    assert f"0 photos linked into {target}; 1 already there." in run(*link).err
    assert "1 photo copied" in run(*link[:-1]).err  # a link is no copy
    assert not (target / "red (2).png").is_symlink()
    (target / "red.png").unlink()
    (target / "red.png").symlink_to(tmp_path / "nowhere")
    assert "1 already there" in run(*link[:-1]).err  # a broken link is passed over
    assert "1 already there" in run("search", "red", "-n", "1", "--export", photos).err  # itself


@pytest.mark.parametrize("how", ["gone", "too long a link"])
def test_export_says_what_it_could_not_read(
    how: str, run: Run, photos: Path, tmp_path: Path
) -> None:
    run("index", photos)
    (photos / "red.png").unlink()
    if how != "gone":  # before Python 3.14, ``Path.is_file`` raises of it
        (photos / "red.png").symlink_to("x" * 300)
    result = run("search", "red", "-n", "2", "--export", tmp_path / "best")
    assert "1 photo copied" in result.err
    assert "1 photo can't be read now" in result.err


def test_a_copy_that_gets_no_name_leaves_no_empty_file(
    run: Run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", photos)

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(1, "Operation not permitted", str(self))

    monkeypatch.setattr(Path, "replace", refuse)
    assert run("search", "red", "-n", "1", "--export", tmp_path / "best").code == 1
    assert list((tmp_path / "best").iterdir()) == []


def test_a_name_that_is_too_long_is_that_of_no_file(run: Run, photos: Path) -> None:
    run("index", photos)
    done = run("similar", f"{'x' * 300}@0:42")
    assert done.code == 2 and "x" * 300 in done.err


def test_open(run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("typer.launch", lambda url: opened.append(url))
    run("index", photos)
    assert run("search", "red", "-n", "1", "--open").out == ""
    assert opened == [str(photos / "red.png")]
    run("search", "red", "--open")
    page = Path(opened[1])
    text = page.read_text(encoding="utf-8")
    assert text.count("<img ") == 5
    assert (photos / "red.png").as_uri() in text
    page.unlink()
    (photos / "red.png").rename(photos / "red.bat")
    run("index")
    run("search", "red", "-n", "1", "--open")
    assert opened[2].endswith(".html") and "red.bat" in Path(opened[2]).read_text(encoding="utf-8")
    Path(opened[2]).unlink()


def test_tags_and_favourites(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    assert (
        run("tag", "add", "Family", photos / "sub").out == "2 pictures have the tag family now.\n"
    )
    assert len(run("search", "tag:family", "--paths").lines) == 2
    assert re.match(r"\d{4}-\d\d-\d\d  /.*  \[family\]$", run("search", "tag:family").lines[0])
    assert run("tag", "remove", "family", photos / "sub" / "green.png").lines == [
        "1 picture has lost the tag family."
    ]
    assert run("favourite", photos / "red.png").lines == [
        "1 picture has the mark of a favourite now."
    ]
    assert run("search", "is:favourite", "--paths").lines == [str(photos / "red.png")]
    assert "Nothing to do" in run("favourite", photos / "red.png").err
    run("favourite", photos / "red.png", "--remove")
    assert run("search", "is:favourite").code == 3
    result = run("tag", "add", "x", tmp_path / "elsewhere")
    assert result.code == 2
    assert "knows no photo" in result.err
    assert run("tag", "add", "  ", photos).code == 2
    assert run("tag", "rename", "x", photos).code == 2


def test_explain(run: Run, photos: Path) -> None:
    run("index", photos)
    assert run("explain", photos / "red.png", "red without green, in:sub").lines == [
        str(photos / "red.png"),
        "as an answer to: red, without green, in sub",
        "  looks like red: cosine 1.000, above 80.0 % of the library, +1.4",
        "  without green: cosine 0.008, above 0.0 % of the library, +0.0",
        "  name: red",
        "  for its names, +8.0",
        "  farther from any text than most photos, +0.1",
        "  does not meet: in sub",
        "  not among the answers",
    ]
    assert run("explain", photos / "red.png", "red").lines[-1] == "  strong, number 1 of 5"
    facts = json.loads(run("explain", photos / "red.png", "red", "--json").out)
    assert (facts["rank"], facts["of"], facts["relevance"]) == (1, 5, "strong")
    assert run("explain", photos / "none.png", "red").code == 2


def test_duplicates(run: Run, photos: Path) -> None:
    shutil.copy(photos / "red.png", photos / "sub" / "same.png")
    run("index", photos)
    shown = run("duplicates").lines
    assert shown[0] == "2 files, the same"
    assert [line.split("  (")[0].strip() for line in shown[1:]] == [
        *(str(photos / "red.png"), str(photos / "sub" / "same.png")),
    ]
    (group,) = [json.loads(line) for line in run("duplicates", "--json").lines]
    assert (group["kind"], group["changes"]) == ("same", [])
    facts = {"path", "width", "height", "bytes", "taken_at", "same_file"}
    assert set(group["files"][0]) == facts
    (photos / "third.png").hardlink_to(photos / "red.png")
    run("index")
    shown = run("duplicates").lines
    assert shown[0] == "2 files, the same"
    assert shown[2] == f"    is the same file as {photos / 'third.png'}"
    (group,) = [json.loads(line) for line in run("duplicates", "--json").lines]
    assert group["files"][0]["same_file"] == [str(photos / "third.png")]
    (photos / "sub" / "same.png").unlink()
    run("index")
    assert run("duplicates", "--exact").lines == ["No photo is there twice."]


@pytest.mark.parametrize(
    "arguments",
    [
        ("tag", "add", "caf\udce9", "."),
        ("tag", "remove", "caf\udce9", "."),
        ("concept", "add", "caf\udce9", "."),
        ("concept", "show", "caf\udce9"),
        ("concept", "remove", "caf\udce9"),
        ("search", "tag:caf\udce9"),
        ("search", "concept:caf\udce9"),
    ],
)
def test_names_in_another_encoding_are_wrong_use(
    run: Run, photos: Path, arguments: tuple[str, ...]
) -> None:
    run("index", photos)
    done = run(*arguments)
    assert done.code == 2 and "valid UTF-8" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize("arguments", [("forget", "x"), ("ui", "--password", "--no-browser")])
def test_nobody_to_ask_is_wrong_use(arguments: tuple[str, ...]) -> None:
    """In a process of its own, whose standard input is closed."""
    Library.open(Path(os.environ["CLIPSEARCH_LIBRARY"]), create=True).close()
    done = subprocess.run(
        ["sh", "-c", '"$@" <&-', "sh", sys.executable, "-m", "app.cli", *arguments],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "nobody to ask" in done.stderr
    assert "Traceback" not in done.stderr
