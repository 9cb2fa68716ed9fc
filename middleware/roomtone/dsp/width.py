"""Width by pitch: low tones from all around meet in the middle, so that they are there in mono too."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp.filters import NO_DENORMAL, one_pole_coefficient
from roomtone.dsp.kernel import kernel

_KEPT: Final = 0.4
"""What is left of the difference of the sides far below the corner."""


def gathering_state() -> NDArray[np.float64]:
    """Start a filter for `gather_lows`."""
    return np.zeros(1)


@kernel
def gather_lows(state: NDArray[np.float64], corner_hz: float, out: Samples) -> None:
    """Bring the sides of what is below a corner together, in place; their sum stays what it is.

    Args:
        state: from `gathering_state`.
        corner_hz: where half of it is done.
        out: (frames, 2) float32.
    """
    weight = one_pole_coefficient(corner_hz)
    low = state[0]
    for i in range(out.shape[0]):
        side = 0.5 * (out[i, 0] - out[i, 1])
        low += weight * (side - low) + NO_DENORMAL
        less = (1.0 - _KEPT) * low
        out[i, 0] -= less
        out[i, 1] += less
    state[0] = low
