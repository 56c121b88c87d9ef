"""How long a video takes to be looked at, by its length and codec: its digest, and its frames.

    python -m benchmarks.bench_video [--longest 36000]

Made videos of 1280 x 720 pixels, 30 frames a second: seven scenes of two seconds, in which a sample
photo moves, again and again. Their packets are encoded once and written as often as they fit, so
that ten hours take seconds to make. To embed the frames comes on top (``bench_encode``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks import report
from benchmarks.samples import sample_files
from indexer.videos.decode_video import decode_video
from indexer.videos.video_files import video_digest

WIDTH, HEIGHT, RATE = 1_280, 720, 30
SCENES, SCENE_S = 7, 2
CODECS = (("h264", "libx264", "mp4"), ("hevc", "libx265", "mp4"), ("vp8", "libvpx", "webm"))
LENGTHS = (14, 60, 600, 3_600, 36_000)
SIDE = 224  # what the starter model sees


def pictures() -> list[Image.Image]:
    """Sample photos, a little larger than a frame."""
    size = (WIDTH + SCENE_S * RATE, HEIGHT)
    paths = sample_files()
    opened = (Image.open(path).convert("RGB") for path in paths)
    coloured = (one for one in opened if np.asarray(one).std(axis=2).mean() > 5)
    return [one.resize(size) for one in islice(coloured, SCENES)]


def make_video(path: Path, codec: str, seconds: int) -> None:
    """Write a video of about so many seconds."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.bit_rate = 400_000
        stream.codec_context.gop_size = SCENE_S * RATE
        stream.codec_context.max_b_frames = 0  # so that packets can be written once more
        stream.codec_context.options = {
            **{"deadline": "realtime", "cpu-used": "8"},
            **{"preset": "ultrafast", "x265-params": "log-level=none"},
        }
        packets = []
        for picture in pictures():
            for number in range(SCENE_S * RATE):
                shown = picture.crop((number, 0, number + WIDTH, HEIGHT))
                frame = av.VideoFrame.from_ndarray(np.asarray(shown), format="rgb24")
                packets += stream.encode(frame)
        packets += stream.encode()
        once = SCENES * SCENE_S * RATE
        times = [(packet.pts or 0, packet.dts or 0) for packet in packets]
        ticks = (times[-1][0] - times[0][0]) // (once - 1)
        for again in range(max(1, seconds // (SCENES * SCENE_S))):
            for packet, (pts, dts) in zip(packets, times, strict=True):
                copy = av.Packet(bytes(packet))
                copy.stream, copy.time_base = stream, packet.time_base
                copy.is_keyframe = packet.is_keyframe
                copy.pts, copy.dts = pts + again * once * ticks, dts + again * once * ticks
                container.mux(copy)


def hashed(path: Path) -> bytes:
    with path.open("rb") as file:
        return video_digest(file)


def looked_at(path: Path) -> int:
    """How many frames stand for it."""
    with path.open("rb") as file:
        return len(decode_video(file, path.name, SIDE)[0])


def main() -> None:
    parser = report.parser(__doc__, rounds=3)
    parser.add_argument("--longest", type=int, default=36_000, help="seconds")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    kinds = [(CODECS[0], length) for length in LENGTHS]
    kinds += [(codec, 60) for codec in CODECS[1:]]
    with tempfile.TemporaryDirectory() as place:
        for (name, codec, ending), length in kinds:
            if length > options.longest:
                continue
            path = Path(place, f"{name}-{length}.{ending}")
            make_video(path, codec, length)
            works: dict[str, Callable[[], object]] = {
                "digest": partial(hashed, path),
                "frames": partial(looked_at, path),
            }
            times = report.alternating(works, options.rounds)
            rows.append(
                {
                    "codec": name,
                    "seconds": length,
                    "MB": path.stat().st_size / 1e6,
                    "digest s": times["digest"],
                    "frames s": times["frames"],
                    "frames": looked_at(path),
                }
            )
            path.unlink()
    report.show("bench_video: a video's digest and frames", rows, options)


if __name__ == "__main__":
    main()
