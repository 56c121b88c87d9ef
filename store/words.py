"""The words in the names of files and folders, and in what people type: both sides, one way.

Words are in lower case, without accents. Camel case, digits and letters come apart
("GoldenRetriever2" has three words), and so does each character of scripts without spaces. Which
characters stand between words is listed here, since databases and languages each know other ones:
``store.sql.dialect.name_words`` has a server do the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from store.sql.fspath import from_text

MARKS = r"[\u0300-\u036f]"
"""Accents, once they are apart from their letters."""

BETWEEN = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb\u00bf"
    r"\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u3020\u3030"
    r"\ud800-\uf8ff\ufe00-\ufe0f\ufffd\U0001f000-\U0001faff\U00100000-\U0010ffff]+"
)
APART = (
    # camelCase, ABCDef; digits and anything else
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[0-9])(?=[^0-9 ])|(?<=[^0-9 ])(?=[0-9])"
)
# Compiled only where a text needs it: ranges as wide as these take long.
UNSPACED = r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese, in which no space stands between words."""

ENDING = r"\.[A-Za-z0-9]{1,5}$"
"""What tells a file's format."""


def _cases() -> tuple[str, str]:
    upper = [*range(0x41, 0x5B), *range(0x391, 0x3AA), *range(0x400, 0x430), *range(0x531, 0x557)]
    lower = [code + (32 if code < 0x400 else 80 if code < 0x410 else 32) for code in upper]
    lower = [low + 16 if up > 0x500 else low for up, low in zip(upper, lower, strict=True)]
    pairs = [*range(0x490, 0x4C0, 2), *range(0x4D0, 0x530, 2), 0x132, 0x14A, 0x152, 0x166, 0x110]
    upper += [*pairs, *map(ord, "\u00c6\u00d8\u00de\u0141\u0126\u03c2")]
    lower += [*(code + 1 for code in pairs), *map(ord, "\u00e6\u00f8\u00fe\u0142\u0127\u03c3")]
    return "".join(map(chr, upper)), "".join(map(chr, lower))


CAPITALS, SMALL = _cases()
"""Latin, Greek, Cyrillic and Armenian letters: servers know those of their own language only."""

_IN_LOWER_CASE = str.maketrans(CAPITALS, SMALL)
_MARKS, _BETWEEN, _APART, _ENDING = map(re.compile, (MARKS, BETWEEN, APART, ENDING))
_ASCII_BETWEEN = {code: " " for code in range(128) if _BETWEEN.match(chr(code))}
_UNSPACED_RUN = f"(?:{UNSPACED}){{2,}}"
_SIMPLE = re.compile(r"[a-z]+|[0-9]+")

IRREGULAR = {
    **{"man": "men", "woman": "women", "child": "children", "person": "people", "foot": "feet"},
    **{"tooth": "teeth", "mouse": "mice", "goose": "geese", "leaf": "leaves", "knife": "knives"},
    **{"wolf": "wolves", "life": "lives", "wife": "wives", "half": "halves", "bus": "buses"},
}
_SINGULAR = {plural: one for one, plural in IRREGULAR.items()}
_NO_PLURAL = ("ss", "us", "is", "os")


def words_of(text: str) -> list[str]:
    """The words in ``text`` (not a file's name with its ending), in order."""
    if not text.isascii():
        apart = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFC", apart)
        text = re.sub(UNSPACED, r" \1 ", _BETWEEN.sub(" ", text))
    elif _SIMPLE.fullmatch(text):
        return [text]
    else:
        text = text.translate(_ASCII_BETWEEN)
    words: list[str] = []
    for part in text.split():
        if part.isascii() and part.isalpha() and (part.islower() or part[1:].islower()):
            words.append(part.lower())  # as most are: looking for what comes apart takes long
        else:
            words += _APART.sub(" ", part).translate(_IN_LOWER_CASE).split()
    return words


def is_unspaced(text: str) -> bool:
    """Whether it is in a script without spaces between words."""
    return not text.isascii() and re.search(UNSPACED, text) is not None


def unspaced_runs(text: str) -> list[str]:
    """Where two or more characters of such scripts stand side by side in ``text``, as there."""
    return [match.group() for match in re.finditer(_UNSPACED_RUN, text)]


def stem_of(name: str) -> str:
    """A file's name without its ending."""
    return _ENDING.sub("", name)


def singular(word: str) -> str:
    """An English word in the singular, by its ending; other words may lose an "s", as on the other
    side they do as well."""
    if word in _SINGULAR:
        return _SINGULAR[word]
    if len(word) <= 3 or not word.endswith("s") or word.endswith(_NO_PLURAL):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """The plural of an English word in the singular."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("y") and word[-2:-1] not in ("a", "e", "i", "o", "u", ""):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("ch", "sh", "ss", "x", "z")) else "s")


@lru_cache(1_000)
def forms_of(word: str) -> tuple[str, ...]:
    """``word`` as a name may have it: in the singular and in the plural; a number as it is."""
    if not word.isalpha():
        return (word,)
    one = singular(word)
    return tuple(dict.fromkeys((word, one, plural(one))))


# -- as the database asks ------------------------------------------------------------------------


@lru_cache(1_000)  # thousands of photos lie in one folder
def folder_words(folder: object) -> str:
    """The words of a folder's path, as the database has it, in one text; of no text, none."""
    return " ".join(words_of(from_text(folder))) if isinstance(folder, str) else ""


def name_words(name: object) -> str:
    """The words of a file's name, as the database has it, in one text; of no text, none."""
    return " ".join(words_of(stem_of(from_text(name)))) if isinstance(name, str) else ""


def whole_name(name: object) -> str:
    """All words of a file's name as one, by which it is looked up as a whole: "img1234"."""
    return name_words(name).replace(" ", "")


def text_words(text: object) -> str:
    """The words of a title or description in one text; of no text, none."""
    return " ".join(words_of(text)) if isinstance(text, str) else ""


def whole_text(text: object) -> str:
    """All words of a title as one, by which it is looked up as a whole."""
    return text_words(text).replace(" ", "")
