"""clipsearch search, similar"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import (
    NOTHING_FOUND,
    DeviceOption,
    EngineOption,
    JsonOption,
    LibraryOption,
    complain,
    configure,
    note,
    plural,
    print_json,
    print_paths,
    show,
    to_search,
)
from app.paths import absolute
from app.results import Hit, Sort
from store.atomic import write_whole

LimitOption = Annotated[int, typer.Option("-n", "--limit", min=1, help="How many photos.")]
PathsOption = Annotated[bool, typer.Option("--paths", help="Bare paths, for pipes.")]
NulOption = Annotated[
    bool, typer.Option("-0", "--null", help="Bare paths with a NUL behind each, for xargs -0.")
]
PreviewOption = Annotated[
    bool, typer.Option("--preview", help="Show the pictures, where the terminal can.")
]
OpenOption = Annotated[
    bool, typer.Option("--open", help="Show one in the system's viewer, many on a page.")
]
ExportOption = Annotated[
    Path | None,
    typer.Option("--export", help="Copy what is found into this folder, over no other file."),
]
LinkOption = Annotated[bool, typer.Option("--link", help="With --export: link, do not copy.")]


def search(
    query: Annotated[
        str,
        typer.Argument(
            help='Words, filters, "without": "a dog on a beach, 2019, no people in:Trips".',
            show_default=False,
        ),
    ],
    limit: LimitOption = 10,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Pass over the best ones.")] = 0,
    sort: Annotated[
        str, typer.Option("--sort", help="Order of what is found: score, date or name.")
    ] = "score",
    min_score: Annotated[
        float | None,
        typer.Option("--min-score", help="Leave out what scores less.", show_default=False),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every photo of a burst, not only the best one.")
    ] = False,
    json: JsonOption = False,
    paths: PathsOption = False,
    null: NulOption = False,
    preview: PreviewOption = False,
    open_found: OpenOption = False,
    export: ExportOption = None,
    link: LinkOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Find the photos that look most like a description, among those that meet the filters.

    Scores rank the photos of one query; they mean nothing across queries. Ends with 3 if nothing
    is found. A query that begins with "-" goes behind "--".

    Examples:

    clipsearch search "two people on skis" -n 5

    clipsearch search "sunset at the beach, 2019, not people"

    clipsearch search "2*beach + image:sofa.jpg -in:Work type:jpg" --paths

    clipsearch search "is:favourite year:2018..2020" --sort name --export ~/best
    """
    from app.query_parser import parse_query

    parsed = parse_query(query)
    order = _sort(sort)
    searcher = to_search(configure(library, device, engine))
    results = searcher.search(
        parsed, limit, offset=offset, sort=order, min_score=min_score, bursts=not every
    )
    if len(parsed.terms) != 1 or parsed.reading:
        note(f"Searching for: {parsed}")
    if results.cut:
        note("The query is longer than the model reads: only its beginning counts.")
    if parsed.terms:
        _note_left_out(searcher.left_out())
    if not results.hits and not searcher.count():
        complain("The library holds no searchable photo yet. Add some: clipsearch index FOLDER")
        raise typer.Exit(NOTHING_FOUND)
    _hand_over(results.hits, str(parsed), json, paths, null, preview, open_found, export, link)


