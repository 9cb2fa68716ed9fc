"""The law of every crossfade here: equal level, however alike the two sounds are."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST_RHO: Final = -0.5
"""Opposite phases would need an unbounded gain to keep the level; below this the dip is left alone."""


def equal_level_gains(
    way_in: NDArray[np.float64], rho: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the gains of what comes in and of what goes out.

    Two sounds of one level and correlation ρ under gains a and b have the power a² + b² + 2abρ: any pair of gains can
    be scaled to keep the level.

    Args:
        way_in: position in the crossfade, 0 to 1.
        rho: correlation of the two sounds, -1 to 1.
    """
    way_out = 1.0 - way_in
    level = np.sqrt(way_in**2 + way_out**2 + 2.0 * max(rho, LEAST_RHO) * way_in * way_out)
    return way_in / level, way_out / level
