"""What somebody asks for with a control of the page becomes another address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from app.gallery.page_edits import apply_edit
from app.pages.address import VIEWS, PageAddress, current, go_to
from app.web.shared_service import gallery_service

PageName = Literal["search", "library"]

_KEEP_THE_VIEW = ("toggle", "dates", "query")
_OF_THE_QUERY = ("photos", "map")  # views of what the query asks for
_GO = "go"
"""In the session: the name of the page that shows what an edit asks for."""
TYPED = "typed"
"""In the session: the query that was last asked for on the page itself, and is to be remembered."""


def edited() -> None:
    """Take the edit that the component has sent."""
    edit = st.session_state["gallery"].get("edit")
    if not isinstance(edit, Mapping):
        return
    match edit.get("op"):
        case "page":
            st.session_state[_GO] = "library" if edit.get("page") == "library" else "search"
        case "retry":
            gallery_service().close()
        case "again":
            pass  # only the run of the script is wanted
        case _:
            before = current()
            after = after_edit(before, edit)
            if after.q != before.q:
                st.session_state[TYPED] = after.q
            go_to(after)
            st.session_state[_GO] = "search"  # the library's page shows no photos


def after_edit(address: PageAddress, edit: Mapping[str, Any]) -> PageAddress:
    """The address that ``edit`` asks for; see ``app.gallery.page_edits`` for those of the query.

    An edit with ``op`` "show" says which ``view``, ``sort`` or ``all`` is wanted, and it may bring
    another query as ``text``.
    """
    if edit.get("op") == "show":
        wanted = {name: edit.get(name) for name in ("view", "sort", "all") if name in edit}
        return replace(address.showing(wanted), q=str(edit.get("text", address.q)))
    text = apply_edit(address.q, edit)
    keeps = edit.get("op") in _KEEP_THE_VIEW and address.view in _OF_THE_QUERY
    return replace(address, q=text, view=address.view if keeps else VIEWS[0])


def follow(here: PageName) -> None:
    """Go to the page that the component asked for, if that is not the one that is ``here``."""
    wanted = st.session_state.pop(_GO, here)
    if wanted != here:
        # With the address as it is: another one would be a further step in the browser's history.
        st.switch_page(st.session_state["pages"][wanted], query_params=st.query_params.to_dict())
