"""Which language a query is in, and its vector by what reads that language."""
