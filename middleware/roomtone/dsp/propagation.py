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

# Places in a row of settings.
_DIRECT, _DIFFUSE, _AIR, _WALL, _LEAK, _FEEDBACK = 0, 1, 2, 3, 4, 5
# The rows: the goals of the two blocks before; then the walk through this one, its start, step, bend and end.
_EARLIER, _LAST, _START, _STEP, _BEND, _END = 0, 1, 2, 3, 4, 5


@dataclass(slots=True)
class Propagation:
    """The state of one way: filters per channel, delay lines, the goals of the last two blocks."""

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
        settings=np.full((6, 6), -1.0),
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
        metres: how far the sound is when the block ends, as heard half a block later; at least `near_m`.
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


def way_db(hz: NDArray[np.float64], *, metres: float, near_m: float, spread: float) -> NDArray[np.float64]:
    """Tell what the open way leaves of each frequency, in dB; what comes back from around is not counted.

    Args:
        hz: (n,) frequencies.
        metres: see `propagate`.
        near_m: see `propagate`.
        spread: see `propagate`.
    """
    spread_db = 20.0 * spread * math.log10(near_m / metres)
    if metres <= near_m:
        return np.full(len(hz), spread_db)
    return np.asarray(spread_db - 20.0 * np.log10(1.0 + (hz / _air_hz(metres - near_m)) ** 2))


def _air_hz(away_m: float) -> float:
    lost_db = _CORNER_DB / (_EXCESS * _AIR_DB_PER_M * away_m)
    return _AIR_HZ * float(lost_db ** (1.0 / _AIR_POWER))


def _aim(
    goals: NDArray[np.float64], metres: float, near_m: float, open_m: float, spread: float, inside: float
) -> None:
    away_m = metres - near_m
    air_hz = _air_hz(away_m) if away_m > 0.0 else _GONE_HZ
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
def _walk(goals: NDArray[np.float64], settings: NDArray[np.float64], frames: int) -> None:
    """Set out from half-way between the last two goals to half-way between the last and this one: without a corner.

    A gain that walks straight turns a corner where a block ends, and in a low sound a corner clicks. Source: uniform
    quadratic B-splines.
    """
    earlier, last = settings[_EARLIER], settings[_LAST]
    for k in range(len(goals)):
        bend = (goals[k] - 2.0 * last[k] + earlier[k]) / (frames * frames)
        settings[_START, k] = 0.5 * (earlier[k] + last[k])
        settings[_STEP, k] = (last[k] - earlier[k]) / frames + 0.5 * bend
        settings[_BEND, k] = bend
        settings[_END, k] = 0.5 * (last[k] + goals[k])


@kernel
def _filter(x: Samples, settings: NDArray[np.float64], filters: NDArray[np.float64]) -> None:
    # Channel by channel, so that the filters' memories stay in registers.
    frames = x.shape[0]
    start, step, bend = settings[_START], settings[_STEP], settings[_BEND]
    air_bend, wall_bend, leak_bend = bend[_AIR], bend[_WALL], bend[_LEAK]
    for c in range(x.shape[1]):
        air, wall, leak = start[_AIR], start[_WALL], start[_LEAK]
        air_step, wall_step, leak_step = step[_AIR], step[_WALL], step[_LEAK]
        first, second, low = filters[0, c], filters[1, c], filters[2, c]
        for i in range(frames):
            air, wall, leak = air + air_step, wall + wall_step, leak + leak_step
            air_step, wall_step, leak_step = air_step + air_bend, wall_step + wall_bend, leak_step + leak_bend
            first = (1.0 - air) * first + (air * x[i, c] + NO_DENORMAL)
            second = (1.0 - air) * second + air * first
            low = (1.0 - wall) * low + (wall * second + NO_DENORMAL)
            x[i, c] = low + leak * (second - low)
        filters[0, c], filters[1, c], filters[2, c] = first, second, low


@kernel
def _diffuse(
    x: Samples,
    settings: NDArray[np.float64],
    lines: NDArray[np.float32],
    damped: NDArray[np.float64],
    at: int,
) -> None:
    frames, channels = x.shape
    direct, diffuse = settings[_START, _DIRECT], settings[_START, _DIFFUSE]
    direct_step, diffuse_step = settings[_STEP, _DIRECT], settings[_STEP, _DIFFUSE]
    feedback, feedback_step, kept, kept_goal = np.empty(_LINES), np.empty(_LINES), 0.0, 0.0
    for k in range(_LINES):
        feedback[k] = 10.0 ** (settings[_START, _FEEDBACK] * _DELAY_FRAMES[k])
        goal = 10.0 ** (settings[_END, _FEEDBACK] * _DELAY_FRAMES[k])
        feedback_step[k] = (goal - feedback[k]) / frames
        kept += feedback[k] * feedback[k] / _LINES
        kept_goal += goal * goal / _LINES
    # A tail of independent echoes gathers 1 / (1 - kept) of the power that is sent in.
    scale = np.sqrt((1.0 - kept) / kept)
    scale_step = (np.sqrt((1.0 - kept_goal) / kept_goal) - scale) / frames
    for i in range(frames):
        direct, diffuse, scale = direct + direct_step, diffuse + diffuse_step, scale + scale_step
        direct_step += settings[_BEND, _DIRECT]
        diffuse_step += settings[_BEND, _DIFFUSE]
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
    if settings[_LAST, _AIR] < 0.0:
        settings[_EARLIER] = goals
        settings[_LAST] = goals
    _walk(goals, settings, x.shape[0])
    recent = settings[: _LAST + 1]
    if min(goals[_AIR], goals[_LEAK], recent[:, _AIR].min(), recent[:, _LEAK].min()) < 1.0:
        _filter(x, settings, filters)
    else:
        for c in range(x.shape[1]):
            filters[:, c] = x[-1, c]
    dry = recent[:, _DIFFUSE].max() <= 0.0
    if dry and at[0] > 0:
        # Nothing of an old tail may sound when the sound goes away once more.
        at[0] = 0
        lines[:] = 0.0
        damped[:] = 0.0
    if goals[_DIFFUSE] > 0.0 or not dry:
        _diffuse(x, settings, lines, damped, at[0])
        at[0] += x.shape[0]
    settings[_EARLIER] = settings[_LAST]
    settings[_LAST] = goals
    for i in range(x.shape[0]):
        for c in range(x.shape[1]):
            x[i, c] = soft_limit(x[i, c])
