"""clipsearch cache: what is shown, what is removed, and what never is."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from app.caches import clean, kinds
from app.config import load_config
from app.services import encoder_of, open_searcher
from conftest import TINY, Run, index_into, make_model
from indexer.encoders import openvino_files
from indexer.encoders.engines import load_encoder
from store.library import Library

DIGEST = "0123456789abcdef" * 2


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, with something of each kind and with what is not clipsearch's."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("CLIPSEARCH_CACHE", str(folder))
    for name in ("engines", "vocabulary", "mine"):
        (folder / name).mkdir(parents=True)
    engine = folder / "engines" / f"{DIGEST}-3-openvino-2026.4.1-f32"
    engine.mkdir()
    (engine / "image-0.blob").write_bytes(bytes(3_000_000))
    (folder / "vocabulary" / f"{DIGEST}-{DIGEST[:16]}.npz").write_bytes(bytes(500_000))
    for foreign in ("notes.txt", "engines/notes.txt", "mine/photo.jpg", "vocabulary/x.npz"):
        (folder / foreign).write_text("mine")
    return folder


FOREIGN = ["engines/notes.txt", "mine/photo.jpg", "notes.txt", "vocabulary/x.npz"]


def left_in(folder: Path) -> list[str]:
    """All files, but for those that SQLite makes while a database is open."""
    passing = ("-wal", "-shm")
    files = (one for one in folder.rglob("*") if one.is_file() and not one.name.endswith(passing))
    return sorted(path.relative_to(folder).as_posix() for path in files)


def test_show_and_clean(run: Run, photos: Path, cache: Path, tmp_path: Path) -> None:
    run("index", photos)
    previews = tmp_path / "library" / "previews"
    previews.mkdir()
    (previews / f"{DIGEST}{DIGEST}.jpg").write_bytes(bytes(100_000))
    (previews / "mine.jpg").write_text("mine")
    library = left_in(tmp_path / "library")

    shown = run("cache").lines
    assert shown[0].split()[:3] == ["3.0", "MB", "cleaned"] and str(cache / "engines") in shown[0]
    facts = {line["kind"]: line for line in map(json.loads, run("cache", "show", "--json").lines)}
    kept = ["previews", "small", "thumbnails", "index", "columns", "labels", "hubs"]
    assert list(facts) == ["models", "words", *kept]
    assert facts["models"]["bytes"] == 3_000_000 and facts["models"]["cleaned"]
    assert facts["previews"]["bytes"] == 100_000
    assert facts["thumbnails"]["bytes"] > 0 and not facts["thumbnails"]["cleaned"]
    assert facts["index"]["bytes"] > 0

    words = facts["words"]["bytes"]
    size = (3_000_000 + words + 100_000) / 1e6
    assert run("cache", "clean").lines == [f"Removed {size:.1f} MB."]
    assert left_in(cache) == FOREIGN
    assert set(library) - set(left_in(tmp_path / "library")) == {f"previews/{DIGEST}{DIGEST}.jpg"}
    assert json.loads(run("cache", "clean", "--json").out) == {"removed": 0, "left": []}
    assert run("search", "red", "-n", "1", "--paths").lines == [str(photos / "red.png")]


def test_without_a_library_or_a_cache(run: Run, tmp_path: Path, cache: Path) -> None:
    assert run("cache", "clean").lines == ["Removed 3.5 MB."]
    shutil.rmtree(cache)
    assert len(run("cache").lines) == 9
    assert run("cache", "clean").lines == ["Removed 0.0 MB."]
    assert not cache.exists() and not (tmp_path / "library").exists()


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_links_are_not_followed(run: Run, cache: Path, tmp_path: Path) -> None:
    photos = tmp_path / "precious"
    photos.mkdir()
    (photos / "a.jpg").write_text("mine")
    (cache / "engines" / f"{DIGEST}-link").symlink_to(photos)
    assert run("cache", "clean").code == 0
    assert (photos / "a.jpg").read_text() == "mine"
    assert left_in(cache) == FOREIGN


def test_what_is_being_made_stays(run: Run, cache: Path) -> None:
    young, old = (cache / "engines" / f".clipsearch-{name}" for name in ("young", "old"))
    young.mkdir()
    old.mkdir()
    then = time.time() - 7200
    os.utime(old, (then, then))
    result = run("cache", "clean")
    assert f"Left: {young}: it may be being made just now." in result.err
    assert young.exists() and not old.exists()


@pytest.mark.skipif(not openvino_files.is_available(), reason="nothing is converted then")
def test_the_last_copy_of_a_librarys_model_stays(photos: Path, cache: Path, tmp_path: Path) -> None:
    """The real thing: a model whose weights were replaced answers from the cache only."""
    config = replace(load_config(), engine="openvino", device="cpu")
    folder = tmp_path / "model"
    folder.mkdir()
    name = f"local-dir:{make_model(folder, TINY, seed=1)}"
    encoder = load_encoder(name, engine="openvino", cache=cache)
    with_library = Library.open(config.library, create=True)
    index_into(with_library, encoder, photos)  # type: ignore[arg-type]
    with_library.close()
    openvino_files.wait_for_conversions()

    def engines() -> list[str]:
        return [one.name for kind in kinds(config) if kind.name == "models" for one in kind.entries]

    assert len(engines()) == 2
    make_model(folder, TINY, seed=2)
    ((path, reason),) = clean(config).left
    assert reason == "the last copy of a model that the library needs"
    assert engines() == [path.name] and path.name.startswith(encoder.fingerprint[:32])
    searcher = open_searcher(config)
    assert len(searcher.encode_texts(["red"])) == 1
    searcher.library.close()

    make_model(folder, TINY, seed=1)  # the weights are back
    assert clean(config).left == () and engines() == []
    assert encoder_of(name, config).encoder.fingerprint == encoder.fingerprint
