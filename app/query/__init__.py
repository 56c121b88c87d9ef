"""The query language: text to a ``Query`` and back. Nothing else parses what people type."""
