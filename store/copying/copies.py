"""A whole library copied, or an earlier copy brought up to date; and proven to be the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from store.copying.places import Destination
from store.library import Library
from store.sql import key_values
from store.sql.copying import marks, runs
from store.sql.copying.meter import Meter, Report
from store.sql.copying.proof import Proof
from store.sql.copying.tables import count, parts
from store.sql.copying.transfer import Transfer
from store.sql.dialect import bulk


@dataclass(frozen=True)
class Copied:
    """What a copy has, all of it verified.

    Attributes:
        counts: how many rows of each table were to be copied.
        added, changed, removed: how many rows of all tables that took.
        first: whether it is a new copy, and not an earlier one that was brought up to date.
        damaged: how many vectors were not copied because they are not what was written.
    """

    counts: Mapping[str, int]
    added: int
    changed: int
    removed: int
    first: bool
    damaged: int


def copy_library(source: Library, place: Destination, report: Report) -> Copied:
    """Copy all of ``source`` as it is at this moment; a run may go on meanwhile.

    What is derived is not copied. If it is stopped or killed, the next one goes on from there.

    Raises:
        FileRefused: a copy may not go to ``place``.
        LibraryDamaged: ``source`` has rows that can't be copied.
        LibraryBusy: another process is changing what is at ``place``.
        LibraryError, OSError: one of them can't be used, or the copy is not what was copied.
    """
    listed = parts()
    identity = source.identity()
    with source.at_one_moment() as moment:
        origin = marks.Origin(identity, key_values.generation(moment), source.name)
        counts = {part.name: count(moment, part) for part in listed}
        meter = Meter(counts, report)
        with place.held(origin, listed) as held:
            transfer = Transfer(moment, held.connection, listed, held.keep, meter)
            transfer.carry_out()
            proof = Proof(moment, held.connection, listed, transfer.damaged, meter)
            if proof.bad:  # of an earlier copy, whose disk has changed them since
                transfer.remove_vectors(proof.bad)
                transfer.carry_out()
                proof = Proof(moment, held.connection, listed, transfer.damaged, meter)
            proof.require()
            tables = [part.table for part in listed]
            bulk.go_on_from(held.connection, tables, bulk.last_ids(moment, tables))
            runs.go_on_from(moment, held.connection)
            marks.finish(held.connection, origin, proof.fingerprint, first=held.first)
    return Copied(
        counts,
        transfer.added.total(),
        transfer.changed.total(),
        transfer.removed.total(),
        held.first,
        len(transfer.damaged),
    )
