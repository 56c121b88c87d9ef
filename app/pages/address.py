"""What the address asks for: the page's only state, which Back and Forward and links change too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from app.gallery.listing import ORDERS, ListingOrder

View = Literal["photos", "map", "albums", "duplicates"]
VIEWS: tuple[View, ...] = ("photos", "map", "albums", "duplicates")

_OURS = ("q", "view", "sort", "all")


@dataclass(frozen=True)
class PageAddress:
    """A query and how its results are shown.

    Attributes:
        every: whether each photo of a burst is shown.
    """

    q: str = ""
    view: View = "photos"
    sort: ListingOrder = "best"
    every: bool = False

    def parameters(self) -> dict[str, str]:
        """Those that an address has; what is as usual is left out."""
        asked = {"q": self.q, "view": self.view, "sort": self.sort, "all": str(self.every).lower()}
        usual = {"q": "", "view": VIEWS[0], "sort": ORDERS[0], "all": "false"}
        return {name: value for name, value in asked.items() if value != usual[name]}

    def showing(self, wanted: Mapping[str, Any]) -> PageAddress:
        """The same query, shown as ``wanted`` says; what makes no sense in it changes nothing."""
        # Earlier versions wrote "Best match" and "Map".
        view = str(wanted.get("view", "")).lower()
        sort = str(wanted.get("sort", "")).lower().partition(" ")[0]
        every = str(wanted.get("all", self.every)).lower()
        return PageAddress(
            q=self.q,
            view=next((one for one in VIEWS if one == view), self.view),
            sort=next((one for one in ORDERS if one == sort), self.sort),
            every=every == "true",
        )


def current() -> PageAddress:
    """What the browser's address asks for; what makes no sense in it is as usual."""
    asked = st.query_params
    return PageAddress(asked.get("q", "")).showing(asked.to_dict())


def go_to(address: PageAddress) -> None:
    """Let the browser's address ask for this: one step in its history, if it is another one."""
    kept = {name: value for name, value in st.query_params.items() if name not in _OURS}
    st.query_params.from_dict({**kept, **address.parameters()})
