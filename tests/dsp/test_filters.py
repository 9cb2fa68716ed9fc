"""A one-pole lies where its coefficient says."""

import numpy as np
import pytest
from scipy.signal import freqz

from roomtone.dsp.filters import one_pole_coefficient


@pytest.mark.parametrize("cutoff_hz", [5.0, 100.0, 1_000.0])
def test_a_one_pole_is_3_db_down_at_its_corner(cutoff_hz: float):
    weight = one_pole_coefficient(cutoff_hz)
    _, (response,) = freqz([weight], [1.0, weight - 1.0], worN=[cutoff_hz], fs=48_000)
    assert 20.0 * np.log10(abs(response)) == pytest.approx(-3.0, abs=0.5)
