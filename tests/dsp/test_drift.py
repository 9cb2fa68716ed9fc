"""Drift can be read anywhere, is smooth, bounded and slow, and differs by key."""

import numpy as np

from roomtone.dsp.drift import bits_at, drift_at

KEY = np.uint64(12345)
KNOT = 48_000


def walk(key: np.uint64, first: int = 0, frames: int = 4_000_000, step: int = 480):
    return np.array([drift_at(key, KNOT, first + i) for i in range(0, frames, step)])


def test_drift_stays_within_one_and_visits_both_sides():
    values = walk(KEY)
    assert np.abs(values).max() <= 1.0
    assert values.min() < -0.3
    assert values.max() > 0.3
    assert abs(values.mean()) < 0.3


def test_drift_never_jumps_nor_bends_sharply():
    values = walk(KEY, frames=400_000, step=48)
    assert np.abs(np.diff(values)).max() <= 2.0 * 48 / KNOT
    assert np.abs(np.diff(values, 2)).max() <= 8.0 * (48 / KNOT) ** 2


def test_drift_crosses_its_middle_about_every_two_and_a_half_knots():
    values = walk(KEY, frames=2_000 * KNOT, step=KNOT // 4)
    crossings = np.count_nonzero(np.diff(np.sign(values)))
    assert 2.2 < 2_000 / crossings < 3.2


def test_drift_far_in_the_stream_is_as_smooth_as_at_its_beginning():
    values = walk(KEY, first=2**53 - 400_000, frames=300_000, step=48)
    assert 0.0 < np.abs(np.diff(values)).max() <= 2.0 * 48 / KNOT


def test_other_keys_drift_elsewhere():
    assert abs(np.corrcoef(walk(KEY), walk(np.uint64(54321)))[0, 1]) < 0.4


def test_bits_are_even_and_differ_from_place_to_place():
    bits = [int(bits_at(KEY, i)) for i in range(4_000)]
    assert len(set(bits)) == 4_000
    ones = np.array([b.bit_count() for b in bits])
    assert abs(ones.mean() - 32.0) < 0.3
