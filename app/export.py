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
from pathlib import Path, PurePath

from app.search.results import Hit
from app.text import absolute, printable
from store.files.atomic import written_beside

_PART = 1 << 20  # bytes


@dataclass(frozen=True)
class Placed:
    """Where an exported photo is now; ``new`` is false if it was there before."""

    path: Path
    new: bool


def export(hits: Sequence[Hit], folder: Path, *, link: bool = False) -> Iterator[Placed | None]:
    """Copy each hit into ``folder`` (or ``link`` to it there), under a name that was free.

    Yields where each hit is now; None for one that can't be read at the moment. Only a whole copy
    gets a name in ``folder``. A photo that an earlier export left there, under its name and with
    its content, is not copied again.

    Raises:
        OSError: ``folder`` can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for hit in hits:
        if not hit.path.is_file():
            yield None
        elif there := _exported(hit.path, folder, link):
            yield Placed(there, new=False)
        elif link:
            made = _free(folder, hit.path.name, partial(Path.symlink_to, target=hit.path))
            yield Placed(made, new=True)
        else:
            copied = _copy(hit.path, folder)
            yield None if copied is None else Placed(copied, new=True)


def _exported(path: Path, folder: Path, link: bool) -> Path | None:
    """Where an earlier export has put ``path``; a link does not count as a copy."""
    for target in _names(folder, path.name):
        if not os.path.lexists(target):
            return None
        with suppress(OSError):
            if target.is_symlink():
                if link and target.readlink() == path:
                    return target
            elif target.is_file() and filecmp.cmp(path, target, shallow=False):
                return target
    raise AssertionError  # _names has no end


class _PhotoUnreadable(Exception):
    """The photo's own file can't be read (the copy's errors are errors of the folder)."""


def _copy(path: Path, folder: Path) -> Path | None:
    try:
        with written_beside(folder / path.name) as (beside, file):
            for part in _parts(path):
                file.write(part)
    except _PhotoUnreadable:
        return None
    with suppress(OSError):  # times and permissions, where the file system has them
        shutil.copystat(path, beside)

    def give_name(target: Path) -> None:
        target.open("xb").close()  # never over another file
        beside.replace(target)

    try:
        return _free(folder, path.name, give_name)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _parts(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while part := file.read(_PART):
                yield part
    except OSError as error:
        raise _PhotoUnreadable from error


def _free(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Call ``make`` with the first free name in ``folder``, and return that path."""
    for target in _names(folder, name):
        try:
            make(target)
            return target
        except FileExistsError:
            continue
    raise AssertionError  # _names has no end


def _names(folder: Path, name: str) -> Iterator[Path]:
    """``name`` in ``folder``, then "name (2)", "name (3)" and so on."""
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    for number in count(1):
        yield folder / (name if number == 1 else f"{stem} ({number}){suffix}")


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
