"""``python -m app.cli``: the same as ``clipsearch``, wherever that was installed."""

from app.cli import cli

cli()
