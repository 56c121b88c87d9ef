"""What was found, taken along: copies or links in a folder, or one sheet to look at."""

from __future__ import annotations

import html
import shutil
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from app.paths import absolute
from app.results import Hit
from indexer.scan import printable


def export(hits: Sequence[Hit], folder: Path, *, link: bool = False) -> Iterator[Path | None]:
    """Copy (or ``link`` to) each hit into ``folder``, under a name that was free there.

    Yields where each one is now; None for one that can't be read at this moment.

    Raises:
        OSError: ``folder`` can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for hit in hits:
        if not hit.path.is_file():
            yield None
            continue
        yield _place(hit.path, folder, link)


def _place(path: Path, folder: Path, link: bool) -> Path:
    for number in count(1):
        target = folder / (path.name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        try:
            if link:
                target.symlink_to(path)
            else:
                with target.open("xb") as new, path.open("rb") as old:  # never over another file
                    shutil.copyfileobj(old, new)
                shutil.copystat(path, target)
            return target
        except FileExistsError:
            continue
    raise AssertionError  # count() has no end


def contact_sheet(hits: Sequence[Hit], title: str) -> str:
    """An HTML page with all hits; it refers to the files where they are."""
    figures = "\n".join(
        f'<figure><a href="{_address(hit.path)}"><img loading="lazy" src="{_address(hit.path)}" '
        f'alt=""></a><figcaption>{html.escape(printable(hit.path.name))}<br>'
        f"{hit.taken_at:%Y-%m-%d}</figcaption></figure>"
        for hit in hits
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<style>
body {{ font: 15px/1.4 system-ui, sans-serif; margin: 2rem; background: #fff; color: #222 }}
main {{ display: flex; flex-wrap: wrap; gap: 1rem }}
figure {{ margin: 0 }} img {{ height: 14rem; border-radius: 4px }}
figcaption {{ font-size: 12px; color: #666; max-width: 20rem; overflow-wrap: anywhere }}
@media (prefers-color-scheme: dark) {{ body {{ background: #181818; color: #ddd }} }}
</style></head><body><h1>{html.escape(title)}</h1><main>
{figures}
</main></body></html>
"""


def _address(path: Path) -> str:
    return html.escape(absolute(path).as_uri())
