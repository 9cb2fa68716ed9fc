"""Slow life: the walks that make gusts, swells and drift, one value a block."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, normal

Walks: TypeAlias = NDArray[np.float64]
"""`(walks, 3)`: value, decay per block, and the size of the kick that keeps the variance."""


def walks_state(rng: Rng, *, tau_s: NDArray[np.float64], sigma: NDArray[np.float64]) -> Walks:
    """Start mean-reverting walks in their stationary distribution, so that the first minute is like any other.

    Args:
        rng: chance.
        tau_s: (walks,) how long each remembers.
        sigma: (walks,) standard deviation of each, in the unit of your choice (often dB).

    Source: Ornstein-Uhlenbeck process, exact discretisation.
    """
    walks = np.empty((len(tau_s), 3))
    walks[:, 1] = np.exp(-BLOCK_S / tau_s)
    walks[:, 2] = sigma * np.sqrt(1.0 - walks[:, 1] ** 2)
    for i in range(len(tau_s)):
        walks[i, 0] = sigma[i] * normal(rng)
    return walks


@kernel
def step_walks(rng: Rng, walks: Walks) -> float:
    """Advance every walk by one block and return their sum; each value stands in `walks[:, 0]`."""
    total = 0.0
    for i in range(walks.shape[0]):
        walks[i, 0] = walks[i, 0] * walks[i, 1] + walks[i, 2] * normal(rng)
        total += walks[i, 0]
    return total
