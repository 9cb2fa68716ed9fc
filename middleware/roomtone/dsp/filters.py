"""Filters that may be swept while they sound: one-poles, and a state-variable filter with several outputs."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel

FilterState: TypeAlias = NDArray[np.float64]

LOWPASS: Final = 0
BANDPASS: Final = 1
HIGHPASS: Final = 2

# Above this the tangent in the pre-warp runs away.
_HIGHEST_HZ: Final = 0.45 * SAMPLE_RATE_HZ
# Added and taken away again, it rounds denormals to zero without a branch.
_NO_DENORMAL: Final = 1e-18


def one_pole_state(channels: int) -> FilterState:
    """Make the state for `one_pole_lowpass` and `one_pole_highpass`: `(channels + 1,)`, the last is the coefficient."""
    state = np.zeros(channels + 1)
    state[-1] = -1.0
    return state


@kernel
def one_pole_coefficient(cutoff_hz: float) -> float:
    """Map a -3 dB point to the weight of the new sample, 0 to 1."""
    return 1.0 - np.exp(-2.0 * np.pi * min(max(cutoff_hz, 0.01), _HIGHEST_HZ) / SAMPLE_RATE_HZ)


@kernel
def one_pole_lowpass(x: Samples, cutoff_hz: float, state: FilterState) -> None:
    """Smooth `x` in place with a 6 dB/octave lowpass.

    Args:
        x: (frames, channels) float32, overwritten.
        cutoff_hz: the -3 dB point at the end of the block.
        state: from `one_pole_state`.

    Source: J. O. Smith, "Introduction to Digital Filters", one-pole section.
    """
    frames, channels = x.shape
    goal = one_pole_coefficient(cutoff_hz)
    a = goal if state[channels] < 0.0 else state[channels]
    step = (goal - a) / frames
    for i in range(frames):
        a += step
        for c in range(channels):
            state[c] += a * (x[i, c] - state[c]) + _NO_DENORMAL
            x[i, c] = state[c]
    state[channels] = goal


@kernel
def one_pole_highpass(x: Samples, cutoff_hz: float, state: FilterState) -> None:
    """Remove what `one_pole_lowpass` would keep, in place; also the DC blocker (20 Hz)."""
    frames, channels = x.shape
    goal = one_pole_coefficient(cutoff_hz)
    a = goal if state[channels] < 0.0 else state[channels]
    step = (goal - a) / frames
    for i in range(frames):
        a += step
        for c in range(channels):
            state[c] += a * (x[i, c] - state[c]) + _NO_DENORMAL
            x[i, c] -= state[c]
    state[channels] = goal


def svf_state(channels: int) -> FilterState:
    """Make the state for `svf`: two integrators a channel, then the last warped cutoff and damping."""
    state = np.zeros(2 * channels + 2)
    state[-2] = -1.0
    return state


@kernel
def svf(x: Samples, kind: int, cutoff_hz: float, q: float, state: FilterState) -> None:
    """Filter `x` in place with a 12 dB/octave state-variable filter that stays stable while swept.

    Args:
        x: (frames, channels) float32, overwritten.
        kind: `LOWPASS`, `BANDPASS` (peak gain 1) or `HIGHPASS`.
        cutoff_hz: corner or centre at the end of the block.
        q: resonance at the end of the block; 0.707 is flat.
        state: from `svf_state`.

    Source: A. Simper (2013), "Linear trapezoidal integrated state variable filter".
    """
    frames, channels = x.shape
    goal_g = np.tan(np.pi * min(max(cutoff_hz, 1.0), _HIGHEST_HZ) / SAMPLE_RATE_HZ)
    goal_k = 1.0 / max(q, 0.05)
    fresh = state[2 * channels] < 0.0
    g = goal_g if fresh else state[2 * channels]
    k = goal_k if fresh else state[2 * channels + 1]
    step_g, step_k = (goal_g - g) / frames, (goal_k - k) / frames
    for i in range(frames):
        g += step_g
        k += step_k
        a1 = 1.0 / (1.0 + g * (g + k))
        a2 = g * a1
        a3 = g * a2
        for c in range(channels):
            s1, s2 = state[2 * c], state[2 * c + 1]
            v0 = float(x[i, c])
            v3 = v0 - s2
            band = a1 * s1 + a2 * v3
            low = s2 + a2 * s1 + a3 * v3
            state[2 * c] = 2.0 * band - s1 + _NO_DENORMAL
            state[2 * c + 1] = 2.0 * low - s2 + _NO_DENORMAL
            if kind == LOWPASS:
                x[i, c] = low
            elif kind == BANDPASS:
                x[i, c] = k * band
            else:
                x[i, c] = v0 - k * band - low
    state[2 * channels] = goal_g
    state[2 * channels + 1] = goal_k
