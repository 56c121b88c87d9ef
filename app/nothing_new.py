"""Whether an index run would find nothing new, told without opening the library.

What a run does depends on the library's files, the folders of photos, the settings, the model's
files, and the code that is installed. A run that had nothing to do leaves a note of all five. If
the next run finds them as they were, it has nothing to do either, and prints the same; if not, or
in doubt, it really runs. So the rules of what a run has to do are not written down a second time
here.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.config import Config
from indexer.encoders.models import model_files
from indexer.events import Summary
from indexer.folders.sight import Sight
from indexer.folders.steps import Target
from store.errors import UnknownModel
from store.online import is_online
from store.sql.dialect.first_look import answering_model
from store.sql.dialect.read_only import is_read_only
from store.states import State
from store.values import DATABASE, RootInfo

if TYPE_CHECKING:
    from indexer.encoders.encoder import Encoder
    from store.library import Library

NOTE = "nothing-new.json"
"""The file in a library's folder that says what a run saw which had nothing to do."""

_TOP = Path(__file__).parent.parent
_CODE = ("app", "indexer", "store")
_LOG = "-wal"  # of SQLite, for as long as somebody has the database open
_WITHOUT_CONTENT = (".lock", "-shm")  # the latter is an index of the log

_COUNTS = ("seen", "unchanged", "other", "failed")
"""What ``Summary`` counts in a run that has nothing to do."""


def again(config: Config, folders: Sequence[Path]) -> Summary | None:
    """The summary of the last run over ``folders`` (absolute; none: all), if it had nothing to do,
    and another would have nothing to do now.

    None: that is not certain.
    """
    if config.server or is_read_only(config.library / DATABASE):
        return None
    try:
        note = json.loads((config.library / NOTE).read_bytes())
        model = note["model"]
        if note["of"] != _conditions(config, folders, model):
            return None
        if not _is_newest(config.library, model):
            return None
        roots = [RootInfo(id, Path(path), tuple(excludes)) for id, path, excludes in note["roots"]]
        root_of = {root.id: root for root in roots}
        targets = [Target(root_of[id], folder) for id, folder in note["targets"]]
        if not all(is_online(target.root.path) for target in targets):
            return None
        if note["saw"] != Sight.of(targets, config.library, roots).hexdigest():
            return None
        counts = note["counts"] | {
            "failed": Counter({State(state): n for state, n in note["counts"]["failed"].items()})
        }
        return Summary(**counts)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


class Witness:
    """Watches one run, and leaves a note if that had nothing to do.

    To be made before the library is opened.

    Attributes:
        sight: what the run sees of the folders; ``indexer.pipeline.run_index`` fills it.
    """

    def __init__(self, config: Config, folders: Sequence[Path]) -> None:
        self.sight = Sight()
        self._config, self._folders = config, folders
        model = None if config.server else answering_model(config.library)
        self._model = model.name if model else ""
        self._before = _conditions(config, folders, self._model) if model else None
        self._note: dict[str, Any] | None = None

    def hear(
        self, library: Library, targets: Sequence[Target], encoder: Encoder, summary: Summary
    ) -> None:
        """Take in what the run did; ``library`` is still open."""
        if self._before is None or encoder.name != self._model:
            return
        if not _did_nothing(library, encoder, summary):
            return
        if self._folders and [target.path for target in targets] != list(self._folders):
            return  # named in another way than the library does, which it says
        self._note = {
            "of": self._before,
            "model": self._model,
            "saw": self.sight.hexdigest(),
            "roots": [(root.id, str(root.path), root.excludes) for root in library.roots()],
            "targets": [(target.root.id, target.folder) for target in targets],
            "counts": {name: getattr(summary, name) for name in _COUNTS},
        }

    def leave_note(self) -> None:
        """Write the note, if there is anything to say; the library is closed now."""
        if self._note is None:
            return
        if self._before != _conditions(self._config, self._folders, self._model):
            return  # somebody has changed something meanwhile
        from store.files.atomic import write_whole

        with suppress(OSError):  # without it, the next run takes longer
            write_whole(self._config.library / NOTE, json.dumps(self._note).encode(), keep=False)


def _did_nothing(library: Library, encoder: Encoder, summary: Summary) -> bool:
    """Whether a run met only what it knew, and left nothing to a later one."""
    from indexer.encoders.lazy_encoder import NOT_NEEDED

    counted = Summary(**{name: getattr(summary, name) for name in _COUNTS})
    if replace(summary, seconds=0.0) != counted or encoder.engine != NOT_NEEDED:
        return False
    # Of drives that are away too: once they are back, a run over any folder reads what is there.
    roots = library.roots()
    if library.without_thumbnail() or library.unread(roots, 1):
        return False
    return not (library.reads_text() and len(library.without_text(roots)))


def _conditions(config: Config, folders: Sequence[Path], model: str) -> str | None:
    """A digest of all that a run with ``model`` depends on, except the folders of photos.

    None: that can't be told, because the log of a database is in use, or can't be seen.
    """
    try:
        if any(path.suffix == ".db" and path.is_symlink() for path in _files(config.library)):
            return None  # its log is beside what it leads to
        files = [(path.name, path.stat()) for path in _files(config.library)]
        files += [(str(path), path.stat()) for path in model_files(model)]
        code = [fact for name in _CODE for fact in _tree(_TOP / name)]
    except (OSError, UnknownModel):
        return None
    if any(name.endswith(_LOG) and about.st_size for name, about in files):
        return None
    content = [
        (name, about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
        for name, about in files
        if not name.endswith(_LOG)
    ]
    named = sorted(item for item in os.environ.items() if item[0].startswith("CLIPSEARCH_"))
    zone = (os.environ.get("TZ"), time.tzname, time.timezone, time.altzone)
    packages = [(path, _time(path), _names(path)) for path in sys.path]
    everything = (config, folders, content, named, zone, sys.version, packages, code)
    return hashlib.blake2b(repr(everything).encode(), digest_size=16).hexdigest()


def _is_newest(library: Path, model: str) -> bool:
    """Whether the note is newer than all files that it speaks of, of the library and the model.

    Then one of them that changes after it was written has another time than it had before, however
    coarse the times of a disk are.
    """
    written = (library / NOTE).stat().st_mtime_ns
    files = [path for path in _files(library) if not path.name.endswith(_LOG)]
    return all(path.stat().st_mtime_ns < written for path in (*files, *model_files(model)))


def _files(library: Path) -> list[Path]:
    """The files of a library that what it holds depends on, in order."""
    names = sorted(os.listdir(library))  # noqa: PTH208  # as text
    return [library / n for n in names if n != NOTE and not n.endswith(_WITHOUT_CONTENT)]


def _time(path: str) -> int | None:
    """When a file or folder was changed; None where there is none."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116
    except OSError:
        return None


def _names(path: str) -> list[str]:
    """What is in a folder of packages, their versions included; [] where there is none.

    Its time says that too, but not on systems that give all that is installed the same time.
    """
    try:
        return sorted(os.listdir(path))  # noqa: PTH208  # as text
    except OSError:
        return []


def _tree(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Each file of the code by path, size and time.

    Raises:
        OSError: it can't be looked at.
    """
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _tree(Path(entry.path))
            else:
                facts = entry.stat()
                yield entry.path, facts.st_size, facts.st_mtime_ns
