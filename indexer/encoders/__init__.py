"""The two towers of a model, as arrays in and vectors out, by the engine that is fastest here."""
