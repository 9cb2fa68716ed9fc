"""Weather: what each control moves, and what real sounds they are meant to be."""

from functools import partial
from typing import Final

import numpy as np

from listening import hearing
from listening.claim import Claim, claim
from listening.meaning import BRIGHTNESS, LOUDNESS, SWING, Meaning, Measure, level, share
from roomtone.audio import SAMPLE_RATE_HZ, Samples

_SLICE_FRAMES: Final = 4_800
_ENVELOPE_S: Final = 0.005


def _loud_share(x: Samples, floor_db: float) -> float:
    slices = x[: len(x) // _SLICE_FRAMES * _SLICE_FRAMES].reshape(-1, _SLICE_FRAMES).astype(np.float64)
    return float((10.0 * np.log10((slices**2).mean(1) + 1e-20) > floor_db).mean())


def strokes_per_min(
    x: Samples, above_hz: float = 3_000.0, floor_db: float = -40.0, apart_s: float = 1.2
) -> float:
    """Count strokes overhead by their cracks: each begins after a pause in which nothing tears the air."""
    cracks = np.nonzero(hearing.envelope(x, above_hz) > 10.0 ** (floor_db / 20.0))[0] * _ENVELOPE_S
    return 60.0 * float(np.sum(np.diff(cracks, prepend=-np.inf) > apart_s)) * SAMPLE_RATE_HZ / len(x)


_STROKES: Final = Measure("strokes", "octaves", lambda x: float(np.log2(max(strokes_per_min(x), 1.0))))
_ROLLS: Final = Measure("time that it rolls", "of all", partial(_loud_share, floor_db=-50.0))

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("hail", "intensity", LOUDNESS),
    Meaning("hail", "surface", BRIGHTNESS, seconds=12.0, seeds=4),
    Meaning("hail", "size", BRIGHTNESS, rises=False, seconds=12.0, seeds=4),
    Meaning("rain", "intensity", LOUDNESS),
    Meaning("rain", "surface", BRIGHTNESS),
    Meaning("rain", "brightness", BRIGHTNESS),
    Meaning("snow_wind", "strength", LOUDNESS),
    Meaning("snow_wind", "gustiness", SWING, seconds=12.0),
    Meaning("snow_wind", "powder", share(4_000.0, 16_000.0), others={"strength": 0.7}),
    Meaning("wind", "strength", LOUDNESS),
    Meaning("wind", "gustiness", SWING, seconds=12.0),
    Meaning("wind", "whistle", level(250.0, 1_500.0)),
    Meaning("wind", "through", BRIGHTNESS, others={"whistle": 1.0}),
    Meaning("wind", "brightness", share(2_000.0, 16_000.0)),
    Meaning("thunder", "rate", _STROKES, seconds=90.0, seeds=6, others={"rumble": 0.0, "distance": 0.0}),
    Meaning("thunder", "rumble", _ROLLS, seconds=60.0, others={"rate": 0.5}),
    Meaning("thunder", "brightness", share(1_000.0, 16_000.0), seconds=10.0),
)

CLAIMS: Final[tuple[Claim, ...]] = (
    claim("rain", "rain", "intensity", 0.35, 0.6, 0.85),
    claim("wind", "wind", "strength", 0.35, 0.6, 0.85),
    claim("thunder", "thunder", "distance", 0.35, 0.45, 0.55),
)
