"""The work of ``clipsearch doctor``: find damage, take good copies, else read photos again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

import numpy as np

from app import services
from app.config import Config
from app.text import plural
from indexer.encoders.lazy_encoder import LazyEncoder
from indexer.events import FileFailed, Finished
from indexer.folders.reread import steps_for
from indexer.folders.steps import Step
from indexer.pipeline import run_index
from indexer.probe_texts import probe_vectors
from store.errors import ModelError
from store.library import Library
from store.sql.dialect.invariants import REASON
from store.states import State
from store.values import ModelInfo, Tell, silent
from store.vectors import Ids, Vectors
from store.writer import LibraryWriter

_NONE: Ids = np.empty(0, np.int64)


@dataclass
class Findings:
    """What was done, and what is still wrong, both in plain lines."""

    said: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _ToRead:
    """The ids of contents that have no good vector, and of those whose digest is in doubt."""

    lost: Ids
    doubtful: Ids


def examine(library: Library, config: Config, tell: Tell = silent) -> Findings:
    """Check the library and mend what can be mended.

    Args:
        tell: takes a line for the user, where others are waited for.

    Raises:
        LibraryNotFound: nothing was ever indexed.
        LibraryBusy: another process is changing it.
        LibraryDamaged: the database is too damaged to be read.
    """
    findings = Findings([library.warning] if library.warning else [])
    with library.writing(tell) as writer:
        findings.said += [f"Mended: {line}." for line in writer.mend_rows()]
        model = services.answering_model(library)
        to_read = _ToRead(_NONE, _NONE)
        for one in library.models():
            mended = _mend_vectors(writer, one, findings, on_server=config.server is not None)
            to_read = mended if one == model else to_read
        _read_again(library, writer, model, config, to_read, findings)
        if damaged := library.thumbnails.check() + library.small_pictures.check():
            findings.said.append(
                f"Removed {plural(damaged, 'damaged thumbnail')}: what is missing is made again."
            )
        texts = partial(_texts, model, config)
        if done := writer.save_index(model, thorough=True, texts=texts):
            findings.said.append(f"The index was {done}.")
        problems = library.check(model, library.index(model).index)
        if config.server:  # whose index is among what was mended
            findings.problems = problems
        elif problems:
            findings.said += [f"Problem: {problem}." for problem in problems]
            writer.save_index(model, rebuild=True, texts=texts)
            findings.said.append("Rebuilt the index from the library's rows.")
            findings.problems = library.check(model, library.index(model).index)
        if library.unchecked:
            findings.said.append(f"Not checked: {library.unchecked}.")
    return findings


def _texts(model: ModelInfo, config: Config) -> Vectors | None:
    """What a large index is measured with, (t, dim); None without the model."""
    try:
        encoder = services.load_encoder(model.name, config, model.fingerprint, for_queries=True)
    except ModelError:
        return None
    return probe_vectors(encoder)


def _mend_vectors(
    writer: LibraryWriter, model: ModelInfo, findings: Findings, *, on_server: bool
) -> _ToRead:
    mended = writer.mend_vectors(model)
    if count := len(mended.copied):
        findings.said.append(
            f"Mended: {plural(count, 'damaged vector')}, from good copies in the index."
        )
    if count := len(mended.doubtful):
        findings.said.append(
            f"Mended: {plural(count, 'damaged checksum')}; the vectors were as in the index."
        )
    if mended.compared_again:
        findings.said.append(
            f"Mended: {plural(mended.compared_again, 'vector')} that searches compare, from the "
            "stored ones."
        )
    if count := len(mended.away):
        until_then = "a search by words does not find them. Plug in their drive, then:"
        if on_server:
            until_then = "searches find them again after a run, where they are, of:"
        findings.said.append(
            f"Not mended: {plural(count, 'damaged vector')}, because the photos are away: "
            f"{until_then} clipsearch index"
        )
    return _ToRead(mended.to_read, mended.doubtful)


def _read_again(
    library: Library,
    writer: LibraryWriter,
    model: ModelInfo,
    config: Config,
    to_read: _ToRead,
    findings: Findings,
) -> None:
    """Read photos again: those without a good vector, and those whose own rows were damaged."""
    lost = library.photos_of(to_read.lost.tolist())
    doubtful = library.photos_of(to_read.doubtful.tolist())
    entries = [one for one in library.files([State.UNREADABLE]) if one.reason == REASON]
    if not (len(to_read.lost) or doubtful or entries):
        return
    load = partial(services.load_encoder, model.name, config, model.fingerprint)
    encoder = LazyEncoder(model, load)
    if lost:
        try:
            _ = encoder.image_size  # loads the model, before a vector is given up
        except ModelError as error:
            findings.said.append(
                f"{plural(len(lost), 'photo')} can't be read again without the model: {error}"
            )
            return
    writer.remove_vectors(model, to_read.lost)
    steps: Iterator[Step] = chain(
        steps_for(library, [photo for files in lost.values() for photo in files]),
        steps_for(library, entries),
        steps_for(library, [photo for files in doubtful.values() for photo in files], "verify"),
    )
    for event in run_index(library, writer, encoder, [], steps=steps):
        if isinstance(event, FileFailed):
            findings.said.append(f"{event.path} can't be read again: {event.reason}.")
        elif isinstance(event, Finished) and event.summary.opened:
            findings.said.append(f"Read again: {plural(event.summary.opened, 'photo')}.")
