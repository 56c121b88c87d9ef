"""What a phrase says is not to be seen: "a man without a shirt standing in the water" is a man who
stands in the water, and no shirt.

A negative is a short phrase: articles and adjectives, and what they belong to. It ends at a comma
or "but", and where something else begins: a verb, the place of what is to be seen, another thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.query.chinese_negatives import split_at_negatives
from app.query.negative_words import (
    CHINESE,
    ENGLISH,
    FEW,
    NEGATIONS,
    NOBODY,
    PHOTOS,
    SPANISH,
    NegativeWords,
)
from app.query.phrases import Word

_TYPEFACES = frozenset(("comic", "noto", "open", "gill", "pt", "fira", "source", "dejavu"))
_NOT_SANS = frozenset(("serif", "souci"))
_NOT_NO = frozenset(("longer", "more", "matter", "doubt"))
_FORBIDDEN = frozenset(("entry", "exit", "turn", "u-turn", "trespassing"))
_SIGNS = frozenset(("sign", "signs", "symbol", "symbols"))
_SEVERAL = frozenset(("few", "couple", "dozen"))
_ELIDED = ("l'", "l\u2019")


def split_negatives(
    words: Sequence[Word], *, spanish: bool = False
) -> tuple[list[Word], list[list[Word]]]:
    """The words to look for, and the things that a phrase says are not to be seen.

    "And" and "or" begin a further negative. The small words that count are those of the language
    that the negation is in: German "Mais" is no "but", and the river Oder no "or".

    Args:
        spanish: the words are, so that "sin" is "without".
    """
    known = {**NEGATIONS, "sin": SPANISH} if spanish else NEGATIONS
    return _Splitter(_expanded(split_at_negatives(words)), known).split()


def _expanded(words: Sequence[Word]) -> list[Word]:
    """The words with "nobody" as "no people"."""
    expanded: list[Word] = []
    for word in words:
        if word.plain in NOBODY:
            negation, everybody = NOBODY[word.plain]
            expanded.append(replace(word, text=negation, comma=False))
            word = replace(word, text=everybody)
        elif word.plain == "one" and expanded and expanded[-1].plain == "no":
            word = replace(word, text="people")
        expanded.append(word)
    return expanded


class _Splitter:
    """Goes through the words of one phrase, each to what is looked for or to a negative."""

    def __init__(self, words: Sequence[Word], known: Mapping[str, NegativeWords]) -> None:
        self._words, self._known = words, known
        self._positive: list[Word] = []
        self._negatives: list[list[Word]] = []
        self._small = ENGLISH
        self._negation = ""  # the last one
        self._tied: list[Word] = []  # what was taken away before it

    def split(self) -> tuple[list[Word], list[list[Word]]]:
        inside = False
        for place, word in enumerate(self._words):
            if self._is_negation(place):
                self._begin(word)
                inside = True
            elif inside:
                inside = self._goes_on(place)
            else:
                self._positive.append(word)
        while self._positive and self._positive[0].plain in self._joining():
            self._positive.pop(0)
        return self._positive, [phrase for phrase in self._negatives if phrase]

    def _is_negation(self, place: int) -> bool:
        word = self._words[place]
        if word.plain not in self._known or word.comma or place + 1 >= len(self._words):
            return False
        before, behind = self._plain(place - 1), self._plain(place + 1)
        match word.plain:
            case "sans":
                return before not in _TYPEFACES and behind not in _NOT_SANS
            case "ohne":
                return before != "oben"
            case "no":
                forbids = behind.endswith("ing") or behind in _FORBIDDEN
                is_sign = forbids and self._plain(place + 2) in _SIGNS
                return not (is_sign or behind in _NOT_NO or behind.isdecimal())
        return True

    def _plain(self, place: int) -> str:
        return self._words[place].plain if 0 <= place < len(self._words) else ""

    def _joining(self) -> frozenset[str]:
        """The words for "and", "or" and "but", those of English too."""
        return self._small.ands | self._small.buts | ENGLISH.ands | ENGLISH.buts

    def _begin(self, word: Word) -> None:
        self._small, self._negation = self._known[word.plain], word.plain
        self._tied = []
        while self._positive and self._positive[-1].plain in self._joining() | self._small.ties:
            word = self._positive.pop()
            if word.plain in self._small.ties:
                self._tied.insert(0, word)
        self._negatives.append([])

    def _goes_on(self, place: int) -> bool:
        """Take the word at ``place``; false if the negative ends with it, or ended before it."""
        word, small, negative = self._words[place], self._small, self._negatives[-1]
        if word.plain in small.buts:
            return False
        if word.plain in small.ands:
            if negative and place + 1 < len(self._words) and self._ends_at_and(place):
                return False
            self._negatives.append([])
        elif not negative:
            if word.plain not in small.articles:
                negative.append(word)
        elif self._ends(place):
            self._positive.append(word)
            return False
        else:
            negative.append(word)
        if word.comma and self._positive:
            self._positive[-1] = replace(self._positive[-1], comma=True)
        if small is CHINESE:
            return word.plain in small.ands or self._plain(place + 1) in small.ands
        return not word.comma

    # -- where a negative ends -------------------------------------------------------------------

    def _ends_at_and(self, place: int) -> bool:
        """Whether the "and" at ``place`` leads to what is to be seen: "no shirt and wearing
        shorts", "no shirt and a hat", "a man without a shirt and a woman"."""
        small, behind = self._small, self._plain(place + 1)
        if behind in small.determiners:
            following = {self._plain(near) for near in range(place + 2, place + 4)}
            if following & small.beings and not self._may_be_of_negative():
                self._positive.append(self._words[place])
            elif self._negation in FEW:
                self._positive += self._tied or [self._words[place]]
            else:
                return False
            return True
        return behind in small.prepositions or self._is_action(place + 1)

    def _ends(self, place: int) -> bool:
        """Whether the word at ``place``, behind what is not to be seen, says more of the rest."""
        small, word, negative = self._small, self._words[place], self._negatives[-1]
        if self._begins_with_action():
            return word.plain in small.verbs
        if word.plain in small.of or negative[-1].plain in small.of:
            return False
        if word.plain in small.prepositions:
            return not self._is_particle(place) and not self._leads_to_negative(place)
        if word.plain in small.determiners:
            return negative[-1].plain not in small.prepositions
        if self._is_action(place):
            return True
        if small.capitals:
            return self._is_small_behind_noun(place)
        behind = self._plain(place + 1)
        return behind in small.determiners or behind.startswith(_ELIDED)

    def _begins_with_action(self) -> bool:
        """Whether no thing is what is not to be seen: "without wearing a hat", "not in the sea"."""
        first = self._negatives[-1][0].plain
        said = self._small.prepositions | {"be", "far", "very"}
        is_said = first in PHOTOS or (self._negation == "not" and first in said)
        return is_said or self._is_participle(first)

    def _is_action(self, place: int) -> bool:
        """Whether the word is a verb, or a participle that is said of the rest."""
        small, plain, negative = self._small, self._plain(place), self._negatives[-1]
        if plain in small.verbs:
            return True
        if self._is_participle(plain):
            return not self._may_be_of_negative()
        if small is not ENGLISH or plain in small.nouns:
            return False
        if len(plain) > 4 and plain.endswith("ed") and not plain.endswith("eed"):
            return self._plain(place + 1) in small.by
        is_one = self._plain(place - len(negative) - 1) in ("a", "an")
        is_one |= self._plain(place + 1) == "to"
        is_third_person = plain.endswith("s") and not plain.endswith(("ss", "us", "is", "as"))
        return is_one and is_third_person and negative[0].plain not in _SEVERAL

    def _is_participle(self, plain: str) -> bool:
        small = self._small
        return len(plain) > 4 and plain.endswith(small.participles) and plain not in small.nouns

    def _is_particle(self, place: int) -> bool:
        """Whether a preposition belongs to what stands before it: "with no shirt on"."""
        small, behind = self._small, self._plain(place + 1)
        if self._words[place].comma or not any(map(str.isalnum, behind)):
            return True
        more = small.verbs | small.ands | small.prepositions
        return self._plain(place) == "on" and (behind in more or self._is_participle(behind))

    def _leads_to_negative(self, place: int) -> bool:
        """Whether a preposition leads to where the negative is: "no people in the water"."""
        small, behind = self._small, self._plain(place + 1)
        following = {self._plain(near) for near in range(place + 1, place + 4)}
        if self._plain(place) in small.within and following & small.there:
            return True
        if not self._may_be_of_negative():
            return False
        if not self._positive:
            return True
        if self._plain(place) not in small.within or following & small.times:
            return False
        return behind in small.the or behind.startswith(_ELIDED) or self._plain(place) == "im"

    def _may_be_of_negative(self) -> bool:
        """Whether what follows may be said of the negative: "a beach without people swimming".

        Of "a man without people" it is rather said of the man.
        """
        beings = self._small.beings
        begin = max((n + 1 for n, word in enumerate(self._positive) if word.comma), default=0)
        if not beings.isdisjoint(word.plain for word in self._positive[begin:]):
            return False
        return not beings.isdisjoint(word.plain for word in self._negatives[-1])

    def _is_small_behind_noun(self, place: int) -> bool:
        """Whether a German noun is over, since the word has no capital."""
        word = self._words[place]
        if not word.text[:1].islower() or word.plain in self._small.there:
            return False
        is_last = word.comma or place + 1 == len(self._words)
        if is_last and self._negation in FEW:  # "die keine Schuhe anhat"
            return False
        return any(one.text[:1].isupper() for one in self._negatives[-1])
