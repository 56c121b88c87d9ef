"""The lines of a file of marks, read and checked one by one; ``marks`` says what they are."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from store.errors import FileRefused
from store.filters import HIDDEN
from store.vectors import are_unit

_FORMAT, _VERSION = "clipsearch marks", 2
FIRST_LINE: dict[str, Any] = {"format": _FORMAT, "version": _VERSION}


@dataclass(frozen=True)
class TagLine:
    """The tags of one picture, whether it is hidden, and where it was."""

    digest: bytes
    paths: tuple[str, ...]
    tags: tuple[str, ...]
    hidden: bool = False


@dataclass(frozen=True)
class AlbumLine:
    """One picture of an album, and where it was. ``album`` is as it was written."""

    album: str
    digest: bytes
    paths: tuple[str, ...]


@dataclass(frozen=True)
class ExampleLine:
    """One example of a concept. ``vector`` is as its row has it."""

    concept: str
    path: str
    negative: bool
    digest: bytes | None
    model: str
    fingerprint: str
    vector: bytes


@dataclass(frozen=True)
class SearchLine:
    """A saved search."""

    name: str
    query: str


MarkLine = TagLine | AlbumLine | ExampleLine | SearchLine


def read_lines(lines: Iterable[bytes], file: str) -> list[MarkLine]:
    """The marks in the lines of a file that is called ``file``.

    Raises:
        FileRefused: a line is not what it should be; it says which.
    """
    marks: list[MarkLine] = []
    begun = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise _Wrong("it is not an object")
            if begun:
                marks.append(_mark(value))
            else:
                _check_first(value)
                begun = True
        except (_Wrong, ValueError) as error:  # ValueError: JSON's and Unicode's own
            why = error if isinstance(error, _Wrong) else "it is not JSON"
            raise FileRefused(
                f"{file}, line {number}, can't be understood: {why}. Nothing was imported."
            ) from error
    if not begun:
        raise FileRefused(f"{file} is empty. Nothing was imported.")
    return marks


class _Wrong(Exception):
    """Why a line is not taken."""


def _check_first(value: dict[str, Any]) -> None:
    if value.get("format") != _FORMAT:
        raise _Wrong(f'the first line of a file of marks has "format": "{_FORMAT}"')
    version = value.get("version")
    if not isinstance(version, int) or not 1 <= version <= _VERSION:
        raise _Wrong(
            f"it has version {version!r}, this clipsearch reads up to {_VERSION} "
            "(update it: pip install --upgrade clipsearch)"
        )


def _mark(value: dict[str, Any]) -> MarkLine:
    if "concept" in value:
        digest = value.get("digest")
        return ExampleLine(
            concept=_word(value, "concept", "".join).lower(),
            path=_text(value, "path"),
            negative=_bool(value, "negative"),
            digest=None if digest is None else _digest(value),
            model=_plain(value, "model"),
            fingerprint=_plain(value, "fingerprint"),
            vector=_vector(value),
        )
    if "search" in value:
        return SearchLine(_plain(value, "search"), _plain(value, "query"))
    if "tags" in value:
        tags = [_word({"tag": tag}, "tag", " ".join).lower() for tag in _list(value, "tags")]
        # An earlier clipsearch takes the mark of hidden photos for a tag like any other.
        hidden = HIDDEN in tags or ("hidden" in value and _bool(value, "hidden"))
        kept = tuple(tag for tag in tags if tag != HIDDEN)
        return TagLine(_digest(value), _paths(value), kept, hidden)
    if "album" in value:
        return AlbumLine(_word(value, "album", " ".join), _digest(value), _paths(value))
    raise _Wrong('it has none of "tags", "album", "concept", "search"')


def _paths(value: dict[str, Any]) -> tuple[str, ...]:
    return tuple(_text({"path": path}, "path") for path in _list(value, "paths"))


def _text(value: dict[str, Any], key: str) -> str:
    """A text that is not empty; a path may hold what no file of text can (lone surrogates)."""
    text = value.get(key)
    if not isinstance(text, str) or not text or "\0" in text:
        raise _Wrong(f'"{key}" is not a text')
    return text


def _plain(value: dict[str, Any], key: str) -> str:
    text = _text(value, key)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _Wrong(f'"{key}" is not a text') from error
    return text


def _word(value: dict[str, Any], key: str, join: Any) -> str:
    """A name without surplus spaces, as the commands take it."""
    cleaned: str = join(_plain(value, key).split())
    if not cleaned:
        raise _Wrong(f'"{key}" is empty')
    return cleaned


def _list(value: dict[str, Any], key: str) -> list[Any]:
    items = value.get(key, [])
    if not isinstance(items, list):
        raise _Wrong(f'"{key}" is not a list')
    return items


def _bool(value: dict[str, Any], key: str) -> bool:
    flag = value.get(key)
    if not isinstance(flag, bool):
        raise _Wrong(f'"{key}" is neither true nor false')
    return flag


def _digest(value: dict[str, Any]) -> bytes:
    try:
        digest = bytes.fromhex(_text(value, "digest"))
    except ValueError as error:
        raise _Wrong('"digest" is not hexadecimal') from error
    if len(digest) != 32:
        raise _Wrong('"digest" is not 32 bytes long')
    return digest


def _vector(value: dict[str, Any]) -> bytes:
    try:
        vector = base64.b64decode(_text(value, "vector"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _Wrong('"vector" is not base64') from error
    if not vector or len(vector) % 4:
        raise _Wrong('"vector" is not made of 32-bit numbers')
    if not are_unit(np.frombuffer(vector, "<f4")[None])[0]:
        raise _Wrong('"vector" is not of length 1')
    return vector
