"""How long the first use of a model takes: from the command to the first photo, and to many.

    python -m benchmarks.bench_first_use [--random ViT-B-32-256] [--before CHECKOUT]

``clipsearch index`` in a process of its own, into a new library and with an empty cache, so that
the model is loaded, converted and checked; it is killed when it has embedded so many photos. These
are those of scikit-image and scikit-learn, each cut in several ways. ``CHECKOUT`` is a folder with
an earlier version of clipsearch, which takes turns with this one.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks import report
from benchmarks.bench_encode import random_model
from benchmarks.samples import sample_files

HERE = Path(__file__).parent.parent
SIDE = 500


def cut_photos(folder: Path, count: int) -> None:
    """``count`` different JPEGs in ``folder``, which is made, cut from the sample photos."""
    folder.mkdir()
    paths = sample_files()
    wholes = [Image.open(path).convert("RGB") for path in paths]
    for number in range(count):
        whole = wholes[number % len(wholes)]
        step = 1 + number // len(wholes)
        box = (step, step, max(step + 1, whole.width - step), max(step + 1, whole.height - step))
        cut = whole.crop(box)
        cut.thumbnail((SIDE, SIDE))
        cut.save(folder / f"{number:05}.jpg", quality=90)


def first_use(source: Path, photos: Path, model: str, many: int) -> dict[str, float]:
    """Seconds until the first photo and the photo ``many`` are embedded, and the processor seconds
    of the latter. The command is killed then."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        command = [sys.executable, "-c", "from app.cli import cli; cli()", "index", str(photos)]
        command += ["--json", "--library", str(place / "library"), "--model", model]
        environment = {**os.environ, "CLIPSEARCH_CACHE": str(place / "cache")}
        marks: dict[str, float] = {}
        start = time.perf_counter()
        with subprocess.Popen(
            command, cwd=source, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                now = time.perf_counter() - start
                event = json.loads(line)
                finished = event["event"] == "finished"
                embedded = event.get("embedded", 0)
                if embedded or finished:
                    marks.setdefault("first", now)
                if embedded >= many or finished:
                    marks["many"] = now
                    break
            process.kill()
            _, _, used = os.wait4(process.pid, 0)
            process.returncode = 0
        if "many" not in marks:
            raise SystemExit(f"{command} failed")
        return {**marks, "processor": used.ru_utime + used.ru_stime}


def main() -> None:
    parser = report.parser(__doc__, rounds=3)
    parser.add_argument("--random", help="an architecture of open_clip, instead of the starter")
    parser.add_argument("--before", type=Path, help="a folder with an earlier version")
    parser.add_argument("--photos", type=int, default=600)
    parser.add_argument("--many", type=int, default=500)
    options = parser.parse_args()
    sources = {"before": options.before.resolve()} if options.before else {}
    sources["today"] = HERE
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in sources}
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        cut_photos(place / "photos", options.photos)
        (place / "model").mkdir()
        model = random_model(options.random, place / "model") if options.random else "starter"
        for _ in range(options.rounds):
            for name, source in sources.items():
                runs[name].append(first_use(source, place / "photos", model, options.many))
    rows: list[dict[str, Any]] = [
        {
            "version": name,
            "first photo, s": statistics.median(run["first"] for run in taken),
            "least s": min(run["first"] for run in taken),
            f"photo {options.many}, s": statistics.median(run["many"] for run in taken),
            "least s ": min(run["many"] for run in taken),
            "processor s": statistics.median(run["processor"] for run in taken),
        }
        for name, taken in runs.items()
    ]
    shown = f"{options.random}, random weights" if options.random else "starter"
    report.show(f"bench_first_use: {shown}, {options.photos} photos", rows, options)


if __name__ == "__main__":
    main()
