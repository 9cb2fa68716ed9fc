"""Bands twinkle as far as they are told, each by itself."""

import numpy as np

from roomtone.dsp.random import rng_state
from roomtone.dsp.twinkle import twinkle, twinkle_state


def test_bands_move_as_far_as_told_and_each_by_itself():
    state = twinkle_state(rng_state(1, "test"), places=4, paces=((0.02, 3.0), (0.1, 4.0)))
    moves = np.array([twinkle(state)[:, 0].copy() for _ in range(8_000)])
    assert np.allclose(moves.std(0), 5.0, rtol=0.1)
    assert np.abs(np.corrcoef(moves.T)[np.triu_indices(4, 1)]).max() < 0.15
