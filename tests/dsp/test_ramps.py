"""Gains arrive without a step, in one channel or two."""

import numpy as np

from roomtone.dsp.ramps import add_ramped


def test_a_gain_walks_to_its_goal_within_the_block():
    out = np.zeros((480, 2), np.float32)
    add_ramped(np.ones((480, 1), np.float32), 0.0, 1.0, out)
    assert out[0, 0] < 0.01
    assert abs(out[-1, 1] - 1.0) < 1e-6
    assert np.diff(out[:, 0]).max() < 0.005


def test_stereo_into_mono_is_the_mean():
    out = np.zeros((480, 1), np.float32)
    add_ramped(np.tile(np.array([[1.0, 0.5]], np.float32), (480, 1)), 1.0, 1.0, out)
    assert np.allclose(out, 0.75)
