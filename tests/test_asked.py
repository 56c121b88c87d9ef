"""Which language can be chosen, and what a browser hints at."""

from __future__ import annotations

import pytest

from app.config import load_config
from app.languages.asked import checked, hinted
from store.errors import ConfigError


def test_a_language_is_chosen_by_its_code() -> None:
    assert checked(" DE ") == "de"
    assert checked("auto") == "auto"
    with pytest.raises(
        ConfigError, match=r"klingon is no language that can be chosen. Known: auto"
    ):
        checked("klingon")


def test_the_settings_have_a_language() -> None:
    assert load_config(environment={}).language == "auto"
    assert load_config(environment={"CLIPSEARCH_LANGUAGE": "fr"}).language == "fr"
    assert load_config(language="de", environment={"CLIPSEARCH_LANGUAGE": "fr"}).language == "de"


@pytest.mark.parametrize(
    ("accepted", "code"),
    [("de-AT,de;q=0.9,en;q=0.8", "de"), ("tlh, fr;q=0.5", "fr"), ("*", ""), ("", ""), ("zh", "zh")],
)
def test_a_browser_hints_at_the_first_language_that_is_known(accepted: str, code: str) -> None:
    assert hinted(accepted) == code
