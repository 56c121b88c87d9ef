"""The folders on disk against the library: what a run has to read, and what is missing."""
