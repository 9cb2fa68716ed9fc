"""Bodies that ring for long: modes that keep turning, each with its own pitch and decay, struck again and again."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel

MODES: Final = 20
"""How many modes a body has; what it needs less of stands at level 0."""

# Modes are rung in fours: a processor does four that do not wait for one another in the time of one.
_LANES: Final = 4
_SILENT: Final = 1e-13
_MOST_STRIKES: Final = 8


@dataclass(slots=True)
class Ringing:
    """The state of some bodies.

    Attributes:
        modes: (bodies, MODES, 2) where each mode is in its turn, as cosine and sine.
        turns: (bodies, MODES, 2) what a sample turns it by, decay included.
        strikes: (_MOST_STRIKES, 2) body and frame of each strike of the coming block.
        levels: (_MOST_STRIKES, MODES) how strongly each strike excites each mode.
        struck: (1,) how many strikes there are.
    """

    modes: NDArray[np.float64]
    turns: NDArray[np.float64]
    strikes: NDArray[np.int64]
    levels: NDArray[np.float64]
    struck: NDArray[np.int64]


def ringing_state(bodies: int) -> Ringing:
    """Start some bodies in silence; each is tuned when it is struck."""
    return Ringing(
        modes=np.zeros((bodies, MODES, 2)),
        turns=np.zeros((bodies, MODES, 2)),
        strikes=np.zeros((_MOST_STRIKES, 2), np.int64),
        levels=np.zeros((_MOST_STRIKES, MODES)),
        struck=np.zeros(1, np.int64),
    )


def tune(ringing: Ringing, body: int, hz: NDArray[np.float64], t60_s: NDArray[np.float64]) -> None:
    """Tune a body; what still rings goes on at the new pitch.

    Args:
        ringing: from `ringing_state`.
        body: which.
        hz: (MODES,) below half the sample rate.
        t60_s: (MODES,) how long each takes to fall by 60 dB.
    """
    turn = np.exp((2j * np.pi * hz - np.log(1_000.0) / t60_s) / SAMPLE_RATE_HZ)
    ringing.turns[body, :, 0], ringing.turns[body, :, 1] = turn.real, turn.imag


def ring(ringing: Ringing, body: int, *, frame: int, levels: NDArray[np.float64]) -> None:
    """Strike a body; at most `_MOST_STRIKES` a block, what is more is not heard.

    Args:
        ringing: from `ringing_state`.
        body: which.
        frame: of the coming block.
        levels: (MODES,) amplitude that each mode gains.
    """
    i = int(ringing.struck[0])
    if i < _MOST_STRIKES:
        ringing.strikes[i] = body, frame
        ringing.levels[i] = levels
        ringing.struck[0] = i + 1


@kernel
def _turn_four(modes: NDArray[np.float64], turns: NDArray[np.float64], out: Samples) -> None:
    a0, b0, a1, b1 = modes[0, 0], modes[0, 1], modes[1, 0], modes[1, 1]
    a2, b2, a3, b3 = modes[2, 0], modes[2, 1], modes[3, 0], modes[3, 1]
    c0, s0, c1, s1 = turns[0, 0], turns[0, 1], turns[1, 0], turns[1, 1]
    c2, s2, c3, s3 = turns[2, 0], turns[2, 1], turns[3, 0], turns[3, 1]
    for i in range(out.shape[0]):
        a0, b0 = a0 * c0 - b0 * s0, a0 * s0 + b0 * c0
        a1, b1 = a1 * c1 - b1 * s1, a1 * s1 + b1 * c1
        a2, b2 = a2 * c2 - b2 * s2, a2 * s2 + b2 * c2
        a3, b3 = a3 * c3 - b3 * s3, a3 * s3 + b3 * c3
        out[i, 0] += (b0 + b1) + (b2 + b3)
    modes[0, 0], modes[0, 1], modes[1, 0], modes[1, 1] = a0, b0, a1, b1
    modes[2, 0], modes[2, 1], modes[3, 0], modes[3, 1] = a2, b2, a3, b3


@kernel
def _turn(modes: NDArray[np.float64], turns: NDArray[np.float64], out: Samples) -> None:
    for first in range(0, MODES, _LANES):
        four = modes[first : first + _LANES]
        if (four * four).sum() > _SILENT:
            _turn_four(four, turns[first : first + _LANES], out)
        else:
            four[:] = 0.0


@kernel
def _sound(
    modes: NDArray[np.float64],
    turns: NDArray[np.float64],
    strikes: NDArray[np.int64],
    levels: NDArray[np.float64],
    struck: NDArray[np.int64],
    out: Samples,
) -> None:
    for body in range(modes.shape[0]):
        done = 0
        for i in range(struck[0]):
            if strikes[i, 0] == body:
                frame = max(done, min(strikes[i, 1], out.shape[0]))
                _turn(modes[body], turns[body], out[done:frame])
                modes[body, :, 0] += levels[i]
                done = frame
        _turn(modes[body], turns[body], out[done:])
    struck[0] = 0


def sound_ringing(ringing: Ringing, out: Samples) -> None:
    """Add the next block of all that rings into `out`, (BLOCK_FRAMES, 1) float32.

    Source: a mode as a complex one-pole, e.g. M. Mathews & J. O. Smith (2003), "Methods for synthesizing very high Q
    parametrically well behaved two pole filters".
    """
    _sound(ringing.modes, ringing.turns, ringing.strikes, ringing.levels, ringing.struck, out)
