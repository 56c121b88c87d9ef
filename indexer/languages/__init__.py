"""Queries in many languages: a sentence encoder, and a head from it into the starter's space."""
