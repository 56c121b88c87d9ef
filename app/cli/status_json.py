"""What ``clipsearch status --json`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.cli.replica_status import ReplicaStatus
    from store.standing import Standing


def status_json(
    name: str, standing: Standing, sizes: dict[str, int], apart: ReplicaStatus | None
) -> dict[str, Any]:
    """What is printed; ``sizes`` are of the files in the library's folder, in bytes."""
    model, effort, texts = standing.model, standing.effort, standing.texts
    return {
        "library": name,
        "model": model.name if model else None,
        "dim": model.dim if model else None,
        "searchable": standing.searchable,
        "hidden": standing.hidden,
        "bytes": sizes,
        "index": effort
        and {
            "recall_at_10": round(effort.recall, 4),
            "measured_at": effort.count,
            "lists": effort.lists[0],
            "candidates": effort.candidates,
        },
        "text": {
            "read": texts.read,
            "with_text": texts.with_text,
            "failed": texts.problems,
        },
        "replica": apart and apart.as_json(),
        "roots": [
            {
                "path": str(entry.root.path),
                "online": entry.online,
                "excludes": list(entry.root.excludes),
                "counts": {str(state): n for state, n in entry.counts.items()},
                "away": entry.away,
            }
            for entry in standing.roots
        ],
    }
