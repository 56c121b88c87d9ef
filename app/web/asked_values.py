"""What a browser asks for, as JSON: read and checked value by value.

What makes no sense raises ``ValueError``, whose message is for whoever wrote the client.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from starlette.requests import Request

T = TypeVar("T")

LARGEST_BODY = 2_000_000  # bytes
_NAME_LENGTH = 100


async def body_of(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise ValueError(f"That is too large: more than {limit // 1_000_000} MB.")
    return bytes(body)


def json_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None


def ids_of(asked: dict[str, Any]) -> list[int]:
    ids = asked.get("ids")
    if not isinstance(ids, list) or not all(type(id) is int and 0 < id < 2**63 for id in ids):
        raise ValueError("ids is expected: a list of numbers.")
    return ids


def number_of(request: Request, name: str, default: T) -> int | T:
    """A number of the address; ``default`` where it is none."""
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 12 else default


def ids_listed(text: str, most: int) -> list[int]:
    """The first ``most`` ids in ``text``, separated by commas; anything else in it is left out."""
    parts = text.split(",")[:most]
    ids = (int(part) for part in parts if part.isdecimal() and len(part) < 20)
    return [id for id in dict.fromkeys(ids) if id < 2**63]


def name_of(asked: dict[str, Any], key: str = "name") -> str:
    """A name that can be kept, without surplus spaces."""
    name = asked.get(key)
    clean = " ".join(name.split()) if isinstance(name, str) else ""
    if not clean or len(clean) > _NAME_LENGTH or not clean.isprintable():
        raise ValueError(f"A name is expected, of at most {_NAME_LENGTH} characters.")
    return clean
