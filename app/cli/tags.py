"""clipsearch tag, favourite, hide, concept"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import (
    FAILED,
    WRONG_USE,
    DeviceOption,
    EngineOption,
    LibraryOption,
    complain,
    configure,
    open_library,
    open_searcher,
    show,
)
from app.config import Config
from app.query.values import is_text
from app.text import absolute, plural
from store.errors import RootNotFound
from store.filters import FAVOURITE
from store.library import Library
from store.online import is_file
from store.values import Example

PathsArgument = Annotated[list[Path], typer.Argument(help="Photos, or folders of them.")]


class Action(StrEnum):
    ADD = "add"
    REMOVE = "remove"


def tag(
    action: Annotated[Action, typer.Argument(help="add or remove")],
    name: Annotated[str, typer.Argument(help="The tag: any words; case makes no difference.")],
    photos: PathsArgument,
    write_sidecar: Annotated[
        bool,
        typer.Option(
            "--write-sidecar",
            help="Also write it, as a keyword, into .xmp files beside the photos.",
        ),
    ] = False,
    library: LibraryOption = None,
) -> None:
    """Give photos a tag, or take it away; tag:NAME finds them, wherever they are moved.

    Example: clipsearch tag add family ~/Pictures/2019/Easter
    """
    cleaned = " ".join(name.split())
    if not cleaned:
        raise typer.BadParameter("a tag has at least one letter", param_hint="NAME")
    require_text(cleaned)
    add = action is Action.ADD
    _mark(photos, cleaned, add, library, f"the tag {cleaned.lower()}")
    if write_sidecar:
        _write_sidecars(photos, cleaned, add, library)


def favourite(
    photos: PathsArgument,
    remove: Annotated[bool, typer.Option("--remove", help="Take the mark away.")] = False,
    library: LibraryOption = None,
) -> None:
    """Mark photos as favourites; is:favourite finds them, wherever they are moved.

    Example: clipsearch favourite ~/Pictures/sofa.jpg
    """
    _mark(photos, FAVOURITE, not remove, library, "the mark of a favourite")


def hide(
    photos: PathsArgument,
    undo: Annotated[bool, typer.Option("--undo", help="Show them again.")] = False,
    library: LibraryOption = None,
) -> None:
    """Hide photos: from then on they are found only by is:hidden, wherever they are moved.

    They lose nothing else: tags, albums and what was read of them stay, and so do the files.

    Examples:

    clipsearch hide ~/Pictures/Screenshots

    clipsearch search is:hidden

    clipsearch hide --undo ~/Pictures/Screenshots/ticket.png
    """
    opened = open_library(configure(library))
    ids = contents_at(opened, photos)
    user_data = opened.user_data
    changed = user_data.show_again(ids) if undo else user_data.hide(ids)
    if changed:
        typer.echo(f"{plural(changed, 'picture')} {'shown again' if undo else 'hidden'}.")
    else:
        complain(f"Nothing to do: {'none' if undo else 'all'} {'is' if undo else 'are'} hidden.")


class ConceptAction(StrEnum):
    ADD = "add"
    LIST = "list"
    SHOW = "show"
    REMOVE = "remove"


def concept(
    action: Annotated[ConceptAction, typer.Argument(help="add, list, show or remove")],
    name: Annotated[str | None, typer.Argument(help="The concept.", show_default=False)] = None,
    photos: Annotated[
        list[Path] | None, typer.Argument(help="Pictures of it, any files.", show_default=False)
    ] = None,
    without: Annotated[
        list[Path] | None,
        typer.Option("--not", help="A picture of what it is not. Repeatable.", show_default=False),
    ] = None,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Teach the library a person or thing by a few pictures; then search for concept:NAME.

    Examples:

    clipsearch concept add avi a.jpg b.jpg c.jpg --not other-dog.jpg

    clipsearch search "concept:avi in the snow"

    clipsearch concept list
    """
    if action is not ConceptAction.ADD and (photos or without):
        raise typer.BadParameter(
            "only add takes pictures; remove forgets all of the concept",
            param_hint="PHOTOS" if photos else "--not",
        )
    if action is ConceptAction.LIST and name is not None:
        raise typer.BadParameter("list takes none", param_hint="NAME")
    config = configure(library, device, engine)
    if action is ConceptAction.LIST:
        for known in open_library(config).user_data.concepts():
            typer.echo(show(known))
        return
    if name is None or not re.fullmatch(r"[^\s\"\u201c\u201e]+", name):
        raise typer.BadParameter("a name without spaces or quotes", param_hint="NAME")
    require_text(name)
    if action is ConceptAction.ADD:
        _add_examples(config, name, photos or [], without or [])
        return
    opened = open_library(config)
    examples = opened.user_data.examples(name)
    if not examples:
        complain(f"There is no concept {name}.")
        raise typer.Exit(WRONG_USE)
    if action is ConceptAction.SHOW:
        for example in examples:
            typer.echo(f"{'not ' if example.negative else ''}{show(example.path)}")
        return
    opened.user_data.remove_concept(name)
    typer.echo(show(f"The concept {name.lower()} is forgotten; the pictures stay."))


