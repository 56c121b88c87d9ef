"""A folder of somebody else's photos, full of Python: nothing in it runs, nothing stops working."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from app import processes
from app.config import load_config
from app.web.frontend_routes import main_address
from app.web.indexing import IndexRun
from benchmarks.served import free_port

TOP = Path(__file__).parent.parent
NAMES = (
    *("app", "store", "indexer", "streamlit", "numpy", "json", "typing", "pathlib", "signal"),
    *("sqlite3", "PIL", "typer", "rich", "click", "sqlalchemy", "faiss", "openvino", "torch"),
    *("__future__", "importlib", "os", "types", "warnings", "contextlib", "functools"),
    *("encodings", "site", "sitecustomize", "usercustomize", "runpy", "random", "logging"),
    *("uvicorn", "starlette", "server", "script", "filelock", "platformdirs", "tomllib", "ssl"),
)
# What ``pip install`` makes of ``clipsearch``: Python puts the script's own folder first.
SCRIPT = "import sys\nfrom app.start import main\nsys.exit(main())\n"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder with a module of each name, as a file, which leaves a mark where it is run."""
    folder = tmp_path / "hostile"
    (folder / ".streamlit").mkdir(parents=True)
    for name in NAMES:
        mark = tmp_path / "marks" / name
        code = f"import os\nos.makedirs({str(mark)!r}, exist_ok=True)\nraise SystemExit(66)\n"
        (folder / f"{name}.py").write_text(code)
    settings = '[server]\nbaseUrlPath = "elsewhere"\n[global]\ndevelopmentMode = true\n'
    (folder / ".streamlit" / "config.toml").write_text(settings)
    (folder / ".streamlit" / "secrets.toml").write_text("not = = toml")
    return folder


def marks(tmp_path: Path) -> list[str]:
    folder = tmp_path / "marks"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_marks_are_left_where_python_runs_them(hostile: Path, tmp_path: Path) -> None:
    """Else the tests below could not fail."""
    subprocess.run([sys.executable, "-m", "random"], cwd=hostile, check=False)
    assert marks(tmp_path)


def installed(tmp_path: Path) -> list[str]:
    script = tmp_path / "bin" / "clipsearch"
    script.parent.mkdir()
    script.write_text(SCRIPT)
    return [sys.executable, str(script)]


def test_the_page_comes_up_in_such_a_folder(hostile: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".streamlit").mkdir(parents=True)
    (home / ".streamlit" / "config.toml").write_text('[server]\nbaseUrlPath = "other"\n')
    port = free_port()
    process = subprocess.Popen(
        [*installed(tmp_path), "ui", "--no-browser", "--no-token", "--port", str(port)],
        cwd=hostile,
        env=os.environ | {"PYTHONPATH": str(TOP), "HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        end = time.monotonic() + 60
        while True:
            try:
                address = f"http://127.0.0.1:{port}{main_address()}"
                with urllib.request.urlopen(address, timeout=5) as response:
                    assert response.status == 200
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health").close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < end, "it does not come up"
                time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert marks(tmp_path) == []
    assert "secrets" not in said


def test_indexing_from_the_page_works_there(
    hostile: Path, tmp_path: Path, real_photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hostile)
    monkeypatch.syspath_prepend("")
    run = IndexRun(load_config())
    run.start([real_photos])
    assert run.wait(120)
    end = time.monotonic() + 60
    while not run.result:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert run.result[0].startswith(f"{len(list(real_photos.iterdir()))} files: ")
    assert marks(tmp_path) == []


def test_other_commands_run_nothing_there_either(hostile: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*installed(tmp_path), "index", str(tmp_path / "nowhere")],
        cwd=hostile,
        env=os.environ | {"PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "There is no folder" in done.stderr
    assert marks(tmp_path) == []


def test_python_m_runs_nothing_there_either(hostile: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "clipsearch", "index", str(tmp_path / "nowhere")],
        cwd=hostile,
        env=os.environ | {"PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "There is no folder" in done.stderr
    assert marks(tmp_path) == []


def test_where_modules_may_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    trusted = [str(TOP), sys.prefix, str(tmp_path / "below")]
    assert [entry for entry in trusted if not processes.is_trusted(entry)] == []
    for entry in ("", ".", "lib", str(tmp_path), f"{tmp_path}/../{tmp_path.name}"):
        assert not processes.is_trusted(entry)
    monkeypatch.chdir(TOP)  # in a clone, python -m app.cli is to work
    assert processes.is_trusted(str(TOP))
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), str(TOP)])
    made = processes.environment(EXTRA="1")
    assert made["PYTHONPATH"] == os.pathsep.join([str(tmp_path), str(TOP)])
    assert made["EXTRA"] == "1" and made["PYTHONSAFEPATH"] == "1"
    assert processes.command("app.cli", "status")[1:] == ["-P", "-m", "app.cli", "status"]


SAYS_PRIORITY = """
import atexit, os, sys
atexit.register(lambda: print("priority", os.nice(0)))
from app.start import main
sys.exit(main())
"""


@pytest.mark.skipif(not hasattr(os, "nice"), reason="a call of POSIX")
def test_what_reads_photos_gives_way_to_searches(photos: Path, tmp_path: Path) -> None:
    def priority(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SAYS_PRIORITY, *command],
            cwd=TOP,
            env=os.environ | {"CLIPSEARCH_LIBRARY": str(tmp_path / "library")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()[-1].removeprefix("priority ")

    before = os.nice(0)  # of the tests themselves
    if before >= 15:
        pytest.skip("the tests give way themselves")
    assert priority("index", str(photos)) == "15"
    assert priority("watch", "--until-input-ends") == "15"
    assert priority("status") == priority("search", "red") == str(before)
