"""What is offered and what is looked for, found against each other by kind and by words. Pure.

Words are compared without case and without the commonest Swedish endings; the last part of a
Swedish compound says what a thing is, so a *möteslokal* answers whoever looks for a *lokal*. The
endings are those of nouns in M. F. Porter's Swedish stemmer, in shorter form.
"""

import heapq
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

MOST_EACH = 5
LEAST_STEM = 3
LEAST_TAIL = 5
# Kinds of which one may well do for another, whatever else is said of it.
INTERCHANGEABLE = frozenset({"room", "land"})
_ENDINGS = (
    *("arnas", "ornas", "ernas", "arna", "orna", "erna", "ande", "arens", "aren", "ens", "ets"),
    *("ar", "or", "er", "en", "et", "na", "an", "as", "es", "a", "e", "n", "s"),
)
_FILLERS = """
alla allt andra att behöver bara den det dig din ditt där eller ett finns från för gärna går har
helst här inte kan kunna letar man med men mer mig min mitt mot månad månader något några någon och
när oss plats på saknar ska som söker till under upp ut utan vara vid vill vår vårt våra vecka
veckor år also and any are can for from has have looking need needs not our some that the their them
there they this want wants with you your timmar timme dagar dag stycken hours hour days day pieces
piece bra ny nya nytt stor stora stort liten litet små
hålla håller hålls låna lånar lånas få får fått göra gör ge ger tar finnas ordna ordnar köpa köper
keep keeps hold borrow lend lends get give take make buy
"""
_SAYING_NOTHING = frozenset(_FILLERS.split())
_SPEAKS_OF = {
    "room": "lokal rum sal hall förråd lager hus kök kontor källare room premises kitchen office",
    "land": "mark åker tomt jord äng odlingslott ground field plot land",
    "tool": "verktyg maskin släp grävmaskin traktor lift kran stege tool machine trailer excavator",
    "skill": "hjälp arbete kunskap snickare elektriker bokföring revisor help work carpenter",
    "energy": "el solceller ved flis värme vedpanna electricity firewood heat",
}
_LAST_LETTERS = str.maketrans("åäö", "{|}")
_OF_UNITS = {
    **dict.fromkeys(("hour", "hours", "timme", "timmar", "h"), "skill"),
    **dict.fromkeys(("sqm", "kvm", "m2", "m²", "kvadratmeter"), "room"),
}


def fold(text: str) -> str:
    """As it is compared: one Unicode form, no capitals, single spaces. å, ä and ö stay letters."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def of_name(things: Iterable[Any], name: str, municipality: str) -> Any:
    """The first with that name and municipality, in any case; None where there is none."""
    wanted = (fold(name), fold(municipality))
    return next((it for it in things if (fold(it.name), fold(it.municipality)) == wanted), None)


def in_swedish(text: str) -> list[tuple[bool, int, str]]:
    """What sorts a text as a Swedish register does: å, ä, ö last, and 2 before 10."""
    letters = fold(text).translate(_LAST_LETTERS)
    return [
        (False, int(part), "") if part.isdecimal() else (True, 0, part)
        for part in re.split(r"(\d+)", letters)
        if part
    ]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A folded word without its ending; at least three letters stay. Cut until nothing goes."""
    while True:
        cut = next(
            (
                word.removesuffix(ending)
                for ending in _ENDINGS
                if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM
            ),
            word,
        )
        if cut == word:
            return word
        word = cut


def words(text: str) -> dict[str, str]:
    """Stem → the word, folded, of all words that say something."""
    told = re.findall(r"[^\W\d_]+", fold(text))
    return {stem(low): low for low in told if len(low) >= LEAST_STEM and low not in _SAYING_NOTHING}


_KIND_STEMS = {stem(word): kind for kind, listed in _SPEAKS_OF.items() for word in listed.split()}


def kind_of(text: str, unit: str = "") -> str:
    """The kind of card that would answer a need: by its words, else by its unit; "" if unclear."""
    thing = Thing(("", 0), "", text)
    found = sorted(kind for key, kind in _KIND_STEMS.items() if key in thing.tails)
    return found[0] if found else _OF_UNITS.get(fold(unit), "")


@dataclass(frozen=True)
class Thing:
    """What is offered or looked for: whose (sort, number), its kind ("" unclear), its words."""

    of: tuple[str, int]
    kind: str
    text: str

    @cached_property
    def stems(self) -> dict[str, str]:
        """Stem → word."""
        return words(self.text)

    @cached_property
    def tails(self) -> dict[str, str]:
        """Stems and the last parts of long ones → word."""
        ends = {
            key[start:]: word
            for key, word in self.stems.items()
            for start in range(1, len(key) - LEAST_TAIL + 1)
        }
        return ends | self.stems


@dataclass(frozen=True)
class Found:
    """A pair that may help each other, and why: the kind they share ("" none), words they share."""

    have: Thing
    lack: Thing
    kind: str
    shared: tuple[str, ...]

    @property
    def strength(self) -> int:
        """More is better: two for a word, three for the kind."""
        return _strength(self.have, self.lack, self.shared)


def found(haves: Iterable[Thing], lacks: Iterable[Thing], most: int = MOST_EACH) -> list[Found]:
    """Pairs that share a word, or a kind of which one does for another; the best first.

    At most `most` for each thing that is looked for. Words are looked up, not tried pair by pair.
    """
    offered = list(haves)
    by_stem, by_tail, by_kind = (defaultdict[str, list[int]](list) for _ in range(3))
    for index, have in enumerate(offered):
        by_kind[have.kind].append(index)
        for key in have.stems:
            by_stem[key].append(index)
        for key in have.tails:
            by_tail[key].append(index)
    pairs: list[Found] = []
    for lack in lacks:
        shared: dict[int, set[str]] = defaultdict(set)
        for stems, meets in ((lack.tails, by_stem), (lack.stems, by_tail)):
            for key, word in stems.items():
                for index in meets.get(key, ()):
                    shared[index].add(word)
        if lack.kind in INTERCHANGEABLE:
            for index in by_kind[lack.kind]:
                shared.setdefault(index, set())
        ranked = (
            (-_strength(offered[index], lack, told), offered[index].of, index)
            for index, told in shared.items()
            if offered[index].of != lack.of
        )
        pairs += [
            Found(
                offered[index],
                lack,
                lack.kind if offered[index].kind == lack.kind else "",
                tuple(sorted(shared[index])),
            )
            for _minus, _of, index in heapq.nsmallest(most, ranked)
        ]
    return sorted(pairs, key=_best)


def _strength(have: Thing, lack: Thing, shared: Collection[str]) -> int:
    return 2 * len(shared) + 3 * (have.kind == lack.kind != "")


def _best(pair: Found) -> tuple[int, tuple[str, int], tuple[str, int]]:
    return -pair.strength, pair.lack.of, pair.have.of
