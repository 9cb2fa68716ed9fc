"""Which word belongs to what: adjectives, adverbs, numbers, surfaces and refusals find their sound."""

from collections.abc import Sequence
from dataclasses import replace

from roomtone.reading.chunks import Chunk
from roomtone.reading.heads import Head, Sentence
from roomtone.reading.lexicon import LEXICON
from roomtone.reading.meanings import Link, Number, Place, Refusal, Sound, Surface, Thing, Tone
from roomtone.reading.settle import settle, takes


def read_heads(chunks: Sequence[Chunk]) -> tuple[list[Chunk], list[Head]]:
    """Find what is heard, in order, with all that is said of it.

    Returns:
        The chunks as they are meant here, and the heads; chunks that belong to none are mere grammar.
    """
    settled = settle(chunks)
    sentence = Sentence(settled)
    for i, chunk in enumerate(settled):
        if isinstance(chunk.meaning, Tone) and (chunk.meaning.only or chunk.meaning.alone):
            _attach_cue(sentence, i, chunk.meaning)
    for i, chunk in enumerate(settled):
        if isinstance(chunk.meaning, Refusal):
            _refuse(sentence, i, chunk.meaning)
    twins = [twin for i in sorted(sentence.heads) if (twin := _attach_surface(sentence, i)) is not None]
    for i, chunk in enumerate(settled):
        match chunk.meaning:
            case Tone(only=(), alone="") as tone:
                _attach_tone(sentence, i, tone)
            case Number(count=count):
                _attach_number(sentence, i, count)
    return settled, sorted((*sentence.heads.values(), *twins), key=lambda head: head.chunk)


# What sounds do --------------------------------------------------------------------------------


def _attach_cue(sentence: Sentence, i: int, cue: Tone) -> None:
    """Give `crackling` to a fire, or to whatever unknown thing crackles, or let it mean a fire."""
    near = [head for head in (sentence.ahead(i), sentence.behind(i)) if head is not None and head.sounds]
    fitting = [head for head in near if _fits(head, cue)]
    if fitting:
        _say(fitting[0], i, cue)
    elif any(isinstance(head.meaning, Thing) for head in near):
        next(head for head in near if isinstance(head.meaning, Thing)).chunks.append(i)
    elif (other := _fitting_anywhere(sentence, i, cue)) is not None:
        _say(other, i, cue)
    elif near:
        near[0].chunks.append(i)
    elif cue.alone:
        entry = LEXICON[cue.alone]
        _say(sentence.add(i, Sound(entry, entry.said[0])), i, cue)
    else:
        sentence.add(i, Thing())


def _fits(head: Head, cue: Tone) -> bool:
    match head.meaning:
        case Sound(entry=entry):
            return not cue.only or entry.synth in cue.only
        case Place(members=members):
            return any(not cue.only or member.synth in cue.only for member in members)
    return False


def _fitting_anywhere(sentence: Sentence, i: int, cue: Tone) -> Head | None:
    """Find the nearest sound that a cue can be said of, earlier ones first."""
    fitting = [head for head in sentence.heads.values() if _fits(head, cue)]
    return min(fitting, key=lambda head: (head.chunk > i, abs(head.chunk - i)), default=None)


def _say(head: Head, i: int, tone: Tone) -> None:
    head.tones.append(tone)
    if i not in head.chunks:
        head.chunks.append(i)


# How sounds are --------------------------------------------------------------------------------


def _attach_tone(sentence: Sentence, i: int, tone: Tone) -> None:
    head = _after_noun(sentence, i) if tone.back else _before_noun(sentence, i)
    if head is not None:
        _say(head, i, tone)
    elif tone.inside is None and not sentence.heads:
        # Said of nothing: it is named, so that nobody waits for it.
        sentence.add(i, Thing())


def _before_noun(sentence: Sentence, i: int) -> Head | None:
    """Find what an adjective is said of: `heavy and loud rain`, `the wind is strong`."""
    behind = sentence.behind(i)
    head = sentence.ahead(i) or behind
    if head is None and _nothing_before(sentence, i):
        head = sentence.ahead(i, across=True)
    return head or sentence.anywhere_behind(i) or sentence.anywhere_ahead(i)


def _nothing_before(sentence: Sentence, i: int) -> bool:
    """Whether `and` may be looked past: in `rain, soft and gentle` both words look back."""
    return sentence.anywhere_behind(i) is None or sentence.begins_anew(i)


def _after_noun(sentence: Sentence, i: int) -> Head | None:
    """Find what words such as `in the distance` are said of."""
    head = sentence.behind(i) or sentence.ahead(i)
    if head is None and sentence.begins_anew(i):
        head = sentence.anywhere_ahead(i)
    return head or sentence.anywhere_behind(i) or sentence.anywhere_ahead(i)


def _attach_number(sentence: Sentence, i: int, count: float) -> None:
    head = sentence.ahead(i)
    if head is not None and head.sounds:
        head.count = count
        head.chunks.append(i)


# What sounds fall on ---------------------------------------------------------------------------


def _attach_surface(sentence: Sentence, i: int) -> Head | None:
    """Let something fall on the surface at `i`; a second surface makes a second sound, which is returned."""
    surface = sentence.heads[i].meaning
    if not isinstance(surface, Surface):
        return None
    falling = [h for h in sentence.heads.values() if takes(h.meaning, surface) and not h.refused]
    if not falling:
        if not surface.silent:
            sentence.add(i, Thing())
        return None
    head = min(falling, key=lambda each: (each.chunk > i, abs(each.chunk - i)))
    if head.surface is None or head.surface.name == surface.name:
        head.surface = surface
        head.chunks.append(i)
        return None
    # What is said of the one is said of the other: both share their tones.
    return replace(head, chunk=i, surface=surface, chunks=[head.chunk, i])


# What is not to be heard -----------------------------------------------------------------------


def _refuse(sentence: Sentence, i: int, refusal: Refusal) -> None:
    """Refuse what follows, as far as the refusal reaches: `no birds or crickets`, `without wind and rain`."""
    for j in range(i + 1, len(sentence.chunks)):
        chunk = sentence.chunks[j]
        if _ends_refusal(chunk, refusal):
            return
        if j in sentence.heads:
            sentence.heads[j].refused = True
            if i not in sentence.heads[j].chunks:
                sentence.heads[j].chunks.append(i)


def _ends_refusal(chunk: Chunk, refusal: Refusal) -> bool:
    match chunk.meaning:
        case Link(kind="or" | "of"):
            return False
        case Link(kind="and"):
            return not refusal.spans_and or chunk.pause
        case Link() | Refusal():
            return True
    return chunk.pause
