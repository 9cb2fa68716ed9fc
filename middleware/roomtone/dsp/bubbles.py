"""Bubbles: what makes water sound like water; each is a short, rising, dying sine."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.overlap import Bank, Overlap, bank_of, drain, lay, overlap_state
from roomtone.dsp.random import Rng, exponential, normal, pareto, poisson, rng_state, uniform

SMALLEST_M: Final = 0.25e-3
LARGEST_M: Final = 14e-3
_SIZES: Final = 70
_VARIANTS: Final = 6
_LONGEST_S: Final = 0.22
# A chain of bubbles may begin this long after the block in which it was torn loose.
_LATEST_FRAMES: Final = SAMPLE_RATE_HZ // 4

OCTAVES: Final = float(np.log2(LARGEST_M / SMALLEST_M))
"""How many octaves of pitch lie between the largest bubble and the smallest."""

# Where loudness does not depend on `tilt`: about 1500 Hz.
_MIDDLE_OCTAVE: Final = 2.7

# No bubble alone comes nearer to full scale: loud ones crowd below it, whole, instead of being cut off at the top.
_LOUDEST: Final = 0.3

RATE_HZ, OCTAVE, SPREAD, GAIN, PAN, WIDTH, CHAIN = range(7)
"""Columns of a population: bubbles a second; middle pitch in octaves above the largest bubble's, and its
standard deviation; gain; pan of the middle, -1 to 1, and reach to both sides; how many more bubbles follow
each, on average."""
COLUMNS: Final = 7


def bubble_hz(radius_m: float) -> float:
    """Pitch of a bubble of air in water. Source: Minnaert (1933)."""
    return 3.26 / radius_m


def bubble_damping(radius_m: float) -> float:
    """Decay rate per second. Source: van den Doel (2005), "Physically based models for liquid sounds"."""
    return float(0.13 / radius_m + 0.0072 * radius_m**-1.5)


def bubble(radius_m: float, *, rise: float, damping_scale: float = 1.0) -> NDArray[np.float64]:
    """Sound one bubble.

    Args:
        radius_m: 0.00015 to 0.015.
        rise: ξ, how fast the pitch rises as the bubble nears the surface, 0 to 0.15.
        damping_scale: above 1 near the surface, where a bubble rings shorter.

    Returns:
        (frames,) with peak 1.

    Source: van den Doel (2005).
    """
    hz, damping = bubble_hz(radius_m), damping_scale * bubble_damping(radius_m)
    length_s = min(_LONGEST_S, 5.5 / damping)
    t = np.arange(int(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    phase = 2.0 * np.pi * hz * (t + 0.5 * rise * damping * t**2)
    attack = 1.0 - np.exp(-2.0 * hz * t)
    ending = np.minimum(1.0, (length_s - t) / (0.25 * length_s))
    sound = attack * np.exp(-damping * t) * np.sin(phase) * ending
    return np.asarray(sound / np.abs(sound).max())


@cache
def bubble_bank() -> Bank:
    """Make the bubbles of every size, largest first, several of each; the same for every voice."""
    chance = np.random.Generator(np.random.PCG64(0xB0BB1E))
    return bank_of(
        [
            bubble(radius_m, rise=0.1 * chance.random() ** 1.5, damping_scale=chance.uniform(1.2, 3.0))
            for radius_m in np.geomspace(LARGEST_M, SMALLEST_M, _SIZES)
            for _ in range(_VARIANTS)
        ]
    )


@dataclass(slots=True)
class Bubbles:
    """The state of all bubbles of one voice."""

    rng: Rng
    overlap: Overlap


def bubbles_state(seed: int, *path: str | int, channels: int) -> Bubbles:
    """Start without a bubble."""
    overlap = overlap_state(bubble_bank(), latest_frames=_LATEST_FRAMES, channels=channels)
    return Bubbles(rng_state(seed, *path, "bubbles"), overlap)


@kernel
def _one(
    rng: Rng,
    samples: NDArray[np.float32],
    starts: NDArray[np.int64],
    octave: float,
    gain: float,
    pan: float,
    ring: NDArray[np.float32],
    start: int,
) -> None:
    place = abs(octave) / OCTAVES * (_SIZES - 1)
    if place > _SIZES - 1:
        place = max(0.0, 2.0 * (_SIZES - 1) - place)
    i = int(place + 0.5) * _VARIANTS + int(uniform(rng) * _VARIANTS)
    crowded = gain / np.cbrt(1.0 + (gain / _LOUDEST) ** 3)
    lay(ring, start, samples[starts[i] : starts[i + 1]], crowded, pan)


@kernel
def _pour(
    rng: Rng,
    samples: NDArray[np.float32],
    starts: NDArray[np.int64],
    populations: NDArray[np.float64],
    tilt: float,
    tail: float,
    gap_frames: float,
    ring: NDArray[np.float32],
    cursor: NDArray[np.int64],
    out: Samples,
) -> None:
    for p in range(populations.shape[0]):
        now = populations[p]
        for _ in range(poisson(rng, now[RATE_HZ] * BLOCK_S)):
            onset = uniform(rng) * out.shape[0]
            octave = now[OCTAVE] + now[SPREAD] * normal(rng)
            gain = now[GAIN] * pareto(rng, tail, 4.5)
            pan = min(1.0, max(-1.0, now[PAN] + now[WIDTH] * (2.0 * uniform(rng) - 1.0)))
            for _ in range(1 + poisson(rng, now[CHAIN])):
                loud = gain * np.exp(0.35 * normal(rng)) * 2.0 ** (tilt * (octave - _MIDDLE_OCTAVE))
                _one(rng, samples, starts, octave, loud, pan, ring, cursor[0] + int(onset))
                onset = min(onset + gap_frames * exponential(rng), _LATEST_FRAMES * 1.0)
                octave += 0.12 + 0.25 * normal(rng)
    drain(ring, cursor, out)


def pour(
    bubbles: Bubbles,
    populations: NDArray[np.float64],
    *,
    tilt: float,
    tail: float,
    gap_s: float,
    out: Samples,
) -> None:
    """Add one block of several populations of bubbles into `out`.

    Args:
        bubbles: from `bubbles_state`.
        populations: (n, COLUMNS), see the column names above.
        tilt: loudness against pitch, in factors of two per octave above about 1500 Hz.
        tail: Pareto exponent of loudness; 1.2 has large outliers, 4 hardly any.
        gap_s: mean time between the bubbles of one chain.
        out: (BLOCK_FRAMES, channels) float32.
    """
    bank, overlap = bubble_bank(), bubbles.overlap
    _pour(
        bubbles.rng, bank.samples, bank.starts, populations, tilt, tail, gap_s * SAMPLE_RATE_HZ, overlap.ring,
        overlap.cursor, out,
    )  # fmt: skip
