"""What ``clipsearch label`` labels: pictures and folders, indexed or not, and indexed videos."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Run, draw
from films import film
from indexer.videos import video_files

LABEL = ["label", "--labels", "red,blue", "--json"]


def labelled(run: Run, path: Path) -> dict[str, str]:
    lines = map(json.loads, run(*LABEL, path).lines)
    return {Path(line["path"]).name: line["label"] for line in lines}


def test_folders_and_pictures_that_are_not_indexed(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    other = tmp_path / "other"
    (other / "sub").mkdir(parents=True)
    draw(other / "a.png", "red", (50, 40))
    draw(other / "sub" / "b.png", "blue", (50, 40))
    (other / "bad.jpg").write_bytes(b"no picture")
    (other / "notes.txt").write_text("none")
    assert labelled(run, other) == {"a.png": "red", "b.png": "blue"}
    said = run(*LABEL, other)
    assert said.code == 0 and "bad.jpg can't be read as a picture" in said.err
    assert labelled(run, other / "a.png") == {"a.png": "red"}
    (tmp_path / "none").mkdir()
    assert f"{tmp_path / 'none'} holds no pictures." in run(*LABEL, tmp_path / "none").err


def test_videos_are_labelled_once_they_are_indexed(
    run: Run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", photos)
    folder = tmp_path / "films"
    folder.mkdir()
    video = film(folder / "a.mp4", ["red", "blue"])
    for path, what in ((folder, "holds only videos"), (video, "is a video")):
        said = run(*LABEL, path)
        assert said.code == 2
        assert f"{path} {what}. Videos are labelled once they are indexed: clipsearch" in said.err
    with monkeypatch.context() as patch:
        patch.setattr(video_files, "can_read_videos", lambda: False)
        said = run(*LABEL, folder)
    assert f"{video_files.INSTALL}, then: clipsearch index {folder}" in said.err
    draw(folder / "b.png", "blue", (50, 40))
    assert f"Without 1 video in {folder}." in run(*LABEL, folder).err
    run("index", folder)
    assert labelled(run, folder) == {"a.mp4": "red", "b.png": "blue"}
