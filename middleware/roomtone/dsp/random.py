"""Chance on the audio path: a counter-based generator whose whole state is one number."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.kernel import kernel

Rng: TypeAlias = NDArray[np.uint64]
"""`(1,)` uint64: the state of one stream of random numbers, advanced in place."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S11 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(11)
_S16, _S32, _S48, _LOW16 = np.uint64(16), np.uint64(32), np.uint64(48), np.uint64(0xFFFF)
_TO_UNIT = 2.0**-53


def rng_state(seed: int, *path: str | int) -> Rng:
    """Make an independent stream for `seed` and a path of names, the same on every machine.

    Args:
        seed: any integer.
        path: what the stream is for (`"rain", "drops"`): other paths give unrelated streams.
    """
    words = [seed & 0xFFFFFFFFFFFFFFFF]
    for part in path:
        words.extend(str(part).encode())
        words.append(0x1F)
    return np.random.SeedSequence(words).generate_state(1, np.uint64).astype(np.uint64, copy=False)


@kernel
def next_bits(rng: Rng) -> np.uint64:
    """Draw 64 random bits. Source: Steele, Lea & Flood (2014), SplitMix64."""
    rng[0] += _GOLDEN
    z = rng[0]
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@kernel
def uniform(rng: Rng) -> float:
    """Draw from [0, 1)."""
    return float(next_bits(rng) >> _S11) * _TO_UNIT


@kernel
def bipolar(rng: Rng) -> float:
    """Draw from [-1, 1)."""
    return uniform(rng) * 2.0 - 1.0


@kernel
def normal(rng: Rng) -> float:
    """Draw from a standard normal: exact, for event sizes and walks; `hiss` is cheaper per sample.

    Source: Box & Muller (1958).
    """
    u = 1.0 - uniform(rng)
    return float(np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * uniform(rng)))


@kernel
def hiss(rng: Rng) -> float:
    """Draw a sample of white noise, unit variance: four uniforms summed from one draw (peak ±3.5)."""
    z = next_bits(rng)
    total = (z & _LOW16) + ((z >> _S16) & _LOW16) + ((z >> _S32) & _LOW16) + (z >> _S48)
    return (float(total) - 131070.0) * (1.0 / 37837.0)


@kernel
def exponential(rng: Rng) -> float:
    """Draw a waiting time with mean 1."""
    return float(-np.log(1.0 - uniform(rng)))


@kernel
def pareto(rng: Rng, alpha: float, most: float) -> float:
    """Draw a heavy-tailed size: at least 1, at most `most`; a smaller `alpha` has larger outliers."""
    return float(min(most, (1.0 - uniform(rng)) ** (-1.0 / alpha)))


@kernel
def poisson(rng: Rng, mean: float) -> int:
    """Draw a count of events with the given mean; beyond 30 by the normal approximation."""
    if mean <= 0.0:
        return 0
    if mean > 30.0:
        return int(max(0.0, np.floor(mean + np.sqrt(mean) * normal(rng) + 0.5)))
    count, product, floor = 0, uniform(rng), np.exp(-mean)
    while product > floor:
        count += 1
        product *= uniform(rng)
    return count
