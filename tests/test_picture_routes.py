"""The routes that give pictures, over a real library."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from app.gallery.addresses import library_token
from asking import address, chosen, client, get, id_of, post
from benchmarks.raw_files import dng
from conftest import Index, draw
from store.library import Library

__all__ = ["client"]


# -- pictures ----------------------------------------------------------------------------------


def test_pictures_by_id(client: TestClient, library: Library, photos: Path, index: Index) -> None:
    id = id_of(library, photos / "red.png")
    for kind in ("thumb", "small", "preview"):
        answer = client.get(address(library, kind, id))
        assert answer.headers["content-type"] == "image/jpeg"
        assert "immutable" in answer.headers["cache-control"]
        assert "private" in answer.headers["cache-control"]
        assert Image.open(io.BytesIO(answer.content)).size == (32, 24)
    draw(photos / "large.png", "red", (1200, 900))
    index()
    large = id_of(library, photos / "large.png")
    sizes = [
        Image.open(io.BytesIO(client.get(address(library, kind, large)).content)).size
        for kind in ("small", "thumb", "preview")
    ]
    assert sizes == [(320, 240), (600, 450), (1200, 900)]
    original = client.get(address(library, "original", id))
    assert original.content == (photos / "red.png").read_bytes()
    assert original.headers["content-type"] == "image/png"
    assert original.headers["cache-control"] == "private, no-store"
    taken = client.get(address(library, "original", id) + "?download")
    assert taken.headers["content-disposition"].startswith('attachment; filename="red.png"')


def test_a_raw_is_shown_as_a_browser_can_and_downloaded_as_it_is(
    client: TestClient, library: Library, photos: Path, index: Index
) -> None:
    path = photos / "DSC_1.NEF"
    path.write_bytes(dng(Image.new("RGB", (3_600, 40), "red"), orientation=6))
    index()
    id = id_of(library, path)
    for kind, sides in (("thumb", (5, 448)), ("preview", (18, 1_600)), ("original", (32, 2_900))):
        answer = client.get(address(library, kind, id))
        assert answer.headers["content-type"] == "image/jpeg"
        assert Image.open(io.BytesIO(answer.content)).size == sides
    assert answer.headers["cache-control"] == "private, no-store"
    taken = client.get(address(library, "original", id) + "?download")
    assert taken.content == path.read_bytes()
    assert taken.headers["content-disposition"].startswith('attachment; filename="DSC_1.NEF"')
    path.write_bytes(path.read_bytes()[:9_000])
    assert client.get(address(library, "original", id)).status_code == 404


@pytest.mark.parametrize("kind", ["thumb", "small", "preview", "original"])
@pytest.mark.parametrize(
    "id",
    ["999", "-1", "abc", "1.0", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "9" * 30, ""],
)
def test_nothing_but_an_id_leads_anywhere(
    client: TestClient, library: Library, kind: str, id: str
) -> None:
    token = library_token(library.folder)
    for rest in (id, f"{token}/{id}", f"{token}/{id}-", f"{token}/{id}-00000000"):
        answer = client.get(f"/clipsearch/{kind}/{rest}")
        assert answer.status_code == 404
        assert "max-age" not in answer.headers.get("cache-control", "")


def test_an_address_is_of_one_library_and_one_content(
    client: TestClient, library: Library, photos: Path, tmp_path: Path
) -> None:
    """Another library's numbers are the same: neither browser nor server may mix them up."""
    red, blue = (id_of(library, photos / f"{name}.png") for name in ("red", "blue"))
    own, mixed = (library.digest(id) for id in (red, blue))
    assert own and mixed
    token, other = library_token(library.folder), library_token(tmp_path / "other")
    for kind in ("thumb", "small", "preview", "original"):
        assert client.get(address(library, kind, red)).status_code == 200
        for wrong in (
            f"{other}/{red}-{own.hex()[:8]}",
            f"{token}/{red}-{mixed.hex()[:8]}",
            f"{token}/{red}-{own.hex()[:7]}",
        ):
            answer = client.get(f"/clipsearch/{kind}/{wrong}")
            assert answer.status_code == 404
            assert answer.headers["cache-control"] == "private, no-store"


def test_every_list_says_the_addresses(
    client: TestClient, library: Library, photos: Path, index: Index
) -> None:
    (photos / "copy.png").write_bytes((photos / "red.png").read_bytes())
    index()
    pairs = [[tile[0], tile[7]] for tile in get(client, "results")["tiles"]]
    pairs += [copy[:2] for one in get(client, "duplicates")["groups"] for copy in one["copies"]]
    assert len(pairs) == 7
    token = library_token(library.folder)
    for id, digest in pairs:
        assert f"/clipsearch/thumb/{token}/{id}-{digest}" == address(library, "thumb", id)


