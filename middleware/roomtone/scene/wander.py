"""What a parameter does by itself: smooth, bounded chance that can be read at any moment without what came before."""

from functools import lru_cache
from hashlib import blake2b
from math import floor
from typing import Final

from roomtone.audio import BLOCK_S

# Knots of a cubic B-spline this far apart make the walk cross its middle every half period on average
# (Rice's formula on the spline's autocorrelation: 0.188 cycles per knot).
_KNOTS_PER_PERIOD: Final = 1.0 / 0.188

# A hair inside ±1, so that what was heard can always be turned back into the value beneath.
_KNOT_SIZE: Final = 0.999

_MASK: Final = 0xFFFFFFFFFFFFFFFF


def wander_key(seed: int, name: str) -> int:
    """Make the number that tells one parameter's walk from every other."""
    return int.from_bytes(blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "big")


def blocks_per_knot(period_s: float) -> float:
    """Convert a period to the distance of the walk's knots in blocks."""
    return max(1.0, period_s / BLOCK_S / _KNOTS_PER_PERIOD)


def stray(key: int, knot_blocks: float, block: int) -> float:
    """Read the walk at `block`: within ±1, around 0, with a continuous slope and curvature.

    It moves by at most 1.5 / `knot_blocks` a block.
    A uniform cubic B-spline stays within its knots, so the bound holds without clipping.

    Source: C. de Boor, "A Practical Guide to Splines" (1978), uniform cubic B-splines; S. O. Rice (1944) for the rate
    of zero crossings.
    """
    position = block / knot_blocks
    segment = floor(position)
    a, b, c, d = _cubic(key, segment)
    t = position - segment
    return a + t * (b + t * (c + t * d))


@lru_cache(maxsize=4096)
def _cubic(key: int, segment: int) -> tuple[float, float, float, float]:
    """Compute the polynomial between two knots; remembered because a segment lasts for seconds."""
    k0, k1, k2, k3 = (_knot(key, segment + i) for i in range(4))
    return (
        (k0 + 4.0 * k1 + k2) / 6.0,
        (k2 - k0) / 2.0,
        (k0 - 2.0 * k1 + k2) / 2.0,
        (k3 - 3.0 * k2 + 3.0 * k1 - k0) / 6.0,
    )


def _knot(key: int, index: int) -> float:
    """Hash a knot to a number within ±1. Source: Steele, Lea & Flood (2014), SplitMix64's finaliser."""
    z = (key + index * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((z ^ (z >> 31)) / 2.0**63 - 1.0) * _KNOT_SIZE
