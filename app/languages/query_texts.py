"""The vectors of what people type: English by the model's own tower, other languages by the head.

Only queries come through here. The labels, the everyday words that matches are measured by, and
what is classified stay with the tower itself, in whose space the head answers.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from app.languages.asked import ANY, AUTO, ENGLISH, NAMES, Asked
from app.languages.detection import language_of
from indexer.encoders.encoder import Encoder
from indexer.encoders.texts_together import TextsTogether
from indexer.languages.head import Head, bundled
from indexer.languages.sentences import LONGEST, SentenceVectors, why_unavailable
from store.errors import EngineUnavailable
from store.values import ModelInfo
from store.vectors import Vectors

_MULTILINGUAL = re.compile(r"xlm|nllb|i18n|multilingual|siglip2|siglip-2|mclip", re.IGNORECASE)
"""In the names of models whose own tower reads many languages."""

_KEPT = 256
"""Texts whose vectors are kept: a page asks several things of the same words."""


def spoken(text: str, asked: Asked = ANY) -> str:
    """The code of the language of ``text``: as somebody said, or as it tells by itself."""
    return language_of(text, asked.hint) if asked.language == AUTO else asked.language


class QueryTexts:
    """Encodes the texts of queries for one model; safe to share by threads.

    Attributes:
        encoder: of the model.

    Args:
        sentences, head_of: where sentence vectors and the head of a model come from.
    """

    def __init__(
        self,
        model: ModelInfo,
        encoder: Encoder,
        sentences: SentenceVectors | None = None,
        head_of: Callable[[str], Head | None] = bundled,
    ) -> None:
        self._model, self.encoder = model, encoder
        self._own = TextsTogether(encoder.encode_texts)
        self._sentences = TextsTogether((sentences or SentenceVectors()).vectors)
        self._kept: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self._first = threading.RLock()
        self._head_of = head_of
        self._head: Head | None = None
        self._head_was_read = False
        self._problem: str | None = None
        self._multilingual = bool(_MULTILINGUAL.search(model.name))

    def vectors(self, texts: Sequence[str], asked: Asked = ANY) -> Vectors:
        """The embedding of each text, (n, dim) float32, unit length.

        What can't be read by the head goes through the model's own tower, so that there is always
        an answer; ``notes`` says so.

        Raises:
            ModelError: the model is needed and can't be loaded.
        """
        with self._first:  # see ``others_wait``
            keys = [(text, self.language(text, asked)) for text in texts]
        with self._lock:
            vectors = [self._kept.get(key) for key in keys]
        missing = [place for place, vector in enumerate(vectors) if vector is None]
        if missing:
            made = self._encoded([keys[place] for place in missing])
            for place, vector in zip(missing, made, strict=True):
                vectors[place] = vector
        with self._lock:
            for key, vector in zip(keys, vectors, strict=True):
                assert vector is not None  # it was kept, or made just now
                self._kept[key] = vector
                self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return np.array(vectors, np.float32).reshape(-1, self._model.dim)

    @contextmanager
    def others_wait(self) -> Iterator[None]:
        """Meanwhile no other thread encodes; what this one encodes is there for them afterwards."""
        with self._first:
            yield

    def _encoded(self, keys: Sequence[tuple[str, str]]) -> Vectors:
        """The embeddings (n, dim) of texts in languages; those of other threads go with them."""
        texts = [text for text, _ in keys]
        languages = [code for _, code in keys]
        others = [place for place, code in enumerate(languages) if code != ENGLISH]
        head = self._usable_head()
        if head is None:
            return self._own(texts)
        english = [place for place, code in enumerate(languages) if code == ENGLISH]
        vectors = np.empty((len(texts), self._model.dim), np.float32)
        try:
            sentences = self._sentences(texts)
        except EngineUnavailable as error:
            self._problem = str(error)
            return self._own(texts)
        if others:
            vectors[others] = head.vectors(sentences[others])
        if english:
            own = self._own([texts[place] for place in english])
            vectors[english] = head.blended(own, sentences[english])
        return vectors

    def language(self, text: str, asked: Asked = ANY) -> str:
        """The code of the language that ``text`` is read in; English for a multilingual model,
        which needs no telling."""
        return ENGLISH if self._multilingual else spoken(text, asked)

    @property
    def reads_others(self) -> bool:
        """Whether languages other than English can be read."""
        return self._multilingual or self._usable_head() is not None

    def truncates(self, text: str, asked: Asked = ANY) -> bool:
        """Whether ``text`` is longer than what reads it, so that its end does not count."""
        if self.language(text, asked) != ENGLISH and self._usable_head() is not None:
            return len(text) > LONGEST
        return self.encoder.truncates(text)

    def notes(self, texts: Sequence[str], asked: Asked = ANY) -> list[str]:
        """What to tell about the languages of ``texts``: which they are, where not English."""
        codes = dict.fromkeys(self.language(text, asked) for text in texts)
        names = [NAMES[code] for code in codes if code != ENGLISH]
        if not names or self._usable_head() is None:
            return [self._problem] if self._problem else []
        return [f"Searching in {' and '.join(names)}"]

    def unread(self, text: str, asked: Asked = ANY) -> str:
        """What to say of a ``text`` whose language can't be read: which it seems to be, and what is
        missing."""
        said = NAMES[self.language(text, asked)]
        return f"This reads as {said}, and the model reads English only. {self._missing()}"

    def _missing(self) -> str:
        if self._problem:
            return self._problem
        if self._head_of(self._model.fingerprint) is None:
            return (
                "For other languages, index with the bundled model (--model starter), or with a "
                "multilingual one: clipsearch index --model "
                "xlm-roberta-base-ViT-B-32/laion5b_s13b_b90k"
            )
        return why_unavailable() or ""

    def _usable_head(self) -> Head | None:
        """The model's head, if there is one and what feeds it can be used; None otherwise."""
        if self._multilingual or self._problem:
            return None
        if not self._head_was_read:
            self._head = self._head_of(self._model.fingerprint) if not why_unavailable() else None
            self._head_was_read = True
        return self._head