def similar(
    photo: Annotated[str, typer.Argument(help="Any picture, or the id of an indexed one.")],
    limit: LimitOption = 10,
    json: JsonOption = False,
    paths: PathsOption = False,
    null: NulOption = False,
    preview: PreviewOption = False,
    open_found: OpenOption = False,
    export: ExportOption = None,
    link: LinkOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Find the photos that look most like a picture.

    Example: clipsearch similar ~/Pictures/sofa.jpg -n 20
    """
    searcher = to_search(configure(library, device, engine))
    picture = int(photo) if photo.isdecimal() else Path(photo)
    results = searcher.similar(picture, limit, bursts=False)
    _hand_over(results.hits, f"Like {photo}", json, paths, null, preview, open_found, export, link)


def _note_left_out(count: int) -> None:
    if count:
        note(
            f"Without {plural(count, 'photo')} whose stored vectors are damaged. "
            "Mend them with: clipsearch doctor"
        )


def _sort(name: str) -> Sort:
    match name:
        case "score" | "date" | "name":
            return name
    raise typer.BadParameter("score, date or name", param_hint="--sort")


def _hand_over(
    hits: Sequence[Hit],
    title: str,
    json: bool,
    paths: bool,
    null: bool,
    preview: bool,
    open_found: bool,
    export: Path | None,
    link: bool,
) -> None:
    """Print, open and export what was found; exit as nothing found means."""
    if not hits:
        note("Nothing was found.")
        raise typer.Exit(NOTHING_FOUND)
    if export is not None:
        _export(hits, absolute(export), link)
    if open_found:
        _open(hits, title)
    if paths or null:
        print_paths((hit.path for hit in hits), end=b"\0" if null else b"\n")
    elif json:
        for hit in hits:
            print_json(_as_json(hit))
    elif export is None and not open_found:
        _print_lines(hits, preview)


def _print_lines(hits: Sequence[Hit], preview: bool) -> None:
    """One line a hit; a line between those that match and those that hardly do."""
    clear = [hit for hit in hits if hit.relevance != "weak"]
    weak = [hit for hit in hits if hit.relevance == "weak"]
    if not clear:
        note("Nothing here clearly matches; the nearest are:")
    for hit in clear:
        _print_hit(hit, preview)
    if clear and weak:
        typer.echo("-- weaker --")
    for hit in weak:
        _print_hit(hit, preview)


def _print_hit(hit: Hit, preview: bool) -> None:
    from app.cli import preview as terminal

    if preview and terminal.can_preview():
        terminal.preview(hit.path)
    typer.echo(_as_line(hit))


def _as_json(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.id,
        "path": str(hit.path),
        "score": round(hit.score, 6),
        "relevance": hit.relevance,
        "strength": None if hit.strength is None else round(hit.strength, 3),
        "taken_at": hit.taken_at.isoformat(),
        "width": hit.width,
        "height": hit.height,
        "place": hit.place,
        "offline": hit.offline,
        "copies": [str(path) for path in hit.copies],
        "burst": [str(path) for path in hit.burst],
        "tags": list(hit.tags),
    }


def _as_line(hit: Hit) -> str:
    extra = f"  {show(hit.place.split(', ')[0])}" if hit.place else ""
    extra += "  (offline)" if hit.offline else ""
    if hit.copies:
        extra += f"  (+{len(hit.copies)} the same)"
    if hit.burst:
        extra += f"  (+{len(hit.burst)} of the same moment)"
    if hit.tags:
        extra += f"  [{show(', '.join(hit.tags))}]"
    words = [f"{hit.taken_at:%Y-%m-%d}", show(hit.path)]
    if hit.relevance:  # else there was nothing to score by
        words = [f"{hit.relevance:<6}", f"{hit.score:.3f}", *words]
    return "  ".join(words) + extra


def _export(hits: Sequence[Hit], folder: Path, link: bool) -> None:
    from app.handing_over import export

    placed = list(export(hits, folder, link=link))
    done = sum(path is not None for path in placed)
    note(f"{plural(done, 'photo')} {'linked' if link else 'copied'} into {folder}.")
    if done < len(placed):
        complain(f"{plural(len(placed) - done, 'photo')} can't be read now (offline, or gone).")


def _open(hits: Sequence[Hit], title: str) -> None:
    from app.handing_over import contact_sheet
    from indexer.formats import claims_picture

    # A name that says what else to do with it ("cat.html", "cat.bat") is not for the system.
    if len(hits) == 1 and claims_picture(hits[0].path.name):
        typer.launch(str(hits[0].path))
        return
    number, name = tempfile.mkstemp(suffix=".html", prefix="clipsearch-")
    os.close(number)
    # Escaped: a query may hold what is not text.
    write_whole(Path(name), contact_sheet(hits, title).encode("utf-8", "backslashreplace"))
    typer.launch(name)
