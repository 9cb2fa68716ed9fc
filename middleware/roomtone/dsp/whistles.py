"""Narrow resonances fed with noise, each wandering in pitch: wires, gaps and doors in the wind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, hiss, rng_state


@dataclass(slots=True)
class Whistles:
    """The state of some resonances.

    Attributes:
        pans: (resonances,) -1 (left) to 1 (right).
        poles: (resonances, 4): the ringing state and the pole, each as real and imaginary part.
        gains: (resonances,): where the last block arrived.
    """

    rng: Rng
    pans: NDArray[np.float64]
    poles: NDArray[np.float64]
    gains: NDArray[np.float64]


def whistles_state(seed: int, *path: str | int, pans: NDArray[np.float64]) -> Whistles:
    """Start silent resonances, one for each of `pans`."""
    rng = rng_state(seed, *path, "whistles")
    return Whistles(rng=rng, pans=pans, poles=np.zeros((len(pans), 4)), gains=np.zeros(len(pans)))


@kernel
def _resonate(
    rng: Rng,
    pans: NDArray[np.float64],
    poles: NDArray[np.float64],
    last: NDArray[np.float64],
    hz: NDArray[np.float64],
    q: float,
    gains: NDArray[np.float64],
    out: Samples,
) -> None:
    frames, channels = out.shape
    for k in range(len(pans)):
        if gains[k] == 0.0 and last[k] == 0.0:
            poles[k, :] = 0.0
            continue
        # A pole walks on the straight line between two points inside the unit circle, so it never leaves it.
        radius = np.exp(-np.pi * hz[k] / q / SAMPLE_RATE_HZ)
        turn = 2.0 * np.pi * hz[k] / SAMPLE_RATE_HZ
        goal_re, goal_im = radius * np.cos(turn), radius * np.sin(turn)
        fresh = poles[k, 2] == 0.0 and poles[k, 3] == 0.0
        pole_re = goal_re if fresh else poles[k, 2]
        pole_im = goal_im if fresh else poles[k, 3]
        step_re, step_im = (goal_re - pole_re) / frames, (goal_im - pole_im) / frames
        feed = np.sqrt(2.0 * (1.0 - radius * radius))
        angle = (pans[k] + 1.0) * (np.pi / 4.0)
        left = np.cos(angle) if channels == 2 else 1.0
        right = np.sin(angle)
        gain, step = last[k], (gains[k] - last[k]) / frames
        re, im = poles[k, 0], poles[k, 1]
        for i in range(frames):
            pole_re += step_re
            pole_im += step_im
            gain += step
            re, im = pole_re * re - pole_im * im + feed * hiss(rng), pole_re * im + pole_im * re
            out[i, 0] += gain * left * re
            if channels == 2:
                out[i, 1] += gain * right * re
        poles[k, :] = (re, im, goal_re, goal_im)
        last[k] = gains[k]


def resonate(
    whistles: Whistles, hz: NDArray[np.float64], gains: NDArray[np.float64], *, q: float, out: Samples
) -> None:
    """Add the resonances into `out`.

    Args:
        whistles: from `whistles_state`.
        hz: (resonances,) centres at the end of the block.
        gains: (resonances,) RMS at the end of the block; 0 throughout costs nothing.
        q: centre over bandwidth, the same for all.
        out: (frames, 1 or 2) float32.
    """
    _resonate(whistles.rng, whistles.pans, whistles.poles, whistles.gains, hz, q, gains, out)
