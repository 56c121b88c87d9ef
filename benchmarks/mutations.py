"""Damaged pictures of every format, by the thousand: each must be read, or refused with a reason.

    python -m benchmarks.mutations [--count 100000 --seed 1 --folder FOLDER]

Small pictures (and those of FOLDER) are changed at random: flipped bits, cut ends, exchanged
blocks, extreme numbers where lengths might be, heads of other formats. Whatever an index run does
with a file before its batch is done with each. It ends with 1 if anything but ``PhotoError`` came
out, and says how to see it again. Whether the process survives is part of the test.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from benchmarks.tiny_pictures import tiny_pictures
from indexer.encoders.preprocess import Preprocess
from indexer.pictures import decoder_stderr
from indexer.pictures.read_photo import read_photo
from indexer.pictures.thumbnails import thumbnail
from store.errors import PhotoError, Vanished

_HEAD = 200  # bytes, in which most of a format's numbers are
_PREPARE = Preprocess((64, 64), (0.5,) * 3, (0.5,) * 3, "bicubic", "shortest", 0)
_EXTREME = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**64 - 1)


def _place(data: bytearray, rng: random.Random) -> int:
    return rng.randrange(min(len(data), _HEAD) if rng.random() < 0.6 else len(data))


def _flip(data: bytearray, rng: random.Random, _other: bytes) -> None:
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        data[_place(data, rng)] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, rng: random.Random, _other: bytes) -> None:
    del data[rng.randrange(len(data)) :]


def _exchange(data: bytearray, rng: random.Random, _other: bytes) -> None:
    length = rng.choice((1, 4, 12, 64))
    one, two = sorted((_place(data, rng), _place(data, rng)))
    if one + length <= two:
        data[one : one + length], data[two : two + length] = (
            data[two : two + length],
            data[one : one + length],
        )


def _extreme(data: bytearray, rng: random.Random, _other: bytes) -> None:
    width = rng.choice((1, 2, 4, 8))
    number = rng.choice(_EXTREME) & (256**width - 1)
    place = _place(data, rng)
    data[place : place + width] = number.to_bytes(width, rng.choice(("little", "big")))


def _splice(data: bytearray, rng: random.Random, other: bytes) -> None:
    length = rng.choice((4, 8, 16, 32, 128))
    data[:length] = other[:length]


def _repeat(data: bytearray, rng: random.Random, _other: bytes) -> None:
    place, length = _place(data, rng), rng.choice((1, 8, 64))
    data[place:place] = data[place : place + length]


def _remove(data: bytearray, rng: random.Random, _other: bytes) -> None:
    place = _place(data, rng)
    del data[place : place + rng.choice((1, 2, 8, 64))]


_WAYS: list[Callable[[bytearray, random.Random, bytes], None]] = [
    *(_flip, _flip, _cut, _exchange, _extreme, _extreme, _splice, _repeat, _remove)
]


def mutate(name: str, number: int, seed: int, pictures: Mapping[str, bytes]) -> bytes:
    """The picture ``name``, damaged; the same for the same arguments."""
    rng = random.Random(f"{seed} {name} {number}")
    data = bytearray(pictures[name])
    for _ in range(rng.choice((1, 1, 2, 3))):
        if data:
            rng.choice(_WAYS)(data, rng, pictures[rng.choice(sorted(pictures))])
    return bytes(data)


@dataclass
class Trials:
    """What came of them: ``failures`` are (name, number, traceback)."""

    states: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, int, str]] = field(default_factory=list)
    slowest: tuple[float, str, int] = (0.0, "", 0)  # seconds, name, number


def try_all(count: int, seed: int, pictures: Mapping[str, bytes]) -> Trials:
    """Read ``count`` damaged pictures, of each format equally many."""
    trials = Trials()
    warnings.filterwarnings("error", module="indexer")  # they would be on the terminal
    names = sorted(pictures)
    with tempfile.TemporaryDirectory() as folder, decoder_stderr.caught():
        path = Path(folder, "a.jpg")
        for trial in range(count):
            name, number = names[trial % len(names)], trial // len(names)
            path.write_bytes(mutate(name, number, seed, pictures))
            begin = time.perf_counter()
            try:
                trials.states[_try(path)] += 1
            except Exception:
                trials.failures.append((name, number, traceback.format_exc()))
            trials.slowest = max(trials.slowest, (time.perf_counter() - begin, name, number))
    return trials


def _try(path: Path) -> str:
    """The state that a run would record."""
    try:
        image = read_photo(path, 64, lambda _digest: False).image
    except PhotoError as error:
        return str(error.state) if str(error) else "no reason"
    except Vanished:
        return "vanished"
    assert isinstance(image, Image.Image)
    assert _PREPARE(image).shape == (64, 64, 3)
    assert thumbnail(image).startswith(b"\xff\xd8")
    return "read"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="of more pictures, up to 100 kB each")
    options = parser.parse_args()
    pictures = dict(tiny_pictures())
    if options.folder:
        files = sorted(path for path in options.folder.rglob("*") if path.is_file())
        small = [path for path in files if 0 < path.stat().st_size <= 100_000]
        pictures |= {str(path.relative_to(options.folder)): path.read_bytes() for path in small}
    begin = time.monotonic()
    trials = try_all(options.count, options.seed, pictures)
    for name, number, trace in trials.failures:
        print(f"{name}, number {number}, seed {options.seed}:\n{trace}")
    states = ", ".join(f"{count:,} {state}" for state, count in trials.states.most_common())
    seconds, name, number = trials.slowest
    print(
        f"{options.count:,} mutations of {len(pictures):,} pictures in "
        f"{time.monotonic() - begin:.0f} s: {states}; {len(trials.failures):,} unexpected "
        f"exceptions. The slowest took {seconds:.1f} s ({name}, number {number})."
    )
    sys.exit(1 if trials.failures else 0)


if __name__ == "__main__":
    main()
