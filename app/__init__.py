"""The faces of clipsearch, and all that is behind them but indexing and storing.

Programs import ``clipsearch``, which is beside this package.
"""

__version__ = "0.1.0"
"""The one place that has it: pyproject.toml reads it here, ``clipsearch`` hands it on."""
