"""Model names, and which model a new library gets. Nothing heavy is imported here.

One string names any model::

    starter                       the bundled model; needs no network
    NAME/PRETRAINED               as open_clip lists them: ViT-B-32-256/datacomp_s34b_b86k
    hf-hub:ORGANISATION/NAME      an open_clip model on the Hugging Face hub
    local-dir:PATH                a folder with open_clip_config.json and its weights
    auto                          the best one available: see ``choose_auto``
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.encoders.kept_fingerprints import kept_fingerprint
from store.errors import UnknownModel
from store.sql.fspath import expanded

STARTER = "starter"
AUTO = "auto"
RECOMMENDED = "ViT-B-32-256/datacomp_s34b_b86k"
"""MIT licence, 72.8 % ImageNet zero-shot (DataComp, Gadre et al. 2023, arXiv 2304.14108)."""
_RECOMMENDED_REPOSITORY = "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K"

STARTER_FOLDER = Path(__file__).parent.parent / "starter"
WEIGHT_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
_MODEL_SUFFIXES = frozenset({".json", ".txt", ".safetensors", ".bin", ".pth", ".pt"})
HUB_TIMEOUT_S = 4.0


@dataclass(frozen=True)
class ModelName:
    """A parsed name: what open_clip calls ``model_name`` and ``pretrained``."""

    text: str
    architecture: str
    pretrained: str | None


def parse(text: str) -> ModelName:
    """Read a model name.

    Raises:
        UnknownModel: it has none of the forms above.
    """
    text = text.strip()
    if text == STARTER:
        return ModelName(text, f"local-dir:{STARTER_FOLDER}", None)
    for prefix in ("hf-hub:", "local-dir:"):
        if text.startswith(prefix):
            rest = text.removeprefix(prefix)
            if not rest:
                raise UnknownModel(f"{prefix} must be followed by a name.")
            if prefix == "local-dir:":
                folder = expanded(rest).resolve()
                # Absolute, since the library remembers it and may be used from any folder.
                return ModelName(f"{prefix}{folder}", f"{prefix}{folder}", None)
            return ModelName(text, text, None)
    architecture, slash, pretrained = text.rpartition("/")
    if not slash:
        return ModelName(text, text, None)
    return ModelName(text, architecture, pretrained)


@dataclass(frozen=True)
class AutoChoice:
    """The model that ``auto`` stands for on this machine, and one line about it."""

    name: str
    why: str


def choose_auto(
    cached: Callable[[str], bool] | None = None, online: Callable[[], bool] | None = None
) -> AutoChoice:
    """``RECOMMENDED`` if its weights are here or the hub answers, else ``starter``.

    This takes at most ``HUB_TIMEOUT_S`` even if the network never answers.
    """
    if (cached or is_cached)(_RECOMMENDED_REPOSITORY):
        return AutoChoice(RECOMMENDED, f"Model: {RECOMMENDED} (found on this machine).")
    if (online or hub_answers)():
        return AutoChoice(RECOMMENDED, f"Model: {RECOMMENDED} (downloaded once, 605 MB).")
    if variable := kept_offline():
        return AutoChoice(
            STARTER,
            f"Model: starter (bundled, works offline). {variable} is set, so that no better one "
            f"was asked for; without it: clipsearch index --model {RECOMMENDED}",
        )
    return AutoChoice(
        STARTER,
        "Model: starter (bundled, works offline). For better matches, once online: "
        f"clipsearch index --model {RECOMMENDED}",
    )


def folder_fingerprint(name: ModelName, cache: Path | None = None) -> str | None:
    """SHA-256 over a local model's files, without loading it; None for a model of the hub.

    Args:
        cache: the folder that keeps fingerprints; None: the files are read.
    """
    folder = _folder_of(name)
    if folder is None:
        return None
    files = _files_in(folder)

    def read() -> str:
        digest = hashlib.sha256()
        for path in files:
            digest.update(path.name.encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()

    return kept_fingerprint(cache, folder, files, read) if cache and files else read()


def model_files(text: str) -> list[Path]:
    """The files of a model in a folder of the user's, by its name; [] for any other model.

    Raises:
        UnknownModel, OSError: see ``parse``; the folder can't be read.
    """
    folder = None if text == STARTER else _folder_of(parse(text))
    return _files_in(folder) if folder else []


def _folder_of(name: ModelName) -> Path | None:
    if not name.architecture.startswith("local-dir:"):
        return None
    return Path(name.architecture.removeprefix("local-dir:"))


def _files_in(folder: Path) -> list[Path]:
    listed = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in listed if path.suffix in _MODEL_SUFFIXES]


def is_cached(repository: str) -> bool:
    """Whether the weights of a Hugging Face repository are in the local cache."""
    from huggingface_hub import try_to_load_from_cache

    return any(isinstance(try_to_load_from_cache(repository, f), str) for f in WEIGHT_FILES)


def kept_offline() -> str | None:
    """The environment variable by which the user forbids asking the hub; None if none is set."""
    from huggingface_hub import constants

    if os.environ.get("CLIPSEARCH_OFFLINE"):
        return "CLIPSEARCH_OFFLINE"
    return "HF_HUB_OFFLINE" if constants.HF_HUB_OFFLINE else None


def hub_answers(timeout: float = HUB_TIMEOUT_S) -> bool:
    """Whether the hub can be reached; the answer takes at most ``timeout`` seconds.

    A thread asks, since looking up a name has no timeout of its own.
    """
    import urllib.error
    import urllib.request

    from huggingface_hub import constants

    if kept_offline():
        return False
    answered = threading.Event()
    done = threading.Event()

    def ask() -> None:
        request = urllib.request.Request(constants.ENDPOINT, method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=timeout):
                answered.set()
        except urllib.error.HTTPError as error:
            if error.code < 500:
                answered.set()
        except (OSError, ValueError):
            pass
        finally:
            done.set()

    threading.Thread(target=ask, name="hub", daemon=True).start()
    done.wait(timeout)
    return answered.is_set()
