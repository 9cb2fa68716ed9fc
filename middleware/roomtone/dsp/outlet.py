"""The last stage of a synth: no DC, a slow lean to either side, rare peaks rounded off below full scale."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp.kernel import kernel

CEILING: Final = 0.9
_KNEE: Final = 0.55

Outlet: TypeAlias = NDArray[np.float64]
"""`(channels, 3)`: of each channel the offset being taken away, where that arrives next, and the last gain."""

# A servo of about 5 Hz, one step a block: far below all sound, and stable since it is well under 1.
_SERVO: Final = 0.3


def outlet_state(channels: int) -> Outlet:
    """Start an outlet; the first block takes its lean at once."""
    state = np.zeros((channels, 3))
    state[:, 2] = -1.0
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
        gain = goal if state[c, 2] < 0.0 else state[c, 2]
        gain_step = (goal - gain) / frames
        dc, dc_step = state[c, 0], (state[c, 1] - state[c, 0]) / frames
        total = 0.0
        for i in range(frames):
            x = out[i, c] * (gain + gain_step * (i + 1)) - (dc + dc_step * (i + 1))
            over = abs(x) - _KNEE
            if over > 0.0:
                x = np.sign(x) * (_KNEE + (CEILING - _KNEE) * np.tanh(over / (CEILING - _KNEE)))
            total += x
            out[i, c] = x
        # Taken from what leaves, so that peaks rounded off on one side leave no offset behind.
        state[c, 0] = state[c, 1]
        state[c, 1] += _SERVO * total / frames
        state[c, 2] = goal
