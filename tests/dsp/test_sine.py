"""A cheap sine is still a sine."""

import numpy as np

from roomtone.dsp.sine import sine


def test_it_is_a_sine_for_any_number_of_turns() -> None:
    turns = np.random.default_rng(1).uniform(-50.0, 50.0, 4_000)
    heard = np.array([sine(t) for t in turns])
    assert np.abs(heard - np.sin(2 * np.pi * turns)).max() < 2e-6
