"""Files beside the database: thumbnails, previews, labels, and how a file is written whole."""
