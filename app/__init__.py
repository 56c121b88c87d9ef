"""The command line, the page, and what both are made of: queries, search, labels, settings.

Python programs import ``clipsearch``, which lies beside this package.
"""

__version__ = "0.1.0"
"""The one place of the version: pyproject.toml and ``clipsearch`` take it from here."""
