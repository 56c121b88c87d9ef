"""When a whole batch fails: find the files that are to blame, or end the run.

A batch can fail because of one file in it, or because the model, the disk or the library is broken.
The latter must end the run: else every photo would be called damaged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np

from indexer.encoders.encoder import Pixels
from indexer.text import reason_of
from store.errors import ClipsearchError, ModelFailed
from store.states import State
from store.values import FileRecord
from store.vectors import Vectors

REASON_LENGTH = 200
"""The most characters of an exception's message that go into the ledger."""

ENOUGH = 4
"""If this many pictures all fail, the model is to blame, even if it encodes a plain picture."""


@dataclass
class Encoded:
    """The outcome of a batch.

    Attributes:
        vectors: the embedding (dim,) of each picture that has one, by digest.
        reasons: why the other pictures have none, by digest.
        error: set if the model does not work; to be raised once the rest is recorded.
    """

    vectors: dict[bytes, Vectors] = field(default_factory=dict)
    reasons: dict[bytes, str] = field(default_factory=dict)
    error: Exception | None = None


def take_over(
    batch: Future[Vectors],
    encode: Callable[[Sequence[Pixels]], Vectors],
    pixels: Mapping[bytes, Pixels],
    plain: Callable[[], Pixels],
) -> Encoded:
    """The outcome of ``batch``, whose vectors are in the order of ``pixels``.

    A vector that is not finite counts as none. If the batch failed, its pictures are encoded one by
    one; see ``encode_each``.
    """
    try:
        done = Encoded(dict(zip(pixels, batch.result(), strict=True)))
    except Exception as error:  # perhaps because of one of them
        done = encode_each(encode, pixels, plain, error)
    for digest, vector in list(done.vectors.items()):
        if not np.isfinite(vector).all():
            del done.vectors[digest]
            done.reasons[digest] = "the model gave no finite embedding for it"
    return done


def encode_each(
    encode: Callable[[Sequence[Pixels]], Vectors],
    pixels: Mapping[bytes, Pixels],
    plain: Callable[[], Pixels],
    first: Exception,
) -> Encoded:
    """Encode pictures one by one, after encoding them all at once has failed with ``first``.

    Args:
        plain: makes a picture that any working model can encode. It is tried after each failure:
            if it fails too, the model is to blame, not the picture.
    """
    done = Encoded()
    if isinstance(first, ClipsearchError) and not isinstance(first, ModelFailed):
        done.error = first  # an error of our own is about the model, not about a picture
        return done
    for digest, one in pixels.items():
        try:
            (done.vectors[digest],) = encode([one])
        except Exception as error:  # engines raise anything
            try:
                encode([plain()])
            except Exception:
                done.error = first
                return done
            done.reasons[digest] = f"the model can't encode it: {reason_of(error, REASON_LENGTH)}"
    if not done.vectors and len(done.reasons) >= ENOUGH:
        return Encoded(error=first)
    return done


def record_each(
    record: Callable[[Sequence[FileRecord]], None],
    files: Sequence[FileRecord],
    first: Exception,
) -> dict[int, FileRecord]:
    """Record files one by one, after recording them all at once has failed with ``first``.

    Returns, by place in ``files``, the records that replace those which the library refuses: a
    failure with its reason, without the file's content. If even that is refused, the ledger lacks
    the file, and a later run tries it again.

    Raises:
        ClipsearchError: the library can't be written to.
        Exception: ``first``, if the library takes nothing.
    """
    if isinstance(first, ClipsearchError):  # full, locked, damaged, gone
        raise first
    refused: dict[int, FileRecord] = {}
    for number, file in enumerate(files):
        if error := _refusal(record, file):
            reason = f"it can't be recorded: {reason_of(error, REASON_LENGTH)}"
            refused[number] = replace(file, state=State.DAMAGED, reason=reason, picture=None)
    if len(refused) == len(files) and len(files) >= ENOUGH:
        raise first
    lost = 0
    for number, file in refused.items():
        if _refusal(record, file):
            refused[number] = replace(file, size=0, mtime_ns=0)  # one of these may be to blame
            lost += _refusal(record, refused[number]) is not None
    if lost == len(files):
        raise first
    return refused


def _refusal(record: Callable[[Sequence[FileRecord]], None], file: FileRecord) -> Exception | None:
    """Try to record one file; the error if it can't be recorded, else None."""
    try:
        record([file])
    except ClipsearchError:
        raise
    except Exception as error:  # SQLAlchemy's, sqlite3's and Python's own
        return error
    return None
