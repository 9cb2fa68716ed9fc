"""Wind gusts, travels and whistles."""

import hearing
import numpy as np

from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def _wind(seconds: float = 8.0, seed: int = 1, **controls: float):
    return Voice(SYNTHS["wind"], seed, controls).read(round(seconds * 48_000))


def test_still_air_is_hardly_heard():
    assert hearing.level_db(_wind(strength=0.0)) < -45.0


def test_high_bands_follow_a_gust_later_than_low_ones():
    lags = [_lag_s(_wind(40.0, seed, gustiness=0.8), (80.0, 250.0), (2_000.0, 8_000.0)) for seed in (1, 2, 3)]
    assert 0.05 < np.mean(lags) < 0.6


def _lag_s(x, early: tuple[float, float], late: tuple[float, float]) -> float:
    first, second = (_slow(hearing.envelope(x, *band)) for band in (early, late))
    reach = 200
    likeness = [np.corrcoef(first[reach : -reach], second[reach + k : len(second) - reach + k])[0, 1]
                for k in range(-reach, reach)]  # fmt: skip
    return float((np.argmax(likeness) - reach) * 0.005)


def _slow(envelope):
    return np.convolve(np.log(envelope + 1e-9), np.hanning(60) / 30.0, "valid")


def test_gusts_move_every_band_together():
    wind = _wind(30.0, gustiness=0.8)
    low, high = (_slow(hearing.envelope(wind, *band)) for band in ((100.0, 400.0), (800.0, 2_000.0)))
    assert np.corrcoef(low, high)[0, 1] > 0.4


def test_the_whistle_is_a_tone_that_rises_with_the_wind():
    slow, fast = (_peak_hz(_wind(whistle=1.0, gustiness=0.0, strength=value)) for value in (0.5, 1.0))
    assert fast > 1.15 * slow


def _peak_hz(x) -> float:
    hz = np.fft.rfftfreq(len(x), 1 / 48_000)
    power = np.abs(np.fft.rfft(x.mean(1))) ** 2
    band = (hz > 150.0) & (hz < 2_000.0)
    # Against the slope of the wind itself.
    weight = power[band] * hz[band] ** 2
    return float(np.exp((weight * np.log(hz[band])).sum() / weight.sum()))
