"""What is around one thing that sounds: the faint air of a room or a street, and what that gives back of it.

No recording is without it, and between two events an ear misses it: what sounds in nothing sounds like a sample.
Whoever goes on sounding keeps the air open; when the thing falls silent the air sinks away, so that a game that
stops a clock is not left with a hiss.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.reverb import Reverb, answer, reverb_state
from roomtone.dsp.slow import Walks, step_walks, walks_state

_OPENS_S, _CLOSES_S = 0.4, 2.5
_BRIGHTEST_HZ: Final = 14_000.0


@dataclass(slots=True)
class Surroundings:
    """The state of one place.

    Attributes:
        rng: chance.
        bed: its air.
        air: (BED_BANDS,) gains of amplitude of the air.
        breath: how the air comes and goes, dB.
        open: how far it is open, from the first block on.
        reverb: what comes back.
        back: (BLOCK_FRAMES, 2) what comes back in this block.
    """

    rng: Rng
    bed: Bed
    air: NDArray[np.float64]
    breath: Walks
    open: float
    reverb: Reverb
    back: Samples


def surroundings_state(
    seed: int,
    *path: str | int,
    air: NDArray[np.float64],
    decay_s: float = 0.4,
    longest_s: float = 0.03,
    dull_hz: float = 5_000.0,
) -> Surroundings:
    """Start a place.

    Args:
        seed: see `rng_state`.
        *path: see `rng_state`.
        air: (BED_BANDS,) gains of amplitude: the place with nothing in it.
        decay_s: see `reverb_state`.
        longest_s: see `reverb_state`.
        dull_hz: see `reverb_state`.
    """
    rng = rng_state(seed, *path, "surroundings")
    return Surroundings(
        rng=rng,
        bed=bed_state(seed, *path, "surroundings", channels=1),
        air=air,
        breath=walks_state(rng, tau_s=np.array([20.0, 4.0, 0.8]), sigma=np.array([1.2, 1.0, 0.6])),
        open=-1.0,
        reverb=reverb_state(decay_s=decay_s, longest_s=longest_s, dull_hz=dull_hz),
        back=np.zeros((BLOCK_FRAMES, 2), np.float32),
    )


def breathe(place: Surroundings, presence: float, out: Samples) -> None:
    """Overwrite `out` with one block of the air.

    Args:
        place: from `surroundings_state`.
        presence: 0 (nothing sounds by itself here: the air sinks away) to 1; the air follows it in its own time.
        out: (BLOCK_FRAMES, 1) float32.
    """
    if place.open < 0.0:
        place.open = presence
    takes_s = _OPENS_S if presence > place.open else _CLOSES_S
    place.open += (presence - place.open) * BLOCK_S / takes_s
    breath_db = step_walks(place.rng, place.breath)
    render_bed(place.bed, place.air * (place.open * 10.0 ** (breath_db / 20.0)), out)


def give_back(place: Surroundings, wet: float, out: Samples) -> None:
    """Add to `out` what the place gives back of it.

    Args:
        place: from `surroundings_state`.
        wet: gain of the tail, see `roomtone.dsp.reverb.surround`.
        out: (BLOCK_FRAMES, 1) float32.
    """
    answer(place.reverb, place.back, wet=wet, air_hz=_BRIGHTEST_HZ, out=out)
