"""What each control names, as something to measure: the table behind `test_controls.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import hearing

from roomtone.audio import Samples

Measure = Callable[[Samples], float]


@dataclass(frozen=True)
class Meaning:
    """One control of one synth: what must rise (or fall) as it goes from 0 over a half to 1."""

    synth: str
    control: str
    measure: Measure
    rises: bool = True
    seconds: float = 4.0
    seeds: int = 2
    others: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.synth}.{self.control}"


def share(low_hz: float, high_hz: float) -> Measure:
    return partial(hearing.share_db, low_hz=low_hz, high_hz=high_hz)


def level(low_hz: float, high_hz: float) -> Measure:
    return partial(hearing.band_level_db, low_hz=low_hz, high_hz=high_hz)


MEANINGS: Final = (
    Meaning("rain", "intensity", hearing.level_db),
    Meaning("rain", "hardness", hearing.centroid_hz),
    Meaning("rain", "brightness", hearing.centroid_hz),
    Meaning("rain", "distance", hearing.centroid_hz, rises=False),
    Meaning("wind", "strength", hearing.level_db),
    Meaning("wind", "gustiness", hearing.swing_db, seconds=12.0),
    Meaning("wind", "whistle", level(250.0, 1_500.0)),
    Meaning("wind", "brightness", share(2_000.0, 16_000.0)),
    Meaning("leaves", "activity", hearing.level_db),
    Meaning("leaves", "dryness", hearing.centroid_hz),
    Meaning("leaves", "gustiness", hearing.swing_db, seconds=12.0),
    Meaning("leaves", "distance", hearing.centroid_hz, rises=False),
    Meaning("thunder", "rate", hearing.busy_share, seconds=40.0, others={"rumble": 0.0}),
    Meaning("thunder", "distance", hearing.centroid_hz, rises=False, seconds=10.0, others={"rate": 1.0}),
    Meaning("thunder", "rumble", level(30.0, 120.0), seconds=10.0, others={"rate": 1.0}),
    Meaning("thunder", "brightness", share(1_000.0, 16_000.0), seconds=10.0, others={"rate": 1.0}),
    Meaning("stream", "flow", hearing.level_db),
    Meaning("stream", "bubbliness", partial(hearing.tonality_db, low_hz=300.0, high_hz=2_000.0)),
    Meaning("stream", "depth", hearing.centroid_hz, rises=False),
    Meaning("stream", "brightness", hearing.centroid_hz),
    Meaning("waves", "intensity", hearing.level_db, seconds=12.0),
    Meaning("waves", "pace", hearing.swells_per_s, seconds=48.0),
    Meaning("waves", "distance", hearing.centroid_hz, rises=False),
    Meaning("waves", "foam", share(4_000.0, 18_000.0), seconds=12.0),
    Meaning("fire", "intensity", hearing.level_db),
    Meaning("fire", "crackle", hearing.events_per_s, seconds=12.0),
    Meaning("fire", "size", share(30.0, 200.0)),
    Meaning("fire", "dryness", hearing.centroid_hz),
    Meaning("crickets", "density", hearing.level_db),
    Meaning("crickets", "temperature", hearing.centroid_hz),
    Meaning("crickets", "distance", hearing.level_db, rises=False),
    Meaning("crickets", "brightness", share(6_000.0, 18_000.0)),
    Meaning("birds", "activity", partial(hearing.busy_share, low_hz=1_500.0, floor_db=-40.0), seconds=10.0),
    Meaning("birds", "variety", hearing.pitch_variety, seconds=20.0, seeds=4),
    Meaning("birds", "pitch", hearing.centroid_hz, seconds=10.0),
    Meaning("birds", "distance", hearing.level_db, rises=False, seconds=8.0),
    Meaning("crowd", "density", hearing.floor_db),
    Meaning("crowd", "excitement", hearing.level_db, seconds=8.0),
    Meaning("crowd", "clatter", level(4_500.0, 14_000.0), seconds=12.0),
    Meaning("crowd", "distance", hearing.centroid_hz, rises=False, seconds=6.0),
)
