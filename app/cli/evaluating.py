"""clipsearch eval retrieval"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.common import (
    DeviceOption,
    EngineOption,
    JsonOption,
    LibraryOption,
    configure,
    note,
    print_json,
    show,
)
from app.config import Config
from app.evaluation.captions import Captioned
from app.evaluation.retrieval import RANKS, Recall
from app.paths import absolute
from store.library import DATABASE, Library

evaluate = typer.Typer(
    name="eval",
    help="Measure a model on photos whose answers are known.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@evaluate.command()
def retrieval(
    captions: Annotated[
        Path, typer.Argument(help="TSV, token file, or COCO's or Karpathy's captions as JSON.")
    ],
    photos: Annotated[Path, typer.Option("--photos", help="The folder that its names are in.")],
    split: Annotated[
        str | None, typer.Option("--split", help="Only captions of this part of the file.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Any model, as for index; default: the library's."),
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", help="A second model, beside the first.")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Lines of a Markdown table, for a README.")
    ] = False,
    json: JsonOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Does a caption find its photo, and a photo its captions? Recall@1, 5 and 10.

    In brackets: 95 % intervals, of a bootstrap over photos. Photos that the library has seen with
    the same model are not read again.

    Example: clipsearch eval retrieval captions.tsv --photos photos --split dev --model starter
    """
    from app.evaluation.captions import read_captions

    config = configure(library, device, engine)
    data = read_captions(captions.expanduser(), split)
    paths = [absolute(photos.expanduser()) / name for name in data.photos]
    opened = Library.open(config.library) if (config.library / DATABASE).exists() else None
    asked = [model, against] if against else [model]
    rows = [row for name in asked for row in _measure(config, opened, name, data, paths)]
    if json:
        for row in rows:
            print_json(row)
        return
    note(f"{len(data.photos):,} photos, {len(data.captions):,} captions")
    for line in _table(rows, markdown):
        typer.echo(line)


def _measure(
    config: Config,
    library: Library | None,
    name: str | None,
    data: Captioned,
    paths: list[Path],
) -> list[dict[str, Any]]:
    from app import services
    from app.evaluation.embeddings import image_embeddings
    from app.evaluation.retrieval import retrieval

    current = library.model() if library else None
    encoder = services.encoder_of(
        name or (current.name if current else config.model), config
    ).encoder
    known = current if current and current.name == encoder.name else None
    images, had = image_embeddings(paths, encoder, library, known)
    if had:
        note(f"{had:,} of {len(paths):,} photos are in the library already")
    by_text, by_image = retrieval(images, encoder.encode_texts(list(data.captions)), data.of)
    return [
        _row(encoder.name, "text to image", by_text),
        _row(encoder.name, "image to text", by_image),
    ]


def _row(model: str, direction: str, found: Recall) -> dict[str, Any]:
    return {
        "model": model,
        "direction": direction,
        "queries": found.queries,
        **{f"recall@{k}": round(found.recall[k], 2) for k in RANKS},
        **{f"interval@{k}": [round(end, 2) for end in found.interval[k]] for k in RANKS},
        "median rank": found.median_rank,
    }


def _table(rows: list[dict[str, Any]], markdown: bool) -> list[str]:
    names = ["model", "direction", *(f"recall@{k}" for k in RANKS), "median rank"]
    cells = [names]
    for row in rows:
        recalls = []
        for k in RANKS:
            low, high = row[f"interval@{k}"]
            recalls.append(f"{row[f'recall@{k}']:.1f} [{low:.1f}, {high:.1f}]")
        cells.append([show(row["model"]), row["direction"], *recalls, f"{row['median rank']:g}"])
    widths = [max(len(line[n]) for line in cells) for n in range(len(names))]
    lines = [[cell.ljust(w) for cell, w in zip(line, widths, strict=True)] for line in cells]
    if markdown:
        lines.insert(1, ["-" * width for width in widths])
        return [f"| {' | '.join(line)} |" for line in lines]
    return ["  ".join(line).rstrip() for line in lines]
