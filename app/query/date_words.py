"""What dates are called in German, French and Spanish, in the English that ``plain_dates`` reads:
"letzten Sommer" is "last summer", "il y a deux ans" is "2 years ago".

Words are put into English one by one, whatever they stand for there; only what then is a date
counts, and the rest of a query stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.query.time_spans import MONTHS

_YEAR = r"(?:19|20)\d\d"


@dataclass(frozen=True)
class DateWords:
    """What dates are called in one language.

    Attributes:
        phrases: what several words mean; ``{0}`` is what the first group of the pattern means.
            In a pattern, ``<month>``, ``<span>``, ``<number>`` and ``<units>`` are any of these.
        spans: what has a last one: units of time, seasons, holidays, months and days of the week.
        units: of "three days ago" and "the last three days".
        others: other words; of those in ``ties``, none says by itself that a date is meant.
        hints: words of phrases that have no other of these words.
        unclear: words that mean something else in another language.
    """

    months: Mapping[str, str]
    phrases: Sequence[tuple[str, str]]
    spans: Mapping[str, str]
    numbers: Mapping[str, str]
    units: Mapping[str, str]
    others: Mapping[str, str]
    ties: Mapping[str, str]
    hints: frozenset[str]
    unclear: frozenset[str]

    @property
    def every(self) -> dict[str, str]:
        """All single words, and what each means in English."""
        return {**self.months, **self.others, **self.spans, **self.ties}


def _months(names: str, **more: str) -> dict[str, str]:
    """By twelve names, and others that are abbreviations or ways to spell them."""
    return dict(zip(names.split(), MONTHS, strict=True)) | more


def _numbered(words: str) -> dict[str, str]:
    """Words for one (alternatives with a bar) to twelve, in figures."""
    counted = enumerate(words.split(), 1)
    return {word: str(number) for number, each in counted for word in each.split("|")}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


GERMAN = DateWords(
    _months(
        "januar februar märz april mai juni juli august september oktober november dezember",
        **{"jänner": "january", "maerz": "march", "mrz": "march", "mär": "march"},
        **{"okt": "october", "dez": "december"},
    ),
    (
        (rf"(?:(?:im|aus dem) )?jahre? ({_YEAR})", "in {0}"),
        (r"(?:(?:im|am|an|in der|aus dem|vom) )?"
         r"(?:letzte|vorige|vergangene)[nmrs]? (<span>)", "last {0}"),
        (r"(?:in )?diese[nmrs]? (<span>)", "this {0}"),
        (r"vor (<number>) (<units>)", "{0} {1} ago"),
        (r"(?:(?:in den|aus den|die|der) )?(?:letzten|vergangenen) (?:(<number>) )?(<units>)",
         "the last {0} {1}"),
        (r"(?:(?:aus|in) )?(?:(?:den|der) )?((?:19|20)?\d0)ern?(?: jahren?)?", "from the {0}s"),
        (r"(?:am morgen|am vormittag|morgens|vormittags)", "in the morning"),
        (r"(?:am nachmittag|nachmittags)", "in the afternoon"),
        (r"(?:am abend|abends)", "in the evening"),
    ),
    {
        "woche": "week", "monat": "month", "jahr": "year", "wochenende": "weekend",
        "frühling": "spring", "frühjahr": "spring", "sommer": "summer", "herbst": "autumn",
        "winter": "winter", "weihnachten": "christmas", "heiligabend": "christmas eve",
        "silvester": "new year's eve", "neujahr": "new year's day", "ostern": "easter",
        "valentinstag": "valentine's day", "montag": "monday", "dienstag": "tuesday",
        "mittwoch": "wednesday", "donnerstag": "thursday", "freitag": "friday",
        "samstag": "saturday", "sonnabend": "saturday", "sonntag": "sunday",
    },
    _numbered(
        "ein|eine|einem|einer|einen zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
    ),
    {
        "tag": "day", "tage": "days", "tagen": "days", "woche": "week", "wochen": "weeks",
        "monat": "month", "monate": "months", "monaten": "months", "jahr": "year",
        "jahre": "years", "jahren": "years",
    },
    {
        "heute": "today", "gestern": "yesterday", "vorgestern": "the day before yesterday",
        "seit": "since", "ab": "since", "vor": "before", "nach": "after", "bis": "until",
        "zwischen": "between", "während": "during",
    },
    {"im": "in", "am": "on", "an": "on", "vom": "from", "von": "from", "aus": "from",
     "zu": "at", "und": "and"},
    _set("morgen morgens vormittag vormittags nachmittag nachmittags abend abends"),
    _set("mai juni juli"),
)  # fmt: skip
FRENCH = DateWords(
    _months(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        **{"fevrier": "february", "aout": "august", "decembre": "december", "janv": "january"},
        **{"févr": "february", "avr": "april", "juil": "july", "déc": "december"},
    ),
    (
        (rf"(?:(?:en|dans) )?(?:l'année|l'an|an) ({_YEAR})", "in {0}"),
        (rf"({_YEAR}|<month>) (?:à|au)(?= (?:le )?(?:\d|<month>))", "{0} to"),
        (r"(?:(?:le|la|à|au|du|de) )?(?:l'|de l')?(<span>) (?:derni[eè]re?|passée?)", "last {0}"),
        (r"(?:de )?(?:ce|cet|cette) (<span>)", "this {0}"),
        (r"l'(été|ete|automne|hiver)(?= \d)", "{0}"),
        (r"il y a (<number>) (<units>)", "{0} {1} ago"),
        (r"(?:(?:dans|pendant|durant|depuis) )?(?:les |ces |des )(?:(<number>) )?"
         r"derni[eè]re?s (<units>)", "the last {0} {1}"),
        (r"(?:(?:dans|de) )?(?:(?:les|des) )?ann[ée]es ((?:19|20)?\d0)", "from the {0}s"),
        (r"le matin", "in the morning"),
        (r"l'après-midi", "in the afternoon"),
        (r"le soir", "in the evening"),
        (r"jusqu'(?:en|à|au)", "until"),
    ),
    {
        "semaine": "week", "mois": "month", "année": "year", "an": "year", "week-end": "weekend",
        "weekend": "weekend", "printemps": "spring", "été": "summer", "ete": "summer",
        "automne": "autumn", "hiver": "winter", "noël": "christmas", "noel": "christmas",
        "pâques": "easter", "paques": "easter", "saint-valentin": "valentine's day",
        "nouvel an": "new year", "lundi": "monday", "mardi": "tuesday", "mercredi": "wednesday",
        "jeudi": "thursday", "vendredi": "friday", "samedi": "saturday", "dimanche": "sunday",
    },
    _numbered("un|une deux trois quatre cinq six sept huit neuf dix onze douze"),
    {
        "jour": "day", "jours": "days", "semaine": "week", "semaines": "weeks",
        "mois": "months", "an": "year", "ans": "years", "année": "year", "années": "years",
    },
    {
        "aujourd'hui": "today", "hier": "yesterday", "avant-hier": "the day before yesterday",
        "depuis": "since", "avant": "before", "après": "after", "entre": "between",
        "pendant": "during", "1er": "1",
    },
    {"en": "in", "au": "in", "à": "at", "de": "from", "du": "from", "le": "on", "et": "and"},
    _set("matin l'après-midi soir l'été l'ete l'automne l'hiver l'an l'année jusqu'en "
              "jusqu'à jusqu'au"),
    _set("mars mai hier 1er"),
)  # fmt: skip
SPANISH = DateWords(
    _months(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        **{"setiembre": "september", "ene": "january", "abr": "april", "ago": "august"},
        **{"dic": "december"},
    ),
    (
        (rf"(?:el )?(\d{{1,2}}) de (<month>)(?: del?)? ({_YEAR})", "{0} {1} {2}"),
        (rf"(?:(?:en|del) )?(?:el )?año ({_YEAR})", "in {0}"),
        (rf"(<span>) del?(?= {_YEAR})", "{0}"),
        (rf"({_YEAR}|<month>) al?(?= (?:el )?(?:\d|<month>))", "{0} to"),
        (r"(?:(?:en|de) )?(?:(?:el|la|del) )?(<span>) pasad[oa]", "last {0}"),
        (r"(?:(?:en|de) )?est[ea] (<span>)", "this {0}"),
        (r"hace (<number>) (<units>)", "{0} {1} ago"),
        (r"(?:(?:en|de) )?(?:los|las) (?:(<number>) )?[uú]ltim[oa]s (?:(<number>) )?(<units>)",
         "the last {0} {1} {2}"),
        (r"(?:(?:en|de) )?los años ((?:19|20)?\d0)", "from the {0}s"),
        (r"por la mañana", "in the morning"),
        (r"por la tarde", "in the afternoon"),
        (r"antes del?", "before"),
        (r"despu[eé]s del?", "after"),
    ),
    {
        "semana": "week", "mes": "month", "año": "year", "fin de semana": "weekend",
        "primavera": "spring", "verano": "summer", "otoño": "autumn", "invierno": "winter",
        "navidad": "christmas", "nochebuena": "christmas eve", "nochevieja": "new year's eve",
        "año nuevo": "new year's day", "semana santa": "easter", "pascua": "easter",
        "san valentín": "valentine's day", "lunes": "monday", "martes": "tuesday",
        "miércoles": "wednesday", "jueves": "thursday", "viernes": "friday",
        "sábado": "saturday", "domingo": "sunday",
    },
    _numbered("un|una dos tres cuatro cinco seis siete ocho nueve diez once doce"),
    {
        "día": "day", "días": "days", "semana": "week", "semanas": "weeks", "mes": "month",
        "meses": "months", "año": "year", "años": "years",
    },
    {
        "hoy": "today", "ayer": "yesterday", "anteayer": "the day before yesterday",
        "desde": "since", "hasta": "until", "entre": "between", "durante": "during",
    },
    {"en": "in", "de": "from", "del": "from", "el": "on", "y": "and"},
    _set("mañana tarde antes después despues"),
    _set("mayo ago ene"),
)  # fmt: skip
LANGUAGES = {"de": GERMAN, "fr": FRENCH, "es": SPANISH}
