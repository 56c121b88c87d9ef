"""What somebody asks for with a control of the page becomes another address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from app.gallery.page_edits import apply_edit
from app.pages.address import VIEWS, PageAddress, current, go_to
from app.web.shared_service import gallery_service

_KEEP_THE_VIEW = ("toggle", "dates", "query")
_OF_THE_QUERY = ("photos", "map")  # views of what the query asks for
TYPED = "typed"
"""In the session: the query that was last asked for on the page itself, and is to be remembered."""


def edited() -> None:
    """Take the edit that the component has sent."""
    edit = st.session_state["gallery"].get("edit")
    if not isinstance(edit, Mapping):
        return
    match edit.get("op"):
        case "page":
            st.session_state["go"] = "library" if edit.get("page") == "library" else "search"
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


def after_edit(address: PageAddress, edit: Mapping[str, Any]) -> PageAddress:
    """The address that ``edit`` asks for; see ``app.gallery.page_edits`` for those of the query.

    An edit with ``op`` "show" says which ``view``, ``sort`` or ``all`` is wanted.
    """
    if edit.get("op") == "show":
        wanted = {name: edit.get(name) for name in ("view", "sort", "all") if name in edit}
        return address.showing(wanted)
    text = apply_edit(address.q, edit)
    keeps = edit.get("op") in _KEEP_THE_VIEW and address.view in _OF_THE_QUERY
    return replace(address, q=text, view=address.view if keeps else VIEWS[0])


def follow() -> None:
    """Go to the page that the component asked for, if it did."""
    wanted = st.session_state.pop("go", None)
    if wanted is not None:
        # With the same query, so that this is one step in the browser's history, and the way back.
        st.switch_page(st.session_state["pages"][wanted], query_params=st.query_params.to_dict())
