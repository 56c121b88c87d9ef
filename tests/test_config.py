from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Config, load_config
from store.errors import ConfigError


def write(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return {"CLIPSEARCH_CONFIG": str(path)}


def test_defaults(tmp_path: Path) -> None:
    config = load_config(environment=write(tmp_path, ""))
    assert config.library.name == "clipsearch"
    assert config.library.is_absolute()
    assert (config.model, config.device, config.engine) == ("auto", "auto", "auto")
    assert config.cache.is_absolute() and config.cache != config.library


def test_flags_win_over_environment_over_file(tmp_path: Path) -> None:
    text = 'library = "/file"\ndevice = "mps"\nmodel = "starter"\nengine = "torch"\ncache = "/c"'
    environment = write(tmp_path, text)
    file = Config(Path("/file"), Path("/c"), "starter", "mps", "torch")
    assert load_config(environment=environment) == file
    environment |= {"CLIPSEARCH_LIBRARY": "/environment", "CLIPSEARCH_DEVICE": "cuda"}
    expected = replace(file, library=Path("/environment"), device="cuda")
    assert load_config(environment=environment) == expected
    flags = {"library": Path("/flag"), "device": "cpu", "engine": "openvino"}
    chosen = load_config(**flags, environment=environment)  # type: ignore[arg-type]
    assert chosen == replace(file, library=Path("/flag"), device="cpu", engine="openvino")


def test_home_is_meant(tmp_path: Path) -> None:
    config = load_config(library=Path("~/photos"), environment=write(tmp_path, ""))
    assert config.library == Path.home() / "photos"


def test_a_file_as_windows_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "c.toml").write_text('model = "starter"', encoding="utf-8-sig")
    config = load_config(environment={"CLIPSEARCH_CONFIG": "~/c.toml"})
    assert config.model == "starter"


def test_unknown_settings_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="libary"):
        load_config(environment=write(tmp_path, 'libary = "/x"'))


def test_broken_toml(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        load_config(environment=write(tmp_path, "library = "))


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load_config(environment={"CLIPSEARCH_CONFIG": str(tmp_path / "none.toml")})


@pytest.mark.parametrize("key", ["library", "cache", "model", "device", "engine"])
@pytest.mark.parametrize("value", ["7", "true", "[]", '["/x"]', "2019-07-01", "{ path = 1 }"])
def test_a_value_that_is_no_text(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{key} must be text"):
        load_config(environment=write(tmp_path, f"{key} = {value}"))


def test_a_table_is_no_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="library must be text in quotes"):
        load_config(environment=write(tmp_path, '[library]\npath = "/x"'))


def test_the_home_of_nobody_is_a_name_like_any_other(tmp_path: Path) -> None:
    config = load_config(library=Path("~nobody-9/x"), environment=write(tmp_path, ""))
    assert config.library == Path.cwd() / "~nobody-9" / "x"


@pytest.mark.parametrize("address", ["mysql://u:secret@host/photos", "S3://b", "a+b.c-1://"])
def test_an_address_is_no_folder(address: str, tmp_path: Path) -> None:
    """Else a folder of that name would be made. What comes behind the scheme may be a secret."""
    for flag, environment in (
        (address, write(tmp_path, "")),
        (None, write(tmp_path, "") | {"CLIPSEARCH_LIBRARY": address}),
        (None, write(tmp_path, f'library = "{address}"')),
    ):
        with pytest.raises(ConfigError, match=r"no libraries at .*:// addresses") as caught:
            load_config(library=flag, environment=environment)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["C:/x", "C:\\x", "c://x", "photos:2019", "a/b://c", "://x"])
def test_folders_with_odd_names_are_folders(name: str, tmp_path: Path) -> None:
    config = load_config(library=name, environment=write(tmp_path, ""))
    assert config.library == Path(name).absolute()


FIRST, SECOND = "postgresql://anna:s3cret@host/p", "postgresql://reader:s3cret@replica/p"


def test_where_the_second_address_comes_from(tmp_path: Path) -> None:
    file = f'library = "{FIRST}"\nread_library = "{SECOND}"'
    named, here = {"CLIPSEARCH_LIBRARY": FIRST}, {"CLIPSEARCH_READ_LIBRARY": SECOND}
    other = {"CLIPSEARCH_READ_LIBRARY": "postgresql://other/p"}
    cases: list[tuple[str | None, dict[str, str], str, str | None]] = [
        (None, {}, file, SECOND),
        (None, named, file, None),  # of the library that the file names, not of this one
        (FIRST, {}, file, None),
        (None, named | here, "", SECOND),
        (None, here, f'library = "{FIRST}"', SECOND),
        (FIRST, named | here, "", None),
        (f"{FIRST}?read={SECOND}", named | other, "", SECOND),
        (None, {"CLIPSEARCH_LIBRARY": f"{FIRST}?read={SECOND}"} | other, "", SECOND),
        ("/a/folder", here, "", None),
        (None, {"CLIPSEARCH_LIBRARY": "/a/folder"} | here, "", None),
    ]
    for flag, environment, content, expected in cases:
        config = load_config(library=flag, environment=write(tmp_path, content) | environment)
        assert (config.read_library and config.read_library.url) == expected
        again = load_config(environment=write(tmp_path, file) | config.library_environment)
        assert again.read_library == config.read_library and again.server == config.server
        assert "s3cret" not in repr(config)


def test_the_second_address_has_to_be_a_database(tmp_path: Path) -> None:
    settings = {"CLIPSEARCH_LIBRARY": FIRST, "CLIPSEARCH_READ_LIBRARY": "reader:s3cret@replica"}
    with pytest.raises(ConfigError, match="to read from has to be a database") as caught:
        load_config(environment=write(tmp_path, "") | settings)
    assert "s3cret" not in str(caught.value)
