"""One module for each change of the tables; ``docs/changing-the-schema.md`` says how to add one."""
