"""From heads to drafts of parts: each sound with all that is said of it, once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from roomtone.reading.circumstances import phase_of
from roomtone.reading.entry import Entry, Role, Said
from roomtone.reading.heads import Head
from roomtone.reading.lexicon import LEXICON
from roomtone.reading.meanings import Member, Place, Sound, Surface, Tone
from roomtone.reading.reading import Circumstances

Rank: TypeAlias = Literal["named", "lead", "member"]
"""Named by itself, what leads a place, or one of the others of a place."""

# Where nobody says when, it is day.
_USUAL_HOUR: Final = 11.0
_COLD: Final = -0.5
# What a café is heard through from the street.
_THROUGH_A_WALL: Final = 0.6
_OF_ONE_SOUND: Final = frozenset({"pitch", "depth", "rumble"})
# How far apart two pulls must be to be of two sounds: `birds close by and birds far away`.
_APART: Final = 0.3


@dataclass(slots=True, kw_only=True)
class Draft:
    """A part in the making.

    Attributes:
        entry: its row in the lexicon.
        rank: how it comes in.
        at: role -> 0 to 1, where it stands before anything is said of it.
        span: from where to where the amount may be moved.
        usual: whether its name says nothing of how it is.
        within: whether it is named as the place where something else is.
        count: how many.
        pulls: role -> how far towards less or more; beyond ±1 counts as ±1.
        loud_db, background, muffle, outside, bearing_deg, metres: as in `Tone`.
        surface: what it falls on.
        chunks: the chunks that it was read from.
        own: those that name it by itself.
    """

    entry: Entry
    rank: Rank
    at: dict[Role, float]
    span: tuple[float, float] = (0.04, 1.0)
    usual: bool = True
    within: bool = False
    count: float | None = None
    pulls: dict[Role, float] = field(default_factory=dict)
    loud_db: float = 0.0
    background: bool = False
    muffle: float = 0.0
    outside: bool = False
    bearing_deg: float | None = None
    metres: float | None = None
    surface: Surface | None = None
    chunks: set[int] = field(default_factory=set)
    own: set[int] = field(default_factory=set)

    def pull(self, pulls: Mapping[Role, float]) -> None:
        """Move roles."""
        for role, pull in pulls.items():
            self.pulls[role] = together(self.pulls.get(role, 0.0), pull)

    def hear(self, tone: Tone) -> None:
        """Take in what is said of it."""
        if tone.only and self.entry.synth not in tone.only:
            return
        self.pull(tone.pulls)
        self.loud_db += tone.loud_db
        self.background = self.background or tone.background
        self.muffle = max(self.muffle, tone.muffle)
        self.outside = self.outside or tone.outside
        self.bearing_deg = self.bearing_deg if tone.bearing_deg is None else tone.bearing_deg
        self.metres = self.metres if tone.metres is None else tone.metres


def together(a: float, b: float) -> float:
    """Add two pulls; two of one direction come nearer to its end, and not beyond."""
    if a * b <= 0.0:
        return a + b
    sign = 1.0 if a > 0.0 else -1.0
    return sign * (1.0 - (1.0 - min(abs(a), 1.0)) * (1.0 - min(abs(b), 1.0)))


def drafts_of(heads: Sequence[Head], around: Circumstances, without: frozenset[str]) -> list[Draft]:
    """Make a draft of every sound that is to be heard, each once.

    Args:
        heads: what is named.
        around: decides who is there: no birds by night, no crickets in the frost.
        without: synths that places do without.
    """
    drafts: list[Draft] = []
    for head in heads:
        if not head.refused:
            for draft in _of_head(head, around, without):
                _put(drafts, draft)
    return drafts


def of_place(
    place: Place, chunks: Sequence[int], around: Circumstances, without: frozenset[str]
) -> list[Draft]:
    """Make the drafts of a place that nobody names."""
    return list(_of_head(Head(place, -1, chunks=list(chunks)), around, without))


def _of_head(head: Head, around: Circumstances, without: frozenset[str]) -> Iterator[Draft]:
    drafts: Iterator[Draft] = iter(())
    match head.meaning:
        case Sound(entry=entry, said=said):
            drafts = iter((_named(entry, said),))
        case Place() as place:
            drafts = _members(place, around, without)
    for draft in drafts:
        draft.within = head.within
        draft.count = head.count if draft.rank == "named" else None
        draft.chunks = set(head.chunks)
        draft.own = set(head.chunks) if draft.rank == "named" else set()
        if head.surface is not None and draft.entry.synth in head.surface.sets:
            draft.surface = head.surface
        if head.outside and isinstance(head.meaning, Place) and head.meaning.inside:
            draft.muffle = _THROUGH_A_WALL
        for tone in head.tones:
            draft.hear(_of_a_place(tone) if isinstance(head.meaning, Place) else tone)
        yield draft


def _of_a_place(tone: Tone) -> Tone:
    """Leave out what is said of a place and not of its sounds: in a deep forest birds are no deeper."""
    return replace(tone, pulls={role: pull for role, pull in tone.pulls.items() if role not in _OF_ONE_SOUND})


def _named(entry: Entry, said: Said) -> Draft:
    return Draft(
        entry=entry, rank="named", at={"amount": 0.5, **said.at}, span=said.span, usual=said is entry.said[0]
    )


def _members(place: Place, around: Circumstances, without: frozenset[str]) -> Iterator[Draft]:
    phase = phase_of(_USUAL_HOUR if around.hour is None else around.hour)
    rank: Rank = "lead"
    for member in place.members:
        there = not member.phases or phase in member.phases
        if there and member.synth not in without and not _is_silenced(member, around):
            entry = LEXICON[member.synth]
            yield Draft(entry=entry, rank=rank, at={"amount": 0.5, **entry.said[0].at, **member.at})
            rank = "member"


def _is_silenced(member: Member, around: Circumstances) -> bool:
    return member.warm and around.warmth is not None and around.warmth <= _COLD


# One sound, named twice -------------------------------------------------------------------------


def _put(drafts: list[Draft], new: Draft) -> None:
    """Add a draft, or make it one with an earlier one that means the same sound."""
    for i, old in enumerate(drafts):
        if old.entry is new.entry and _is_same(old, new):
            drafts[i] = _merged(old, new)
            return
    drafts.append(new)


def _is_same(old: Draft, new: Draft) -> bool:
    """Whether two mentions of a synth can be one sound: what belongs to a place is never a second one."""
    if "named" not in {old.rank, new.rank} or old.rank != new.rank:
        return True
    if old.surface and new.surface and old.surface.name != new.surface.name:
        return False
    if old.bearing_deg != new.bearing_deg and None not in {old.bearing_deg, new.bearing_deg}:
        return False
    if old.muffle != new.muffle or old.outside != new.outside or old.background != new.background:
        return False
    apart = abs(old.pulls.get("distance", 0.0) - new.pulls.get("distance", 0.0))
    return apart < _APART or not new.pulls.get("distance")


def _merged(old: Draft, new: Draft) -> Draft:
    """Let a name by itself count before a place, and a telling word before a general one."""
    named, other = (new, old) if new.rank == "named" != old.rank else (old, new)
    if named.rank == other.rank and named.usual and not other.usual:
        named, other = other, named
    telling = named.rank == "named" and not named.usual
    amount = _amount(named, other)
    named.at = {**other.at, **named.at} if telling else {**named.at, **other.at}
    named.at["amount"] = amount
    named.within = old.within and new.within
    named.count = _both(old.count, new.count)
    if other.rank != "member":
        # What is said of a whole forest is not said of the birds that are named by themselves.
        named.pulls = {**other.pulls, **named.pulls}
        named.loud_db = named.loud_db or other.loud_db
    named.bearing_deg = other.bearing_deg if named.bearing_deg is None else named.bearing_deg
    named.metres = other.metres if named.metres is None else named.metres
    named.surface = named.surface or other.surface
    named.chunks |= other.chunks
    named.own |= other.own
    return named


def _amount(named: Draft, other: Draft) -> float:
    """Choose between two amounts: a place knows its people and its birds, and weather is as strong as it gets."""
    here, there = named.at["amount"], other.at["amount"]
    if named.rank == other.rank:
        return max(here, there) if named.rank != "named" else here
    if named.usual:
        return there if named.entry.counts else max(here, there)
    return here if named.entry.outdoors else max(here, there)


def _both(a: float | None, b: float | None) -> float | None:
    """Add what is counted: a robin and a blackbird are two birds."""
    return a if b is None else b if a is None else a + b
