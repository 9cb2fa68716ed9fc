"""The categories of sounds that can be explored: what is heard, in words for a model, and which synths can make it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


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
        maker: the synth that makes it.
    """

    name: str
    prompt: str
    maker: Maker


def _sound(name: str, prompt: str, synth: str, **controls: float) -> Sound:
    return Sound(name, prompt, Maker(synth, controls))


_NATURAL: Final = (
    _sound("rain", "steady rain on wet ground", "rain", intensity=0.6),
    _sound("leaves", "wind in the leaves of a tree", "leaves", activity=0.6),
    _sound("brook", "a small brook over stones", "stream", flow=0.4, bubbliness=0.7),
    _sound("waterfall", "a waterfall in a gorge", "waterfall", flow=0.6, height=0.7),
    _sound("surf", "waves breaking on a beach", "waves"),
    _sound("thunder", "distant rolling thunder", "thunder", rate=0.8, rumble=0.7),
)
_URBAN: Final = (
    _sound("traffic", "distant city traffic", "traffic", distance=0.5),
    _sound("crowd", "people on a busy square", "crowd", density=0.7, distance=0.4),
    _sound("market", "children playing in a street", "children"),
    _sound("bells", "church bells ringing over the roofs", "bells", distance=0.4),
    _sound("wet_roofs", "rain on tin roofs", "rain", intensity=0.6, surface=1.0),
    _sound("siren", "a police siren some streets away", "siren", distance=0.5, motion=0.5),
)
_DOMESTIC: Final = (
    _sound("hearth", "a fire in a hearth", "fire", size=0.5),
    _sound("window", "rain tapping on a window", "rain", intensity=0.3, surface=0.94, inside=0.3),
    _sound("clock", "a clock ticking on the mantelpiece", "clock"),
    _sound("fridge", "a fridge humming in a kitchen", "fridge"),
    _sound("typing", "somebody typing on a keyboard", "keyboard"),
    _sound("draught", "a draught whistling under a door", "wind", strength=0.4, through=0.25, whistle=0.8),
)
_ANIMALS: Final = (
    _sound("dawn", "birds singing at dawn", "birds", activity=0.8),
    _sound("owl", "an owl calling at night", "owl", rate=0.6),
    _sound("pond", "frogs calling in a pond", "frogs"),
    _sound("crickets", "crickets on a summer night", "crickets", density=0.6),
    _sound("hive", "bees around a hive", "bees", swarm=0.8),
    _sound("dogs", "dogs barking in the village", "dogs", distance=0.4),
)
_MECHANICAL: Final = (
    _sound("fan", "a ventilation fan", "fan"),
    _sound("factory", "machines in a factory hall", "factory"),
    _sound("train", "a train rolling by", "train"),
    _sound("engine", "an engine idling", "engine", revs=0.1),
    _sound("helicopter", "a helicopter hovering overhead", "helicopter"),
    _sound("washing", "a washing machine tumbling", "washing_machine"),
)
_ABSTRACT: Final = (
    _sound("drone", "a dark evolving drone", "drone", tension=0.6),
    _sound("shimmer", "a shimmering texture", "magic", rate=0.7),
    _sound("whispers", "whispers from nowhere", "whispers"),
    _sound("bridge", "the bridge of a spaceship", "spacecraft"),
    _sound("thinking", "a huge computer thinking", "computer", load=0.6, age=0.8),
    _sound("deep", "far below the surface of the sea", "underwater", depth=0.7),
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
