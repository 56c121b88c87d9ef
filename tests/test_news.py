"""Whether a look at folders shows anything that the library does not know."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

import hostile
from conftest import Index, draw
from indexer.folders.survey import all_settled
from indexer.watching.news import Comparison, News
from store.library import Library


def news_of(library: Library) -> list[News]:
    """What is new in the only root, folder by folder."""
    (root,) = library.roots()
    look = Comparison(library, root, library.model(), all_settled)
    return [news for news in look.around("", lambda _: None) if news.is_any]


def test_a_folder_that_is_not_there_any_more_is_missed(
    library: Library, index: Index, photos: Path
) -> None:
    index(photos)
    assert news_of(library) == []
    (photos / "sub").rename(photos.parent / "sub")
    (news,) = news_of(library)
    assert (news.folder, news.misses, len(news.facts)) == ("sub", True, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
@pytest.mark.parametrize("calls", [frozenset[str](), hostile.EVERY_CALL])
def test_a_linked_folder_that_can_not_be_seen_is_not_missed(
    library: Library,
    index: Index,
    photos: Path,
    calls: frozenset[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outside = photos.parent / "outside"
    outside.mkdir()
    for number in range(3):
        draw(outside / f"{number}.png", "green", (20 + number, 20))
    (photos / "linked").symlink_to(outside)
    index(photos)
    assert news_of(library) == []
    broken = OSError(errno.EIO, "Input/output error")
    monkeypatch.setattr(os, "scandir", hostile.scandir_with(photos / "linked", broken, calls))
    assert [news.folder for news in news_of(library) if news.misses] == []
