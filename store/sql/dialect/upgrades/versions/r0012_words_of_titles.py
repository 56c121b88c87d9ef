"""The index of the words in titles and descriptions."""

from __future__ import annotations

from alembic import op

from store.sql.dialect.upgrades.versions.r0006_words_of_names import (
    _APART,
    _BETWEEN,
    _CAPITALS,
    _MARKS,
    _SMALL,
    _UNSPACED,
)

revision = "0012"
down_revision: str | None = "0011"

_INTO = "INSERT OR REPLACE INTO content_words (rowid, title, whole, description)"
_NEW = "text_words(new.title), whole_text(new.title), text_words(new.description)"
_SAYS = "({0}.title IS NOT NULL OR {0}.description IS NOT NULL)"
_IN_FILE = (
    "CREATE VIRTUAL TABLE content_words USING fts5("
    "title, whole, description, tokenize = 'ascii', detail = 'column', columnsize = 0)",
    f"""CREATE TRIGGER content_words_added AFTER INSERT ON content WHEN {_SAYS.format("new")}
    BEGIN {_INTO} VALUES (new.id, {_NEW}); END""",
    f"""CREATE TRIGGER content_words_changed AFTER UPDATE OF title, description ON content
    WHEN old.title IS NOT new.title OR old.description IS NOT new.description
    BEGIN DELETE FROM content_words WHERE rowid = old.id;
    {_INTO} SELECT new.id, {_NEW} WHERE {_SAYS.format("new")}; END""",
    f"""CREATE TRIGGER content_words_removed AFTER DELETE ON content WHEN {_SAYS.format("old")}
    BEGIN DELETE FROM content_words WHERE rowid = old.id; END""",
)

_TITLE, _DESCRIPTION = (
    f"IF octet_length({part}) <> length({part}) THEN {part} := regexp_replace("
    f"normalize(regexp_replace(normalize({part}, NFKD), '{_MARKS}', '', 'g'), NFC), "
    rf"'{_UNSPACED}', ' \1 ', 'g'); END IF; "
    f"{part} := btrim(translate(regexp_replace(regexp_replace({part}, '{_BETWEEN}', "
    f"' ', 'g'), '{_APART}', ' ', 'g'), '{_CAPITALS}', '{_SMALL}'));"
    for part in ("title", "description")
)
_ON_SERVER = (
    f"""CREATE FUNCTION words_of_content(title text, description text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$ DECLARE said text[]; BEGIN
    IF title IS NULL AND description IS NULL THEN RETURN NULL; END IF;
    {_TITLE} {_DESCRIPTION}
    said := string_to_array(concat_ws(' ', nullif(title, ''),
    '=' || nullif(replace(title, ' ', ''), ''),
    '/' || nullif(replace(description, ' ', ' /'), '')), ' ');
    IF octet_length(title) >= 500 OR octet_length(description) >= 500 THEN
    said := ARRAY(SELECT CASE WHEN octet_length(word) <= 500 THEN word
    ELSE encode(sha256(convert_to(word, 'UTF8')), 'hex') END FROM unnest(said) AS word); END IF;
    RETURN said; END $$""",
    "ALTER TABLE content ADD COLUMN words text[] "
    "GENERATED ALWAYS AS (words_of_content(title, description)) STORED",
    "CREATE INDEX content_words ON content USING gin (words) WITH (fastupdate = off) "
    "WHERE words IS NOT NULL",
)

_FILL = (
    f"{_INTO} SELECT id, text_words(content.title), whole_text(content.title), "
    f"text_words(content.description) FROM content WHERE {_SAYS.format('content')} "
    "AND id > ? AND id <= ?"
)
_AT_ONCE = 50_000  # contents, which take some seconds; then it is said how far it is


def upgrade() -> None:
    connection = op.get_bind()
    in_file = connection.dialect.name == "sqlite"
    for statement in _IN_FILE if in_file else _ON_SERVER:
        connection.exec_driver_sql(statement)
    if in_file:
        last = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM content").scalar_one()
        for start in range(0, last, _AT_ONCE):
            connection.exec_driver_sql(_FILL, (start, start + _AT_ONCE))
            if last > _AT_ONCE:
                done = min(100, 100 * (start + _AT_ONCE) // last)
                op.get_context().opts["tell"](f"Bringing the library up to date: {done} %")
    # Searches went through the titles by it, all of them.
    connection.exec_driver_sql("DROP INDEX IF EXISTS content_said")
