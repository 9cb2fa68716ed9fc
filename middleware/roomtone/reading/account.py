"""What was understood of a prompt, in sentences: for the head of a scene file, and for whoever typed it."""

from collections.abc import Iterator
from typing import Final

from roomtone.reading.reading import Excluded, Part, Reading, Unknown, Weight
from roomtone.reading.text import Span

_WEIGHTS: Final[dict[Weight, str]] = {
    "main": "leads",
    "beside": "beside it",
    "background": "in the background",
}


def account_of(reading: Reading) -> tuple[str, ...]:
    """Say in a line each what sounds, from which words; when and where; what is left out; what nobody knows."""
    lines = [*map(_of_part, reading.parts), *_around(reading)]
    lines += [_of_excluded(each) for each in reading.excluded]
    lines += [_of_unknown(each) for each in reading.unknown]
    return tuple(lines) if reading.parts else ("no word of it names a sound", *lines)


def _of_part(part: Part) -> str:
    source = f"belongs to {_quoted(part.words)}" if part.implied else _quoted(part.words)
    surface = f", falls on {part.surface}" if part.surface else ""
    return f"{part.name}: {source}{surface}; {_WEIGHTS[part.weight]}"


def _around(reading: Reading) -> Iterator[str]:
    around = reading.circumstances
    if around.hour is not None:
        hours, minutes = divmod(round(around.hour * 60.0), 60)
        yield f"time of day: {hours % 24}:{minutes:02}"
    if around.season:
        yield f"season: {around.season}"
    if around.weather:
        yield f"weather: {', '.join(around.weather)}"
    if around.inside is not None:
        yield "heard from inside" if around.inside else "heard out of doors"


def _of_excluded(excluded: Excluded) -> str:
    return f"left out: {_quoted(excluded.words)}"


def _of_unknown(unknown: Unknown) -> str:
    if unknown.too_many:
        return f"one sound too many: {_quoted(unknown.words)}"
    near = f"; the nearest is {' or '.join(unknown.suggestions)}" if unknown.suggestions else ""
    return f"not understood: '{unknown.word}'{near}"


def _quoted(words: tuple[Span, ...]) -> str:
    return f"'{' '.join(word.text for word in words)}'"
