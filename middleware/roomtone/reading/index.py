"""All tables in one index: from a phrase, as it is written in any of its forms, to what it means."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from roomtone.reading import amounts, circumstances, plain_words, tones
from roomtone.reading.cues import CUES
from roomtone.reading.entry import Entry, Said
from roomtone.reading.inflection import graded, plural, verb_forms
from roomtone.reading.lexicon import LEXICON
from roomtone.reading.meanings import Degree, Filler, Meaning, Number, Sound, Surface, Thing
from roomtone.reading.places import PLACES
from roomtone.reading.surfaces import SURFACES

Phrase: TypeAlias = tuple[str, ...]
"""Words in lower case, without articles."""


class Sense(NamedTuple):
    """What a phrase means, and what it means as something to fall on; `leaves` are both."""

    meaning: Meaning | None
    surface: Surface | None = None


class Index(NamedTuple):
    """Every phrase that is known.

    Attributes:
        senses: phrase -> what it means.
        near: word -> the synth that comes nearest to what it names.
        longest: how many words the longest phrase has.
    """

    senses: Mapping[Phrase, Sense]
    near: Mapping[Phrase, str]
    longest: int


_Rows: TypeAlias = Sequence[tuple[tuple[str, ...], Meaning]]

_FILLER: Final = Filler()
_THING: Final = Thing()


@cache
def index() -> Index:
    """Build the index, once."""
    meanings: dict[Phrase, Meaning] = {}
    for text, meaning in stated():
        # What stands first in `stated` counts: a sound's own row before everything else.
        meanings.setdefault(tuple(text.split()), meaning)
    surfaces = {tuple(text.split()): surface for surface in SURFACES for text in _nouns(surface.nouns)}
    senses = {phrase: Sense(meanings.get(phrase), surfaces.get(phrase)) for phrase in (*meanings, *surfaces)}
    near = {tuple(text.split()): entry.synth for entry in LEXICON.values() for text in _nouns(entry.near)}
    return Index(MappingProxyType(senses), MappingProxyType(near), max(map(len, senses)))


def stated() -> Iterator[tuple[str, Meaning]]:
    """Yield every phrase of every table in all its forms, with what it means."""
    for entry in LEXICON.values():
        for group in entry.said:
            yield from _sound(entry, group)
    for place in PLACES:
        yield from ((text, place) for text in (*_nouns(place.nouns), *place.others))
    yield from ((text, _THING) for text in _nouns(plain_words.OTHER_THINGS))
    yield from _each(circumstances.SETTINGS, _nouns)
    yield from ((text, Number(count)) for texts, count in amounts.NUMBERS for text in texts)
    yield from ((text, Degree(factor)) for texts, factor in amounts.DEGREES for text in texts)
    yield from _each(plain_words.REFUSALS)
    yield from _each(plain_words.LINKS)
    yield from _each(tones.PHRASES)
    yield from _each(tones.ADJECTIVES, graded)
    yield from _each(CUES, verb_forms)
    yield from ((text, _FILLER) for text in plain_words.FIXED_FILLERS)
    for word in plain_words.FILLERS:
        yield from ((text, _FILLER) for text in (*verb_forms([word]), *plural(word)))


def _sound(entry: Entry, group: Said) -> Iterator[tuple[str, Meaning]]:
    many, one = Sound(entry, group), Sound(entry, group, single=group.counted)
    yield from ((noun, one) for noun in group.nouns)
    yield from ((text, many) for noun in group.nouns for text in plural(noun))
    yield from ((text, many) for text in (*verb_forms(group.verbs), *group.others))


def _each(
    rows: _Rows, forms: Callable[[Iterable[str]], Iterable[str]] = iter
) -> Iterator[tuple[str, Meaning]]:
    return ((text, meaning) for texts, meaning in rows for text in forms(texts))


def _nouns(nouns: Iterable[str]) -> Iterator[str]:
    for noun in nouns:
        yield noun
        yield from plural(noun)
