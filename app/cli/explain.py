"""clipsearch explain"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.colours import paint
from app.cli.common import (
    DeviceOption,
    EngineOption,
    JsonOption,
    LibraryOption,
    configure,
    print_json,
    show,
    to_search,
)
from app.cli.query_words import joined
from app.text import absolute


def explain(
    photo: Annotated[Path, typer.Argument(help="An indexed photo.")],
    query: Annotated[list[str], typer.Argument(help="As for search; quotes are not needed.")],
    json: JsonOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Say why a photo matches a query or not: each term, each filter, and its rank.

    Example: clipsearch explain ~/Pictures/sofa.jpg "a red sofa without people, 2019"
    """
    from app.query.parser import parse_query
    from app.search.explain import explain

    parsed = parse_query(joined(query))
    searcher = to_search(configure(library, device, engine))
    found = explain(searcher, absolute(photo), parsed)
    if json:
        print_json({"path": str(found.path), **found.plain()})
        return
    typer.echo(f"{show(found.path)}\nas an answer to: {show(parsed)}")
    for share in found.terms:
        sign = "without" if share.term.negative else "looks like"
        typer.echo(
            f"  {sign} {show(share.term)}: cosine {share.cosine:.3f}, "
            f"above {share.percentile:.1f} % of the library, {share.share:+.1f}"
        )
    for result in found.filters:
        typer.echo(f"  {'meets' if result.met else 'does not meet'}: {show(result.reading)}")
    if found.rank:
        said = paint(found.relevance, found.relevance, sys.stdout) if found.relevance else "ranked"
        typer.echo(f"  {said}, number {found.rank:,} of {found.of:,}", color=True)
    elif found.terms:
        typer.echo("  not among the answers")
    if found.labels:
        shown = ", ".join(f"{name} {sure:.2f}" for name, sure in found.labels)
        typer.echo(f"  its labels: {shown}")
