"""Which hidden photos a filter means: those that its alternatives ask for, each for itself.

``is:hidden OR year:2020`` is two alternatives. The first speaks of hidden photos, so it says which
it means; the second does not, so it means none. A photo has to meet one of them as it is meant.
"""

from __future__ import annotations

from store.filters import (
    NOT_HIDDEN,
    All,
    Any,
    Not,
    PhotoFilter,
    all_of,
    conditions,
    parts,
)


def speaks_of_hidden(filter: PhotoFilter | None) -> bool:
    """Whether some alternative of a filter says which hidden photos it means."""
    return any(one == NOT_HIDDEN.inner for one in conditions(filter))


def without_hidden(filter: PhotoFilter | None) -> PhotoFilter:
    """``filter`` without hidden photos, except where an alternative speaks of them.

    It is the same object if every alternative does.
    """
    if isinstance(filter, Any):
        inner = tuple(without_hidden(one) for one in filter.inner)
        same = all(new is old for new, old in zip(inner, filter.inner, strict=True))
        return filter if same else Any(inner)
    speaking = filter and _speaking(filter)
    if filter is None or speaking is None:
        return all_of([*parts(filter), NOT_HIDDEN]) or NOT_HIDDEN
    if speaking is filter:
        return filter
    return All((*parts(filter), Any((NOT_HIDDEN, speaking))))


def _speaking(filter: PhotoFilter) -> PhotoFilter | None:
    """The alternatives that speak of hidden photos: the same object if all do, None if none does.

    ``All`` of several ``Any`` has an alternative for each choice of one from each of them.
    """
    match filter:
        case Any(inner):
            each = [_speaking(one) for one in inner]
            if all(new is old for new, old in zip(each, inner, strict=True)):
                return filter if inner else None
            some = tuple(one for one in each if one is not None)
            return Any(some) if some else None
        case All(inner):
            each = [_speaking(one) for one in inner]
            if any(new is old for new, old in zip(each, inner, strict=True)):
                return filter
            some = tuple(one for one in each if one is not None)
            return All((*inner, Any(some))) if some else None
        case Not(All() | Any() | Not() as inner):
            turned = _turned(inner)
            speaking = _speaking(turned)
            return filter if speaking is turned else speaking
        case Not(inner):
            return filter if inner == NOT_HIDDEN.inner else None
    return filter if filter == NOT_HIDDEN.inner else None


def _turned(inner: All | Any | Not) -> PhotoFilter:
    """``Not(inner)`` with its alternatives to be seen."""
    match inner:
        case All(each):
            return Any(tuple(map(Not, each)))
        case Any(each):
            return All(tuple(map(Not, each)))
    return inner.inner
