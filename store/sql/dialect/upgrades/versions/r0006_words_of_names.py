"""The index of the words in the names of photos and of their folders."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision: str | None = "0005"

_INTO = "INSERT OR REPLACE INTO photo_words (rowid, name, whole, folder)"
_NEW = "name_words(new.name), whole_name(new.name), folder_words(new.folder)"
_IN_FILE = (
    "CREATE VIRTUAL TABLE photo_words USING fts5("
    "name, whole, folder, tokenize = 'ascii', detail = 'column', columnsize = 0)",
    f"""CREATE TRIGGER photo_words_added AFTER INSERT ON photo WHEN new.content_id IS NOT NULL
    BEGIN {_INTO} VALUES (new.id, {_NEW}); END""",
    f"""CREATE TRIGGER photo_words_changed AFTER UPDATE OF name, folder, content_id ON photo
    WHEN old.name IS NOT new.name OR old.folder IS NOT new.folder
    OR (old.content_id IS NULL) <> (new.content_id IS NULL)
    BEGIN DELETE FROM photo_words WHERE rowid = old.id;
    {_INTO} SELECT new.id, {_NEW} WHERE new.content_id IS NOT NULL; END""",
    """CREATE TRIGGER photo_words_removed AFTER DELETE ON photo WHEN old.content_id IS NOT NULL
    BEGIN DELETE FROM photo_words WHERE rowid = old.id; END""",
)

_MARKS = r"[\u0300-\u036f]"
_BETWEEN = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb\u00bf"
    r"\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u3020\u3030"
    r"\ud800-\uf8ff\ufe00-\ufe0f\ufffd\U0001f000-\U0001faff\U00100000-\U0010ffff]+"
)
_UNSPACED = r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])"
_APART = r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[0-9])(?=[^0-9 ])|(?<=[^0-9 ])(?=[0-9])"
_CAPITALS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ\u0391\u0392\u0393\u0394\u0395\u0396\u0397\u0398\u0399\u039a"
    "\u039b\u039c\u039d\u039e\u039f\u03a0\u03a1\u03a2\u03a3\u03a4\u03a5\u03a6\u03a7\u03a8\u03a9"
    "\u0400\u0401\u0402\u0403\u0404\u0405\u0406\u0407\u0408\u0409\u040a\u040b\u040c\u040d\u040e"
    "\u040f\u0410\u0411\u0412\u0413\u0414\u0415\u0416\u0417\u0418\u0419\u041a\u041b\u041c\u041d"
    "\u041e\u041f\u0420\u0421\u0422\u0423\u0424\u0425\u0426\u0427\u0428\u0429\u042a\u042b\u042c"
    "\u042d\u042e\u042f\u0531\u0532\u0533\u0534\u0535\u0536\u0537\u0538\u0539\u053a\u053b\u053c"
    "\u053d\u053e\u053f\u0540\u0541\u0542\u0543\u0544\u0545\u0546\u0547\u0548\u0549\u054a\u054b"
    "\u054c\u054d\u054e\u054f\u0550\u0551\u0552\u0553\u0554\u0555\u0556\u0490\u0492\u0494\u0496"
    "\u0498\u049a\u049c\u049e\u04a0\u04a2\u04a4\u04a6\u04a8\u04aa\u04ac\u04ae\u04b0\u04b2\u04b4"
    "\u04b6\u04b8\u04ba\u04bc\u04be\u04d0\u04d2\u04d4\u04d6\u04d8\u04da\u04dc\u04de\u04e0\u04e2"
    "\u04e4\u04e6\u04e8\u04ea\u04ec\u04ee\u04f0\u04f2\u04f4\u04f6\u04f8\u04fa\u04fc\u04fe\u0500"
    "\u0502\u0504\u0506\u0508\u050a\u050c\u050e\u0510\u0512\u0514\u0516\u0518\u051a\u051c\u051e"
    "\u0520\u0522\u0524\u0526\u0528\u052a\u052c\u052e\u0132\u014a\u0152\u0166\u0110\u00c6\u00d8"
    "\u00de\u0141\u0126\u03c2"
)
_SMALL = (
    "abcdefghijklmnopqrstuvwxyz\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8\u03b9\u03ba"
    "\u03bb\u03bc\u03bd\u03be\u03bf\u03c0\u03c1\u03c2\u03c3\u03c4\u03c5\u03c6\u03c7\u03c8\u03c9"
    "\u0450\u0451\u0452\u0453\u0454\u0455\u0456\u0457\u0458\u0459\u045a\u045b\u045c\u045d\u045e"
    "\u045f\u0430\u0431\u0432\u0433\u0434\u0435\u0436\u0437\u0438\u0439\u043a\u043b\u043c\u043d"
    "\u043e\u043f\u0440\u0441\u0442\u0443\u0444\u0445\u0446\u0447\u0448\u0449\u044a\u044b\u044c"
    "\u044d\u044e\u044f\u0561\u0562\u0563\u0564\u0565\u0566\u0567\u0568\u0569\u056a\u056b\u056c"
    "\u056d\u056e\u056f\u0570\u0571\u0572\u0573\u0574\u0575\u0576\u0577\u0578\u0579\u057a\u057b"
    "\u057c\u057d\u057e\u057f\u0580\u0581\u0582\u0583\u0584\u0585\u0586\u0491\u0493\u0495\u0497"
    "\u0499\u049b\u049d\u049f\u04a1\u04a3\u04a5\u04a7\u04a9\u04ab\u04ad\u04af\u04b1\u04b3\u04b5"
    "\u04b7\u04b9\u04bb\u04bd\u04bf\u04d1\u04d3\u04d5\u04d7\u04d9\u04db\u04dd\u04df\u04e1\u04e3"
    "\u04e5\u04e7\u04e9\u04eb\u04ed\u04ef\u04f1\u04f3\u04f5\u04f7\u04f9\u04fb\u04fd\u04ff\u0501"
    "\u0503\u0505\u0507\u0509\u050b\u050d\u050f\u0511\u0513\u0515\u0517\u0519\u051b\u051d\u051f"
    "\u0521\u0523\u0525\u0527\u0529\u052b\u052d\u052f\u0133\u014b\u0153\u0167\u0111\u00e6\u00f8"
    "\u00fe\u0142\u0127\u03c3"
)
_NAME, _FOLDER = (
    # Most names are ASCII, which has no accents: to look for them takes most of the time.
    f"IF octet_length({part}) <> length({part}) THEN {part} := regexp_replace("
    f"normalize(regexp_replace(normalize({part}, NFKD), '{_MARKS}', '', 'g'), NFC), "
    rf"'{_UNSPACED}', ' \1 ', 'g'); END IF; "
    f"{part} := btrim(translate(regexp_replace(regexp_replace({part}, '{_BETWEEN}', ' ', 'g'), "
    f"'{_APART}', ' ', 'g'), '{_CAPITALS}', '{_SMALL}'));"
    for part in ("name", "folder")
)
_ON_SERVER = (
    rf"""CREATE FUNCTION words_of_path(name text, folder text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN
    name := regexp_replace(name, '\.[A-Za-z0-9]{{1,5}}$', '');
    {_NAME} {_FOLDER}
    RETURN string_to_array(name || ' =' || replace(name, ' ', '')
    || ' /' || replace(folder, ' ', ' /'), ' '); END $$""",
    # Kept in the row: a search for what is in every name would work it out of thousands.
    "ALTER TABLE photo ADD COLUMN words text[] "
    "GENERATED ALWAYS AS (words_of_path(name, folder)) STORED",
    "CREATE INDEX photo_words ON photo USING gin (words) WITH (fastupdate = off)",
)

_FILL = (
    f"{_INTO} SELECT id, name_words(photo.name), whole_name(photo.name), "
    "folder_words(photo.folder) FROM photo WHERE content_id IS NOT NULL AND id > ? AND id <= ?"
)
_AT_ONCE = 50_000  # names, which take some seconds; then it is said how far it is


def upgrade() -> None:
    connection = op.get_bind()
    in_file = connection.dialect.name == "sqlite"
    for statement in _IN_FILE if in_file else _ON_SERVER:
        connection.exec_driver_sql(statement)
    if in_file:
        last = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM photo").scalar_one()
        for start in range(0, last, _AT_ONCE):
            connection.exec_driver_sql(_FILL, (start, start + _AT_ONCE))
            if last > _AT_ONCE:
                done = min(100, 100 * (start + _AT_ONCE) // last)
                op.get_context().opts["tell"](f"Bringing the library up to date: {done} %")
