"""What rain and hail fall on: one scale for both, from the dullest to the brightest."""

from typing import Final

import numpy as np

from roomtone.dsp.bands import Curve
from roomtone.dsp.bed import BED_CENTRES_HZ
from roomtone.dsp.random import Rng, normal
from roomtone.dsp.spectra import curve

SURFACES: Final = ("tent", "ground", "leaf", "pavement", "water", "glass", "tin")
"""In order of rising brightness, as far apart from one another."""

LAST: Final = len(SURFACES) - 1
AT_0: Final = "a tent's cloth, thudding"
AT_HALF: Final = "leaves and paving, pattering"
AT_1: Final = "a tin roof, ringing"

_PLACE_DB: Final = 1.2

# What falls too far off to be told apart, on each surface, against paving.
_MERGED_DB: Final = {
    "tent": curve((100, 5), (250, 4), (600, -2), (2000, -9), (5000, -15), (16e3, -20)),
    "ground": curve((100, 2), (600, 1), (1500, -2), (3000, -6), (8000, -10), (16e3, -13)),
    "leaf": curve((100, -3), (500, -1), (1500, 1), (3000, -1), (6000, -4), (16e3, -7)),
    "pavement": curve((100, 0), (16e3, 0)),
    "water": curve((100, -5), (500, -3), (1500, 0), (4000, 3), (9000, 4), (14e3, 3)),
    "glass": curve((100, -6), (500, -4), (1500, -2), (4000, 2), (9000, 4), (16e3, 5)),
    "tin": curve((100, -9), (1000, -6), (3000, 0), (8000, 8), (16e3, 10)),
}


def between(surface: float) -> tuple[int, float]:
    """Find the surfaces on either side of a setting.

    Args:
        surface: 0 to 1.

    Returns:
        The lower one's number, and what share of all falls on the next one.
    """
    lower = min(int(surface * LAST), LAST - 1)
    return lower, surface * LAST - lower


def merged(rng: Rng, paving_db: Curve) -> tuple[Curve, ...]:
    """Draw the power of what falls too far off to be told apart, on each surface at one place.

    Args:
        rng: which place: none has the same ground and walls as another.
        paving_db: (BED_BANDS,) what it is on paving.
    """
    # A few broad hills of a decibel or so, at the same power.
    hills_db = np.array([_PLACE_DB * normal(rng) for _ in range(5)])
    hills_db = np.interp(np.linspace(0.0, 4.0, len(paving_db)), np.arange(5), hills_db)
    usual_db = [paving_db + _MERGED_DB[name] for name in SURFACES]
    return tuple(
        10.0 ** ((db + hills_db + _power_db(db) - _power_db(db + hills_db)) / 10.0) for db in usual_db
    )


def _power_db(bands_db: Curve) -> float:
    return 10.0 * float(np.log10((np.gradient(BED_CENTRES_HZ) * 10.0 ** (bands_db / 10.0)).sum()))
