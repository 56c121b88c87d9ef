"""Export the results of a search: as copies or links in a folder, or as one page to look at."""

from __future__ import annotations

import filecmp
import html
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from app.search.results import Hit
from app.text import absolute, numbered, printable
from store.files.atomic import written_beside
from store.online import is_file

_PART = 1 << 20  # bytes


@dataclass(frozen=True)
class Placed:
    """Where an exported photo is now; ``new`` is false if it was there before."""

    path: Path
    new: bool


def export(
    hits: Sequence[Hit], folder: Path, *, link: bool = False
) -> Iterator[list[Placed | None]]:
    """Copy each hit into ``folder`` (or ``link`` to it there), under a name that was free.

    With it go the files for which it shows (``Hit.files``), under the same name but for the ending.
    Yields where those of each hit are now, its own first; None for one that can't be read at the
    moment. Only a whole copy gets a name in ``folder``. What an earlier export left there, under
    its name and with its content, is not copied again.

    Raises:
        OSError: ``folder`` can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for hit in hits:
        readable = [path for path in hit.files if is_file(path)]
        number, there = _numbered(readable, folder, link)
        yield [
            _place(path, folder, number, link, there=path in there) if path in readable else None
            for path in hit.files
        ]


def _numbered(paths: Sequence[Path], folder: Path, link: bool) -> tuple[int, set[Path]]:
    """The first number under which none of ``paths`` meets another file in ``folder``, and those
    that an earlier export has put there under it."""
    for number in count(1):
        taken = {path for path in paths if os.path.lexists(_name(folder, path.name, number))}
        there = {path for path in taken if _is_at(path, _name(folder, path.name, number), link)}
        if taken == there:
            return number, there
    raise AssertionError  # count has no end


def _is_at(path: Path, target: Path, link: bool) -> bool:
    """Whether an earlier export has put ``path`` at ``target``; a link is no copy."""
    with suppress(OSError):
        if target.is_symlink():
            # By what it leads to: on Windows, a link's text is not the path that it was made with.
            return link and target.samefile(path)
        return target.is_file() and filecmp.cmp(path, target, shallow=False)
    return False


def _place(path: Path, folder: Path, number: int, link: bool, *, there: bool) -> Placed | None:
    if there:
        return Placed(_name(folder, path.name, number), new=False)
    if link:
        made = _free(folder, path.name, number, partial(Path.symlink_to, target=path))
        return Placed(made, new=True)
    copied = _copy(path, folder, number)
    return None if copied is None else Placed(copied, new=True)


class _PhotoUnreadable(Exception):
    """The photo's own file can't be read (the copy's errors are errors of the folder)."""


def _copy(path: Path, folder: Path, number: int) -> Path | None:
    try:
        with written_beside(folder / path.name) as (beside, file):
            for part in _parts(path):
                file.write(part)
    except _PhotoUnreadable:
        return None

    def give_name(target: Path) -> None:
        target.open("xb").close()  # never over another file
        try:
            beside.replace(target)
        except BaseException:
            target.unlink()
            raise

    try:
        copied = _free(folder, path.name, number, give_name)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # times and permissions, where the file system has them
        shutil.copystat(path, copied)  # last: of a photo that is locked on a Mac, the lock too
    return copied


def _parts(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while part := file.read(_PART):
                yield part
    except OSError as error:
        raise _PhotoUnreadable from error


def _free(folder: Path, name: str, number: int, make: Callable[[Path], None]) -> Path:
    """Call ``make`` with the first free name in ``folder`` from ``number`` on; returns that."""
    for tried in count(number):
        target = _name(folder, name, tried)
        try:
            make(target)
            return target
        except FileExistsError:  # made meanwhile
            continue
    raise AssertionError  # count has no end


def _name(folder: Path, name: str, number: int) -> Path:
    """``name`` in ``folder``, or "name (2)", "name (3)" and so on."""
    return folder / numbered(name, number)


def contact_sheet(hits: Sequence[Hit], title: str) -> str:
    """An HTML page of all hits, which refers to the files where they are."""
    figures = "\n".join(
        f'<figure><a href="{_address(hit.path)}">{_shown(hit)}</a>'
        f"<figcaption>{html.escape(printable(hit.path.name))}<br>"
        f"{hit.taken_at:%Y-%m-%d}</figcaption></figure>"
        for hit in hits
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<style>
body {{ font: 15px/1.4 system-ui, sans-serif; margin: 2rem; background: #fff; color: #222 }}
main {{ display: flex; flex-wrap: wrap; gap: 1rem }}
figure {{ margin: 0 }} img, video {{ height: 14rem; border-radius: 4px }}
figcaption {{ font-size: 12px; color: #666; max-width: 20rem; overflow-wrap: anywhere }}
@media (prefers-color-scheme: dark) {{ body {{ background: #181818; color: #ddd }} }}
</style></head><body><h1>{html.escape(title)}</h1><main>
{figures}
</main></body></html>
"""


def _shown(hit: Hit) -> str:
    if hit.duration is not None:
        at = f"#t={hit.moment:g}" if hit.moment else ""
        return f'<video preload="metadata" src="{_address(hit.path)}{at}"></video>'
    return f'<img loading="lazy" src="{_address(hit.path)}" alt="">'


def _address(path: Path) -> str:
    return html.escape(absolute(path).as_uri())
