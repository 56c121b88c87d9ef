"""Fingerprints of model folders that are kept: when they count, and what damage does to them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from indexer.encoders import models
from indexer.encoders.kept_fingerprints import kept_fingerprint


@pytest.fixture
def model(tmp_path: Path) -> models.ModelName:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"one")
    return models.parse(f"local-dir:{folder}")


def file_of(cache: Path) -> Path:
    (file,) = (cache / "engines").iterdir()
    return file


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is a minute ahead of the files: else nothing written just now is kept."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60_000_000_000)


def test_it_is_what_reading_gives(model: models.ModelName, tmp_path: Path) -> None:
    assert models.folder_fingerprint(model, tmp_path) == models.folder_fingerprint(model)


@pytest.mark.usefixtures("later")
def test_unchanged_files_are_not_read_again(model: models.ModelName, tmp_path: Path) -> None:
    weights = tmp_path / "model" / "model.safetensors"
    for _ in range(2):
        assert kept_fingerprint(tmp_path, weights.parent, [weights], lambda: "first") == "first"
    assert kept_fingerprint(tmp_path, weights.parent, [weights], lambda: "second") == "first"


@pytest.mark.usefixtures("later")
def test_any_change_of_a_file_counts(model: models.ModelName, tmp_path: Path) -> None:
    weights = tmp_path / "model" / "model.safetensors"
    known = {models.folder_fingerprint(model, tmp_path)}
    facts = weights.stat()
    weights.write_bytes(b"two")
    os.utime(weights, ns=(facts.st_atime_ns, facts.st_mtime_ns))  # as some copying programs do
    known.add(models.folder_fingerprint(model, tmp_path))
    (weights.parent / "merges.txt").write_text("one more")
    known.add(models.folder_fingerprint(model, tmp_path))
    assert len(known) == 3
    assert models.folder_fingerprint(model, tmp_path) == models.folder_fingerprint(model)


def test_files_that_were_written_just_now_are_not_trusted(
    model: models.ModelName, tmp_path: Path
) -> None:
    models.folder_fingerprint(model, tmp_path)
    assert not (tmp_path / "engines").exists()


@pytest.mark.usefixtures("later")
def test_damage_costs_the_time_only(model: models.ModelName, tmp_path: Path) -> None:
    right = models.folder_fingerprint(model, tmp_path)
    assert right
    whole = file_of(tmp_path).read_bytes()
    other = right[:-1] + ("0" if right[-1] != "0" else "1")
    for damaged in (b"", b"[]", b"{}", whole[:-20], whole.replace(right.encode(), other.encode())):
        file_of(tmp_path).write_bytes(damaged)
        assert models.folder_fingerprint(model, tmp_path) == right
        assert file_of(tmp_path).read_bytes() == whole


@pytest.mark.usefixtures("later")
def test_a_cache_that_is_a_file_does_no_harm(model: models.ModelName, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert models.folder_fingerprint(model, tmp_path / "cache") == models.folder_fingerprint(model)


@pytest.mark.usefixtures("later")
def test_there_are_never_many(model: models.ModelName, tmp_path: Path) -> None:
    weights = tmp_path / "model" / "model.safetensors"
    for number in range(40):
        kept_fingerprint(tmp_path, tmp_path / str(number), [weights], lambda: "same")
    assert len(list((tmp_path / "engines").iterdir())) == 32
