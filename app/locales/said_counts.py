"""Numbers that lower layers say in English with what they count ("3 new, 1 folder offline"), in the
language of the page's reader."""

from __future__ import annotations

import re
from functools import cache

from app.languages.asked import ENGLISH
from app.locales.texts import Texts, catalogue

COUNTED = r"[\d,]+ [a-z ]+?(?:, [\d,]+ [a-z ]+?)*"
"""No name of a folder that stands behind it."""
_ONE = re.compile(r"([\d,]+) (.+)")
_PREFIX, _COUNT = "counted.", "{count} "


def counted_in(said: str, texts: Texts) -> str | None:
    """Numbers and what they count as ``texts`` has them; None if one of them is not known."""
    parts = []
    for part in said.split(", "):
        match = _ONE.fullmatch(part)
        key = match and _keys().get(match[2])
        if not (match and key):
            return None
        count = int(match[1].replace(",", ""))
        if key.startswith(_PREFIX):
            parts.append(texts(key, count=count))
        elif texts.language == ENGLISH:
            parts.append(part)
        else:  # what has one form only: "toter Verweis (2)"
            parts.append(f"{texts(key)} ({texts.number(count)})")
    return ", ".join(parts)


@cache
def _keys() -> dict[str, str]:
    """The keys of what is counted, by the English words behind the number."""
    keys: dict[str, str] = {}
    for key, text in catalogue(ENGLISH).items():
        if key.startswith(_PREFIX):
            forms = [text] if isinstance(text, str) else text.values()
            keys |= {form.removeprefix(_COUNT): key for form in forms}
        elif key.partition(".")[2].startswith("state-"):  # why files failed
            keys[str(text)] = key
    return keys
