"""Every text of the page is in each language's catalogue, and each that is there is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.locales.texts import Catalogue, Texts, catalogue, isolated, languages, texts_for

pytestmark = pytest.mark.one_python

APP = Path(__file__).parent.parent / "app"
PAGES = APP / "pages"
PARTS = ("gallery", "locales", "pages", "web")
PYTHON = [path for part in PARTS for path in sorted((APP / part).glob("*.py"))]
PLACE = re.compile(r"\{(\w+)\}")
ENGLISH = catalogue("en")
LOOKED_UP = ("below.", "colour.", "counted.", "language.", "month.")
"""Groups whose texts are found by what they say in English; see ``app.locales.from_below``."""
THE_SAME = {"Accept-Language"}
"""Strings of the page's code that look like texts, and are none."""


def forms(text: str | object) -> dict[str, str]:
    return {"other": text} if isinstance(text, str) else dict(text)  # type: ignore[call-overload]


def places(texts: Catalogue, key: str) -> set[str]:
    return {place for form in forms(texts[key]).values() for place in PLACE.findall(form)}


def without_docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node


def asked_in_python() -> Iterator[tuple[str, str, set[str]]]:
    """Each key that is asked for: where, which, and with which values."""
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            asks = ast.unparse(node.func)
            if asks not in ("texts", "texts.plain") and not re.match(r"_?texts_of\(.*\)$", asks):
                continue
            given = {one.arg or "**" for one in node.keywords}
            if isinstance(node.args[0], ast.JoinedStr):
                continue
            for one in ast.walk(node.args[0]):
                if isinstance(one, ast.Constant) and "." in str(one.value):
                    yield path.name, str(one.value), given


def code_of_scripts() -> Iterator[tuple[str, str]]:
    for path in sorted((PAGES / "frontend").glob("*.js")):
        yield path.name, re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)


def quoted() -> set[str]:
    """Whatever stands in quotes in the page's code, and in double braces in its HTML."""
    code = [text for _, text in code_of_scripts()]
    code += [path.read_text(encoding="utf-8") for path in PYTHON]
    html = (PAGES / "frontend" / "gallery.html").read_text(encoding="utf-8")
    named = {name for text in code for name in re.findall(r"""["']([\w.-]+)["']""", text)}
    return named | set(re.findall(r"\{\{([\w.-]+)\}\}", html))


def test_english_and_german_are_there() -> None:
    assert {"de", "en"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_no_language_lacks_a_text_or_a_value_of_one(language: str) -> None:
    texts = catalogue(language)
    assert sorted(texts) == sorted(ENGLISH)
    assert [key for key in texts if places(texts, key) != places(ENGLISH, key)] == []
    several = [key for key, text in texts.items() if not isinstance(text, str)]
    assert several == [key for key, text in ENGLISH.items() if not isinstance(text, str)]
    for key in several:
        assert "other" in forms(texts[key]) and "count" in places(texts, key)
    for key in texts:
        for form in forms(texts[key]).values():
            assert form and form == form.strip(), key


def test_german_is_german() -> None:
    """A text that was forgotten would be the English one."""
    german = catalogue("de")
    same = {key for key, text in ENGLISH.items() if german[key] == text}
    assert {key for key in same if any(" " in one for one in forms(ENGLISH[key]).values())} <= {
        "summary.seconds",
        "below.in",
        "below.run",
        "below.complaint",
        "below.watch-news",
    }


def test_what_is_asked_for_is_there_and_gets_its_values() -> None:
    asked = list(asked_in_python())
    assert len(asked) > 70
    for where, key, given in asked:
        assert key in ENGLISH, f"{where}: {key}"
        assert "**" in given or places(ENGLISH, key) == given, f"{where}: {key}"
    calls = [
        (where, key, rest)
        for where, code in code_of_scripts()
        for key, rest in re.findall(r'\bt\(\s*"([\w.-]+)"(,|\))', code)
    ]
    assert len(calls) > 200
    for where, key, rest in calls:
        assert key in ENGLISH, f"{where}: {key}"
        assert bool(places(ENGLISH, key)) == (rest == ","), f"{where}: {key}"


def test_each_text_is_used_and_none_is_missing() -> None:
    named = quoted()
    unused = [key for key in ENGLISH if key not in named and not key.startswith(LOOKED_UP)]
    assert unused == []
    groups = {key.partition(".")[0] for key in ENGLISH} - {"page", "do", "box", "action", "library"}
    files = (".js", ".css", ".html", ".json", ".svg", ".py", ".toml", ".jpg", ".png")
    alike = {
        name for name in named if name.partition(".")[0] in groups and re.search(r"\.\w", name)
    }
    assert {name for name in alike if not name.endswith(files)} - set(ENGLISH) == set()


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.py")), ids=lambda path: path.name)
def test_the_code_of_the_page_has_no_text_of_its_own(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {node.value for node in without_docstrings(tree) if isinstance(node.value, str)}
    said = {text for text in texts if re.match(r"[A-Z][a-z]+\b.*[a-z]|[a-z]+ [a-z]+ [a-z]+", text)}
    assert said - THE_SAME == set()


def test_the_first_language_that_there_is() -> None:
    cases = {
        "de-DE,de;q=0.9,en;q=0.8": ("de", "de-DE"),
        "fr-FR,fr;q=0.9,de;q=0.7,en;q=0.5": ("de", "fr-FR"),
        "en-US,en;q=0.9,de;q=0.8": ("en", "en-US"),
        "ja": ("en", "ja"),
        "": ("en", "en"),
    }
    for accepted, expected in cases.items():
        texts = texts_for(accepted)
        assert (texts.language, texts.locale) == expected


def test_forms_and_numbers() -> None:
    german, swiss = Texts("de", "de-DE"), Texts("en", "de-CH")
    assert german("count.photos", count=1) == "1 Foto"
    assert german("count.photos", count=1_200) == "1.200 Fotos"
    assert swiss("count.photos", count=1_200) == "1\u2019200 photos"
    assert german("summary.seconds", seconds=german.number(0.125, 2)) == "0,12 s"
    with pytest.raises(KeyError):
        german("said.saved")


def test_names_are_put_in_as_they_are() -> None:
    name = "{count} \u05d7\u05d5\u05e3"
    assert Texts()("said.saved", name=name) == f"Saved as \u2068{name}\u2069."
    assert isolated("Caf\u00e9 {count}") == "Caf\u00e9 {count}"
    adlam = "\U0001e900"
    assert isolated(adlam) == f"\u2068{adlam}\u2069"


def test_control_characters_of_a_name_turn_nothing_around() -> None:
    assert isolated("a\u202egpj.exe") == "agpj.exe"
    assert isolated("\u05d7\u2069\u202e\u2067x") == "\u2068\u05d7x\u2069"