def test_a_library_that_is_gone_is_said(client: TestClient, library: Library, photos: Path) -> None:
    asked = address(library, "thumb", id_of(library, photos / "red.png"))
    library.close()
    library.folder.rename(library.folder.with_name("elsewhere"))
    answer = client.get(asked)
    assert answer.status_code == 503 and "clipsearch index" in answer.text


def test_a_photo_that_went_is_not_given(client: TestClient, library: Library, photos: Path) -> None:
    id = id_of(library, photos / "red.png")
    (photos / "red.png").unlink()
    assert client.get(address(library, "original", id)).status_code == 404
    assert client.get(address(library, "thumb", id)).status_code == 200


def test_a_page_that_calls_itself_a_photo_is_not_shown_as_one(
    client: TestClient, library: Library, photos: Path, index: Index
) -> None:
    draw(photos / "a.png", "green", (9, 9))
    (photos / "a.png").rename(photos / "evil.html")
    index()
    id = id_of(library, photos / "evil.html")
    answer = client.get(address(library, "original", id))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_names_in_headers(client: TestClient, library: Library, photos: Path, index: Index) -> None:
    name = 'a"; filename=evil\r\nSet-Cookie: x=1; ü.png'
    draw(photos / name, "red", (9, 9))
    index()
    answer = client.get(address(library, "original", id_of(library, photos / name)))
    assert "set-cookie" not in answer.headers
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('inline; filename="a__ filename_evil__Set-Cookie_ x_1_ _.png"')
    assert "%C3%BC.png" in disposition


# -- zip ---------------------------------------------------------------------------------------


def test_a_zip_of_photos(client: TestClient, library: Library, photos: Path) -> None:
    wanted = [photos / "red.png", photos / "sub" / "green.png"]
    ids = ",".join(str(id_of(library, path)) for path in wanted)
    answer = client.post("/clipsearch/zip", data=chosen(library, f"{ids},999,x,{ids}"))
    assert answer.headers["content-disposition"].startswith('attachment; filename="photos.zip"')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert {n: archive.read(n) for n in archive.namelist()} == {
            path.name: path.read_bytes() for path in wanted
        }
    gone = client.post("/clipsearch/zip", data=chosen(library, "999"))
    assert zipfile.ZipFile(io.BytesIO(gone.content)).namelist() == []
    assert client.post("/clipsearch/zip", data=chosen(library, "")).status_code == 400
    assert client.post("/clipsearch/zip", data={"ids": ids}).status_code == 409
    assert client.get("/clipsearch/zip").status_code == 405


def test_both_files_of_a_stack(
    client: TestClient, library: Library, photos: Path, index: Index
) -> None:
    red = Image.new("RGB", (64, 48), "red")
    red.save(photos / "DSC_1.JPG")
    (photos / "DSC_1.NEF").write_bytes(dng(red))
    index()
    id = id_of(library, photos / "DSC_1.JPG")
    own = address(library, "original", id)
    alone = address(library, "original", id_of(library, photos / "red.png"))
    everything = client.get(f"{own}?download=all")
    disposition = everything.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="DSC_1.zip"')
    for answer in (everything, client.post("/clipsearch/zip", data=chosen(library, str(id)))):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert {n: archive.read(n) for n in archive.namelist()} == {
                name: (photos / name).read_bytes() for name in ("DSC_1.JPG", "DSC_1.NEF")
            }
    assert client.get(f"{alone}?download=all").content == (photos / "red.png").read_bytes()
    (raw,) = library.stacked([id])[id]
    answer = client.get(f"{own}?beside={raw.content_id}&download")
    assert answer.content == (photos / "DSC_1.NEF").read_bytes()
    assert answer.headers["content-disposition"].startswith('attachment; filename="DSC_1.NEF"')
    assert client.get(f"{own}?beside={id}").status_code == 404  # it is not beside itself
    assert client.get(f"{alone}?beside={raw.content_id}").status_code == 404


def test_a_raw_beside_two_pictures_is_sent_once(
    client: TestClient, library: Library, photos: Path, index: Index
) -> None:
    for name, colour in (("DSC_1.JPG", "red"), ("DSC_1.jpeg", "blue")):
        Image.new("RGB", (64, 48), colour).save(photos / name, format="JPEG")
    (photos / "DSC_1.NEF").write_bytes(dng(Image.new("RGB", (64, 48), "red")))
    index()
    ids = [id_of(library, photos / name) for name in ("DSC_1.JPG", "DSC_1.jpeg")]
    assert all(len(library.stacked([id])[id]) == 1 for id in ids)
    answer = client.post("/clipsearch/zip", data=chosen(library, ",".join(map(str, ids))))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["DSC_1.JPG", "DSC_1.NEF", "DSC_1.jpeg"]
    paths = post(client, "paths", {"ids": ids})
    assert paths == [str(photos / name) for name in archive.namelist()]
    shutil.rmtree(photos)  # a path may be wanted of what is not there now
    assert post(client, "paths", {"ids": ids[1:]}) == [
        str(photos / n) for n in ("DSC_1.jpeg", "DSC_1.NEF")
    ]
