"""What dates are called in German, French and Spanish, in the English that ``plain_dates`` reads:
"letzten Sommer" is "last summer", "il y a deux ans" is "2 years ago".

Words are put into English one by one, whatever they stand for there; only what then is a date
counts, and the rest of a query stays as it was typed.
"""

from __future__ import annotations

from functools import cache

from app.query.date_vocabulary import DateWords, months, numbered, spelt, word_set
from app.query.moon_holidays import names_in
from app.query.points_in_time import YEAR

GERMAN = DateWords(
    months(
        "januar februar märz april mai juni juli august september oktober november dezember",
        **{"jänner": "january", "mrz": "march"},
        **{"okt": "october", "dez": "december"},
    ),
    (
        (rf"(?:vom )?(\d{{1,2}})\. ?(?:bis|-|\u2013)(?: zum)? ?(\d{{1,2}})\. ?(<month>) ({YEAR})",
         "from {0} {2} {3} to {1} {2} {3}"),
        (rf"zwischen dem (\d{{1,2}})\. und (?:dem )?(\d{{1,2}})\. ?(<month>) ({YEAR})",
         "from {0} {2} {3} to {1} {2} {3}"),
        (r"zwischen dem(?= \d)", "between"),
        (r"und dem(?= \d{1,2}\.)", "and"),
        (rf"(\d{{1,2}})\.(<month>) ({YEAR})", "{0} {1} {2}"),
        (r"(?:am )?(?:<weekday>),?(?: de[nmr])?(?= \d{1,2}\. ?(?:<month>|\d))", "on"),
        (r"(?:den|der)(?= \d{1,2}\. ?(?:<month>))", "on"),
        (r"(vor|nach|seit|ab|bis|während) (?:de[mrn]|zu[mr])(?= (?:<span>|<month>|\d))", "{0}"),
        (rf"(?:anfang|ende) (?:des jahres )?({YEAR})", "{0}"),
        (rf"(?:anfang|mitte|ende) (<month>)(?= {YEAR})", "{0}"),
        (r"(heute|gestern|vorgestern) (?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht)",
         "{0}"),
        (r"(?:im )?vorletzte[nmrs]? (woche|monat|jahr)", "2 {0}s ago"),
        (r"seit (<number>) (<units>)", "the last {0} {1}"),
        (rf"(?:(?:im|aus dem) )?jahre? ({YEAR})", "in {0}"),
        (r"(?:(?:im|am|an|in der|aus dem|vom) )?"
         r"(?:letzte|vorige|vergangene)[nmrs]? (<span>)", "last {0}"),
        (r"(?:in )?diese[nmrs]? (<span>)", "this {0}"),
        (r"vor (<number>) (<units>)", "{0} {1} ago"),
        (r"(?:(?:in den|aus den|die|der) )?(?:letzten|vergangenen) (?:(<number>) )?(<units>)",
         "the last {0} {1}"),
        (r"(?:(?:aus|in) )?(?:(?:den|der) )?((?:19|20)?\d0)ern?(?: jahren?)?", "from the {0}s"),
        (r"(?:am|vom) (<weekday>)", "on {0}"),
        (r"(?:am morgen|am vormittag|morgens|vormittags)", "in the morning"),
        (r"(?:am nachmittag|nachmittags)", "in the afternoon"),
        (r"(?:am abend|abends)", "in the evening"),
    ),
    spelt({
        "woche": "week", "monat": "month", "jahr": "year", "wochenende": "weekend",
        "frühling": "spring", "frühjahr": "spring", "sommer": "summer", "herbst": "autumn",
        "winter": "winter", "weihnachten": "christmas", "heiligabend": "christmas eve",
        "silvester": "new year's eve", "neujahr": "new year's day", "ostern": "easter",
        "karfreitag": "good friday", "ostersonntag": "easter sunday",
        "ostermontag": "easter monday", "pfingsten": "pentecost", "karneval": "carnival season",
        "fasching": "carnival season", "fastnacht": "carnival season",
        "nikolaustag": "st nicholas' day", "allerheiligen": "all saints' day",
        "heilige drei könige": "epiphany",
        "valentinstag": "valentine's day", **names_in("de"),
        "montag": "monday", "dienstag": "tuesday", "mittwoch": "wednesday",
        "donnerstag": "thursday", "freitag": "friday",
        "samstag": "saturday", "sonnabend": "saturday", "sonntag": "sunday",
    }),
    numbered(
        "ein|eine|einem|einer|einen zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
    ),
    spelt({
        "tag": "day", "tage": "days", "tagen": "days", "woche": "week", "wochen": "weeks",
        "monat": "month", "monate": "months", "monaten": "months", "jahr": "year",
        "jahre": "years", "jahren": "years",
    }),
    spelt({
        "heute": "today", "gestern": "yesterday", "vorgestern": "the day before yesterday",
        "seit": "since", "ab": "since", "vor": "before", "nach": "after", "bis": "until",
        "zwischen": "between", "während": "during",
    }),
    {"oder": "or", "im": "in", "am": "on", "an": "on", "vom": "from", "von": "from", "aus": "from",
     "zu": "at", "zum": "at", "und": "and"},
    word_set("morgen morgens vormittag vormittags nachmittag nachmittags abend abends "
             "anfang mitte ende letzte letzten letztem letzter letztes "
             "vorige vorigen vorigem voriger voriges "
             "vergangene vergangenen vergangenem vergangener vergangenes "
             "diese diesen diesem dieser dieses "
             "vorletzte vorletzten vorletztem vorletzter vorletztes"),
    word_set("mai juni juli"),
)  # fmt: skip
FRENCH = DateWords(
    months(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        **{"janv": "january", "févr": "february", "avr": "april", "juil": "july"},
        **{"déc": "december"},
    ),
    (
        (r"(?:(?:du|de|entre le) )?(1er|\d{1,2})(?: (?:au|à|et le) | ?- ?)(\d{1,2}) (<month>)"
         rf"(?: ({YEAR}))?", "from {0} {2} {3} to {1} {2} {3}"),
        (r"entre le (1er|\d{1,2}) (<month>) et le (1er|\d{1,2}) (<month>)"
         rf"(?: ({YEAR}))?", "from {0} {1} to {2} {3} {4}"),
        (r"(?:le )?(?:<weekday>)(?= (?:1er|\d{1,2}) (?:<month>))", "on"),
        (rf"(?:au |le )?(?:jour de l'an|nouvel an)(?= {YEAR})", "new year's day"),
        (r"(avant|apr[eè]s|depuis) (?:le|la|les)(?= (?:<span>|<month>|\d))", "{0}"),
        (r"(?:pendant|durant)(?: le| la| les)?(?= (?:l'|<span>|<month>))", "during"),
        (r"à partir d[eu]", "since"),
        (rf"(?:d[eé]but|fin) ({YEAR})", "{0}"),
        (rf"(?:d[eé]but|fin) (<month>)(?= {YEAR})", "{0}"),
        (r"depuis (<number>) (<units>)", "the last {0} {1}"),
        (r"(?:d')?(avant-hier|hier) (?:matin|midi|après-midi|soir)", "{0}"),
        (r"d'(hier|aujourd'hui)", "{0}"),
        (r"ce (?:matin|soir)|cet après-midi", "today"),
        (rf"(?:(?:en|dans) )?(?:l'ann[ée]e|l'an|ann[ée]e|an) ({YEAR})", "in {0}"),
        (rf"({YEAR}|<month>) (?:à|au)(?= (?:le )?(?:\d|<month>))", "{0} to"),
        (r"(?:(?:le|la|à|au|du|de) )?(?:l'|de l')?(<span>) (?:derni[eè]re?|pass[ée]e?)",
         "last {0}"),
        (r"(?:(?:le|la|du|de la) )?derni[eè]re? (<span>)", "last {0}"),
        (r"(?:de )?(?:ce|cet|cette) (<span>)(?:-ci)?", "this {0}"),
        (r"(?:l'|d')(été|ete|automne|hiver|avril|août|aout|octobre)(?= \d)", "{0}"),
        (r"il y a (<number>) (<units>)", "{0} {1} ago"),
        (r"(?:(?:dans|pendant|durant|depuis) )?(?:les |ces |des )(?:(<number>) )?"
         r"derni[eè]re?s (<units>)", "the last {0} {1}"),
        (r"(?:(?:dans|de) )?(?:(?:les|des) )?ann[ée]es ((?:19|20)?\d0)", "from the {0}s"),
        (r"(?:de|du) (<weekday>)", "from {0}"),
        (r"le matin", "in the morning"),
        (r"l'après-midi", "in the afternoon"),
        (r"le soir", "in the evening"),
        (r"jusqu'(?:en|à|au)", "until"),
    ),
    spelt({
        "semaine": "week", "mois": "month", "année": "year", "an": "year", "week-end": "weekend",
        "weekend": "weekend", "printemps": "spring", "été": "summer", "automne": "autumn",
        "hiver": "winter", "noël": "christmas", "pâques": "easter", "nouvel an": "new year",
        "vendredi saint": "good friday", "lundi de pâques": "easter monday",
        "pentecôte": "pentecost", "carnaval": "carnival season", "mardi gras": "mardi gras",
        "toussaint": "all saints' day", "épiphanie": "epiphany",
        "veille de noël": "christmas eve", "saint-sylvestre": "new year's eve",
        "fête nationale": "bastille day",
        "saint-valentin": "valentine's day", **names_in("fr"), "lundi": "monday",
        "mardi": "tuesday", "mercredi": "wednesday", "jeudi": "thursday",
        "vendredi": "friday", "samedi": "saturday",
        "dimanche": "sunday",
    }),
    numbered("un|une deux trois quatre cinq six sept huit neuf dix onze douze"),
    spelt({
        "jour": "day", "jours": "days", "semaine": "week", "semaines": "weeks",
        "mois": "months", "an": "year", "ans": "years", "année": "year", "années": "years",
    }),
    spelt({
        "aujourd'hui": "today", "hier": "yesterday", "avant-hier": "the day before yesterday",
        "depuis": "since", "avant": "before", "après": "after", "entre": "between",
        "jusque": "until", "1er": "1",
    }),
    {"en": "in", "au": "in", "à": "at", "de": "from", "du": "from", "le": "on", "et": "and",
     "ou": "or"},
    word_set("matin l'après-midi soir l'été l'ete l'automne l'hiver l'an l'année l'annee jusqu'en "
             "jusqu'à jusqu'au d'hier d'aujourd'hui d'été d'ete d'automne d'hiver d'avril d'août "
             "d'aout d'octobre dernier dernière derniers dernières derniere dernieres passé passée "
             "passe passee cet cette mois-ci il partir début debut fin"),
    word_set("mars mai hier 1er"),
)  # fmt: skip
SPANISH = DateWords(
    months(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        **{"setiembre": "september", "ene": "january", "abr": "april", "ago": "august"},
        **{"dic": "december"},
    ),
    (
        (r"(?:del? |entre el )?(\d{1,2})(?: (?:al?|y el) | ?- ?)(\d{1,2}) de (<month>)"
         rf"(?:(?: del?)? ({YEAR}))?",
         "from {0} {2} {3} to {1} {2} {3}"),
        (r"(?:del? |desde el |entre el )?(\d{1,2}) de (<month>) (?:al|hasta el|y el) (\d{1,2})"
         r" de (<month>)"
         rf"(?:(?: del?)? ({YEAR}))?", "from {0} {1} to {2} {3} {4}"),
        (r"(?:el )?(?:<weekday>),?(?= \d{1,2}[°º]? (?:de )?(?:<month>))", "on"),
        (r"(desde|hasta|durante) (?:el|la)(?= (?:<span>|<month>|\d))", "{0}"),
        (rf"(?:el )?(\d{{1,2}})[°º]? de (<month>)(?: del?)? ({YEAR})", "{0} {1} {2}"),
        (r"(?:el )?(\d{1,2})[°º]? de (<month>)", "on {0} {1}"),
        (rf"(?:(?:en|del) )?(?:el )?a[ñn]o ({YEAR})", "in {0}"),
        (r"en (?:el|la)(?= (?:<span>|<month>))", "in"),
        (rf"(?:a )?(?:principios|inicios|mediados|finales|fines) de(?:l a[ñn]o|l)? ({YEAR})",
         "{0}"),
        (rf"(?:a )?(?:principios|inicios|mediados|finales|fines) de (<month>)(?: del?)?"
         rf"(?= {YEAR})", "{0}"),
        (rf"(<span>) del?(?= {YEAR})", "{0}"),
        (rf"({YEAR}|<month>) al?(?= (?:el )?(?:\d|<month>))", "{0} to"),
        (r"(?:(?:en|de) )?(?:(?:el|la|del) )?(<span>) pasad[oa]", "last {0}"),
        (r"(?:(?:en|de) )?(?:el|la|del) (?:[uú]ltim[oa]|pasad[oa]) (<span>)", "last {0}"),
        (r"(?:(?:en|de) )?est[ea] (<span>)", "this {0}"),
        (r"hace (<number>) (<units>)", "{0} {1} ago"),
        (r"(?:(?:en|de) )?(?:los|las) (?:(<number>) )?[uú]ltim[oa]s (?:(<number>) )?(<units>)",
         "the last {0} {1} {2}"),
        (r"(?:(?:en|de) )?(?:los )?a[ñn]os ((?:19|20)?\d0)", "from the {0}s"),
        (r"(?:el|del) (<weekday>)", "on {0}"),
        (r"ayer por la (?:ma[ñn]ana|tarde|noche)", "yesterday"),
        (r"por la ma[ñn]ana", "in the morning"),
        (r"por la tarde", "in the afternoon"),
        (r"antes de(?:l| la)?", "before"),
        (r"despu[eé]s de(?:l| la)?", "after"),
        (r"a partir del?", "since"),
    ),
    spelt({
        "semana": "week", "mes": "month", "año": "year", "fin de semana": "weekend",
        "finde": "weekend",
        "primavera": "spring", "verano": "summer", "otoño": "autumn", "invierno": "winter",
        "navidad": "christmas", "nochebuena": "christmas eve", "nochevieja": "new year's eve",
        "navidades": "christmas", "fin de año": "new year's eve", "día de reyes": "epiphany",
        "carnaval": "carnival season", "viernes santo": "good friday",
        "domingo de pascua": "easter sunday", "pentecostés": "pentecost",
        "día de muertos": "day of the dead", "todos los santos": "all saints' day",
        "año nuevo": "new year's day", "semana santa": "easter", "pascua": "easter",
        "san valentín": "valentine's day", **names_in("es"), "lunes": "monday", "martes": "tuesday",
        "miércoles": "wednesday", "jueves": "thursday", "viernes": "friday",
        "sábado": "saturday", "domingo": "sunday",
    }),
    numbered("un|una dos tres cuatro cinco seis siete ocho nueve diez once doce"),
    spelt({
        "día": "day", "días": "days", "semana": "week", "semanas": "weeks", "mes": "month",
        "meses": "months", "año": "year", "años": "years",
    }),
    spelt({
        "hoy": "today", "ayer": "yesterday", "anoche": "yesterday",
        "anteayer": "the day before yesterday", "antier": "the day before yesterday",
        "desde": "since", "hasta": "until", "entre": "between", "durante": "during",
    }),
    {"en": "in", "de": "from", "del": "from", "el": "on", "y": "and", "o": "or"},
    word_set("mañana manana tarde antes después despues pasado pasada último última ultimo ultima "
             "últimos últimas ultimos ultimas este esta hace partir años anos principios inicios "
             "mediados finales fines"),
    word_set("mayo ago ene"),
)  # fmt: skip
LANGUAGES = {"de": GERMAN, "fr": FRENCH, "es": SPANISH}


@cache
def months_elsewhere() -> frozenset[str]:
    """The names of months in all of them: "juillet" is no misspelt "bullet"."""
    return frozenset(name for words in LANGUAGES.values() for name in words.months)
