"""Which language a query is in, as plain values: what can be chosen, and what was."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from store.errors import ConfigError

AUTO, ENGLISH = "auto", "en"
NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "cs": "Czech", "pl": "Polish", "sv": "Swedish",
    "da": "Danish", "no": "Norwegian", "fi": "Finnish", "hu": "Hungarian", "ro": "Romanian",
    "sk": "Slovak", "hr": "Croatian", "tr": "Turkish", "vi": "Vietnamese", "id": "Indonesian",
    "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "ru": "Russian", "uk": "Ukrainian",
    "bg": "Bulgarian", "el": "Greek", "ar": "Arabic", "fa": "Persian", "he": "Hebrew",
    "hi": "Hindi", "bn": "Bengali", "th": "Thai",
}  # fmt: skip
"""What can be chosen, by ISO 639-1 code."""


@dataclass(frozen=True)
class Asked:
    """Which language a query is in, as far as anybody said so.

    Attributes:
        language: a code of ``NAMES``, or ``auto``: it is told from each text.
        hint: a code that decides about short texts only, as ``language_of`` has it; may be empty.
    """

    language: str = AUTO
    hint: str = ""


ANY = Asked()


def checked(language: str) -> str:
    """``language`` if it can be chosen.

    Raises:
        ConfigError: it can't; the message lists those that can.
    """
    code = language.strip().lower()
    if code != AUTO and code not in NAMES:
        known = ", ".join(sorted(NAMES))
        raise ConfigError(f"{language} is no language that can be chosen. Known: auto, {known}.")
    return code


def hinted(accepted: str, known: Collection[str] = NAMES) -> str:
    """The first language of an ``Accept-Language`` header that is ``known``; empty if none is."""
    codes = (part[:2].lower() for part in re.split(r"[,\s]+", accepted) if part)
    return next((code for code in codes if code in known), "")
