"""Filters keep what they should keep, take what they should take, and stay stable while swept."""

import numpy as np
import pytest

from roomtone.dsp.filters import (
    BANDPASS,
    HIGHPASS,
    LOWPASS,
    one_pole_highpass,
    one_pole_lowpass,
    one_pole_state,
    svf,
    svf_state,
)


def _tone(hz: float, frames: int = 48_000):
    return np.sin(2.0 * np.pi * hz * np.arange(frames) / 48_000).astype(np.float32)[:, None]


def _gain_db(filtered) -> float:
    return 20.0 * float(np.log10(filtered[24_000:].std() * 2**0.5 + 1e-12))


def test_a_one_pole_is_3_db_down_at_its_corner():
    low, high = _tone(1_000.0), _tone(1_000.0)
    one_pole_lowpass(low, 1_000.0, one_pole_state(1))
    one_pole_highpass(high, 1_000.0, one_pole_state(1))
    assert _gain_db(low) == pytest.approx(-3.0, abs=0.5)
    assert _gain_db(high) == pytest.approx(-3.0, abs=0.7)


@pytest.mark.parametrize(
    ("kind", "kept_hz", "lost_hz"), [(LOWPASS, 100.0, 16_000.0), (HIGHPASS, 16_000.0, 60.0)]
)
def test_a_state_variable_filter_keeps_one_side_and_loses_the_other(
    kind: int, kept_hz: float, lost_hz: float
):
    kept, lost = _tone(kept_hz), _tone(lost_hz)
    svf(kept, kind, 1_000.0, 0.707, svf_state(1))
    svf(lost, kind, 1_000.0, 0.707, svf_state(1))
    assert _gain_db(kept) == pytest.approx(0.0, abs=0.2)
    assert _gain_db(lost) < -45.0


def test_a_bandpass_passes_its_centre_unchanged_whatever_its_q():
    for q in (0.7, 5.0, 30.0):
        tone = _tone(2_000.0)
        svf(tone, BANDPASS, 2_000.0, q, svf_state(1))
        assert _gain_db(tone) == pytest.approx(0.0, abs=0.1)


def test_a_sweep_from_end_to_end_stays_bounded():
    rng = np.random.default_rng(1)
    state = svf_state(2)
    for b in range(400):
        block = rng.uniform(-1.0, 1.0, (480, 2)).astype(np.float32)
        svf(block, LOWPASS, 20.0 if b % 2 else 20_000.0, 4.0, state)
        assert np.abs(block).max() < 12.0


def test_two_blocks_equal_one_when_nothing_moves():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(960, 2)).astype(np.float32)
    whole, halves = x.copy(), x.copy()
    svf(whole, LOWPASS, 700.0, 1.0, svf_state(2))
    state = svf_state(2)
    svf(halves[:480], LOWPASS, 700.0, 1.0, state)
    svf(halves[480:], LOWPASS, 700.0, 1.0, state)
    assert np.array_equal(whole, halves)
