"""Chance that can be read at any place without what came before: single draws, and smooth, bounded walks."""

import numpy as np

from roomtone.dsp.kernel import kernel

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S11 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(11)
_TO_UNIT = 2.0**-53


@kernel
def bits_at(key: np.uint64, index: int) -> np.uint64:
    """Read the 64 random bits that stand at `index`. Source: Steele, Lea & Flood (2014), SplitMix64."""
    z = key + np.uint64(index) * _GOLDEN
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@kernel
def drift_at(key: np.uint64, knot_frames: int, frame: int) -> float:
    """Read a walk at `frame`: within ±1, around 0, with a continuous slope and curvature.

    Args:
        key: tells one walk from every other.
        knot_frames: distance of the walk's knots; it crosses its middle about every 2.7 of them.
        frame: any, up to 2^53.

    Source: C. de Boor, "A Practical Guide to Splines" (1978), uniform cubic B-splines; `roomtone.scene.wander` is
    the same walk for parameters.
    """
    knot = frame // knot_frames
    t = (frame - knot * knot_frames) / knot_frames
    k0, k1, k2, k3 = _knot(key, knot), _knot(key, knot + 1), _knot(key, knot + 2), _knot(key, knot + 3)
    a, b, c = k0 + 4.0 * k1 + k2, 3.0 * (k2 - k0), 3.0 * (k0 - 2.0 * k1 + k2)
    return (a + t * (b + t * (c + t * (k3 - 3.0 * k2 + 3.0 * k1 - k0)))) / 6.0


@kernel
def _knot(key: np.uint64, index: int) -> float:
    return float(bits_at(key, index) >> _S11) * _TO_UNIT * 2.0 - 1.0
