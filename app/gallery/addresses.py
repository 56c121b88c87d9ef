"""Addresses of pictures: they name the library that a picture is from, and the content it shows.

A browser caches pictures by their address. The numbers of contents begin at 1 in every library, so
that a number alone could show a picture from a different library that was once served here.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from store.columns import Columns
from store.library import Library
from store.vectors import Ids

_DIGITS = 8  # hexadecimal


def library_token(folder: Path) -> str:
    """A token for the library in ``folder``: eight hexadecimal digits, the same every time."""
    return hashlib.sha256(bytes(folder.resolve())).hexdigest()[:_DIGITS]


def short_digests(columns: Columns, ids: Ids) -> list[str]:
    """The first eight hexadecimal digits of each content's SHA-256, in order of ``ids`` (n,).

    A content that is not (or no longer) in the columns has an empty one.
    """
    if not len(columns.ids):
        return [""] * len(ids)
    places = np.minimum(np.searchsorted(columns.ids, ids), len(columns.ids) - 1)
    known = columns.ids[places] == ids
    digests = columns.digest[places].tolist()
    return [f"{digest:08x}" if there else "" for digest, there in zip(digests, known, strict=True)]


def with_digests(columns: Columns, ids: list[int]) -> list[tuple[int, str]]:
    """Each of ``ids`` with its short digest, from which the page makes an address."""
    return list(zip(ids, short_digests(columns, np.array(ids, np.int64)), strict=True))


def is_of(library: Library, token: str, content_id: int, short_digest: str) -> bool:
    """Whether an address belongs to ``library``, and its content is still the one that it names."""
    if token != library_token(library.folder):
        return False
    digest = library.digest(content_id)
    return digest is not None and digest.hex()[:_DIGITS] == short_digest
