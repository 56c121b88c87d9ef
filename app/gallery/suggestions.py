"""What a half-written query may go on with: earlier searches, and names that the library has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from app.gallery import facets
from app.gallery.gallery_service import GalleryService
from app.labels.vocabulary import translations
from app.languages.asked import ENGLISH
from app.query.countries import names_in, shown_country, smaller_and_country
from app.query.editing import filter_text
from app.query.library_names import LibraryNames
from app.query.parser import parse_text
from store.errors import ClipsearchError
from store.folding import fold

_MOST = 9
_EARLIER = 5  # searches, for an empty box
_OF_A_KIND = 3
_LAST_WORDS = 3  # a name has up to so many words
_SHORTEST_FILE = 3  # letters of a file's name that are looked for
_ENDING = re.compile(r"\S+\s*$")


@dataclass(frozen=True)
class Suggestion:
    """One of them.

    Attributes:
        kind: "recent", "saved", "example", "place", "label", "concept", "tag", "album", "keyword",
            "camera", "folder" or "file".
        text: what to show.
        query: the whole query that it makes.
    """

    kind: str
    text: str
    query: str


@dataclass(frozen=True)
class _Name:
    kind: str
    text: str
    written: str  # in a query
    also: tuple[str, ...] = ()  # other names of it


def suggestions(service: GalleryService, text: str, hint: str = "") -> list[Suggestion]:
    """What ``text`` may become, the likeliest first; for an empty one, how to begin.

    Args:
        hint: the code of the language that the page's user reads, in which labels are named.

    Raises:
        ClipsearchError: the library can't be searched.
    """
    begun = fold(" ".join(text.split()))
    data = service.library().user_data
    earlier = data.history(50)
    if not begun:
        recent = [Suggestion("recent", one, one) for one in earlier[:_EARLIER]]
        examples = [Suggestion("example", one, one) for one in service.examples(hint)]
        return [*recent, *examples][:_MOST]
    listed = [
        Suggestion("recent", one, one)
        for one in earlier
        if fold(one).startswith(begun) and fold(one) != begun
    ][:_OF_A_KIND]
    listed += [
        Suggestion("saved", name, query)
        for name, query in data.saved_searches().items()
        if _begins(begun, name)
    ][:_OF_A_KIND]
    known = list(_names(service, hint))
    for start in _starts_of_last_words(text):
        listed += _going_on(text, start, known)
    listed += _files(service, text)
    return list({one.query: one for one in listed}.values())[:_MOST]


def _names(service: GalleryService, hint: str) -> Iterator[_Name]:
    """The names of the library; the more frequent of a kind first."""
    everything, searcher = service.everything(), service.searcher()
    yield from _places(everything.counts("place"), service.names(), hint)
    given = searcher.labels_soon()
    if given is not None:
        counts = everything.labels(given)
        for label in facets.labels(counts, searcher.vocabulary, len(counts)):
            shown = translations.shown(label.value, hint)
            yield _Name("label", shown, shown)
    names, data = service.shown_names(), service.library().user_data
    yield from (_Name("concept", name, filter_text("concept", [name])) for name in names.concepts)
    yield from (_Name("tag", name, filter_text("tag", [name])) for name in names.tags)
    albums = [album.name for album in data.albums() if album.count]
    yield from (_Name("album", name, filter_text("album", [name])) for name in albums)
    words = sorted(everything.counts("keyword").items(), key=lambda one: -one[1])
    yield from (_Name("keyword", name, filter_text("keyword", [name])) for name, _ in words)
    yield from (_Name("camera", name, filter_text("camera", [name])) for name in names.cameras)
    yield from (_Name("folder", name, filter_text("in", [name])) for name in names.folders)


def _places(places: Iterable[str], known: LibraryNames, hint: str) -> Iterator[_Name]:
    """Towns, regions and countries, these as the page's user calls them; each once."""
    named: dict[str, _Name] = {}
    for place in places:
        smaller, country = smaller_and_country(place)
        for name in smaller:
            if name != country:
                named.setdefault(name, _Name("place", name, filter_text("place", [name])))
        shown = shown_country(country, hint)
        if country and shown not in named:
            means_it = known.country(shown, hint) is not None
            written = filter_text("place", [shown if means_it else country])
            every = (*names_in(country, ENGLISH), *names_in(country, hint))
            also = tuple(name for name in every if "," not in name)  # no "Republic of"
            named[shown] = _Name("place", shown, written, also)
    yield from named.values()


def _starts_of_last_words(text: str) -> Iterator[int]:
    """Where the last words of ``text`` begin, the most words first."""
    starts = [match.start() for match in re.finditer(r"[^\s,]+", text)]
    yield from starts[-_LAST_WORDS:]


def _going_on(text: str, start: int, known: Iterable[_Name]) -> list[Suggestion]:
    """The names that begin with what ``text`` has from ``start`` on."""
    begun = fold(text[start:].strip())
    counted: dict[str, int] = {}
    listed = []
    for name in known:
        begins = any(_begins(begun, one) for one in (name.text, *name.also))
        if not begins or counted.get(name.kind, 0) == _OF_A_KIND:
            continue
        counted[name.kind] = counted.get(name.kind, 0) + 1
        query = f"{text[:start]}{name.written}"
        if query != text.strip():
            shown = name.text if name.kind != "label" else query
            listed.append(Suggestion(name.kind, shown, query))
    return listed


def _begins(begun: str, name: str) -> bool:
    """Whether the folded text ``begun`` begins a name, or a word of it."""
    return any(part.startswith(begun) for part in (fold(name), *_tails(fold(name))))


def _tails(name: str) -> list[str]:
    return [name[match.end() :] for match in re.finditer(r"[\s_\-]+", name)]


def _files(service: GalleryService, text: str) -> list[Suggestion]:
    """Files whose names begin with the last word."""
    last = _ENDING.search(text)
    word = last[0].strip() if last else ""
    if len(word) < _SHORTEST_FILE or not re.fullmatch(r"[\w.\-]+", word):
        return []
    try:
        query = parse_text(f"name:{word}*").query()
        shown = service.listing(query, "newest")
    except ClipsearchError:
        return []
    ids = shown.listing.results.part(0, _OF_A_KIND).tolist()
    photos = service.library().photos_of(ids)
    rest = text[: last.start()] if last else ""
    names = [PurePath(photos[id][0].path).name for id in ids if id in photos]
    return [
        Suggestion("file", name, f"{rest}{filter_text('name', [name])}")
        for name in dict.fromkeys(names)
        if '"' not in name
    ]
