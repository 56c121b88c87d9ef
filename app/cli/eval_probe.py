"""clipsearch eval probe"""

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
from app.text import absolute
from store.sql.fspath import expanded

_ALL = "all"


def probe(
    folder: Annotated[Path, typer.Argument(help="It has a folder of photos for each class.")],
    names: Annotated[
        Path | None,
        typer.Option("--names", help="What the classes are called: JSON, or folder, tab, name."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw the curves to this PNG.")
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", help="For drawing the photos to learn from and to measure on.")
    ] = 0,
    model: ModelOption = None,
    against: AgainstOption = None,
    markdown: MarkdownOption = False,
    json: JsonOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """How good is a linear classifier on the embeddings, with few examples and with many?

    Logistic regression on 60 % of the photos, its regularisation chosen on 20 %, measured on the
    rest; beside it what the classes' names alone give (zero-shot). In brackets: 95 % intervals.

    Example: clipsearch eval probe animals --plot probe.png --model starter
    """
    from app.evaluation.figure import Curve, draw
    from app.evaluation.probe import probes, split
    from app.evaluation.zero_shot import accuracy, read_classes
    from app.labels.templates import SEVEN

    config = configure(library, device, engine)
    classes = read_classes(expanded(folder), names and expanded(names))
    paths = [absolute(path) for path in classes.paths]
    parts = split(classes.of, classes.names, seed)
    rows: list[dict[str, Any]] = []
    curves = []
    for asked in asked_models(model, against):
        encoder, images = seen(config, asked, paths)
        test = [classes.of[row] for row in parts.test.tolist()]
        zero = accuracy(images[parts.test], test, classes.names, encoder.encode_texts, SEVEN)
        measured = list(probes(images, classes.of, parts, seed))
        curves.append(Curve(encoder.name, zero.top1, measured))
        rows.append(_row(encoder.name, 0, zero.top1, zero.interval, None))
        rows += [_row(encoder.name, p.shots, p.accuracy, p.interval, p.c) for p in measured]
    if plot is not None:
        title = f"{len(classes.names):,} classes, {len(parts.test):,} photos measured"
        draw(curves, expanded(plot), title)
    if json:
        for row in rows:
            print_json(row)
        return
    note(
        f"{len(paths):,} photos of {len(classes.names):,} classes: {len(parts.train):,} to learn "
        f"from, {len(parts.validation):,} to choose by, {len(parts.test):,} to measure on"
    )
    cells = [["model", "examples a class", "top-1", "C"]]
    for row in rows:
        low, high = row["interval"]
        shots = {0: "none (zero-shot)", None: _ALL}.get(row["shots"], str(row["shots"]))
        c = "" if row["c"] is None else f"{row['c']:.3g}"
        cells.append([show(row["model"]), shots, f"{row['top-1']:.1f} [{low:.1f}, {high:.1f}]", c])
    for line in table_lines(cells, markdown):
        typer.echo(line)
    if plot is not None:
        note(f"Drawn to {plot}")


def _row(
    model: str, shots: int | None, top1: float, interval: tuple[float, float], c: float | None
) -> dict[str, Any]:
    return {
        "model": model,
        "shots": shots,
        "top-1": round(top1, 2),
        "interval": [round(end, 2) for end in interval],
        "c": None if c is None else float(f"{c:.4g}"),
    }
