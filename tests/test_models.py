from __future__ import annotations

import socket
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from indexer.encoders import models
from store.errors import UnknownModel


@pytest.mark.parametrize(
    ("text", "architecture", "pretrained"),
    [
        ("starter", f"local-dir:{models.STARTER_FOLDER}", None),
        ("ViT-B-32-256/datacomp_s34b_b86k", "ViT-B-32-256", "datacomp_s34b_b86k"),
        ("hf-hub:timm/ViT-B-16-SigLIP", "hf-hub:timm/ViT-B-16-SigLIP", None),
        ("local-dir:/models/mine", f"local-dir:{Path('/models/mine').resolve()}", None),
        ("ViT-B-32", "ViT-B-32", None),
    ],
)
def test_names(text: str, architecture: str, pretrained: str | None) -> None:
    name = models.parse(text)
    assert (name.architecture, name.pretrained) == (architecture, pretrained)


def test_a_relative_folder_is_remembered_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert models.parse("local-dir:mine").text == f"local-dir:{tmp_path.resolve() / 'mine'}"


@pytest.mark.parametrize("text", ["hf-hub:", "local-dir:"])
def test_half_a_name(text: str) -> None:
    with pytest.raises(UnknownModel):
        models.parse(text)


@pytest.mark.parametrize(
    ("cached", "online", "chosen"),
    [
        (True, False, models.RECOMMENDED),
        (False, True, models.RECOMMENDED),
        (False, False, models.STARTER),
    ],
)
def test_auto(cached: bool, online: bool, chosen: str) -> None:
    choice = models.choose_auto(lambda repository: cached, lambda: online)
    assert choice.name == chosen
    assert chosen in choice.why
    assert "\n" not in choice.why


def test_auto_offline_says_how_to_upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIPSEARCH_OFFLINE")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    why = models.choose_auto(lambda repository: False, lambda: False).why
    assert f"clipsearch index --model {models.RECOMMENDED}" in why


@pytest.mark.parametrize("variable", ["CLIPSEARCH_OFFLINE", "HF_HUB_OFFLINE"])
def test_auto_names_what_keeps_it_offline(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was the user's wish, not a network that fails."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", variable == "HF_HUB_OFFLINE")
    if variable == "HF_HUB_OFFLINE":
        monkeypatch.delenv("CLIPSEARCH_OFFLINE")
    why = models.choose_auto(lambda repository: False).why
    assert f"{variable} is set" in why and "once online" not in why
    assert f"clipsearch index --model {models.RECOMMENDED}" in why


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """A real socket that stands for the hub; what it answers is up to the test."""
    from huggingface_hub import constants

    server = socket.create_server(("127.0.0.1", 0))
    monkeypatch.delenv("CLIPSEARCH_OFFLINE")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{server.getsockname()[1]}")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return server


def test_a_hub_that_answers(hub: socket.socket) -> None:
    def answer() -> None:
        connection, _ = hub.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    assert models.hub_answers()
    thread.join()
    hub.close()


def test_a_hub_that_swallows_everything_costs_its_timeout_and_no_more(hub: socket.socket) -> None:
    start = time.monotonic()
    assert not models.hub_answers(timeout=0.5)
    assert time.monotonic() - start < 30
    hub.close()


def test_a_name_that_is_never_resolved_costs_the_timeout_and_no_more(
    hub: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.close()
    never = threading.Event()

    def hang(*args: object, **options: object) -> None:
        never.wait(60)
        raise OSError

    monkeypatch.setattr(urllib.request, "urlopen", hang)  # as a look-up of a name can
    start = time.monotonic()
    assert not models.hub_answers(timeout=0.3)
    assert time.monotonic() - start < 30
    never.set()


def test_no_hub_at_all(hub: socket.socket) -> None:
    hub.close()
    assert not models.hub_answers()


def test_folder_fingerprint(tmp_path: Path) -> None:
    name = models.parse(f"local-dir:{tmp_path}")
    (tmp_path / "open_clip_config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"one")
    one = models.folder_fingerprint(name)
    (tmp_path / "README.md").write_text("does not count")
    assert models.folder_fingerprint(name) == one
    (tmp_path / "model.safetensors").write_bytes(b"two")
    assert models.folder_fingerprint(name) != one
    assert models.folder_fingerprint(models.parse("a/b")) is None
