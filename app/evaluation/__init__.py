"""How well a model does, on photos whose answers are known; see ``app.cli.eval``."""
