"""How far a copy is: what is being done, and rows that were met of all rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from store.sql.copying.tables import Rows

Report = Callable[[str, int, int], None]
"""Is told what is being done (``compare``, ``copy``, ``verify``), how many rows it has been done
with, and of how many."""

_EVERY = 500  # rows


class Meter:
    """Counts the rows of what is copied as they pass by.

    Args:
        counts: how many there are, by table.
    """

    def __init__(self, counts: Mapping[str, int], report: Report) -> None:
        self._all, self._report = sum(counts.values()), report
        self._doing, self._passed = "", 0

    def begin(self, doing: str) -> None:
        self._doing, self._passed = doing, 0
        self._report(doing, 0, self._all)

    def passing(self, passing: Rows) -> Rows:
        for row in passing:
            self._passed += 1
            if not self._passed % _EVERY:
                self._report(self._doing, self._passed, self._all)
            yield row

    def end(self) -> None:
        self._report(self._doing, self._passed, self._all)
