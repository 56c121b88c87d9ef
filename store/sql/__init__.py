"""The library as tables: what the database stores, and every statement that reads or changes it."""
