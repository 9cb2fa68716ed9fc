"""English endings by rule: plurals, forms of verbs, comparatives and adverbs. What does not follow a rule is listed."""

from collections.abc import Iterable, Iterator
from typing import Final

_VOWELS: Final = frozenset("aeiou")
_SIBILANTS: Final = ("s", "x", "z", "ch", "sh")


def plural(noun: str) -> tuple[str, ...]:
    """Make the plural of a phrase's last word: `brooks`, `breezes`, `branches`, `canopies`."""
    return (_with_s(noun),)


def verb_forms(verbs: Iterable[str]) -> Iterator[str]:
    """Yield each verb bare and with its endings: `howl`, `howls`, `howling`, `howled`."""
    for verb in verbs:
        stem = _stem(verb)
        yield from (verb, _with_s(verb), f"{stem}ing", f"{_past(verb)}ed")


def graded(adjectives: Iterable[str]) -> Iterator[str]:
    """Yield each adjective with its degrees and its adverb: `heavy`, `heavier`, `heaviest`, `heavily`."""
    for word in adjectives:
        yield word
        if " " not in word:
            stem = _past(word)
            yield from (f"{stem}er", f"{stem}est", _adverb(word))


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(_SIBILANTS) else f"{word}s"


def _stem(verb: str) -> str:
    """Drop a silent e, double a last consonant: `lin(e)`, `drumm`."""
    if verb.endswith("e") and not verb.endswith(("ee", "oe")):
        return verb[:-1]
    return verb + verb[-1] if _doubles(verb) else verb


def _past(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}i"
    return _stem(word)


def _doubles(word: str) -> bool:
    """One syllable that ends in one vowel and one consonant."""
    syllables = sum(a in _VOWELS and b not in _VOWELS for a, b in zip(word, f"{word[1:]} ", strict=True))
    short = len(word) > 2 and word[-1] not in "aeiouwxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS
    return short and syllables == 1


def _adverb(word: str) -> str:
    if word.endswith("le"):
        return f"{word[:-1]}y"
    if word.endswith("y"):
        return f"{word[:-1]}ily"
    return f"{word}ally" if word.endswith("ic") else f"{word}ly"
