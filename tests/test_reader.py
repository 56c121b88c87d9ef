from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import indexer.stages
from conftest import draw, index_into
from fakes import ColourEncoder
from indexer.folders.steps import Step
from indexer.reader import Reader, ReadResult
from store.library import Library
from store.states import State


class ReaderElsewhere(Reader):
    """One whose steps and results travel as they would between processes."""

    kinds: set[str]

    def work(self, step: Step) -> Step | ReadResult | None:
        result = super().work(pickle.loads(pickle.dumps(step)))
        self.kinds.add(type(result).__name__)
        arrived: Step | ReadResult | None = pickle.loads(pickle.dumps(result))
        return arrived


def test_steps_and_results_can_travel_between_processes(
    library: Library, encoder: ColourEncoder, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReaderElsewhere, "kinds", set(), raising=False)
    monkeypatch.setattr(indexer.stages, "Reader", ReaderElsewhere)
    (photos / "bad.jpg").write_bytes(b"bad")
    (photos / "dangling.png").symlink_to(photos / "none.png")
    summary = index_into(library, encoder, photos)
    assert (summary.new, summary.embedded) == (5, 5)
    assert summary.failed == {State.UNSUPPORTED: 1, State.BROKEN_LINK: 1}
    draw(photos / "red.png", "blue", (9, 9))
    (photos / "sub" / "green.png").unlink()
    summary = index_into(library, encoder)
    assert (summary.changed, summary.gone, summary.unchanged) == (1, 1, 3)
    photos.rename(photos.parent / "away")
    assert index_into(library, encoder).offline == [photos]
    kinds = {"ReadResult", "NoteFile", "Settled", "MissingFiles", "WentOffline"}
    assert ReaderElsewhere.kinds == kinds
