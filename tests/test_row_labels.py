"""Labels as rows of a library on a server: who gives them, when, and what they outlive."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import event
from test_library_labels import SMALL, Sharp
from test_store_contract import model_of

from app.labels import row_labels
from app.labels.vocabulary import read
from app.query.parser import parse_query
from app.search.searcher import Searcher
from conftest import draw, index_into
from servers import Server
from store.address import Address
from store.errors import LibraryReadOnly
from store.library import Library
from store.server_library import ServerLibrary
from store.values import ModelInfo

COUNTS = "SELECT (SELECT count(*) FROM labelled), (SELECT count(*) FROM label)"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: SMALL)
    monkeypatch.setattr(row_labels, "_PAGE", 2)


@pytest.fixture
def model(server_library: ServerLibrary, photos: Path) -> ModelInfo:
    index_into(server_library, Sharp(), photos)
    return model_of(server_library)


def searcher_of(library: Library) -> Searcher:
    return Searcher(library, model_of(library), Sharp())  # type: ignore[arg-type]


def counts(server: Server, library: ServerLibrary) -> tuple[int, int]:
    ((photos, labels),) = server.run(COUNTS, url=library.address.url)
    return photos, labels


def test_they_are_given_once_in_pages(
    server: Server, server_library: ServerLibrary, model: ModelInfo
) -> None:
    searcher = searcher_of(server_library)
    assert counts(server, server_library) == (0, 0)
    given = searcher.labels()
    assert counts(server, server_library) == (5, 8)  # three are of a colour, and "colour"
    assert [len(given.showing(number)) for number in range(6)] == [1, 1, 1, 1, 1, 3]
    encoder = Sharp()
    again = Searcher(server_library, model, encoder, searcher.library.folder)  # type: ignore[arg-type]
    assert again.labels().counts() == given.counts() and not hasattr(encoder, "asked")


def test_a_label_means_what_strongly_matches_too(
    server_library: ServerLibrary, model: ModelInfo, photos: Path
) -> None:
    for number in range(30):
        draw(photos / f"blue{number}.png", "blue", (10, 11 + number))
    Image.new("RGB", (10, 10), (255, 60, 190)).save(photos / "pink.png")
    index_into(server_library, Sharp(), photos)
    searcher = searcher_of(server_library)

    def paths(text: str) -> list[str]:
        return sorted(hit.path.stem for hit in searcher.search(parse_query(text), 50).hits)

    assert len(searcher.labels().showing(0)) == 1
    some_red = ["pink", "red", "white", "yellow"]
    assert paths("label:red") == some_red
    assert len(paths("-label:red")) == 32 and not set(paths("-label:red")) & set(some_red)
    assert paths("label:red -label:white") == ["red", "yellow"]
    assert paths("yellow label:red -label:blue") == some_red


def test_two_at_once_do_no_harm(
    server: Server, server_library: ServerLibrary, model: ModelInfo
) -> None:
    barrier, errors = threading.Barrier(4), []

    def work() -> None:
        searcher = searcher_of(server_library)
        barrier.wait()
        try:
            searcher.labels()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and counts(server, server_library) == (5, 8)


def test_new_photos_are_labelled_when_somebody_asks(
    server: Server, server_library: ServerLibrary, model: ModelInfo, photos: Path
) -> None:
    searcher = searcher_of(server_library)
    assert searcher.labels_soon() is not None
    (photos / "copy of red.png").write_bytes((photos / "red.png").read_bytes() + b"more")
    index_into(server_library, Sharp(), photos)
    given = searcher.labels_soon()
    assert given is not None and len(given.showing(0)) == 2
    with server_library.writing() as writer:
        writer.forget(photos)
    assert counts(server, server_library) == (0, 0)


def test_what_was_labelled_by_others_is_not_looked_through_again(
    server_library: ServerLibrary, model: ModelInfo, photos: Path
) -> None:
    assert searcher_of(server_library).labels_soon() is not None
    searcher = searcher_of(server_library)
    assert searcher.labels_soon() is not None  # nothing was missing
    last = max(server_library.matching(model, None).tolist())
    (photos / "copy of red.png").write_bytes((photos / "red.png").read_bytes() + b"more")
    index_into(server_library, Sharp(), photos)
    begun: list[int] = []

    def hear(_: object, __: object, statement: str, values: dict[str, int], *___: object) -> None:
        if "embedding.content_id > " in statement:
            begun.extend(values[name] for name in values if name.startswith("content_id"))

    event.listen(server_library._engine, "before_cursor_execute", hear)
    assert searcher.labels_soon() is not None
    assert min(begun) == last


def test_another_vocabulary_labels_anew_and_two_are_kept(
    server: Server,
    server_library: ServerLibrary,
    model: ModelInfo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searcher_of(server_library).labels()
    for number, words in enumerate(("red, blue", "red, green, blue", "blue, white")):
        other = read(f"[c]\n{words}\n", "")
        monkeypatch.setattr("app.labels.vocabulary.everyday", lambda other=other: other)
        searcher = searcher_of(server_library)
        given = searcher.labels()
        assert len(given.counts()) <= len(other.names)
        rows = server.run("SELECT id FROM label_version", url=server_library.address.url)
        assert len(rows) == 2, number


def test_who_may_only_read(
    server: Server, server_library: ServerLibrary, model: ModelInfo, tmp_path: Path
) -> None:
    url = server_library.address.url
    name = url.partition("@")[2].partition("?")[0].strip("/")
    server.run(
        f"CREATE ROLE reads_{name} LOGIN",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO reads_{name}",
        url=url,
    )
    theirs = Address(server.url(name, f"reads_{name}"))
    with ServerLibrary.at(theirs, tmp_path / "theirs") as library:
        searcher = searcher_of(library)
        assert searcher.labels_soon() is None
        with pytest.raises(LibraryReadOnly, match="clipsearch index"):
            searcher.labels()
        ids = library.matching(model, None)
        alone = {id: searcher.labels_of(id) for id in ids.tolist()}
        assert counts(server, server_library) == (0, 0)
        given = searcher_of(server_library).labels()
        assert searcher.labels().counts() == given.counts()
        for id in ids.tolist():
            labels = searcher.labels_of(id)
            assert [name for name, _ in labels] == [name for name, _ in alone[id]]
            assert [sure for _, sure in labels] == pytest.approx([sure for _, sure in alone[id]])


def test_a_damaged_vector_has_none(
    server: Server, server_library: ServerLibrary, model: ModelInfo
) -> None:
    ids = server_library.matching(model, None)
    server.run(
        f"UPDATE embedding SET checksum = checksum + 1 WHERE content_id = {ids[0]}",
        url=server_library.address.url,
    )
    searcher_of(server_library).labels()
    labelled = server.run(
        "SELECT content_id FROM labelled ORDER BY 1", url=server_library.address.url
    )
    assert [id for (id,) in labelled] == np.sort(ids)[1:].tolist()
