"""clipsearch cache"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from app.caches import Kind, clean, kinds
from app.cli.common import JsonOption, LibraryOption, configure, megabytes, note, print_json, show


class CacheAction(StrEnum):
    SHOW = "show"
    CLEAN = "clean"


def cache(
    action: Annotated[CacheAction, typer.Argument(help="show or clean")] = CacheAction.SHOW,
    json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Show what is kept only to be faster, and how large it is; clean removes what it can.

    What is cleaned is made again when it is needed: the next search takes that much longer. The
    rest is made again by clipsearch index, from the photos. Of a model whose weights are nowhere
    else, the converted form is kept as long as the library needs it.

    Examples:

    clipsearch cache

    clipsearch cache clean
    """
    config = configure(library)
    if action is CacheAction.SHOW:
        for kind in kinds(config):
            if json:
                print_json(_as_json(kind))
            else:
                word = "cleaned" if kind.removable else "stays"
                line = f"{megabytes(kind.size):>12}  {word:<7}  {kind.title:<28}  "
                typer.echo(f"{line}{show(kind.folder)}")
        return
    done = clean(config)
    left = [{"path": str(path), "reason": reason} for path, reason in done.left]
    if json:
        print_json({"removed": done.size, "left": left})
        return
    typer.echo(f"Removed {megabytes(done.size)}.")
    for one in left:
        note(f"Left: {one['path']}: {one['reason']}.")


def _as_json(kind: Kind) -> dict[str, object]:
    return {
        "kind": kind.name,
        "path": str(kind.folder),
        "bytes": kind.size,
        "cleaned": kind.removable,
    }
