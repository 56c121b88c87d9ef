"""Numbers as a locale writes them, where no browser does it: on the page of the library, and in
sentences that are made here.

These are the signs of CLDR for the languages and regions that browsers are set to, in Western
digits; ``tests/test_numbers.py`` compares them with those of ``Intl.NumberFormat``. (Babel 2.19
does not know where four digits stand together, nor how Switzerland writes millions.)
"""

from __future__ import annotations

import re

_STYLES = (
    (",", ".", "ar en fa fil he ja ko sw ta te th ur zh cy ga mt"),
    (",", ".", "as bn gu hi ml mr ne pa en-IN"),
    (",", ".", "es-419 es-BR es-BZ es-CU es-DO es-GT es-HN es-MX es-NI es-PA es-PE es-PR es-SV"),
    (
        ",",
        ".",
        "es-US",
    ),
    (".", ",", "az bs ca da de el es eu gl hr id is it lb mk nl pt ro sl sr tr vi"),
    (
        ".",
        ",",
        "ms-BN ms-ID sw-CD",
    ),
    (".", ",", "ar-DZ ar-LB ar-LY ar-MA ar-MR ar-TN fr-LU fr-MA"),
    (".", ",", "en-AT en-BE en-DE en-DK en-ES en-ID en-IT en-NL en-PL en-RO en-SI"),
    (".", ",", "es-AR es-BO es-CL es-CO es-EC es-PY es-UY es-VE"),
    ("\u00a0", ",", "af be bg cs et fi hu hy ka kk lt lv nb nn no pl ru sk sq sv tg tk uk uz"),
    ("\u00a0", ",", "de-AT en-CZ en-EE en-FI en-HU en-LT en-LV en-NO en-PT en-SE en-SK en-UA"),
    (
        "\u00a0",
        ",",
        "en-ZA ru-UA",
    ),
    ("\u00a0", ",", "es-CR fr-CA pt-AO pt-CH pt-CV pt-GQ pt-GW pt-LU pt-MO pt-MZ pt-PT pt-ST"),
    (
        "\u00a0",
        ",",
        "pt-TL",
    ),
    ("\u202f", ",", "fr en-FR en-GE"),
    ("\u2019", ".", "de-CH de-LI en-CH it-CH"),
    ("\u2019", ",", "fr-CH"),
)
_SIGNS = {name: (group, point) for group, point, names in _STYLES for name in names.split()}
"""What groups digits, and what stands before the fraction, by language or locale."""

_FROM_FIVE = {
    *("be", "bg", "es", "et", "hu", "hy", "it", "ka", "lv", "pl", "sl", "sq", "it-CH", "ru-UA"),
    *(name for name in _SIGNS if name.startswith("pt-") and name != "pt-AO"),
}
"""Where four digits stand together: "1234", but "12.345"."""

_BY_TWO = {"as", "bn", "gu", "hi", "ml", "mr", "ne", "pa", "ta", "te", "en-IN"}
"""Where all digits but the last three are grouped by two: "12,34,567"."""


def number_text(value: float, locale: str, digits: int = 0) -> str:
    """``value`` with ``digits`` behind its point, as ``locale`` ("de-CH") has it; an unknown one as
    in English."""
    language = locale.partition("-")[0].lower()
    name = next((one for one in (locale, language) if one in _SIGNS), "en")
    group, point = _SIGNS[name]
    text = f"{value:,.{digits}f}"
    if name in _FROM_FIVE and abs(value) < 10_000:
        text = text.replace(",", "")
    if name in _BY_TWO:
        whole, dot, fraction = f"{value:.{digits}f}".partition(".")
        text = re.sub(r"(?<=\d)(?=(\d\d)*\d{3}$)", ",", whole) + dot + fraction
    signs = {",": group, ".": point}
    return re.sub("[,.]", lambda match: signs[match[0]], text)
