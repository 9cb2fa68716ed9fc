"""A passage: something that comes, goes past and away, heard through the air and over the ground.

It goes round on a lap of uneven pace, so it keeps coming back and no two passages are alike. What the ground gives
back arrives a little later than what comes straight, and later the nearer the thing is: that sweeps a comb through
the sound, which is half of what tells an ear that something flies past.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.drift import drift_at
from roomtone.dsp.filters import NO_DENORMAL, one_pole_coefficient
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import rng_state, uniform

SOUND_M_S: Final = 340.0
_EAR_M: Final = 1.6
# Nothing here goes faster; and a thing that is told to move comes into motion within some seconds.
_FASTEST_M_S: Final = 120.0
_STARTING_S: Final = 4.0
# How far its pace and its way wander, as natural logarithms.
_PACE, _ASIDE = 0.7, 0.45

# Air takes 0.117 dB a metre at 8 kHz, as the 1.8th power of the frequency, and turbulence about as much again.
_AIR_CORNER: Final = 8_000.0 * (3.0 / (2.0 * 0.117)) ** (1.0 / 1.8)
_OPEN_HZ: Final = 18_000.0
# What the ground gives back: less than what came, and without the highs.
_GROUND: Final = 0.4
_GROUND_HZ: Final = 900.0
_LINE_FRAMES: Final = 2_048

# Places in the row of settings: gain, air, delay.
_GAIN, _AIR, _LATE = 0, 1, 2


@dataclass(slots=True)
class Passage:
    """The state of one thing under way.

    Attributes:
        pace_key, aside_key: tell the wander of its pace, and of how far aside it passes, from every other.
        blocks: how long it has been under way.
        lap_s, reach_m: how long a lap takes and how far it leads to either side.
        aside_m, height_m: where it passes.
        lap: where on its lap it is, in turns.
        extent: how much of its reach it uses.
        along_m: how far to one side it is.
        range_m: how far it is.
        doppler: by how much every pitch is raised or lowered.
        settings: what the last block arrived at.
        goals: what this one does.
        filters: of the air and of the ground.
        line: what was heard lately, for the ground.
        at: where in it.
    """

    pace_key: np.uint64
    aside_key: np.uint64
    blocks: int
    lap_s: float
    reach_m: float
    aside_m: float
    height_m: float
    lap: float
    extent: float
    along_m: float
    range_m: float
    doppler: float
    settings: NDArray[np.float64]
    goals: NDArray[np.float64]
    filters: NDArray[np.float64]
    line: NDArray[np.float32]
    at: NDArray[np.int64]


def passage_state(
    seed: int, *path: str | int, lap_s: float, reach_m: float, aside_m: float, height_m: float
) -> Passage:
    """Start somewhere on the lap.

    Args:
        seed: see `rng_state`.
        *path: see `rng_state`.
        lap_s: how long a lap takes on average; in each it passes twice.
        reach_m: how far it goes to either side at full motion.
        aside_m: how far aside it passes; there it is as loud as it comes.
        height_m: above the ground.
    """
    rng = rng_state(seed, *path, "passage")
    return Passage(
        pace_key=rng_state(seed, *path, "pace")[0],
        aside_key=rng_state(seed, *path, "aside")[0],
        blocks=0,
        lap_s=lap_s,
        reach_m=reach_m,
        aside_m=aside_m,
        height_m=height_m,
        lap=uniform(rng),
        extent=-1.0,
        along_m=0.0,
        range_m=-1.0,
        doppler=1.0,
        settings=np.full(3, -1.0),
        goals=np.zeros(3),
        filters=np.zeros(3),
        line=np.zeros(_LINE_FRAMES, np.float32),
        at=np.zeros(1, np.int64),
    )


def go_on(passage: Passage, motion: float) -> None:
    """Move on by one block: sets `range_m`, `along_m` and `doppler`.

    Args:
        passage: from `passage_state`.
        motion: 0 (stays where it passes) to 1 (goes all the way).
    """
    # Both wander smoothly: a range that trembles would be heard as a pitch that does.
    knot = round(0.2 * passage.lap_s / BLOCK_S)
    pace = math.exp(_PACE * drift_at(passage.pace_key, knot, passage.blocks))
    passage.blocks += 1
    passage.lap = (passage.lap + BLOCK_S * pace / passage.lap_s) % 1.0
    if passage.extent < 0.0:
        passage.extent = motion
    passage.extent += (motion - passage.extent) * BLOCK_S / _STARTING_S
    # What stays stays where it is; what goes far never passes twice in the same place.
    aside = math.exp(_ASIDE * passage.extent * drift_at(passage.aside_key, knot, passage.blocks))
    passage.along_m = passage.extent * passage.reach_m * math.sin(2.0 * math.pi * passage.lap)
    range_m = math.hypot(passage.along_m, passage.aside_m * aside)
    if passage.range_m < 0.0:
        passage.range_m = range_m
    speed_m_s = min(max((range_m - passage.range_m) / BLOCK_S, -_FASTEST_M_S), _FASTEST_M_S)
    passage.range_m = range_m
    passage.doppler = 1.0 / (1.0 + speed_m_s / SOUND_M_S)


def hear_passage(passage: Passage, x: Samples) -> None:
    """Hear a block of what it sounds like at `aside_m`, in place, from where it is now.

    Args:
        passage: already moved on for this block.
        x: (BLOCK_FRAMES, 1) float32.

    Source: ISO 9613-1 (1993), absorption of air; ISO 9613-2 (1996), the ground as a mirror.
    """
    goals, range_m = passage.goals, passage.range_m
    goals[_GAIN] = passage.aside_m / range_m
    # At the usual distance the air has had its share already.
    air_hz = _AIR_CORNER * max(range_m - passage.aside_m, 1.0) ** (-1.0 / 1.8)
    goals[_AIR] = one_pole_coefficient(min(air_hz, _OPEN_HZ))
    slant_m = max(range_m, passage.height_m)
    goals[_LATE] = 2.0 * passage.height_m * _EAR_M / slant_m * (SAMPLE_RATE_HZ / SOUND_M_S)
    _hear(x, goals, passage.settings, passage.filters, passage.line, passage.at)


@kernel
def _hear(
    x: Samples, goals: NDArray[np.float64], settings: NDArray[np.float64], filters: NDArray[np.float64],
    line: NDArray[np.float32], at: NDArray[np.int64],
) -> None:  # fmt: skip
    if settings[_GAIN] < 0.0:
        settings[:] = goals
    frames, mask = x.shape[0], len(line) - 1
    gain, air, late = settings[_GAIN], settings[_AIR], settings[_LATE]
    gain_step, air_step, late_step = (
        (goals[_GAIN] - gain) / frames,
        (goals[_AIR] - air) / frames,
        (goals[_LATE] - late) / frames,
    )
    soft = one_pole_coefficient(_GROUND_HZ)
    first, second, ground = filters[0], filters[1], filters[2]
    for i in range(frames):
        gain, air, late = gain + gain_step, air + air_step, late + late_step
        first = (1.0 - air) * first + (air * gain * x[i, 0] + NO_DENORMAL)
        second = (1.0 - air) * second + air * first
        t = at[0] + i
        line[t & mask] = second
        back = int(late)
        part = late - back
        mirrored = (1.0 - part) * line[(t - back) & mask] + part * line[(t - back - 1) & mask]
        ground = (1.0 - soft) * ground + (soft * mirrored + NO_DENORMAL)
        x[i, 0] = second + _GROUND * ground
    filters[:] = (first, second, ground)
    settings[:] = goals
    at[0] += frames
