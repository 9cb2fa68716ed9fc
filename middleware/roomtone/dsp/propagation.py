"""The way from a sound to an ear, the same for every sound: distance, air, walls, and what comes back from around.

At no distance and with nothing in between it is transparent: what comes out is what went in, and costs nothing but
a look at the peaks.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import NO_DENORMAL, one_pole_coefficient
from roomtone.dsp.kernel import kernel
from roomtone.dsp.space import soft_limit

_LINES: Final = 8
_LINE_FRAMES: Final = 4_096
_MASK: Final = _LINE_FRAMES - 1
# Primes between 11 and 67 ms, roughly geometric: their echoes never fall together.
_DELAY_FRAMES: Final = np.array([523, 691, 907, 1_187, 1_499, 1_933, 2_477, 3_217], np.int64)
_DULLNESS: Final = 1.0 - math.exp(-2.0 * math.pi * 5_500.0 / SAMPLE_RATE_HZ)

# Tails between house fronts and trunks, and in a furnished room.
_OUTSIDE_S: Final = 1.0
_ROOM_S: Final = 0.35

# Air at 10 °C and 70 % takes 0.117 dB a metre at 8 kHz, and close to the 1.8th power of the frequency around it.
_AIR_HZ: Final = 8_000.0
_AIR_DB_PER_M: Final = 0.117
_AIR_POWER: Final = 1.8
_CORNER_DB: Final = 3.0
# Two poles are 6 dB down at their common corner, and the ground, leaves and turbulence take as much again.
_EXCESS: Final = 2.0
# Above this the corner is out of hearing, and the filter fades to none.
_OPEN_HZ: Final = 18_000.0
_GONE_HZ: Final = 36_000.0

# Closed windows: so much is lost everywhere, the highs fall by 6 dB an octave, and chinks let a little of all through.
_WALL_DB: Final = -7.0
_WALL_HZ: Final = 280.0
_CHINKS_DB: Final = -30.0
_ROOM_SHARE: Final = 0.5

# Places in the settings row: what each walked to last.
_DIRECT, _DIFFUSE, _AIR, _WALL, _LEAK, _FEEDBACK = 0, 1, 2, 3, 4, 5


@dataclass(slots=True)
class Propagation:
    """The state of one way: filters per channel, delay lines, the settings of the last block."""

    filters: NDArray[np.float64]
    lines: NDArray[np.float32]
    damped: NDArray[np.float64]
    settings: NDArray[np.float64]
    goals: NDArray[np.float64]
    at: NDArray[np.int64]
    about: tuple[float, ...]


def propagation_state(channels: int) -> Propagation:
    """Start a way for `channels` channels; its first block is heard where it is, without a walk."""
    return Propagation(
        filters=np.zeros((3, channels)),
        lines=np.zeros((_LINES, _LINE_FRAMES), np.float32),
        damped=np.zeros(_LINES),
        settings=np.full(6, -1.0),
        goals=np.zeros(6),
        at=np.zeros(1, np.int64),
        about=(),
    )


def propagate(
    way: Propagation, x: Samples, *, metres: float, near_m: float, open_m: float, spread: float, inside: float
) -> None:
    """Hear `x` from afar or through walls, in place; no peak above 0.89 leaves it.

    Args:
        way: from `propagation_state`, with as many channels as `x`.
        x: (BLOCK_FRAMES, 1 or 2) float32: the sound as it is at `near_m`; overwritten.
        metres: how far the sound is at the end of the block; at least `near_m`.
        near_m: where it is as loud as it comes.
        open_m: the distance at which what comes back from around is as strong as what comes directly.
        spread: by what power of the distance it fades: 1 for a point (6 dB a doubling), 0.5 for what surrounds.
        inside: 0 (nothing in between) over an open window to 1 (behind closed windows, in a room).

    Source: ISO 9613-1 (1993), absorption of air; ISO 12354-3, mass law of facades; Jot & Chaigne (1991), feedback
    delay networks.
    """
    about = (metres, near_m, open_m, spread, inside)
    if about != way.about:
        way.about = about
        _aim(way.goals, *about)
    _propagate(x, way.goals, way.settings, way.filters, way.lines, way.damped, way.at)


def _aim(
    goals: NDArray[np.float64], metres: float, near_m: float, open_m: float, spread: float, inside: float
) -> None:
    away_m = metres - near_m
    air_hz = _GONE_HZ
    if away_m > 0.0:
        lost_db = _CORNER_DB / (_EXCESS * _AIR_DB_PER_M * away_m)
        air_hz = _AIR_HZ * lost_db ** (1.0 / _AIR_POWER)
    share = away_m * away_m / (away_m * away_m + open_m * open_m)
    share += (_ROOM_SHARE - share) * inside if share < _ROOM_SHARE else 0.0
    gain = (near_m / metres) ** spread * 10.0 ** (_WALL_DB * inside / 20.0)
    goals[_DIRECT] = gain * math.sqrt(1.0 - share)
    goals[_DIFFUSE] = gain * math.sqrt(share)
    goals[_AIR] = _coefficient(air_hz)
    goals[_WALL] = one_pole_coefficient(_OPEN_HZ * (_WALL_HZ / _OPEN_HZ) ** inside)
    goals[_LEAK] = 10.0 ** (_CHINKS_DB * inside / 20.0)
    goals[_FEEDBACK] = -3.0 / (SAMPLE_RATE_HZ * _OUTSIDE_S * (_ROOM_S / _OUTSIDE_S) ** inside)


def _coefficient(hz: float) -> float:
    """Map a corner to a one-pole's weight, exactly 1 (no filter) where the corner is out of hearing."""
    weight = float(one_pole_coefficient(min(hz, _OPEN_HZ)))
    beyond = min(max((hz - _OPEN_HZ) / (_GONE_HZ - _OPEN_HZ), 0.0), 1.0)
    return weight + (1.0 - weight) * beyond


