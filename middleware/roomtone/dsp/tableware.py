"""Cups, plates and cutlery: struck modes in a bank, and hands that touch several things in a row."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.grains import drain_ring, place_grain
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, bipolar, exponential, normal, poisson, uniform

_OBJECTS: Final = 24
_HITS: Final = 4
_GRAIN_FRAMES: Final = 7_200
_FINE_FRAMES: Final = 80
_CONTACT_FRAMES: Final = 480
_LATEST_FRAMES: Final = 48_000
_MODES: Final = 7


def _ring_out(rate: NDArray[np.complex128]) -> NDArray[np.complex64]:
    """Return exp(rate·t), (…, frames), from coarse and fine steps, so that few exponentials are taken."""
    step = (rate / SAMPLE_RATE_HZ)[..., None]
    coarse = np.exp(step * np.arange(0, _GRAIN_FRAMES, _FINE_FRAMES)).astype(np.complex64)
    fine = np.exp(step * np.arange(_FINE_FRAMES)).astype(np.complex64)
    return (coarse[..., None] * fine[..., None, :]).reshape(*rate.shape, _GRAIN_FRAMES)


@cache
def tableware() -> NDArray[np.float32]:
    """Strike everything on the tables: `(objects, hits, frames)`, unit energy, each object several times.

    Seven modes from 1.8 to 9 kHz a piece; each hit excites them otherwise, and begins with the contact itself.
    """
    rng = np.random.default_rng(11)
    t = np.arange(_GRAIN_FRAMES, dtype=np.float32) / SAMPLE_RATE_HZ
    hz = np.exp(rng.uniform(np.log(1_800.0), np.log(5_200.0), (_OBJECTS, _MODES)))
    hz[:, 4:] *= rng.uniform(1.4, 2.2, (_OBJECTS, _MODES - 4))
    ring_s = np.exp(rng.uniform(np.log(0.008), np.log(0.06), (_OBJECTS, 1)))
    decay_s = ring_s * rng.uniform(0.5, 1.3, (_OBJECTS, _MODES)) * (3_000.0 / hz) ** 0.7
    modes = _ring_out(2j * np.pi * hz - 1.0 / decay_s)
    level = rng.exponential(size=(_OBJECTS, _HITS, _MODES)) * np.sqrt(3_000.0 / hz)[:, None]
    phase = rng.uniform(0.0, 2 * np.pi, (_OBJECTS, _HITS, _MODES))
    hits = ((level * np.exp(1j * phase)).astype(np.complex64) @ modes).imag
    contact_s = rng.uniform(0.0003, 0.0015, (_OBJECTS, _HITS, 1)).astype(np.float32)
    contact = rng.normal(size=(_OBJECTS, _HITS, _CONTACT_FRAMES))
    hits[:, :, :_CONTACT_FRAMES] += 0.8 * contact * np.exp(-t[:_CONTACT_FRAMES] / contact_s)
    hits *= np.minimum(1.0, t / 0.0003) * np.minimum(1.0, np.arange(_GRAIN_FRAMES)[::-1] / 480.0)
    return np.asarray(hits / np.sqrt((hits**2).sum(-1, keepdims=True)), np.float32)


def clatter_ring() -> Samples:
    """Make the ring in which hits sound: left, right and what the room gets."""
    return np.zeros((_LATEST_FRAMES + _GRAIN_FRAMES + 480, 2), np.float32)


@kernel
def clatter(
    rng: Rng, bank: NDArray[np.float32], clusters_hz: float, gain: float, ring: Samples,
    cursor: NDArray[np.int64], out: Samples,
) -> None:  # fmt: skip
    """Add one block of things being touched: clusters of hits on the same few objects, near and far.

    Args:
        rng: chance.
        bank: from `tableware`.
        clusters_hz: how often a hand begins to do something.
        gain: level of what begins in this block.
        ring: from `clatter_ring`.
        cursor: (1,) int64: where the ring stands; zero to start.
        out: (frames, 2) float32, added to.
    """
    for _ in range(poisson(rng, clusters_hz * BLOCK_S)):
        pan = 0.95 * bipolar(rng)
        level = gain * np.exp(0.7 * normal(rng)) / (1.0 + 4.0 * uniform(rng))
        first = int(uniform(rng) * bank.shape[0])
        at_s = uniform(rng) * BLOCK_S
        for _ in range(1 + poisson(rng, 2.6)):
            start = min(int(at_s * SAMPLE_RATE_HZ), _LATEST_FRAMES)
            item = (first + int(uniform(rng) * 2.0)) % bank.shape[0]
            grain = bank[item, int(uniform(rng) * bank.shape[1])]
            place_grain(ring, cursor[0] + start, grain, level * np.exp(0.6 * normal(rng)), pan)
            at_s += 0.025 + 0.11 * exponential(rng)
    drain_ring(ring, cursor, out)
