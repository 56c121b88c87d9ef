"""The reader of text in a picture: PP-OCRv6 by rapidocr, run by OpenVINO on the CPU.

Its models are files of the package; nothing is ever downloaded. It knows Latin letters, Chinese and
Japanese; no Cyrillic, Arabic or Korean, and hardly any Greek.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
import os
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from indexer.text import reason_of
from store.errors import EngineUnavailable, ModelFailed
from store.picture_text import Box, TextLine

INSTALL = "pip install 'clipsearch[text]'"
SIDE = 1600
"""Pixels of the longer side at which letters are read, and at which small lines are looked for."""
_COARSE = 960
"""The same at which lines are looked for: larger letters are not seen any more where they are many
pixels high, and it takes a third of the time."""
_SMALL = 24
"""Pixels of a line's height at ``_COARSE``, below which there may be more lines, smaller ones."""
_LONGEST = 2.5
"""Times its shorter side that a piece is long: long screenshots are read piece by piece."""
_OVERLAP = 0.2
_LEAST = 0.6
_LEAST_FOR_ONE = 0.95
"""How sure the reader has to be of a line, and of a single letter, which leaves and tiles look
like."""
_FEW, _DENSE = 2, 500
"""A picture is read once more, turned, if it has no more sure letters than that, and by that much
fewer than a part of it, covered with what is not sure: so many for the whole picture."""
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}


