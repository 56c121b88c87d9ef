from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import exiftool
import pytest
from exiftool import needs_exiftool
from test_xmp_edit import DARKTABLE

from conftest import Run, draw
from store.library import DATABASE

HIERARCHICAL = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:lr="http://ns.adobe.com/lightroom/1.0/">
<dc:subject><rdf:Bag><rdf:li>family</rdf:li></rdf:Bag></dc:subject>
<lr:hierarchicalSubject><rdf:Bag><rdf:li>People|family</rdf:li></rdf:Bag></lr:hierarchicalSubject>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


@needs_exiftool
def test_a_tag_is_written_beside_the_photos(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    photo = exiftool.picture(folder / "a.jpg", "-XMP-dc:Subject=own")
    other = draw(folder / "sub" / "b.png", "red")
    (folder / "sub" / "b.xmp").write_bytes(DARKTABLE)
    (folder / "sub" / "b.xmp").chmod(0o640)
    before = photo.read_bytes(), other.read_bytes()
    run("index", folder)
    done = run("tag", "add", "Family", folder, "--write-sidecar")
    assert done.code == 0 and "2 sidecars written." in done.out
    assert exiftool.read(folder / "a.jpg.xmp")["Keywords"] == ["own", "Family"]
    assert exiftool.read(folder / "sub" / "b.xmp")["Keywords"] == ["Größe", "sea & sun", "Family"]
    assert (folder / "sub" / "b.xmp").stat().st_mode & 0o777 == 0o640
    assert not (folder / "sub" / "b.png.xmp").exists()
    assert (photo.read_bytes(), other.read_bytes()) == before
    assert "0 sidecars" in run("tag", "add", "Family", folder, "--write-sidecar").out

    run("index", folder)
    assert run("search", "keyword:family", "--paths").lines == sorted([str(photo), str(other)])
    run("tag", "remove", "family", folder, "--write-sidecar")
    assert (folder / "sub" / "b.xmp").read_bytes() == DARKTABLE
    assert exiftool.read(folder / "a.jpg.xmp")["Keywords"] == "own"
    assert not [*folder.rglob(".clipsearch-*")]


def test_without_being_asked_nothing_is_written(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder / "a.png", "red")
    run("index", folder)
    run("tag", "add", "family", folder)
    assert [path.name for path in folder.iterdir()] == ["a.png"]


@pytest.mark.skipif(os.name == "nt", reason="folders have other rights there")
def test_a_folder_that_can_not_be_written_to(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder / "a.png", "red")
    (folder / "a.xmp").write_bytes(DARKTABLE)
    run("index", folder)
    if os.geteuid() == 0:  # root may write anywhere: the system call says what it says to others
        real = Path.open

        def refused(path: Path, mode: str = "r", *more: object, **named: object) -> object:
            if "x" in mode and path.parent == folder:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, mode, *more, **named)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", refused)
    else:
        folder.chmod(0o555)
    done = run("tag", "add", "family", folder, "--write-sidecar")
    folder.chmod(0o755)
    assert done.code == 1
    assert f"{folder / 'a.xmp'} stays as it is: Permission denied." in done.err
    assert (folder / "a.xmp").read_bytes() == DARKTABLE
    assert run("search", "tag:family", "--paths").lines == [str(folder / "a.png")]


def test_a_broken_sidecar_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder / "a.png", "red")
    draw(folder / "b.png", "green")
    (folder / "a.xmp").write_bytes(b"<broken")
    run("index", folder)
    done = run("tag", "add", "family", folder, "--write-sidecar")
    assert done.code == 1 and "it is no XML" in done.err
    assert "1 sidecar written." in done.out
    assert (folder / "a.xmp").read_bytes() == b"<broken"
    assert b"family" in (folder / "b.png.xmp").read_bytes()


def test_a_photo_that_is_gone_gets_none(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder / "a.png", "red")
    run("index", folder)
    (folder / "a.png").unlink()
    done = run("tag", "add", "family", folder, "--write-sidecar")
    assert done.code == 1 and "not there now" in done.err
    assert not [*folder.iterdir()]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_a_link(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder / "a.png", "red")
    (tmp_path / "real.xmp").write_bytes(DARKTABLE)
    (folder / "a.xmp").symlink_to(tmp_path / "real.xmp")
    run("index", folder)
    assert run("tag", "add", "family", folder, "--write-sidecar").code == 0
    assert (folder / "a.xmp").is_symlink()
    assert b"family" in (tmp_path / "real.xmp").read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_leads_nowhere_makes_no_file(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder / "a.png", "red")
    (folder / "a.png.xmp").symlink_to(tmp_path / "outside.conf")
    run("index", folder)
    done = run("tag", "add", "family", folder, "--write-sidecar")
    assert done.code == 1 and "it is a link that leads nowhere" in done.err
    assert not (tmp_path / "outside.conf").exists()


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder / "a.png", "red")
    run("index", folder)
    os.mkfifo(folder / "a.png.xmp")
    done = run("tag", "add", "family", folder, "--write-sidecar")
    assert done.code == 1 and "it is no file" in done.err


@needs_exiftool
def test_photos_that_share_a_sidecar_do_not_get_each_others_keywords(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    photo = exiftool.picture(folder / "a.jpg", "-XMP-dc:Subject=own")
    other = exiftool.picture(folder / "a.png", "-XMP-dc:Subject=other")
    shared = exiftool.write(folder / "a.xmp", "-XMP-dc:Title=both").read_bytes()
    run("index", folder)
    assert run("tag", "add", "family", photo, "--write-sidecar").code == 0
    assert (folder / "a.xmp").read_bytes() == shared
    run("index", folder)
    assert run("search", "keyword:family", "--paths").lines == [str(photo)]
    assert run("search", "keyword:own", "--paths").lines == [str(photo)]
    assert run("search", "keyword:other", "--paths").lines == [str(other)]


@needs_exiftool
def test_keywords_that_no_run_has_read_yet_are_kept(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    photo = exiftool.picture(folder / "a.jpg", "-XMP-dc:Subject=own")
    run("index", folder)
    with closing(sqlite3.connect(tmp_path / "library" / DATABASE)) as database, database:
        database.execute("UPDATE content SET embedded = NULL")
        database.execute("DELETE FROM keyword")
    assert run("tag", "add", "family", photo, "--write-sidecar").code == 0
    assert exiftool.read(folder / "a.jpg.xmp")["Keywords"] == ["own", "family"]


def test_what_stays_in_a_hierarchy_is_said(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder / "a.png", "red")
    sidecar = folder / "a.xmp"
    sidecar.write_bytes(HIERARCHICAL)
    run("index", folder)
    run("tag", "add", "family", folder)
    done = run("tag", "remove", "family", folder, "--write-sidecar")
    assert done.code == 1 and "it is part of a hierarchical keyword" in done.err
    assert sidecar.read_bytes() == HIERARCHICAL
