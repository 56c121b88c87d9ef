"""What the page does with albums: it fills them, puts them in order, renames and deletes them."""

from __future__ import annotations

from typing import Any

from app.gallery.gallery_service import GalleryService
from app.query.editing import filter_text
from app.web.asked_values import ids_of, name_of


def change_album(service: GalleryService, asked: dict[str, Any]) -> dict[str, Any]:
    """Change the album ``name`` as ``do`` says.

    ========= ========= ==========================================================
    do        further   meaning
    ========= ========= ==========================================================
    add       ids       put photos at its end; it is made if it is new
    remove    ids       take photos out of it
    first     ids       put photos of it before all others
    last      ids       put photos of it behind all others
    rename    to        give it another name
    delete              forget it; the photos stay
    ========= ========= ==========================================================

    Returns its name as it is spelt, how many photos were changed, and the query that shows it.

    Raises:
        ValueError: it asks for something else.
        RootNotFound: there is no such album.
    """
    data, name = service.library().user_data, name_of(asked)
    match asked.get("do"):
        case "add":
            changed = data.add_to_album(name, ids_of(asked))
        case "remove":
            changed = data.remove_from_album(name, ids_of(asked))
        case "first":
            first = next(iter(data.album(name)), None)
            changed = data.move_in_album(name, ids_of(asked), first)
        case "last":
            changed = data.move_in_album(name, ids_of(asked), None)
        case "rename":
            new = name_of(asked, "to")
            data.rename_album(name, new)
            name, changed = new, 0
        case "delete":
            changed = data.remove_album(name)
        case _:
            raise ValueError("What is to be done with the album?")
    names = (album.name for album in data.albums())
    spelt = next((one for one in names if one.casefold() == name.casefold()), name)
    query = filter_text("album", [spelt])
    return {"name": spelt, "changed": changed, "query": query}
