"""Stacks of a raw or live video and its picture, in a folder and on a server: one photo each."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import delete, event, literal, select
from test_store_contract import Both, both, model_of
from test_xmp import packet

from app.query.parser import parse_query
from benchmarks.raw_files import dng
from conftest import Index, Run
from fakes import COLOURS
from films import film
from indexer.pictures.formats import readable_formats
from store import filters
from store.filters import PhotoFilter
from store.library import Library
from store.rescue.salvage import salvage
from store.sql.schema import Photo
from store.sql.stacking import _up_to_dot
from store.stacks import up_to_dot
from store.states import State
from store.values import AlbumInfo, ContentFacts, FileRecord, Picture

__all__ = ["both"]

IS_RAW = parse_query("type:raw").filter


def raw(path: Path, colour: str = "red", side: int = 64) -> Path:
    path.write_bytes(dng(Image.new("RGB", (side, 48), COLOURS[colour])))
    return path


def picture(path: Path, colour: str = "red", side: int = 40) -> Path:
    readable_formats()  # registers HEIF
    Image.new("RGB", (side, 30), COLOURS[colour]).save(path, quality=95)
    return path


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """A stack of two, one of three, a raw and a picture alone, in two folders."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    raw(folder / "IMG_1.CR2", "red", 66)
    picture(folder / "IMG_1.JPG", "red", 41)
    raw(folder / "IMG_2.DNG", "green", 68)
    raw(folder / "IMG_2.NEF", "green", 70)
    picture(folder / "IMG_2.heic", "green", 64)
    raw(folder / "IMG_3.DNG", "blue", 72)
    picture(folder / "IMG_4.jpg", "white", 44)
    raw(folder / "sub" / "IMG_4.DNG", "white", 74)  # elsewhere than its picture
    for number, path in enumerate(sorted(folder.rglob("*.*"))):
        os.utime(path, (datetime(2020, 1 + number, 1, 12).timestamp(),) * 2)
    return folder


def shown(library: Library, filter: PhotoFilter | None = None) -> list[str]:
    """The names of the photos that a search with ``filter`` lists."""
    ids = library.matching(model_of(library), filter)
    return sorted(photos[0].path.name for photos in library.photos_of(ids.tolist()).values())


def hidden(library: Library) -> list[str]:
    return sorted(file.path.name for file in library.files([State.STACKED]))


def agreed(library: Library, filter: PhotoFilter | None = None) -> int:
    """How many photos there are, which has to be the same whoever counts them."""
    model = model_of(library)
    listed = library.matching(model, filter)
    photos = library.catalogue(model).choose(filter)
    counted = [
        len(photos),
        sum(photos.counts("month").values()),
        sum(photos.folders().direct.values()),
        len(photos.in_order(newest=True)),
        len(photos.in_order(newest=True).part(0, 100)),
    ]
    if filter is None:
        counted += [library.searchable_count(model), len(library.catalogue(model).everything)]
    assert counted == [len(listed)] * len(counted)
    return len(listed)


SHOWN = ["IMG_1.JPG", "IMG_2.heic", "IMG_3.DNG", "IMG_4.DNG", "IMG_4.jpg"]
HIDDEN = ["IMG_1.CR2", "IMG_2.DNG", "IMG_2.NEF"]


def test_the_picture_shows_and_all_counts_agree(both: Both, album: Path) -> None:
    both.index(album)
    assert both.same(shown) == SHOWN
    assert both.same(hidden) == HIDDEN
    assert both.same(agreed) == 5
    for text in ("type:raw", "-type:raw", "type:jpg", "type:dng", "name:IMG_2*", "year:2020"):
        filter = parse_query(text).filter
        assert both.same(partial(agreed, filter=filter)) == len(
            both.same(partial(shown, filter=filter))
        )


