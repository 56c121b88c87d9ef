"""Files of photos with captions, in the formats that data sets come in.

========== ================================================================================
TSV        a header that names ``file`` and ``caption`` (and ``split``), tab-separated
token file ``name.jpg#0<TAB>caption`` on each line (Flickr8k, Flickr30k)
COCO       JSON with ``images`` (``id``, ``file_name``) and ``annotations`` (``image_id``,
           ``caption``)
Karpathy   JSON with ``images`` of ``filename``, ``split`` and ``sentences`` (``raw``)
========== ================================================================================
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.errors import DataError

_TOKEN = re.compile(r"(.+)#\d+\t(.+)")


@dataclass(frozen=True)
class Captioned:
    """Photos with captions: ``captions[n]`` belongs to ``photos[of[n]]``."""

    photos: tuple[str, ...]
    captions: tuple[str, ...]
    of: tuple[int, ...]


def read_captions(path: Path, split: str | None = None) -> Captioned:
    """The captions of a split (None: of all), with their photos in order of appearance.

    Raises:
        DataError: the file can't be read, is in none of the formats, or has no such split.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        captions = list(_json(json.loads(text)) if text.lstrip()[:1] in "{[" else _lines(text))
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} is no file of captions: neither TSV with the columns file and caption, nor a "
            "token file, nor COCO's or Karpathy's JSON."
        ) from error
    chosen = [(name, caption) for name, caption, part in captions if split in (None, part)]
    if not chosen:
        parts = sorted({part for _, _, part in captions if part})
        known = f"; it has {', '.join(parts)}" if parts else ""
        raise DataError(
            f"{path} has no captions{f' of the split {split}' if split else ''}{known}."
        )
    photos = list(dict.fromkeys(name for name, _ in chosen))
    number = {name: n for n, name in enumerate(photos)}
    return Captioned(
        tuple(photos),
        tuple(caption for _, caption in chosen),
        tuple(number[name] for name, _ in chosen),
    )


Row = tuple[str, str, str | None]  # file, caption, split


def _lines(text: str) -> Iterator[Row]:
    lines = text.splitlines()
    if lines and _TOKEN.fullmatch(lines[0]):
        for line in filter(None, lines):
            match = _TOKEN.fullmatch(line)
            if not match:
                raise ValueError(line)
            yield match[1], match[2].strip(), None
        return
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        yield row["file"], row["caption"], row.get("split")


def _json(data: dict[str, Any]) -> Iterator[Row]:
    if "annotations" in data:
        names = {image["id"]: image["file_name"] for image in data["images"]}
        for one in data["annotations"]:
            yield names[one["image_id"]], " ".join(one["caption"].split()), None
        return
    for image in data["images"]:
        name = str(Path(image.get("filepath", "")) / image["filename"])
        for sentence in image["sentences"]:
            yield name, sentence["raw"].strip(), image.get("split")
