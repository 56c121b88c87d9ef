"""Watching folders: what the system tells of changes, what is looked at, and when."""