def test_the_video_of_a_live_photo_is_part_of_its_picture(both: Both, tmp_path: Path) -> None:
    folder = tmp_path / "phone"
    folder.mkdir()
    picture(folder / "IMG_1.heic", "red", 64)
    film(folder / "IMG_1.mov", ["blue", "green"], seconds=1.4)
    film(folder / "IMG_2.mov", ["white"], seconds=1.4)
    picture(folder / "IMG_3.jpg", "red", 44)
    film(folder / "IMG_3.mp4", ["blue", "green"], seconds=3)
    both.index(folder)
    assert both.same(shown) == ["IMG_1.heic", "IMG_2.mov", "IMG_3.jpg", "IMG_3.mp4"]
    assert both.same(hidden) == ["IMG_1.mov"]
    for text, names in (
        ("type:video", ["IMG_2.mov", "IMG_3.mp4"]),
        ("type:mov", ["IMG_2.mov"]),
        ("name:*.mov", ["IMG_1.heic", "IMG_2.mov"]),
    ):
        filter = parse_query(text).filter
        assert both.same(partial(shown, filter=filter)) == names
        assert both.same(partial(agreed, filter=filter)) == len(names)
    (folder / "IMG_1.heic").unlink()
    both.index()
    assert both.same(shown) == ["IMG_1.mov", "IMG_2.mov", "IMG_3.jpg", "IMG_3.mp4"]


def test_a_hit_names_its_live_video(run: Run, index: Index, tmp_path: Path) -> None:
    folder = tmp_path / "phone"
    folder.mkdir()
    picture(folder / "IMG_1.jpg", "red", 64)
    video = film(folder / "IMG_1.mov", ["blue", "green"], seconds=1.4)
    index(folder)
    (hit,) = map(json.loads, run("search", "type:photo", "--json").out.splitlines())
    assert hit["live_videos"] == [str(video)] and hit["raws"] == [] and hit["moment"] is None
    assert "(+IMG_1.mov)" in run("search", "type:photo").out


def test_type_raw_finds_stacks_and_raws_alone(both: Both, album: Path) -> None:
    both.index(album)
    raws = ["IMG_1.JPG", "IMG_2.heic", "IMG_3.DNG", "IMG_4.DNG"]
    assert both.same(lambda library: shown(library, IS_RAW)) == raws
    assert both.same(lambda library: shown(library, filters.Not(IS_RAW))) == ["IMG_4.jpg"]  # type: ignore[arg-type]
    for names, glob in ((["IMG_1.JPG"], "*.cr2"), (["IMG_2.heic"], "img_2.nef"), ([], "*.raf")):
        assert both.same(partial(shown, filter=filters.Name(glob))) == names
    both_parts = filters.All((filters.InFolder(("sub",)), filters.Format("DNG")))
    assert both.same(lambda library: shown(library, both_parts)) == ["IMG_4.DNG"]


def test_a_number_beside_a_type_is_what_a_click_on_it_gives(both: Both, album: Path) -> None:
    both.index(album)

    def by_format(library: Library) -> dict[str, int]:
        counts = library.catalogue(model_of(library)).everything.counts("format")
        return dict(sorted(counts.items()))

    # Of IMG_2 with its two raws, one counts: all add up to what ``type:raw`` finds.
    assert both.same(by_format) == {"DNG": 4, "HEIF": 1, "JPEG": 2}
    assert both.same(lambda library: agreed(library, IS_RAW)) == 4
    some = filters.Name("IMG_1*")

    def of_some(library: Library) -> dict[str, int]:
        return dict(library.catalogue(model_of(library)).choose(some).counts("format"))

    assert both.same(of_some) == {"DNG": 1, "JPEG": 1}


def test_both_files_are_listed(both: Both, album: Path) -> None:
    both.index(album)

    def beside(library: Library) -> dict[str, list[str]]:
        photos = library.photos_of(library.matching(model_of(library), None).tolist())
        raws = library.stacked(photos)
        return {photos[id][0].path.name: [one.path.name for one in raws[id]] for id in sorted(raws)}

    assert both.same(beside) == {
        "IMG_1.JPG": ["IMG_1.CR2"],
        "IMG_2.heic": ["IMG_2.DNG", "IMG_2.NEF"],
    }
    for name, other in (("IMG_1.CR2", "IMG_1.JPG"), ("IMG_3.DNG", "IMG_3.DNG")):
        for library in (both.folder, both.server):
            (id,) = library.contents_at(album / name)
            assert library.photos_of([id])[id][0].path.name == other


