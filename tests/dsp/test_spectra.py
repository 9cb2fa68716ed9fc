"""Spectra are drawn through points over log frequency."""

import numpy as np

from roomtone.dsp.bed import BED_BANDS, BED_CENTRES_HZ
from roomtone.dsp.spectra import amplitude, curve, power


def test_a_curve_passes_through_its_points_and_stays_level_beyond_them():
    drawn = curve((100.0, 1.0), (1_000.0, 2.0))
    assert drawn.shape == (BED_BANDS,)
    assert drawn[0] == 1.0
    assert drawn[-1] == 2.0
    middle = float(np.interp(np.log(316.23), np.log(BED_CENTRES_HZ), drawn))
    assert abs(middle - 1.5) < 0.01


def test_decibels_become_gains_of_amplitude_or_of_power():
    assert np.allclose(amplitude((100.0, -20.0)), 0.1)
    assert np.allclose(power((100.0, -20.0)), 0.01)
