from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.text import absolute, one_line, plural, printable
from indexer.text import reason_of


def test_plural() -> None:
    said = [plural(count, "photo") for count in (0, 1, 2, 1_000_000)]
    assert said == ["0 photos", "1 photo", "2 photos", "1,000,000 photos"]


def test_what_a_terminal_would_obey_is_shown() -> None:
    assert one_line("red\n\x1b[31m \u202egnp.exe") == "red\\n\\x1b[31m \\u202egnp.exe"
    assert one_line(os.fsdecode(b"caf\xe9")) == "caf\\udce9"
    assert one_line(Path("Grüße/犬.jpg")) == str(Path("Grüße/犬.jpg"))


def test_printable_is_text_that_can_be_written() -> None:
    assert printable(os.fsdecode(b"a\xff\nb")) == "a\\udcff\nb"
    assert printable("ä\n") == "ä\n"


def test_a_reason_is_one_line_and_never_empty() -> None:
    assert reason_of(ValueError("a\n  b\tc")) == "a b c"
    assert reason_of(ValueError("abcdef"), 3) == "abc"
    assert reason_of(KeyError()) == "KeyError"
    assert reason_of(ValueError(" \n")) == "ValueError"


def test_absolute_keeps_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    assert absolute(Path("link/../link/a.jpg")) == tmp_path / "link" / "a.jpg"
    assert absolute(Path("~/x")) == Path.home() / "x"
