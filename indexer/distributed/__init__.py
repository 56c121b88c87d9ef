"""Indexing by many processes and machines, which Ray starts and watches."""