def is_available() -> bool:
    """Whether the packages of the extra ``text`` are installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "openvino"))


def require() -> None:
    """Raise ``EngineUnavailable`` if they are not."""
    if not is_available():
        raise EngineUnavailable(
            f"To read the text in pictures, clipsearch needs one more package: {INSTALL}"
        )


class PictureTextReader:
    """Reads lines of text, upright or rotated. The models are loaded for the first picture.

    Args:
        threads: how many the models may use; none: half of the processors.
    """

    def __init__(self, threads: int | None = None) -> None:
        require()
        self._threads = threads or max(1, (os.cpu_count() or 1) // 2)

    @cached_property
    def name(self) -> str:
        """What reads, and by which models; it changes when another would read something else."""
        return f"rapidocr {importlib.metadata.version('rapidocr')} PP-OCRv6 small"

    def read(self, image: Image.Image) -> list[TextLine]:
        """The lines in an upright RGB picture, from the top; none if there is no text.

        Raises:
            EngineUnavailable: the reader can't be loaded.
            ModelFailed: it failed with this picture.
        """
        lines: list[TextLine] = []
        for piece in _pieces(*image.size):
            part = image.crop(piece.box)
            part.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
            lines += _within(self._read(part), piece, image.size)
        return lines

    def _read(self, image: Image.Image) -> list[TextLine]:
        """The lines in a piece, with boxes in parts of the piece."""
        lines = self._seen(image, _COARSE)
        sure = [line for line in lines if _is_sure(line)]
        if lines and _height(lines, image.size) * _COARSE < _SMALL * max(image.size):
            fine = [line for line in self._seen(image, SIDE) if _is_sure(line)]
            sure = max(sure, fine, key=_letters)
        # Lines that run up the picture are often taken for one block, which nobody can read.
        unsure = sum(_area(line) for line in lines if not _is_sure(line))
        if _letters(sure) + _FEW < unsure * _DENSE:
            turned = self._seen(image.transpose(Image.Transpose.ROTATE_270), _COARSE)
            upright = [_turned_back(line) for line in turned if _is_sure(line)]
            sure = max(sure, upright, key=_letters)
        return sure

    def _seen(self, image: Image.Image, side: int) -> list[TextLine]:
        """All that may be a line in a piece, sure or not; looked for at ``side`` pixels."""
        pixels = np.ascontiguousarray(np.asarray(image, np.uint8)[:, :, ::-1])  # as OpenCV has them
        engine = self._engine
        engine.text_det.limit_side_len = side
        try:
            read = engine(pixels)
        except Exception as error:  # of OpenCV, OpenVINO or rapidocr
            raise ModelFailed(f"the text reader failed: {reason_of(error, 200)}") from error
        if read.boxes is None or read.txts is None:
            return []
        size = np.array(image.size, np.float64)
        boxes = np.clip(np.asarray(read.boxes, np.float64) / size, 0, 1).reshape(-1, 8)
        return [
            TextLine(" ".join(text.split()), float(score), _box(box))
            for text, score, box in zip(read.txts, read.scores, boxes, strict=True)
        ]

    @cached_property
    def _engine(self) -> Any:
        import rapidocr

        models = Path(rapidocr.__file__).parent / "models"
        settings: dict[str, Any] = {
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            "Global.max_side_len": SIDE,
            "Det.limit_type": "max",
            # Else a line reaches into the next one, where there is little between them.
            "Det.use_dilation": False,
            "Det.unclip_ratio": 1.4,
            "EngineConfig.openvino.inference_num_threads": self._threads,
        }
        for part, name in _MODELS.items():
            # By their paths: by their names, rapidocr would download what is not there.
            settings[f"{part}.model_path"] = str(models / name)
            settings[f"{part}.engine_type"] = rapidocr.EngineType.OPENVINO
        try:
            engine: Any = rapidocr.RapidOCR(params=settings)
            engine._load_det_model()  # to be told the side before each picture
            return engine
        except Exception as error:  # a model that is not there, a package that does not fit
            raise EngineUnavailable(
                f"rapidocr does not work here ({reason_of(error, 100)}). Try: {INSTALL} "
                "--force-reinstall"
            ) from error


def _is_sure(line: TextLine) -> bool:
    letters = _letters([line])
    return letters > 0 and line.confidence >= (_LEAST if letters > 1 else _LEAST_FOR_ONE)


def _letters(lines: list[TextLine]) -> int:
    return sum(character.isalnum() for line in lines for character in line.text)


def _area(line: TextLine) -> float:
    """Of the upright box around a line, as a part of the picture."""
    return (max(line.box[::2]) - min(line.box[::2])) * (max(line.box[1::2]) - min(line.box[1::2]))


def _height(lines: list[TextLine], size: tuple[int, int]) -> float:
    """Of the median line, in pixels: the shorter side of its box."""
    corners = np.array([line.box for line in lines]).reshape(-1, 4, 2) * size
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)
    return float(np.median(sides.min(axis=1)))


def _turned_back(line: TextLine) -> TextLine:
    """A line of the picture turned clockwise by a quarter, in the picture as it is."""
    x, y = line.box[::2], line.box[1::2]
    corners = [value for pair in zip(y, x, strict=True) for value in (pair[0], 1 - pair[1])]
    return TextLine(line.text, line.confidence, _box(np.array(corners)))


def _box(corners: np.ndarray[Any, np.dtype[np.float64]]) -> Box:
    a, b, c, d, e, f, g, h = corners.tolist()
    return (a, b, c, d, e, f, g, h)


@dataclass(frozen=True)
class _Piece:
    """A part of a picture, in pixels; of its lines count those in the middle of ``own``.

    Attributes:
        box: left, upper, right and lower edge.
        own: along the longer side, from which pixel on and before which one.
    """

    box: tuple[int, int, int, int]
    own: tuple[float, float]


def _pieces(width: int, height: int) -> list[_Piece]:
    """The picture, or overlapping pieces of a long one."""
    short, long = sorted((width, height))
    size = min(long, int(short * _LONGEST))
    count = 1 + math.ceil((long - size) / (size * (1 - _OVERLAP)))
    starts = [round((long - size) * place / max(1, count - 1)) for place in range(count)]
    borders = [(start + size + following) / 2 for start, following in pairwise(starts)]
    owned = pairwise([-math.inf, *borders, math.inf])
    boxes = (
        (start, 0, start + size, height) if width > height else (0, start, width, start + size)
        for start in starts
    )
    return [_Piece(box, own) for box, own in zip(boxes, owned, strict=True)]


def _within(lines: list[TextLine], piece: _Piece, size: tuple[int, int]) -> list[TextLine]:
    """Lines of a piece as lines of the picture, but those that another piece has whole."""
    left, upper, right, lower = piece.box
    placed = []
    for line in lines:
        corners = np.array(line.box).reshape(4, 2) * (right - left, lower - upper) + (left, upper)
        first, last = piece.own
        if first <= corners.mean(axis=0)[0 if size[0] > size[1] else 1] < last:
            parts = (corners / size).reshape(8)
            placed.append(TextLine(line.text, line.confidence, _box(parts)))
    return placed
