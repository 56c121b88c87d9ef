"""README and ``--help`` say the same, and what README tells people to type exists."""

from __future__ import annotations

import inspect
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from app.cli import cli
from app.cli.commands import COMMANDS as SHOWN
from app.cli.eval import evaluate
from app.config import SETTINGS
from app.web import routes

pytestmark = pytest.mark.one_python

TOP = Path(__file__).parent.parent
_top: Any = typer.main.get_command(cli)
README = (TOP / "README.md").read_text(encoding="utf-8")
COMMANDS = {name: command for name, command in _top.commands.items() if name != "eval"}
EVALUATIONS = {c.callback.__name__: c.callback for c in evaluate.registered_commands if c.callback}
TUTORIAL = (TOP / "docs" / "tutorial.md").read_text(encoding="utf-8")
TYPED, TYPED_AT_FIRST = (
    [
        line.strip()
        for line in text.splitlines()
        if re.match(r"    (clipsearch|make|pip|streamlit) ", line)
    ]
    for text in (README, TUTORIAL)
)


def test_the_table_has_every_command_with_its_help() -> None:
    table = dict(re.findall(r"^\| `clipsearch (\w+)` \| (.+) \|$", README, re.MULTILINE))
    assert list(table) == list(COMMANDS)
    for name, text in table.items():
        assert text == _first_paragraph(COMMANDS[name].help)


def _first_paragraph(text: str | None) -> str:
    return (text or "").split("\n\n")[0].replace("\n", " ")


def test_the_help_that_is_shown_without_importing_a_command_is_the_commands_own() -> None:
    assert {name: said for name, (_, said) in SHOWN.items()} == {
        name: _first_paragraph(command.help) for name, command in _top.commands.items()
    }


def test_evaluations_are_in_a_table_too() -> None:
    table = dict(re.findall(r"^\| `clipsearch eval (\w+)` \| (.+) \|$", README, re.MULTILINE))
    assert list(table) == list(EVALUATIONS)
    for name, text in table.items():
        assert text == (inspect.getdoc(EVALUATIONS[name]) or "").split("\n\n")[0]
        done = CliRunner().invoke(cli, ["eval", name, "--help"])
        assert re.search(rf"Examples?:\s+.*clipsearch eval {name}", done.stdout, re.DOTALL)


def options_of(name: str) -> set[str]:
    return {option for parameter in COMMANDS[name].params for option in parameter.opts}


@pytest.mark.parametrize(
    "line", [line for line in TYPED + TYPED_AT_FIRST if line.startswith("clipsearch")]
)
def test_what_is_typed_exists(line: str) -> None:
    name, *arguments = shlex.split(line)[1:]
    if name == "eval":
        assert arguments[0] in EVALUATIONS
        return
    assert name in COMMANDS
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    used = {word for word in before if word.startswith("-")}
    assert used <= options_of(name)


def test_readme_opens_with_two_commands_that_the_makefile_has() -> None:
    assert TYPED[0] == 'make run PHOTOS=~/Pictures QUERY="a dog on a beach"'
    assert TYPED[1] == "make test"
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.skipif(not shutil.which("make"), reason="needs make")
@pytest.mark.parametrize("target", ["run", "test"])
def test_make_says_that_it_installs_before_pip_is_silent(target: str, tmp_path: Path) -> None:
    command = ["make", "--dry-run", f"VENV={tmp_path / 'venv'}", target]
    lines = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout
    said, quiet = lines.index("Installing clipsearch"), lines.index("pip install --quiet")
    assert said < quiet


def test_settings_are_documented() -> None:
    for name in SETTINGS:
        assert f"`CLIPSEARCH_{name.upper()}`" in README
        assert f"`{name}`" in README
    for variable in (routes.PASSWORD, routes.TOKEN, routes.HOSTS, routes.PROXIES):
        assert f"`{variable}`" in README


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_help_is_there_and_plain(name: str | None) -> None:
    done = CliRunner().invoke(cli, [*([name] if name else []), "--help"])
    assert done.exit_code == 0
    assert "Usage: " in done.stdout
    if name:
        assert re.search(rf"Examples?:\s+.*clipsearch {name}", done.stdout, re.DOTALL)
    if name is None:
        for command in COMMANDS:
            assert re.search(rf"^\W*{command}\s", done.stdout, re.MULTILINE), command


def test_what_security_names_as_tests_is_there() -> None:
    named = re.findall(r"`(?:tests/)?(test_\w+\.py)`", (TOP / "SECURITY.md").read_text())
    assert len(named) >= 8
    for name in named:
        assert (TOP / "tests" / name).exists(), name


DOCUMENTS = sorted(
    path.relative_to(TOP).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "*/README.md", "indexer/starter/*.md", ".github/*.md")
    for path in TOP.glob(pattern)
    if path.parent.name != ".pytest_cache"
)
ROOMS = (
    "app",
    "benchmarks",
    "docs",
    "indexer",
    "store",
    "tests",
    "tools",
    "training",
    ".ci",
    ".github",
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    path = TOP / document
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (path.parent / link).exists(), f"{path}: {link}"


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name != "CHANGELOG.md"])
def test_what_is_named_exists(document: str) -> None:
    """Paths, tests and modules that are run. What was renamed stays so in the list of changes."""
    text = (TOP / document).read_text(encoding="utf-8")
    for path in re.findall(rf"`((?:{'|'.join(map(re.escape, ROOMS))})/[\w./*-]*)`", text):
        assert list(TOP.glob(path.rstrip("/"))), f"{document}: {path}"
    for name in re.findall(r"`(test_\w+\.py)(?:::\w+)?`", text):
        assert (TOP / "tests" / name).exists(), f"{document}: {name}"
    for module in re.findall(r"python -m\s+((?:app|benchmarks|tools|training)\.[\w.]+)", text):
        assert (TOP / f"{module.replace('.', '/')}.py").exists(), f"{document}: {module}"


def test_every_document_is_in_the_navigation() -> None:
    """Of the site: from its first page, through tables of contents, to all that is in ``docs``."""
    reached: set[Path] = set()
    to_visit = [TOP / "docs" / "index.md"]
    while to_visit:
        path = to_visit.pop()
        reached.add(path)
        for tree in re.findall(r"```{toctree}\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            for line in tree.splitlines():
                entry = re.sub(r".*<(.+)>", r"\1", line.strip())
                if entry and not entry.startswith(":"):
                    to_visit.append((path.parent / f"{entry}.md").resolve())
    assert set((TOP / "docs").rglob("*.md")) - reached == set()
    assert {TOP / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")} <= reached


def test_every_promise_names_tests_that_exist() -> None:
    promises = (TOP / "docs" / "promises.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py)::(\w+)`", promises)
    rows = [line for line in promises.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 20
    assert all("::" in row for row in rows)
    for file, name in named:
        text = (TOP / "tests" / file).read_text(encoding="utf-8")
        assert re.search(rf"^(def|class) {name}\b", text, re.MULTILINE), f"{file}::{name}"
