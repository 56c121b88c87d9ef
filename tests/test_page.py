"""The page's logic, run by Streamlit itself; no browser yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import app.services
from conftest import Index, draw
from fakes import ColourEncoder

PAGE = Path(__file__).parent.parent / "streamlit_app.py"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    import streamlit as st

    st.cache_resource.clear()
    st.cache_data.clear()
    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name))

    def open_page() -> AppTest:
        opened = AppTest.from_file(str(PAGE), default_timeout=30).run()
        assert not opened.exception
        return opened

    return open_page


def test_no_library_says_what_to_do(page: Callable[[], AppTest]) -> None:
    opened = page()
    assert "no photos yet" in opened.info[0].value
    assert opened.code[0].value == "clipsearch index ~/Pictures"


def test_a_search_shows_the_nearest_first(
    page: Callable[[], AppTest], index: Index, photos: Path
) -> None:
    index(photos)
    opened = page()
    assert "5 pictures can be found" in opened.caption[0].value
    opened.text_input(key="query").set_value("blue").run()
    assert not opened.exception
    assert opened.text[0].value.startswith("blue.png\n")
    assert len(opened.get("image")) == 5


def test_a_query_of_spaces(page: Callable[[], AppTest], index: Index, photos: Path) -> None:
    index(photos)
    opened = page()
    opened.text_input(key="query").set_value("   ").run()
    assert "can't be searched for" in opened.warning[0].value


def test_the_page_speaks_the_query_language(
    page: Callable[[], AppTest], index: Index, photos: Path
) -> None:
    index(photos)
    opened = page()
    opened.text_input(key="query").set_value("red without green, in:sub").run()
    assert not opened.exception
    assert opened.text[0].value == "Searching for: red, without green, in sub"
    assert len(opened.get("image")) == 2
    opened.text_input(key="query").set_value("red yaer:2019").run()
    assert "column 5" in opened.text[0].value
    opened.text_input(key="query").set_value("in:nowhere").run()
    assert opened.info[0].value == "Nothing was found."


def test_weak_matches_come_under_a_line(
    page: Callable[[], AppTest], index: Index, photos: Path
) -> None:
    index(photos)
    opened = page()
    opened.text_input(key="query").set_value("red").run()
    assert opened.text[0].value.endswith("strong")
    assert [caption.value for caption in opened.caption] == ["Weaker matches"]
    (photos / "red.png").unlink()
    index()
    opened.text_input(key="query").set_value("red ").run()
    assert "Nothing here clearly matches" in opened.caption[0].value


def test_names_are_text_not_markup(page: Callable[[], AppTest], index: Index, photos: Path) -> None:
    name = "![x](http:,,evil)<img src=x>.png"
    draw(photos / name, "red", (5, 5))
    index(photos)
    opened = page()
    opened.text_input(key="query").set_value("red").run()
    assert any(text.value.startswith(name) for text in opened.text)
    assert not any("evil" in element.value for element in opened.markdown)


def test_a_photo_that_is_not_there_now(
    page: Callable[[], AppTest], index: Index, photos: Path
) -> None:
    index(photos)
    photos.rename(photos.parent / "away")
    opened = page()
    opened.text_input(key="query").set_value("red").run()
    assert not opened.exception
    assert "(can't be shown now)" in [text.value for text in opened.text]


def test_a_model_that_changed_says_what_to_do(
    page: Callable[[], AppTest], index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(photos)
    monkeypatch.setattr(
        app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name, fingerprint="2")
    )
    opened = page()
    assert opened.error[0].value == "The library can't be searched."
    assert "clipsearch index" in opened.text[0].value
