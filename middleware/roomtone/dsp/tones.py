"""Tones with a life: each is born, swells, shimmers, drifts in pitch and place, and dies. Dozens at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.sine import sine

HZ: Final = 0
LEVEL: Final = 1  # 0 where the row is free
WAIT_S: Final = 2  # until it is born
RISE_S: Final = 3
HOLD_S: Final = 4
FALL_S: Final = 5  # to -60 dB
PAN: Final = 6
DRIFT: Final = 7  # of the pan, a second
GLIDE: Final = 8  # octaves a second
SHIMMER_HZ: Final = 9
SHIMMER: Final = 10  # 0 (steady) to 1 (silent once a shimmer)
_AGE_S: Final = 11
_PHASE: Final = 12
_LAST_HZ: Final = 13
_LEFT: Final = 14
_RIGHT: Final = 15
TONE_FIELDS: Final = 16

_DEAD_DB: Final = -84.0
# What is pitched above this would fold or not be heard; it is let go.
_TOP_HZ: Final = 19_000.0


@dataclass(slots=True)
class Tones:
    """The state of some tones.

    Attributes:
        rows: (tones, TONE_FIELDS) by the names above; a caller may move pitch and level of what lives.
        weights: (tones,) gains that a caller may move from block to block.
        lines: (channels, BLOCK_FRAMES) scratch.
    """

    rows: NDArray[np.float64]
    weights: NDArray[np.float64]
    lines: NDArray[np.float64]


def tones_state(count: int, *, channels: int) -> Tones:
    """Start in silence, with room for `count` tones at once."""
    return Tones(np.zeros((count, TONE_FIELDS)), np.ones(count), np.zeros((channels, BLOCK_FRAMES)))


@kernel
def _begin(rows: NDArray[np.float64], life: tuple[float, ...], phase: float, first: int, last: int) -> int:
    for k in range(first, last):
        if rows[k, LEVEL] == 0.0:
            rows[k] = 0.0
            for i in range(len(life)):
                rows[k, i] = life[i]
            rows[k, _LAST_HZ] = rows[k, HZ]
            rows[k, _PHASE] = phase
            return k
    return -1


def begin(
    tones: Tones, *, hz: float, level: float, rise_s: float, fall_s: float, wait_s: float = 0.0, hold_s: float = 0.0,
    pan: float = 0.0, drift: float = 0.0, glide: float = 0.0, shimmer_hz: float = 0.0, shimmer: float = 0.0,
    phase: float = 0.0, rows: tuple[int, int] | None = None,
) -> int:  # fmt: skip
    """Begin a tone in a free row; where none is free it is not heard.

    Args:
        tones: from `tones_state`.
        hz: its pitch when it is born.
        level: amplitude when it has risen.
        rise_s: how long that takes; at least a block.
        fall_s: how long it takes to fall by 60 dB after that and `hold_s`.
        wait_s: how long until it is born.
        hold_s: how long it stays.
        pan: -1 (left) to 1.
        drift: of the pan, a second.
        glide: octaves a second.
        shimmer_hz: how often it pulses, at most some 25.
        shimmer: 0 (steady) to 1 (silent once a pulse).
        phase: in turns.
        rows: from where to where to look for a free row; by default everywhere.

    Returns:
        The row, or -1.
    """
    life = (hz, level, wait_s, rise_s, hold_s, fall_s, pan, drift, glide, shimmer_hz, shimmer)
    first, last = rows or (0, len(tones.rows))
    return int(_begin(tones.rows, tuple(float(x) for x in life), float(phase), first, last))


@kernel
def _life(row: NDArray[np.float64], shimmering: float) -> float:
    """Grow older by a block; returns how loud it is at its end, below 0 once it is dead."""
    row[_AGE_S] += BLOCK_S
    age_s = row[_AGE_S]
    u = min(age_s / row[RISE_S], 1.0)
    falling_db = -60.0 * max(age_s - row[RISE_S] - row[HOLD_S], 0.0) / row[FALL_S]
    if falling_db < _DEAD_DB or row[HZ] > _TOP_HZ:
        return -1.0
    turns = row[SHIMMER_HZ] * age_s
    # Two paces in one, so that no shimmer ticks like a clock.
    pulse = 0.5 + 0.5 * sine(turns + 0.3 * sine(0.37 * turns + row[_PHASE]) + row[PAN])
    dip = 1.0 - min(row[SHIMMER] * shimmering, 1.0) * pulse
    return float(u * u * (3.0 - 2.0 * u) * dip * 10.0 ** (falling_db / 20.0))


@kernel
def _sing(
    line: NDArray[np.float64], phase: float, turn: float, bend: float, gain: float, goal: float
) -> None:
    step = (goal - gain) / len(line)
    for i in range(len(line)):
        n = i + 1.0
        line[i] += (gain + step * n) * sine(phase + n * (turn + bend * n))


@kernel
def _sound(
    rows: NDArray[np.float64], weights: NDArray[np.float64], lines: NDArray[np.float64], bent: float, shimmering: float,
    out: Samples,
) -> None:  # fmt: skip
    frames = lines.shape[1]
    lines[:] = 0.0
    for k in range(rows.shape[0]):
        row = rows[k]
        if row[LEVEL] == 0.0:
            continue
        if row[WAIT_S] > 0.0:
            row[WAIT_S] -= BLOCK_S
            row[_LAST_HZ] = row[HZ] * bent
            continue
        level = _life(row, shimmering)
        alive = level >= 0.0
        goal = max(level, 0.0) * row[LEVEL] * weights[k]
        row[HZ] *= 2.0 ** (row[GLIDE] * BLOCK_S)
        row[PAN] = min(max(row[PAN] + row[DRIFT] * BLOCK_S, -1.0), 1.0)
        angle = (row[PAN] + 1.0) * (np.pi / 4.0)
        left = goal if lines.shape[0] == 1 else goal * np.cos(angle)
        right = goal * np.sin(angle)
        hz = row[HZ] * bent
        turn = row[_LAST_HZ] / SAMPLE_RATE_HZ
        bend = 0.5 * (hz - row[_LAST_HZ]) / SAMPLE_RATE_HZ / frames
        _sing(lines[0], row[_PHASE], turn, bend, row[_LEFT], left)
        if lines.shape[0] == 2:
            _sing(lines[1], row[_PHASE], turn, bend, row[_RIGHT], right)
        phase = row[_PHASE] + frames * (turn + bend * frames)
        row[_PHASE], row[_LAST_HZ] = phase - np.floor(phase), hz
        row[_LEFT], row[_RIGHT] = left, right
        if not alive:
            row[LEVEL] = 0.0
    for c in range(lines.shape[0]):
        for i in range(frames):
            out[i, c] += lines[c, i]


def sound_tones(tones: Tones, out: Samples, *, bend: float = 1.0, shimmering: float = 1.0) -> None:
    """Add the next block of all tones into `out`.

    Args:
        tones: from `tones_state`.
        out: (BLOCK_FRAMES, channels) float32.
        bend: factor on every pitch at the end of the block.
        shimmering: factor on the depth of every shimmer.

    Source: J.-C. Risset (1969), "An introductory catalogue of computer synthesized sounds": additive synthesis.
    """
    _sound(tones.rows, tones.weights, tones.lines, float(bend), float(shimmering), out)
