"""How good a model is, measured on photos whose answers are known; see ``app.cli.eval``."""
