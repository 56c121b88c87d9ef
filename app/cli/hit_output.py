"""What ``search`` and ``similar`` give out: lines, paths or JSON, copies, pictures to look at."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import typer

from app.cli.colours import paint
from app.cli.common import NOTHING_FOUND, complain, note, plural, print_json, print_paths, show
from app.cli.here import Here
from app.paths import absolute
from app.search.results import Hit
from store.files.atomic import write_whole


def hand_over(
    hits: Sequence[Hit],
    title: str,
    *,
    json: bool,
    paths: bool,
    null: bool,
    preview: bool,
    open_found: bool,
    export: Path | None,
    link: bool,
    here: Here | None = None,
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
        shown = (here.shown(hit.path) if here else hit.path for hit in hits)
        print_paths(shown, end=b"\0" if null else b"\n")
    elif json:
        for hit in hits:
            print_json(_as_json(hit))
    elif export is None and not open_found:
        _print_lines(hits, preview, here)


def _print_lines(hits: Sequence[Hit], preview: bool, here: Here | None) -> None:
    """One line a hit; a line between those that match and those that hardly do."""
    clear = [hit for hit in hits if hit.relevance != "weak"]
    weak = [hit for hit in hits if hit.relevance == "weak"]
    if not clear:
        note("Nothing here clearly matches; the nearest are:")
    for hit in clear:
        _print_hit(hit, preview, here)
    if clear and weak:
        typer.echo(paint("-- weaker --", "weak", sys.stdout), color=True)
    for hit in weak:
        _print_hit(hit, preview, here)


def _print_hit(hit: Hit, preview: bool, here: Here | None) -> None:
    from app.cli import preview as terminal

    if preview and terminal.can_preview():
        terminal.preview(hit.path)
    typer.echo(_as_line(hit, here), color=True)


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


def _as_line(hit: Hit, here: Here | None) -> str:
    extra = f"  {show(hit.place.split(', ')[0])}" if hit.place else ""
    extra += "  (offline)" if hit.offline else ""
    if hit.copies:
        extra += f"  (+{len(hit.copies)} the same)"
    if hit.burst:
        extra += f"  (+{len(hit.burst)} of the same moment)"
    if hit.tags:
        extra += f"  [{show(', '.join(hit.tags))}]"
    words = [f"{hit.taken_at:%Y-%m-%d}", show(here.shown(hit.path) if here else hit.path)]
    if hit.relevance:  # else there was nothing to score by
        relevance = paint(f"{hit.relevance:<6}", hit.relevance, sys.stdout)
        words = [relevance, f"{hit.score:.3f}", *words]
    return "  ".join(words) + extra


def _export(hits: Sequence[Hit], folder: Path, link: bool) -> None:
    from app.export import export

    placed = list(export(hits, folder, link=link))
    new = sum(one is not None and one.new for one in placed)
    there = sum(one is not None and not one.new for one in placed)
    said = f"{plural(new, 'photo')} {'linked' if link else 'copied'} into {folder}"
    note(f"{said}; {there:,} already there." if there else f"{said}.")
    if missing := placed.count(None):
        complain(f"{plural(missing, 'photo')} can't be read now (offline, or gone).")


def _open(hits: Sequence[Hit], title: str) -> None:
    from app.export import contact_sheet
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
