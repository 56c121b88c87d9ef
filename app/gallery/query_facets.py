"""The facets of a query: values to narrow it down by, with the number of photos each would give."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import numpy as np

from app.gallery import facets
from app.gallery.facets import Count
from app.gallery.gallery_service import GalleryService
from app.gallery.page_edits import DATES, chosen_months
from app.gallery.payloads import Facets
from app.labels.vocabulary import Vocabulary, translations
from app.query.editing import values_of
from app.query.model import Query
from app.query.parsed_text import ParsedText
from store.catalogue import PhotoSet
from store.filters import FAVOURITE, Not, PhotoFilter, all_of, parts
from store.labels import GivenLabels

_HISTORY = 8  # searches
_BY_LOOK = 100_000
"""Photos of a library in which those are counted too that a label means by their look."""
_Counter = Callable[[PhotoSet], list[Count]]
_CHOSEN = ("camera", "place", "type", "label", "tag", "keyword", "is", "concept", "album")


def facets_of(service: GalleryService, parsed: ParsedText) -> Facets:
    """The values of each filter, and how many photos match with each.

    Labels are named in English, with what they are called in the language of the page's user.

    A count is of the photos that clearly match the words of the query and meet its filters of other
    kinds: as many as will match once the value is the only one of its kind.

    Raises:
        QueryError: the query asks for nothing, or for a picture that can't be read.
    """
    catalogue, searcher = service.catalogue(), service.searcher()
    clear = service.clear_matches(parsed.query())
    given = searcher.labels_soon()  # none while nobody waits for all photos to be labelled
    sets: dict[tuple[Query, bool], PhotoSet] = {}

    def meeting(*keys: str, matching: bool) -> PhotoSet:
        """The photos that meet all filters but those of ``keys``; of all, or of those that match
        the words."""
        query = parsed.query(without=keys)
        if (query, matching) not in sets:
            filter = searcher.resolved(query.filter)
            sets[query, matching] = catalogue.choose(filter, clear if matching else None)
        return sets[query, matching]

    def counted(count: _Counter, *keys: str) -> list[Count]:
        """The values of the photos that match; where none does, those there are, with 0 each."""
        matching = meeting(*keys, matching=True)
        if len(matching):
            return count(matching)
        return [Count(value, 0) for value, _ in count(meeting(*keys, matching=False))]

    @functools.cache
    def without_labels() -> list[PhotoFilter]:
        return list(parts(searcher.resolved(parsed.query(without=("label",)).filter)))

    def by_look(label: str) -> int:
        """How many photos a label means beside those that have it."""
        number = searcher.vocabulary.number(label)
        assert number is not None and given is not None  # it was counted
        ids = searcher.label_filters.by_words(number)
        if clear is not None:
            ids = np.intersect1d(ids, clear)
        other = all_of([*without_labels(), Not(given.that_show(number))])
        return len(catalogue.choose(other, ids)) if len(ids) else 0

    seen: dict[int, Mapping[str, int]] = {}  # by the set, which stays as it is: asked for twice

    def tags(photos: PhotoSet) -> Mapping[str, int]:
        if id(photos) not in seen:
            seen[id(photos)] = photos.tags()
        return seen[id(photos)]

    in_any = meeting("in", matching=True)
    within = in_any if len(in_any) else meeting("in", matching=False)
    folders = facets.folders(within.folders())
    large = len(catalogue.everything) > _BY_LOOK
    labels = counted(lambda photos: _labels(given, photos, searcher.vocabulary), "label")
    if not large and len(meeting("label", matching=True)):
        labels = [Count(name, count + by_look(name)) for name, count in labels]
        labels.sort(key=lambda label: -label.photos)
    place_names: dict[str, str] = {}

    def places(photos: PhotoSet) -> list[Count]:
        counts = photos.counts("place")
        place_names.update(facets.names_of_city_states(counts, parsed.asked.hint))
        return facets.places(counts)

    chosen = {key: values_of(parsed, key) for key in _CHOSEN}
    chosen["label"] = tuple(searcher.vocabulary.english(name) for name in chosen["label"])
    place = counted(places, "place")
    cities = {shown.casefold(): town for town, shown in place_names.items()}
    chosen["place"] = tuple(cities.get(name.casefold(), name) for name in chosen["place"])
    named = [*(label.value for label in labels), *chosen["label"]]
    return Facets(
        months=counted(lambda photos: facets.months(photos.counts("month")), *DATES),
        dates=chosen_months(parsed),
        folders=folders if len(in_any) else facets.without_counts(folders),
        in_folders=values_of(parsed, "in"),
        camera=counted(lambda photos: facets.cameras(photos.counts("camera")), "camera"),
        place=place,
        place_names=place_names,
        type=counted(lambda photos: facets.kinds(photos.counts("format")), "type"),
        label=labels,
        label_at_least=large,
        label_names={name: translations.shown(name, parsed.asked.hint) for name in named},
        tag=counted(lambda photos: _tags(tags(photos)), "tag"),
        keyword=counted(lambda photos: facets.keywords(photos.counts("keyword")), "keyword"),
        favourites=tags(meeting("is", matching=True)).get(FAVOURITE, 0),
        albums=[album.name for album in searcher.library.user_data.albums()],
        concepts=searcher.library.user_data.concepts(),
        saved=searcher.library.user_data.saved_searches(),
        history=searcher.library.user_data.history(_HISTORY),
        chosen=chosen,
    )


def _tags(counts: Mapping[str, int]) -> list[Count]:
    return [Count(*one) for one in counts.items() if one[0] != FAVOURITE]


def _labels(given: GivenLabels | None, photos: PhotoSet, vocabulary: Vocabulary) -> list[Count]:
    return [] if given is None else facets.labels(photos.labels(given), vocabulary)
