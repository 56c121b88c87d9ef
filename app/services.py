"""The one place that names concrete classes: builds library, encoder and searcher.

What only some of them need is imported inside functions: each command comes here for its library.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.config import Config
from store.errors import ConfigError, LibraryNotFound, ModelUnavailable
from store.values import DATABASE, ModelInfo, Tell, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.search.searcher import Searcher
    from indexer.encoders.encoder import Encoder
    from store.copying.places import Destination
    from store.library import Library
    from store.standing import Standing


def open_library_of(
    config: Config,
    *,
    create: bool = False,
    searching: bool = False,
    tell: Tell = silent,
) -> Library:
    """The configured library, made if ``create`` is true and there is none.

    Whoever asked for it closes it, or uses it in a ``with``. Nobody else opens one.

    Args:
        searching: it may be read from a replica, where one is named, which may be a little behind.
        tell: takes lines for the user while a library of an earlier format is brought up to date.

    Raises: see ``store.library.Library.open``.
    """
    if config.server:
        from store.server_library import ServerLibrary

        read = config.read_library if searching else None
        return ServerLibrary.at(config.server, config.library, create=create, read=read)
    from store.library import Library

    return Library.open(config.library, create=create, tell=tell)


def standing_of(config: Config) -> Standing | None:
    """How the configured library stands, where that can be said without opening it.

    That takes a fifth of the time. None: it is on a server, or there is something to say or do
    first, and it has to be opened.
    """
    from store.sql.dialect import first_look

    return None if config.server else first_look.standing_of(config.library)


def place_of_copy(config: Config) -> Destination:
    """Where a copy goes, which need not be a library yet."""
    from store.copying.places import FolderPlace, ServerPlace

    return ServerPlace(config.server) if config.server else FolderPlace(config.library)


def library_exists(config: Config) -> bool:
    """Whether the configured library exists; True for one on a server, which is not asked."""
    return config.server is not None or (config.library / DATABASE).exists()


def require_folder_library(config: Config, what: str, instead: str) -> None:
    """Raise ``ConfigError`` where ``what`` was asked of a library on a server.

    Args:
        instead: what to do there.
    """
    if config.server:
        raise ConfigError(
            f"{what} is only for libraries in a folder, and this one is at {config.server}. "
            f"Instead: {instead}"
        )


def load_encoder(
    name: str, config: Config, fingerprint: str | None = None, *, for_queries: bool = False
) -> Encoder:
    """The encoder of a model; ``indexer.encoders.engines.load_encoder`` says what it raises."""
    from indexer.encoders import engines

    return engines.load_encoder(
        name,
        device=config.device,
        engine=config.engine,
        cache=config.cache,
        fingerprint=fingerprint,
        for_queries=for_queries,
    )


@dataclass(frozen=True)
class LoadedModel:
    """An encoder for indexing, and what to tell the user about how it was chosen."""

    encoder: Encoder
    note: str | None


def encoder_for_indexing(library: Library, config: Config, asked: str | None = None) -> LoadedModel:
    """The encoder of the next index run: ``asked``, else the library's, else the configured one.

    The library's own is loaded only when the first picture needs it.
    """
    from indexer.encoders import models
    from indexer.encoders.lazy_encoder import LazyEncoder

    current = library.building_model()
    if current and asked is None:
        now = models.folder_fingerprint(models.parse(current.name), config.cache)
        if now in (None, current.fingerprint):
            load = partial(load_encoder, current.name, config, current.fingerprint)
            return LoadedModel(LazyEncoder(current, load), None)
    return encoder_of(asked or (current.name if current else config.model), config)


def encoder_of(name: str, config: Config) -> LoadedModel:
    """The encoder of a model by its name; ``auto`` is the best that can be had here.

    Raises: see ``indexer.encoders.engines.load_encoder``.
    """
    from indexer.encoders import models

    if name != models.AUTO:
        return LoadedModel(load_encoder(name, config), None)
    choice = models.choose_auto()
    try:
        return LoadedModel(load_encoder(choice.name, config), choice.why)
    except ModelUnavailable:
        if choice.name == models.STARTER:
            raise
        note = f"{choice.name} could not be downloaded; using the bundled starter model."
        return LoadedModel(load_encoder(models.STARTER, config), note)


def open_searcher(
    config: Config,
    tell: Tell = silent,
    *,
    once: bool = False,
    likely: Sequence[str] | None = None,
) -> Searcher:
    """A searcher over the configured library, with the library's own model; to be closed.

    Where those weights are not to be had any more, all that needs only what is stored still works:
    filters, photos like an indexed one. The rest raises ``ModelUnavailable`` when it is asked for.

    Args:
        tell: see ``open_library_of``.
        once, likely: for a process that asks once and ends; see ``EarlyEncoder``.

    Raises:
        LibraryNotFound: there is no library, or nothing was ever indexed into it.
    """
    from app.early_encoder import EarlyEncoder
    from store.sql.dialect.light_import import import_for_sqlite

    with EarlyEncoder(config, once=once, likely=likely) as early, ExitStack() as if_it_fails:
        if once and not config.server:
            import_for_sqlite()
        from app.languages.query_texts import QueryTexts
        from app.search.searcher import Searcher

        library = if_it_fails.enter_context(open_library_of(config, searching=True, tell=tell))
        model = answering_model(library)
        texts = early.texts(model) or QueryTexts(
            model, _encoder_of_library(model, config), early.sentences
        )
        searcher = Searcher(library, model, texts.encoder, config.cache, texts)
        if_it_fails.pop_all()
    return searcher


def cache_note(engine: str, fingerprint: str, config: Config) -> str | None:
    """What to tell the user where the cache could not keep a model that was converted.

    Args:
        engine, fingerprint: of the encoder; see ``indexer.encoders.encoder``.
    """
    from indexer.encoders import openvino_files

    if not engine.startswith("OpenVINO"):
        return None
    openvino_files.wait_for_conversions()
    folder = openvino_files.folder_of(config.cache, fingerprint)
    if (folder / openvino_files.FACTS).exists():
        return None
    return (
        f"The cache in {config.cache} is full or can't be written to, so that each command has to "
        "convert the model anew. Make room there, or name another folder: CLIPSEARCH_CACHE"
    )


def _encoder_of_library(model: ModelInfo, config: Config) -> Encoder:
    from indexer.encoders.engines import earlier_version
    from indexer.encoders.lazy_encoder import LazyEncoder

    try:
        encoder = load_encoder(model.name, config, model.fingerprint, for_queries=True)
        if encoder.fingerprint != model.fingerprint:
            raise earlier_version(model.name)
        return encoder
    except ModelUnavailable as error:
        reason = str(error)

    def unavailable() -> Encoder:
        raise ModelUnavailable(reason)

    return LazyEncoder(model, unavailable)


def catch_up(library: Library, encoder: Encoder, config: Config) -> None:
    """Label what was indexed just now, and measure it, so that nobody has to wait for it later.

    Raises:
        ModelError: the model failed.
    """
    from app.search.searcher import Searcher

    model = library.model()
    if model is not None and model.fingerprint == encoder.fingerprint:
        Searcher(library, model, encoder, config.cache).catch_up()


def answering_model(library: Library) -> ModelInfo:
    """The model that answers queries.

    Raises:
        LibraryNotFound: nothing was ever indexed.
    """
    model = library.model()
    if model is None:
        raise LibraryNotFound(
            f"The library {library.where} is empty. Fill it with: clipsearch index FOLDER"
        )
    return model
