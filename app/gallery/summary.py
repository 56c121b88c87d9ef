"""The results of a query, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from app.gallery.listing import Listing
from app.locales.from_below import reading_in, translated
from app.locales.texts import IN_ENGLISH, Texts
from app.query.liked import Liked
from app.query.model import Query, Term, Wording, described
from app.text import printable


def summary(
    listing: Listing,
    seconds: float,
    total: int,
    notes: Sequence[str] = (),
    texts: Texts = IN_ENGLISH,
) -> str:
    """How many photos match, in how many ``seconds``, and how the query was understood.

    Args:
        notes: what else is to be said about the query, at the end.
    """
    query = listing.query
    if not query.terms and query.filter is None:
        return texts("count.photos", count=total)
    count = listing.matching_count
    if not query.terms:
        said = texts("count.photos", count=count)
    elif count:
        said = texts("summary.match", count=count)
    else:
        said = texts("summary.unclear") if len(listing) else texts("summary.none")
    took = texts("summary.seconds", seconds=texts.number(seconds, 2))
    read = reading(query, texts)
    if query.changes:  # what was typed is something else
        read = texts.plain("summary.searching", query=read)
    cut = [texts("summary.cut")] if listing.cut else []
    further = [printable(translated(note, texts)) for note in notes]
    return " · ".join([said, took, read, *cut, *further])


def reading(query: Query, texts: Texts = IN_ENGLISH) -> str:
    """How the query was understood, in words; the page shows photos of the library beside it."""

    def name(term: Term) -> str:
        shown = str(term)
        if term.kind == "like" and (liked := Liked.read(term.value)).id is not None:
            this = texts("summary.this-photo")
            if liked.at is not None:
                this = texts("summary.this-video", time=liked.at)
            return shown.replace(f"like:{term.value}", this)
        if term.kind == "image":
            return shown.replace(f"image:{term.value}", texts("summary.your-picture"))
        return shown

    words = Wording(
        without=lambda part: texts.plain("summary.without", part=part),
        all_photos=lambda part: texts.plain("summary.all-photos", part=part),
        either=lambda one, other: texts.either((one, other)),
        filter=lambda part: reading_in(part, texts, query.asked.hint),
    )
    return printable(described(query, name, words))


def shown_ids(query: Query) -> list[int]:
    """The ids of the photos that the query itself names, to be shown beside it."""
    named = (Liked.read(term.value).id for term in query.every_term if term.kind == "like")
    return [id for id in named if id is not None]
