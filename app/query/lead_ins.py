"""What people say around what they look for, and what says nothing of the photo: "show me photos
of", "zeig mir Fotos von", "montre-moi des photos de", "por favor"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from app.query.negative_words import EVERYTHING, ONES, PHOTOS, TAKEN
from app.query.phrases import Word


@dataclass(frozen=True)
class _Asking:
    """Patterns of one language, of words with a space between them.

    Attributes:
        asking: "show me"; ``some``: "all the"; ``photos``: "pictures"; ``of``: "with".
        one: what counts behind "show me" only: "a", since models of English know "a photo of a
            cat". Other languages are read by an encoder of sentences, which does better without.
        alone: what follows "show me" where no photos are named.
        before: what leads from photos to a filter: "taken in".
        clause: the same, which says that it is of photos: "we took".
    """

    asking: str
    some: str
    photos: str
    of: str
    before: str
    clause: str
    one: str = ""
    alone: str = ""

    def lead_ins(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """What may stand before what is looked for."""
        photos = f"{self.photos}{self.of}"
        return (
            re.compile(rf"{self.asking}(?: (?:{self.some}{self.one}){photos}{self.alone})?(?= )"),
            re.compile(rf"{self.some}{photos}(?= )"),
        )

    def only_photos(self) -> re.Pattern[str]:
        """What says nothing beside a filter."""
        every = "|".join(sorted(EVERYTHING, key=len, reverse=True))
        behind = f"(?: (?:{self.before}|{self.clause}(?: of)?))?"
        photos = f"(?:{self.some}(?:{self.photos}|{every}))?{behind}"
        return re.compile(f"(?:{self.asking} ?)?(?:{photos}|{self.clause})")


_PHOTOS = r"(?:photos?|fotos?|pictures?|pics?|images?|photographs?|snapshots?)"
_SOME = r"(?:(?:all|any|some|every|the|my|our|best|nicest)(?: of)? )*"
_TRIP = r"(?: (?:our|my|the|a) (?:last )?(?:trip|holidays?|vacation|visit|journey|honeymoon))?"
_WE_TOOK = r"(?:(?:that|which) )?(?:i|we)(?: have|['\u2019]ve)?(?: (?:took|taken|made|shot))?"
_ENGLISH = _Asking(
    r"(?:(?:please|can you|could you|would you) )*"
    r"(?:(?:show|find|give|get) (?:me|us)|find|search for|look for"
    rf"|(?:show|search|do (?:you|we|i) have|(?:have (?:you|we|i) )?got|(?:is|are) there|please)"
    rf"(?= (?:an? )?{_SOME}{_PHOTOS}\b)"
    r"|(?:(?:i am|i'm|im|we are) )?looking for|let me see|where(?:'s| is| are)"
    r"|(?:i|we) (?:want|wanna|need|would like|'d like)(?: to)?(?: see| find)?"
    r"|i'd like(?: to (?:see|find))?)",
    _SOME,
    _PHOTOS,
    rf"(?:(?: {_WE_TOOK})? of| with| showing| featuring| containing| having"
    r"| (?:that|which) (?:shows?|contains?|have|has)"
    r"| (?:where|in which)(?: there (?:is|are))?)",
    r"(?:where|(?:(?:that|which) (?:is|are|was|were) ?)?"
    rf"(?:taken|made|(?:from|of|in|on){_TRIP})|(?:that|which) (?:is|are|was|were))",
    rf"(?:{_WE_TOOK}|(?:from )?when (?:i|we) (?:was|were))",
    one="|an? ",
    alone=r"| all(?: of)?(?: the| my)?",
)
_GERMAN_SOME = r"(?:(?:alle|einige|ein paar|die|das|meine|unsere|eine?|besten?|schönsten?) )*"
_URLAUB = r"(?: (?:dem|der|den|unser(?:em|er|en)|mein(?:em|er|en)))?(?: (?:urlaub|reise|ferien))?"
_GERMAN_PHOTOS = r"(?:fotos?|bild(?:er)?|photos?|aufnahmen?)"
_GERMAN = _Asking(
    r"(?:(?:bitte|kannst du|könntest du|können sie|ich) )*"
    r"(?:(?:zeige?|finde?|gib|suche?) (?:mir|uns)|suche?(?: nach)?"
    r"|finde(?! (?:en|de|del|con|pasado)\b)"  # which is a weekend in Spanish
    rf"|wo (?:ist|sind)|(?:mir|uns|möchte|will|(?:würde|hätte) gerne?|bitte|gibt es"
    r"|(?:hast du|habt ihr|habe? ich|haben (?:wir|sie))(?: auch)?)"
    rf"(?= {_GERMAN_SOME}{_GERMAN_PHOTOS}\b)"
    rf"|zeige?(?= {_GERMAN_SOME}{_GERMAN_PHOTOS}\b))(?: (?:bitte|mal))*",
    _GERMAN_SOME,
    _GERMAN_PHOTOS,
    r"(?: von| vom| mit| wo|,? auf denen)",
    rf"(?:(?:aus|von|vom|in|im){_URLAUB}|(?:wo|auf denen) (?:ist|sind))",
    r"die (?:(?:ich|wir) (?:gemacht|aufgenommen|geschossen) hab(?:e|en)"
    r"|(?:ist|sind|waren)|(?:gemacht|aufgenommen) (?:wurden|sind))",
)
_FRENCH_SOME = r"(?:(?:toutes|les|des|mes|nos|quelques|la|une|meilleures|plus belles) )*"
_FRENCH_PHOTOS = r"(?:photos?|images?)"
_FRENCH = _Asking(
    r"(?:(?:peux-tu|pouvez-vous|s['\u2019]il (?:te|vous) pla[iî]t|je(?: (?:veux|voudrais))?) )*"
    r"(?:(?:montrez?|affichez?|trouvez?|cherchez?|donnez?)[- ](?:moi|nous)|cherchez?|trouvez?|voir"
    r"|où (?:est|sont)|(?:montrez?|montrer|affichez?|afficher|veux|voudrais|as-tu|avez-vous"
    rf"|y a-t-il|s['\u2019]il (?:te|vous) pla[iî]t)(?= {_FRENCH_SOME}{_FRENCH_PHOTOS}\b))",
    _FRENCH_SOME,
    _FRENCH_PHOTOS,
    r"(?:(?: de| du)(?! (?:classe|profil|groupe)\b)| des| avec| où(?: il (?:n['\u2019])?y a)?"
    r"|(?= d['\u2019](?!identit[ée]\b)))",
    r"(?:où(?: il n['\u2019]y a)?|prises?|(?:prises? )?(?:de|du|des|en|au|à|pendant))"
    r"(?: (?:nos|mes|notre|mon|les|le) (?:vacances|voyage|séjour))?",
    r"(?:que (?:j['\u2019]ai|nous avons|on a) (?:prises?|faites?)|qui (?:ne )?sont(?: prises)?"
    r"|qui ont été prises)",
)
_SPANISH_SOME = r"(?:(?:todas|todos|las|los|mis|nuestras|unas|la|algunas|una|mejores) )*"
_SPANISH_PHOTOS = r"(?:fotos?|im[aá]genes|imagen|fotograf[ií]as?)"
_SPANISH = _Asking(
    r"(?:(?:puedes|por favor) )*"
    r"(?:mu[eé]stra(?:me|nos)|ens[eé][nñ]a(?:me|nos)|b[uú]sca(?:me|nos)|encuentra|quiero ver"
    r"|d[oó]nde est[aá]n?"
    r"|(?:mostrar|ense[nñ]ar)(?:me|nos)"
    r"|(?:busc[oa]r?|dame|ver|quiero|mostrar|mu[eé]stra|ense[nñ]ar|tienes|tenemos|hay"
    r"|por favor)"
    rf"(?= {_SPANISH_SOME}{_SPANISH_PHOTOS}\b))",  # a Dame may be a lady
    _SPANISH_SOME,
    _SPANISH_PHOTOS,
    r"(?: de(?! (?:perfil|carn[eé]t?)\b)| del| con| donde| en (?:la|las) que)",
    r"(?:(?:hech|tomad)as?|(?:(?:hech|tomad)as? )?(?:de|del|en))"
    r"(?: (?:nuestras|mis|las|nuestro|mi|el) (?:vacaciones|viaje))?",
    r"que (?:hice|hicimos|tom[eé]|tomamos|saqu[eé]|sacamos)",
)
_LANGUAGES = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH)
_LEAD_INS = tuple(pattern for one in _LANGUAGES for pattern in one.lead_ins())
_SAYING = ("a", "the", "of", "no", "with", "say", "says", "said", "saying", "give", "giving")
_NO_THANKS = "".join(rf"(?<!\b{word})" for word in _SAYING)  # a sign that says "thank you"
_PLEASE = re.compile(
    rf"(?<=.){_NO_THANKS} (?:please|pls|plz|thanks|thank you|bitte|danke|por favor|gracias|merci"
    r"|s['\u2019]il (?:te|vous) pla[iî]t|svp|stp)$"
)
_PLEASE_FIRST = re.compile(r"please|bitte|por favor|s['\u2019]il (?:te|vous) pla[iî]t")
_FIRST_WORDS = ("kannst", "könntest", "können", "ich", "bitte")
_LAST_VERBS = ("zeigen", "sehen", "finden")  # "kannst du mir Fotos von Bergen zeigen"
_OF = frozenset(("of", "with", "showing", "von", "mit", "de", "du", "des", "avec", "del", "con"))
_OF_A = re.compile(r"^d['\u2019](?=.)", re.IGNORECASE)
_NOMINATIVES = {"einer": "eine", "einem": "ein"}


def lead_in(words: Sequence[Word]) -> int:
    """How many words at the beginning say nothing of the photo: "show me photos of"."""
    spoken = _spoken(words)
    matches = (match for pattern in _LEAD_INS if (match := pattern.match(spoken)))
    return max((match[0].count(" ") + 1 for match in matches), default=0)


def without_ones(negative: Sequence[Word]) -> list[Word]:
    """What is not to be seen, without words for photos: "the ones with dogs", "taken in Rome"."""
    words = list(negative)
    for some in (PHOTOS | ONES, TAKEN if words[0].plain not in PHOTOS | ONES else TAKEN | _OF):
        if len(words) > 1 and words[0].plain in some:
            words = words[1:]
    return words


def with_clauses(words: Sequence[Word]) -> list[Word]:
    """The words without the comma in "Fotos, auf denen", and in "please, show me"."""
    words = _without_first_comma(words)
    behind = [word.plain for word in words[1:]]
    return [
        replace(word, comma=False)
        if word.comma and word.plain in PHOTOS and behind[place : place + 2] == ["auf", "denen"]
        else word
        for place, word in enumerate(words)
    ]


def _without_first_comma(words: Sequence[Word]) -> Sequence[Word]:
    """The words without a comma between "please" and "show me" or "photos from"."""
    place = next((place for place, word in enumerate(words) if word.comma), len(words) - 1)
    first, behind = words[: place + 1], words[place + 1 :]
    if not behind or not _PLEASE_FIRST.fullmatch(_spoken(first)):
        return words
    joined = [*first[:-1], replace(first[-1], comma=False), *behind]
    return joined if lead_in(behind) or lead_in(joined) else words


def as_first(word: Word) -> Word:
    """The word behind a lead-in as it is by itself: "von einer Katze", but "eine Katze"."""
    if word.quoted:
        return word
    text = _OF_A.sub("", word.text)
    return replace(word, text=_NOMINATIVES.get(text, text))


def thanks(words: Sequence[Word], *, alone: bool = False) -> int:
    """How many words at the end only thank: "please".

    Args:
        alone: whether they need nothing before them, which a filter has become.
    """
    if any(word.quoted for word in words[-4:]) or not words:
        return 0
    spoken = [f"{word.plain}{',' * word.comma}" for word in words[:-1]] + [words[-1].plain]
    if words[-1].plain.rstrip("?!.") in _LAST_VERBS and spoken[0] in _FIRST_WORDS:
        return int(lead_in(words) > 0)
    match = _PLEASE.search(" ".join(["\0", *spoken] if alone else spoken))
    count = match[0].count(" ") if match else 0
    return 0 if count and lead_in(words) == len(words) - count > 0 else count  # "show me please"


def says_nothing(words: Sequence[Word]) -> bool:
    """Whether words beside filters say nothing of the photo: "photos taken" before "in Rome"."""
    spoken = _spoken(words).strip()
    return any(pattern.fullmatch(spoken) for pattern in _only_photos())


@cache  # asked for only beside a filter
def _only_photos() -> tuple[re.Pattern[str], ...]:
    chinese = re.compile(r"(?:我的|所有)?的?(?:照片|相片|图片)|所有|一切|全部")
    return (*(one.only_photos() for one in _LANGUAGES), chinese)


def _spoken(words: Sequence[Word]) -> str:
    """The words up to the first comma or quotes, in lower case."""
    spoken = []
    for word in words:
        if word.quoted:
            spoken.append("\0")
            break
        spoken.append(word.plain)
        if word.comma:
            break
    return " ".join(spoken)
