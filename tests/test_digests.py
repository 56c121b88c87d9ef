from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conftest import Index, draw
from store.library import Library


def digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def test_it_answers_for_one_model_and_as_of_now(
    library: Library, index: Index, photos: Path
) -> None:
    index(photos)
    model = library.model()
    assert model
    with library.writing() as writer:
        other = writer.add_model("other", "2", 3)
    embedded, by_other = library.digests(model), library.digests(other)
    red = digest(photos / "red.png")
    assert red in embedded
    assert red not in by_other
    assert b"x" * 32 not in embedded
    more = draw(photos / "more.png", "red", (7, 7))
    assert digest(more) not in embedded
    index()
    assert digest(more) in embedded
    embedded.close()
    by_other.close()


def test_threads_may_ask_it_together(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    model = library.model()
    assert model
    asked = [digest(path) for path in photos.rglob("*.png")] + [bytes(32)]
    embedded = library.digests(model)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(embedded.__contains__, asked * 200))
    embedded.close()
    assert answers == ([True] * 5 + [False]) * 200
