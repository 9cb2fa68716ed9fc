"""The last stage of a synth: no DC, a slow lean to either side, rare peaks rounded off below full scale."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel

CEILING: Final = 0.9
_KNEE: Final = 0.55

Outlet: TypeAlias = NDArray[np.float64]
"""`(channels, 2)`: the offset taken from each channel, and its last gain."""

_DC_COEFFICIENT: Final = 1.0 - float(np.exp(-2.0 * np.pi * 18.0 / SAMPLE_RATE_HZ))


def outlet_state(channels: int) -> Outlet:
    """Start an outlet; the first block takes its lean at once."""
    state = np.zeros((channels, 2))
    state[:, 1] = -1.0
    return state


@kernel
def finish(out: Samples, lean: float, state: Outlet) -> None:
    """Finish one block in place.

    Args:
        out: (frames, channels) float32.
        lean: -1 (only left) to 1 (only right) at the end of the block, at equal power; a mono signal ignores it.
        state: from `outlet_state`.
    """
    frames, channels = out.shape
    for c in range(channels):
        goal = 1.0 if channels == 1 else np.sqrt(1.0 + lean * (2.0 * c - 1.0))
        g = goal if state[c, 1] < 0.0 else state[c, 1]
        step = (goal - g) / frames
        dc = state[c, 0]
        for i in range(frames):
            g += step
            x = out[i, c] * g - dc
            over = abs(x) - _KNEE
            if over > 0.0:
                x = np.sign(x) * (_KNEE + (CEILING - _KNEE) * np.tanh(over / (CEILING - _KNEE)))
            # The offset follows what leaves, so that peaks rounded off on one side leave none behind.
            dc += _DC_COEFFICIENT * x + 1e-18
            out[i, c] = x
        state[c, 0], state[c, 1] = dc, goal
