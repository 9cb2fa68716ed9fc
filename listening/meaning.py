"""What a control names, as something to measure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np

from listening import hearing
from roomtone.audio import Samples


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity on a scale on which equal steps are about equal to the ear.

    Attributes:
        name: of the quantity.
        unit: of a step.
        hear: (frames, channels) samples -> how much.
    """

    name: str
    unit: str
    hear: Callable[[Samples], float]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One control of one synth: what moves evenly, one way, as it goes from 0 to 1.

    Attributes:
        synth, control: by name.
        measure: what moves.
        rises: or falls.
        seconds: how much must be heard to tell.
        seeds: how many takes are averaged.
        others: where the other controls stand meanwhile; by default at their defaults, and at rate 1 what is struck.
        even: whether it is to move evenly: not where 1 is 0 again, as with the time of day.
    """

    synth: str
    control: str
    measure: Measure
    rises: bool = True
    seconds: float = 6.0
    seeds: int = 3
    others: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    even: bool = True

    def __str__(self) -> str:
        return f"{self.synth}.{self.control}"


LOUDNESS: Final = Measure("loudness", "LU", hearing.loudness_lufs)


def level(low_hz: float, high_hz: float) -> Measure:
    """How strong a band is."""
    return Measure(
        f"level {_span(low_hz, high_hz)}",
        "dB",
        partial(hearing.band_level_db, low_hz=low_hz, high_hz=high_hz),
    )


def share(low_hz: float, high_hz: float) -> Measure:
    """How strong a band is against all."""
    return Measure(
        f"share {_span(low_hz, high_hz)}", "dB", partial(hearing.share_db, low_hz=low_hz, high_hz=high_hz)
    )


def _brightness(x: Samples) -> float:
    return 21.4 * float(np.log10(1.0 + 0.00437 * hearing.centroid_hz(x)))


BRIGHTNESS: Final = Measure("brightness", "ERB", _brightness)
"""The centroid, in bands of the ear (Glasberg & Moore 1990)."""


def rate(low_hz: float = 2_000.0, above_db: float = 10.0) -> Measure:
    """How often something happens above a frequency, in octaves."""

    def hear(x: Samples) -> float:
        return float(np.log2(max(hearing.events_per_s(x, low_hz, above_db), 0.01)))

    return Measure("rate", "octaves", hear)


def pace(
    low_hz: float = 1_000.0, floor_db: float = -50.0, rarest_hz: float = 0.25, rise_db: float = 6.0
) -> Measure:
    """How often something begins above a frequency, in octaves; what is rarer than `rarest_hz` counts as that."""

    def hear(x: Samples) -> float:
        return float(np.log2(max(hearing.onsets_per_s(x, low_hz, floor_db, rise_db), rarest_hz)))

    return Measure("pace", "octaves", hear)


def _busy(low_hz: float, floor_db: float, x: Samples) -> float:
    return hearing.busy_share(x, low_hz, floor_db)


def busyness(low_hz: float = 200.0, floor_db: float = -60.0) -> Measure:
    """How much of the time something is heard."""
    return Measure("time filled", "of all", partial(_busy, low_hz, floor_db))


def usual_level(low_hz: float, high_hz: float) -> Measure:
    """How loud a band is most of the time: few loud events count little, more of them count."""
    return Measure(
        f"usual level {_span(low_hz, high_hz)}",
        "dB",
        partial(hearing.usual_level_db, low_hz=low_hz, high_hz=high_hz),
    )


SWING: Final = Measure("swing of the level", "dB", hearing.swing_db)
SWELLS: Final = Measure("pace of the swells", "octaves", lambda x: -float(np.log2(hearing.swell_s(x))))
PITCH_TURNS: Final = Measure(
    "turns of the pitch", "octaves", lambda x: float(np.log2(max(hearing.pitch_turns_per_s(x), 0.01)))
)
VARIETY: Final = Measure("variety of pitch", "bits", hearing.pitch_variety)


def flutter(low_hz: float, high_hz: float, slowest_hz: float = 2.0, fastest_hz: float = 30.0) -> Measure:
    """How strongly a band trembles and beats."""
    hear = partial(
        hearing.flutter_db, low_hz=low_hz, high_hz=high_hz, slowest_hz=slowest_hz, fastest_hz=fastest_hz
    )
    return Measure(f"flutter {_span(low_hz, high_hz)}", "dB", hear)


def tremble(low_hz: float, high_hz: float, slowest_hz: float = 2.0, fastest_hz: float = 30.0) -> Measure:
    """How strongly the bands of the ear tremble and beat, each by itself."""
    hear = partial(
        hearing.tremble_db, low_hz=low_hz, high_hz=high_hz, slowest_hz=slowest_hz, fastest_hz=fastest_hz
    )
    return Measure(f"tremble {_span(low_hz, high_hz)}", "dB", hear)


FLOOR: Final = Measure("floor under the peaks", "dB", hearing.floor_db)


def tonality(low_hz: float, high_hz: float) -> Measure:
    """How tonal a band is: 0 is noise."""
    return Measure(
        f"tonality {_span(low_hz, high_hz)}",
        "dB",
        partial(hearing.tonality_db, low_hz=low_hz, high_hz=high_hz),
    )


def _span(low_hz: float, high_hz: float) -> str:
    return f"{low_hz:g}-{high_hz:g} Hz"
