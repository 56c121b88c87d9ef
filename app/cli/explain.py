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
    LanguageOption,
    LibraryOption,
    configure,
    note_languages,
    open_searcher,
    print_json,
    show,
)
from app.cli.query_words import joined
from app.languages.asked import Asked
from app.text import absolute

_SAID = 0.05  # standard deviations: less is 0.0 as it is shown


def explain(
    photo: Annotated[Path, typer.Argument(help="An indexed photo.")],
    query: Annotated[list[str], typer.Argument(help="As for search; quotes are not needed.")],
    json: JsonOption = False,
    language: LanguageOption = None,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Say why a photo matches a query or not: each term, each filter, and its rank.

    Example: clipsearch explain ~/Pictures/sofa.jpg "a red sofa without people, 2019"
    """
    from app.query.changes import typed_words
    from app.query.parser import parse_query
    from app.search.explain import explain
    from app.search.query_reader import QueryReader

    text = joined(query)
    asked = parse_query(text)  # what is wrong with it is said before anything is opened
    config = configure(library, device, engine, language)
    searcher = open_searcher(config, asked.texts)
    parsed = QueryReader(searcher.library, lambda: searcher.texts).query(
        text, Asked(config.language)
    )
    explanation = explain(searcher, absolute(photo), parsed)
    note_languages(searcher, parsed)
    if json:
        print_json({"path": str(explanation.path), **explanation.plain(), **parsed.plain()})
        return
    typed = typed_words(text, parsed.changes)
    you_typed = f" (you typed {show(typed)})" if typed else ""
    typer.echo(f"{show(explanation.path)}\nas an answer to: {show(parsed)}{you_typed}")
    if parsed.unread:
        typer.echo(f"  {parsed.unread}")
    if explanation.alternative is not None:
        typer.echo(f"  best as: {show(explanation.alternative)}")
    for share in explanation.terms:
        sign = "without" if share.term.negative else "looks like"
        typer.echo(
            f"  {sign} {show(share.term)}: cosine {share.cosine:.3f}, "
            f"above {share.percentile:.1f} % of the library, {share.share:+.1f}"
        )
    for kind, words in explanation.names.items():
        typer.echo(f"  {kind}: {show(', '.join(words))}")
    if explanation.names:
        typer.echo(f"  for its names, {explanation.name_share:+.1f}")
    if abs(explanation.hub_share) >= _SAID:
        near = "nearer to" if explanation.hub_share < 0 else "farther from"
        typer.echo(f"  {near} any text than most photos, {explanation.hub_share:+.1f}")
    for result in explanation.filters:
        typer.echo(f"  {'meets' if result.met else 'does not meet'}: {show(result.reading)}")
    if explanation.rank:
        said = (
            paint(explanation.relevance, explanation.relevance, sys.stdout)
            if explanation.relevance
            else "ranked"
        )
        typer.echo(f"  {said}, number {explanation.rank:,} of {explanation.of:,}", color=True)
    elif explanation.terms:
        typer.echo("  not among the answers")
    if explanation.labels:
        shown = ", ".join(f"{name} {sure:.2f}" for name, sure in explanation.labels)
        typer.echo(f"  its labels: {shown}")
