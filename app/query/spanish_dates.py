"""What dates are called in Spanish, in the English that ``plain_dates`` reads: "el verano
pasado" is "last summer"."""

from __future__ import annotations

from app.query.date_vocabulary import DAY, DateWords, months, numbered, spelt, word_set
from app.query.moon_holidays import names_in
from app.query.points_in_time import YEAR

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
        (rf"(?:(?:del|desde el|entre el) )?{DAY} (?:al|hasta el|y el) {DAY}",
         "from {2}-{1}-{0} to {5}-{4}-{3}"),
        (r"(desde|hasta|durante) (?:el|la)(?= (?:<span>|<month>|\d))", "{0}"),
        (rf"(?:el )?(\d{{1,2}})[°º]? de (<month>)(?: del?)? ({YEAR})", "{0} {1} {2}"),
        (r"(?:el )?(\d{1,2})[°º]? de (<month>)", "on {0} {1}"),
        (rf"(?:(?:en|del) )?(?:el )?a[ñn]o ({YEAR})", "in {0}"),
        (r"(?:(?:en|del?) )?(?:el )?mes de(?= (?:<month>))", "in"),
        (r"en (?:el|la)(?= (?:<span>|<month>))", "in"),
        (rf"(?:a )?(?:principios|inicios|mediados|finales|fines) de(?:l a[ñn]o|l)? ({YEAR})",
         "{0}"),
        (rf"(?:a )?(?:principios|inicios|mediados|finales|fines) de (<month>)(?: del?)?"
         rf"(?= {YEAR})", "{0}"),
        (r"(?:a )?(?:principios|inicios|mediados|finales|fines) de (<month>)", "in {0}"),
        (r"(?:a )?(?:principios|inicios|mediados|finales|fines) de(?:l| la) (<span>) pasad[oa]",
         "last {0}"),
        (rf"(<span>) del?(?= {YEAR})", "{0}"),
        (rf"(?:el|del) {DAY}", "on {2}-{1}-{0}"),
        (rf"({YEAR}|<month>) al?(?= (?:el )?(?:\d|<month>|hoy|ahora))", "{0} to"),
        (r"(?:(?:en|de) )?(?:(?:el|la|del) )?(<span>) pasad[oa]", "last {0}"),
        (r"(?:(?:en|de) )?(?:el|la|del) (?:[uú]ltim[oa]|pasad[oa]) (<span>)", "last {0}"),
        (r"(?:(?:en|de) )?(?:(?:el|la|del) )?primer[oa]? (<span>)(?= de)", "first {0}"),
        (r"(?:(?:en|de) )?est[ea] (<span>)", "this {0}"),
        (r"hace (<number>) (<units>)", "{0} {1} ago"),
        (r"(?:(?:en|de) )?(?:los|las) (?:(<number>) )?[uú]ltim[oa]s (?:(<number>) )?(<units>)",
         "the last {0} {1} {2}"),
        (r"(?:(?:en|de) )?(?:los )?a[ñn]os ((?:19|20)?\d0)", "from the {0}s"),
        (r"(?:el|del) (<weekday>)", "on {0}"),
        (r"ayer por la (?:ma[ñn]ana|tarde|noche)", "yesterday"),
        (r"por la ma[ñn]ana", "in the morning"),
        (r"por la tarde", "in the afternoon"),
        (r"antes de (?:ayer|anoche)", "the day before yesterday"),
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
        "hoy": "today", "ahora": "now", "ayer": "yesterday", "anoche": "yesterday",
        "anteayer": "the day before yesterday", "antier": "the day before yesterday",
        "desde": "since", "hasta": "until", "entre": "between", "durante": "during",
    }),
    {"en": "in", "de": "from", "del": "from", "al": "to", "el": "on", "y": "and", "o": "or"},
    word_set("mañana manana tarde antes después despues pasado pasada último última ultimo ultima "
             "últimos últimas ultimos ultimas este esta hace partir años anos principios inicios "
             "mediados finales fines"),
    word_set("mayo ago ene"),
)  # fmt: skip
