"""A library that grows old: random things happen to it, and what a person made is never lost.

What must hold is kept beside it in the plainest way: which tags each photo was given, by the file
that a person sees. Long, by hand: ``CLIPSEARCH_AGEING=200 pytest tests/test_ageing.py``, which is
the number of histories, each of up to 200 operations.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from PIL import Image

from comparer import held
from conftest import last
from fakes import ColourEncoder
from indexer.folders.missing import AT_ONCE
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from store.library import Library
from store.rescue.backup import back_up, restore_backup

pytestmark = pytest.mark.one_python

HISTORIES = int(os.environ.get("CLIPSEARCH_AGEING", "0"))
TAGS = ["favourite", "sea", "family"]
COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]  # what no edit takes one for the other


@dataclass(frozen=True)
class Drawn:
    """A picture: edits of one have its ``photo``, and another ``version``."""

    photo: int
    version: int


class AgeingLibrary(RuleBasedStateMachine):
    """One library, the folders of photos that it knows, and what a person did to both."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.root = self.place / "photos"
        self.drive = self.root / "drive"
        self.unplugged = self.place / "unplugged drive"
        self.library = Library.open(self.place / "library", create=True)
        self.encoder = ColourEncoder(batch_size=4)
        self.numbers = itertools.count()
        self.files: dict[str, Drawn] = {}  # what is on disk, or on the drive; "drive/1.png"
        self.given: dict[str, set[str]] = {}  # the tags of each file, as a person would say
        self.ever: dict[int, set[str]] = {}  # and of each photo, whatever became of its file
        self.fresh: set[str] = set()  # not indexed yet
        self.touched: set[str] = set()  # moved or edited since the last run
        self.is_plugged = True
        self.backup = self.place / "backup.db"
        self.was_restored = False
        self.as_backed_up: tuple[dict[str, Drawn], dict[str, set[str]], dict[int, set[str]]]

    # -- what is on disk --------------------------------------------------------------------

    def path(self, name: str) -> Path:
        if name.startswith("drive/") and not self.is_plugged:
            return self.unplugged / name.removeprefix("drive/")
        return self.root / name

    def draw(self, name: str, drawn: Drawn) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", (16, 16), COLOURS[drawn.photo % len(COLOURS)])
        chance = random.Random(drawn.photo * 1000 + drawn.version)
        for _ in range(8):
            image.putpixel(
                (chance.randrange(16), chance.randrange(16)), (chance.randrange(256),) * 3
            )
        path.unlink(missing_ok=True)
        image.save(path)
        self.files[name] = drawn

    def new_name(self, folder: str) -> str:
        return f"{folder}/{next(self.numbers)}.png"

    def pick(self, number: int, names: list[str]) -> str | None:
        """One of ``names``, mostly one with tags: those are what could be lost."""
        tagged = [name for name in names if self.given.get(name)]
        names = tagged if tagged and number % 4 else names
        return names[number // 4 % len(names)] if names else None

    def has_twin(self, name: str) -> bool:
        return list(self.files.values()).count(self.files[name]) > 1

    def at_hand(self) -> list[str]:
        return [n for n in self.files if self.is_plugged or not n.startswith("drive/")]

    def movable(self) -> list[str]:
        """Those that may go: were all of the root's missed at once, none would be called gone."""
        return [n for n in self.at_hand() if not n.startswith("stays/")]

    @initialize()
    def begin(self) -> None:
        for number in range(AT_ONCE + 2):
            self.draw(f"drive/{number}.png", Drawn(next(self.numbers), 0))
        self.draw("stays/0.png", Drawn(next(self.numbers), 0))
        for _ in range(4):
            self.draw(self.new_name("a"), Drawn(next(self.numbers), 0))
        self.given = {name: set() for name in self.files}
        self.fresh = set(self.files)
        self.index()
        for number in range(0, 64, 4):
            self.tag(number, TAGS[number // 4 % len(TAGS)])

    # -- what people do ---------------------------------------------------------------------

    @rule(folder=st.sampled_from(["a", "b", "drive"]))
    def add(self, folder: str) -> None:
        name = self.new_name(folder)
        if folder == "drive" and not self.is_plugged:
            return
        self.draw(name, Drawn(next(self.numbers), 0))
        self.given[name] = set()
        self.fresh.add(name)

    @rule(number=st.integers(0, 99), tag=st.sampled_from(TAGS))
    def tag(self, number: int, tag: str) -> None:
        name = self.pick(number, [n for n in self.files if n not in self.fresh | self.touched])
        if name is None:
            return
        ids = self.library.contents_at(self.root / name)
        assert len(ids) == 1, name
        self.library.user_data.add_tag(ids, tag)
        self.given[name].add(tag)
        self.ever.setdefault(self.files[name].photo, set()).add(tag)

    @rule(number=st.integers(0, 99))
    def edit(self, number: int) -> None:
        names = [n for n in self.files if n not in self.touched]
        name = self.pick(number, names)  # on the unplugged drive too: at another machine
        if name is None:
            return
        away = name.startswith("drive/") and not self.is_plugged
        if name in self.fresh or (away and self.has_twin(name)):
            self.given[name] = set()  # nobody saw what it was before
        self.draw(name, Drawn(self.files[name].photo, next(self.numbers)))
        self.touched.add(name)

    @rule(number=st.integers(0, 99))
    def replace(self, number: int) -> None:
        # Once between two runs: the next colour could be the first one's again.
        name = self.pick(number, [n for n in self.at_hand() if n not in self.touched])
        if name is None:
            return
        photo = next(n for n in self.numbers if (n - self.files[name].photo) % len(COLOURS))
        self.draw(name, Drawn(photo, 0))
        self.given[name] = set()
        self.touched.add(name)

    @rule(number=st.integers(0, 99), folder=st.sampled_from(["a", "b", "drive"]))
    def move(self, number: int, folder: str) -> None:
        name = self.pick(number, [n for n in self.movable() if n not in self.touched])
        if name is None or name.startswith("drive/") or (folder == "drive" and not self.is_plugged):
            return
        new = self.new_name(folder)
        self.path(new).parent.mkdir(exist_ok=True)
        self.path(name).rename(self.path(new))
        self.files[new] = self.files.pop(name)
        self.given[new] = self.given.pop(name)
        self.fresh.discard(name)
        self.fresh.add(new)
        self.touched.add(new)

    @rule(number=st.integers(0, 99))
    def copy(self, number: int) -> None:
        # Not of the drive, which has no file system of its own here: a copy that is met when the
        # drive is missed would be taken for the photo itself, moved.
        names = [n for n in self.at_hand() if n not in self.touched and n[:6] != "drive/"]
        name = self.pick(number, names)
        if name is None:
            return
        new = self.new_name("b")
        self.path(new).parent.mkdir(exist_ok=True)
        shutil.copy(self.path(name), self.path(new))
        self.files[new] = self.files[name]
        self.given[new] = set(self.given[name])
        self.fresh.add(new)

    @rule(one=st.integers(0, 99), other=st.integers(0, 99))
    def swap(self, one: int, other: int) -> None:
        names = [n for n in self.at_hand() if n not in self.fresh | self.touched]
        first, second = self.pick(one, names), self.pick(other, names)
        if first is None or second is None or first == second:
            return
        if (first[:6] == "drive/") != (second[:6] == "drive/"):
            return  # of two much alike, one on a drive, nobody can say which was edited
        between = self.place / "between"
        self.path(first).rename(between)
        self.path(second).rename(self.path(first))
        between.rename(self.path(second))
        files, given = self.files, self.given
        files[first], files[second] = files[second], files[first]
        given[first], given[second] = given[second], given[first]
        self.touched |= {first, second}

    @rule(number=st.integers(0, 99))
    def delete(self, number: int) -> None:
        names = [n for n in self.movable() if not n.startswith("drive/")]
        name = self.pick(number, names)
        if name is None:
            return
        self.path(name).unlink()
        del self.files[name], self.given[name]
        self.fresh.discard(name)
        self.touched.discard(name)

    @precondition(lambda self: self.is_plugged)
    @rule(stray=st.booleans())
    def unplug(self, stray: bool) -> None:
        self.drive.rename(self.unplugged)
        self.is_plugged = False
        if stray:
            self.drive.mkdir()
            (self.drive / ".directory").touch()

    @precondition(lambda self: not self.is_plugged)
    @rule()
    def plug(self) -> None:
        shutil.rmtree(self.drive, ignore_errors=True)
        self.unplugged.rename(self.drive)
        self.is_plugged = True

    # -- what clipsearch does ---------------------------------------------------------------

    @rule()
    def index(self) -> None:
        self.run()
        self.fresh = {n for n in self.fresh if n not in self.at_hand()}
        self.touched = {n for n in self.touched if n not in self.at_hand()}
        self.compare()

    def run(self, events: int | None = None) -> None:
        with self.library.writing() as writer:
            writer.add_root(self.root, (), replace=False)
            targets = [Target(root) for root in self.library.roots()]
            running = run_index(self.library, writer, self.encoder, targets)
            if events is None:
                last(list(running))
            else:
                for _ in itertools.islice(running, events):
                    pass
                running.close()  # type: ignore[attr-defined]

    @rule(events=st.integers(1, 20))
    def index_cut_short(self, events: int) -> None:
        self.run(events)
        # Some of it is known now, and some is not: nobody can say which but the next run.
        self.touched |= self.fresh

    @rule()
    def prune(self) -> None:
        with self.library.writing() as writer:
            writer.prune()

    @rule()
    def switch_model(self) -> None:
        name = "2" if self.encoder.fingerprint == "1" else "1"
        self.encoder = ColourEncoder(fingerprint=name, batch_size=4)

    @precondition(lambda self: self.is_plugged and not self.fresh | self.touched)
    @rule()
    def back_up(self) -> None:
        self.backup.unlink(missing_ok=True)
        back_up(self.library.folder, self.backup)
        ever = {photo: set(tags) for photo, tags in self.ever.items()}
        given = {name: set(tags) for name, tags in self.given.items()}
        self.as_backed_up = (dict(self.files), given, ever)

    @precondition(lambda self: self.is_plugged and self.backup.exists())
    @rule()
    def restore(self) -> None:
        """The marks are as they were; what happened to the files since is met by the next run."""
        restore_backup(self.library.folder, self.backup)
        files, given, ever = self.as_backed_up
        self.given = {
            name: set(given[name]) if files.get(name) == drawn else set()
            for name, drawn in self.files.items()
        }
        self.ever = {photo: set(tags) for photo, tags in ever.items()}
        self.was_restored = True
        self.index()

    @rule()
    def open_again(self) -> None:
        self.library.close()
        self.library = Library.open(self.place / "library")

    # -- what must hold ---------------------------------------------------------------------

    def compare(self) -> None:
        """After a run: every file is known, with the tags that it was given."""
        content = held(self.place / "library")
        living = {path for path, (state, _, _) in content.paths.items() if state == "indexed"}
        known = {n for n in self.files if n not in self.fresh}
        # A run that was cut short may have met some of what a drive took away since.
        # Of two equal pictures, of which one moves while the other's drive is away, the drive's may
        # be taken for the one that moved: it has no file system of its own here.
        lost = {name for name in known if str(self.root / name) not in living}
        assert all(not self.is_plugged and self.has_twin(name) for name in lost), lost
        known -= lost
        expected = {str(self.root / name) for name in known}
        away = {path for path, (_, _, is_away) in content.paths.items() if is_away}
        # Of many that were deleted or moved at once, those that nobody met again are away.
        unsure = away | {str(self.root / name) for name in self.fresh}
        assert living <= expected | unsure
        off = {str(self.root / n) for n in known if not self.is_plugged and n.startswith("drive/")}
        assert away & expected == off
        tags: dict[str, set[str]] = {}
        for digest, tag in content.tags:
            tags.setdefault(digest, set()).add(tag)
        for name in known - self.touched:  # what was touched on a drive was not seen yet
            _, now, _ = content.paths[str(self.root / name)]
            has = tags.get(str(now), set())
            assert has >= self.given[name], (name, has, self.given[name])
            # With names swapped and both edited since the backup, of colours much alike, nobody can
            # say which was which.
            if not self.was_restored:
                assert has <= self.ever.get(self.files[name].photo, set()), (name, has)
        model = self.library.model()
        assert model is not None
        index = self.library.index(model).index
        assert self.library.check(model, index) == []
        self.right_vectors(index.ids())

    def right_vectors(self, ids: np.ndarray) -> None:
        model = self.library.model()
        assert model is not None
        for id in ids.tolist():
            for photo in self.library.photos_of([id])[id]:
                if photo.away:
                    continue
                with Image.open(photo.path) as image:
                    expected = self.encoder.encode_images([self.encoder.prepare(image)])[0]
                np.testing.assert_allclose(
                    self.library.vectors(model, np.array([id]))[0], expected, atol=1e-6
                )

    def teardown(self) -> None:
        self.library.close()
        shutil.rmtree(self.place)


AgeingLibrary.TestCase.settings = settings(
    max_examples=HISTORIES or 5,
    stateful_step_count=200 if HISTORIES else 40,
    deadline=None,
    # A history is long, and each step of making it shorter takes a second.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TestAgeing = AgeingLibrary.TestCase
