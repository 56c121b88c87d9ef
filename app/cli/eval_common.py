"""The options and tables that the commands of ``clipsearch eval`` share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import note, open_library
from app.config import Config
from store.vectors import Vectors

if TYPE_CHECKING:
    from indexer.encoders.encoder import Encoder

ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="Any model, as for index; default: the library's."),
]
AgainstOption = Annotated[
    str | None, typer.Option("--against", help="A second model, beside the first.")
]
MarkdownOption = Annotated[
    bool, typer.Option("--markdown", help="Lines of a Markdown table, for a README.")
]


def asked_models(model: str | None, against: str | None) -> list[str | None]:
    return [model, against] if against else [model]


def encoder_and_embeddings(
    config: Config, name: str | None, paths: list[Path]
) -> tuple[Encoder, Vectors]:
    """A model's encoder, and its embeddings of the photos at ``paths``, (n, dim)."""
    from app import services
    from app.evaluation.embeddings import image_embeddings

    library = open_library(config) if services.library_exists(config) else None
    current = library.model() if library else None
    asked = name or (current.name if current else config.model)
    encoder = services.encoder_of(asked, config).encoder
    known = current if current and current.name == encoder.name else None
    images, had = image_embeddings(paths, encoder, library, known)
    if had:
        note(f"{had:,} of {len(paths):,} photos are in the library already")
    return encoder, images


def table_lines(cells: list[list[str]], markdown: bool) -> list[str]:
    """The lines of a table; its first row is the header."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [[cell.ljust(w) for cell, w in zip(line, widths, strict=True)] for line in cells]
    if markdown:
        lines.insert(1, ["-" * width for width in widths])
        return [f"| {' | '.join(line)} |" for line in lines]
    return ["  ".join(line).rstrip() for line in lines]
