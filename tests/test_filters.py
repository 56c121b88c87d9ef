"""Trees of filters: said once what they come to, part by part."""

from __future__ import annotations

from store.filters import (
    All,
    Any,
    HasPlace,
    IsOffline,
    Labelled,
    Not,
    OneOf,
    PhotoFilter,
    Tagged,
    all_of,
    conditions,
    fold,
    mapped,
    parts,
)

TREE = All((Tagged("a"), Not(Any((Labelled("dog"), HasPlace()))), All(()), Not(Not(IsOffline()))))


def test_every_condition_once_in_order() -> None:
    assert list(conditions(TREE)) == [Tagged("a"), Labelled("dog"), HasPlace(), IsOffline()]
    assert list(conditions(None)) == []


def test_mapped_keeps_the_tree() -> None:
    def change(one: PhotoFilter) -> PhotoFilter:
        return OneOf((7,)) if isinstance(one, Labelled) else one

    assert mapped(TREE, change) == All(
        (Tagged("a"), Not(Any((OneOf((7,)), HasPlace()))), All(()), Not(Not(IsOffline())))
    )
    assert mapped(TREE, lambda one: one) == TREE
    assert mapped(Labelled("dog"), change) == OneOf((7,))


def test_fold() -> None:
    def said(filter: PhotoFilter) -> str:
        return fold(
            filter,
            leaf=lambda one: type(one).__name__,
            every=lambda inner: f"({' and '.join(inner)})",
            some=lambda inner: f"({' or '.join(inner)})",
            inverse=lambda inner: f"not {inner}",
        )

    assert said(TREE) == "(Tagged and not (Labelled or HasPlace) and () and not not IsOffline)"


def test_parts_undo_all_of() -> None:
    for filters in ((), (Tagged("a"),), (Tagged("a"), Not(HasPlace()))):
        assert parts(all_of(filters)) == filters
    assert all_of(()) is None
