"""The logic of the page, run by Streamlit itself; ``test_browser_*.py`` have it in a browser."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

import app.services
from app.labels import vocabulary
from app.locales.texts import IN_ENGLISH
from app.pages import notices
from app.web import folder_watch, indexing, shared_service
from conftest import Index, draw, draw_burst
from fakes import ColourEncoder

PAGE = Path(__file__).parent.parent / "app" / "pages" / "script.py"
Open = Callable[..., AppTest]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name))
    colours = vocabulary.read("[colours]\nred, green, blue, yellow, white\n", "")
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: colours)

    def open_page(**asked: str) -> AppTest:
        opened = AppTest.from_file(str(PAGE), default_timeout=30)
        for name, value in asked.items():
            opened.query_params[name] = value
        opened.run()
        assert not opened.exception
        return opened

    yield open_page
    folder_watch.end_watches()
    indexing.end_runs()
    shared_service.close_services()


def shown(opened: AppTest) -> dict[str, Any]:
    """What the gallery was given."""
    (gallery,) = (e for e in opened.main if getattr(e, "key", None) == "gallery")
    sent: dict[str, Any] = json.loads(gallery.proto.json)
    return sent


def texts(opened: AppTest) -> list[str]:
    """What the page says instead of photos, and above them."""
    data = shown(opened)
    notice = data["notice"] or {"title": "", "lines": []}
    return [notice["title"], *notice["lines"], *data["banners"]]


def edit(opened: AppTest, **asked: Any) -> AppTest:
    """Run the page once more, as after an edit that the component has sent."""
    (gallery,) = (e for e in opened.main if getattr(e, "key", None) == "gallery")
    states = WidgetStates()
    trigger = states.widgets.add()
    trigger.id = f"$$STREAMLIT_INTERNAL_KEY_{gallery.proto.id}__events"
    trigger.json_trigger_value = json.dumps([{"event": "edit", "value": asked}])
    opened._run(states)
    assert not opened.exception
    return opened


def search(opened: AppTest, text: str) -> AppTest:
    return edit(opened, op="query", text=text)


def test_no_library_says_what_to_do(page: Open) -> None:
    opened = page()
    assert "Search your photos in plain words" in texts(opened)
    assert texts(opened)[2] == "clipsearch index ~/Pictures"
    assert shown(opened)["notice"]["kind"] == "welcome"


def test_an_empty_library_says_so(page: Open, index: Index, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    index(tmp_path / "empty")
    assert "The library holds no photo yet" in texts(page())


def test_hidden_photos_are_led_to(page: Open, index: Index, photos: Path) -> None:
    index(photos)
    assert (shown(page())["hidden"], shown(page())["summary"]) == (0, "5 photos")
    data = shared_service.gallery_service().library().user_data
    ids = shared_service.gallery_service().library().contents_at(photos)
    data.hide(ids[:2])
    sent = shown(page())
    assert (sent["hidden"], sent["of_hidden"], sent["summary"]) == (2, False, "3 photos")
    assert (shown(page(q="is:hidden"))["of_hidden"], shown(page(q="is:hidden"))["total"]) == (
        True,
        2,
    )
    data.hide(ids)
    notice = shown(page())["notice"]
    assert notice["title"] == "All photos are hidden"
    assert notice["offers"] == [["Hidden photos: 5", "is:hidden", ""]]
    assert shown(page(q="is:hidden"))["total"] == 5


def test_all_photos_newest_first_without_a_query(page: Open, index: Index, photos: Path) -> None:
    os.utime(photos / "red.png", (2_000_000_000, 2_000_000_000))
    index(photos)
    data = shown(page())
    assert data["summary"] == "5 photos"
    assert len(data["tiles"]) == data["total"] == data["clear"] == 5
    days = [tile[2] for tile in data["tiles"]]
    assert days == sorted(days, reverse=True)
    assert not data["ranked"]


def test_a_search_shows_the_nearest_first(page: Open, index: Index, photos: Path) -> None:
    index(photos)
    opened = page()
    search(opened, "blue")
    data = shown(opened)
    gallery_service = shared_service.gallery_service()
    (blue,) = gallery_service.library().contents_at(photos / "blue.png")
    assert data["tiles"][0][0] == blue
    assert data["tiles"][0][1] == pytest.approx(32 / 24, abs=0.001)
    assert data["tiles"][0][3] == 2  # strong
    assert (data["total"], data["clear"]) == (5, 1)
    assert data["summary"].startswith("1 photo matches")
    assert gallery_service.library().user_data.history(5) == ["blue"]


def test_a_link_leaves_nothing_in_the_history(page: Open, index: Index, photos: Path) -> None:
    """Any site may have a link; what is typed or chosen on the page is remembered."""
    index(photos)
    opened = page(q="red")
    notes = shared_service.gallery_service().library().user_data
    assert shown(opened)["q"] == "red"
    assert notes.history(5) == []
    opened.run()
    assert notes.history(5) == []
    search(opened, "blue")
    assert notes.history(5) == ["blue"]
    search(opened, "red")
    assert notes.history(5) == ["red", "blue"]
    search(opened, "red " * 800)
    assert notes.history(5) == ["red", "blue"]
    opened = page()
    edit(opened, op="toggle", key="in", value="sub")
    assert notes.history(1) == ["in:sub"]


def test_the_address_has_the_search(page: Open, index: Index, photos: Path) -> None:
    index(photos)
    data = shown(page(q="in:sub", sort="Oldest", view="Map"))  # as earlier versions wrote it
    assert (data["q"], data["sort"], data["view"]) == ("in:sub", "oldest", "map")
    data = shown(page(q="in:sub", sort="oldest", view="nothing"))
    assert (data["sort"], data["view"]) == ("oldest", "photos")
    assert data["total"] == 2
    assert data["summary"].startswith("2 photos")


def test_the_page_speaks_the_query_language(page: Open, index: Index, photos: Path) -> None:
    index(photos)
    opened = page(q="red without green, in:sub")
    assert shown(opened)["summary"].endswith("red, without green, in sub")
    search(opened, "red yaer:2019")
    assert any("column 5" in text for text in texts(opened))
    search(opened, "in:nowhere")
    assert "in nowhere" in texts(opened)
    assert shown(opened)["total"] == 0


def test_bursts_are_one_or_all(page: Open, index: Index, photos: Path) -> None:
    draw_burst(photos)
    index(photos)
    opened = page(q="blue")
    assert shown(opened)["total"] == 6
    assert shown(opened)["bursts"]
    edit(opened, op="show", all="true")
    assert shown(opened)["total"] == 8
    assert opened.query_params["all"] == "true"
    opened = page(q="blue", all="true")
    assert (shown(opened)["total"], shown(opened)["all"]) == (8, "true")
    assert not shown(page(q="red in:sub"))["bursts"]


def test_nothing_that_clearly_matches(page: Open, index: Index, photos: Path) -> None:
    (photos / "red.png").unlink()
    index(photos)
    data = shown(page(q="red"))
    assert data["clear"] == 0
    assert data["summary"].startswith("Nothing clearly matches")


def test_examples_are_of_the_library(page: Open, index: Index, photos: Path) -> None:
    for number in range(3):
        draw(photos / f"{number}.png", "green", (10, 11 + number))
    index(photos)
    opened = page()
    assert shown(opened)["examples"] == ["green", "red", "blue", "yellow"]  # most frequent first
    assert shown(search(opened, "red"))["examples"] == []


def test_photos_that_are_not_there_now_are_found_and_counted(
    page: Open, index: Index, photos: Path
) -> None:
    index(photos)
    photos.rename(photos.parent / "away")
    opened = page(q="red")
    assert shown(opened)["total"] == 5
    assert any("can't be seen now" in text for text in texts(opened))


def test_a_model_that_changed_says_what_to_do(
    page: Open, index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(photos)
    monkeypatch.setattr(
        app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name, fingerprint="2")
    )
    assert shown(page())["total"] == 5  # all photos, as always
    opened = page(q="red")
    assert "The model can't be loaded" in texts(opened)
    assert any("clipsearch index" in text for text in texts(opened))
    assert shown(page(q="like:1"))["total"] == 4
    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name))
    assert shown(opened)["notice"]["kind"] == "retry"
    assert shown(edit(opened, op="retry"))["total"] == 5


def test_an_index_that_is_made_again_says_so(page: Open, index: Index, photos: Path) -> None:
    index(photos)
    gallery_service = shared_service.gallery_service()
    assert not gallery_service.must_rebuild()
    for file in gallery_service.library().folder.glob("vectors-*"):
        file.unlink()
    assert gallery_service.must_rebuild()
    assert "Nothing is lost" in notices.opening(IN_ENGLISH, rebuild=True)
    assert shown(page(q="red"))["total"] == 5
    assert not gallery_service.must_rebuild()
    assert list(gallery_service.library().folder.glob("vectors-*"))


def test_the_page_of_the_library_is_drawn_by_the_component(
    page: Open, index: Index, photos: Path
) -> None:
    def library() -> None:
        from app.pages.library import library_page

        library_page()

    for _ in ("without a library", "with one"):
        opened = AppTest.from_function(library, default_timeout=30).run()
        assert not opened.exception
        assert shown(opened)["page"] == "library" and shown(opened)["notice"] is None
        (drawn,) = opened.main.children.values()
        assert getattr(drawn, "key", None) == "gallery"
        index(photos)


def test_a_damaged_library_says_so(page: Open, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "library.db").write_bytes(b"no database at all" * 100)
    opened = page()
    assert "The library can't be opened" in texts(opened)
    assert any("clipsearch restore FILE" in text for text in texts(opened))


def test_a_link_cannot_make_the_page_open_files(
    page: Open, index: Index, photos: Path, tmp_path: Path
) -> None:
    index(photos)
    secret = draw(tmp_path / "secret.png", "red")
    for asked in (
        f"image:{secret}",
        f'like:"{photos}/../secret.png"',
        "image:\\\\host\\share\\x.png",
    ):
        opened = page(q=asked)
        assert any("only opens pictures of the library" in text for text in texts(opened))
    assert shown(page(q=f"image:{photos}/red.png"))["total"] == 5


def test_an_edit_is_a_new_address_and_keeps_what_is_not_ours(
    page: Open, index: Index, photos: Path
) -> None:
    index(photos)
    opened = page(view="map", lang="de")
    search(opened, "red")
    assert opened.query_params == {"lang": "de", "q": "red", "view": "map"}
    edit(opened, op="toggle", key="in", value="sub")
    assert opened.query_params["view"] == "map"
    edit(opened, op="like", ids=[1])
    assert opened.query_params == {"lang": "de", "q": "in:sub like:1"}
    edit(opened, op="show", view="duplicates", sort="newest")
    assert shown(opened)["view"] == "duplicates"
    edit(opened, op="show", view="photos", sort="best")
    assert opened.query_params == {"lang": "de", "q": "in:sub like:1"}
    edit(opened, op="no such thing")
    assert opened.query_params["q"] == "in:sub like:1"
    edit(opened, op="show", view="albums", text="")
    assert opened.query_params == {"lang": "de", "view": "albums"}


def test_what_restricts_a_query_is_a_chip(page: Open, index: Index, photos: Path) -> None:
    index(photos)
    data = shown(page(q="red in:sub"))
    assert data["chips"] == [["folder", "in sub", "red", "", ""]]
    data = shown(page(q="like:1"))
    assert data["chips"] == [["photo", "like this photo", "", "1", ""]]
    assert [id for id, _ in data["shown"]] == [1]


def test_what_was_meant_is_offered(page: Open, index: Index, photos: Path) -> None:
    index(photos)
    offers = shown(page(q="red yaer:2019"))["notice"]["offers"]
    assert offers == [["red year:2019", "red year:2019", ""]]
    offers = shown(page(q="red in:sbu"))["notice"]["offers"]
    assert ["red in:sub", "red in:sub", ""] in offers
    (photos / "Trip 1917").mkdir()
    draw(photos / "Trip 1917" / "photo.png", "red")
    index(photos)
    offers = shown(page(q="red, 1917"))["notice"]["offers"]
    assert ["red, in:*1917*", "red, in:*1917*", ""] in offers
    library = shared_service.gallery_service().library()
    library.user_data.hide(library.contents_at(photos / "sub"))
    offers = shown(page(q="red in:sbu"))["notice"]["offers"]
    assert "in:sub" not in str(offers)
    offers = shown(page(q="red in:sbu is:hidden"))["notice"]["offers"]
    assert "in:sub" in str(offers)
