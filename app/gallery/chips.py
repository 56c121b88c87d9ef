"""The parts of a query that restrict it, or name a picture, each with the query without it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from app.gallery.page_edits import DATES
from app.gallery.payloads import Chip
from app.locales.from_below import reading_in
from app.locales.texts import IN_ENGLISH, Texts
from app.query.editing import remove_part
from app.query.groups import Group
from app.query.lead_ins import says_nothing
from app.query.liked import Liked
from app.query.model import TypedChange
from app.query.negations import CONTRACTED
from app.query.negative_words import ANDS, DENIALS, EXCEPT, NEGATIONS
from app.query.parsed_text import KeyedPart, ParsedText
from app.query.phrases import Word
from app.query.values import FILTERS, read_filter
from app.text import printable

_ICONS = {**dict.fromkeys(DATES, "date"), "near": "place", "in": "folder", "like": "photo"}

_NOT = "not "
_NOTS = "|".join(map(re.escape, sorted({*NEGATIONS, *EXCEPT, *DENIALS, "sin"}, key=len)[::-1]))
_BUT = r"(?:(?:but|and|aber|und|mais|et|pero|y)\s+)?"
_DENIAL = re.compile(rf"{_BUT}(?:{_NOTS})\s+", re.IGNORECASE)
_NEGATION = re.compile(
    rf"(?:^|(?<=\s)){_BUT}(?:(?:(?:that|which|who)\s+)?{CONTRACTED.pattern}|{_NOTS})"
    r"(?:\s+(?:the|taken|of|from|in|at))*\s*$",
    re.IGNORECASE,
)
_PARTS = re.compile(r" or |, |[()]")
"""What stands between the parts of a reading: "2018 or (2020, July 2020)"."""
_AND = re.compile(rf"\s+(?:{'|'.join(sorted(ANDS | {'nor', 'noch'}))})\s+", re.IGNORECASE)


def chips_of(parsed: ParsedText, texts: Texts = IN_ENGLISH) -> list[Chip]:
    """A chip for each filter and picture of a query, in the order of its text.

    Dates, places and other names that were read out of plain words are among them. A group is one
    chip, whatever is in it.
    """
    placed = [*_keyed(parsed, texts), *_groups(parsed), *_changed(parsed, texts), *_years(parsed)]
    return [chip for _, chip in sorted(placed, key=lambda each: each[0])]


def _keyed(parsed: ParsedText, texts: Texts) -> Iterator[tuple[int, Chip]]:
    hint = parsed.asked.hint
    places = _readings_of_places(parsed)
    for part in parsed.keyed:
        rest = _without(parsed.text, part.start, part.end)
        photo = upload = ""
        if part.key == "like" and (id := Liked.read(part.values[0]).id) is not None:
            photo = str(id)
        elif part.key == "image" and len(part.values) == 1:
            upload = PurePath(part.values[0]).name
        kind = _ICONS.get(part.key, part.key)
        said = _said(part, texts, hint)
        if part.start in places:
            said = reading_in(places[part.start], texts, hint)
        yield part.start, Chip(kind, printable(said), rest, photo, upload)


def _readings_of_places(parsed: ParsedText) -> dict[int, str]:
    """What each ``place:`` asks for, by where it begins: which countries it means depends on the
    library."""
    typed = [part.start for part in parsed.keyed if part.key == "place"]
    meant = [part.reading for part in parsed.filters if part.key == "place"]
    return dict(zip(typed, meant, strict=True)) if len(typed) == len(meant) else {}


def _said(part: KeyedPart, texts: Texts, hint: str) -> str:
    if part.key in FILTERS:
        reading = read_filter(part.key, list(part.values), part.negative)[1]
        return reading_in(reading, texts, hint)
    match part.key:
        case "like":
            liked = Liked.read(part.values[0])
            said = texts("chip.like")
            if liked.at is not None:
                said = texts("chip.like-video", time=liked.at)
        case "image":
            said = texts("chip.image")
        case _:
            said = texts("chip.concept", name=texts.either(part.values))
    if not part.negative:
        return said
    return texts.plain("summary.without" if part.key == "concept" else "summary.not", part=said)


def _groups(parsed: ParsedText) -> Iterator[tuple[int, Chip]]:
    for group, _ in parsed.groups:
        typed = parsed.text[group.start : group.end]
        yield group.start, Chip("or", printable(typed), _without(parsed.text, *_span(group)))


def _span(part: KeyedPart | Group | TypedChange) -> tuple[int, int]:
    return part.start, part.end


def _changed(parsed: ParsedText, texts: Texts) -> Iterator[tuple[int, Chip]]:
    """Those of plain words: "in Rome", "last summer"."""
    groups = [_span(group) for group, _ in parsed.groups]
    left_out = [change for change in parsed.changes if change.became.startswith(_NOT)]
    for change in parsed.changes:
        if not change.of_words and not _is_in(change.start, groups):
            rest = _without(parsed.text, *_span_with_negation(parsed.text, change, left_out))
            said = reading_in(change.became, texts, parsed.asked.hint)
            yield change.start, Chip(_ICONS.get(change.kind, change.kind), said, rest)


def _span_with_negation(
    text: str, change: TypedChange, left_out: Sequence[TypedChange]
) -> tuple[int, int]:
    """Where a change begins and ends, with the "not" before it, unless that is another one's too:
    "not Rome, Paris" without Rome is "not Paris".

    Args:
        left_out: the changes that say what is left out, in order.
    """
    start, end = change.start, change.end
    if change not in left_out:
        return start, end
    place = left_out.index(change)
    own = _DENIAL.match(change.typed)  # "nicht in Rom"
    if place + 1 < len(left_out) and _is_list(text[end : left_out[place + 1].start]):
        return start + (own.end() if own else 0), left_out[place + 1].start
    if place and _is_list(text[left_out[place - 1].end : start]):
        return left_out[place - 1].end, end
    if tie := _AND.match(text[end:]):
        end += tie.end()
        if not _DENIAL.match(text[end:]):  # "except Rome and dogs": the dogs are left out too
            return start + (own.end() if own else 0), end
    negation = _NEGATION.search(text[:start])
    return negation.start() if negation else start, end


def _is_list(between: str) -> bool:
    """Whether a comma or an "and" is all that stands between two places."""
    return between.strip(" ,").lower() in {"", *ANDS}


def _years(parsed: ParsedText) -> Iterator[tuple[int, Chip]]:
    """Years that stand by themselves between commas, which means the same to everybody."""
    said = {change.became for change in parsed.changes if not change.of_words}
    groups = [group for group, _ in parsed.groups]
    taken = [*map(_span, parsed.keyed), *map(_span, parsed.changes), *map(_span, groups)]
    readings = [part.reading for part in parsed.filters if part.key is None]
    years = {one for reading in readings for one in _PARTS.split(reading) if one.isdigit()}
    for year in years - said:
        for match in re.finditer(rf"(?<![\w:.]){re.escape(year)}(?![\w.])", parsed.text):
            if not _is_in(match.start(), taken):
                rest = _without(parsed.text, *match.span())
                yield match.start(), Chip("date", year, rest)
                break


def _is_in(place: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in taken)


def _without(text: str, start: int, end: int) -> str:
    """``text`` without a part, and without the comma that parted it from the rest.

    Nothing is left of what says nothing by itself: "everything", "photos taken".
    """
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if after.startswith(",") and before and not before.endswith(","):
        rest = f"{before}{after}"
    else:
        if after.startswith(","):
            end = len(text) - len(after) + 1
        elif before.endswith(",") and not after:
            start = len(before) - 1
        rest = remove_part(text, start, end)
    return "" if says_nothing([Word(one) for one in rest.split()]) else rest
