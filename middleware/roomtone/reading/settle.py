"""Words that say what they mean only beside others: `very`, `not`, `leaves` that rustle or are rained on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from roomtone.reading.chunks import Chunk
from roomtone.reading.heads import HeadMeaning
from roomtone.reading.lexicon import LEXICON
from roomtone.reading.meanings import (
    Degree,
    Link,
    Meaning,
    Place,
    Refusal,
    Setting,
    Sound,
    Surface,
    Thing,
    Tone,
)

# `not too loud` is a little less than loud's opposite.
_INVERSE: Final = -0.5


def settle(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Decide what every chunk is in this sentence; degrees become one with the adjective that they strengthen."""
    settled = _compounded(list(_joined(chunks)))
    for i, chunk in enumerate(settled):
        noun = _next_noun(settled, i)
        match chunk.meaning:
            case Tone(leads=True, outside=outside) if noun is not None:
                chunk.meaning = Link("outside" if outside else "in")
            case Setting(inside=True) if isinstance(noun, Place) and not noun.inside:
                chunk.meaning = Link("in")
            case Refusal(over=True) if not _passes(noun):
                chunk.meaning = Link("in")
            case _ if chunk.surface is not None and _falls_on(settled, i, chunk.surface):
                chunk.meaning = chunk.surface
            case Place(entered=True) if not _is_entered(settled, i):
                chunk.meaning = Thing()
    return settled


def takes(meaning: Meaning, surface: Surface) -> bool:
    """Whether it is heard what something falls on."""
    match meaning:
        case Sound(entry=entry):
            return entry.synth in surface.sets
        case Place(members=members):
            return any(member.synth in surface.sets for member in members)
    return False


def _joined(chunks: Sequence[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks, with degrees and `not` made one with the adjective that follows."""
    waiting: Chunk | None = None
    factor = 1.0
    for i, chunk in enumerate(chunks):
        after = chunks[i + 1] if i + 1 < len(chunks) and not chunks[i + 1].pause else None
        if waiting is None and not _strengthens(chunk, after):
            yield chunk
            continue
        waiting = replace(waiting, last=chunk.last) if waiting else chunk
        if _strengthens(chunk, after):
            factor *= chunk.meaning.factor if isinstance(chunk.meaning, Degree) else _INVERSE
            continue
        yield from _strengthened(waiting, chunk, factor)
        waiting, factor = None, 1.0


def _compounded(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Make two names of one sound, side by side, one: `ocean surf`, called by the more telling of the two."""
    joined: list[Chunk] = []
    for chunk in chunks:
        before = joined[-1] if joined and not chunk.pause and not chunk.article else None
        match (before, chunk):
            case (Chunk(meaning=Sound(entry=a, said=said)), Chunk(meaning=Sound(entry=b) as sound)) if (
                before and a is b and before.refused == chunk.refused
            ):
                telling = sound.said if said is a.said[0] else said
                meaning = Sound(entry=a, said=telling, single=sound.single)
                joined[-1] = replace(before, meaning=meaning, last=chunk.last, surface=None)
            case _:
                joined.append(chunk)
    return joined


def _strengthens(chunk: Chunk, after: Chunk | None) -> bool:
    """Whether a chunk says how strongly the next is meant."""
    if after is None:
        return False
    if isinstance(chunk.meaning, Refusal):
        return chunk.meaning.inverts and isinstance(after.meaning, Degree | Tone)
    return isinstance(chunk.meaning, Degree) and isinstance(after.meaning, Degree | Tone | Sound | Place)


def _strengthened(waiting: Chunk, chunk: Chunk, factor: float) -> Iterator[Chunk]:
    """Yield what came of degrees and the chunk after them."""
    if isinstance(chunk.meaning, Tone):
        pulls = {role: pull * factor for role, pull in chunk.meaning.pulls.items()}
        tone = replace(chunk.meaning, pulls=pulls, loud_db=chunk.meaning.loud_db * factor)
        yield replace(waiting, meaning=tone, surface=None)
        return
    # `very windy`, `a bit of rain`: the degree is one of the amount.
    before = replace(waiting, last=chunk.first - 1)
    yield replace(before, meaning=Tone(pulls={"amount": factor - 1.0}), surface=None)
    yield chunk


def _next_noun(chunks: Sequence[Chunk], i: int) -> HeadMeaning | None:
    """Find the noun that a preposition at `i` would stand before."""
    for chunk in chunks[i + 1 :]:
        if chunk.pause or isinstance(chunk.meaning, Link | Refusal):
            return None
        if isinstance(chunk.meaning, HeadMeaning):
            return chunk.meaning
    return None


def _passes(noun: HeadMeaning | None) -> bool:
    """Whether something comes and goes, so that `after the rain` means that it is over."""
    match noun:
        case Sound(entry=entry):
            return entry.passes
        case Place(members=members):
            return any(LEXICON[member.synth].passes for member in members[:1])
    return False


def _falls_on(chunks: Sequence[Chunk], i: int, surface: Surface) -> bool:
    """Whether `on` leads to the chunk, and something that can fall stands before it."""
    for j in range(i - 1, -1, -1):
        meaning = chunks[j].meaning
        if chunks[j + 1].pause or isinstance(meaning, HeadMeaning):
            return False
        if isinstance(meaning, Link):
            on = meaning.kind == "on" or (meaning.kind == "and" and _was_surface(chunks, j))
            return on and any(takes(chunk.meaning, surface) for chunk in chunks[:j])
    return False


def _is_entered(chunks: Sequence[Chunk], i: int) -> bool:
    """Whether somebody is in what the chunk at `i` names: `in a car`, `inside an old van`."""
    for j in range(i - 1, -1, -1):
        meaning = chunks[j].meaning
        if chunks[j + 1].pause or isinstance(meaning, Sound | Place | Thing):
            return False
        if isinstance(meaning, Link):
            return meaning.kind == "in"
        if isinstance(meaning, Setting | Tone) and meaning.inside:
            return True
    return False


def _was_surface(chunks: Sequence[Chunk], i: int) -> bool:
    """Whether the link at `i` goes on with what something falls on: `on leaves and grass`."""
    return i > 0 and isinstance(chunks[i - 1].meaning, Surface)
