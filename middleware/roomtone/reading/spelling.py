"""What a word that nobody knows was probably meant to be: known words one slip away, and the sound nearest to it."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from roomtone.reading.index import index
from roomtone.reading.meanings import Place, Sound

_MOST: Final = 2
_SHORT_CHARS: Final = 5
_SHORTEST_CHARS, _LONGEST_CHARS = 4, 24
_ALIKE: Final = 0.7


def suggest(words: tuple[str, ...]) -> tuple[str, ...]:
    """Suggest up to two things for an unknown word or phrase; the likeliest first, none for what is like nothing.

    Costs a few look-ups whatever the word: what is asked comes from outside.
    """
    near = index().near.get(words)
    if near is not None:
        return (near,)
    return _alike(words[0]) if len(words) == 1 else ()


def _alike(word: str) -> tuple[str, ...]:
    if not _SHORTEST_CHARS <= len(word) <= _LONGEST_CHARS:
        return ()
    known = _shortened()
    found = {each for key in (word, *_shorter(word)) for each in known.get(key, ())}
    found = {each for each in found if not _is_another_word(word, each)}
    scored = sorted((-SequenceMatcher(None, word, each).ratio(), each) for each in found)
    return tuple(each for score, each in scored if -score >= _ALIKE)[:_MOST]


def _is_another_word(word: str, known: str) -> bool:
    """Whether two short words differ by one letter in place: `dogs` and `bogs` are no slip of the keys."""
    differing = sum(a != b for a, b in zip(word, known, strict=False))
    return len(word) == len(known) <= _SHORT_CHARS and differing == 1


@cache
def _shortened() -> dict[str, tuple[str, ...]]:
    """Map every word for a sound, whole and with each letter left out, to the words that it may be."""
    table: dict[str, tuple[str, ...]] = {}
    for phrase, sense in index().senses.items():
        if (
            len(phrase) == 1
            and isinstance(sense.meaning, Sound | Place)
            and len(phrase[0]) >= _SHORTEST_CHARS
        ):
            for key in (phrase[0], *_shorter(phrase[0])):
                table[key] = tuple(dict.fromkeys((*table.get(key, ()), phrase[0])))
    return table


def _shorter(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))
