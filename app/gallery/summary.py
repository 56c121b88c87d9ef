"""The results of a query, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from app.gallery.listing import Listing
from app.query.liked import Liked
from app.query.model import Query, Term, described
from app.text import plural, printable


def summary(listing: Listing, seconds: float, total: int, notes: Sequence[str] = ()) -> str:
    """How many photos match, in how many ``seconds``, and how the query was understood.

    Args:
        notes: what else is to be said about the query, at the end.
    """
    query = listing.query
    if not query.terms and query.filter is None:
        return f"{total:,} photos"
    count = listing.matching_count
    if not query.terms:
        said = plural(count, "photo")
    elif count:
        said = f"{plural(count, 'photo')} match" if count != 1 else "1 photo matches"
    else:
        said = "Nothing clearly matches" if len(listing) else "Nothing was found"
    cut = (
        " · only the beginning of the query counts, the model reads no more" if listing.cut else ""
    )
    searching = "Searching for: " if query.changes else ""  # what was typed is something else
    further = "".join(f" · {printable(said)}" for said in notes)
    return f"{said} · {seconds:.2f} s · {searching}{reading(query)}{cut}{further}"


def reading(query: Query) -> str:
    """How the query was understood, in words; the page shows photos of the library beside it."""

    def name(term: Term) -> str:
        shown = str(term)
        if term.kind == "like" and (liked := Liked.read(term.value)).id is not None:
            return shown.replace(f"like:{term.value}", f"this {liked.said}")
        if term.kind == "image":
            return shown.replace(f"image:{term.value}", "your picture")
        return shown

    return printable(described(query, name))


def shown_ids(query: Query) -> list[int]:
    """The ids of the photos that the query itself names, to be shown beside it."""
    named = (Liked.read(term.value).id for term in query.every_term if term.kind == "like")
    return [id for id in named if id is not None]
