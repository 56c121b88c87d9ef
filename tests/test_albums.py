"""Albums: photos under a name, in an order, by the command and through the library's door."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Index, Run, draw
from store.errors import RootNotFound
from store.library import Library
from store.values import AlbumInfo


@pytest.fixture
def ids(library: Library, index: Index, photos: Path) -> list[int]:
    """The five contents, in order of their names."""
    index(photos)
    return [library.contents_at(path)[0] for path in sorted(photos.rglob("*.png"))]


def test_an_album_has_an_order(library: Library, ids: list[int]) -> None:
    user = library.user_data
    one, two, three, four, five = ids
    assert user.add_to_album("Summer", [three, one]) == 2
    assert user.add_to_album("SUMMER", [one, two, two, 999]) == 1
    assert user.album("summer") == [three, one, two]
    assert user.albums() == [AlbumInfo("Summer", 3, three)]
    user.add_to_album("Summer", [four, five])
    assert user.move_in_album("summer", [two, five], three) == 2
    assert user.album("summer") == [two, five, three, one, four]
    assert user.move_in_album("summer", [two, five], two) == 2  # where they are
    assert user.album("summer") == [two, five, three, one, four]
    assert user.move_in_album("summer", [five, two], None) == 2
    assert user.album("summer") == [three, one, four, five, two]
    assert user.move_in_album("summer", [999], three) == 0
    assert user.remove_from_album("Summer", [four, 999]) == 1
    assert user.add_to_album("Summer", [four]) == 1
    assert user.album("summer") == [three, one, five, two, four]


def test_its_name_is_as_it_was_first_written(library: Library, ids: list[int]) -> None:
    user = library.user_data
    user.add_to_album("Größe", ids[:2])
    user.add_to_album("GRÖSSE", ids[1:3])
    assert user.albums() == [AlbumInfo("Größe", 3, ids[0])]
    user.rename_album("größe", "GRÖßE")
    assert [album.name for album in user.albums()] == ["GRÖßE"]
    user.add_to_album("Other", [ids[3], ids[0]])
    user.rename_album("Other", "grösse")  # into the one of that name
    assert user.albums() == [AlbumInfo("GRÖßE", 4, ids[0])]
    assert user.album("größe") == [*ids[:3], ids[3]]
    assert user.albums_of(ids[3]) == ["GRÖßE"]
    with pytest.raises(RootNotFound, match="no album Other"):
        user.rename_album("Other", "x")
    assert user.remove_album("GRÖSSE") == 4
    assert user.albums() == [] and user.album("größe") == []
    with pytest.raises(RootNotFound, match="no album Größe"):
        user.remove_album("Größe")


def test_it_waits_for_pictures_that_are_not_there(
    library: Library, index: Index, photos: Path, ids: list[int]
) -> None:
    library.user_data.add_to_album("All", ids)
    first = sorted(photos.rglob("*.png"))[0]
    first.rename(photos.parent / "away.png")
    index()
    with library.writing() as writer:
        writer.prune()
    assert library.user_data.albums() == [AlbumInfo("All", 4, ids[1])]
    assert len(library.user_data.album_digests("all")) == 5
    (photos.parent / "away.png").rename(photos / "back.png")
    index()
    assert library.user_data.album("all") == [*library.contents_at(photos / "back.png"), *ids[1:]]


def test_the_command(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    red, blue = photos / "red.png", photos / "blue.png"
    assert run("album", "add", "  My  trip ", blue, red).lines == [
        'The album My trip has 2 photos now: album:"My trip"'
    ]
    assert run("album", "add", "MY TRIP", photos).lines == [
        'The album MY TRIP has 5 photos now: album:"MY TRIP"'
    ]
    assert run("album", "list").lines == ["My trip  5 photos"]
    assert run("album", "show", "my trip").lines[:2] == [str(blue), str(red)]
    assert run("album", "remove", "my trip", photos / "sub").lines == [
        "2 photos taken out of the album my trip."
    ]
    assert sorted(run("search", 'album:"my trip" -in:sub', "--paths").lines) == sorted(
        run("album", "show", "my trip").lines
    )
    assert run("search", "red -album:trip", "--paths").lines[0] == str(red)
    again = run("album", "add", "my trip", red)
    assert (again.code, again.out) == (0, "") and "all are in the album my trip" in again.err
    assert run("album", "rename", "my trip", "--to", "Rome").code == 0
    assert run("album", "list").lines == ["Rome  3 photos"]
    assert run("album", "delete", "rome").code == 0
    assert run("album", "list").lines == []
    other = draw(tmp_path / "other.png", "blue", (9, 9))
    for wrong in (
        ("add", "rome"),
        ("add", "rome", other),
        ("add", " ", red),
        ("add", "a\tb\x07", red),
        ("remove", "rome"),
        ("rename", "rome"),
        ("rename", "rome", "--to", "x"),
        ("show", "rome"),
        ("delete", "rome"),
        ("delete",),
    ):
        assert run("album", *wrong).code == 2, wrong


def test_what_an_action_would_not_look_at_is_refused(run: Run, photos: Path) -> None:
    run("index", photos)
    red, blue = photos / "red.png", photos / "blue.png"
    run("album", "add", "Rome", red, blue)
    for wrong in (
        ("delete", "rome", red),  # "remove" was meant
        ("show", "rome", red),
        ("rename", "rome", red, "--to", "x"),
        ("list", "rome"),
        ("delete", "rome", "--to", "x"),
        ("add", "rome", red, "--to", "x"),
    ):
        assert run("album", *wrong).code == 2, wrong
    assert "album remove" in run("album", "delete", "rome", red).err
    assert run("album", "list").lines == ["Rome  2 photos"]
