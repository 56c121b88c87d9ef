"""The index of titles and descriptions has the words that Python reads in them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_upgrades import server_structure

from servers import Server
from store.library import DATABASE, Library
from store.metadata import Metadata
from store.server_library import ServerLibrary
from store.sql import names
from store.sql.database import immediate, reading
from store.sql.dialect import content_words
from store.sql.mending import mend_rows
from store.states import State
from store.values import ContentFacts, FileRecord, Picture
from store.words import forms_of, words_of

_LINES = """Été à Møn
Ete\u0301 a\u0300 Mon
ÅNGSTRÖM İstanbul ıskarta
¡ñandú! ¿señor?
Donaudampfschifffahrtsgesellschaft
Straßenfest in Großgörschen
STRASSENFEST
Grandma's birthday
l\u2019\u00e9t\u00e9 d'Aix
rock \u2018n\u2019 roll at O'Neill's pub
IMG_1234
GoldenRetriever2019 iPhone7s ABCDef 007
24-12-2019 18:30
3½ x² 4⁄5 Ⅳ ㎏ ™
海滩日落
海滩 sunset 東京タワー2019
ひらがな ﾊﾝｶｸ
서울 한강
ภาษาไทย မြန်မာ
ΟΔΟΣ οδός
ДЯДЯ Ёлка ԵՐԵՎԱՆ
السلام عليكم
שלום עולם
हिन्दी में
ﬁne ligature ＦＵＬＬ　ｗｉｄｔｈ
\N{DOG FACE}dog\N{DOG FACE}
\N{DOG FACE}
a\u200bb\u00adc\u00a0d
---
AND OR NOT
a "quoted" word
NEAR(a b) title : x a*
dog
Dogs
dog dog
the dog the"""  # noqa: RUF001
_LONG = ("x" * 499, "x" * 500, "x" * 501, "é" * 2_000, "long " * 400, "Ab1" * 600, "\u0644" * 1_999)
TEXTS = [*_LINES.splitlines(), *_LONG]


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest) -> Library:
    name = "library" if request.param == "folder" else "server_library"
    made: Library = request.getfixturevalue(name)
    return made


def add(library: Library, told: Mapping[str, Metadata]) -> list[int]:
    """Write a picture for each key, which says that. Returns their ids, in order."""
    with library.writing() as writer:
        model = writer.add_model("m", "1", 2)
        root = writer.add_root(Path("/photos"), (), replace=False).id
        vector = np.array([1, 0], np.float32)
        records = []
        for number, (name, said) in enumerate(told.items()):
            facts = ContentFacts(1, 1, "JPEG", told=said)
            picture = Picture(number.to_bytes(32, "big"), facts, vector)
            records.append(FileRecord(root, "", f"zzz{name}", 1, 1, State.INDEXED, picture=picture))
        writer.record(records, model, 1)
    return sorted(library.matching(model, None).tolist())


def as_python_reads(library: Library) -> dict[str, Any]:
    """By field, each word of what the rows say, and the contents that have it."""
    words: dict[str, dict[str, set[int]]] = {
        field: defaultdict(set) for field in ("title", "description", "whole")
    }
    with reading(library._engine) as connection:
        rows = connection.exec_driver_sql("SELECT id, title, description FROM content").all()
    for id, title, description in rows:
        for field, text in (("title", title), ("description", description)):
            for word in words_of(text or ""):
                words[field][word].add(id)
        if whole := "".join(words_of(title or "")):
            words["whole"][whole].add(id)
    return {field: {word: sorted(ids) for word, ids in by.items()} for field, by in words.items()}


def as_looked_up(library: Library, like: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The same of the words in ``like``, by the index."""
    looked_up: dict[str, Any] = {"title": {}, "description": {}, "whole": {}}
    every = sorted({word for by_word in like.values() for word in by_word})
    for start in range(0, len(every), 50):
        part = every[start : start + 50]
        named = library.named([[word] for word in part], [], 10_000)
        for word, one in zip(part, named.words, strict=True):
            assert not one.frequent
            for field in ("title", "description"):
                if ids := getattr(one, field).tolist():
                    looked_up[field][word] = ids
    for word in every:
        if ids := library.named([], [word], 10_000).whole.tolist():
            looked_up["whole"][word] = ids
    return looked_up


def test_each_word_of_any_text(place: Library) -> None:
    """Every text as a title beside another one as description; and some that say one or nothing."""
    others = TEXTS[7:] + TEXTS[:7]
    told = {
        f"{number}": Metadata(title=title, description=description)
        for number, (title, description) in enumerate(zip(TEXTS, others, strict=True))
    }
    told |= {"no title": Metadata(description="dog"), "a title": Metadata(title="dog")}
    add(place, told | {"nothing": Metadata()})
    expected = as_python_reads(place)
    assert len(expected["title"]) > 100 and len(expected["whole"]) > 35
    assert as_looked_up(place, expected) == expected
    for forms in (forms_of("dog"), ("été", "ete"), ("and",)):
        (one,) = place.named([forms], [], 100).words
        for field in ("title", "description"):
            having = [expected[field].get(form, []) for form in forms]
            assert getattr(one, field).tolist() == sorted({id for ids in having for id in ids})


