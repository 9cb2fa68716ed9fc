"""Machines: what each control moves, and what real sounds they are meant to be."""

from functools import partial
from typing import Final

import numpy as np

from listening import hearing
from listening.claim import Claim
from listening.meaning import BRIGHTNESS, LOUDNESS, SWING, Meaning, Measure, busyness, level
from roomtone.audio import Samples

_RUSH_SWING: Final = Measure("swing of the rush", "dB", partial(hearing.swing_db, low_hz=1_000.0))


def _rattles(x: Samples) -> float:
    # What comes less than once in four seconds is not missed in the next four.
    return float(np.log2(max(hearing.events_per_s(x, 2_000.0, 6.0), 0.25)))


_RATTLES: Final = Measure("rate of rattles", "octaves", _rattles)
_TICKING: Final = Measure("ticks over the rush", "log kurtosis", partial(hearing.sparsity, low_hz=1_500.0))

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("fan", "speed", LOUDNESS),
    Meaning("fan", "size", BRIGHTNESS, rises=False),
    Meaning("fan", "swing", SWING, seconds=22.0, seeds=2),
    Meaning("fan", "rattle", _TICKING, seconds=15.0),
    # One whole cycle of the thermostat.
    Meaning("fridge", "running", busyness(60.0, -50.0), seconds=109.0, seeds=1),
    Meaning("fridge", "hum", level(40.0, 700.0), seconds=5.0),
    Meaning("fridge", "rattle", level(1_800.0, 10_000.0), seconds=10.0),
    Meaning("vacuum", "power", LOUDNESS),
    Meaning("vacuum", "strokes", _RUSH_SWING, seconds=24.0, seeds=4),
    Meaning("vacuum", "grit", _RATTLES, seconds=24.0, seeds=7, others={"strokes": 0.0}),
    Meaning("washing_machine", "cycle", LOUDNESS, seconds=32.0, seeds=8),
    Meaning("washing_machine", "load", level(25.0, 160.0), seconds=16.0),
    Meaning("washing_machine", "wear", level(300.0, 3_000.0), seconds=16.0),
    Meaning("hammer", "rate", busyness(500.0, -50.0), seconds=30.0),
    Meaning("hammer", "surface", LOUDNESS, seconds=10.0),
    Meaning("hammer", "force", LOUDNESS, seconds=10.0),
    Meaning("drill", "rate", busyness(200.0, -50.0), seconds=40.0, seeds=4),
    Meaning("drill", "material", LOUDNESS, seconds=10.0),
    Meaning("drill", "size", BRIGHTNESS, rises=False, seconds=16.0, seeds=4),
    Meaning("factory", "activity", LOUDNESS, seconds=10.0, others={"stamping": 0.2}),
    Meaning("factory", "stamping", level(60.0, 4_000.0), seconds=20.0),
    Meaning("factory", "air", level(5_000.0, 16_000.0), seconds=12.0, others={"stamping": 0.2}),
)

# Held where it is and not pushed about, on a floor that is almost clean, as machines are recorded.
_STANDING: Final = {"strokes": 0.1, "grit": 0.2}

CLAIMS: Final[tuple[Claim, ...]] = (
    Claim(
        "vacuum",
        "machine",
        ({"power": 0.3, **_STANDING}, {"power": 0.5, **_STANDING}, {"power": 0.8, **_STANDING}),
    ),
)
