"""Layers of a bed add up, tilt and stir as they were asked to."""

import numpy as np

from roomtone.dsp.bands import bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS

FLAT, RISING = np.ones(BED_BANDS), np.linspace(0.0, 1.0, BED_BANDS)


def test_amplitudes_add_up_and_powers_add_up_as_powers():
    assert np.allclose(layer_bands(bands_state([FLAT, RISING]), (3.0, 4.0)), 3.0 + 4.0 * RISING)
    assert np.allclose(layer_bands(bands_state([FLAT, FLAT], power=True), (9.0, 16.0)), 5.0)


def test_a_tilt_bends_all_layers_by_its_decibels():
    bands = bands_state([FLAT, FLAT], tilts_db=[20.0 * RISING, 40.0 * FLAT])
    assert np.allclose(layer_bands(bands, (0.5, 0.5), tilts=(2.0, -1.0)), 10.0 ** (2.0 * RISING - 2.0))
    bands = bands_state([FLAT], tilts_db=[20.0 * RISING], power=True)
    assert np.allclose(layer_bands(bands, (1.0,), tilts=(1.0,)), 10.0**RISING)


def test_a_stir_of_few_places_reaches_the_bands_between_them_and_only_its_layers():
    bands = bands_state([FLAT, FLAT], reaches=[FLAT, 0.0 * FLAT])
    moved = layer_bands(bands, (1.0, 1.0), stir_db=np.array([[0.0], [-20.0], [20.0]]))
    stir_db = np.interp(np.linspace(0.0, 2.0, BED_BANDS), [0.0, 1.0, 2.0], [0.0, -20.0, 20.0])
    assert np.allclose(moved, 1.0 + 10.0 ** (stir_db / 20.0))
