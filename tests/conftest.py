"""What tests share: small libraries of drawn photos, a checkable encoder, the real one."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as of_hypothesis
from PIL import Image
from typer.testing import CliRunner

import app.services
from app.cli import cli
from fakes import COLOURS, ColourEncoder
from indexer.encoders import openvino_files
from indexer.encoders.encoder import Encoder
from indexer.events import Event, Finished, Summary
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from servers import Server, running
from store.address import Address
from store.errors import UnknownModel
from store.library import Library
from store.server_library import ServerLibrary
from store.values import ModelInfo

# A change is to blame for what fails, neither chance nor a busy machine.
of_hypothesis.register_profile("steady", deadline=None, derandomize=True)
of_hypothesis.load_profile("steady")


@pytest.fixture(scope="session")
def engine_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Converted models, made once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def starter(engine_cache: Path) -> Encoder:
    """The bundled model."""
    from indexer.encoders.engines import load_encoder

    made = load_encoder("starter", cache=engine_cache)
    openvino_files.wait_for_conversions()
    return made


@pytest.fixture(autouse=True)
def _own_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine_cache: Path
) -> Iterator[None]:
    """No test sees the settings or library of whoever runs it, nor a network.

    Nor does a model that it converts go on being converted in the next one.
    """
    settings = tmp_path / "config.toml"
    settings.touch()
    # What a command does in this process would hold for all tests after it.
    monkeypatch.setattr("app.processes._NICE", 0)
    # On a slow machine a command would say one line more.
    monkeypatch.setattr("indexer.encoders.slow_work.AFTER_S", 600)
    monkeypatch.setenv("CLIPSEARCH_CONFIG", str(settings))
    monkeypatch.setenv("CLIPSEARCH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("CLIPSEARCH_OFFLINE", "1")
    monkeypatch.setenv("CLIPSEARCH_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("CLIPSEARCH_CACHE", str(engine_cache))
    for name in ("READ_LIBRARY", "MODEL", "DEVICE", "ENGINE"):
        monkeypatch.delenv(f"CLIPSEARCH_{name}", raising=False)
    yield
    openvino_files.wait_for_conversions()


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """A folder that everybody may look into; pytest's own are for one user only."""
    folder = Path(tempfile.mkdtemp(prefix="clipsearch-tests-"))
    folder.chmod(0o755)
    (folder / "config.toml").touch()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def encoder() -> ColourEncoder:
    return ColourEncoder()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library", create=True)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, one for all tests."""
    with running() as started:
        yield started


@pytest.fixture
def server_library(server: Server, tmp_path: Path) -> Iterator[ServerLibrary]:
    """A library of its own database on that server."""
    address = Address(server.database())
    with ServerLibrary.at(address, tmp_path / "derived", create=True) as opened:
        assert isinstance(opened, ServerLibrary)
        yield opened


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


def draw_burst(folder: Path) -> None:
    """Three blue pictures that a camera took at once."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2020:01:01 10:00:00"
    for number in range(3):
        picture = Image.new("RGB", (40, 30 + number), COLOURS["blue"])
        picture.save(folder / f"burst{number}.jpg", exif=exif, quality=100)


class Result:
    def __init__(self, code: int, out: bytes, err: str) -> None:
        self.code, self.raw, self.err = code, out, err
        self.out = out.decode("utf-8", "backslashreplace")

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Result]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The checkable encoder in place of every model; the names that were asked for."""
    names: list[str] = []

    def load(name: str, *_: object, **__: object) -> ColourEncoder:
        names.append(name)
        if name == "missing":
            raise UnknownModel("There is no model 'missing'.")
        return ColourEncoder(name)

    monkeypatch.setattr(app.services, "load_encoder", load)
    monkeypatch.setattr("indexer.encoders.models.folder_fingerprint", lambda *_: None)
    return names


@pytest.fixture
def run(loaded: list[str]) -> Run:
    def call(*arguments: object, answer: str | None = None) -> Result:
        done = CliRunner().invoke(cli, [str(a) for a in arguments], input=answer)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Result(done.exit_code, done.stdout_bytes, done.stderr)

    return call


Index = Callable[..., Summary]


@pytest.fixture
def index(library: Library, encoder: ColourEncoder) -> Index:
    """Index a folder (or all roots) with the checkable encoder; returns the run's summary."""

    def run(folder: Path | None = None, **options: object) -> Summary:
        return index_into(library, encoder, folder, **options)

    return run


@pytest.fixture
def model(index: Index, photos: Path, library: Library) -> ModelInfo:
    """The model of the library, into which it has indexed ``photos``."""
    index(photos)
    answering = library.model()
    assert answering
    return answering


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
    from benchmarks.samples import sample_photos

    folder = tmp_path_factory.mktemp("real")
    for source in sample_photos():
        for path in sorted(source.glob("*.[pj][np]g")):
            shutil.copy(path, folder)
    return folder


TINY: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 12,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16},
        "text_cfg": {
            "context_length": 9,
            "vocab_size": 49408,
            "width": 16,
            "heads": 2,
            "layers": 1,
        },
    },
    "preprocess_cfg": {"mean": [0.1, 0.2, 0.3], "std": [0.5, 0.6, 0.7], "resize_mode": "squash"},
}


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a vision transformer of random weights, as ``local-dir:`` takes it."""
    return make_model(tmp_path_factory.mktemp("tiny"), TINY)


def make_model(folder: Path, config: dict[str, Any], seed: int = 0) -> Path:
    import open_clip
    import torch
    from safetensors.torch import save_file

    (folder / "open_clip_config.json").write_text(json.dumps(config))
    (folder / "open_clip_model.safetensors").unlink(missing_ok=True)  # it would be loaded
    torch.manual_seed(seed)
    model = open_clip.create_model(f"local-dir:{folder}")
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    return folder


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory, real_photos: Path) -> Path:
    """Real photos in folders, with what cameras write; see ``album.py``."""
    from album import make_album

    folder = tmp_path_factory.mktemp("album")
    make_album(folder, real_photos)
    return folder


@pytest.fixture(scope="session")
def address(
    album: Path, tmp_path_factory: pytest.TempPathFactory, engine_cache: Path
) -> Iterator[str]:
    """Of the page over that album, indexed by the starter model."""
    from benchmarks.served import served
    from browser import index_album, settings

    place = tmp_path_factory.mktemp("served")
    environment = settings(place, engine_cache)
    index_album(place / "library", album, environment)
    with served(place / "library", **environment) as server:
        yield server.address


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts this machine into another time zone; not on Windows."""

    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def ids(library: Library, index: Index, photos: Path) -> list[int]:
    """The five contents, in order of their names."""
    index(photos)
    return [library.contents_at(path)[0] for path in sorted(photos.rglob("*.png"))]
