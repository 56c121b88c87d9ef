"""Reads the text in pictures: one picture, and all that nobody has read yet."""
