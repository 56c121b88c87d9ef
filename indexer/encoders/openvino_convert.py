"""Converts an open_clip model to a folder of compiled OpenVINO towers, once for each model.

The folder is made beside its place in the cache, and renamed: it is there whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from indexer.encoders.clip_model import ClipModel
from indexer.encoders.openvino_compile import CompiledTower, compile_tower, export_arrays
from indexer.encoders.openvino_encoder import OpenVinoEncoder, RunsTower
from indexer.encoders.openvino_files import CONVERTING, FACTS, IMAGE, TEXT, Facts, folder_of
from indexer.encoders.slow_work import said_if_slow
from indexer.encoders.tokenizer import ClipTokenizer
from indexer.encoders.torch_encoder import TorchTower
from store.errors import EngineUnavailable

_REFUSED = "refused.json"


def convert(model: ClipModel, cache: Path) -> OpenVinoEncoder:
    """Compile both towers, check them, and keep them in the cache if there is room.

    Raises:
        EngineUnavailable: OpenVINO can't run this model, or not to the same vectors.
    """
    folder = folder_of(cache, model.fingerprint)
    image, text = _compile(model, IMAGE, folder), _compile(model, TEXT, folder)
    facts = _facts(model, image, text)
    _keep(model, facts, image, text, folder)
    return OpenVinoEncoder(
        model.name, folder, facts, model.tokenizer, {IMAGE: image.tower, TEXT: text.tower}
    )


class ConvertingEncoder(OpenVinoEncoder):
    """As ``convert`` makes it, but photos are encoded while a thread still converts the text tower.

    Whoever encodes texts waits for that. If OpenVINO refuses the text tower, torch runs it in this
    process; what photos are embedded with stays the same, and later processes use torch alone.

    Args:
        needed: texts by torch will not do: whoever encodes some gets the error.

    Raises:
        EngineUnavailable: OpenVINO can't run the image tower, or not to the same vectors.
    """

    def __init__(self, model: ClipModel, cache: Path, *, needed: bool = False) -> None:
        folder = folder_of(cache, model.fingerprint)
        image = _compile(model, IMAGE, folder)
        facts = _facts(model, image)
        super().__init__(model.name, folder, facts, model.tokenizer, {IMAGE: image.tower})
        self._text: Future[RunsTower] = Future()
        # No daemon: where a command ends early, the next one would have to begin anew.
        work = threading.Thread(target=self._go_on, args=(model, image, needed), name=CONVERTING)
        work.start()

    def tower(self, kind: str) -> RunsTower:
        if kind == IMAGE:
            return super().tower(kind)
        if self._text.done():
            return self._text.result()
        with said_if_slow("Converting the model for texts, which happens once ..."):
            return self._text.result()

    def _go_on(self, model: ClipModel, image: CompiledTower, needed: bool) -> None:
        try:
            text = _compile(model, TEXT, self._folder)
        except EngineUnavailable as error:
            if needed:
                self._text.set_exception(error)
            else:
                self.engine += f"; texts by torch on cpu: {error}"
                self._text.set_result(TorchTower(model.text_tower))
        except BaseException as error:
            self._text.set_exception(error)
        else:
            self._facts = _facts(model, image, text)
            self._text.set_result(text.tower)
            _keep(model, self._facts, image, text, self._folder)


def _compile(model: ClipModel, kind: str, folder: Path) -> CompiledTower:
    """Compile a tower; if OpenVINO refuses it, note that, so that no command tries it once more."""
    with suppress(OSError, ValueError):
        raise EngineUnavailable(str(json.loads((folder / _REFUSED).read_text())))
    try:
        return compile_tower(model, kind)
    except EngineUnavailable as error:
        said = json.dumps(str(error))

        def write(work: Path) -> None:
            (work / _REFUSED).write_text(said)

        _publish(folder, write)
        raise


def _facts(model: ClipModel, image: CompiledTower, text: CompiledTower | None = None) -> Facts:
    """What is known of a model, of which nothing is written yet."""
    tokenizer = model.tokenizer
    return Facts(
        fingerprint=model.fingerprint,
        dim=image.dim,
        logit_scale=model.logit_scale,
        preprocess=model.preprocess,
        context=tokenizer.context_length if isinstance(tokenizer, ClipTokenizer) else None,
        image=image.stages,
        text=text.stages if text else (),
        any_length=text is not None and text.any_length,
    )


def _keep(
    model: ClipModel, facts: Facts, image: CompiledTower, text: CompiledTower, folder: Path
) -> None:
    """Write both towers to ``folder``, and that for texts as plain arrays too."""

    def write(work: Path) -> None:
        written = replace(
            facts,
            image=image.export(work),
            text=text.export(work),
            arrays=export_arrays(model, work),
        )
        written.write(work / FACTS)

    _publish(folder, write)


def _publish(folder: Path, write: Callable[[Path], None]) -> None:
    """Have a new folder written, and rename it into place: whole or not at all, even if other
    processes do it too. Without room there, each process converts the model anew."""
    with suppress(OSError, RuntimeError):  # full or read-only; the latter is OpenVINO's
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".clipsearch-"))
        try:
            write(work)
            for path in work.iterdir():
                with path.open("rb+") as file:
                    os.fsync(file.fileno())
            # Towers that other versions of OpenVINO compiled are large, and of no use any more.
            fingerprint = folder.name.partition("-")[0]
            for other in folder.parent.glob(f"{fingerprint}-*"):
                shutil.rmtree(other, ignore_errors=True)
            work.rename(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
