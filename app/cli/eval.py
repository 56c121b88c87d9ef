"""clipsearch eval retrieval, zeroshot, probe"""

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
from app.cli.eval_common import (
    AgainstOption,
    MarkdownOption,
    ModelOption,
    asked_models,
    seen,
    table_lines,
)
from app.cli.eval_probe import probe
from app.cli.run_log import logged
from app.evaluation.retrieval import RANKS, Recall
from app.text import absolute
from store.sql.fspath import expanded

_CONFUSED = 5  # pairs

evaluate = typer.Typer(
    name="eval",
    help="Measure a model on photos whose answers are known.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@evaluate.command()
@logged
def retrieval(
    captions: Annotated[
        Path, typer.Argument(help="TSV, token file, or COCO's or Karpathy's captions as JSON.")
    ],
    photos: Annotated[Path, typer.Option("--photos", help="The folder that its names are in.")],
    split: Annotated[
        str | None, typer.Option("--split", help="Only captions of this part of the file.")
    ] = None,
    model: ModelOption = None,
    against: AgainstOption = None,
    markdown: MarkdownOption = False,
    json: JsonOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Does a caption find its photo, and a photo its captions? Recall@1, 5 and 10.

    In brackets: 95 % intervals, by a bootstrap over photos. Photos that the library has seen with
    the same model are not read again.

    Example: clipsearch eval retrieval captions.tsv --photos photos --split dev --model starter
    """
    from app.evaluation.captions import read_captions
    from app.evaluation.retrieval import retrieval as measure

    config = configure(library, device, engine)
    data = read_captions(expanded(captions), split)
    paths = [absolute(photos) / name for name in data.photos]
    rows = []
    for asked in asked_models(model, against):
        encoder, images = seen(config, asked, paths)
        texts = encoder.encode_texts(list(data.captions))
        by_text, by_image = measure(images, texts, data.of)
        rows.append(_row(encoder.name, "text to image", by_text))
        rows.append(_row(encoder.name, "image to text", by_image))
    if json:
        for row in rows:
            print_json(row)
        return
    note(f"{len(data.photos):,} photos, {len(data.captions):,} captions")
    for line in table_lines(_table(rows), markdown):
        typer.echo(line)


@evaluate.command()
@logged
def zeroshot(
    folder: Annotated[Path, typer.Argument(help="It has a folder of photos for each class.")],
    names: Annotated[
        Path | None,
        typer.Option("--names", help="What the classes are called: JSON, or folder, tab, name."),
    ] = None,
    model: ModelOption = None,
    against: AgainstOption = None,
    markdown: MarkdownOption = False,
    json: JsonOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """How often is the right class name the one nearest to a photo? Top-1, top-5.

    With one prompt template, with seven, and with eighty; in brackets the 95 % interval, by a
    bootstrap over photos.

    Example: clipsearch eval zeroshot animals --names names.tsv --model starter
    """
    from app.evaluation.zero_shot import accuracy, read_classes
    from app.labels.templates import SETS

    config = configure(library, device, engine)
    classes = read_classes(expanded(folder), names and expanded(names))
    paths = [absolute(path) for path in classes.paths]
    rows: list[dict[str, Any]] = []
    for asked in asked_models(model, against):
        encoder, images = seen(config, asked, paths)
        for name, templates in SETS.items():
            result = accuracy(images, classes.of, classes.names, encoder.encode_texts, templates)
            rows.append(
                {
                    "model": encoder.name,
                    "templates": name,
                    "top-1": round(result.top1, 2),
                    "interval": [round(end, 2) for end in result.interval],
                    "top-5": round(result.top5, 2),
                    "mean per class": round(result.per_class, 2),
                    "confused": [list(pair) for pair in result.confused[:_CONFUSED]],
                }
            )
    if json:
        for row in rows:
            print_json(row)
        return
    note(f"{len(paths):,} photos of {len(classes.names):,} classes")
    columns = ["model", "templates", "top-1", "top-5", "mean per class"]
    cells = [columns]
    for row in rows:
        low, high = row["interval"]
        top1 = f"{row['top-1']:.1f} [{low:.1f}, {high:.1f}]"
        rest = [f"{row[column]:.1f}" for column in columns[3:]]
        cells.append([show(row["model"]), str(row["templates"]), top1, *rest])
    for line in table_lines(cells, markdown):
        typer.echo(line)
    for row in rows:
        said = (f"{one} for {other} ({n})" for one, other, n in row["confused"])
        note(f"{row['model']}, {row['templates']}, confused: {', '.join(said) or 'none'}")


def _row(model: str, direction: str, result: Recall) -> dict[str, Any]:
    return {
        "model": model,
        "direction": direction,
        "queries": result.queries,
        **{f"recall@{k}": round(result.recall[k], 2) for k in RANKS},
        **{f"interval@{k}": [round(end, 2) for end in result.interval[k]] for k in RANKS},
        "median rank": result.median_rank,
    }


def _table(rows: list[dict[str, Any]]) -> list[list[str]]:
    names = ["model", "direction", *(f"recall@{k}" for k in RANKS), "median rank"]
    cells = [names]
    for row in rows:
        recalls = []
        for k in RANKS:
            low, high = row[f"interval@{k}"]
            recalls.append(f"{row[f'recall@{k}']:.1f} [{low:.1f}, {high:.1f}]")
        cells.append([show(row["model"]), row["direction"], *recalls, f"{row['median rank']:g}"])
    return cells


evaluate.command()(logged(probe))
