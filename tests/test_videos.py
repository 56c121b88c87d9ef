"""Videos from the file to the search: one result each, at its best moment."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.query.parser import parse_query
from app.search.searcher import Searcher
from conftest import Index, Run, index_into
from fakes import ColourEncoder
from films import film
from indexer import pipeline
from indexer.pictures import read_photo
from indexer.videos import video_files
from store.library import DATABASE, Library
from store.server_library import ServerLibrary
from store.states import State
from store.values import ModelInfo


@pytest.fixture
def model_with_film(photos: Path, index: Index, library: Library) -> ModelInfo:
    film(photos / "holiday.mp4", ["black", "red", "blue", "blue", "white"])
    summary = index(photos)
    assert (summary.new, summary.embedded, summary.failed) == (6, 6, {})
    model = library.model()
    assert model
    return model


def test_a_video_is_one_result_at_the_moment_that_fits(
    library: Library, model_with_film: ModelInfo, encoder: ColourEncoder
) -> None:
    searcher = Searcher(library, model_with_film, encoder)
    for colour, moment in (("red", 2.0), ("blue", 4.0), ("white", 8.0)):
        results = searcher.search(parse_query(colour))
        names = [hit.path.name for hit in results]
        assert len(names) == 6 and set(names[:2]) == {f"{colour}.png", "holiday.mp4"}
        (video,) = (hit for hit in results if hit.duration is not None)
        assert video.duration == 10.0 and video.moment == pytest.approx(moment, abs=0.3)
        assert video.score > 0.99


def test_a_video_counts_once(
    library: Library, model_with_film: ModelInfo, encoder: ColourEncoder
) -> None:
    searcher = Searcher(library, model_with_film, encoder)
    assert searcher.count() == library.searchable_count(model_with_film) == 6
    assert len(library.columns(model_with_film)) == 6
    frames = library.frames(model_with_film)
    assert len(frames) == 3 and len(frames.videos) == 1
    assert library.check(model_with_film, library.index(model_with_film).index) == []
    listed = searcher.search(parse_query("name:holiday*"))
    assert [hit.moment for hit in listed] == [None]


def test_of_an_or_the_better_alternative_has_the_moment(
    library: Library, model_with_film: ModelInfo, encoder: ColourEncoder
) -> None:
    searcher = Searcher(library, model_with_film, encoder)
    for query, moment in (("green OR blue", 4.0), ("red OR green", 2.0)):
        results = searcher.search(parse_query(query))
        (video,) = (hit for hit in results if hit.duration is not None)
        assert video.moment == pytest.approx(moment, abs=0.3), query


def test_videos_are_told_from_photos_by_filters(
    library: Library, model_with_film: ModelInfo, encoder: ColourEncoder
) -> None:
    searcher = Searcher(library, model_with_film, encoder)
    for query, count in (
        ("red, type:video", 1),
        ("type:video", 1),
        ("type:mp4", 1),
        ("red, type:photo", 5),
        ("red, -duration:>=10", 5),
        ("blue, duration:>9", 1),
        ("duration:0:10", 1),
        ("duration:<10", 0),
    ):
        assert len(searcher.search(parse_query(query))) == count, query
    (video,) = searcher.search(parse_query("blue, duration:>9"))
    assert video.moment == pytest.approx(4.0, abs=0.3)


def test_on_a_server(
    server_library: ServerLibrary, photos: Path, encoder: ColourEncoder, tmp_path: Path
) -> None:
    film(photos / "holiday.mp4", ["red", "blue"])
    index_into(server_library, encoder, photos)
    model = server_library.model()
    assert model
    searcher = Searcher(server_library, model, encoder)
    for query in ("blue", "blue, type:video", "blue, duration:<10"):
        (hit,) = (one for one in searcher.search(parse_query(query)) if one.duration is not None)
        assert hit.moment == pytest.approx(2.0, abs=0.3) and hit.score > 0.99
    assert len(searcher.search(parse_query("blue"))) == searcher.count() == 6
    assert server_library.check(model, server_library.index(model).index) == []
    frames = server_library.frames(model)
    with Library.open(tmp_path / "copy", create=True) as copy:
        index_into(copy, encoder, photos)
        own = copy.model()
        assert own and np.array_equal(copy.frames(own).vectors, frames.vectors)


def test_what_leaves_the_library_takes_its_frames_along(
    library: Library, model_with_film: ModelInfo, photos: Path
) -> None:
    assert library.thumbnails.count() == 6 + 3
    with library.writing() as writer:
        writer.forget(photos / "holiday.mp4")
    assert len(library.frames(model_with_film)) == 0
    assert library.thumbnails.count() == 5


def test_lost_thumbnails_of_frames_are_made_again(
    library: Library, model_with_film: ModelInfo, index: Index
) -> None:
    before = library.thumbnails.digests()
    library.thumbnails.remove(sorted(before)[::2])
    summary = index()
    assert summary.opened == 0 and summary.thumbnails >= 5
    assert library.thumbnails.digests() == before
    assert library.without_thumbnail() == []


def test_damaged_frames_are_left_out_and_mended(
    library: Library, model_with_film: ModelInfo, photos: Path, index: Index
) -> None:
    whole = library.frames(model_with_film)
    with closing(sqlite3.connect(library.folder / DATABASE)) as database, database:
        database.execute("UPDATE frame SET vector = zeroblob(12) WHERE at_ms > 3000")
    assert len(library.frames(model_with_film)) < len(whole)
    one = "frames of 1 videos are not what was written"
    assert library.check(model_with_film, library.index(model_with_film).index) == [one]
    with library.writing() as writer:
        mended = writer.mend_vectors(model_with_film)
        assert mended.to_read.tolist() == whole.videos.tolist()
        writer.remove_vectors(model_with_film, mended.to_read)
    assert index().again == 1
    again = library.frames(model_with_film)
    assert np.array_equal(again.vectors, whole.vectors)
    assert np.array_equal(again.at_ms, whole.at_ms)
    assert library.check(model_with_film, library.index(model_with_film).index) == []


def test_a_copy_of_the_library_has_the_frames(
    library: Library, model_with_film: ModelInfo, tmp_path: Path, run: Run
) -> None:
    library.close()
    there = tmp_path / "there"
    assert run("copy", library.folder, there).code == 0
    with Library.open(library.folder) as opened:
        kept = opened.frames(model_with_film)
    assert len(kept) == 3
    with Library.open(there) as copy:
        model = copy.model()
        assert model and np.array_equal(copy.frames(model).vectors, kept.vectors)


def test_commands_say_the_moment(photos: Path, run: Run) -> None:
    film(photos / "holiday.mp4", ["red", "blue"])
    run("index", photos)
    (line,) = (line for line in run("search", "blue").lines if "holiday" in line)
    assert line.endswith("holiday.mp4 @ 0:02")
    told = [json.loads(line) for line in run("search", "blue", "--json").lines]
    (video,) = (one for one in told if one["duration"] is not None)
    assert video["duration"] == 4 and 2 <= video["moment"] < 3
    assert all(one["moment"] is None for one in told if one is not video)
    assert run("search", "type:video", "--paths").lines == [str(photos / "holiday.mp4")]


def test_a_run_without_the_extra_says_what_to_install(
    photos: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    film(photos / "holiday.mp4", ["red", "blue"])
    monkeypatch.setattr(read_photo, "can_read_videos", lambda: False)
    monkeypatch.setattr(pipeline, "can_read_videos", lambda: False)
    said = "1 video passed over. To search videos too: pip install 'clipsearch[video]', then:"
    assert any(line.startswith(said) for line in run("index", photos).lines)
    assert not any("video" in line for line in run("index").lines)


def test_another_model_sees_the_same_frames(
    library: Library, model_with_film: ModelInfo, photos: Path
) -> None:
    other = ColourEncoder("others")
    index_into(library, other, photos)
    model = library.model()
    assert model and model.name == "others"
    one, two = library.frames(model_with_film), library.frames(model)
    assert np.array_equal(one.at_ms, two.at_ms) and np.array_equal(one.contents, two.contents)


def test_without_the_extra_videos_are_left_alone_and_taken_in_once_it_is_there(
    photos: Path, index: Index, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    film(photos / "holiday.mp4", ["red", "blue"])
    with monkeypatch.context() as patch:
        patch.setattr(read_photo, "can_read_videos", lambda: False)
        summary = index(photos)
    assert (summary.new, summary.other, summary.videos) == (5, 1, 1)
    (passed,) = library.files([State.OTHER])
    assert passed.reason == video_files.NEEDS_EXTRA
    assert index().again == 1
    assert not list(library.files([State.OTHER]))


PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n"


@pytest.mark.parametrize(
    ("name", "content", "state", "reason"),
    [
        ("empty.mp4", b"", State.EMPTY, "the file is empty"),
        ("noise.mkv", bytes(range(256)) * 40, State.DAMAGED, "it can't be read as a video"),
        ("playlist.mp4", PLAYLIST, State.DAMAGED, "it can't be read as a video"),
        ("types.ts", b"export const one = 1;\n", State.OTHER, "not a picture"),
    ],
)
def test_what_is_no_video_has_its_reason(
    name: str, content: bytes, state: State, reason: str, index: Index, library: Library
) -> None:
    folder = library.folder.parent / "films"
    folder.mkdir()
    (folder / name).write_bytes(content)
    film(folder / "good.mp4", ["red", "green"])
    assert index(folder).new == 1
    (bad,) = library.files([state])
    assert bad.path.name == name and (bad.reason or "").startswith(reason)
