"""Hidden photos: shown nowhere unless they are asked for, and nothing else is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from app.labels import vocabulary
from app.query.parser import parse_query
from asking import client, get, id_of, post
from conftest import Index, Run, draw, index_into
from fakes import ColourEncoder
from store.errors import QueryError
from store.filters import HIDDEN
from store.library import DATABASE, Library
from store.rescue.backup import back_up, restore_backup
from store.rescue.mark_lines import read_lines
from store.rescue.salvage import salvage
from store.values import AlbumInfo

__all__ = ["client"]


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    words = vocabulary.read("[colours]\nred, green, blue, yellow, white\n", "")
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: words)


def test_they_hang_on_pictures_and_are_no_tag(
    library: Library, index: Index, photos: Path, ids: list[int]
) -> None:
    user = library.user_data
    assert user.hidden_revision() is None and user.hide([]) == 0 and user.hidden_revision() is None
    user.add_tag(ids[:2], "family")
    assert (user.hide(ids[:1]), user.hide([*ids[:2], 999])) == (1, 1)
    first = user.hidden_revision()
    assert user.hidden().tolist() == sorted(ids[:2])
    assert user.hidden_among(ids[1:]) == {ids[1]}
    assert user.tags(ids) == {id: ["family"] for id in ids[:2]}
    assert user.tag_names() == ("family",) and user.tagged() == {"family": sorted(ids[:2])}
    assert library.named([[HIDDEN], ["hidden"]], ["hidden"], 100).whole.tolist() == []
    for wrong in (HIDDEN, ":Hidden"):
        with pytest.raises(QueryError, match="No tag can be called"):
            user.add_tag(ids, wrong)
        with pytest.raises(QueryError, match="No tag can be called"):
            user.remove_tag(ids, wrong)
        with pytest.raises(QueryError, match="is:hidden"):
            parse_query(f"tag:{wrong}")
    (path,) = (photo.path for photo in library.photos_of(ids[:1])[ids[0]])
    path.rename(photos / "sub" / "moved.png")
    index()
    assert library.contents_at(photos / "sub" / "moved.png")[0] in user.hidden()
    assert (user.show_again([*ids[:1], 999]), user.show_again(ids[:1])) == (1, 0)
    assert user.hidden().tolist() == ids[1:2]
    assert user.hidden_revision() not in (None, first)


def test_albums_count_and_show_the_others(library: Library, ids: list[int]) -> None:
    user = library.user_data
    user.add_to_album("Summer", ids[:3])
    user.add_to_album("Night", ids[:1])
    user.hide(ids[:1])
    assert user.albums() == [AlbumInfo("Night", 0, None), AlbumInfo("Summer", 2, ids[1])]
    assert user.album("summer") == ids[:3]  # it keeps its place
    user.show_again(ids)
    assert user.albums()[1] == AlbumInfo("Summer", 3, ids[0])


def test_marks_go_out_and_come_in(library: Library, ids: list[int], tmp_path: Path) -> None:
    user = library.user_data
    user.add_tag(ids[:2], "family")
    user.hide(ids[1:3])
    lines = list(user.exported())
    marks = {tuple(line["tags"]): line.get("hidden", False) for line in lines[1:] if line["tags"]}
    assert [line.get("hidden") for line in lines[1:] if not line["tags"]] == [True]
    assert sorted(line.get("hidden", False) for line in lines[1:]) == [False, True, True]
    assert set(marks) == {("family",)} and HIDDEN not in json.dumps(lines)
    with Library.open(tmp_path / "other", create=True) as other:
        for _ in range(2):  # it only ever adds
            done = other.user_data.import_marks(as_read(lines))
        assert (done.tags, done.hidden) == (0, 0)
        index_into(other, ColourEncoder(), library.roots()[0].path)
        digests = {library.digest(id) for id in ids[1:3]}
        assert {other.digest(id) for id in other.user_data.hidden().tolist()} == digests
        assert list(other.user_data.exported()) == lines
    # As an earlier clipsearch has written it, to which this is a tag.
    of = [{**line, "tags": [HIDDEN]} for line in lines[1:] if line["tags"]]
    user.show_again(ids)
    done = user.import_marks(as_read([lines[0], *of]))
    assert (done.tags, done.hidden) == (0, 2)
    assert sorted(user.hidden().tolist()) == sorted(ids[:2])


def as_read(lines: list[dict[str, Any]]) -> Any:
    return read_lines([json.dumps(line).encode() for line in lines], "marks.jsonl")


def test_backup_and_salvage_have_them(library: Library, ids: list[int], tmp_path: Path) -> None:
    library.user_data.hide(ids[:2])
    back_up(library.folder, tmp_path / "backup.db")
    library.user_data.show_again(ids)
    restore_backup(library.folder, tmp_path / "backup.db")
    with Library.open(library.folder) as restored:
        assert len(restored.user_data.hidden()) == 2
    (tmp_path / "damaged").mkdir()
    shutil.copy(tmp_path / "backup.db", tmp_path / "damaged" / DATABASE)
    salvage(tmp_path / "damaged", tmp_path / "salvaged")
    with Library.open(tmp_path / "salvaged") as salvaged:
        assert len(salvaged.user_data.hidden()) == 2


@pytest.fixture
def hidden(photos: Path) -> Path:
    """A folder of what will be hidden: the only green, the only camera and place, two copies."""
    folder = photos / "hidden"
    folder.mkdir()
    exif = Image.Exif()
    exif[0x0110] = "X-T4"
    exif.get_ifd(0x8769)[0x9003] = "2011:01:01 10:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 0.0, 0.0), 3: "E", 4: (135.8, 0.0, 0.0)})
    Image.new("RGB", (90, 60), (250, 0, 0)).save(folder / "secret.jpg", exif=exif, quality=100)
    shutil.copy(folder / "secret.jpg", folder / "secret copy.jpg")
    return folder


def everywhere(client: TestClient) -> dict[str, Any]:
    """What the page says of all photos, without which query is asked, or how long that took."""
    facets = {key: value for key, value in get(client, "facets").items() if key != "albums"}
    begun = ("kyo", "x-", "secr", "hid", "red", "")
    return {
        "results": get(client, "results", all="true"),
        "red": get(client, "results", q="red", all="true"),
        "like": get(client, "results", q="label:red")["matching"],
        "facets": facets,
        "places": get(client, "places")["pins"],
        "albums": get(client, "albums"),
        "duplicates": get(client, "duplicates"),
        "suggestions": [one for text in begun for one in get(client, "suggestions", text=text)],
    }


def test_nothing_on_the_page_shows_them(
    photos: Path, hidden: Path, library: Library, client: TestClient
) -> None:
    library.user_data.save_search("Reds", "red")
    secret = id_of(library, hidden / "secret.jpg")
    post(client, "tag", {"ids": [secret], "name": "secret affair"})
    post(client, "album", {"ids": [secret], "name": "Secret album", "do": "add"})
    post(client, "tag", {"ids": [secret, id_of(library, photos / "red.png")], "name": "reddish"})
    full = everywhere(client)
    assert str(secret) in json.dumps(full["results"]) and full["duplicates"]["groups"]
    assert post(client, "hide", {"ids": [secret]}) == {"changed": [secret]}
    assert post(client, "hide", {"ids": [secret]}) == {"changed": []}
    left = everywhere(client)
    for name, said in left.items():
        assert "secret" not in json.dumps(said), name
    assert left["results"]["total"] == full["results"]["total"] - 1
    assert left["red"]["matching"] == full["red"]["matching"] - 1
    assert left["like"] == full["like"] - 1
    assert secret not in [tile[0] for tile in left["results"]["tiles"] + left["red"]["tiles"]]
    assert full["places"] and not left["places"]
    assert left["facets"]["camera"] == [] != full["facets"]["camera"]
    assert left["duplicates"]["groups"] == []
    gone = [one for one in full["suggestions"] if one not in left["suggestions"]]
    kinds = {"place", "file", "folder", "camera", "tag", "album", "example"}
    assert {one["kind"] for one in gone} == kinds
    assert {"kind": "tag", "text": "reddish", "query": "tag:reddish"} in left["suggestions"]

    asked = get(client, "results", q="is:hidden")
    assert [tile[0] for tile in asked["tiles"]] == [secret]
    assert len(get(client, "duplicates", q="is:hidden")["groups"]) == 1
    assert get(client, "results", q="red is:hidden")["matching"] == 1
    assert get(client, "results", q="blue is:hidden")["clear"] == 0
    assert get(client, "facets", q="is:hidden")["camera"] == [["X-T4", 1]]
    assert get(client, f"photo/{secret}")["hidden"] is True
    why = get(client, f"photo/{secret}", q="red")["why"]
    assert why["rank"] is None and why["filters"] == [{"filter": "not hidden", "met": False}]
    assert get(client, f"photo/{secret}", q="red is:hidden")["why"]["rank"] == 1

    assert post(client, "hide", {"ids": [secret], "hidden": False}) == {"changed": [secret]}
    assert everywhere(client) == full


def test_the_command(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    red = photos / "red.png"
    assert run("hide", red, photos / "sub").lines == ["3 pictures hidden."]
    again = run("hide", red)
    assert (again.code, again.out) == (0, "") and "all are hidden" in again.err
    assert not {str(red)} & set(run("search", "red", "--paths").lines)
    assert len(run("search", "red", "--paths").lines) == 2
    assert len(run("search", "is:hidden", "--paths").lines) == 3
    assert len(run("search", "red -is:hidden", "--paths").lines) == 2
    either = run("search", "red in:nowhere OR is:hidden", "--paths").lines
    assert str(red) in either and len(either) == 3
    assert not {str(red)} & {*run("search", "red OR blue", "--paths").lines}
    (line,) = run("search", "is:hidden -in:sub", "--json").lines
    assert (json.loads(line)["path"], json.loads(line)["hidden"]) == (str(red), True)
    assert not any(json.loads(x)["hidden"] for x in run("search", "red", "--json").lines)
    assert "(hidden)" in run("search", "is:hidden red").lines[0]
    assert "5 can be found, 3 of them hidden" in run("status").out
    assert json.loads(run("status", "--json").out)["hidden"] == 3
    assert "not hidden" in run("explain", red, "red").out
    shutil.copy(red, photos / "copy.png")
    run("index")
    assert run("duplicates").lines == ["No photo is there twice."]
    assert run("hide", "--undo", photos).lines == ["3 pictures shown again."]
    assert "none is hidden" in run("hide", "--undo", photos).err
    assert len(run("duplicates").lines) == 3
    assert run("search", "is:hidden").code == 3
    assert run("hide", draw(tmp_path / "other.png", "blue", (9, 9))).code == 2
    for wrong in (("tag", "add", HIDDEN, red), ("search", f"tag:{HIDDEN}")):
        assert run(*wrong).code == 2, wrong


def test_all_of_them(run: Run, photos: Path) -> None:
    run("index", photos)
    run("hide", photos)
    for query in ("red", "in:sub"):
        done = run("search", query)
        assert done.code == 3 and done.err.endswith("Nothing was found.\n")
