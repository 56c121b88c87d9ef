"""Make ``app/query/countries.json``, what countries are called, from CLDR and the gazetteer.

    python -m tools.country_names

CLDR's names are Unicode's (https://cldr.unicode.org, Unicode License v3), as the package ``babel``
brings them; what people say besides is listed here. Places have the gazetteer's English names.
"""

from __future__ import annotations

import json
from pathlib import Path

from babel import Locale

from app.query.countries import LANGUAGES
from indexer.towns import countries

TARGET = Path(__file__).parent.parent / "app" / "query" / "countries.json"
_NO_COUNTRIES = {"AP", "EU"}
_SHOWN = {
    "en": {
        "AX": "Åland Islands", "BL": "Saint Barthélemy", "BN": "Brunei",
        "BQ": "Caribbean Netherlands", "CD": "DR Congo", "CG": "Republic of the Congo",
        "FK": "Falkland Islands", "FM": "Micronesia", "IR": "Iran", "KP": "North Korea",
        "KR": "South Korea", "LA": "Laos", "LY": "Libya", "MD": "Moldova",
        "MK": "North Macedonia", "RU": "Russia", "SY": "Syria", "SZ": "Eswatini",
        "TZ": "Tanzania", "VA": "Vatican City", "VG": "British Virgin Islands",
        "VI": "U.S. Virgin Islands",
    },
    "de": {
        "BN": "Brunei", "CD": "DR Kongo", "CG": "Republik Kongo", "CI": "Elfenbeinküste",
        "HK": "Hongkong", "MD": "Moldau", "MO": "Macau", "PS": "Palästina",
    },
    "fr": {
        "CD": "RD Congo", "CG": "République du Congo", "HK": "Hong Kong", "MM": "Birmanie",
        "MO": "Macao", "PS": "Palestine", "SX": "Sint Maarten", "VA": "Vatican",
        "VN": "Vietnam",
    },
    "es": {
        "CD": "RD Congo", "CG": "República del Congo", "CI": "Costa de Marfil",
        "HK": "Hong Kong", "MM": "Birmania", "MO": "Macao", "PS": "Palestina",
        "VI": "Islas Vírgenes Estadounidenses",
    },
    "zh": {"HK": "香港", "MO": "澳门"},
}  # fmt: skip
"""Names that are shown, where others of these sources are longer, or the official ones."""
_ALSO = {
    "en": {
        "AE": ["UAE"], "CI": ["Ivory Coast"], "GB": ["UK", "Great Britain", "Britain"],
        "MM": ["Burma"], "NL": ["Holland", "The Netherlands"], "PS": ["Palestine"],
        "TL": ["East Timor"], "US": ["USA", "United States of America"], "VA": ["Vatican"],
    },
    "de": {
        "AE": ["VAE"], "BA": ["Bosnien"], "BY": ["Weißrussland", "Belarus"],
        "CV": ["Kap Verde", "Kapverden"], "CZ": ["Tschechische Republik"],
        "GB": ["UK", "Großbritannien"], "MD": ["Moldawien"], "MK": ["Mazedonien"],
        "MM": ["Burma", "Birma"], "NL": ["Holland"], "SA": ["Saudiarabien"],
        "SZ": ["Swasiland"], "TL": ["Osttimor"], "US": ["USA"], "VA": ["Vatikan"],
    },
    "fr": {
        "AE": ["Émirats"], "BY": ["Bélarus"], "CZ": ["République tchèque"],
        "GB": ["Grande-Bretagne"], "MU": ["Île Maurice"], "NL": ["Hollande"],
        "US": ["USA", "États-Unis d'Amérique"],
    },
    "es": {
        "AE": ["Emiratos"], "BH": ["Bahréin"], "BY": ["Belarús"], "CZ": ["República Checa"],
        "GB": ["Gran Bretaña"], "NL": ["Holanda"], "NZ": ["Nueva Zelandia"], "QA": ["Qatar"],
        "US": ["USA", "EE. UU.", "EEUU"], "VA": ["Vaticano"],
    },
    "zh": {"AE": ["阿联酋"], "KP": ["北韩"], "KR": ["南韩"], "SA": ["沙特"]},
}  # fmt: skip
"""What people say besides."""


def country_names() -> dict[str, dict[str, list[str]]]:
    """The names of each country by language, by its English name as places have it: first that
    which is shown."""
    cldr = {language: Locale(language).territories for language in LANGUAGES}
    named: dict[str, dict[str, list[str]]] = {}
    for code, stored in sorted(countries().items()):
        if code in _NO_COUNTRIES:
            continue
        named[stored] = {}
        for language in LANGUAGES:
            shown = _SHOWN[language].get(code)
            own = stored if language == "en" else cldr[language][code]
            names = [shown or own, own, cldr[language][code], *_ALSO[language].get(code, ())]
            named[stored][language] = list(dict.fromkeys(names))
    return named


def written(names: dict[str, dict[str, list[str]]]) -> str:
    """The text of the file, with a line for each country."""
    lines = (
        f"{json.dumps(stored, ensure_ascii=False)}:"
        f"{json.dumps(one, ensure_ascii=False, separators=(',', ':'))}"
        for stored, one in names.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(written(country_names()), encoding="utf-8")
