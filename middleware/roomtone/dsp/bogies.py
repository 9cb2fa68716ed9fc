"""Wheels in pairs under wagons: what comes past of them, and when each meets a joint of the rail."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, normal, rng_state, uniform

AXLES: Final = 24
# A wagon of 20 m: two bogies 14 m apart, two axles 2.4 m apart in each; between wagons some couplings are longer.
_AXLES_M: Final = np.array([3.0, 5.4, 17.0, 19.4])
_WAGON_M: Final = 22.4
_REACH_M: Final = _WAGON_M * AXLES / 8.0
_MOST_HITS: Final = 32

# Columns of an axle, and of a hit.
_X_M, _LEVEL, _FLAT = range(3)
FRAME, GAIN, PAN = range(3)


@dataclass(slots=True)
class Bogies:
    """The state of one train.

    Attributes:
        rng: chance.
        axles: (AXLES, 3) where each is, how loud its wheels roll, how flat they are worn.
        joints_m: (n,) where joints of the rail lie, seen from the ear.
        hits: (32, 3) of this block: frame, gain, pan.
        passing: (2,) power that rolls past on either side, around 1 beside a bogie.
    """

    rng: Rng
    axles: NDArray[np.float64]
    joints_m: NDArray[np.float64]
    hits: NDArray[np.float64]
    passing: NDArray[np.float64]


def bogies_state(seed: int, *path: str | int) -> Bogies:
    """Start a train that is passing and has no end."""
    rng = rng_state(seed, *path, "bogies")
    axles = np.zeros((AXLES, 3))
    wagons = np.arange(AXLES) // 4
    axles[:, _X_M] = wagons * _WAGON_M + _AXLES_M[np.arange(AXLES) % 4] - _REACH_M
    for axle in range(AXLES):
        _couple(rng, axles, axle)
    joints_m = np.arange(-2.0, 3.0) * 18.3 + 18.3 * (uniform(rng) - 0.5)
    return Bogies(rng, axles, joints_m, np.zeros((_MOST_HITS, 3)), np.zeros(2))


@kernel
def _couple(rng: Rng, axles: NDArray[np.float64], i: int) -> None:
    """Make an axle another one: all wheels of a wagon carry the same load, and one wheel in nine is flat."""
    first = i - i % 4
    axles[i, _LEVEL] = (
        np.exp(0.35 * normal(rng)) if i == first else axles[first, _LEVEL] * np.exp(0.2 * normal(rng))
    )
    axles[i, _FLAT] = uniform(rng) if uniform(rng) < 0.11 else 0.0


@kernel
def _roll(
    rng: Rng, axles: NDArray[np.float64], joints_m: NDArray[np.float64], hits: NDArray[np.float64],
    passing: NDArray[np.float64], speed_m_s: float, aside_m: float,
) -> int:  # fmt: skip
    passing[:] = 0.0
    count = 0
    step = speed_m_s * BLOCK_S
    for i in range(axles.shape[0]):
        row = axles[i]
        before = row[_X_M]
        row[_X_M] += step
        range2 = row[_X_M] * row[_X_M] + aside_m * aside_m
        side = row[_X_M] / np.sqrt(range2)
        heard = row[_LEVEL] * row[_LEVEL] * aside_m * aside_m / range2
        passing[0] += 0.5 * heard * (1.0 - 0.8 * side)
        passing[1] += 0.5 * heard * (1.0 + 0.8 * side)
        for j in range(len(joints_m)):
            joint = joints_m[j]
            if before < joint <= row[_X_M] and count < hits.shape[0]:
                away = np.sqrt(joint * joint + aside_m * aside_m)
                hits[count, FRAME] = np.floor((joint - before) / step * BLOCK_FRAMES)
                hits[count, GAIN] = row[_LEVEL] * aside_m / away * np.exp(0.2 * normal(rng))
                hits[count, PAN] = 0.8 * joint / away
                count += 1
        if row[_X_M] > _REACH_M:
            row[_X_M] -= 2.0 * _REACH_M
            _couple(rng, axles, i)
    return count


def roll(bogies: Bogies, *, speed_m_s: float, aside_m: float) -> int:
    """Move the train on by one block: sets `passing` and `hits`.

    Args:
        bogies: from `bogies_state`.
        speed_m_s: at which it goes.
        aside_m: how far from the ear the track is.

    Returns:
        How many hits there are.

    Source: D. Thompson (2009), "Railway Noise and Vibration", rolling noise, rail joints.
    """
    return int(
        _roll(bogies.rng, bogies.axles, bogies.joints_m, bogies.hits, bogies.passing, speed_m_s, aside_m)
    )
