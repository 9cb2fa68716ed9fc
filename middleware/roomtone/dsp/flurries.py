"""Grains in flurries: a few places, each busy and quiet by turns, each with its own direction."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, Samples
from roomtone.dsp.grains import Grains, drain_ring, grains_state, place_grain
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, bipolar, poisson, uniform
from roomtone.dsp.slow import Walks, step_walks, walks_state

# How far grains of one place lie to either side of it.
_PLACE_WIDTH = 0.12


@dataclass(slots=True)
class Flurries:
    """The state of some places.

    Attributes:
        grains: chance and the ring.
        moods: (places,) walks: how busy each is, as a natural logarithm.
        pans: (places,) where each is.
    """

    grains: Grains
    moods: Walks
    pans: NDArray[np.float64]


def flurries_state(
    seed: int,
    *path: str | int,
    longest_frames: int,
    pans: NDArray[np.float64],
    tau_s: NDArray[np.float64],
    sigma: float,
    channels: int = 2,
) -> Flurries:
    """Start flurries of grains of at most `longest_frames`.

    Args:
        seed: see `rng_state`.
        *path: see `rng_state`.
        longest_frames: of any grain.
        pans: (places,) -1 (left) to 1 (right).
        tau_s: (places,) how long each stays busy or quiet.
        sigma: how much the rate varies, as a natural logarithm: 1 is three times more or less.
        channels: 1 or 2.
    """
    grains = grains_state(seed, *path, longest_frames=longest_frames, channels=channels)
    moods = walks_state(grains.rng, tau_s=tau_s, sigma=np.full(len(pans), sigma))
    return Flurries(grains=grains, moods=moods, pans=pans)


@kernel
def _flurry(
    rng: Rng,
    moods: Walks,
    pans: NDArray[np.float64],
    bank: Samples,
    levels: NDArray[np.float32],
    rates_hz: NDArray[np.float64],
    gains: NDArray[np.float64],
    choice: float,
    choice_width: float,
    ring: Samples,
    cursor: NDArray[np.int64],
    out: Samples,
) -> None:
    step_walks(rng, moods)
    rows = bank.shape[0]
    for k in range(len(pans)):
        for _ in range(poisson(rng, rates_hz[k] * BLOCK_S * np.exp(min(moods[k, 0], 2.0)))):
            onset = int(uniform(rng) * out.shape[0])
            row = int((choice + choice_width * bipolar(rng)) * rows)
            level = levels[int(uniform(rng) * levels.shape[0])]
            pan = min(max(pans[k] + _PLACE_WIDTH * bipolar(rng), -1.0), 1.0)
            place_grain(ring, cursor[0] + onset, bank[min(max(row, 0), rows - 1)], gains[k] * level, pan)
    drain_ring(ring, cursor, out)


def flurry(
    flurries: Flurries,
    bank: Samples,
    levels: NDArray[np.float32],
    *,
    rates_hz: NDArray[np.float64],
    gains: NDArray[np.float64],
    choice: float,
    choice_width: float,
    out: Samples,
) -> None:
    """Add grains into `out`.

    Args:
        flurries: from `flurries_state`.
        bank: (variants, frames) float32, sorted by what `choice` names.
        levels: (n,) float32: the distribution of gains as a table of samples.
        rates_hz: (places,) grains a second of each place, when it is as busy as usual.
        gains: (places,) gain of its grains that begin in this block.
        choice: 0 (first rows of the bank) to 1 (last rows).
        choice_width: how far from there, as a part of the bank.
        out: (BLOCK_FRAMES, channels) float32.
    """
    grains = flurries.grains
    _flurry(
        grains.rng, flurries.moods, flurries.pans, bank, levels, rates_hz, gains, choice, choice_width,
        grains.ring, grains.cursor, out,
    )  # fmt: skip
