"""The output of ``search`` and ``similar``: lines, paths or JSON, copies, pictures to look at."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from app.cli.colours import paint
from app.cli.common import NOTHING_FOUND, complain, note, print_json, print_paths, show
from app.cli.here import Here
from app.search.results import Hit, Results
from app.text import absolute, clock_text, offset_text, plural
from store.files.atomic import write_whole


@dataclass(frozen=True, kw_only=True)
class Output:
    """What to do with hits; by default, a line is printed for each.

    Attributes:
        title: the title of the page on which ``open`` shows several hits.
        json, paths, null: print this instead of lines.
        preview: show the pictures between the lines.
        open: show the hits in the system's viewer.
        export: the folder to copy them to (with ``link``: to make links in).
        here: the folder that printed paths are relative to.
    """

    title: str
    json: bool
    paths: bool
    null: bool
    preview: bool
    open: bool
    export: Path | None
    link: bool
    here: Here | None


def output_hits(results: Results, output: Output) -> None:
    """Print, open and export hits; if there are none, exit with the code for that."""
    hits = results.hits
    if not hits:
        note("Nothing was found.")
        raise typer.Exit(NOTHING_FOUND)
    here = output.here
    if output.export is not None:
        _export(hits, absolute(output.export), output.link)
    if output.open:
        _open(hits, output.title)
    if output.paths or output.null:
        meant = dict.fromkeys(path for hit in hits for path in hit.asked_for or (hit.path,))
        shown = (here.shown(path) if here else path for path in meant)
        print_paths(shown, end=b"\0" if output.null else b"\n")
    elif output.json:
        for hit in hits:
            print_json({**_as_json(hit), **results.query.plain()})
    elif output.export is None and not output.open:
        _print_lines(hits, output.preview, here)


def _print_lines(hits: Sequence[Hit], preview: bool, here: Here | None) -> None:
    """Print a line for each hit, and one between those that match and the weaker ones."""
    clear = [hit for hit in hits if hit.clear]
    weak = [hit for hit in hits if not hit.clear]
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
        "taken_from": hit.taken_from,
        "taken_offset": offset_text(hit.taken_offset),
        "width": hit.width,
        "height": hit.height,
        "place": hit.place,
        "offline": hit.offline,
        "hidden": hit.hidden,
        "copies": [str(path) for path in hit.copies],
        "raws": [str(path) for path in hit.raws],
        "live_videos": [str(path) for path in hit.live_videos],
        "burst": [str(path) for path in hit.burst],
        "tags": list(hit.tags),
        "keywords": list(hit.keywords),
        "title": hit.title,
        "description": hit.description,
        "rating": hit.rating,
        "colour_label": hit.colour_label,
        "creator": hit.creator,
        "copyright": hit.copyright,
        "duration": hit.duration,
        "moment": hit.moment,
        "names": {kind: list(words) for kind, words in hit.names.items()},
    }


def _as_line(hit: Hit, here: Here | None) -> str:
    extra = f"  {show(hit.place.split(', ')[0])}" if hit.place else ""
    extra += "  (offline)" if hit.offline else ""
    extra += "  (hidden)" if hit.hidden else ""
    if hit.copies:
        extra += f"  (+{len(hit.copies)} the same)"
    if beside := hit.raws + hit.live_videos:
        extra += f"  (+{', '.join(show(path.name) for path in beside)})"
    if hit.burst:
        extra += f"  (+{len(hit.burst)} of the same moment)"
    if hit.tags:
        extra += f"  [{show(', '.join(hit.tags))}]"
    path = show(here.shown(hit.path) if here else hit.path)
    if hit.moment is not None:
        path += f" @ {clock_text(hit.moment)}"
    words = [f"{hit.taken_at:%Y-%m-%d}", path]
    if hit.relevance:  # without it, nothing was scored
        relevance = paint(f"{hit.relevance:<6}", hit.relevance, sys.stdout)
        words = [relevance, f"{hit.score:.3f}", *words]
    return "  ".join(words) + extra


def _export(hits: Sequence[Hit], folder: Path, link: bool) -> None:
    from app.export import export

    exported = list(export(hits, folder, link=link))
    photos = [files[0] for files in exported]
    beside = [file for files in exported for file in files[1:]]
    new = sum(one is not None and one.new for one in photos)
    there = sum(one is not None and not one.new for one in photos)
    said = f"{plural(new, 'photo')} {'linked' if link else 'copied'} into {folder}"
    if more := sum(one is not None and one.new for one in beside):
        said += f", with {plural(more, 'file')} beside {'it' if new == 1 else 'them'}"
    note(f"{said}; {there:,} already there." if there else f"{said}.")
    if missing := photos.count(None):
        complain(f"{plural(missing, 'photo')} can't be read now (offline, or gone).")
    if missing := beside.count(None):
        complain(f"{plural(missing, 'file')} beside photos can't be read now (offline, or gone).")


def _open(hits: Sequence[Hit], title: str) -> None:
    from app.export import contact_sheet
    from indexer.pictures.formats import claims_picture
    from indexer.videos.video_files import is_named_as_video

    # The system would open a name like "cat.html" or "cat.bat" as something else than a picture.
    name = hits[0].path.name
    if len(hits) == 1 and (claims_picture(name) or is_named_as_video(name)):
        typer.launch(str(hits[0].path))
        return
    number, sheet = tempfile.mkstemp(suffix=".html", prefix="clipsearch-")
    os.close(number)
    # Escaped: a query may hold what is not text.
    write_whole(Path(sheet), contact_sheet(hits, title).encode("utf-8", "backslashreplace"))
    typer.launch(sheet)
