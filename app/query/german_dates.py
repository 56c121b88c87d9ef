"""What dates are called in German, in the English that ``plain_dates`` reads: "letzten
Sommer" is "last summer"."""

from __future__ import annotations

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
        (rf"zwischen (?:dem )?(\d{{1,2}})\. und (?:dem )?(\d{{1,2}})\. ?(<month>) ({YEAR})",
         "from {0} {2} {3} to {1} {2} {3}"),
        (r"zwischen dem(?= \d)", "between"),
        (r"und dem(?= \d{1,2}\.)", "and"),
        (rf"(\d{{1,2}})\.(<month>) ({YEAR})", "{0} {1} {2}"),
        (r"(?:am )?(?:<weekday>),?(?: de[nmr])?(?= \d{1,2}\. ?(?:<month>|\d))", "on"),
        (r"(?:den|der)(?= \d{1,2}\. ?(?:<month>))", "on"),
        (r"(vor|nach|seit|ab|bis|während) (?:de[mrn]|zu[mr])(?= (?:<span>|<month>|\d))", "{0}"),
        (rf"(?:anfang|ende) (?:des jahres )?({YEAR})", "{0}"),
        (rf"(?:anfang|mitte|ende) (<month>)(?= {YEAR})", "{0}"),
        (r"(?:anfang|mitte|ende) (<month>)", "in {0}"),
        (r"(?:im )?monat(?= (?:<month>))", "in"),
        (r"(heute|gestern|vorgestern) (?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht)",
         "{0}"),
        (r"(?:im )?vorletzte[nmrs]? (woche|monat|jahr)", "2 {0}s ago"),
        (r"seit (<number>) (<units>)", "the last {0} {1}"),
        (rf"(?:(?:im|aus dem) )?jahre? ({YEAR})", "in {0}"),
        (r"(?:(?:anfang|mitte|ende) )?"
         r"(?:(?:im|am|an|vom|(?:(?:in|aus|von) )?(?:de[mnrs]|die|das)) )?"
         r"(?:letzte|vorige|vergangene)[nmrs]? (<span>)(?:e?s)?", "last {0}"),
        (r"(?:(?:anfang|mitte|ende) )?(?:in )?diese[nmrs]? (<span>)(?:e?s)?", "this {0}"),
        (r"(?:(?:am|an|in|aus|vom|von) )?(?:(?:de[mnr]|die|das) )?erste[nmrs]? (<span>)"
         r"(?= (?:im|in|des|vom|von) )", "first {0}"),
        (r"des(?= (?:<month>))", "of"),
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
        "muttertag": "second sunday of may", "valentinstag": "valentine's day", **names_in("de"),
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
        "heute": "today", "jetzt": "now", "gestern": "yesterday",
        "vorgestern": "the day before yesterday",
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
