"""A synth in words: what a row of the lexicon states."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from roomtone.synths import SYNTHS
from roomtone.synths.model import DISTANCE, INSIDE

Role: TypeAlias = str
"""What a word can change about a sound, one of `ROLES`; a synth's row says which of its controls plays which role."""

ROLES: Final = (
    "amount", "distance", "wall", "brightness", "hardness", "dryness", "pitch", "pace", "warmth", "gusts", "whistle",
    "rumble", "liveliness", "clatter", "crackle", "size", "depth", "foam", "bubbles", "variety",
)  # fmt: skip

# What a word is taken for when the sound that it belongs to has no control of that kind.
INSTEAD: Final[Mapping[Role, Role]] = MappingProxyType(
    {"size": "amount", "liveliness": "amount", "pace": "amount"}
)


def listed(text: str) -> tuple[str, ...]:
    """Take a list of phrases apart: `brook, babbling brook` is two."""
    return tuple(phrase for each in text.split(",") if (phrase := " ".join(each.split())))


def named(synth: str, control: str) -> Mapping[str, float]:
    """Say where the named settings of a synth's control stand, so that no word states it a second time."""
    (found,) = (each for each in SYNTHS[synth].controls if each.name == control)
    return MappingProxyType(dict(found.names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words for a sound, and where its roles stand when it is called so.

    Attributes:
        nouns: singular; plurals follow by rule, and where they do not, both are written.
        verbs: bare; `-s`, `-ing` and `-ed` follow by rule.
        others: as they are: adjectives such as `rainy`.
        at: role -> 0 to 1.
        span: from where to where words for more and less may move the amount.
        counted: whether `a` means a single one.
        hour: the time of day that these words name, if they do.
    """

    nouns: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    at: Mapping[Role, float] = field(default_factory=dict)
    span: tuple[float, float] = (0.04, 1.0)
    counted: bool = False
    hour: float | None = None


def said(
    nouns: str = "",
    *,
    verbs: str = "",
    others: str = "",
    at: Mapping[Role, float] | None = None,
    span: tuple[float, float] = (0.04, 1.0),
    counted: bool = False,
    hour: float | None = None,
) -> Said:
    """Write a row's words as lists with commas."""
    return Said(
        nouns=listed(nouns),
        verbs=listed(verbs),
        others=listed(others),
        at=MappingProxyType(dict(at or {})),
        span=span,
        counted=counted,
        hour=hour,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Steer:
    """The scene parameter that a game turns for this sound, and how fast it follows.

    Attributes:
        hours: (hour, dB) through the day from 0 to 24 for what keeps hours of its own; empty for the rest.
    """

    parameter: str
    rise_s: float
    fall_s: float
    hours: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A synth in words: one row of the lexicon.

    Attributes:
        synth: its name.
        caption: what it is in a few words, for a neural model.
        roles: role -> control; `-pitch` where more of the role is less of the control. `distance` and `wall` are
            every synth's.
        said: what it is called; the first is what it is when nothing more is said.
        steer: its parameter in scene files.
        near: names of other things, for which this is the nearest sound that exists.
        outdoors: whether walls muffle it for a listener inside.
        counts: (how many, amount), for what can be counted.
        stands: all around, at one place, or as one event after another around the listener.
        usual_m: how far it is when it has a place and nobody says how far.
        passes: whether it comes and goes: `after the rain` there is none.
        stirred_by: the synth that it moves with: leaves are no calmer than the wind.
    """

    synth: str
    caption: str
    roles: Mapping[Role, str]
    said: tuple[Said, ...]
    steer: Steer
    near: tuple[str, ...] = ()
    outdoors: bool = True
    counts: tuple[tuple[float, float], ...] = ()
    stands: Literal["around", "at", "strikes"] = "around"
    usual_m: float = 8.0
    passes: bool = False
    stirred_by: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "roles", MappingProxyType({**self.roles, "distance": DISTANCE, "wall": INSIDE})
        )
