"""What tests share: small libraries of drawn photos, a checkable encoder, the real one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from fakes import COLOURS, ColourEncoder
from indexer.events import Event, Finished, Summary
from indexer.pipeline import run_index
from indexer.survey import Target
from store.library import Library


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings or library of whoever runs it, nor a network."""
    settings = tmp_path / "config.toml"
    settings.touch()
    monkeypatch.setenv("CLIPSEARCH_CONFIG", str(settings))
    monkeypatch.setenv("CLIPSEARCH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("CLIPSEARCH_OFFLINE", "1")
    for name in ("CLIPSEARCH_MODEL", "CLIPSEARCH_DEVICE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def encoder() -> ColourEncoder:
    return ColourEncoder()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library", create=True)
    yield opened
    opened.close()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with one plain picture of each colour, some of them in ``sub``."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    for number, name in enumerate(COLOURS):
        draw(folder / ("sub" if number % 2 else "") / f"{name}.png", name)
    return folder


def draw(path: Path, colour: str, size: tuple[int, int] = (32, 24)) -> Path:
    """Save a plain picture; the size makes its content its own."""
    Image.new("RGB", size, COLOURS[colour]).save(path)
    return path


Index = Callable[..., Summary]


@pytest.fixture
def index(library: Library, encoder: ColourEncoder) -> Index:
    """Index a folder (or all roots) with the checkable encoder; returns the run's summary."""

    def run(folder: Path | None = None, **options: object) -> Summary:
        return index_into(library, encoder, folder, **options)

    return run


def index_into(
    library: Library, encoder: ColourEncoder, folder: Path | None = None, **options: object
) -> Summary:
    with library.writing() as writer:
        if folder is not None:
            writer.add_root(folder, (), replace=False)
        targets = [
            Target(root) for root in library.roots() if folder is None or root.path == folder
        ]
        return last(list(run_index(library, writer, encoder, targets, **options)))  # type: ignore[arg-type]


def last(events: list[Event]) -> Summary:
    finished = events[-1]
    assert isinstance(finished, Finished)
    return finished.summary


@pytest.fixture(scope="session")
def real_photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The photos that scikit-image and scikit-learn install."""
    import skimage
    import sklearn

    folder = tmp_path_factory.mktemp("real")
    packages = (Path(skimage.__file__).parent, Path(sklearn.__file__).parent)
    for source in (packages[0] / "data", packages[1] / "datasets" / "images"):
        for path in sorted(source.glob("*.[pj][np]g")):
            shutil.copy(path, folder)
    return folder
