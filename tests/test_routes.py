"""The page's routes over a real library: what they give, what they refuse."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter
from starlette.testclient import TestClient

from app.config import load_config
from app.duplicates import duplicates
from app.gallery import copies
from app.gallery.addresses import library_token
from app.gallery.gallery_service import GalleryService
from app.gallery.page_edits import LONGEST_QUERY
from app.labels import vocabulary
from app.labels.library_labels import LibraryLabels
from app.near_pairs import Looked, Progress
from app.web import action_routes
from app.web.routes import routes
from asking import chosen, client, get, get_once, id_of, post
from benchmarks.raw_files import dng
from conftest import Index, draw, draw_burst
from indexer.pictures.sidecar import read_sidecar
from store.labels import GivenLabels
from store.library import Library
from store.picture_text import ReadText, TextLine
from store.vectors import VectorSearch

__all__ = ["client"]


# -- answers -----------------------------------------------------------------------------------


def test_results_in_parts(client: TestClient, library: Library, photos: Path) -> None:
    first = get(client, "results", q="red", count=2)
    rest = get(client, "results", q="red", start=2, count=400)
    assert first["total"] == 5 and first["clear"] == 1
    ids = [tile[0] for tile in first["tiles"] + rest["tiles"]]
    assert ids[0] == id_of(library, photos / "red.png")
    assert len(set(ids)) == 5
    assert get(client, "results", q="red", start=10**9)["tiles"] == []
    assert len(get(client, "results", count="x", start="-3")["tiles"]) == 5


def test_photos_by_their_ids_whatever_has_become_of_their_places(client: TestClient) -> None:
    before = get(client, "results", q="red")["tiles"]
    ids = [tile[0] for tile in before]
    post(client, "hide", {"ids": ids[:1], "hidden": True})
    assert get(client, "results", q="red", start=1, count=1)["tiles"] == before[2:3]
    asked = ",".join(map(str, [*ids[:3], 10**6, "x", "9" * 30]))
    (left, *stay) = get(client, "results", q="red", ids=asked)["tiles"]
    assert stay == before[1:3]
    assert [left[0], left[7:10]] == [ids[0], before[0][7:10]]


def test_errors_are_one_line(client: TestClient) -> None:
    answer = client.get("/clipsearch/results", params={"q": 'a "broken'})
    assert answer.status_code == 400
    assert "closing quote" in answer.json()["error"]


def test_facets_are_of_the_other_filters(client: TestClient, photos: Path) -> None:
    facets = get(client, "facets", q=f"in:{photos}/sub type:png")
    assert facets["in"] == [f"{photos}/sub"]
    (top,) = facets["folders"]
    assert top["count"] == 5 and top["inner"][0]["count"] == 2
    assert facets["type"] == [["png", 2]]
    assert facets["chosen"]["type"] == ["png"]
    assert sum(count for _, count in facets["months"]) == 2
    assert facets["dates"] == {"from": None, "until": None}


def test_facets_say_which_months_are_asked_for(client: TestClient) -> None:
    dates = get(client, "facets", q="after:2018-07 before:2020")["dates"]
    assert dates == {"from": "2018-07", "until": "2019-12"}


def test_facts_of_a_photo(client: TestClient, library: Library, photos: Path, index: Index) -> None:
    (photos / "copy.png").write_bytes((photos / "red.png").read_bytes())
    index()
    id = id_of(library, photos / "red.png")
    post(client, "tag", {"ids": [id], "name": "Sofa"})
    facts = get(client, f"photo/{id}", q="red without green, in:sub")
    assert {facts["path"], *facts["copies"]} == {f"{photos}/red.png", f"{photos}/copy.png"}
    assert (facts["width"], facts["height"], facts["format"]) == (32, 24, "PNG")
    assert facts["tags"] == ["sofa"] and facts["favourite"] is False
    assert facts["why"]["terms"][0]["term"] == "red"
    assert facts["why"]["terms"][0]["percentile"] > 50
    assert facts["why"]["terms"][1]["negative"]
    assert facts["why"]["filters"] == [{"filter": "in sub", "met": False}]
    assert get(client, f"photo/{id}")["why"] is None
    assert client.get("/clipsearch/photo/999").status_code == 404


def test_facts_and_facets_of_a_stack(
    client: TestClient, library: Library, photos: Path, index: Index
) -> None:
    Image.new("RGB", (64, 48), "red").save(photos / "DSC_1.JPG")
    (photos / "DSC_1.NEF").write_bytes(dng(Image.new("RGB", (64, 48), "red")))
    index()
    facts = get(client, f"photo/{id_of(library, photos / 'DSC_1.JPG')}")
    assert facts["format"] == "JPEG" and facts["raws"] == [f"{photos}/DSC_1.NEF"]
    assert facts["copies"] == []
    (raw,) = facts["beside"]
    assert (raw["name"], raw["video"]) == ("DSC_1.NEF", False)
    listed = get(client, "results", q="type:raw", count=9)
    assert len(listed["tiles"]) == 1


@pytest.mark.parametrize("query", ["image:{}", "red OR (blue image:{})"])
@pytest.mark.parametrize("path", ["results", "places", "facets", "photo/1"])
def test_no_route_opens_files_from_elsewhere(
    client: TestClient, tmp_path: Path, path: str, query: str
) -> None:
    secret = draw(tmp_path / "secret.png", "red")
    answer = client.get(f"/clipsearch/{path}", params={"q": query.format(secret)})
    assert answer.status_code == 400
    assert "only opens pictures of the library" in answer.json()["error"]


def test_places(client: TestClient) -> None:
    assert get(client, "places") == {"pins": [], "names": []}


def test_duplicates(client: TestClient, photos: Path, index: Index) -> None:
    none = {"total": 0, "groups": [], "what": "", "done": None, "of": None}
    assert get(client, "duplicates") == none
    (photos / "copy.png").write_bytes((photos / "red.png").read_bytes())
    index()
    (group,) = get(client, "duplicates")["groups"]
    assert group["kind"] == "same" and group["changes"] == []
    names = {Path(copy[2]).name for copy in group["copies"]}
    assert names == {"red.png", "copy.png"} and group["copies"][0][3:5] == [32, 24]
    assert len({copy[0] for copy in group["copies"]}) == 1
    assert get(client, "duplicates", q="name:copy.png")["total"] == 1
    assert get(client, "duplicates", q="name:blue.png") == none


def test_a_copy_whose_name_tells_only_the_day_has_no_hour(
    client: TestClient, photos: Path, index: Index
) -> None:
    draw(photos / "IMG-20190714-WA0001.png", "red", (40, 30))
    draw(photos / "IMG_20190715_123000.png", "red", (48, 36))
    index()
    (group,) = get(client, "duplicates", q="name:IMG*")["groups"]
    taken = {Path(copy[2]).name: copy[6:] for copy in group["copies"]}
    assert taken["IMG-20190714-WA0001.png"] == ["2019-07-14T00:00:00", True]
    assert taken["IMG_20190715_123000.png"] == ["2019-07-15T12:30:00", False]


def test_the_look_for_copies_goes_on_in_the_background(
    client: TestClient, photos: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photos / "copy.png").write_bytes((photos / "red.png").read_bytes())
    index()
    begun, go_on, real = threading.Event(), threading.Event(), duplicates

    def slow(*arguments: Any, tell: Progress) -> Any:
        tell(Looked("pairs", 20, 50))
        begun.set()
        go_on.wait()
        return real(*arguments, tell=tell)

    monkeypatch.setattr("app.gallery.answers.duplicates", slow)
    monkeypatch.setattr(copies, "_WAIT", 0.2)
    assert get_once(client, "duplicates")["done"] is not None
    begun.wait()
    for _ in range(2):
        said = get_once(client, "duplicates")
        assert (said["groups"], said["what"], said["done"], said["of"]) == ([], "pairs", 20, 50)
    go_on.set()
    assert get(client, "duplicates")["total"] == 1


def test_photos_of_one_moment(client: TestClient, photos: Path, index: Index) -> None:
    assert get(client, "duplicates", kind="bursts")["total"] == 0
    draw_burst(photos)
    index()
    (group,) = get(client, "duplicates", kind="bursts")["groups"]
    assert group["kind"] == "burst"
    assert [copy[2:5] for copy in group["copies"]] == [  # the largest first
        [str(photos / f"burst{number}.jpg"), 40, 30 + number] for number in (2, 1, 0)
    ]
    assert group["copies"][0][6] == "2020-01-01T10:00:00"
    assert get(client, "duplicates", kind="bursts", q="blue")["total"] == 1
    assert get(client, "duplicates", kind="bursts", q="name:burst1*")["total"] == 0


def test_sharpness(client: TestClient, library: Library, photos: Path, index: Index) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (300, 400, 3), np.uint8)
    sharp = Image.fromarray(noise)
    sharp.save(photos / "sharp.png")
    sharp.filter(ImageFilter.GaussianBlur(3)).save(photos / "soft.png")
    index()
    ids = [id_of(library, photos / name) for name in ("sharp.png", "soft.png", "red.png")]
    (photos / "red.png").unlink()
    known = dict(post(client, "sharpness", {"ids": [*ids, 999]}))
    assert known[ids[0]] > 5 * known[ids[1]] > 0
    assert known[ids[2]] is None and known[999] is None
    post(client, "sharpness", {"ids": "x"}, 400)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all names are text")
def test_names_that_are_not_text(
    client: TestClient, library: Library, photos: Path, index: Index
) -> None:
    folder = photos / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    path = draw(folder / os.fsdecode(b"\xff.png"), "red", (9, 9))
    index()
    (top,) = get(client, "facets")["folders"]
    assert sum(one["count"] for one in top["inner"]) == 3
    (id, *_), *_ = get(client, "results", q="name:*.png width:9")["tiles"]
    facts = get(client, f"photo/{id}", q="red")
    assert facts["name"] == "\\udcff.png"
    (copied,) = post(client, "paths", {"ids": [id]})
    assert copied == str(path).encode("utf-8", "backslashreplace").decode()
    answer = client.post("/clipsearch/zip", data=chosen(library, str(id)))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["_udcff.png"]


# -- actions -----------------------------------------------------------------------------------


def test_favourites_and_tags(client: TestClient, library: Library, photos: Path) -> None:
    id = id_of(library, photos / "red.png")
    with library.writing():  # an index run, say
        assert post(client, "tag", {"ids": [id], "favourite": True})["changed"] == 1
        assert post(client, "tag", {"ids": [id, 999], "name": " My  Sofa "})["name"] == "my sofa"
    assert library.user_data.tags([id]) == {id: ["favourite", "my sofa"]}
    assert get(client, "results", q="is:favourite")["tiles"][0][4] == 1
    assert post(client, "tag", {"ids": [id], "name": "my sofa", "add": False})["changed"] == 1


def test_favourites_are_taken_away_only_where_all_are(
    client: TestClient, library: Library, photos: Path
) -> None:
    red, blue = (id_of(library, photos / name) for name in ("red.png", "blue.png"))
    asked = {"ids": [red, blue], "favourite": True, "add": None}
    post(client, "tag", {"ids": [red], "favourite": True})
    answer = {"changed": 1, "name": "favourite", "add": True}
    assert post(client, "tag", asked) == answer
    assert library.user_data.with_tag("favourite") == {red, blue}
    assert post(client, "tag", asked) == {**answer, "changed": 2, "add": False}
    assert library.user_data.with_tag("favourite") == set()


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"ids": "7", "name": "x"},
        {"ids": ["7"], "name": "x"},
        {"ids": [-1], "name": "x"},
        {"ids": [True], "name": "x"},
        {"ids": [2**63], "name": "x"},
        {"ids": [1]},
        {"ids": [1], "name": ""},
        {"ids": [1], "name": "x" * 101},
        {"ids": [1], "name": "a\u202eb"},
    ],
)
def test_nonsense_is_refused(client: TestClient, library: Library, value: object) -> None:
    assert post(client, "tag", value, 400)["error"]
    assert library.user_data.tagged() == {}


def test_only_json_of_a_reasonable_size(client: TestClient) -> None:
    assert client.post("/clipsearch/tag", content=b"{}").status_code == 400
    large = json.dumps({"ids": [1] * 1_000_000})
    headers = {"Content-Type": "application/json"}
    assert client.post("/clipsearch/tag", content=large, headers=headers).status_code == 400
    broken = client.post("/clipsearch/tag", content=b'{"ids": [', headers=headers)
    assert broken.status_code == 400
    for deep in (b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000):
        answer = client.post("/clipsearch/tag", content=deep, headers=headers)
        assert answer.status_code == 400


def test_paths_in_order(client: TestClient, library: Library, photos: Path) -> None:
    paths = [photos / "sub" / "green.png", photos / "red.png"]
    ids = [id_of(library, path) for path in paths]
    assert post(client, "paths", {"ids": [*ids, 999]}) == [str(path) for path in paths]


def test_a_concept(client: TestClient, library: Library, photos: Path) -> None:
    id = id_of(library, photos / "red.png")
    wrong = post(client, "concept", {"ids": [id], "name": "Sofa", "negative": True}, 400)
    assert "begins with" in wrong["error"]
    assert post(client, "concept", {"ids": [id], "name": "Sofa"}) == {"name": "sofa", "examples": 1}
    assert get(client, "results", q="concept:sofa")["tiles"][0][0] == id
    assert get(client, "facets")["concepts"] == ["sofa"]
    assert post(client, "concept", {"name": "SOFA", "forget": True}) == {"forgotten": 1}
    assert get(client, "facets")["concepts"] == []


def test_saved_searches_and_history(client: TestClient, library: Library) -> None:
    post(client, "search", {"name": "Zoo", "query": "animals"})
    library.user_data.remember("a dog")
    facets = get(client, "facets")
    assert facets["saved"] == {"Zoo": "animals"} and facets["history"] == ["a dog"]
    post(client, "search", {"name": "Zoo"})
    post(client, "history", {})
    facets = get(client, "facets")
    assert facets["saved"] == {} and facets["history"] == []
    post(client, "search", {"name": "Zoo", "query": " "}, 400)


def test_albums(client: TestClient, library: Library, photos: Path) -> None:
    names = ("red.png", "blue.png", "white.png")
    red, blue, white = ids = [id_of(library, photos / name) for name in names]
    done = post(client, "album", {"name": " By  colour", "ids": [blue, red], "do": "add"})
    assert done == {"name": "By colour", "changed": 2, "query": 'album:"By colour"'}
    done = post(client, "album", {"name": "BY COLOUR", "ids": ids, "do": "add"})
    assert done == {"name": "By colour", "changed": 1, "query": 'album:"By colour"'}
    tiles = get(client, "results", q='album:"by colour"')["tiles"]
    assert [tile[0] for tile in tiles] == [blue, red, white]
    post(client, "album", {"name": "By colour", "ids": [white, red], "do": "first"})
    tiles = get(client, "results", q='album:"by colour" type:png')["tiles"]
    assert [tile[0] for tile in tiles] == [white, red, blue]
    newest = get(client, "results", q="album:'x'", sort="newest")
    assert newest["total"] == 0
    post(client, "album", {"name": "By colour", "ids": [white], "do": "last"})
    post(client, "search", {"name": "Sky", "query": "blue"})
    post(client, "search", {"name": "Gone", "query": "image:/nowhere.png"})
    listed = get(client, "albums")
    (album,) = listed["albums"]
    assert album[:4] == ["By colour", 'album:"By colour"', 3, red] and len(album[4]) == 8
    assert [place[:2] for place in listed["saved"]] == [
        ["Gone", "image:/nowhere.png"],
        ["Sky", "blue"],
    ]
    assert listed["saved"][1][3] == blue and listed["saved"][0][2:] == [0, 0, ""]
    assert get(client, "albums", only="names")["saved"] == []
    assert get(client, "facets", q="album:x")["albums"] == ["By colour"]
    assert get(client, f"photo/{red}")["albums"] == ["By colour"]
    assert any(one["kind"] == "album" for one in get(client, "suggestions", text="by co"))
    post(client, "album", {"name": "By colour", "ids": [red], "do": "remove"})
    assert library.user_data.album("by colour") == [blue, white]
    assert (
        post(client, "album", {"name": "By colour", "do": "rename", "to": "Two"})["name"] == "Two"
    )
    assert post(client, "album", {"name": "two", "do": "delete"})["changed"] == 2
    for wrong in ({"name": "x"}, {"name": "", "do": "add"}, {"name": "x", "do": "add", "ids": "y"}):
        post(client, "album", wrong, 400)
    gone = post(client, "album", {"name": "x", "do": "delete"}, 503)
    assert "There is no album x" in gone["error"]


def test_tags_are_written_beside_photos_where_that_is_asked_for(
    client: TestClient, library: Library, photos: Path
) -> None:
    ids = [*library.contents_at(photos / "red.png"), *library.contents_at(photos / "blue.png")]
    assert "note" not in post(client, "tag", {"ids": ids, "name": "Before"})
    assert not [*photos.glob("*.xmp")]
    library.user_data.write_sidecars(True)
    assert post(client, "tag", {"ids": ids, "name": "Sofa"})["note"] == "2 sidecars written."
    written = {path.name: read_sidecar(path).keywords for path in photos.glob("*.xmp")}
    assert written == {"red.png.xmp": ("Sofa",), "blue.png.xmp": ("Sofa",)}
    assert "note" not in post(client, "tag", {"ids": ids, "favourite": True})

    (photos / "red.png.xmp").write_bytes(b"<no XMP")
    done = post(client, "tag", {"ids": ids, "name": "sofa", "add": False})
    assert done["changed"] == 2
    assert done["note"].startswith(
        "1 sidecar written. 1 sidecar could not be written: red.png.xmp: "
    )
    german = client.post(
        "/clipsearch/tag", json={"ids": ids, "name": "Auto"}, headers={"Accept-Language": "de"}
    )
    assert "red.png.xmp: sie ist kein XML: " in german.json()["note"]
    post(client, "tag", {"ids": ids, "name": "auto", "add": False})
    assert not read_sidecar(photos / "blue.png.xmp").keywords
    assert (photos / "red.png.xmp").read_bytes() == b"<no XMP"


def test_the_tags_of_many_photos(client: TestClient, library: Library, photos: Path) -> None:
    ids = [id_of(library, photos / name) for name in ("red.png", "blue.png")]
    post(client, "tag", {"ids": ids, "name": "plain"})
    post(client, "tag", {"ids": ids[:1], "name": "warm"})
    post(client, "tag", {"ids": ids, "favourite": True})
    assert post(client, "tags", {"ids": [*ids, 999]}) == [["plain", 2], ["warm", 1]]
    assert post(client, "tag", {"ids": ids, "name": "plain", "add": False})["changed"] == 2
    assert post(client, "tags", {"ids": ids}) == [["warm", 1]]


def test_a_saved_search_has_a_largest_size(client: TestClient, library: Library) -> None:
    post(client, "search", {"name": "Zoo", "query": "a" * LONGEST_QUERY})
    refused = post(client, "search", {"name": "Long", "query": "a" * (LONGEST_QUERY + 1)}, 400)
    assert "2,000 characters" in refused["error"]
    assert list(library.user_data.saved_searches()) == ["Zoo"]


def test_a_page_that_shows_another_library_changes_nothing(
    client: TestClient, library: Library, photos: Path
) -> None:
    """The server of one library has ended, and another one's has begun at the same address."""
    id = id_of(library, photos / "red.png")
    other = {"Clipsearch-Library": library_token(photos)}
    tag = {"ids": [id], "favourite": True}
    for answer in (
        client.post("/clipsearch/tag", json=tag, headers=other),
        client.post("/clipsearch/upload", content=b"x", headers=other),
        client.get(f"/clipsearch/photo/{id}", headers=other),
    ):
        assert answer.status_code == 409
        assert "Reload the page" in answer.json()["error"]
    assert library.user_data.tagged() == {}
    own = {"Clipsearch-Library": library_token(library.folder)}
    assert client.post("/clipsearch/tag", json=tag, headers=own).status_code == 200


