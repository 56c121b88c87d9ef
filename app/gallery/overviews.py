"""Overviews: the matching photos on a map, and albums."""

from __future__ import annotations

from itertools import islice

from app.gallery.addresses import with_digests
from app.gallery.answers import Shown
from app.gallery.gallery_service import GalleryService
from app.gallery.group_payloads import AlbumCard, Albums
from app.gallery.payloads import Pin, Pins
from app.query.countries import shown_place
from app.query.editing import filter_text
from store.errors import ClipsearchError

_SAVED = 60  # saved searches that are carried out to show them, at most


def places(shown: Shown) -> Pins:
    """Each matching photo that says where it was taken; countries as the page's user calls them."""
    located = shown.listing.matching.located(newest=shown.listing.newest_first)
    numbers: dict[str, int] = {}
    pins = [
        Pin(
            id,
            round(latitude, 5),
            round(longitude, 5),
            digest,
            numbers.setdefault(place, len(numbers)) if place else -1,
        )
        for id, latitude, longitude, digest, place in zip(
            located.ids.tolist(),
            located.latitude.tolist(),
            located.longitude.tolist(),
            located.digests,
            located.places,
            strict=True,
        )
    ]
    language = shown.listing.query.asked.hint
    return Pins(pins, [shown_place(place, language) for place in numbers])


def albums(service: GalleryService, *, saved: bool = True) -> Albums:
    """Every album, and with ``saved`` every saved search, each with the first of its photos."""
    data, catalogue = service.library().user_data, service.catalogue()
    listed = data.albums()
    covers = dict(with_digests(catalogue, [one.cover for one in listed if one.cover is not None]))
    return Albums(
        [
            AlbumCard(
                album.name,
                filter_text("album", [album.name]),
                album.count,
                album.cover or 0,
                covers.get(album.cover or 0, ""),
            )
            for album in listed
        ],
        [
            _saved(service, name, query)
            for name, query in islice(data.saved_searches().items(), _SAVED)
            if saved
        ],
    )


def _saved(service: GalleryService, name: str, text: str) -> AlbumCard:
    try:
        shown = service.listing(service.read(text).query(), "best")
    except ClipsearchError:  # of a picture that is gone, perhaps: it is a place all the same
        return AlbumCard(name, text, 0, 0, "")
    first = shown.listing.results.part(0, 1).tolist()
    cover = with_digests(shown.catalogue, first)
    return AlbumCard(name, text, shown.listing.matching_count, *(cover[0] if cover else (0, "")))
