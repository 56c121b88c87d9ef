"""clipsearch copy"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import STOPPED, JsonOption, complain, configure, note, print_json, show
from app.text import counted, plural

if TYPE_CHECKING:
    from store.copying.copies import Copied
    from store.sql.copying.meter import Report

_EVERY_S = 0.2  # between two reports of progress
_DOING = {
    "compare": "Comparing",
    "copy": "Copying",
    "verify": "Verifying",
    "index": "Making the index",
}


def copy(
    origin: Annotated[
        str,
        typer.Argument(
            metavar="FROM", help="The library: its folder, or postgresql://USER@HOST/DATABASE."
        ),
    ],
    target: Annotated[
        str,
        typer.Argument(
            metavar="TO",
            help="Where the copy goes: a folder or database without a library, or with an earlier "
            "copy of this one.",
        ),
    ],
    json: JsonOption = False,
) -> None:
    """Copy a whole library to another folder or server, or bring such a copy up to date; verified.

    The library may be in use, and photos may be indexed: the copy is of one moment. Every row is
    compared in the end, and every vector read. A copy that was stopped or killed goes on when the
    same command is given again, and is no library until then. An earlier copy stays as it was until
    all that changed since has been verified, and is refused if it was changed itself.

    Examples:

    clipsearch copy ~/photo-library postgresql://anna@photos.example/photos

    clipsearch copy postgresql://anna@photos.example/photos /media/disk/backup
    """
    from app import copying

    for place, name in ((origin, "FROM"), (target, "TO")):
        if not place:
            raise typer.BadParameter("it is empty", param_hint=name)
    began = time.monotonic()
    settings = configure(origin), configure(target)
    names = [show(one.server or one.library) for one in settings]
    try:
        with _reporting() if json else _bar() as report:
            copied = copying.copy(*settings, report)
    except KeyboardInterrupt:
        complain(
            "Stopped. Give the same command again: a new copy goes on where it was; an earlier one "
            "is as it was."
        )
        raise typer.Exit(STOPPED) from None
    if json:
        print_json(
            {
                "event": "finished",
                "first": copied.first,
                "files": copied.counts["photo"],
                "vectors": copied.counts["embedding"] - copied.damaged,
                "tags": copied.counts["tag"],
                "added": copied.added,
                "changed": copied.changed,
                "removed": copied.removed,
                "damaged": copied.damaged,
                "seconds": round(time.monotonic() - began, 1),
            }
        )
    else:
        typer.echo(_said(copied, names, time.monotonic() - began))
    if copied.damaged:
        note(
            f"{plural(copied.damaged, 'vector')} of {names[0]} are damaged and were left out. "
            "Mend them there with: clipsearch doctor; or have the photos read again where the copy "
            "is: clipsearch index"
        )


def _said(copied: Copied, names: list[str], seconds: float) -> str:
    origin, target = names
    files, vectors, tags = (copied.counts[name] for name in ("photo", "embedding", "tag"))
    vectors -= copied.damaged
    what = f"{plural(files, 'file')}, {plural(vectors, 'vector')} and {plural(tags, 'tag')}"
    if copied.first:
        return f"Copied {what} from {origin} to {target}, and verified them ({seconds:.1f} s)."
    changes = counted(
        [(copied.added, "added"), (copied.changed, "changed"), (copied.removed, "removed")]
    )
    rows = f"rows: {changes}" if changes else "nothing had changed"
    return f"The copy at {target} is up to date ({rows}), with {what}; verified ({seconds:.1f} s)."


@contextmanager
def _reporting() -> Iterator[Report]:
    """Lines of JSON."""
    reported = 0.0

    def report(doing: str, done: int, total: int) -> None:
        nonlocal reported
        if time.monotonic() - reported > _EVERY_S or done == total:
            reported = time.monotonic()
            print_json({"event": "progress", "doing": doing, "done": done, "total": total})

    yield report


@contextmanager
def _bar() -> Iterator[Report]:
    """A bar on a terminal; nothing elsewhere."""
    from app.cli.bars import Bar

    with Bar("") as bar:

        def report(doing: str, done: int, total: int) -> None:
            bar.update(description=_DOING[doing], completed=done, total=total)

        yield report