def test_uploads(client: TestClient, library: Library, photos: Path) -> None:
    answer = client.post("/clipsearch/upload", content=(photos / "red.png").read_bytes())
    path = answer.json()["path"]
    best = get(client, "results", q=f"image:{path}")["tiles"][0][0]
    assert best == id_of(library, photos / "red.png")
    assert client.post("/clipsearch/upload", content=b"Dear all").status_code == 400
    assert client.post("/clipsearch/upload", content=b"").status_code == 400
    german = {"Accept-Language": "de"}
    no_picture = client.post("/clipsearch/upload", content=b"Dear all", headers=german).json()
    assert "der Inhalt hat kein bekanntes Bildformat" in no_picture["error"]
    large = client.post("/clipsearch/upload", content=b"\xff" * 20_000_001)
    assert large.status_code == 413 and "20 MB" in large.json()["error"]


def test_the_file_manager_is_for_this_machine_only(
    client: TestClient, library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr("subprocess.Popen", lambda command, **_: asked.append(command))
    post(client, "reveal", {"ids": [id_of(library, photos / "red.png")]})
    assert str(photos) in asked[0][-1]
    post(client, "reveal", {"ids": [999]}, 400)
    paths = {
        route.path
        for route in routes(GalleryService(load_config()), {"CLIPSEARCH_PAGE_PASSWORD": "x"})
    }
    assert "/clipsearch/tag" in paths and "/clipsearch/reveal" not in paths


def test_what_opens_the_file_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("/photos/-rf $(x).jpg")
    for platform, command in (
        ("linux", ["xdg-open", "/photos"]),
        ("darwin", ["open", "-R", "/photos/-rf $(x).jpg"]),
        ("win32", [str(Path("/w/explorer.exe")), "/select,/photos/-rf $(x).jpg"]),
    ):
        monkeypatch.setenv("SYSTEMROOT", "/w")
        monkeypatch.setattr("sys.platform", platform)
        assert action_routes.reveal_command(path) == command


def test_nobody_waits_for_all_photos_to_be_labelled(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look at the facets of a large library goes without; they come in a while."""
    colours = vocabulary.read("[colours]\nred, green, blue, yellow, white\n", "")
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: colours)
    monkeypatch.setattr("app.labels.library_labels.AT_ONCE", 0)
    let, real = threading.Event(), LibraryLabels.labels

    def slow(self: LibraryLabels, index: VectorSearch) -> GivenLabels:
        assert let.wait(30)
        return real(self, index)

    monkeypatch.setattr(LibraryLabels, "labels", slow)
    assert get(client, "facets")["label"] == []
    let.set()
    end = time.monotonic() + 30
    while not get(client, "facets")["label"]:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_text_in_a_photo(client: TestClient, library: Library, photos: Path) -> None:
    id = id_of(library, photos / "red.png")
    assert get(client, f"photo/{id}")["text"] == []
    refused = client.get("/clipsearch/results", params={"q": "text:miami"})
    assert refused.status_code == 400
    assert "clipsearch text" in refused.json()["error"]
    box = (0.1, 0.2, 0.9, 0.2, 0.9, 0.4, 0.1, 0.4)
    with library.writing() as writer:
        writer.set_texts({id: ReadText([TextLine("MIAMI", 0.9, box)], "drawn")})
    assert get(client, f"photo/{id}")["text"] == [{"text": "MIAMI", "box": list(box)}]
    assert get(client, "results", q="text:miami")["total"] == 1
    assert get(client, "results", q="-text:miami")["total"] == 4