def test_a_query_of_very_many_words(place: Library) -> None:
    """More than SQLite takes as parts of one statement."""
    (id,) = add(place, {"a": Metadata(title=" ".join(f"w{n}" for n in range(600)))})
    one_each = [[f"{n}"] for n in range(600)]
    for limit in (9, 0):  # each word by itself; all of them among what is nearest
        named = place.named(one_each, ["w0"], limit, lambda: np.array([id]))
        assert [one.title.tolist() for one in named.words] == [[id]] * 600


def test_changes_and_removals(place: Library) -> None:
    ids = add(place, {name: Metadata(title=f"old {name}", description="seen") for name in "abc"})
    with place.writing() as writer:
        writer.set_embedded({ids[0]: Metadata(title="new a"), ids[1]: Metadata()})
    expected = as_python_reads(place)
    assert expected["title"] == {"new": [ids[0]], "a": [ids[0]], "old": [ids[2]], "c": [ids[2]]}
    asked = expected | {"whole": expected["whole"] | {"olda": [], "oldb": []}}
    assert as_looked_up(place, asked) == expected
    with place.writing() as writer:
        writer.set_embedded({ids[1]: Metadata(description="said again")})
    assert place.named([["again"]], [], 9).words[0].description.tolist() == [ids[1]]
    with place.writing() as writer:
        writer.forget(Path("/photos"))
    assert place.named([["seen"], ["again"]], ["newa"], 9).whole.tolist() == []
    assert not any(len(one.every) for one in place.named([["seen"], ["new"]], [], 9).words)


def test_a_word_that_very_many_have(place: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts for photos that a rarer word has, else for the nearest; as a whole title, not."""
    told = {f"{n}": Metadata(title="Sea", description="sea " * (n % 2)) for n in range(5)}
    told["5"] = Metadata(title="Seas and a harbour")
    ids = add(place, told)
    sea, harbour = place.named([forms_of("sea"), ["harbour"]], ["sea"], 4).words
    assert sea.frequent and sea.title.tolist() == harbour.title.tolist() == ids[5:]
    assert place.named([forms_of("sea")], ["sea"], 4).whole.tolist() == []
    assert place.named([forms_of("sea")], ["sea"], 5).whole.tolist() == ids[:5]
    assert not place.named([["sea"]], [], 5).words[0].frequent
    monkeypatch.setattr(names, "MANY", 1)
    nearest = np.array([ids[4], ids[1], ids[5]])
    (alone,) = place.named([forms_of("sea")], [], 4, lambda: nearest).words
    assert alone.title.tolist() == sorted(nearest.tolist())
    assert alone.description.tolist() == [ids[1]]
    assert len(place.named([["sea"]], [], 4).words[0].every) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM content_words WHERE rowid = 2",
        "UPDATE content_words SET title = 'sky' WHERE rowid = 2",
        "UPDATE content_words SET description = 'sky' WHERE rowid = 2",
        "INSERT INTO content_words (rowid, title, whole, description) VALUES (3, '', '', '')",
        "INSERT INTO content_words (rowid, title, whole, description) VALUES (99, 'a', 'a', '')",
        "DELETE FROM content_words_data WHERE id > 10",  # what FTS5 itself needs
    ],
)
def test_doctor_mends_it(library: Library, statement: str) -> None:
    told = {"a": Metadata(title="red"), "b": Metadata(title="Green", description="wood")}
    add(library, told | {"c": Metadata()})
    model = library.model()
    if model is None:
        with library.writing() as writer:
            (model,) = library.models()
            writer.switch_model(model)
    index = library.index(model).index
    assert library.check(model, index) == []
    with closing(sqlite3.connect(library.folder / DATABASE)) as database, database:
        database.execute(statement)
    assert library.check(model, index) != []
    with immediate(library._engine) as connection:
        mended = mend_rows(connection)
    assert "the index of titles did not fit its rows, and was made anew" in mended
    assert len(library.named([["green"], ["wood"]], [], 9).words[1].description) == 1
    with immediate(library._engine) as connection:
        assert mend_rows(connection) == []
        assert content_words.different(connection) == 0


def test_a_server_of_the_last_format_gets_it(
    server: Server, server_library: ServerLibrary, tmp_path: Path
) -> None:
    told = {"a": Metadata(title="Plage d'Été"), "b": Metadata(description="GoldenGate77")}
    (a, b) = add(server_library, told)
    url = server_library.address.url

    def functions() -> list[tuple[Any, ...]]:
        query = (
            "SELECT proname, prosrc, provolatile FROM pg_proc WHERE proname = 'words_of_content'"
        )
        return server.run(query, url=url)

    new, made = server_structure(server, url), functions()
    server.run(
        "ALTER TABLE content DROP COLUMN words",
        "DROP FUNCTION words_of_content",
        "CREATE INDEX content_said ON content (id) "
        "WHERE title IS NOT NULL OR description IS NOT NULL",
        "UPDATE setting SET value = '6' WHERE key = 'format'",
        url=url,
    )
    assert server_structure(server, url) != new
    with ServerLibrary.at(server_library.address, tmp_path / "other") as opened:
        assert opened.named([["ete"], ["77"]], ["plagedete"], 9).whole.tolist() == [a]
        assert [one.every.tolist() for one in opened.named([["ete"], ["77"]], [], 9).words] == [
            [a],
            [b],
        ]
    assert server_structure(server, url) == new
    # Not word by word: the revision has a copy of it.
    assert [[" ".join(str(v).split()) for v in row] for row in functions()] == [
        [" ".join(str(v).split()) for v in row] for row in made
    ]
