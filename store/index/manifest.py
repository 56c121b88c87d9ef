"""The manifest of a vector index: what ties its files together, and what it says at a glance.

Without NumPy, whose import would take longer than the glance.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.values import ModelInfo

if TYPE_CHECKING:
    from store.index.effort import Effort

_FORMAT = 3
_KNOWN = (2, _FORMAT)
"""Of the one before, all but the approximate part can be used."""


@dataclass(frozen=True)
class Glance:
    """The token of a saved index, and what is due.

    Attributes:
        needs_training: its approximate part is to be made, or measured.
        effort: how much of its approximate part a search looks at; None while it has none.
    """

    token: str
    needs_training: bool
    effort: Effort | None


def path_in(folder: Path, model: ModelInfo) -> Path:
    return folder / f"vectors-{model.id}.json"


def glance(folder: Path, model: ModelInfo) -> Glance | None:
    """What was saved, if all of its files seem to be there; nothing big is read."""
    try:
        facts = read(path_in(folder, model))
        for part in (facts["rows"], facts["ids"], facts["approximate"]):
            if part and (folder / part["file"]).stat().st_size < part["size"]:
                return None
        effort = effort_in(facts) if facts["approximate"] else None
        unmeasured = effort is not None and not effort.count
        return Glance(str(facts["token"]), bool(facts["needs_training"]) or unmeasured, effort)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def effort_of(folder: Path, model: ModelInfo) -> Effort | None:
    """How much of its approximate part a search looks at; None while there is no such part."""
    seen = glance(folder, model)
    return seen.effort if seen else None


def read(path: Path) -> dict[str, Any]:
    """The facts in a manifest.

    Raises:
        OSError, ValueError, KeyError, TypeError: it is missing, or damaged.
    """
    whole = json.loads(path.read_text())
    text = str(whole["facts"])
    if whole["format"] not in _KNOWN or whole["crc32"] != zlib.crc32(text.encode()):
        raise ValueError("damaged")
    facts: dict[str, Any] = json.loads(text)
    if whole["format"] != _FORMAT and facts["approximate"]:
        facts |= {"approximate": None, "effort": {}, "needs_training": True}
    return facts


def write(path: Path, facts: dict[str, Any]) -> None:
    """Write it whole or not at all."""
    from store.files.atomic import write_whole

    text = json.dumps(facts)
    manifest = {"format": _FORMAT, "crc32": zlib.crc32(text.encode()), "facts": text}
    write_whole(path, json.dumps(manifest).encode())


def effort_in(facts: dict[str, Any]) -> Effort:
    """How much of its approximate part a search looks at, of an index that has one."""
    from store.index.effort import Effort

    measured: dict[str, Any] = facts.get("effort", {})  # earlier versions did not measure
    return Effort(**measured | ({"lists": tuple(measured["lists"])} if measured else {}))
