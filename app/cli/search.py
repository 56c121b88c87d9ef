"""clipsearch search, similar"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import (
    NOTHING_FOUND,
    DeviceOption,
    EngineOption,
    JsonOption,
    LanguageOption,
    LibraryOption,
    complain,
    configure,
    note,
    note_languages,
    open_searcher,
)
from app.cli.here import HereOption, here_in
from app.cli.hit_output import Output, output_hits
from app.cli.query_notes import note_called_so, note_query
from app.cli.query_words import joined
from app.languages.asked import Asked
from app.search.results import Sort
from app.text import absolute, plural

if TYPE_CHECKING:
    from store.library import Library

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
    typer.Option("--export", help="Copy the results into this folder; no file is overwritten."),
]
LinkOption = Annotated[bool, typer.Option("--link", help="With --export: link, do not copy.")]


def search(
    query: Annotated[
        list[str],
        typer.Argument(
            help='Words, filters, "without": a dog on a beach, 2019, no people in:Trips.',
            show_default=False,
        ),
    ],
    limit: LimitOption = 10,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Skip this many of the best.")] = 0,
    sort: Annotated[
        str, typer.Option("--sort", help="Order of the results: score, date or name.")
    ] = "score",
    min_score: Annotated[
        float | None,
        typer.Option("--min-score", help="Leave out what scores less.", show_default=False),
    ] = None,
    here: HereOption = False,
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
    language: LanguageOption = None,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Find the photos that look most like a description, among those that meet the filters.

    Scores rank the photos of one query; they mean nothing across queries. Ends with 3 if nothing
    is found. Quotes around the query are needed only for characters that the shell would interpret
    (* ' & ; and the like). If a word of it begins with "-", put "--" before the query.

    Examples:

    clipsearch search a dog on a beach

    clipsearch search "two people on skis" -n 5

    clipsearch search "sunset at the beach, 2019, not people"

    clipsearch search "2*beach + image:sofa.jpg -in:Work type:jpg" --paths

    clipsearch search "is:favourite year:2018..2020" --sort name --export ~/best

    clipsearch search --here -- beach -people
    """
    from app.query.parser import parse_query

    text = joined(query)
    asked = parse_query(text)  # what is wrong with it is said before anything is opened
    order = _sort(sort)
    config = configure(library, device, engine, language)
    searcher = open_searcher(config, asked.texts)
    from app.search.query_reader import QueryReader

    reader = QueryReader(searcher.library, lambda: searcher.texts)
    parsed = reader.query(text, Asked(config.language))
    place = here_in(searcher.library) if here else None
    if place:
        parsed = place.restricted(parsed)
    results = searcher.search(
        parsed, limit, offset=offset, sort=order, min_score=min_score, bursts=not every
    )
    note_query(parsed, text)
    note_languages(searcher, parsed)
    if results.cut:
        note("The query is longer than the model reads: only its beginning counts.")
    if parsed.terms:
        _note_left_out(searcher.left_out())
    if not results.hits and not len(searcher.index()):
        complain("The library holds no searchable photo yet. Add some: clipsearch index FOLDER")
        raise typer.Exit(NOTHING_FOUND)
    if not results.hits:
        note_called_so(reader.read(text, parsed.asked), searcher.is_met)
    output = Output(
        title=str(parsed),
        json=json,
        paths=paths,
        null=null,
        preview=preview,
        open=open_found,
        export=export,
        link=link,
        here=place,
    )
    output_hits(results, output)


def similar(
    photo: Annotated[
        str,
        typer.Argument(
            help="Any picture, or the id of an indexed one; of an indexed video also a moment: "
            "7@0:42, film.mp4@0:42."
        ),
    ],
    limit: LimitOption = 10,
    here: HereOption = False,
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
    from app.query.liked import Liked

    searcher = open_searcher(configure(library, device, engine))
    picture: Path | int | Liked = int(photo) if photo.isdecimal() else Path(photo)
    moment = Liked.read(photo)
    if moment.at_ms is not None and not _is_path(photo, searcher.library):
        picture = moment
    place = here_in(searcher.library) if here else None
    results = searcher.similar(picture, limit, bursts=False, within=place.filter if place else None)
    output = Output(
        title=f"Like {photo}",
        json=json,
        paths=paths,
        null=null,
        preview=preview,
        open=open_found,
        export=export,
        link=link,
        here=place,
    )
    output_hits(results, output)


def _is_path(name: str, library: Library) -> bool:
    """Whether there is a file of this name, or was when it was indexed."""
    # ``Path.exists``, before Python 3.14, raises of a text that is too long for a name.
    is_there = os.path.exists(name)  # noqa: PTH110
    return is_there or bool(library.contents_at(absolute(Path(name))))


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
