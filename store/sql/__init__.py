"""The library as tables: what is stored in SQLite, and every statement that reads or changes it."""
