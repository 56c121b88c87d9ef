"""What is suggested under the box comes from the library, and makes a query that can be asked."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.labels import vocabulary
from asking import client, get, id_of, post
from store.library import Library

__all__ = ["client"]


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    words = vocabulary.read("[colours]\nred, green, blue, yellow, white\n", "")
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: words)


def kinds(client: TestClient, text: str) -> dict[str, str]:
    """The kind of each suggestion, by its query."""
    return {one["query"]: one["kind"] for one in get(client, "suggestions", text=text)}


def test_an_empty_box_begins_with_the_latest_searches(client: TestClient, library: Library) -> None:
    library.user_data.remember("a red thing")
    listed = get(client, "suggestions", text="")
    assert listed[0] == {"kind": "recent", "text": "a red thing", "query": "a red thing"}


def test_the_last_words_go_on(client: TestClient, library: Library) -> None:
    photos = library.folder.parent / "photos"
    post(client, "tag", {"ids": [id_of(library, photos / "red.png")], "name": "family album"})
    library.user_data.save_search("Warm colours", "red + yellow")
    library.user_data.remember("album of the year")
    assert kinds(client, "something su") == {"something in:sub": "folder"}
    assert kinds(client, "fam")['tag:"family album"'] == "tag"
    assert kinds(client, "alb") == {"album of the year": "recent", 'tag:"family album"': "tag"}
    assert kinds(client, "warm") == {"red + yellow": "saved"}
    assert kinds(client, "a bl")["a blue"] == "label"
    assert kinds(client, "a blue.p") == {"a name:blue.png": "file"}
    assert kinds(client, "zzz") == {}


def test_what_is_suggested_can_be_asked(client: TestClient, library: Library) -> None:
    photo = id_of(library, library.folder.parent / "photos" / "blue.png")
    post(client, "tag", {"ids": [photo], "name": 'blurred 12" disc'})
    asked = kinds(client, "blu")
    assert "tag" in asked.values()
    for query in asked:
        assert get(client, "results", q=query)["total"] >= 1


def test_no_text_breaks_it(client: TestClient) -> None:
    for text in ('"', "*", "in:", "a" * 5_000, "\u202e", "-", "like:", "%", "[", "a, "):
        get(client, "suggestions", text=text)
