"""Loudness is what BS.1770 says it is, and bands add up to the whole."""

import numpy as np
import pyloudnorm
import pytest
from takes import S, noise, takes

from roomtone.texture.measures import (
    OCTAVES_HZ,
    band_levels_db,
    k_weighted_level_db,
    loudness_range_db,
    short_term_db,
)


def sine(hz: float, seconds: float = 4.0, gain: float = 1.0):
    return (gain * np.sin(2.0 * np.pi * hz * np.arange(round(seconds * S)) / S))[:, None].astype(np.float32)


def meter(samples) -> float:
    return pyloudnorm.Meter(S).integrated_loudness(samples.astype(np.float64))


def test_a_full_scale_sine_of_1_khz_in_one_channel_is_minus_3_lufs():
    assert k_weighted_level_db(sine(997.0)) == pytest.approx(-3.01, abs=0.02)


@pytest.mark.parametrize("hz", [40.0, 100.0, 1_000.0, 3_000.0, 10_000.0])
def test_tones_are_as_loud_as_another_meter_says(hz: float):
    tone = sine(hz, gain=0.3)
    assert k_weighted_level_db(tone) == pytest.approx(meter(tone), abs=0.1)


@pytest.mark.parametrize("name", ["noise", "rain", "crickets"])
def test_steady_sounds_are_as_loud_as_another_meter_says(name: str):
    sound = noise(1, 8.0, channels=2) if name == "noise" else takes(name, count=1, seconds=8.0)[0]
    assert k_weighted_level_db(sound) == pytest.approx(meter(sound), abs=0.1)


def test_a_sound_of_any_length_has_the_same_level():
    rain = noise(3, 5.0)
    assert k_weighted_level_db(rain[: round(2.5 * S)]) == pytest.approx(k_weighted_level_db(rain), abs=0.1)


def test_silence_has_a_level_too():
    silence = np.zeros((S, 2), np.float32)
    assert k_weighted_level_db(silence) == -120.0
    assert loudness_range_db(np.zeros((10 * S, 2), np.float32)) == 0.0
    assert np.all(band_levels_db(silence) == -120.0)


def test_the_loudness_range_of_two_levels_is_their_distance():
    loud, soft = noise(1, 60.0), noise(2, 60.0) * np.float32(10.0 ** (-10.0 / 20.0))
    assert loudness_range_db(np.concatenate((loud, soft))) == pytest.approx(10.0, abs=0.3)


def test_what_is_20_db_under_the_rest_does_not_count_as_range():
    loud, faint = noise(1, 60.0), noise(2, 60.0) * np.float32(0.01)
    assert loudness_range_db(np.concatenate((loud, faint))) < 0.5


def test_short_term_loudness_follows_a_step_within_three_seconds():
    levels = short_term_db(np.concatenate((noise(1, 10.0), noise(2, 10.0) * np.float32(0.1))))
    assert len(levels) == 18
    assert np.allclose(levels[:8], levels[0], atol=0.3)
    assert np.allclose(levels[10:], levels[0] - 20.0, atol=0.3)


@pytest.mark.parametrize("band", range(len(OCTAVES_HZ)))
def test_a_tone_is_in_its_own_octave(band: int):
    levels = band_levels_db(sine(OCTAVES_HZ[band], gain=0.5))
    assert int(levels.argmax()) == band
    assert levels[band] == pytest.approx(20.0 * np.log10(0.5) - 3.01, abs=0.1)
    assert np.delete(levels, band).max() < levels[band] - 24.0


def test_octaves_of_white_noise_rise_by_3_db_and_add_up():
    levels = band_levels_db(noise(1, 8.0, channels=2))
    assert np.allclose(np.diff(levels[2:]), 3.0, atol=0.5)
    assert 10.0 * np.log10((10.0 ** (levels / 10.0)).sum()) == pytest.approx(-20.0, abs=0.3)
