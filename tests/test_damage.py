from __future__ import annotations

from pathlib import Path

import pytest

import app.services
from damage import Sharp, trials

pytestmark = pytest.mark.one_python


def test_twenty_kinds_of_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right answers or one clear line, before ``doctor`` and after it; ``damage.py`` does more."""
    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: Sharp(name))
    for name in ("CLIPSEARCH_LIBRARY", "CLIPSEARCH_CACHE"):
        monkeypatch.setenv(name, "set by each command, and put back in the end")
    results = trials(range(20), tmp_path)
    assert len(results) == 20
    assert [one for one in results if not one.is_well] == []
