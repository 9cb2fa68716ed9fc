"""Walks wander as far and as slowly as they were told."""

import numpy as np

from roomtone.dsp.random import rng_state
from roomtone.dsp.slow import step_walks, walks_state


def _walk(tau_s: float, sigma: float, blocks: int = 40_000):
    rng = rng_state(1, "walk")
    walks = walks_state(rng, tau_s=np.array([tau_s]), sigma=np.array([sigma]))
    return np.array([step_walks(rng, walks) for _ in range(blocks)])


def test_a_walk_has_the_spread_it_was_given():
    assert abs(_walk(0.2, 3.0).std() / 3.0 - 1.0) < 0.1


def test_a_walk_forgets_after_its_time_constant():
    walk = _walk(0.5, 1.0)
    after = np.corrcoef(walk[:-50], walk[50:])[0, 1]
    assert abs(after - np.exp(-1.0)) < 0.1
