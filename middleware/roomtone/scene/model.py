"""A scene as the inside of the program knows it: checked, complete, frozen."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthEntry:
    """What a scene file may say of one synth.

    Attributes:
        summary: one line for editors.
        controls: name -> one line on what it changes, in the synth's order.
        struck: whether it has single events that a scatter can place one by one.
        settings: of controls whose settings have names: control -> name -> value, such as surface -> tin -> 1.
        wraps: controls of which 1 is 0 again, such as an hour.
    """

    summary: str
    controls: Mapping[str, str]
    struck: bool = False
    settings: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}))
    wraps: frozenset[str] = frozenset()


Catalogue: TypeAlias = Mapping[str, SynthEntry]
"""The synths that scene files may name. Scenes stand below synths, so whoever reads a file hands this in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wander:
    """A slow random walk around the value: never further than `depth` of the range, back every `period_s` or so.

    It fades out towards the ends of the range, so a rain that is set to 0 stays dry.
    """

    depth: float
    period_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One named quantity that the game steers.

    Attributes:
        default: where it stands when the scene opens.
        low, high: its range; for `wraps`, `high` is the same point as `low`.
        unit: for people, e.g. `h`.
        rise_s, fall_s: time to arrive within 1 % of the way, upwards and downwards.
        wraps: whether the range is a circle (time of day, compass).
        wander: what it does by itself.
    """

    name: str
    default: float
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    rise_s: float = 1.0
    fall_s: float = 1.0
    wraps: bool = False
    wander: Wander | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A binding that does not move."""

    value: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A piecewise linear map, flat beyond its first and last point."""

    points: tuple[tuple[float, float], ...]

    def at(self, x: float) -> float:
        """Read the curve at `x`."""
        points = self.points
        i = bisect_right(points, x, key=_first)
        if i == 0:
            return points[0][1]
        if i == len(points):
            return points[-1][1]
        (x0, y0), (x1, y1) = points[i - 1], points[i]
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def _first(point: tuple[float, float]) -> float:
    return point[0]


@dataclass(frozen=True, slots=True)
class Follow:
    """A binding that follows a parameter, as it is or through a curve.

    Scene files give every binding its curve, but for controls that follow a parameter of range 0 to 1.
    """

    parameter: str
    curve: Curve | None = None


Binding: TypeAlias = Constant | Follow


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthSource:
    """A layer that is synthesised; unnamed controls stand at their defaults."""

    synth: str
    controls: Mapping[str, Binding]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipsSource:
    """A layer that plays recordings, one after another in random order, crossfaded into an endless stream.

    Attributes:
        files: absolute paths inside the scenes folder, WAV or FLAC, existing when the scene was read.
        crossfade_s: how long each join is.
    """

    files: tuple[Path, ...]
    crossfade_s: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in a prompt that follows a parameter: its range is cut into equal parts, one for each wording."""

    parameter: str
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """One synth of what is heard until a prompt's clips exist."""

    source: SynthSource
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSource:
    """A layer that a neural model makes: clips from a prompt, stitched into an endless stream.

    Attributes:
        text: the prompt in pieces; slots put the state into words.
        stand_in: what sounds until there are clips, all at once; it also sets how loud they are.
        model: an installed model's name; "" for the daemon's default.
        negative: what should not be heard, for models that understand it.
        variations: how many clips are made for each wording.
        seconds: how long each of them is.
        loop: whether each closes on itself.
        steps, guidance: for the model; None takes its own.
        melody: a recording whose tune to follow: an absolute path inside the scenes folder.
        seed: where the clips' chance starts. Not a performance's seed: clips are made once for all of them.
    """

    text: tuple[str | Slot, ...]
    stand_in: tuple[StandIn, ...]
    model: str = ""
    negative: str = ""
    variations: int = 4
    seconds: float = 10.0
    loop: bool = False
    steps: int | None = None
    guidance: float | None = None
    melody: Path | None = None
    seed: int = 0

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots in the order in which they stand."""
        return tuple(piece for piece in self.text if isinstance(piece, Slot))


Source: TypeAlias = SynthSource | ClipsSource | PromptSource


@dataclass(frozen=True, slots=True)
class Bed:
    """All around the listener, wherever they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """At one place: full level within `near_m`, fading with distance, gone at `reach_m`."""

    at_m: tuple[float, float, float]
    near_m: float = 1.0
    reach_m: float = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A place with an extent: full level inside `radius_m`, gone at `reach_m` from the centre."""

    at_m: tuple[float, float, float]
    radius_m: float
    reach_m: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """Events around the listener: one every `every_s`, each from a new bearing at a distance within `distance_m`."""

    every_s: tuple[float, float]
    distance_m: tuple[float, float]


Placement: TypeAlias = Bed | Point | Area | Scatter


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One stream of sound in a scene."""

    name: str
    source: Source
    gain_db: Binding
    placement: Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A whole scene. Mappings keep the file's order; names are unique within each."""

    name: str
    seed: int
    parameters: Mapping[str, Parameter]
    moods: Mapping[str, Mapping[str, float]]
    layers: Mapping[str, Layer]
    neighbours: tuple[str, ...]
    summary: str = ""
    category: str = ""
