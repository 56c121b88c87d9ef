from __future__ import annotations

import json
from math import inf, nan

import pytest

from app.cli.common import print_json
from app.plain_json import without_nan
from app.web.query_routes import Json


def refuse(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


VALUE = {"strength": nan, "all": [1.5, -inf, {"deep": (nan, "NaN", 3)}], "none": None}
PLAIN = {"strength": None, "all": [1.5, None, {"deep": [None, "NaN", 3]}], "none": None}


def test_without_nan() -> None:
    assert without_nan(VALUE) == PLAIN


def test_commands_print_json_that_any_program_reads(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(VALUE)
    assert json.loads(capsys.readouterr().out, parse_constant=refuse) == PLAIN


def test_the_page_gets_it_too() -> None:
    assert json.loads(bytes(Json(VALUE).body), parse_constant=refuse) == PLAIN
