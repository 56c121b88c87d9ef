"""``clipsearch copy``: a whole library to another place."""
