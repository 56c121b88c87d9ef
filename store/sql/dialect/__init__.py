"""All that is SQLite's own, or PostgreSQL's. The rest of ``store.sql`` is SQLAlchemy for both.

``expressions`` has the parts of queries that each database spells in its own way, ``ddl`` what
tables are made of, ``upgrades`` how earlier libraries become today's, ``statements`` what is asked
of the database itself, ``name_words`` the index of names, ``content_words`` that of titles,
``sessions`` how a connection is set up and what its errors mean.
PostgreSQL's own are ``server`` (connections, errors), ``writing_session``, ``helping_session`` and
``server_locks`` (who may write when), ``server_ddl``, ``server_upgrades``, ``server_page``,
``replica``, ``nearby`` (pgvector) and ``globs``. Other modules look after the file that SQLite
keeps a library in. ``tests/test_dialect.py`` holds this.
"""
