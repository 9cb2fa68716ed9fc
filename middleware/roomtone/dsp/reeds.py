"""Tones as horns and whistles blown by machines have them: pulses whose overtones fall evenly, and a bell that rings.

The pulse is summed in closed form, so a hundred overtones cost as much as one, and none of them folds back.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, hiss, rng_state
from roomtone.dsp.sine import sine

# Overtones have fallen by this many nepers where they would fold.
_UNFOLDED: Final = 7.0

# Places in the row of a reed: where it is in its period, then what its last block arrived at.
_AT, _HZ, _GAIN, _EDGE, _LOW, _BELL = range(6)


@dataclass(slots=True)
class Reed:
    """The state of one reed: chance, and where it stands."""

    rng: Rng
    row: NDArray[np.float64]


def reed_state(seed: int, *path: str | int) -> Reed:
    """Start a reed that is silent."""
    return Reed(rng_state(seed, *path, "reed"), np.array([0.0, -1.0, 0.0, 0.0, 0.0, 0.0]))


@kernel
def _sound(
    rng: Rng, row: NDArray[np.float64], hz_goal: float, gain_goal: float, edge_goal: float, bell_goal: float,
    bell_hz: float, breath: float, out: Samples,
) -> None:  # fmt: skip
    if row[_HZ] < 0.0:
        row[_HZ], row[_BELL] = hz_goal, bell_goal
    frames = out.shape[0]
    at, hz, gain, edge, low, bell = row[_AT], row[_HZ], row[_GAIN], row[_EDGE], row[_LOW], row[_BELL]
    edge_goal = min(edge_goal, np.exp(-_UNFOLDED * hz_goal / (0.5 * SAMPLE_RATE_HZ)))
    hz_step, gain_step, edge_step, bell_step = (
        (hz_goal - hz) / frames,
        (gain_goal - gain) / frames,
        (edge_goal - edge) / frames,
        (bell_goal - bell) / frames,
    )
    for i in range(frames):
        hz, gain, edge, bell = hz + hz_step, gain + gain_step, edge + edge_step, bell + bell_step
        at += hz * (1.0 / SAMPLE_RATE_HZ)
        cosine = sine(at + 0.25)
        below = 1.0 - 2.0 * edge * cosine + edge * edge
        pulse = (edge * cosine - edge * edge) / below
        # Unit power, however sharp the edge.
        scale = np.sqrt(2.0 * (1.0 - edge * edge)) / (edge + 1e-9)
        if bell > 0.0:
            # Between two overtones the bell goes over from one to the other: so a pitch that glides passes no step.
            order = max(bell_hz / hz, 1.0)
            lower = np.floor(order)
            part = order - lower
            rung = (1.0 - part) * sine(lower * at) + part * sine((lower + 1.0) * at)
            pulse += bell * rung * (1.0 - edge * edge) / (below * scale)
        low += 0.12 * (hiss(rng) - low)
        near = 0.5 + 0.5 * cosine
        out[i, 0] += gain * (scale * pulse + breath * near * low)
    at -= np.floor(at)
    # Out of silence a reed begins at its pitch: nothing glides there from what it sounded before.
    row[:] = (at, hz_goal if gain_goal != 0.0 else -1.0, gain_goal, edge_goal, low, bell_goal)


def sound_reed(
    reed: Reed, *, hz: float, gain: float, edge: float, out: Samples, bell: float = 0.0, bell_hz: float = 0.0,
    breath: float = 0.0,
) -> None:  # fmt: skip
    """Add a block of a reed into `out`; costs nothing while it is silent.

    Args:
        reed: from `reed_state`.
        hz: its pitch at the end of the block.
        gain: RMS of the pulse at the end of the block.
        edge: by what factor each overtone is weaker than the one below, 0 to 1: 0.5 is mellow, 0.9 sharp.
        out: (BLOCK_FRAMES, 1) float32.
        bell: how strongly overtones around `bell_hz` stand out at the end of the block.
        bell_hz: where the bell, or the disc in front of it, resounds.
        breath: noise of the air that blows it.

    Source: J. A. Moorer (1976), "The synthesis of complex audio spectra by means of discrete summation formulas".
    """
    if gain != 0.0 or reed.row[_GAIN] != 0.0:
        _sound(reed.rng, reed.row, hz, gain, edge, bell, bell_hz, breath, out)
