"""From a file's bytes to an upright RGB picture, and everything made from it without a model."""