def require_text(name: str) -> None:
    if not is_text(name):
        raise typer.BadParameter("a name that is valid UTF-8", param_hint="NAME")


def _add_examples(config: Config, name: str, photos: list[Path], without: list[Path]) -> None:
    if not photos and not without:
        raise typer.BadParameter("at least one picture", param_hint="PHOTOS")
    searcher = open_searcher(config)
    opened = searcher.library
    examples = []
    for path, negative in [*((p, False) for p in photos), *((p, True) for p in without)]:
        place = absolute(path)
        vector = searcher.encode_file(place, show(place))
        known = opened.contents_at(place) if is_file(place) else []
        content = known[0] if len(known) == 1 else None
        examples.append(Example(str(place), negative, content, searcher.model.id, vector))
    if not photos and not opened.user_data.examples(name):
        raise typer.BadParameter("at least one picture of what it is", param_hint="PHOTOS")
    opened.user_data.add_examples(name, examples)
    count = plural(len(opened.user_data.examples(name)), "example")
    typer.echo(show(f"The concept {name.lower()} has {count} now: concept:{name.lower()}"))


def _write_sidecars(paths: list[Path], name: str, add: bool, folder: str | None) -> None:
    from app.sidecars import write_keyword

    opened = open_library(configure(folder))
    places = [absolute(path) for path in paths]
    written = list(write_keyword(opened, places, name, add=add))
    changed = sum(one.changed for one in written)
    typer.echo(f"{plural(changed, 'sidecar')} written.")
    problems = [one for one in written if one.problem]
    for one in problems:
        complain(show(f"{one.path} stays as it is: {one.problem}."))
    if problems:
        complain("In the library, all of them have what was asked for.")
        raise typer.Exit(FAILED)


def contents_at(opened: Library, paths: list[Path]) -> list[int]:
    """The contents at or below ``paths``, each once, in their order.

    Raises:
        RootNotFound: the library knows no photo at one of them.
    """
    ids: list[int] = []
    for path in paths:
        contents = opened.contents_at(absolute(path))
        if not contents:
            raise RootNotFound(f"The library knows no photo at {absolute(path)}.")
        ids += contents
    return list(dict.fromkeys(ids))


def _mark(paths: list[Path], tag: str, add: bool, folder: str | None, what: str) -> None:
    opened = open_library(configure(folder))
    ids = contents_at(opened, paths)
    user_data = opened.user_data
    changed = user_data.add_tag(ids, tag) if add else user_data.remove_tag(ids, tag)
    if changed:
        verb = "has" if changed == 1 else "have"
        said = f"{verb} {what} now" if add else f"{verb} lost {what}"
        typer.echo(show(f"{plural(changed, 'picture')} {said}."))
    else:
        complain(f"Nothing to do: {'all have' if add else 'none has'} {what}.")
