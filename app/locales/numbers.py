"""Numbers as a locale writes them, where no browser does it: on the page of the library, and in
sentences that are made here.

These are the signs of CLDR for the languages that queries may be in, in Western digits;
``tests/test_numbers.py`` compares them with those of ``Intl.NumberFormat``.
"""

from __future__ import annotations

import re

_POINT = (",", ".")
_COMMA = (".", ",")
_SPACE = ("\u00a0", ",")
_APOSTROPHE = ("\u2019", ".")

_SIGNS = {
    **dict.fromkeys(["ar", "en", "es-MX", "fa", "he", "ja", "ko", "th", "zh"], _POINT),
    **dict.fromkeys(["da", "de", "el", "es", "hr", "id", "it", "nl", "pt", "ro", "tr"], _COMMA),
    **dict.fromkeys(["bg", "cs", "fi", "hu", "no", "nb", "nn", "pl", "ru", "sk", "sv"], _SPACE),
    **dict.fromkeys(["de-AT", "fr-CA", "pt-PT", "uk"], _SPACE),
    **dict.fromkeys(["de-CH", "de-LI", "it-CH"], _APOSTROPHE),
    "fr": ("\u202f", ","),
    "vi": _COMMA,
}
"""What groups three digits, and what stands before the fraction, by language or locale."""

_FROM_FIVE = {"bg", "es", "hu", "it", "it-CH", "pl", "pt-PT"}
"""Where four digits stand together: "1234", but "12.345"."""


def number_text(value: float, locale: str, digits: int = 0) -> str:
    """``value`` with ``digits`` behind its point, as ``locale`` ("de-CH") has it; an unknown one as
    in English."""
    language = locale.partition("-")[0].lower()
    name = next((one for one in (locale, language) if one in _SIGNS), "en")
    group, point = _SIGNS[name]
    text = f"{value:,.{digits}f}"
    if name in _FROM_FIVE and abs(value) < 10_000:
        text = text.replace(",", "")
    signs = {",": group, ".": point}
    return re.sub("[,.]", lambda match: signs[match[0]], text)
