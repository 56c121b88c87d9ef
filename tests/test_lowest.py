"""The pins of ``make test-lowest``."""

from __future__ import annotations

import pytest

from tools.lowest import without

pytestmark = pytest.mark.one_python

PINS = """\
# made by uv
cuda-runtime==12.1
    # via
    #   cuda-solver
    #   torch
cuda-solver==11.4
    # via torch
numpy==2.0.0
    # via
    #   clipsearch (pyproject.toml)
    #   torch
torch==2.4.0
    # via clipsearch (pyproject.toml)
""".splitlines()


def test_all_pins() -> None:
    pins = ["cuda-runtime==12.1", "cuda-solver==11.4", "numpy==2.0.0", "torch==2.4.0"]
    assert list(without(PINS, set())) == pins


def test_a_package_is_left_out_with_what_only_it_needs() -> None:
    assert list(without(PINS, {"torch"})) == ["numpy==2.0.0"]
