"""The terms of a query as vectors: words, pictures, indexed photos and concepts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.languages.asked import ANY, Asked
from app.languages.query_texts import QueryTexts
from app.query.liked import Liked
from app.query.model import Term
from app.search.concept_direction import concept_direction
from app.search.library_index import LibraryIndex
from app.text import absolute
from indexer.encoders.encoder import Encoder
from store.errors import PhotoError, QueryError
from store.library import Library
from store.sql.dialect.expressions import ID_END
from store.sql.fspath import expanded
from store.values import ModelInfo
from store.vectors import Vectors


class TermVectors:
    """Finds the vector of each term in one library.

    Args:
        index: the vectors of indexed photos as of now, and a sample of them.

    Attributes:
        texts: encodes words, in whatever language they are.
    """

    def __init__(
        self,
        library: Library,
        model: ModelInfo,
        encoder: Encoder,
        index: LibraryIndex,
        texts: QueryTexts,
    ) -> None:
        self._library, self._model, self._encoder = library, model, encoder
        self._index = index
        self.texts = texts

    def vectors(self, terms: Sequence[Term], asked: Asked = ANY) -> Vectors:
        """The embedding of each term, (n, dim) float32, unit length.

        Args:
            asked: which language the texts are in, if somebody said so.

        Raises:
            QueryError: a picture can't be read, or a photo or concept is not in the library.
            ModelError: words or new pictures need the model, and it can't be loaded.
        """
        vectors = np.empty((len(terms), self._model.dim), np.float32)
        texts = [term.value for term in terms if term.kind == "text"]
        by_text = iter(self.texts.vectors(texts, asked)) if texts else iter(())
        for place, term in enumerate(terms):
            if term.kind == "text":
                vectors[place] = next(by_text)
            elif term.kind == "image":
                vectors[place] = self.encode_file(Path(term.value), f"image:{term.value}")
            elif term.kind == "concept":
                vectors[place] = self._prototype(term.value)
            else:
                vectors[place] = self._liked(*self._named(term))
        return vectors

    def _liked(self, content_id: int, at_ms: int | None) -> Vectors:
        """The vector (dim,) of an indexed photo; of a video, that of its frame nearest to a moment,
        or the mean of all its frames, so that no single one stands for what happens in it."""
        frames = self._index.now().frames.of(np.array([content_id], np.int64))
        if not len(frames):
            vectors: Vectors = self._library.vectors(self._model, np.array([content_id]))
        elif at_ms is None:
            vectors = frames.vectors.mean(axis=0, keepdims=True)
            vectors /= np.linalg.norm(vectors)
        else:
            vectors = frames.vectors[[np.abs(frames.at_ms - at_ms).argmin()]]
        vector: Vectors = vectors[0]
        return vector

    def vector(self, content_id: int) -> Vectors | None:
        """The embedding (dim,) of an indexed photo; None if there is none."""
        try:
            vectors = self._library.vectors(self._model, np.array([content_id], np.int64))
        except KeyError:
            return None
        vector: Vectors = vectors[0]
        return vector

    def prepare(self, terms: Sequence[Term], asked: Asked = ANY) -> None:
        """Encode the texts of ``terms`` ahead of ``vectors``; raises ``ModelError`` like it."""
        texts = [term.value for term in terms if term.kind == "text"]
        if texts:
            self.texts.vectors(texts, asked)

    def _prototype(self, name: str) -> Vectors:
        examples = self._library.user_data.examples(name)
        if not any(not example.negative for example in examples):
            known = ", ".join(self._library.user_data.concepts()) or "none yet"
            raise QueryError(
                f"There is no concept {name}. Known: {known}. "
                f"Make one with: clipsearch concept add {name} PHOTO ..."
            )
        index = self._index.vectors()
        vectors = []
        for example in examples:
            if example.content_id is not None and self._is_indexed(example.content_id):
                vectors.append(index.vectors(np.array([example.content_id]))[0])
            elif example.model_id == self._model.id and example.is_sound(self._model.dim):
                vectors.append(example.vector)
            else:  # the library has a different model by now, or the vector is damaged
                what = f"The example {example.path} of concept:{name}"
                vectors.append(self.encode_file(Path(example.path), what))
        negative = np.array([example.negative for example in examples])
        stacked = np.stack(vectors)
        return concept_direction(stacked[~negative], stacked[negative], self._index.sample())

    def encode_file(self, path: Path, what: str) -> Vectors:
        """The embedding (dim,) float32 of any picture file; ``what`` names it in errors.

        Raises:
            QueryError: the file can't be read.
        """
        from indexer.pictures.decode import decode

        try:
            with expanded(path).open("rb") as file:
                image, _ = decode(file, self._encoder.image_size, name=path.name)
        except OSError as error:
            raise QueryError(f"{what} can't be read: {error.strerror or error}.") from error
        except PhotoError as error:
            raise QueryError(f"{what} can't be read as a picture: {error}.") from error
        vector: Vectors = self._encoder.encode_images([self._encoder.prepare(image)])[0]
        return vector

    def _is_indexed(self, content_id: int) -> bool:
        if content_id >= ID_END:
            return False
        return len(self._index.vectors().among(np.array([content_id], np.int64))) > 0

    def contents(self, term: Term) -> list[int]:
        """The content that a ``like:`` term means, in a list; an empty list for other terms."""
        return [self._named(term)[0]] if term.kind == "like" else []

    def _named(self, term: Term) -> tuple[int, int | None]:
        """The content that a ``like:`` term means, and the moment of it in milliseconds."""
        liked, at_path = Liked.read(term.value), self._library.contents_at
        named = [] if liked.id is None else [liked.id]
        if liked.id is None and not (named := at_path(absolute(Path(liked.photo)))):
            liked = Liked(term.value)  # a name with "@7" at its end
            named = at_path(absolute(Path(term.value)))
        known = [id for id in named if self._is_indexed(id)]
        if len(known) != 1:
            what = "no photo" if not known else "a folder"
            raise QueryError(
                f"like:{term.value} is {what} of the library. For any other picture: image:PATH"
            )
        return known[0], liked.at_ms
