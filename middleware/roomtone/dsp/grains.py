"""Grains: many short sounds from a bank, scattered in time, level and place."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, bipolar, poisson, rng_state, uniform

# How far apart left and right may arrive for a grain at the side: 0.6 ms is a head's width.
_EAR_FRAMES: Final = 29


@dataclass(slots=True)
class Grains:
    """The state of one scatter: chance, and a ring in which grains that outlast their block ring on."""

    rng: Rng
    ring: Samples
    cursor: NDArray[np.int64]


def grains_state(seed: int, *path: str | int, longest_frames: int, channels: int) -> Grains:
    """Start a scatter of grains of at most `longest_frames`."""
    length = -(-(longest_frames + _EAR_FRAMES + BLOCK_FRAMES) // BLOCK_FRAMES) * BLOCK_FRAMES
    return Grains(
        rng=rng_state(seed, *path, "grains"),
        ring=np.zeros((length, channels), np.float32),
        cursor=np.zeros(1, np.int64),
    )


@kernel
def _add(ring: Samples, channel: int, start: int, grain: NDArray[np.float32], gain: np.float32) -> None:
    # In two runs rather than with a remainder per frame: a division costs more than all the rest.
    size, frames = ring.shape[0], grain.shape[0]
    start %= size
    first = min(frames, size - start)
    for i in range(first):
        ring[start + i, channel] += gain * grain[i]
    for i in range(first, frames):
        ring[start + i - size, channel] += gain * grain[i]


@kernel
def place_grain(ring: Samples, start: int, grain: NDArray[np.float32], gain: float, pan: float) -> None:
    """Add one grain into the ring from frame `start`; `pan` -1 (left) to 1 by level and arrival time."""
    if ring.shape[1] == 1:
        _add(ring, 0, start, grain, np.float32(gain))
        return
    angle = (pan + 1.0) * (np.pi / 4.0)
    late = int(pan * _EAR_FRAMES)
    _add(ring, 0, start + max(late, 0), grain, np.float32(gain * np.cos(angle)))
    _add(ring, 1, start + max(-late, 0), grain, np.float32(gain * np.sin(angle)))


@kernel
def drain_ring(ring: Samples, cursor: NDArray[np.int64], out: Samples) -> None:
    """Add the ring's next block into `out`, clear it, move on; a ring is a whole number of blocks long."""
    at = cursor[0]
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[i, c] += ring[at + i, c]
            ring[at + i, c] = 0.0
    cursor[0] = (at + out.shape[0]) % ring.shape[0]


@kernel
def _scatter(
    rng: Rng,
    bank: Samples,
    levels: NDArray[np.float32],
    per_block: float,
    gain: float,
    spread: float,
    ring: Samples,
    cursor: NDArray[np.int64],
    out: Samples,
) -> None:
    for _ in range(poisson(rng, per_block)):
        onset = int(uniform(rng) * out.shape[0])
        grain = bank[int(uniform(rng) * bank.shape[0])]
        level = levels[int(uniform(rng) * levels.shape[0])]
        pan = spread * bipolar(rng)
        place_grain(ring, cursor[0] + onset, grain, gain * level, pan)
    drain_ring(ring, cursor, out)


def scatter(
    grains: Grains,
    bank: Samples,
    levels: NDArray[np.float32],
    *,
    rate_hz: float,
    gain: float,
    spread: float,
    out: Samples,
) -> None:
    """Add a Poisson rain of grains into `out`.

    Args:
        grains: from `grains_state`.
        bank: (variants, frames) float32: one is picked at random for each event.
        levels: (n,) float32: the distribution of gains as a table of samples, however heavy its tail.
        rate_hz: events a second during this block.
        gain: common gain of the events that begin in this block.
        spread: 0 (all in the middle) to 1 (from hard left to hard right).
        out: (BLOCK_FRAMES, channels) float32.
    """
    per_block = rate_hz * (BLOCK_FRAMES / SAMPLE_RATE_HZ)
    _scatter(grains.rng, bank, levels, per_block, gain, spread, grains.ring, grains.cursor, out)


def bursts(
    rng: np.random.Generator, variants: int, frames: int, *, low_hz: float, high_hz: float, tau_s: float
) -> Samples:
    """Make bursts of noise with a broad resonance, as impacts have it: sharp, then gone.

    Args:
        rng: chance.
        variants: how many.
        frames: how long each is; the last millisecond fades.
        low_hz: where the lowest resonance is.
        high_hz: where the highest is.
        tau_s: the median time constant of the decay.

    Returns:
        (variants, frames) float32, each with unit energy: a thousand a second at gain 1 have the power of noise
        of RMS sqrt(1000 / SAMPLE_RATE_HZ).
    """
    hz = np.fft.rfftfreq(frames, 1 / SAMPLE_RATE_HZ)
    centre = np.exp(rng.uniform(np.log(low_hz), np.log(high_hz), (variants, 1)))
    resonance = 1.0 / (1.0 + (1.4 * np.log2((hz + 20.0) / centre)) ** 2)
    tau = tau_s * np.exp(rng.normal(0.0, 0.4, (variants, 1)))
    noise = rng.normal(size=(variants, frames)) * np.exp(-np.arange(frames) / SAMPLE_RATE_HZ / tau)
    fade = np.minimum(1.0, np.arange(frames)[::-1] / 48.0)
    return unit_energy(np.fft.irfft(np.fft.rfft(noise) * resonance, frames) * fade)


def unit_energy(grains: NDArray[np.float64]) -> Samples:
    """Scale each row so that its squares sum to one."""
    return np.asarray(grains / np.sqrt((grains**2).sum(1, keepdims=True)), np.float32)


@cache
def heavy_tail(alpha: float = 2.2, most: float = 12.0) -> NDArray[np.float32]:
    """Draw gains of unit mean square with few loud ones among many faint (Pareto), (4096,), for `scatter`."""
    level = np.minimum((1.0 - np.random.default_rng(2).uniform(size=4096)) ** (-1.0 / alpha), most)
    return np.asarray(level / np.sqrt((level**2).mean()), np.float32)
