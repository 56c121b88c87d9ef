"""Many small pictures in one answer, over a real library."""

from __future__ import annotations

import struct
from pathlib import Path

from starlette.testclient import TestClient

from app.gallery.addresses import library_token
from app.gallery.small_pictures import make_small_pictures
from asking import address, client, id_of
from conftest import Index, draw
from store.library import Library

__all__ = ["client"]


def named(library: Library, id: int) -> str:
    """How an address names a photo."""
    return address(library, "small", id).rpartition("/")[2]


def parts_of(packed: bytes) -> list[bytes]:
    parts = []
    while packed:
        (length,) = struct.unpack_from("<I", packed)
        parts.append(packed[4 : 4 + length])
        packed = packed[4 + length :]
    return parts


def test_a_pack_holds_what_each_address_gives(
    client: TestClient, library: Library, photos: Path, index: Index
) -> None:
    draw(photos / "large.png", "red", (1200, 900))
    index()
    ids = [id_of(library, photos / f"{name}.png") for name in ("large", "red", "blue")]
    alone = [client.get(address(library, "small", id)).content for id in ids]
    asked = f"/clipsearch/pack/{library_token(library.folder)}"
    names = ",".join(named(library, id) for id in ids)
    made = client.get(asked, params={"of": names})
    assert parts_of(made.content) == alone
    assert made.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert make_small_pictures(library)
    assert library.small_pictures.count() == library.thumbnails.count()
    assert client.get(asked, params={"of": names}).content == made.content  # kept by now
    assert client.get(address(library, "small", ids[0])).content == alone[0]


def test_what_is_not_there_is_empty_and_not_remembered(
    client: TestClient, library: Library, photos: Path, tmp_path: Path
) -> None:
    red, blue = (id_of(library, photos / f"{name}.png") for name in ("red", "blue"))
    token, other = (library_token(one) for one in (library.folder, tmp_path / "other"))
    right = named(library, red)
    digest = library.digest(blue)
    assert digest
    library.thumbnails.remove([digest])  # as on another machine
    for of in (named(library, blue), "999-00000000", f"{blue}-{right.rpartition('-')[2]}"):
        answer = client.get(f"/clipsearch/pack/{token}", params={"of": f"{of},{right}"})
        first, second = parts_of(answer.content)
        assert first == b"" and second.startswith(b"\xff\xd8")
        assert answer.headers["cache-control"] == "private, no-store"
    answer = client.get(f"/clipsearch/pack/{other}", params={"of": right})
    assert parts_of(answer.content) == [b""]
    for of in ("", "../../etc/passwd", "-1-00000000", "9" * 30 + "-00000000", "0x1-00000000"):
        assert not any(parts_of(client.get(f"/clipsearch/pack/{token}", params={"of": of}).content))
