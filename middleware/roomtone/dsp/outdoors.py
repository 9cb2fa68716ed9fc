"""A place in the open for animals to call in: the air of the place, breathing, and what it gives back of each call."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state


@dataclass(slots=True)
class Outdoors:
    """The state of one place.

    Attributes:
        rng: chance.
        bed: its air.
        air: (BED_BANDS,) gains of amplitude of the air.
        breeze: how the air comes and goes, dB.
        reverb: what comes back.
        send: (BLOCK_FRAMES,) what calls send into it in this block.
    """

    rng: Rng
    bed: Bed
    air: NDArray[np.float64]
    breeze: Walks
    reverb: Reverb
    send: NDArray[np.float32]


def outdoors_state(
    seed: int, *path: str | int, air: NDArray[np.float64], decay_s: float, longest_s: float, dull_hz: float
) -> Outdoors:
    """Start a place.

    Args:
        seed: see `rng_state`.
        *path: see `rng_state`.
        air: (BED_BANDS,) gains of amplitude: the place with nobody in it.
        decay_s: see `reverb_state`.
        longest_s: see `reverb_state`.
        dull_hz: see `reverb_state`.
    """
    rng = rng_state(seed, *path, "outdoors")
    return Outdoors(
        rng=rng,
        bed=bed_state(seed, *path),
        air=air,
        breeze=walks_state(rng, tau_s=np.array([8.0, 2.0, 0.5]), sigma=np.array([1.6, 1.0, 0.5])),
        reverb=reverb_state(decay_s=decay_s, longest_s=longest_s, dull_hz=dull_hz),
        send=np.zeros(BLOCK_FRAMES, np.float32),
    )


def open_air(place: Outdoors, gain: float, out: Samples) -> None:
    """Overwrite `out` with one block of the air, and wait for what is sent.

    Args:
        place: from `outdoors_state`.
        gain: of the air.
        out: (BLOCK_FRAMES, 2) float32.
    """
    breeze_db = step_walks(place.rng, place.breeze)
    render_bed(place.bed, place.air * (gain * 10.0 ** (breeze_db / 20.0)), out)
    place.send[:] = 0.0


def echo(place: Outdoors, *, wet: float, air_hz: float, out: Samples) -> None:
    """Add what the place gives back of what was sent, as a last stage; see `surround`."""
    surround(place.reverb, place.send, wet=wet, air_hz=air_hz, out=out)
