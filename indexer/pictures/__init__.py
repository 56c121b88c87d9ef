"""From a file's bytes to an upright RGB picture, and what is made of one without a model."""
