from __future__ import annotations

import pytest

from app.query import Query, parse_query
from store.errors import QueryError


def test_words() -> None:
    assert parse_query("  a dog \n on a\tbeach ") == Query("a dog on a beach")


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\u3000"])
def test_nothing_to_search_for(text: str) -> None:
    with pytest.raises(QueryError, match="empty"):
        parse_query(text)
