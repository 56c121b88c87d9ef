"""Numbers are written as a browser writes them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.locales.numbers import _SIGNS, number_text

# What browsers send for languages of the table, with and without regions that it names.
OTHERS = """
ar-EG ar-SA bg-BG bn-BD bs-BA ca-ES cs-CZ da-DK de-BE de-DE de-LU el-GR en-AU en-CA en-GB en-HK
en-IE en-NZ en-SG en-US es-ES et-EE eu-ES fa-IR fi-FI fil-PH fr-BE fr-FR gl-ES he-IL hi-IN hr-HR
hu-HU id-ID is-IS it-IT ja-JP ka-GE ko-KR lt-LT lv-LV ms-MY nb-NO nl-BE nl-NL pa-IN pl-PL pt-BR
ro-RO ru-RU sk-SK sl-SI sr-RS sv-FI sv-SE sw-KE ta-IN te-IN th-TH tr-TR uk-UA ur-PK vi-VN zh-CN
zh-HK zh-TW
"""

ASKED = """
const said = {};
for (const locale of JSON.parse(process.argv[1])) said[locale] = [[1234, 0], [12345, 0],
  [1234567, 0], [0.5, 1], [1234.25, 2], [-56789, 0]].map(([value, digits]) =>
  new Intl.NumberFormat(locale, { numberingSystem: "latn", minimumFractionDigits: digits,
    maximumFractionDigits: digits }).format(value));
console.log(JSON.stringify(said));
"""


def plain(text: str) -> str:
    """Spaces and apostrophes have changed from one version of CLDR to the next."""
    signs = {0x202F: " ", 0xA0: " ", 0x2019: "'", 0x2212: "-", 0x200E: None}
    return text.translate(signs)


def test_the_same_as_a_browser() -> None:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if node is None:
        pytest.skip("There is no Node.js.")
    locales = [*_SIGNS, *OTHERS.split()]
    asked = [node, "-e", ASKED, json.dumps(locales)]
    answer = subprocess.run(asked, check=True, capture_output=True, text=True, encoding="utf-8")
    for locale, expected in json.loads(answer.stdout).items():
        values = [(1234, 0), (12345, 0), (1234567, 0), (0.5, 1), (1234.25, 2), (-56789, 0)]
        said = [number_text(value, locale, digits) for value, digits in values]
        assert [plain(one) for one in said] == [plain(one) for one in expected], locale


def test_what_is_unknown_is_as_in_english() -> None:
    assert number_text(1_234.5, "xx-YY", 1) == "1,234.5"
    assert number_text(1_234, "") == "1,234"
    assert number_text(1_234, "fil") == "1,234"  # not Finnish
