"""Patter: things that fall all around and hit what lies below, once or bouncing on until they lie still."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.overlap import Bank, Overlap, drain, lay, overlap_state
from roomtone.dsp.random import Rng, bipolar, poisson, rng_state, uniform

RATE_HZ, GAIN, FIRST, COUNT, SPRING, FLIGHT_S = range(6)
"""Columns of a population: how many fall each second; gain; which sounds of the bank they make, from `FIRST` on;
what part of its speed each keeps at a bounce, and how long it then flies."""
COLUMNS: Final = 6

LATEST_S: Final = 0.8
"""How long after it fell a thing may still bounce."""
_LATEST_FRAMES: Final = round(LATEST_S * SAMPLE_RATE_HZ)
# A bounce that is this much softer than the fall is not heard among the others.
_FAINT: Final = 0.03
# No sound alone comes nearer to full scale than about half: loud ones crowd below it, whole, instead of being cut off.
_LOUDEST: Final = 1.0


@dataclass(slots=True)
class Patter:
    """The state of all that falls: chance, what may sound, and what is still sounding."""

    rng: Rng
    bank: Bank
    overlap: Overlap


def patter_state(seed: int, *path: str | int, bank: Bank, channels: int = 2) -> Patter:
    """Start with nothing in the air.

    Args:
        seed: see `rng_state`.
        *path: see `rng_state`.
        bank: what may sound.
        channels: 1 or 2.
    """
    overlap = overlap_state(bank, latest_frames=_LATEST_FRAMES, channels=channels)
    return Patter(rng_state(seed, *path, "patter"), bank, overlap)


@kernel
def _fall(
    rng: Rng,
    samples: NDArray[np.float32],
    starts: NDArray[np.int64],
    now: NDArray[np.float64],
    level: float,
    ring: NDArray[np.float32],
    cursor: int,
    frames: int,
) -> None:
    at, pan, force = uniform(rng) * frames, bipolar(rng), 1.0
    flight = now[FLIGHT_S] * SAMPLE_RATE_HZ * (0.4 + 1.2 * uniform(rng))
    while at < _LATEST_FRAMES and force > _FAINT:
        i = int(now[FIRST] + uniform(rng) * now[COUNT])
        loud = level * force
        crowded = loud / np.cbrt(1.0 + (loud / _LOUDEST) ** 3)
        lay(ring, cursor + int(at), samples[starts[i] : starts[i + 1]], crowded, pan)
        kept = now[SPRING] * (0.5 + uniform(rng))
        force *= kept
        at += flight
        flight *= min(kept, 0.9)


@kernel
def _patter(
    rng: Rng,
    samples: NDArray[np.float32],
    starts: NDArray[np.int64],
    populations: NDArray[np.float64],
    levels: NDArray[np.float32],
    ring: NDArray[np.float32],
    cursor: NDArray[np.int64],
    out: Samples,
) -> None:
    for p in range(populations.shape[0]):
        now = populations[p]
        for _ in range(poisson(rng, now[RATE_HZ] * BLOCK_S)):
            level = now[GAIN] * levels[int(uniform(rng) * levels.shape[0])]
            _fall(rng, samples, starts, now, level, ring, cursor[0], out.shape[0])
    drain(ring, cursor, out)


def patter(
    state: Patter, populations: NDArray[np.float64], levels: NDArray[np.float32], *, out: Samples
) -> None:
    """Add one block of what falls into `out`.

    Args:
        state: from `patter_state`.
        populations: (n, COLUMNS), see the column names above.
        levels: (m,) float32: the distribution of loudness as a table of samples, however heavy its tail.
        out: (BLOCK_FRAMES, channels) float32.
    """
    bank, overlap = state.bank, state.overlap
    _patter(state.rng, bank.samples, bank.starts, populations, levels, overlap.ring, overlap.cursor, out)


@cache
def plane_levels(radii: float, sigma: float = 0.5) -> NDArray[np.float32]:
    """Draw what falls on a plane around a listener, (4096,), faintest first, mean square 1.

    Args:
        radii: out to how many times the distance of the nearest.
        sigma: how unequal they are: the standard deviation of the logarithm of their mass.
    """
    rng = np.random.default_rng(2)
    radius = np.sqrt(rng.uniform(1.0, radii**2, 4096))
    level = np.exp(rng.normal(0.0, sigma, 4096)) / radius
    return np.asarray(np.sort(level) / np.sqrt((level**2).mean()), np.float32)
