"""The columns of all photos in files beside the index, mapped rather than read.

``columns-<model>.json`` is renamed into place last and names the other file, which is written anew
under a new number each time: whoever has the last one mapped goes on seeing it. Both are checked
whole, by CRC-32, when they are opened (some 110 MB of a million photos), so that nothing damaged is
ever shown. They are derived, and what a power cut takes is made again: nobody waits for a disk.
"""

from __future__ import annotations

import json
import mmap
import zlib
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from store.columns import Column, ColumnArrays
from store.files.atomic import replaced, write_whole
from store.values import ModelInfo

_FORMAT = 2
_ALIGNED = 64  # bytes, to which each array begins
_TEXTS = ("camera", "place", "format", "keyword")
_TYPES = {
    **{"ids": "<i8", "taken": "<M8[s]", "month": "<i4", "by_camera": "|b1"},
    **{"by_time": "<i4", "width": "<i4", "height": "<i4", "latitude": "<f8", "longitude": "<f8"},
    **{"away": "|b1", "folder": "<i4", "digests": "|u1"},
    **{"by_digest": "<i4", "digest_keys": "<u8"},
    **{"path_row": "<i4", "path_folder": "<i4", "path_taken": "<M8[s]", "path_away": "|b1"},
    "keyword_row": "<i4",
    **dict.fromkeys(_TEXTS, "<i4"),
}
assert {*_TYPES, "folders"} == {field.name for field in fields(ColumnArrays)}


@dataclass(frozen=True)
class SavedColumns:
    """Columns as they were saved, with the token and the time zone that they were saved under."""

    arrays: ColumnArrays
    token: str
    zone: str


class ColumnFiles:
    """The files of the columns of one model's photos in ``folder``."""

    def __init__(self, folder: Path, model: ModelInfo) -> None:
        self._folder, self._model = folder, model
        self._name = f"columns-{model.id}"
        self.manifest = folder / f"{self._name}.json"

    def token(self) -> str | None:
        """What was saved was saved under this; the columns themselves are not looked at."""
        try:
            facts = self._facts()
            place = self._folder / facts["file"]
            return str(facts["token"]) if place.stat().st_size == facts["size"] else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def load(self, *, check: bool = True) -> SavedColumns | None:
        """What was saved; None if it is missing, damaged, or of another model or version.

        Args:
            check: read all of it to see that; need not be done by who has just written it.
        """
        try:
            facts = self._facts()
            if facts["fingerprint"] != self._model.fingerprint:
                return None
            content = self._mapped(facts, check=check)
            arrays = {
                name: np.frombuffer(content, _TYPES[name], count, start)
                for name, (start, count) in facts["arrays"].items()
            }
            start, length = facts["texts"]
            texts = json.loads(bytes(content[start : start + length]))
            arrays["digests"] = arrays["digests"].reshape(-1, 32)
            columns = {name: Column(texts[name], arrays.pop(name)) for name in _TEXTS}
            folders = [(int(root), str(folder)) for root, folder in texts["folders"]]
            kept = ColumnArrays(**arrays, **columns, folders=folders)  # type: ignore[arg-type]
            return SavedColumns(kept, str(facts["token"]), str(facts["zone"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, arrays: ColumnArrays, token: str, zone: str) -> None:
        """Save ``arrays`` under ``token``, in place of what was saved before.

        Raises:
            OSError: they can't be written.
        """
        texts: dict[str, Any] = {name: list(getattr(arrays, name).names) for name in _TEXTS}
        texts["folders"] = list(arrays.folders)
        path = self._new()
        places: dict[str, tuple[int, int]] = {}
        crc32 = 0
        with replaced(path, keep=False) as file:

            def write(content: bytes | memoryview) -> int:
                """Returns where it begins."""
                nonlocal crc32
                start = file.tell()
                padding = bytes(-(start + len(content)) % _ALIGNED)
                for part in (content, padding):
                    file.write(part)
                    crc32 = zlib.crc32(part, crc32)
                return start

            for name, dtype in _TYPES.items():
                values = getattr(arrays, name)
                values = values.codes if name in _TEXTS else values
                plain = np.ascontiguousarray(values, dtype).view(np.uint8).reshape(-1)
                places[name] = write(plain.data), values.size
            listed = json.dumps(texts).encode()
            listed_at = write(listed), len(listed)
            size = file.tell()
        facts = {
            "token": token,
            "zone": zone,
            "fingerprint": self._model.fingerprint,
            "file": path.name,
            "size": size,
            "crc32": crc32,
            "arrays": places,
            "texts": listed_at,
        }
        text = json.dumps(facts)
        manifest = {"format": _FORMAT, "crc32": zlib.crc32(text.encode()), "facts": text}
        write_whole(self.manifest, json.dumps(manifest).encode(), keep=False)
        self._sweep({self.manifest.name, path.name})

    def _facts(self) -> dict[str, Any]:
        whole = json.loads(self.manifest.read_text())
        text = str(whole["facts"])
        if whole["format"] != _FORMAT or whole["crc32"] != zlib.crc32(text.encode()):
            raise ValueError("damaged")
        facts: dict[str, Any] = json.loads(text)
        return facts

    def _mapped(self, facts: dict[str, Any], *, check: bool) -> mmap.mmap:
        with (self._folder / facts["file"]).open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(content) != facts["size"] or (check and zlib.crc32(content) != facts["crc32"]):
            raise ValueError("damaged")
        return content

    def _new(self) -> Path:
        """A path that was not used yet: somebody may have the last one open."""
        used = [path.name.split(".")[1] for path in self._folder.glob(f"{self._name}.*.bin")]
        number = 1 + max((int(n) for n in used if n.isdigit()), default=0)
        return self._folder / f"{self._name}.{number}.bin"

    def _sweep(self, kept: set[str]) -> None:
        for path in self._folder.glob(f"{self._name}.*"):
            if path.name not in kept:
                with suppress(OSError):  # Windows: somebody has it open; removed next time
                    path.unlink()
