"""The second step of reading a query: plain words to filters, and to words that the model knows.

The first, ``app.query.parser``, takes each word as itself. This one needs the names that a library
has, and the time; whatever it changes is in ``ParsedText.changes``, and words in quotes are left as
they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.languages.asked import AUTO
from app.query import lead_ins, plain_countries, plain_names, wording
from app.query.changes import with_change
from app.query.chinese_dates import split_at_dates
from app.query.chinese_places import split_at_places
from app.query.country_filters import with_countries
from app.query.dates_in_words import dates_in, is_year_between_commas
from app.query.file_names import file_name
from app.query.groups import Meaning, meaning_of
from app.query.left_out_places import has_no_in, left_out_before, left_out_too
from app.query.lexicon import english
from app.query.model import ChangeKind, Query, TypedChange
from app.query.names_in_words import NamesInWords
from app.query.negations import with_but
from app.query.negatives import split_negatives
from app.query.parsed_text import ParsedText, literal, phrase_meaning
from app.query.phrases import Phrase, Word, chunks, joined, split_at_commas, written
from app.query.plain_kinds import kind_in
from app.query.plain_names import NamePart
from app.query.several_places import TypedFilter, joined_filters
from app.query.surroundings import UNKNOWN, Surroundings
from app.query.unknown_words import unread_note
from app.query.values import FilterPart
from store.filters import Not, PhotoFilter


def understood(parsed: ParsedText, around: Surroundings = UNKNOWN) -> ParsedText:
    """``parsed`` with plain words understood: dates, places, other names, spelling and plurals.

    Raises:
        QueryError: what the words of a group mean can't be searched for.
    """
    asked = parsed.asked
    language = asked.hint if asked.language == AUTO else asked.language
    reader = _Reader(parsed.text, around, language)
    items = (with_countries(item, around.names, language) for item in parsed.items)
    meanings = tuple(meaning_of(item, reader.phrase) for item in items)
    changes = tuple(sorted(reader.changes, key=lambda change: change.start))
    read = replace(parsed, meanings=meanings, changes=changes)
    pictures = any(term.kind != "text" for term in Query(read.terms).every_term)
    if reader.read_literally or pictures:
        return read
    text, words = written(reader.read), lambda: around.names().words
    return replace(read, unread=unread_note(text, around.reads, english(), words))


class _Reader:
    """Reads the phrases of one query, and keeps what it changed."""

    def __init__(self, text: str, around: Surroundings, language: str) -> None:
        self._text, self._around, self._language = text, around, language
        self._lexicon = english()
        self._named = NamesInWords(around.names, language)
        self._now = around.now or datetime.now()  # photos have local times
        self.changes: list[TypedChange] = []
        self._filters: list[TypedFilter] = []  # of a phrase
        self._with_negatives = ""  # the whole phrase, if something of it is not to be seen
        self._only_places_left_out = True  # so far, of the negatives of a phrase
        self.read: list[Word] = []  # what is looked for, without what is in quotes
        self.read_literally = False  # whether something of it is in quotes

    def phrase(self, phrase: Phrase) -> Meaning:
        if phrase.negative:
            self._with_negatives = ""
            return literal(replace(phrase, words=tuple(self._words(self._spelt(phrase.words)))))
        words = split_at_dates(split_at_commas(lead_ins.with_clauses(phrase.words)))
        words = split_at_places(words, self._named.is_place)
        spanish = self._around.reads.is_spanish_sin([word.plain for word in words], self._lexicon)
        positive, negatives = split_negatives(words, spanish=spanish)
        self._filters, self._only_places_left_out = [], True
        self._with_negatives = written(words) if negatives else ""
        negatives = [rest for one in negatives if (rest := self._without_dates_behind(one))]
        chunked = [self._without_files(chunk) for chunk in chunks(positive)]
        rest = self._without_dates([word for chunk in chunked for word in chunk])
        if self._filters:  # "screenshots from yesterday"
            rest = [word for each in chunks(rest) for word in self._without_files(each)]
        rest = self._without_thanks(rest)  # "bitte" is no "bite"
        if not self._says_nothing(rest, negatives):
            rest = self._spelt(rest, lead_ins.lead_in(rest))  # nor "ver" an "ever"
        behind = [*chunks(rest)[1:], []]
        kept = [left for left in map(self._without_names, chunks(rest), behind) if left]
        kept = chunks(self._without_thanks(joined(kept)))
        if self._filters:  # "screenshots from Rome"
            kept = [left for left in map(self._without_files, kept) if left]
        for chunk in [one for one in kept if self._says_nothing(one, negatives)]:
            self._change("phrase", chunk, "")
            kept.remove(chunk)
        shown = [written(self._words(chunk, first=n == 0)) for n, chunk in enumerate(kept)]
        without = [written(self._words(self._spelt(negative))) for negative in negatives]
        filters = joined_filters(self._filters, self._around.names)
        return phrase_meaning([one for one in shown if one], without, filters, phrase.weight)

    # -- filters ---------------------------------------------------------------------------------

    def _without_files(self, chunk: list[Word]) -> list[Word]:
        for begin in (0, lead_ins.lead_in(chunk)):
            asked = chunk[begin:]
            if part := file_name(asked) or kind_in(asked, self._around.names):
                last = begin + part.last
                return self._without(chunk, replace(part, first=begin + part.first, last=last))
        return chunk

    def _without_dates(self, words: list[Word]) -> list[Word]:
        taken: set[int] = set()
        for places, part in dates_in(words, self._text, self._now, self._language):
            places = [*range(with_but(words, places[0]), places[0]), *places]
            named = [words[n] for n in places]
            if is_year_between_commas(words, places):
                year = FilterPart(None, part.filter, part.reading)
                self._filters.append(TypedFilter(named, "date", year))
            elif not self._filter("date", named, part.filter, part.reading):
                continue
            taken |= set(places)
        kept: list[Word] = []
        for number, word in enumerate(words):
            if number not in taken:
                kept.append(word)
            elif kept:  # what follows a date is another chunk only if a comma says so
                kept[-1] = replace(kept[-1], comma=kept[-1].comma or word.comma)
        return kept

    def _without_dates_behind(self, negative: list[Word]) -> list[Word]:
        """What is not to be seen, without a date: one alone leaves photos out ("not from 2019"),
        one behind a thing says when it is not to be seen ("no people 2019")."""
        words = lead_ins.without_ones(negative)
        for places, part in dates_in(words, self._text, self._now, self._language):
            reading = f"not {part.reading}"
            if len(places) == len(words) and self._filter("date", words, Not(part.filter), reading):
                return []
        if self._is_left_out(words):
            return []
        rest = [*words[:1], *self._without_dates(words[1:])]
        if len(rest) < len(words) and self._is_left_out(rest):
            return []
        self._only_places_left_out = False
        return rest

    def _is_left_out(self, words: Sequence[Word]) -> bool:
        """Whether all words are a place or kind of photos: "not in Rome", "all but screenshots"."""
        part = self._named.left_out(words, bare=self._only_places_left_out)
        return part is not None and self._filter(part.kind, words, part.filter, part.reading)

    def _without_names(self, chunk: list[Word], behind: Sequence[Word]) -> list[Word]:
        """The words of a chunk without names of places, cameras and folders; ``behind``: those of
        the next."""
        while chunk:
            part = self._named.first(chunk) or self._named.town(chunk, behind)
            rest = self._without(chunk, plain_names.with_denial(chunk, part)) if part else chunk
            if len(rest) == len(chunk):
                break
            chunk = rest
        return chunk

    def _without(self, chunk: list[Word], part: NamePart) -> list[Word]:
        named = chunk[part.first : part.last]
        before, together = None, False
        if len(named) == len(chunk) and has_no_in(named, part):
            before = left_out_before(self._filters, named, self._text)
        if before:
            part, together = left_out_too(before.part, part, self._around.names().places)
        words = [*before.words, *named] if before and together else named
        if not self._filter(part.kind, words, part.filter, part.reading, several=part.several):
            return chunk
        if before and together:
            self._filters.remove(before)
        return chunk[: part.first] + chunk[part.last :]

    def _filter(
        self,
        kind: ChangeKind,
        words: Sequence[Word],
        filter: PhotoFilter,
        reading: str,
        *,
        several: bool = False,
    ) -> bool:
        """Let words be a filter; false if something else stands between them."""
        for one, other in itertools.pairwise(words):
            if self._text[one.end : other.start].strip(" ,\t\n-"):
                return False
        part = FilterPart(None, filter, reading)
        self._filters.append(TypedFilter(words, kind, part, several))
        self._change(kind, words, reading)
        return True

    def _says_nothing(self, words: Sequence[Word], negatives: Sequence[Sequence[Word]]) -> bool:
        """Whether what stands beside filters and negatives is no more than "photos taken"."""
        return bool(self._filters or negatives) and lead_ins.says_nothing(words)

    # -- words -----------------------------------------------------------------------------------

    def _spelt(self, words: Sequence[Word], known: int = 0) -> list[Word]:
        """The words well spelt; ``known``: how many at the beginning are so already."""
        by_place = {word.start: word for word in words}
        if self._is_english(words):
            names = self._around.names
            for meant in wording.spelt(words, self._lexicon, lambda: names().words):
                typed = by_place[meant.start]
                place = words.index(typed)
                if place < known or plain_countries.is_of_place(words, place, names):
                    continue
                self._change("spelling", [typed], wording.bare(meant))
                by_place[meant.start] = meant
        return list(by_place.values())

    def _is_english(self, words: Sequence[Word]) -> bool:
        """Whether words of the phrase are: "plage sans voitures" has one language, no ventures."""
        texts = {text for text in (self._with_negatives, written(words)) if text}
        return all(self._around.reads.is_english(text, self._lexicon) for text in texts)

    def _without_thanks(self, words: list[Word]) -> list[Word]:
        """The words without "please" at their end."""
        while count := lead_ins.thanks(words, alone=bool(self._filters)):
            self._change("phrase", words[-count:], "")
            words = words[:-count]
        return words

    def _words(self, words: Sequence[Word], *, first: bool = False) -> list[Word]:
        """The words as the model knows them best; ``first``: they begin the phrase."""
        rest = list(words)
        while first and (count := lead_ins.lead_in(rest)):
            self._change("phrase", rest[:count], "")
            rest = [lead_ins.as_first(rest[count]), *rest[count + 1 :]]
        by_place = {word.start: word for word in rest}
        if self._is_english(rest):
            for one in wording.singular(rest, self._lexicon):
                self._change("plural", [by_place[one.start]], wording.bare(one))
                by_place[one.start] = one
        self.read += [word for word in rest if not word.quoted]
        self.read_literally |= any(word.quoted for word in rest)
        return list(by_place.values())

    def _change(self, kind: ChangeKind, words: Sequence[Word], became: str) -> None:
        start, end = words[0].start, words[-1].end
        change = TypedChange(kind, self._text[start:end], became, start, end)
        self.changes = with_change(self.changes, change)
