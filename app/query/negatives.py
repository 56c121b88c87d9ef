"""What a phrase says is not to be seen: "a man without a hat standing in the water" is a man who
stands in the water, and no hat.

A negative is a short phrase: articles and adjectives, and what they belong to. It ends at a comma
or "but", and where something else begins: a verb, the place of what is to be seen, another thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.query.chinese_negatives import split_at_negatives
from app.query.negations import NOTS, is_negation, plain_at, plain_words, said_in_full
from app.query.negative_words import (
    CHINESE,
    ENGLISH,
    EXCEPT,
    FEW,
    NEGATIONS,
    ONES,
    PHOTOS,
    SPANISH,
    TAKEN,
    NegativeWords,
)
from app.query.phrases import Word

_MOST = 12
"""Words of a phrase that is parted. A longer one describes a photo, which models find better by the
whole of it."""

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
    if _length(words) > _MOST:
        return list(words), []
    known = {**NEGATIONS, **EXCEPT, **({"sin": SPANISH} if spanish else {})}
    return _Splitter(said_in_full(split_at_negatives(words)), known).split()


def _length(words: Sequence[Word]) -> int:
    """How many words these are; in Chinese, two characters count for one."""
    texts = [word.text for word in words]
    chinese = [sum("\u4e00" <= one <= "\u9fff" for one in text) for text in texts]
    return sum(max(n // 2, len(text.split())) for n, text in zip(chinese, texts, strict=True))


def _without_particle(negative: list[Word]) -> list[Word]:
    """Of "no shoes on" the shoes."""
    return negative[:-1] if len(negative) > 1 and negative[-1].plain == "on" else negative


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
            if is_negation(self._words, place, self._known):
                self._begin(word)
                inside = True
            elif inside:
                inside = self._goes_on(place)
            else:
                self._positive.append(word)
        while self._positive and self._positive[0].plain in self._joining():
            self._positive.pop(0)
        return self._positive, [_without_particle(phrase) for phrase in self._negatives if phrase]

    def _plain(self, place: int) -> str:
        return plain_at(self._words, place)

    def _behind(self, place: int) -> str:
        """The word behind the one at ``place``; empty if a comma stands between."""
        following = plain_words(self._words[place])[1:]
        following += [] if self._words[place].comma else [self._plain(place + 1)]
        return following[0] if following else ""

    def _joining(self) -> frozenset[str]:
        """The words for "and", "or" and "but", those of English too; "no" is of Spanish as well."""
        spanish = SPANISH.buts | {"que", "donde"} if self._negation == "no" else frozenset[str]()
        buts = self._small.buts | ENGLISH.buts | spanish
        return self._small.ands | ENGLISH.ands | buts

    def _begin(self, word: Word) -> None:
        self._small, self._negation = self._known[word.plain], word.plain
        self._tied = []
        joining = self._joining() | self._small.ties
        if self._negation in ("neither", "weder"):  # "from neither Rome nor Paris"
            joining |= self._small.prepositions
        while self._positive and self._positive[-1].plain in joining:
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
            is_for = word.plain == "for" and self._negation in EXCEPT
            if word.plain not in small.articles and not is_for:
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
        """Whether the "and" at ``place`` leads to what is to be seen: "no shoes and wearing
        shorts", "no shoes and a hat", "a man without a hat and a woman"."""
        small, behind = self._small, self._plain(place + 1)
        if behind in small.determiners:
            following = {self._plain(near) for near in range(place + 2, place + 4)}
            if following & small.beings and not self._may_be_of_negative():
                self._positive.append(self._words[place])
            elif self._negation in FEW:
                is_other = behind in small.the or not self._tied
                self._positive += [self._words[place]] if is_other else self._tied
            else:
                return False
            return True
        return behind in small.prepositions or self._is_action(place + 1)

    def _ends(self, place: int) -> bool:
        """Whether the word at ``place``, behind what is not to be seen, says more of the rest."""
        small, negative = self._small, self._negatives[-1]
        plain, before = self._plain(place), plain_words(negative[-1])[-1]
        if self._begins_with_action():
            return plain in small.verbs
        if plain in small.of or before in small.of:
            return False
        if plain in small.prepositions:
            return not self._is_particle(place) and not self._leads_to_negative(place)
        if plain in small.determiners:
            return before not in small.prepositions
        if self._is_action(place):
            return True
        if small.capitals:
            return self._is_small_behind_noun(place)
        behind = self._behind(place)
        return behind in small.determiners or behind.startswith(_ELIDED)

    def _begins_with_action(self) -> bool:
        """Whether no thing is what is not to be seen: "without wearing a hat", "not in the sea"."""
        first = plain_words(self._negatives[-1][0])[0]
        said = self._small.prepositions | {"be", "far", "very", *TAKEN}
        is_said = first in PHOTOS | ONES or (self._negation in NOTS and first in said)
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
            return self._behind(place) in small.by
        is_one = self._plain(place - len(negative) - 1) in ("a", "an")
        is_one |= self._behind(place) == "to"
        is_third_person = plain.endswith("s") and not plain.endswith(("ss", "us", "is", "as"))
        return is_one and is_third_person and negative[0].plain not in _SEVERAL

    def _is_participle(self, plain: str) -> bool:
        small = self._small
        return len(plain) > 4 and plain.endswith(small.participles) and plain not in small.nouns

    def _is_particle(self, place: int) -> bool:
        """Whether a preposition belongs to what stands before it: "with no shoes on"."""
        small, behind = self._small, self._behind(place)
        if not behind:
            return True
        more = small.verbs | small.ands | small.prepositions
        return self._plain(place) == "on" and (behind in more or self._is_participle(behind))

    def _leads_to_negative(self, place: int) -> bool:
        """Whether a preposition leads to where the negative is: "no people in the water"."""
        small, behind = self._small, self._behind(place)
        following = {behind, *(self._plain(near) for near in range(place + 1, place + 4))}
        if behind in small.it or (self._plain(place) in small.within and following & small.there):
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
        begin = max((n + 1 for n, word in enumerate(self._positive) if word.comma), default=0)
        return not self._names_being(self._positive[begin:]) and self._names_being(
            self._negatives[-1]
        )

    def _names_being(self, words: Sequence[Word]) -> bool:
        return any(not self._small.beings.isdisjoint(plain_words(word)) for word in words)

    def _is_small_behind_noun(self, place: int) -> bool:
        """Whether a German noun is over, since the word has no capital."""
        word = self._words[place]
        if not word.text[:1].islower() or word.plain in self._small.there:
            return False
        is_last = word.comma or place + 1 == len(self._words)
        if is_last and self._negation in FEW:  # "die keine Schuhe anhat"
            return False
        return any(one.has_capital for one in self._negatives[-1])
