"""clipsearch search"""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.common import (
    DeviceOption,
    EngineOption,
    JsonOption,
    LibraryOption,
    complain,
    configure,
    note,
    print_json,
    print_paths,
    show,
)


def search(
    text: Annotated[str, typer.Argument(help='What the photo shows: "a dog on a beach".')],
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many photos.")] = 10,
    json: JsonOption = False,
    paths: Annotated[bool, typer.Option("--paths", help="Bare paths, for pipes.")] = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Find the photos that look most like a description.

    Scores rank the photos of one query; they mean nothing across queries.

    Example: clipsearch search "two people on skis" -n 5
    """
    from app.query_parser import parse_query
    from app.services import open_searcher

    query = parse_query(text)
    searcher = open_searcher(configure(library, device, engine))
    results = searcher.search(query, number)
    if results.cut:
        note("The query is longer than the model reads: only its beginning counts.")
    if not results.hits:
        complain("The library holds no searchable photo yet. Add some: clipsearch index FOLDER")
        return
    if paths:
        print_paths(hit.path for hit in results.hits)
        return
    for hit in results.hits:
        if json:
            print_json(
                {
                    "path": str(hit.path),
                    "score": round(hit.score, 6),
                    "taken_at": hit.taken_at.isoformat(),
                    "width": hit.width,
                    "height": hit.height,
                    "offline": hit.offline,
                    "copies": [str(path) for path in hit.copies],
                }
            )
        else:
            extra = "  (offline)" if hit.offline else ""
            if hit.copies:
                extra += f"  (+{len(hit.copies)} the same)"
            typer.echo(f"{hit.score:.3f}  {hit.taken_at:%Y-%m-%d}  {show(hit.path)}{extra}")
