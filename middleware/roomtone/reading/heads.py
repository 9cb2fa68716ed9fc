"""What is heard in a sentence, and ways to look around from a word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from roomtone.reading.chunks import Chunk
from roomtone.reading.meanings import Link, Meaning, Place, Refusal, Setting, Sound, Surface, Thing, Tone

HeadMeaning: TypeAlias = Sound | Place | Thing | Setting | Surface


@dataclass(slots=True)
class Head:
    """Something that other words can be said of.

    Attributes:
        meaning: what it is.
        chunk: the chunk that names it.
        tones: what is said of it.
        count: how many.
        surface: what it falls on.
        refused: whether it is not to be heard.
        outside: whether the listener is outside of it: `outside a café`.
        within: whether something else is in it: `birds in a forest`.
        chunks: every chunk that belongs to it.
    """

    meaning: HeadMeaning
    chunk: int
    tones: list[Tone] = field(default_factory=list)
    count: float | None = None
    surface: Surface | None = None
    refused: bool = False
    outside: bool = False
    within: bool = False
    chunks: list[int] = field(default_factory=list)

    @property
    def sounds(self) -> bool:
        """Whether it is a sound, known or not, or a place: neither a circumstance nor a surface."""
        return isinstance(self.meaning, Sound | Place | Thing)


class Sentence:
    """The chunks of a prompt with the heads among them."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.chunks = chunks
        self.heads: dict[int, Head] = {}
        self._segments = _segments(chunks)
        for i, chunk in enumerate(chunks):
            if isinstance(chunk.meaning, HeadMeaning):
                self.add(i, chunk.meaning)

    def add(self, i: int, meaning: HeadMeaning) -> Head:
        """Let the chunk at `i` name something that is heard."""
        self.chunks[i].meaning = meaning
        opening = self._opening(i)
        kind = opening.kind if isinstance(opening, Link) else ""
        single = isinstance(meaning, Sound) and meaning.single and bool(self.chunks[i].article)
        head = Head(
            meaning,
            i,
            chunks=[i],
            count=1.0 if single else None,
            refused=self.chunks[i].refused,
            outside=kind == "outside",
            within=kind in {"in", "on", "outside"},
        )
        self.heads[i] = head
        return head

    def ahead(self, i: int, *, across: bool = False) -> Head | None:
        """Find what the chunk at `i` stands before: `heavy and loud rain`, `the murmur of a brook`.

        Args:
            i: where to look from.
            across: whether to look past `and` and punctuation.
        """
        for j in range(i + 1, len(self.chunks)):
            chunk = self.chunks[j]
            if chunk.pause and not across:
                return None
            if j in self.heads:
                return self.heads[j]
            if _bars(chunk.meaning, across=across):
                return None
        return None

    def behind(self, i: int) -> Head | None:
        """Find the nearest sound before `i` within its segment, or else a circumstance."""
        return self._nearest(j for j in range(i - 1, -1, -1) if self._segments[j] == self._segments[i])

    def anywhere_behind(self, i: int) -> Head | None:
        """Find the nearest sound before `i`, or else a circumstance."""
        return self._nearest(range(i - 1, -1, -1))

    def anywhere_ahead(self, i: int) -> Head | None:
        """Find the nearest sound after `i`, or else a circumstance."""
        return self._nearest(range(i + 1, len(self.chunks)))

    def begins_anew(self, i: int) -> bool:
        """Whether the segment of `i` opens the prompt or goes on after `and` or `with`."""
        opening = self._opening(i)
        return self._segments[i] == 0 or (isinstance(opening, Link) and opening.kind in {"and", "with"})

    def _opening(self, i: int) -> Meaning:
        """Return the meaning of the first chunk of the segment of `i`."""
        first = i
        while first > 0 and self._segments[first - 1] == self._segments[i]:
            first -= 1
        return self.chunks[first].meaning

    def _nearest(self, places: Iterable[int]) -> Head | None:
        circumstance: Head | None = None
        for j in places:
            head = self.heads.get(j)
            if head is not None and head.sounds:
                return head
            if head is not None and isinstance(head.meaning, Setting):
                circumstance = circumstance or head
        return circumstance


def _bars(meaning: Meaning, *, across: bool) -> bool:
    """Whether a word ends those that can stand before a noun."""
    if isinstance(meaning, Link):
        return meaning.kind != "of" and not (across and meaning.kind == "and")
    return isinstance(meaning, Refusal)


def _segments(chunks: Sequence[Chunk]) -> list[int]:
    """Number the stretches between punctuation, conjunctions and prepositions; a link opens its stretch."""
    segments: list[int] = []
    for chunk in chunks:
        link = isinstance(chunk.meaning, Link) and chunk.meaning.kind != "of"
        begins = bool(segments) and (chunk.pause or link or isinstance(chunk.meaning, Refusal))
        segments.append((segments[-1] if segments else 0) + begins)
    return segments
