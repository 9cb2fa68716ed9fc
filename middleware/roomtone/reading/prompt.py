"""A prompt, read: plain English in, parts that sound out. Pure: the same words always give the same reading."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from roomtone.reading.attach import read_heads
from roomtone.reading.chunks import Chunk, chunks_of
from roomtone.reading.controls import controls_of
from roomtone.reading.drafts import Draft, drafts_of, of_place
from roomtone.reading.heads import Head
from roomtone.reading.meanings import Place, Setting, Sound, Surface, Thing
from roomtone.reading.mix import mix
from roomtone.reading.places import PLACES
from roomtone.reading.placing import place, roams
from roomtone.reading.reading import Circumstances, Excluded, Part, Reading, Unknown
from roomtone.reading.spelling import suggest
from roomtone.reading.surroundings import circumstances_of, surround
from roomtone.reading.text import Span, Word, check_prompt, cut
from roomtone.scene.model import Scatter

# More are not told apart by an ear, and every one of them is rendered.
MAX_PARTS: Final = 24

_OPEN_COUNTRY: Final = next(place for place in PLACES if place.countryside)


def read_prompt(text: str) -> Reading:
    """Read a prompt.

    Args:
        text: one line of English, up to `MAX_PROMPT_CHARS` characters.

    Returns:
        What was understood, and every word that was not. Without a word for a sound there are no parts.

    Raises:
        WireError: `prompt.too-long`, or `prompt.character` for what cannot be shown in a line of text.
    """
    check_prompt(text)
    words, articles = cut(text)
    chunks, heads = read_heads(chunks_of(words))
    return _Reader(text, words, articles, chunks, heads).reading()


class _Reader:
    """One prompt on its way to a reading."""

    def __init__(
        self,
        text: str,
        words: Sequence[Word],
        articles: Sequence[Span],
        chunks: Sequence[Chunk],
        heads: Sequence[Head],
    ) -> None:
        self._text, self._words, self._articles = text, words, articles
        self._chunks, self._heads = chunks, heads

    def reading(self) -> Reading:
        """Put the reading together."""
        around = circumstances_of(self._heads, self._spans)
        drafts = self._drafts(around)
        surround(drafts, self._heads, around)
        kept, surplus = drafts[:MAX_PARTS], drafts[MAX_PARTS:]
        parts = self._parts(kept)
        unknown = (*self._unknown(), *(self._surplus(draft) for draft in surplus))
        excluded = self._excluded()
        owned = [around.words]
        owned += [part.words for part in parts]
        owned += [each.words for each in unknown] + [each.words for each in excluded]
        return Reading(
            text=self._text,
            parts=parts,
            circumstances=around,
            excluded=excluded,
            unknown=unknown,
            plain=self._rest({span for spans in owned for span in spans}),
        )

    def _drafts(self, around: Circumstances) -> list[Draft]:
        without = frozenset(synth for each in self._excluded() for synth in each.synths)
        drafts = drafts_of(self._heads, around, without)
        if drafts or around.hour is None or around.inside or any(_is_unknown(head) for head in self._heads):
            return drafts
        # `A quiet summer night` and nothing else: it is heard where nights are.
        named = [head for head in self._heads if isinstance(head.meaning, Setting) and not head.refused]
        drafts = of_place(_OPEN_COUNTRY, [i for head in named for i in head.chunks], around, without)
        for draft in drafts:
            for tone in (tone for head in named for tone in head.tones):
                draft.hear(tone)
        return drafts

    # Parts -------------------------------------------------------------------------------------

    def _parts(self, drafts: Sequence[Draft]) -> tuple[Part, ...]:
        controls = [controls_of(draft) for draft in drafts]
        placements = [place(draft, values) for draft, values in zip(drafts, controls, strict=True)]
        levels = mix(drafts, controls, placements)
        names = _names([draft.entry.synth for draft in drafts])
        return tuple(
            Part(
                name=names[i],
                synth=draft.entry.synth,
                controls=MappingProxyType(controls[i]),
                gain_db=levels[i][1],
                placement=placements[i],
                weight=levels[i][0],
                words=self._spans(sorted(draft.chunks)),
                caption=self._caption(draft),
                implied=draft.rank != "named",
                surface=draft.surface.name if draft.surface else "",
                scattered=_decided(draft) if isinstance(placements[i], Scatter) else frozenset(),
            )
            for i, draft in enumerate(drafts)
        )

    def _caption(self, draft: Draft) -> str:
        """Say in a few words what a part is: in the prompt's own where it has them."""
        if draft.rank != "named":
            return draft.entry.caption
        first, last = min(draft.own), max(draft.own)
        others = {i for head in self._heads for i in head.chunks} - draft.own
        if others & set(range(first, last + 1)):
            return " ".join(text for i in sorted(draft.own) for text in self._said(i))
        spans = sorted((*self._articles, *(word.span for word in self._words)), key=lambda span: span.start)
        start = spans.index(self._words_of(first)[0].span)
        end = spans.index(self._words_of(last)[-1].span)
        start -= start > 0 and spans[start - 1] in self._articles
        return " ".join(span.text for span in spans[start : end + 1])

    def _said(self, i: int) -> list[str]:
        on = ["on"] if isinstance(self._chunks[i].meaning, Surface) else []
        return [*on, *(word.span.text for word in self._words_of(i))]

    # Words -------------------------------------------------------------------------------------

    def _words_of(self, i: int) -> Sequence[Word]:
        return self._words[self._chunks[i].first : self._chunks[i].last + 1]

    def _spans(self, chunks: Sequence[int]) -> tuple[Span, ...]:
        return tuple(word.span for i in chunks for word in self._words_of(i))

    def _rest(self, owned: set[Span]) -> tuple[Span, ...]:
        spans = [*self._articles, *(word.span for word in self._words)]
        return tuple(sorted((span for span in spans if span not in owned), key=lambda span: span.start))

    def _unknown(self) -> tuple[Unknown, ...]:
        return tuple(
            Unknown(
                word=self._written(head.chunk),
                words=self._spans(sorted(head.chunks)),
                suggestions=suggest(tuple(word.text for word in self._words_of(head.chunk))),
            )
            for head in self._heads
            if _is_unknown(head)
        )

    def _surplus(self, draft: Draft) -> Unknown:
        chunks = sorted(draft.chunks)
        return Unknown(word=self._written(chunks[0]), words=self._spans(chunks), too_many=True)

    def _written(self, chunk: int) -> str:
        return " ".join(word.span.text for word in self._words_of(chunk))

    def _excluded(self) -> tuple[Excluded, ...]:
        return tuple(
            Excluded(words=self._spans(sorted(head.chunks)), synths=_synths_of(head))
            for head in self._heads
            if head.refused
        )


def _is_unknown(head: Head) -> bool:
    return isinstance(head.meaning, Thing) and not head.refused


def _synths_of(head: Head) -> tuple[str, ...]:
    match head.meaning:
        case Sound(entry=entry):
            return (entry.synth,)
        case Place(members=members):
            return tuple(member.synth for member in members)
    return ()


def _names(synths: Sequence[str]) -> list[str]:
    """Name layers after their synths, and number those that come again."""
    names: list[str] = []
    for i, synth in enumerate(synths):
        again = synths[:i].count(synth)
        names.append(f"{synth}_{again + 1}" if again else synth)
    return names


def _decided(draft: Draft) -> frozenset[str]:
    """Name what a scatter decides: when something strikes, and how far unless that is said."""
    roles = draft.entry.roles
    return frozenset({roles["amount"], roles["distance"]} if roams(draft) else {roles["amount"]})