@kernel
def _filter(
    x: Samples, goals: NDArray[np.float64], settings: NDArray[np.float64], filters: NDArray[np.float64]
) -> None:
    # Channel by channel, so that the filters' memories stay in registers.
    frames = x.shape[0]
    air_step = (goals[_AIR] - settings[_AIR]) / frames
    wall_step = (goals[_WALL] - settings[_WALL]) / frames
    leak_step = (goals[_LEAK] - settings[_LEAK]) / frames
    for c in range(x.shape[1]):
        air, wall, leak = settings[_AIR], settings[_WALL], settings[_LEAK]
        first, second, low = filters[0, c], filters[1, c], filters[2, c]
        for i in range(frames):
            air, wall, leak = air + air_step, wall + wall_step, leak + leak_step
            first = (1.0 - air) * first + (air * x[i, c] + NO_DENORMAL)
            second = (1.0 - air) * second + air * first
            low = (1.0 - wall) * low + (wall * second + NO_DENORMAL)
            x[i, c] = low + leak * (second - low)
        filters[0, c], filters[1, c], filters[2, c] = first, second, low


@kernel
def _diffuse(
    x: Samples,
    goals: NDArray[np.float64],
    settings: NDArray[np.float64],
    lines: NDArray[np.float32],
    damped: NDArray[np.float64],
    at: int,
) -> None:
    frames, channels = x.shape
    direct, diffuse = settings[_DIRECT], settings[_DIFFUSE]
    direct_step, diffuse_step = (goals[_DIRECT] - direct) / frames, (goals[_DIFFUSE] - diffuse) / frames
    feedback, feedback_step, kept, kept_goal = np.empty(_LINES), np.empty(_LINES), 0.0, 0.0
    for k in range(_LINES):
        feedback[k] = 10.0 ** (settings[_FEEDBACK] * _DELAY_FRAMES[k])
        goal = 10.0 ** (goals[_FEEDBACK] * _DELAY_FRAMES[k])
        feedback_step[k] = (goal - feedback[k]) / frames
        kept += feedback[k] * feedback[k] / _LINES
        kept_goal += goal * goal / _LINES
    # A tail of independent echoes gathers 1 / (1 - kept) of the power that is sent in.
    scale = np.sqrt((1.0 - kept) / kept)
    scale_step = (np.sqrt((1.0 - kept_goal) / kept_goal) - scale) / frames
    for i in range(frames):
        direct, diffuse, scale = direct + direct_step, diffuse + diffuse_step, scale + scale_step
        t, total = at + i, 0.0
        for k in range(_LINES):
            feedback[k] += feedback_step[k]
            echo = feedback[k] * lines[k, (t - _DELAY_FRAMES[k]) & _MASK]
            damped[k] += _DULLNESS * (echo - damped[k]) + NO_DENORMAL
            total += damped[k]
        total *= 0.25
        left, right = float(x[i, 0]), float(x[i, channels - 1])
        now = t & _MASK
        for k in range(0, _LINES, 2):
            lines[k, now] = left + damped[k] - total
            lines[k + 1, now] = right + damped[k + 1] - total
        wet = 0.5 * scale * diffuse
        x[i, 0] = direct * left + wet * (damped[0] - damped[2] + damped[4] - damped[6])
        if channels == 2:
            x[i, 1] = direct * right + wet * (damped[1] - damped[3] + damped[5] - damped[7])


@kernel
def _propagate(
    x: Samples,
    goals: NDArray[np.float64],
    settings: NDArray[np.float64],
    filters: NDArray[np.float64],
    lines: NDArray[np.float32],
    damped: NDArray[np.float64],
    at: NDArray[np.int64],
) -> None:
    if settings[_AIR] < 0.0:
        settings[:] = goals
    if min(goals[_AIR], goals[_LEAK], settings[_AIR], settings[_LEAK]) < 1.0:
        _filter(x, goals, settings, filters)
    else:
        for c in range(x.shape[1]):
            filters[:, c] = x[-1, c]
    if goals[_DIFFUSE] > 0.0 or settings[_DIFFUSE] > 0.0:
        _diffuse(x, goals, settings, lines, damped, at[0])
        at[0] += x.shape[0]
    elif at[0] > 0:
        # Nothing of an old tail may sound when the sound goes away once more.
        at[0] = 0
        lines[:] = 0.0
        damped[:] = 0.0
    settings[:] = goals
    for i in range(x.shape[0]):
        for c in range(x.shape[1]):
            x[i, c] = soft_limit(x[i, c])
