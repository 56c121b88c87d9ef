"""What the page shows, as plain values: results, facets, edits of the query."""
