"""clipsearch backup, restore, marks and doctor --salvage, as a person types them."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

from conftest import Run
from damaged import damage
from store.library import DATABASE

_BACKUP = "5 files and 1 tag"


def test_backup_and_restore(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    run("favourite", photos / "red.png")
    target = tmp_path / "b.db"
    made = run("backup", target)
    assert made.code == 0 and _BACKUP in made.out and "checked" in made.out
    refused = run("backup", target)
    assert refused.code == 1 and "--force" in refused.err and refused.err.count("\n") == 1
    assert run("backup", target, "--force").code == 0

    run("favourite", photos / "blue.png")
    for answer in ("n\n", ""):
        asked = run("restore", target, answer=answer)
        assert asked.code != 0 and _BACKUP in asked.err
    assert len(run("search", "is:favourite", "--paths").lines) == 2
    done = run("restore", target, answer="y\n")
    assert done.code == 0 and "What was there before: " in done.out
    assert run("search", "is:favourite", "--paths").lines == [str(photos / "red.png")]
    assert run("restore", target, "--yes").code == 0
    elsewhere = run("restore", target, "--library", tmp_path / "elsewhere")
    assert elsewhere.code == 0 and "before" not in elsewhere.out

    (tmp_path / "bad.db").write_bytes(b"no library" * 1000)
    bad = run("restore", tmp_path / "bad.db", "--yes")
    assert bad.code == 1 and "bad.db" in bad.err and bad.err.count("\n") == 1


def test_marks(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    run("tag", "add", "Family", photos / "red.png", photos / "blue.png")
    shown = run("marks", "export")
    assert [len(json.loads(line)) for line in shown.lines] == [2, 3, 3]
    file = tmp_path / "marks.jsonl"
    assert "2 lines" in run("marks", "export", file).out
    assert file.read_text() == shown.out
    assert run("marks", "export", file).code == 1
    assert run("marks", "export", file, "--force").code == 0

    run("tag", "remove", "family", photos)
    done = run("marks", "import", file)
    assert "New: 2 tags, 0 examples of concepts, saved searches: 0, places in" in done.out
    assert "2 are known by their content" in done.out
    assert run("marks", "import", answer=shown.out).lines[0].startswith("New: 0 tags")
    file.write_text(shown.out + "{}\n")
    wrong = run("marks", "import", file)
    assert wrong.code == 1 and "line 4" in wrong.err and wrong.err.count("\n") == 1
    missing = run("marks", "import", tmp_path / "none")
    assert missing.code == 1 and str(tmp_path / "none") in missing.err


def test_salvage_then_restore(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    run("favourite", photos / "red.png")
    folder = tmp_path / "library"
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage(folder / DATABASE, "header", random.Random(1))
    broken = run("search", "red")
    assert broken.code == 1 and "doctor --salvage NEW_FOLDER" in broken.err
    assert "clipsearch restore FILE" in broken.err
    saved = run("doctor", "--salvage", tmp_path / "saved")
    assert saved.code == 0, saved.err
    table = {" ".join(words[2:]): words[0] for line in saved.lines if (words := line.split())}
    assert (table["tags"], table["files"], table["vectors"]) == ("1", "5", "5")
    assert run("restore", tmp_path / "saved" / DATABASE, "--yes").code == 0
    assert run("search", "is:favourite", "--paths").lines == [str(photos / "red.png")]
    assert run("doctor").lines[-1] == "All is well: 5 pictures can be found."
    assert run("index").code == 0
    assert run("doctor", "--salvage", tmp_path / "saved").code == 1  # not empty
