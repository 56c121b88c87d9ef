"""The names of the models that open_clip knows, and where their weights are."""

from __future__ import annotations

import difflib

from indexer.encoders import models
from store.errors import UnknownModel


def is_downloaded(name: models.ModelName) -> bool:
    """Whether the weights of a model of the hub are on this machine.

    Raises:
        UnknownModel: no model has that name.
    """
    check_known(name)
    repository = repository_of(name)
    return repository is not None and models.is_cached(repository)


def known_names() -> list[str]:
    """Every name that needs no prefix: ``starter`` and open_clip's own."""
    import open_clip

    return [models.STARTER, *("/".join(pair) for pair in open_clip.list_pretrained())]


def check_known(name: models.ModelName) -> None:
    """Raise ``UnknownModel``, with close names, unless open_clip may be able to load the model."""
    if name.architecture.startswith(("hf-hub:", "local-dir:")):
        return
    known = known_names()
    if name.text in known:
        return
    tags = [n for n in known if n.startswith(f"{name.text}/")]
    close = tags or difflib.get_close_matches(name.text, known, n=5, cutoff=0.4)
    hint = f" Did you mean: {', '.join(close[:8])}?" if close else ""
    raise UnknownModel(
        f"There is no model {name.text!r}.{hint} "
        "Names are: starter, NAME/PRETRAINED, hf-hub:ORG/NAME, local-dir:PATH."
    )


def repository_of(name: models.ModelName) -> str | None:
    """The repository of the Hugging Face hub that has the weights; None if it is in none."""
    from open_clip import get_pretrained_cfg

    if name.architecture.startswith("hf-hub:"):
        return name.architecture.removeprefix("hf-hub:")
    if name.pretrained is None:
        return None
    # "organisation/name/" or "organisation/name/file"
    place = get_pretrained_cfg(name.architecture, name.pretrained).get("hf_hub", "")
    return str(place).rpartition("/")[0] or None
