"""Addresses of pictures: they name the library that a picture is from, and the content it shows.

A browser caches pictures by their address. The numbers of contents begin at 1 in every library, so
that a number alone could show a picture from a different library that was once served here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from store.catalogue import Catalogue
from store.library import Library

_DIGITS = 8  # hexadecimal


def library_token(folder: Path) -> str:
    """A token for the library in ``folder``: eight hexadecimal digits, the same every time."""
    return hashlib.sha256(bytes(folder.resolve())).hexdigest()[:_DIGITS]


def with_digests(catalogue: Catalogue, ids: Sequence[int]) -> list[tuple[int, str]]:
    """Each of ``ids`` with the first eight hexadecimal digits of its content's SHA-256, from which
    the page makes an address; a content that is not there (any more) has none of them."""
    rows = catalogue.rows(np.array(list(dict.fromkeys(ids)), np.int64))
    digests = dict(zip(rows.ids.tolist(), rows.digests, strict=True))
    return [(id, digests.get(id, "")) for id in ids]


def digest_of(library: Library, token: str, content_id: int, short_digest: str) -> bytes | None:
    """The SHA-256 of the content that an address names; None if it does not belong to ``library``,
    or the content is not the one any more."""
    if token != library_token(library.folder):
        return None
    return _if_named(library.digest(content_id), short_digest)


def digests_of(
    library: Library, token: str, named: Sequence[tuple[int, str]]
) -> list[bytes | None]:
    """As ``digest_of``, of several contents: each is named by its id and short digest."""
    if token != library_token(library.folder):
        return [None] * len(named)
    digests = library.content_digests([id for id, _ in named])
    return [_if_named(digests.get(id), short_digest) for id, short_digest in named]


def _if_named(digest: bytes | None, short_digest: str) -> bytes | None:
    return digest if digest is not None and digest.hex()[:_DIGITS] == short_digest else None
