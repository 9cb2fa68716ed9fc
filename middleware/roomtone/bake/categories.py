"""The categories of sounds that can be explored: what is heard, in words for a model, and which synths can make it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from roomtone.synths import SYNTHS


@dataclass(frozen=True, slots=True)
class Maker:
    """A synth, and where its controls stand; those left out at their defaults."""

    synth: str
    controls: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound.

    Attributes:
        name: of its files.
        prompt: for a model.
        makers: the first whose synth there is makes it.
    """

    name: str
    prompt: str
    makers: tuple[Maker, ...]

    @property
    def maker(self) -> Maker:
        """Who makes it here."""
        return next(maker for maker in self.makers if maker.synth in SYNTHS)


def _wind(strength: float, gustiness: float, whistle: float, brightness: float) -> Maker:
    return Maker(
        "wind",
        {"strength": strength, "gustiness": gustiness, "whistle": whistle, "brightness": brightness},
    )


_NATURAL: Final = (
    Sound("rain", "steady rain on wet ground", (Maker("rain", {"intensity": 0.6}),)),
    Sound("leaves", "wind in the leaves of a tree", (Maker("leaves", {"activity": 0.6}),)),
    Sound("brook", "a small brook over stones", (Maker("stream", {"flow": 0.4, "bubbliness": 0.7}),)),
    Sound("surf", "waves breaking on a beach", (Maker("waves"),)),
    Sound("thunder", "distant rolling thunder", (Maker("thunder", {"rate": 0.8, "rumble": 0.7}),)),
)
_URBAN: Final = (
    Sound("traffic", "distant city traffic", (Maker("traffic"), _wind(0.45, 0.1, 0.0, 0.15))),
    Sound("street", "people on a busy street", (Maker("crowd", {"density": 0.7, "distance": 0.6}),)),
    Sound("wet_roofs", "rain on tin roofs", (Maker("rain", {"intensity": 0.6, "hardness": 0.95}),)),
    Sound("fountain", "a fountain in a square", (Maker("stream", {"flow": 0.9, "brightness": 0.8}),)),
    Sound("gusts", "gusts between tall buildings", (_wind(0.7, 0.9, 0.5, 0.4),)),
)
_DOMESTIC: Final = (
    Sound("hearth", "a fire in a hearth", (Maker("fire", {"intensity": 0.5, "crackle": 0.6}),)),
    Sound("window", "rain tapping on a window", (Maker("rain", {"intensity": 0.3, "hardness": 0.9}),)),
    Sound("guests", "guests at dinner", (Maker("crowd", {"density": 0.4, "clatter": 0.8}),)),
    Sound("draught", "a draught whistling under a door", (_wind(0.3, 0.4, 0.9, 0.3),)),
    Sound("room", "a quiet room", (Maker("room_tone"), _wind(0.12, 0.1, 0.0, 0.1))),
)
_ANIMALS: Final = (
    Sound("dawn", "birds singing at dawn", (Maker("birds", {"activity": 0.8}),)),
    Sound("one_bird", "a single bird", (Maker("birds", {"activity": 0.2, "variety": 0.1}),)),
    Sound("crickets", "crickets on a summer night", (Maker("crickets", {"density": 0.6}),)),
    Sound(
        "cicadas",
        "cicadas at noon",
        (Maker("cicadas"), Maker("crickets", {"density": 1.0, "temperature": 1.0})),
    ),
    Sound(
        "far_flock", "a flock far away", (Maker("crows"), Maker("birds", {"activity": 1.0, "distance": 1.0}))
    ),
)
_MECHANICAL: Final = (
    Sound("fan", "a ventilation fan", (Maker("fan"), _wind(0.5, 0.0, 0.0, 0.6))),
    Sound(
        "boiler", "a boiler burning", (Maker("factory"), Maker("fire", {"intensity": 1.0, "crackle": 0.0}))
    ),
    Sound("pump", "a slow pump", (Maker("washing_machine"), Maker("waves", {"pace": 1.0, "foam": 0.1}))),
    Sound("steam", "steam escaping", (Maker("vacuum"), Maker("rain", {"intensity": 1.0, "brightness": 1.0}))),
    Sound("pipes", "wind in iron pipes", (Maker("drone"), _wind(0.6, 0.2, 1.0, 0.2))),
)
_ABSTRACT: Final = (
    Sound("drone", "a dark evolving drone", (Maker("drone"), _wind(0.4, 0.0, 1.0, 0.0))),
    Sound(
        "shimmer",
        "a shimmering texture",
        (Maker("magic"), Maker("crickets", {"density": 1.0, "distance": 1.0})),
    ),
    Sound("breath", "slow breathing noise", (Maker("waves", {"pace": 0.0, "foam": 0.0}),)),
    Sound(
        "whispers",
        "whispers from nowhere",
        (Maker("whispers"), Maker("crowd", {"density": 0.1, "distance": 1.0})),
    ),
    Sound("embers", "single grains of noise", (Maker("fire", {"intensity": 0.1, "crackle": 1.0}),)),
)

CATEGORIES: Final[Mapping[str, tuple[Sound, ...]]] = MappingProxyType(
    {
        "natural": _NATURAL,
        "urban": _URBAN,
        "domestic": _DOMESTIC,
        "animals": _ANIMALS,
        "mechanical": _MECHANICAL,
        "abstract": _ABSTRACT,
    }
)
