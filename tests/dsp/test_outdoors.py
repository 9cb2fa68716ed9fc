"""A place in the open breathes, and gives back what is called into it."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.bed import BED_BANDS
from roomtone.dsp.outdoors import Outdoors, echo, open_air, outdoors_state


def _place(air: float) -> Outdoors:
    return outdoors_state(
        1, "test", air=np.full(BED_BANDS, air), decay_s=1.0, longest_s=0.08, dull_hz=5_000.0
    )


def test_air_is_as_loud_as_it_is_given_and_wide() -> None:
    place, out = _place(0.01), np.zeros((BLOCK_FRAMES, 2), np.float32)
    blocks = []
    for _ in range(400):
        open_air(place, 1.0, out)
        blocks.append(out.copy())
    x = np.concatenate(blocks)
    assert 0.006 < np.sqrt((x**2).mean()) < 0.016
    assert np.corrcoef(x.T)[0, 1] < 0.7


def test_a_call_comes_back_and_dies_away() -> None:
    place, out = _place(0.0), np.zeros((BLOCK_FRAMES, 2), np.float32)
    levels = []
    for block in range(100):
        open_air(place, 1.0, out)
        if block == 0:
            place.send[0] = 1.0
        echo(place, wet=0.5, air_hz=15_000.0, out=out)
        levels.append(float(np.sqrt((out**2).mean())))
    assert max(levels[2:12]) > 1e-4
    assert max(levels[90:]) < 0.1 * max(levels[2:12])
