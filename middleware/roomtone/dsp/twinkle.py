"""Air that moves between a sound and an ear lets pitches through by turns: every band twinkles by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.random import Rng
from roomtone.dsp.slow import Walks, step_walks, walks_state


@dataclass(slots=True)
class Twinkle:
    """The state of some bands that twinkle.

    Attributes:
        rng: chance.
        walks: one set, of one walk a band, for each pace.
        stir_db: (places, 1) what the last step arrived at, as `layer_bands` takes it.
    """

    rng: Rng
    walks: tuple[Walks, ...]
    stir_db: NDArray[np.float64]


def twinkle_state(rng: Rng, *, places: int, paces: Sequence[tuple[float, float]]) -> Twinkle:
    """Start as if it had been going on for ever.

    Args:
        rng: chance.
        places: how many bands move by themselves, evenly spaced over those of a bed.
        paces: (how long it remembers in s, standard deviation in dB) of each part of the movement.

    Source: Daigle, Piercy & Embleton (1983), "Line-of-sight propagation through atmospheric turbulence near the
    ground": log-amplitude fluctuates normally, and the more the higher the pitch.
    """
    walks = tuple(
        walks_state(rng, tau_s=np.full(places, tau_s), sigma=np.full(places, sigma_db))
        for tau_s, sigma_db in paces
    )
    return Twinkle(rng, walks, np.zeros((places, 1)))


def twinkle(state: Twinkle) -> NDArray[np.float64]:
    """Move on by one block and return `stir_db`, valid until the next call."""
    state.stir_db[:] = 0.0
    for walks in state.walks:
        step_walks(state.rng, walks)
        state.stir_db[:, 0] += walks[:, 0]
    return state.stir_db
