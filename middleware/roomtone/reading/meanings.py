"""What words can mean: the plain types that the tables are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from roomtone.reading.entry import Entry, Role, Said

Phase: TypeAlias = Literal["night", "dawn", "day", "dusk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A sound that belongs to a place.

    Attributes:
        at: role -> 0 to 1, where it differs from what the synth's first words say.
        phases: the times of day at which it is there; empty for all of them.
        warm: whether it falls silent in the cold.
    """

    synth: str
    at: Mapping[Role, float]
    phases: tuple[Phase, ...] = ()
    warm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A word for a whole scene, such as `forest`.

    Attributes:
        nouns: what it is called.
        members: its sounds, the first one leads.
        inside: whether one is indoors there.
        roof: the surface that rain falls on above one's head, "" for none.
        others: adjectives, as they are: `wooded`.
        entered: whether it is one only where somebody is in it: a car that passes is none.
        countryside: whether it is where one is when only a time of day is named: `a summer night`.
    """

    nouns: tuple[str, ...]
    members: tuple[Member, ...] = ()
    inside: bool = False
    roof: str = ""
    others: tuple[str, ...] = ()
    entered: bool = False
    countryside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """A word that changes a sound.

    Attributes:
        pulls: role -> -1 to 1: how far towards less or more.
        loud_db: what it says of loudness itself.
        back: whether it belongs to what stands before it (`thunder in the distance`) rather than after.
        leads: whether it is a mere preposition when a noun follows: `outside a café`.
        only: the synths that it can be said of; empty for all.
        alone: the synth that is meant when there is none of them; "" where it then means nothing.
        background: whether it sends the sound to the background.
        muffle: how much stands between the sound and the listener, 0 to 1.
        outside: whether the sound is out of doors, wherever the listener is.
        inside: what it says of where the listener is, if anything.
        bearing_deg: from where it sounds, 0 ahead, 90 on the right.
        metres: how far away it is.
    """

    pulls: Mapping[Role, float] = field(default_factory=dict)
    loud_db: float = 0.0
    back: bool = False
    leads: bool = False
    only: tuple[str, ...] = ()
    alone: str = ""
    background: bool = False
    muffle: float = 0.0
    outside: bool = False
    inside: bool | None = None
    bearing_deg: float | None = None
    metres: float | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """How many."""

    count: float


@dataclass(frozen=True, slots=True)
class Degree:
    """`very`, `slightly`: multiplies the pulls of the word that follows."""

    factor: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """`no`, `without`, `not`: what follows is not to be heard.

    Attributes:
        spans_and: whether `and` goes on with it: `without wind and rain`.
        inverts: whether it turns an adjective around: `not too loud`.
        over: whether it says so of weather only: `after the rain`.
    """

    spans_and: bool = False
    inverts: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A word between others: `on` is what a surface follows, `in` any other preposition."""

    kind: Literal["and", "with", "or", "of", "on", "in", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What rain falls on and waves break on.

    Attributes:
        name: as it is reported.
        nouns: what it is called.
        sets: synth -> role -> 0 to 1.
        silent: whether it is no sound by itself, so that it need not be reported when nothing falls on it.
    """

    name: str
    nouns: tuple[str, ...]
    sets: Mapping[str, Mapping[Role, float]]
    silent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A circumstance of the whole scene.

    Attributes:
        hour: the time of day, 0 to 24.
        inside: whether the listener is indoors.
        warmth: -1 (frost) to 1 (heat).
        season: spring, summer, autumn or winter.
        weather: what the sky looks like.
        pulls: synth -> role -> pull, for what it does to sounds.
    """

    hour: float | None = None
    inside: bool | None = None
    warmth: float | None = None
    season: str = ""
    weather: str = ""
    pulls: Mapping[str, Mapping[Role, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound by name: a synth, called by one of its groups of words; `single` for one of what can be counted."""

    entry: Entry
    said: Said
    single: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """A word or phrase that no synth knows."""


@dataclass(frozen=True, slots=True)
class Filler:
    """A word that says nothing about what is heard."""


Meaning: TypeAlias = (
    Sound | Place | Tone | Number | Degree | Refusal | Link | Surface | Setting | Thing | Filler
)
