"""What dates are called in French, in the English that ``plain_dates`` reads: "il y a deux
ans" is "2 years ago"."""

from __future__ import annotations

from app.query.date_vocabulary import DAY, DateWords, months, numbered, spelt, word_set
from app.query.moon_holidays import names_in
from app.query.points_in_time import YEAR

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
        (rf"(?:d[eé]but |fin |mi-)(<month>)(?= {YEAR})", "{0}"),
        (r"(?:d[eé]but |fin |mi-)(<month>)", "in {0}"),
        (r"(?:(?:en|au|du|le) )?mois de(?= (?:<month>))", "in"),
        (r"(?:(?:en|au|du|le) )?mois d'(<month>)", "in {0}"),
        (r"(?:(?:d[eé]but|fin) (?:de )?)(?:l'|la |le )(<span>) (?:derni[eè]re?|pass[ée]e?)",
         "last {0}"),
        (r"depuis (<number>) (<units>)", "the last {0} {1}"),
        (r"avant hier", "the day before yesterday"),
        (r"(?:d')?(avant-hier|hier) (?:matin|midi|après-midi|soir)", "{0}"),
        (r"d'(hier|aujourd'hui)", "{0}"),
        (r"ce (?:matin|soir)|cet après-midi", "today"),
        (rf"(?:(?:en|dans) )?(?:l'ann[ée]e|l'an|ann[ée]e|an) ({YEAR})", "in {0}"),
        (rf"(?:(?:du|entre le) )?{DAY} (?:au|et le) {DAY}", "from {2}-{1}-{0} to {5}-{4}-{3}"),
        (rf"(?:le|du) {DAY}", "on {2}-{1}-{0}"),
        (rf"({YEAR}|<month>) (?:à|au|jusqu'à)(?: le)?(?= (?:\d|<month>|aujourd|maintenant))",
         "{0} to"),
        (r"(?:(?:le|la|à|au|du|de) )?(?:l'|de l')?(<span>) (?:derni[eè]re?|pass[ée]e?)",
         "last {0}"),
        (r"(?:(?:le|la|du|de la) )?derni[eè]re? (<span>)", "last {0}"),
        (r"(?:(?:le|la|du|de la) )?premi[eè]re? (<span>)(?= d)", "first {0}"),
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
        "fête des mères": "french mother's day",
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
        "aujourd'hui": "today", "maintenant": "now",
        "hier": "yesterday", "avant-hier": "the day before yesterday",
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
