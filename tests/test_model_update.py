"""A model whose files are replaced by new ones, as the bundled one's are by an update."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import TINY, make_model
from indexer.encoders import openvino_files
from store.library import Library

pytestmark = pytest.mark.one_python

TOP = Path(__file__).parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()
    return make_model(tmp_path / "model", TINY)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The real command, each time in a process of its own, with its own cache."""
    monkeypatch.setenv("CLIPSEARCH_CACHE", str(tmp_path / "cache"))

    def call(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *map(str, arguments)],
            cwd=TOP,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done

    return call


def scores(run: Run) -> dict[str, float]:
    lines = run("search", "a red thing", "--json", "--all").stdout.splitlines()
    return {(hit := json.loads(line))["path"]: hit["score"] for line in lines}


@pytest.mark.skipif(not openvino_files.is_available(), reason="its cache keeps old weights")
def test_the_old_vectors_answer_until_the_new_ones_are_there(
    run: Run, model: Path, photos: Path, tmp_path: Path
) -> None:
    run("index", photos, "--model", f"local-dir:{model}")
    before = scores(run)
    make_model(model, TINY, seed=1)
    assert scores(run) == before  # by the old text tower, from the cache

    # Without that, words can't be asked; what is stored still answers.
    kept = tmp_path / "kept"
    shutil.move(tmp_path / "cache", kept)
    said = run("search", "a red thing", code=1).stderr
    assert "an earlier version of the model" in said and "clipsearch index" in said
    assert len(run("search", "type:png", "--paths").stdout.splitlines()) == len(before)
    similar = run("similar", photos / "red.png", "--paths").stdout
    assert len(similar.splitlines()) == len(before) - 1
    converted = [path for path in (tmp_path / "cache").glob("engines/*") if path.is_dir()]
    assert not converted  # nothing was needed for that
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    shutil.move(kept, tmp_path / "cache")

    # A run that can't end, since a photo is not there now, changes nothing for who asks.
    library = Library.open(tmp_path / "library")
    old = library.model()
    away = tmp_path / "away"
    photos.rename(away)
    run("index")
    assert library.model() == old and scores(run) == before
    away.rename(photos)

    done = run("index")
    assert f"{len(before)} read again" in done.stdout
    new = library.model()
    assert old and new and (new.name, new.fingerprint != old.fingerprint) == (old.name, True)
    after = scores(run)
    assert set(after) == set(before) and after != before
    library.close()
    assert f"{len(before)} unchanged" in run("index").stdout
