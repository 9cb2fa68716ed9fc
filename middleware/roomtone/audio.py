"""The one shape of sound in this package, and how it comes from and goes to files."""

import math
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ: Final = 48_000

# Parameters, gains and events move on this grid: 10 ms is shorter than a game's update period, so
# an update is heard within one block, and everything between two grid points is ramped.
BLOCK_FRAMES: Final = 480
BLOCK_S: Final = BLOCK_FRAMES / SAMPLE_RATE_HZ

# Below this a layer is not heard under any other layer: it is not rendered and sends no samples.
SILENCE_DB: Final = -60.0

Samples: TypeAlias = NDArray[np.float32]
"""`(frames, channels)` float32, full scale ±1.0; mono is `(frames, 1)`."""


def db_to_gain(db: float) -> float:
    """Convert a level in dB to a linear gain."""
    return float(10.0 ** (db / 20.0))


def gain_to_db(gain: float) -> float:
    """Convert a linear gain to dB; zero gives minus infinity."""
    return 20.0 * math.log10(gain) if gain > 0.0 else -math.inf


def frames_of(seconds: float) -> int:
    """Convert seconds to the nearest whole frame."""
    return round(seconds * SAMPLE_RATE_HZ)
