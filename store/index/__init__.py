"""The vector index: files made from the rows, by which the nearest vectors are looked up."""