def test_a_raw_shows_once_its_picture_is_gone_and_hides_when_it_is_back(
    both: Both, album: Path, tmp_path: Path
) -> None:
    both.index(album)
    shutil.move(album / "IMG_1.JPG", tmp_path / "kept.jpg")
    both.index()
    assert "IMG_1.CR2" in both.same(shown) and both.same(agreed) == 5
    shutil.move(tmp_path / "kept.jpg", album / "IMG_1.JPG")
    both.index()
    assert both.same(shown) == SHOWN and both.same(hidden) == HIDDEN
    (album / "IMG_1.JPG").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    both.index()
    assert "IMG_1.CR2" in both.same(shown)
    picture(album / "IMG_1.JPG", "red", 43)
    both.index()
    assert both.same(shown) == SHOWN
    for library in (both.folder, both.server):
        with library.writing() as writer:
            writer.forget(album / "IMG_1.JPG")
    assert "IMG_1.CR2" in both.same(shown) and both.same(agreed) == 5


def test_whichever_of_the_two_comes_first(both: Both, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    raw(folder / "a.dng")
    picture(folder / "b.jpg")
    both.index(folder)
    assert both.same(shown) == ["a.dng", "b.jpg"]
    picture(folder / "a.jpg", "red", 44)
    raw(folder / "b.dng", "blue")
    both.index()
    assert both.same(shown) == ["a.jpg", "b.jpg"] and both.same(agreed) == 2


def test_a_stack_moves_and_a_part_of_it_does(both: Both, album: Path) -> None:
    both.index(album)
    for name in ("IMG_1.JPG", "IMG_1.CR2"):
        shutil.move(album / name, album / "sub" / name)
    assert both.index().moved == 2
    assert both.same(shown) == SHOWN and both.same(hidden) == HIDDEN
    shutil.move(album / "sub" / "IMG_1.CR2", album / "IMG_1.CR2")
    both.index()
    assert "IMG_1.CR2" in both.same(shown) and both.same(agreed) == 6
    shutil.move(album / "IMG_1.CR2", album / "IMG_4.CR2")
    both.index()
    assert both.same(shown) == SHOWN
    assert both.same(hidden) == ["IMG_2.DNG", "IMG_2.NEF", "IMG_4.CR2"]


def test_nothing_is_read_again(both: Both, album: Path) -> None:
    assert both.index(album).embedded == 8
    again = both.index()
    assert (again.opened, again.unchanged) == (0, 8)
    assert both.index(verify=True).unchanged == 8
    assert both.same(hidden) == HIDDEN


def test_sidecars_speak_for_hidden_raws_too(both: Both, album: Path) -> None:
    both.index(album)
    (album / "IMG_1.xmp").write_bytes(packet("", 'xmp:Rating="5"'))
    both.index()
    five = filters.Rated(5, None)
    assert both.same(lambda library: shown(library, five)) == ["IMG_1.JPG"]
    (album / "IMG_1.JPG").unlink()
    both.index()
    assert both.same(lambda library: shown(library, five)) == ["IMG_1.CR2"]


def test_names_of_all_kinds(library: Library, index: Index, tmp_path: Path) -> None:
    """Dots, letters that sort around them, and bytes that are no text."""
    folder = tmp_path / "photos"
    folder.mkdir()
    odd = os.fsdecode(b"caf\xe9") if os.name == "posix" else "café"
    stems = ["a.b", "a", "a-b", "a b", "ä", "%_", odd, "a.b.c"]
    for number, name in enumerate(stems):
        raw(folder / f"{name}.dng", "red", 64 + 2 * number)
        picture(folder / f"{name}.jpg", "red", 40 + number)
    index(folder)
    assert len(hidden(library)) == len(stems)
    assert agreed(library) == len(stems)
    ids = library.matching(model_of(library), None).tolist()
    photos, raws = library.photos_of(ids), library.stacked(ids)
    for id in ids:
        (one,), (other,) = photos[id], raws[id]
        assert one.path.with_suffix(".dng") == other.path
    assert agreed(library, IS_RAW) == len(stems)


def test_whatever_happens_to_files_stacks_are_right(
    library: Library, index: Index, tmp_path: Path
) -> None:
    """Files come, go, move and change at random; after each run it is as if all were new."""
    chance = random.Random(5)
    folder, aside = tmp_path / "photos", tmp_path / "aside"
    folder.mkdir()
    aside.mkdir()
    places = [f"{sub}{stem}" for sub in ("", "x/", "y/") for stem in ("a", "b", "c")]
    for sub in ("x", "y"):
        (folder / sub).mkdir()
    sides = iter(range(100, 1_000, 2))  # no two alike: copies count in each of their folders
    for step in range(30):
        for _ in range(3):
            place = folder / (chance.choice(places) + chance.choice([".dng", ".jpg", ".nef"]))
            if place.exists() and chance.random() < 0.6:
                elsewhere = folder / (chance.choice(places) + place.suffix)
                if chance.random() < 0.5:
                    shutil.move(place, aside / f"{step}-{place.name}")
                elif not elsewhere.exists():
                    shutil.move(place, elsewhere)
            else:
                (picture if place.suffix == ".jpg" else raw)(place, "red", next(sides))
        index(folder, accepted=[folder])
        there = {path.relative_to(folder) for path in folder.rglob("*.*")}
        expected = {
            path for path in there if path.suffix != ".jpg" and path.with_suffix(".jpg") in there
        }
        said = {file.path.relative_to(folder) for file in library.files([State.STACKED])}
        assert said == expected, step
        agreed(library)


def test_hidden_raws_are_in_no_index(library: Library, index: Index, album: Path) -> None:
    index(album)
    model = model_of(library)
    ids = library.matching(model, None)
    assert sorted(library.index(model).index.ids().tolist()) == ids.tolist()
    (album / "IMG_1.JPG").unlink()
    index()
    again = library.matching(model, None)
    assert len(again) == len(ids) and again.tolist() != ids.tolist()
    assert sorted(library.index(model).index.ids().tolist()) == again.tolist()


def test_a_search_lists_both_files(run: Run, album: Path) -> None:
    run("index", album)
    (line,) = run("search", "--", "name:IMG_1*").lines
    assert "IMG_1.JPG" in line and "(+IMG_1.CR2)" in line
    (hit,) = map(json.loads, run("search", "name:IMG_1*", "--json").lines)
    assert hit["raws"] == [str(album / "IMG_1.CR2")] and hit["copies"] == []
    assert "3 stacked" in run("status").out
    listed = run("files", "--state", "stacked").out
    assert all(name in listed for name in HIDDEN) and "IMG_3" not in listed
    similar = run("similar", album / "IMG_1.CR2", "-n", "2")
    assert similar.code == 0 and "IMG_1.JPG" not in similar.lines[0]


def test_paths_are_of_the_files_that_a_query_means(run: Run, album: Path) -> None:
    run("index", album)

    def paths(*query: str) -> list[str]:
        listed = run("search", "--sort", "name", "--paths", "--", *query).lines
        return [Path(path).name for path in listed]

    pictures = ["IMG_1.JPG", "IMG_2.heic"]
    assert paths("type:jpg,heic") == [*pictures, "IMG_4.jpg"]
    assert paths("type:raw") == ["IMG_1.CR2", "IMG_2.DNG", "IMG_2.NEF", "IMG_3.DNG", "IMG_4.DNG"]
    assert paths("name:*.nef") == ["IMG_2.NEF"]
    assert paths("name:IMG_1*") == ["IMG_1.JPG"]
    # What else an alternative asks for is no file; what else all ask for is true of the photo.
    assert paths("type:raw OR tag:nobody") == paths("type:raw")
    assert paths("(name:IMG_1.CR2 OR name:*.heic) -tag:nobody") == ["IMG_1.CR2", "IMG_2.heic"]
    assert paths("name:IMG_1* -tag:nobody") == ["IMG_1.JPG"]


def test_both_files_are_exported(run: Run, album: Path, tmp_path: Path) -> None:
    other = album / "another"
    other.mkdir()
    picture(other / "IMG_1.JPG", "blue", 90)
    run("index", album)
    target = tmp_path / "best"
    command = ["search", "name:IMG_1.*,IMG_2.*", "--sort", "name", "--export", target]
    said = run(*command).err
    assert f"3 photos copied into {target}, with 3 files beside them." in said
    assert sorted(path.name for path in target.iterdir()) == [
        *("IMG_1 (2).JPG", "IMG_1.CR2", "IMG_1.JPG"),
        *("IMG_2.DNG", "IMG_2.NEF", "IMG_2.heic"),
    ]
    assert (target / "IMG_1.JPG").read_bytes() == (album / "IMG_1.JPG").read_bytes()
    (target / "IMG_2.NEF").unlink()
    again = run(*command).err
    assert f"0 photos copied into {target}, with 1 file beside them; 3 already there." in again
    assert (target / "IMG_2.NEF").read_bytes() == (album / "IMG_2.NEF").read_bytes()
    (album / "IMG_1.CR2").unlink()
    elsewhere = [*command[:-1], tmp_path / "links", "--link"]
    assert "1 file beside photos can't be read now" in run(*elsewhere).err
    assert (tmp_path / "links" / "IMG_2.DNG").readlink() == album / "IMG_2.DNG"


def test_doctor_finds_nothing_wrong(run: Run, album: Path) -> None:
    run("index", album)
    assert run("doctor").code == 0


def test_stems_that_sort_around_the_dot_are_settled_together(both: Both, tmp_path: Path) -> None:
    """Spaces, brackets, "-" and "+" come before the dot."""
    folder = tmp_path / "photos"
    folder.mkdir()
    stems = ["IMG_1", "IMG_1-2", "IMG_1 (3)", "IMG_1+4"]
    for number, name in enumerate(stems):
        raw(folder / f"{name}.CR2", "red", 64 + 2 * number)
        picture(folder / f"{name}.JPG", "red", 40 + number)
    both.index(folder)
    assert both.same(hidden) == sorted(f"{name}.CR2" for name in stems)
    for name in ("IMG_1", "IMG_1-2"):
        (folder / f"{name}.JPG").unlink()
    both.index()
    assert both.same(hidden) == ["IMG_1 (3).CR2", "IMG_1+4.CR2"]
    assert both.same(agreed) == 4


def lose(library: Library, name: str) -> None:
    """Take a path out of the rows, behind everybody's back."""
    with library._engine.begin() as connection:
        connection.execute(delete(Photo).where(Photo.name == name))


def test_a_raw_whose_picture_is_lost_is_shown_again_by_doctor(both: Both, album: Path) -> None:
    both.index(album)
    for library in (both.folder, both.server):
        lose(library, "IMG_1.JPG")
    wrong = "1 files are stacked beside a picture that is not there"

    def problems(library: Library) -> list[str]:
        model = model_of(library)
        return library.check(model, library.index(model).index)

    for library in (both.folder, both.server):
        assert wrong in problems(library)
        with library.writing() as writer:
            assert writer.mend_rows() == [wrong]
            assert writer.mend_rows() == []
            writer.save_index(model_of(library), rebuild=True)
        assert not any("stacked" in line for line in problems(library))
    assert "IMG_1.CR2" in both.same(shown) and both.same(agreed) == 5


def test_a_raw_whose_picture_could_not_be_saved_shows(
    library: Library, index: Index, album: Path, tmp_path: Path
) -> None:
    index(album)
    lose(library, "IMG_1.JPG")
    library.close()
    salvage(library.folder, tmp_path / "new")
    saved = Library.open(tmp_path / "new")
    assert hidden(saved) == HIDDEN[1:]
    saved.close()


def test_files_of_many_folders_are_settled_at_once(both: Both) -> None:
    """By as many statements as those of one folder."""

    def settled(library: Library) -> list[int]:
        statements = 0
        with library.writing() as writer:
            model = writer.add_model("m", "1", 3)
            root = writer.add_root(Path("/photos"), (), replace=False).id

        def count(*_: object) -> None:
            nonlocal statements
            statements += 1

        counts = []
        for folders in (["one"], [f"é{number}" for number in range(60)]):
            records = [
                FileRecord(
                    *(root, folder, f"IMG.{kind}", 1, 1, State.INDEXED),
                    picture=Picture(
                        hashlib.sha256(f"{folder} {kind}".encode()).digest(),
                        ContentFacts(1, 1, kind),
                        np.array([1, 0, 0], np.float32),
                    ),
                )
                for folder in folders
                for kind in ("JPEG", "NEF")
            ]
            with library.writing() as writer:
                statements = 0
                event.listen(library._engine, "before_cursor_execute", count)
                writer.record(records, model, 1)
                event.remove(library._engine, "before_cursor_execute", count)
                counts.append(statements)
        assert counts[0] == counts[1]
        return [len(hidden(library)), len(library.matching(model, IS_RAW))]

    assert both.same(settled) == [61, 61]


ODD_NAMES = [
    ".a",
    "a.",
    "a..b",
    "a",
    "…",
    "….b",
    "..",
    "..b",
    "...",
    ".",
    ". b",
    "ä.",
    "a.b.c",
    "% .",
]


def test_rows_and_rules_agree_on_where_a_name_ends(both: Both) -> None:
    def begins(library: Library) -> list[str]:
        with library._engine.connect() as connection:
            return [
                connection.execute(select(_up_to_dot(literal(name)))).scalar_one()
                for name in ODD_NAMES
            ]

    assert both.same(begins) == [up_to_dot(name) for name in ODD_NAMES]


def test_files_without_an_ending_are_in_no_stack(both: Both, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    picture(folder / "a.jpg", "red", 40).rename(folder / "IMG")
    raw(folder / "IMG.CR2", "red", 66)
    picture(folder / "b.jpg", "blue", 42)
    raw(folder / "b.dng", "blue", 68).rename(folder / "b")
    picture(folder / "c.jpg", "green", 44)
    raw(folder / "c.dng", "green", 70).rename(folder / "c.")  # has one, which is empty
    both.index(folder)
    assert both.same(hidden) == ["c."]
    assert both.same(agreed) == 5

    def stacks(library: Library) -> int:
        return len(library.stacked(library.matching(model_of(library), None).tolist()))

    assert both.same(stacks) == 1


def test_a_hidden_photo_stays_hidden_when_its_stack_changes(both: Both, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    raw(folder / "a.dng", "red", 66)
    picture(folder / "b.jpg", "blue", 41)
    raw(folder / "b.dng", "blue", 68)
    picture(folder / "c.jpg", "green", 42)
    raw(folder / "c.dng", "green", 70)
    picture(folder / "d.jpg", "white", 44)
    both.index(folder)
    assert both.same(shown) == ["a.dng", "b.jpg", "c.jpg", "d.jpg"]
    is_hidden = parse_query("is:hidden").filter
    names = partial(shown, filter=is_hidden)

    def ids(library: Library) -> list[int]:
        return [
            id for name in ("a.dng", "b.jpg", "d.jpg") for id in library.contents_at(folder / name)
        ]

    assert both.same(lambda library: library.user_data.hide(ids(library))) == 3
    picture(folder / "a.jpg", "red", 40)
    (folder / "b.jpg").unlink()
    (folder / "c.jpg").unlink()
    raw(folder / "d.dng", "white", 72)
    both.index()
    assert both.same(names) == ["a.jpg", "b.dng", "d.jpg"]
    assert both.same(shown) == ["a.jpg", "b.dng", "c.dng", "d.jpg"]
    assert both.same(hidden) == ["a.dng", "d.dng"]
    (id,) = both.same(lambda library: library.contents_at(folder / "a.dng"))
    assert both.same(lambda library: library.user_data.show_again([id])) == 1
    (folder / "a.jpg").unlink()
    both.index()
    assert both.same(names) == ["b.dng", "d.jpg"]


def test_an_album_counts_what_it_shows(both: Both, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    raw(folder / "a.dng", "red", 66)
    picture(folder / "b.jpg", "blue", 41)
    both.index(folder)
    for library in (both.folder, both.server):
        (first,) = library.contents_at(folder / "a.dng")
        (second,) = library.contents_at(folder / "b.jpg")
        library.user_data.add_to_album("Best", [first, second])
    picture(folder / "a.jpg", "red", 40)
    both.index()
    assert both.same(partial(shown, filter=parse_query("album:Best").filter)) == ["b.jpg"]
    for library in (both.folder, both.server):
        (second,) = library.contents_at(folder / "b.jpg")
        assert library.user_data.albums() == [AlbumInfo("Best", 1, second)]
