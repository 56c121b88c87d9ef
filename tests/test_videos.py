"""Videos from the file to the search: one result each, at its best moment."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from test_database import library_of

from app.duplicates import duplicates
from app.query.parser import parse_query
from app.search.explain import explain
from app.search.query_reader import QueryReader
from app.search.searcher import Searcher
from conftest import Index, Run, index_into, last
from fakes import ColourEncoder
from films import film
from indexer import pipeline
from indexer.folders.scan import ScannedFile
from indexer.folders.steps import Target
from indexer.pictures import read_photo
from indexer.reading.unread_text import read_texts
from indexer.videos import decode_video, video_files
from indexer.videos.upright import upright
from store.errors import QueryError
from store.library import DATABASE, Library
from store.picture_text import TextLine
from store.server_library import ServerLibrary
from store.sql.dialect.sessions import add_functions
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
    assert library.videos().tolist() == frames.videos.tolist()
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


def test_a_video_is_explained_at_its_best_moment(
    library: Library, model_with_film: ModelInfo, encoder: ColourEncoder, photos: Path
) -> None:
    searcher = Searcher(library, model_with_film, encoder)
    for query in ("blue", "blue, type:photo", "green OR blue"):
        (blue,) = explain(searcher, photos / "holiday.mp4", parse_query(query)).terms
        assert blue.cosine > 0.99 and blue.share > 1, query
        assert blue.percentile == pytest.approx(100 * 4 / 6), query  # below blue.png


def test_photos_like_a_moment_of_a_video(
    library: Library, model_with_film: ModelInfo, encoder: ColourEncoder, photos: Path
) -> None:
    searcher = Searcher(library, model_with_film, encoder)
    path = photos / "holiday.mp4"
    (id,) = library.contents_at(path)
    for named in (id, path):
        for moment, colour in (("2.4", "red"), ("0:05", "blue"), ("0:00:59", "white")):
            best = searcher.search(parse_query(f"like:{named}@{moment}"))[0]
            assert best.path.name == f"{colour}.png" and best.score > 0.99, (named, moment)
    # Without a moment, no frame is more than the others.
    frames = library.frames(model_with_film).vectors
    mean = frames.mean(axis=0)
    for named in (id, path):
        hits = searcher.search(parse_query(f"like:{named}"))
        for hit in hits:
            own = searcher.vector(hit.id)
            assert own is not None
            expected = float(own @ mean / np.linalg.norm(mean))
            assert hit.score == pytest.approx(expected, abs=1e-5), hit.path
    assert len(hits) == 5  # not itself


def test_similar_takes_a_moment(run: Run, photos: Path) -> None:
    film(photos / "holiday.mp4", ["black", "red", "blue", "blue", "white"])
    run("index", photos)
    (first,) = run("search", "type:video", "--json", "-n", "1").lines
    for named in (json.loads(first)["id"], photos / "holiday.mp4"):
        for moment, colour in (("2.4", "red"), ("0:05", "blue"), ("0:00:59", "white")):
            best = run("similar", f"{named}@{moment}", "--paths", "-n", "1").lines
            assert best == [str(photos / f"{colour}.png")]
    shutil.copy(photos / "red.png", photos / "film@7")  # the name of a file
    assert run("similar", photos / "film@7", "--paths", "-n", "1").lines == [
        str(photos / "red.png")
    ]
    assert run("similar", "99@0:07").code == 2


def test_a_photo_has_no_moments(
    library: Library, index: Index, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for name, colour in (("a@7", "red"), ("b", "green")):
        Image.new("RGB", (40, 30), colour).save(folder / name, format="PNG")
    index(folder)
    model = library.model()
    assert model
    searcher = Searcher(library, model, encoder)
    for named in (folder / "a@7", f"{folder / 'a@7'}@3"):
        assert [hit.path.name for hit in searcher.search(parse_query(f"like:{named}"))] == ["b"]
    with pytest.raises(QueryError, match=r"like:99@0:07 is no photo of the library"):
        searcher.search(parse_query("like:99@0:07"))


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
        ("duration:0m10s", 1),
        ("duration:0h0m9s..1m15s", 1),
        ("duration:1m15s..", 0),
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
    assert (
        server_library.videos().tolist() == frames.videos.tolist() and server_library.has_videos()
    )
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
    reader = QueryReader(library)
    for text in ("type:video", "red, type:mp4,mov", "duration:>5"):
        with monkeypatch.context() as patch, pytest.raises(QueryError) as raised:
            patch.setattr(video_files, "can_read_videos", lambda: False)
            reader.query(text)
        install = f"{video_files.INSTALL}, then: clipsearch index"
        assert "not been read yet" in str(raised.value) and install in str(raised.value)
        with pytest.raises(QueryError, match="To read them: clipsearch index"):
            reader.query(text)
    for text in ("type:photo", "-type:video", "type:jpg,mp4", "red"):
        assert reader.query(text)
    assert index().again == 1
    assert not list(library.files([State.OTHER]))
    assert reader.query("type:video")


def test_videos_of_a_library_without_any(
    photos: Path, index: Index, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(photos)
    reader = QueryReader(library)
    assert reader.query("type:video")
    monkeypatch.setattr(video_files, "can_read_videos", lambda: False)
    with pytest.raises(QueryError, match=r"no videos.*pip install 'clipsearch\[video\]', then"):
        reader.query("type:video")


def test_once_the_extra_is_there_only_the_folders_of_the_run_are_read_again(
    tmp_path: Path, encoder: ColourEncoder, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, away = (tmp_path / name for name in ("one", "two", "away"))
    with monkeypatch.context() as patch:
        patch.setattr(read_photo, "can_read_videos", lambda: False)
        for folder in (one, one / "sub", two, away):
            folder.mkdir()
            film(folder / "a.mp4", ["red", "blue"])
        for folder in (one, two, away):
            index_into(library, encoder, folder)
    away.rename(tmp_path / "unplugged")

    def passed() -> set[str]:
        kept = list(library.files([State.OTHER]))
        assert {file.reason for file in kept} <= {video_files.NEEDS_EXTRA}
        assert not list(library.files([State.UNREADABLE]))
        return {str(file.path.parent.relative_to(tmp_path)) for file in kept}

    assert passed() == {"one", "one/sub", "two", "away"}
    (root,) = (root for root in library.roots() if root.path == one)
    with library.writing() as writer:
        targets = [Target(root, only=frozenset({"sub"}))]
        last(list(pipeline.run_index(library, writer, encoder, targets)))
    assert passed() == {"one", "two", "away"}
    index_into(library, encoder, two)
    assert passed() == {"one", "away"}
    index_into(library, encoder)
    assert passed() == {"away"}


@pytest.mark.parametrize("version", [9, 10])
def test_videos_that_earlier_versions_passed_over_are_read(version: int, tmp_path: Path) -> None:
    with closing(sqlite3.connect(library_of(version, tmp_path))) as database, database:
        add_functions(database)
        database.executemany(
            "INSERT INTO photo (root_id, folder, name, size, mtime_ns, state, reason, run) "
            "SELECT root_id, folder, ?, 9, 9, 'other', 'not a picture', run FROM photo LIMIT 1",
            [(f"a{ending}",) for ending in [*video_files.VIDEO_ENDINGS, ".txt"]],
        )
    with Library.open(tmp_path) as library:
        others = {file.path.name for file in library.files([State.OTHER])}
    assert "a.txt" in others and not others & {f"a{one}" for one in video_files.VIDEO_ENDINGS}


def test_films_that_differ_anywhere_are_no_copies(
    library: Library, index: Index, tmp_path: Path
) -> None:
    """Also where the beginning, the end and most of it are equal, as of one badly copied."""
    folder = tmp_path / "films"
    folder.mkdir()
    with film(folder / "whole.mp4", ["red", "blue"]).open("ab") as file:
        file.truncate(90_000_000)
    shutil.copy(folder / "whole.mp4", folder / "copy.mp4")
    shutil.copy(folder / "whole.mp4", folder / "bad.mp4")
    with (folder / "bad.mp4").open("r+b") as file:
        file.seek(3_000_000)
        file.write(b"x")
    assert index(folder).copies == 1
    model = library.model()
    assert model
    same = [one for one in duplicates(library, model) if one.kind == "same"]
    assert not any("bad.mp4" in {photo.path.name for photo in one.photos} for one in same)
    (ours,) = library.contents_at(folder / "whole.mp4")
    assert library.contents_at(folder / "bad.mp4") != [ours]
    assert library.contents_at(folder / "copy.mp4") == [ours]


def test_a_video_is_not_read_to_its_end_once_the_run_is_stopped(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    film(folder / "long.mp4", ["red", "blue"])
    stop = threading.Event()

    def stops(path: Path, file: ScannedFile) -> bool:
        stop.set()
        return False

    summary = index_into(library, encoder, folder, stop=stop, is_unsettled=stops)
    assert summary.stopped and summary.new == 0
    assert not list(library.files([*State]))
    assert index_into(library, encoder, folder).new == 1


class Shown:
    """What is asked to read the text of pictures, and keeps the pictures."""

    name = "shown"

    def __init__(self) -> None:
        self.images: list[Image.Image] = []

    def read(self, image: Image.Image) -> list[TextLine]:
        self.images.append(image)
        return []


def test_text_is_read_in_the_frame_that_stands_for_a_video_and_no_other_is_decoded(
    library: Library, encoder: ColourEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        scenes = ["black", "red", "blue", "white", "green"][: 5 - "abc".index(name[0])]
        film(folder / name, scenes, size=(640, 480))
    index_into(library, encoder, folder)
    with (folder / "b.mp4").open("ab") as changed:
        changed.write(b"x")
    (folder / "c.mp4").unlink()
    kept: list[object] = []

    def counted(*args: Any) -> Any:
        kept.append(args)
        return upright(*args)

    monkeypatch.setattr(decode_video, "upright", counted)
    shown = Shown()
    *_, last = read_texts(library, shown, None, threading.Event())
    assert (last.total, last.done, last.skipped, last.problems) == (3, 3, 2, 0)
    (image,) = shown.images
    assert image.size == (640, 480) and len(kept) == 1
    assert np.asarray(image).mean(axis=(0, 1)).argmax() == 0  # red: the first that is not black


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
