from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import hostile
from indexer.pictures import decoder_stderr
from indexer.pictures.decode import decode
from indexer.pictures.looks import LookReader
from store.errors import PhotoError
from store.files.thumbnails import Thumbnails

TOP = Path(__file__).parent.parent


def write(text: str) -> None:
    """As a C library does it."""
    os.write(2, text.encode())


def test_what_is_written_meanwhile_is_caught(capfd: pytest.CaptureFixture[str]) -> None:
    write("before\n")
    with decoder_stderr.caught():
        write("first\n")
        start = decoder_stderr.mark()
        with decoder_stderr.caught():
            write("tempfile.tif: a  line\n")
        write("another\nanother\n")
        assert decoder_stderr.since(start) == "a line; another"
    write("after\n")
    assert capfd.readouterr().err == "before\nafter\n"
    assert (decoder_stderr.mark(), decoder_stderr.since(0)) == (0, "")


def test_python_still_writes_to_the_real_one() -> None:
    script = (
        "import os, sys\n"
        "from indexer.pictures import decoder_stderr\n"
        "before = sys.stderr\n"
        "with decoder_stderr.caught():\n"
        "    os.write(2, b'of C')\n"
        "    print('of Python: caf\\xe9', file=sys.stderr)\n"
        "assert sys.stderr is before\n"
        "print('later', file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", script],
        capture_output=True,
        cwd=TOP,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stderr.decode().splitlines() == ["of Python: café", "later"]


def test_without_a_standard_error_nothing_is_caught() -> None:
    script = (
        "import os\n"
        "os.close(2)\n"
        "from indexer.pictures import decoder_stderr\n"
        "with decoder_stderr.caught():\n"
        "    assert decoder_stderr.mark() == 0\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=TOP, check=True)


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_stderr, "_ENOUGH", 100)
    with decoder_stderr.caught():
        write("x" * 200)
        assert decoder_stderr.mark() == 0
        write("new")
        assert decoder_stderr.since(0) == "new"


def test_debugging_leaves_it(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIPSEARCH_DEBUG", "1")
    with decoder_stderr.caught():
        write("seen")
    assert capfd.readouterr().err == "seen"


def test_a_librarys_words_are_in_the_reason_of_its_own_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Many threads decode files that libtiff speaks of, and others that it does not."""
    talking, silent = hostile.talking_tiff(), hostile.png_claiming(50, 50)
    reasons: list[tuple[bool, str]] = []

    def read(content: bytes) -> None:
        with pytest.raises(PhotoError) as caught:
            decode(io.BytesIO(content), 64)
        reasons.append((content is talking, str(caught.value)))

    threads = [threading.Thread(target=read, args=(content,)) for content in [talking, silent] * 20]
    with decoder_stderr.caught():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(reasons) == 40
    for of_talking, reason in reasons:
        assert ("ZIPDecode" in reason) == of_talking, reason
    (tmp_path / "a.tiff").write_bytes(talking)
    reader = LookReader(Thumbnails(tmp_path))
    assert reader.look(b"", [tmp_path / "a.tiff"]) is None
    assert capfd.readouterr().err == ""
