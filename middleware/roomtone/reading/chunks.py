"""From words to chunks: the longest phrases that the index knows, numbers, times and distances."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from roomtone.reading.amounts import METRES, PER_SECOND
from roomtone.reading.circumstances import hour_of
from roomtone.reading.index import index
from roomtone.reading.meanings import Meaning, Number, Refusal, Setting, Sound, Surface, Thing, Tone
from roomtone.reading.text import Word

_AWAY: Final = frozenset({"away", "off"})
_CLOCK: Final = frozenset({"am", "pm", "a.m", "p.m", "o'clock", "oclock"})
_DEGREES: Final = frozenset({"degrees", "degree", "°", "°c"})
_FAHRENHEIT: Final = frozenset({"f", "fahrenheit"})
_CELSIUS: Final = frozenset({"c", "celsius", "centigrade"})
# How far pulls by how much: a sound is neither near nor far at 15 m, and as far as can be at 1.5 km.
_MIDDLE_M: Final = 15.0
_MILD_C, _SPREAD_C = 18.0, 14.0
# A fresh breeze is neither much nor little of a wind.
_FRESH_KMH, _TO_A_GALE_KMH = 40.0, 50.0
_MOST: Final = 1e6


@dataclass(slots=True)
class Chunk:
    """Some words that mean something together.

    Attributes:
        meaning: what they mean.
        first, last: the words.
        pause: whether punctuation stands before them.
        article: what stood before them.
        surface: what they would be as something to fall on.
        refused: whether they say that something is missing: `windless`.
    """

    meaning: Meaning
    first: int
    last: int
    pause: bool
    article: str
    surface: Surface | None = None
    refused: bool = False


def chunks_of(words: Sequence[Word]) -> list[Chunk]:
    """Read words from left to right; every word is part of one chunk."""
    chunks: list[Chunk] = []
    i = 0
    while i < len(words):
        meaning, surface, length = _counted(words, i) or _longest(words, i)
        lacking = _lacking(words[i].text) if isinstance(meaning, Thing) and length == 1 else None
        chunks.append(
            Chunk(
                lacking or meaning,
                i,
                i + length - 1,
                pause=words[i].pause,
                article=words[i].article,
                surface=surface,
                refused=lacking is not None,
            )
        )
        i += length
    return chunks


def _longest(words: Sequence[Word], i: int) -> tuple[Meaning, Surface | None, int]:
    known = index()
    for length in range(_reach(words, i, known.longest), 0, -1):
        phrase = tuple(word.text for word in words[i : i + length])
        if sense := known.senses.get(phrase):
            meaning = sense.meaning if sense.meaning is not None else sense.surface
            assert meaning is not None
            return meaning, sense.surface, length
        if phrase in known.near:
            return Thing(), None, length
    return Thing(), None, 1


def _lacking(word: str) -> Sound | None:
    """Say which sound a word such as `windless` says is missing."""
    sense = index().senses.get((word.removesuffix("less"),))
    known = word.endswith("less") and sense is not None and isinstance(sense.meaning, Sound)
    return sense.meaning if known and sense and isinstance(sense.meaning, Sound) else None


def _reach(words: Sequence[Word], i: int, longest: int) -> int:
    """Count how many words from `i` on no punctuation parts."""
    length = 1
    while length < longest and i + length < len(words) and not words[i + length].pause:
        length += 1
    return length


def _counted(words: Sequence[Word], i: int) -> tuple[Meaning, None, int] | None:
    """Read what begins with a number, or with a unit that has an article: `200 m away`, `a mile off`, `3 am`."""
    if words[i].article == "a" and words[i].text in METRES:
        return _away(words, i, METRES[words[i].text], 1)
    number, half = _split_half(words[i].text)
    if not number[:1].isdecimal():
        return _counted_in_words(words, i)
    following = _text(words, i + 1)
    if half or following in _CLOCK or ":" in number:
        hour = hour_of(number, half or following)
        if hour is not None:
            return Setting(hour=hour), None, 1 + (not half and following in _CLOCK)
    value = None if half else _value(number)
    return (Thing(), None, 1) if value is None else _measured(words, i, value)


def _measured(words: Sequence[Word], i: int, value: float) -> tuple[Meaning, None, int]:
    """Say what a number in digits counts: metres, degrees, or what follows."""
    unit = _text(words, i + 1)
    if unit in METRES:
        return _away(words, i, value * METRES[unit], 2)
    if unit in _DEGREES:
        return _heat(words, i, value)
    return (Number(value) if value > 0.0 else Refusal()), None, 1


def _counted_in_words(words: Sequence[Word], i: int) -> tuple[Meaning, None, int] | None:
    meaning, _, length = _longest(words, i)
    unit = _text(words, i + length)
    if isinstance(meaning, Number) and unit in METRES:
        return _away(words, i, meaning.count * METRES[unit], length + 1)
    return None


def _away(words: Sequence[Word], i: int, metres: float, length: int) -> tuple[Meaning, None, int]:
    after = words[i + length].text if i + length < len(words) else ""
    if after in PER_SECOND:
        pull = (3.6 * metres * PER_SECOND[after] - _FRESH_KMH) / _TO_A_GALE_KMH
        return Tone(pulls={"amount": min(max(pull, -0.9), 1.0)}), None, length + 1
    metres = min(max(metres, 0.3), _MOST)
    pull = min(max(log10(metres / _MIDDLE_M) / 2.0, -1.0), 1.0)
    tone = Tone(pulls={"distance": pull}, back=True, metres=metres)
    return tone, None, length + (_text(words, i + length) in _AWAY)


def _heat(words: Sequence[Word], i: int, value: float) -> tuple[Meaning, None, int]:
    scale = _text(words, i + 2)
    celsius = (value - 32.0) / 1.8 if scale in _FAHRENHEIT else value
    warmth = min(max((celsius - _MILD_C) / _SPREAD_C, -1.0), 1.0)
    return Setting(warmth=warmth), None, 2 + (scale in _FAHRENHEIT or scale in _CELSIUS)


def _text(words: Sequence[Word], i: int) -> str:
    """Return the word at `i`, or nothing where the prompt ends or pauses."""
    return words[i].text if i < len(words) and not words[i].pause else ""


def _split_half(text: str) -> tuple[str, str]:
    """Part `3am` into its number and its half of the day."""
    for half in ("am", "pm"):
        if text.endswith(half) and text[:1].isdecimal():
            return text.removesuffix(half), half
    return text, ""


def _value(text: str) -> float | None:
    try:
        return min(float(text.replace(":", ".")), _MOST)
    except ValueError:
        return None
