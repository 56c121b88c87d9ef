"""clipsearch album"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import LibraryOption, complain, configure, open_library, show
from app.cli.tags import contents_at, require_text
from app.query.editing import filter_text
from app.text import plural
from store.errors import RootNotFound
from store.library import Library


class AlbumAction(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    LIST = "list"
    SHOW = "show"
    RENAME = "rename"
    DELETE = "delete"


def album(
    action: Annotated[
        AlbumAction, typer.Argument(help="add, remove, list, show, rename or delete")
    ],
    name: Annotated[
        str | None,
        typer.Argument(help="The album: any words; case makes no difference.", show_default=False),
    ] = None,
    photos: Annotated[
        list[Path] | None, typer.Argument(help="Photos, or folders of them.", show_default=False)
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="With rename: its new name.", show_default=False)
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Put photos together under a name, in an order; album:NAME finds them.

    They stay where they are on disk, and in the album wherever they are moved. An album is there as
    long as it has photos.

    Examples:

    clipsearch album add "Summer 2019" ~/Pictures/2019/Beach

    clipsearch album rename "Summer 2019" --to Sicily

    clipsearch search "dog album:Sicily"
    """
    _refuse_unused(action, name, photos, to)
    opened = open_library(configure(library))
    if action is AlbumAction.LIST:
        for one in opened.user_data.albums():
            typer.echo(f"{show(one.name)}  {plural(one.count, 'photo')}")
        return
    cleaned = _cleaned(name, "NAME")
    match action:
        case AlbumAction.ADD:
            _add(opened, cleaned, photos or [])
        case AlbumAction.REMOVE:
            removed = opened.user_data.remove_from_album(
                cleaned, contents_at(opened, _some(photos))
            )
            _say_taken(cleaned, removed)
        case AlbumAction.SHOW:
            _show(opened, cleaned)
        case AlbumAction.RENAME:
            new = _cleaned(to, "--to")
            opened.user_data.rename_album(cleaned, new)
            typer.echo(show(f"The album {cleaned} is called {new} now."))
        case AlbumAction.DELETE:
            opened.user_data.remove_album(cleaned)
            typer.echo(show(f"There is no album {cleaned} any more; the photos stay."))


def _refuse_unused(
    action: AlbumAction, name: str | None, photos: list[Path] | None, to: str | None
) -> None:
    """Refuse what ``action`` would not look at: of "delete", it may be all that was to go."""
    if name is not None and action is AlbumAction.LIST:
        raise typer.BadParameter("list takes none", param_hint="NAME")
    if photos and action not in (AlbumAction.ADD, AlbumAction.REMOVE):
        hint = "; to take some out: album remove" if action is AlbumAction.DELETE else ""
        raise typer.BadParameter(f"{action} takes none{hint}", param_hint="PHOTOS")
    if to is not None and action is not AlbumAction.RENAME:
        raise typer.BadParameter("only rename takes it", param_hint="--to")


def _cleaned(name: str | None, hint: str) -> str:
    cleaned = " ".join((name or "").split())
    if not cleaned or not cleaned.isprintable():
        raise typer.BadParameter("a name with at least one letter", param_hint=hint)
    require_text(cleaned)
    return cleaned


def _some(photos: list[Path] | None) -> list[Path]:
    if not photos:
        raise typer.BadParameter("at least one photo", param_hint="PHOTOS")
    return photos


def _add(opened: Library, name: str, photos: list[Path]) -> None:
    added = opened.user_data.add_to_album(name, contents_at(opened, _some(photos)))
    if not added:
        complain(f"Nothing to do: all are in the album {name}.")
        return
    count = len(opened.user_data.album(name))
    typer.echo(
        show(f"The album {name} has {plural(count, 'photo')} now: {filter_text('album', [name])}")
    )


def _say_taken(name: str, removed: int) -> None:
    if removed:
        typer.echo(show(f"{plural(removed, 'photo')} taken out of the album {name}."))
    else:
        complain(f"Nothing to do: none is in the album {name}.")


def _show(opened: Library, name: str) -> None:
    ids = opened.user_data.album(name)
    if not ids:
        raise RootNotFound(f"There is no album {name}.")
    photos = opened.photos_of(ids)
    for id in ids:
        if id in photos:
            typer.echo(show(str(photos[id][0].path)))
