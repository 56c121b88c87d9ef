"""Random damage to the files of a small library: after it, the right answers or one clear line.

    python tests/damage.py [--seeds 300] [--first 0]

Each seed copies the library, damages one of its files (bits flipped, a page zeroed, the end cut
off, or emptied), asks questions as the command line does, lets ``clipsearch doctor`` at it and
asks again. Models are ``fakes.ColourEncoder``; the answers before are the right ones.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent)]

from PIL import Image

import app.services
from app.cli import cli
from fakes import COLOURS, ColourEncoder

QUESTIONS = (
    ["search", "red", "--json"],
    ["search", "blue without green", "--json"],
    ["search", "is:favourite", "--json"],
    ["search", "label:red", "--json", "--sort", "name"],
    ["search", "in:sub", "--json", "--sort", "name"],
    ["files", "--state", "indexed", "--json"],
)
PAGE = 4096


@dataclass(frozen=True)
class Trial:
    """What became of one seed: before and after ``doctor``, ``right``, ``said`` or what was wrong.

    ``said`` is one clear line and an exit code; wrong answers are whatever else there is.
    """

    what: str
    before: str
    after: str

    @property
    def is_well(self) -> bool:
        return self.before in ("right", "said") and self.after in ("right", "said")


class Sharp(ColourEncoder):
    logit_scale = 60.0


def make(place: Path) -> dict[str, str]:
    """A library of sixty photos in ``place``, with favourites; returns the right answers."""
    photos = place / "photos"
    (photos / "sub").mkdir(parents=True)
    for number in range(60):
        colour = [(channel + 3 * number) % 256 for channel in list(COLOURS.values())[number % 5]]
        name = f"{'sub/' if number % 3 else ''}{list(COLOURS)[number % 5]}{number}.png"
        Image.new("RGB", (20 + number, 20), tuple(colour)).save(photos / name)
    run(place, "index", str(photos))
    run(place, "favourite", "add", *(str(path) for path in sorted(photos.glob("*.png"))[:5]))
    run(place, "doctor")
    return answers(place)


def run(place: Path, *arguments: str) -> tuple[int, str, str]:
    """One command on the library in ``place``: exit code, output, complaints."""
    os.environ["CLIPSEARCH_LIBRARY"] = str(place / "library")
    os.environ["CLIPSEARCH_CACHE"] = str(place / "cache")
    done = CliRunner().invoke(cli, list(arguments))
    return done.exit_code, done.stdout, done.stderr


def answers(place: Path) -> dict[str, str]:
    """What each question gives; a complaint where it gives one."""
    given = {}
    for question in QUESTIONS:
        code, out, err = run(place, *question)
        if code in (0, 3):
            given[" ".join(question)] = "".join(_plain(line) for line in out.splitlines())
        elif len(err.strip().splitlines()) == 1 and "should not" not in err:
            given[" ".join(question)] = f"said: {err}"
        else:
            given[" ".join(question)] = f"WRONG: {err}{out}"
    return given


def _plain(line: str) -> str:
    """A hit as far as it must be the same, its score rounded."""
    values = json.loads(line, parse_constant=_refuse)
    if "score" in values:
        values = {
            "path": values["path"],
            "score": round(values["score"], 4),
            "tags": values["tags"],
            "size": [values["width"], values["height"]],
        }
    return json.dumps(values) + "\n"


def _refuse(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def verdict(given: dict[str, str], right: dict[str, str]) -> str:
    wrong = [
        question
        for question, answer in given.items()
        if answer != right[question] and not answer.startswith("said: ")
    ]
    if wrong:
        return "; ".join(
            f"{question} -> {_difference(given, right, question)}" for question in wrong
        )
    return "said" if any(answer.startswith("said: ") for answer in given.values()) else "right"


def _difference(given: dict[str, str], right: dict[str, str], question: str) -> str:
    if given[question].startswith("WRONG"):
        return given[question]
    lines = set(given[question].splitlines()) ^ set(right[question].splitlines())
    return f"{len(lines)} lines differ, as {sorted(lines)[:2]}"


def harm(path: Path, chance: random.Random) -> str:
    """Damage a file; returns how."""
    content = bytearray(path.read_bytes())
    kind = chance.choice(["bit", "bits", "page", "cut", "empty"])
    if kind == "empty" or not content:
        content.clear()
    elif kind == "cut":
        del content[chance.randrange(len(content)) :]
    elif kind == "page":
        start = chance.randrange(len(content)) // PAGE * PAGE
        content[start : start + PAGE] = bytes(len(content[start : start + PAGE]))
    else:
        for _ in range(1 if kind == "bit" else 20):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return kind


def trial(seed: int, original: Path, work: Path, right: dict[str, str]) -> Trial:
    """Damage a copy of ``original``, moved to where the original was made."""
    chance = random.Random(seed)
    for name in ("library", "cache"):
        shutil.rmtree(work / name, ignore_errors=True)
        shutil.copytree(original / name, work / name)
    files = sorted(
        path
        for path in [*(work / "library").rglob("*"), *(work / "cache").rglob("*")]
        if path.is_file() and not path.name.endswith((".lock", "-shm", "-wal"))
    )
    # Half of the time the database, which all else can be made from.
    path = chance.choice([chance.choice(files), work / "library" / "library.db"])
    how = harm(path, chance)
    before = verdict(answers(work), right)
    code, _, err = run(work, "doctor")
    if code and (len(err.strip().splitlines()) != 1 or "should not" in err):
        return Trial(f"{seed}: {how} of {path.name}", before, f"doctor: {err}")
    after = verdict(answers(work), right)
    return Trial(f"{seed}: {how} of {path.name}", before, after)


def trials(seeds: range, place: Path) -> list[Trial]:
    """All of ``seeds``, in ``place``."""
    right = make(place)
    original = place / "original"
    original.mkdir()
    for name in ("library", "cache"):
        shutil.copytree(place / name, original / name)
    assert verdict(answers(place), right) == "right"
    return [trial(seed, original, place, right) for seed in seeds]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    app.services.load_encoder = lambda name, *_, **__: Sharp(name)
    with tempfile.TemporaryDirectory() as place:
        results = trials(range(options.first, options.first + options.seeds), Path(place))
    counts: Counter[tuple[str, str]] = Counter()
    for one in results:
        outcome = tuple(
            said if said in ("right", "said") else "WRONG" for said in (one.before, one.after)
        )
        counts[(outcome[0], outcome[1])] += 1
        if not one.is_well:
            sys.stdout.write(f"{one.what}\n  before: {one.before}\n  after:  {one.after}\n")
    for outcome, count in counts.most_common():
        sys.stdout.write(f"{count:>5}  before: {outcome[0]}, after doctor: {outcome[1]}\n")


if __name__ == "__main__":
    main()
