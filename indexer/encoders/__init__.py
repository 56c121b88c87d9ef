"""The two towers of a model: arrays in, vectors out, by the engine that is fastest here."""
