"""``doctor`` of a library on a server: what is damaged behind everybody's back, and mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_server_library import names, unit

from app.config import Config, load_config
from app.doctor import Findings, examine
from benchmarks.bench_vectors import records
from conftest import Run, index_into
from fakes import ColourEncoder
from servers import Server
from store.errors import LibraryDamaged
from store.server_library import ServerLibrary
from store.sql.dialect.invariants import RULES
from store.values import ModelInfo


@pytest.fixture
def model(server_library: ServerLibrary, photos: Path) -> ModelInfo:
    index_into(server_library, ColourEncoder(), photos)
    answering = server_library.model()
    assert answering
    return answering


@pytest.fixture
def config(server_library: ServerLibrary, loaded: list[str], model: ModelInfo) -> Config:
    return load_config(library=server_library.address.url)


def damaging(server: Server, library: ServerLibrary, *statements: str) -> None:
    """Run statements that no constraint keeps from damage, as an administrator can."""
    off = "SET session_replication_role = replica"
    server.run(off, *statements, url=library.address.url)


def rows(server: Server, library: ServerLibrary, query: str) -> list[tuple[Any, ...]]:
    return server.run(query, url=library.address.url)


def healthy(findings: Findings) -> bool:
    """Whether nothing was to be said but what the tests' server can't look at."""
    return not findings.problems and all(line.startswith("Not checked") for line in findings.said)


def test_all_is_well(server_library: ServerLibrary, config: Config, run: Run) -> None:
    assert healthy(examine(server_library, config))
    done = run("doctor", "--library", server_library.address.url)
    assert done.code == 0 and "All is well: 5 pictures can be found." in done.out


# -- vectors ------------------------------------------------------------------------------------


BEND = "SET vector = set_byte(vector, 2, get_byte(vector, 2) # 64)"


def test_a_damaged_vector_is_made_again(
    server: Server, server_library: ServerLibrary, config: Config, photos: Path, loaded: list[str]
) -> None:
    (red,) = server_library.contents_at(photos / "red.png")
    before = rows(server, server_library, "SELECT * FROM embedding ORDER BY 1")
    damaging(server, server_library, f"UPDATE embedding {BEND} WHERE content_id = {red}")
    with pytest.raises(LibraryDamaged, match="clipsearch doctor"):
        names(server_library, "red")
    findings = examine(server_library, config)
    assert "Read again: 1 photo." in findings.said and not findings.problems
    assert loaded  # a model was needed
    assert rows(server, server_library, "SELECT * FROM embedding ORDER BY 1") == before
    assert names(server_library, "red")[0] == "red.png"
    assert healthy(examine(server_library, config))


def test_a_damaged_vector_whose_photo_is_away(
    server: Server, server_library: ServerLibrary, config: Config, photos: Path
) -> None:
    """It goes, for searches not to fail; a later run reads the photo again: once."""
    (red,) = server_library.contents_at(photos / "red.png")
    damaging(server, server_library, f"UPDATE embedding {BEND} WHERE content_id = {red}")
    photos.rename(photos.parent / "unplugged")
    findings = examine(server_library, config)
    assert any(line.startswith("Not mended: 1 damaged vector") for line in findings.said)
    assert not findings.problems
    assert len(names(server_library, "blue")) == 4
    (photos.parent / "unplugged").rename(photos)
    encoder = ColourEncoder()
    for _ in range(2):
        index_into(server_library, encoder)
    assert encoder.encoded == 1
    assert names(server_library, "red")[0] == "red.png"
    assert healthy(examine(server_library, config))


def test_what_searches_compare_is_made_as_the_stored_vectors(
    server: Server, server_library: ServerLibrary, config: Config
) -> None:
    query = "SELECT content_id, vector::text FROM nearby ORDER BY 1"
    before = rows(server, server_library, query)
    damaging(
        server,
        server_library,
        "DELETE FROM nearby WHERE content_id = 1",
        "UPDATE nearby SET vector = '[0.6,0,0.8]' WHERE content_id = 2",
        "UPDATE nearby SET vector = '[1,0]' WHERE content_id = 3",
        "INSERT INTO nearby VALUES (1, 77, '[1,0,0]')",
    )
    findings = examine(server_library, config)
    assert "Mended: 3 vectors that searches compare, from the stored ones." in findings.said
    assert "Mended: 1 vectors that searches compare belong to no stored vector." in findings.said
    assert not findings.problems
    assert rows(server, server_library, query) == before
    assert healthy(examine(server_library, config))


def test_every_page_of_vectors_is_looked_at(
    server: Server, server_library: ServerLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.sql.dialect import nearby_checks

    monkeypatch.setattr(nearby_checks, "_PAGE", 7)
    with server_library.writing() as writer:
        model = writer.add_model("random", "1", 32)
        root = writer.add_root(Path("/crowd"), (), replace=False).id
        writer.record(records(root, 0, unit(50, 32)), model, writer.begin_run())
    ids = np.sort(server_library.matching(model, None)).tolist()
    chosen = [ids[place] for place in (0, 6, 7, 13, 49)]
    listed = ", ".join(map(str, chosen))
    damaging(server, server_library, f"UPDATE embedding {BEND} WHERE content_id IN ({listed})")
    pages = list(nearby_checks.pages(server_library._engine, model))
    assert len(pages) == 8
    assert [id for page in pages for id in page.damaged.tolist()] == chosen


# -- rows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (("UPDATE photo SET state = 'odd' WHERE name = 'red.png'",), "1 entries of files"),
        (("UPDATE photo SET size = -1 WHERE name = 'red.png'",), "1 entries of files"),
        (("UPDATE photo SET content_id = NULL WHERE name = 'red.png'",), "1 entries of files"),
        (("UPDATE content SET width = 0 WHERE id = 1",), "1 entries of pictures"),
        (("UPDATE content SET digest = 'x' WHERE id = 1",), "1 entries of pictures"),
        (("UPDATE content SET latitude = 91, longitude = 0 WHERE id = 1",), "1 entries of pict"),
        (("DELETE FROM content WHERE id = 1",), "1 files belong to a picture that is not there"),
        (("UPDATE photo SET previous_id = 99 WHERE content_id = 1",), "1 files had a picture"),
        (("UPDATE root SET excludes = '{}'",), "1 folders have a damaged list"),
        (("INSERT INTO keyword VALUES (99, 'sea')",), "1 keywords belong to a picture"),
    ],
)
def test_rows_are_mended(
    server: Server,
    server_library: ServerLibrary,
    config: Config,
    statements: tuple[str, ...],
    said: str,
) -> None:
    damaging(server, server_library, *statements)
    findings = examine(server_library, config)
    assert any(line.startswith(f"Mended: {said}") for line in findings.said), findings
    assert not findings.problems
    assert len(names(server_library, "red")) == 5
    assert healthy(examine(server_library, config))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE photo SET root_id = 99 WHERE content_id = 1", "1 files are in no folder"),
        (
            "UPDATE setting SET value = '99' WHERE key = 'building_model_id'",
            "1 settings name a",
        ),
        ("INSERT INTO tag VALUES ('x', 'sea')", "1 tags are damaged"),
    ],
)
def test_what_only_the_user_knows_is_said(
    server: Server, server_library: ServerLibrary, config: Config, statement: str, said: str
) -> None:
    damaging(server, server_library, statement)
    findings = examine(server_library, config)
    assert any(problem.startswith(said) for problem in findings.problems), findings


def test_every_rule_can_be_asked(server: Server, server_library: ServerLibrary) -> None:
    asked = [rule for rule in RULES if rule.on_server]
    assert len(asked) == 17
    for rule in asked:
        query = f"SELECT count(*) FROM {rule.table} WHERE {rule.on_server}"
        assert rows(server, server_library, query) == [(0,)]


# -- the server's own ---------------------------------------------------------------------------


@pytest.mark.one_python
def test_an_index_that_is_not_valid_is_made_anew(
    server: Server,
    server_library: ServerLibrary,
    model: ModelInfo,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("store.sql.dialect.nearby.FEW", 2)
    with server_library.writing() as writer:
        assert writer.save_index(model)
    broken = "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE NOT indisvalid"
    for name in (f"nearby_{model.id}", "photo_content"):
        damaging(
            server,
            server_library,
            f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{name}'::regclass",
        )
        assert rows(server, server_library, broken) == [(name,)]
        findings = examine(server_library, config)
        assert (
            f"Mended: the server's index {name} was not sound, and was made anew." in findings.said
        )
        assert not findings.problems and rows(server, server_library, broken) == []


@pytest.mark.one_python
def test_an_index_that_misses_photos_is_made_anew(
    server: Server, server_library: ServerLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As old versions of pgvector may leave one: some rows never got into it."""
    monkeypatch.setattr("store.sql.dialect.nearby.FEW", 100)
    vectors = unit(2_000, 32)
    name = "'nearby_1'::regclass"
    with server_library.writing() as writer:
        model = writer.add_model("random", "1", 32)
        root = writer.add_root(Path("/crowd"), (), replace=False).id
        run = writer.begin_run()
        writer.record(records(root, 0, vectors[:1_500]), model, run)
        assert model.id == 1 and writer.save_index(model) == "built on the server"
        assert writer.save_index(model, thorough=True) is None
        ready = "UPDATE pg_index SET indisready = {} WHERE indexrelid = " + name
        damaging(server, server_library, ready.format("false"))
        writer.record(records(root, 1_500, vectors[1_500:]), model, run)
        damaging(server, server_library, ready.format("true"))
        assert writer.save_index(model) is None
        done = writer.save_index(model, thorough=True)
        assert done == "rebuilt (it did not find all photos)"
        assert writer.save_index(model, thorough=True) is None


def test_who_does_not_own_the_tables_is_told_of_what_stays(
    server: Server, server_library: ServerLibrary, model: ModelInfo, run: Run
) -> None:
    url = server_library.address.url
    server.run(
        "CREATE ROLE helper LOGIN",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO helper",
        url=url,
    )
    damaging(
        server,
        server_library,
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'photo_content'::regclass",
    )
    done = run("doctor", "--library", url.replace("postgres@", "helper@"))
    assert done.code == 1
    assert "Still: the server: its index photo_content is not valid." in done.out
    assert "restore a pg_dump" in done.err and len(done.err.splitlines()) == 1
