"""Lows meet in the middle, highs stay where they are, and the mono mix does not change."""

import numpy as np
import pytest

from roomtone.dsp.width import gather_lows, gathering_state


def _opposed(hz: float) -> np.ndarray:
    tone = np.sin(2.0 * np.pi * hz * np.arange(24_000) / 48_000.0)
    return np.stack((tone, -0.5 * tone), -1).astype(np.float32)


@pytest.mark.parametrize(("hz", "kept"), [(40.0, 0.4), (6_000.0, 1.0)])
def test_only_the_difference_of_low_sides_shrinks(hz: float, kept: float):
    x = _opposed(hz)
    y = x.copy()
    gather_lows(gathering_state(), 600.0, y)
    np.testing.assert_allclose(y.sum(1), x.sum(1), atol=1e-6)
    before, after = np.ptp(x[12_000:, 0] - x[12_000:, 1]), np.ptp(y[12_000:, 0] - y[12_000:, 1])
    assert after / before == pytest.approx(kept, abs=0.05)


def test_block_sizes_make_no_difference():
    whole, parts, state = _opposed(90.0), _opposed(90.0), gathering_state()
    gather_lows(gathering_state(), 600.0, whole)
    for start in range(0, len(parts), 480):
        gather_lows(state, 600.0, parts[start : start + 480])
    np.testing.assert_array_equal(whole, parts)
