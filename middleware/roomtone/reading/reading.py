"""What was understood of a prompt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from roomtone.reading.text import Span
from roomtone.scene.model import Constant, Layer, Placement, SynthSource

Weight: TypeAlias = Literal["main", "beside", "background"]
"""The one that the prompt is about; what it names beside it; what is further off or belongs to the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One sound of a reading.

    Attributes:
        name: of its layer, unique in the reading: `rain`, `rain_2`.
        synth: what makes it.
        controls: control -> 0 to 1, all of them in the synth's order.
        gain_db: so that the parts are in balance where the listener stands, at the origin.
        placement: where it sounds.
        weight: see there.
        words: what it was read from, in order.
        caption: what it is in a few words, for a neural model.
        implied: whether it only belongs to a place that is named.
        surface: what it falls on, "" for nothing in particular.
        scattered: the controls that its scatter decides instead: when it strikes, and how far.
    """

    name: str
    synth: str
    controls: Mapping[str, float]
    gain_db: float
    placement: Placement
    weight: Weight
    words: tuple[Span, ...]
    caption: str
    implied: bool = False
    surface: str = ""
    scattered: frozenset[str] = frozenset()

    @property
    def bound(self) -> dict[str, float]:
        """The controls that its layer sets."""
        return {name: value for name, value in self.controls.items() if name not in self.scattered}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """When, in what weather and where the listener is; what nobody says is None or empty.

    Attributes:
        inside: whether the listener is indoors.
        hour: the time of day, 0 to 24.
        season: spring, summer, autumn or winter.
        warmth: -1 (frost) to 1 (heat).
        weather: what the sky looks like.
        places: the places that are named.
        words: what all this was read from.
    """

    inside: bool | None = None
    hour: float | None = None
    season: str = ""
    warmth: float | None = None
    weather: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    words: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """What is not to be heard.

    Attributes:
        words: `no birds`.
        synths: what they would be; empty for what no synth knows anyway.
    """

    words: tuple[Span, ...]
    synths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A word that no synth knows, or that there was no room for.

    Attributes:
        word: as it is written.
        words: where it stands, with what is said of it.
        suggestions: what was probably meant, or what comes nearest; may be empty.
        too_many: whether it is known, but one sound more than a reading takes.
    """

    word: str
    words: tuple[Span, ...]
    suggestions: tuple[str, ...] = ()
    too_many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A prompt as it was understood.

    Every word of `text` is in the words of a part, of the circumstances, of what is excluded or unknown, or in
    `plain`: nothing is swallowed.

    Attributes:
        text: the prompt.
        parts: its sounds, in the order in which they are named; may be empty.
        plain: words that hold the sentence together or say nothing of sound.
    """

    text: str
    parts: tuple[Part, ...] = ()
    circumstances: Circumstances = field(default_factory=Circumstances)
    excluded: tuple[Excluded, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    plain: tuple[Span, ...] = ()


def layers_of(reading: Reading) -> tuple[Layer, ...]:
    """Make the layers that sound at once: one for each part, its controls standing still."""
    return tuple(
        Layer(
            name=part.name,
            source=SynthSource(
                synth=part.synth,
                controls=MappingProxyType({name: Constant(value) for name, value in part.bound.items()}),
            ),
            gain_db=Constant(part.gain_db),
            placement=part.placement,
        )
        for part in reading.parts
    )
