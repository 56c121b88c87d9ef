"""What the page shows, as plain values: lists of results, facets, edits of the query."""
