"""The statements of ``clipsearch copy``; ``store.copying`` puts them together."""
