"""Wind gusts, travels and whistles."""

import numpy as np
import pytest

from listening import hearing
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


def test_the_smaller_what_it_blows_through_the_higher_it_sings():
    row = next(control for control in SYNTHS["wind"].controls if control.name == "through")
    sung_hz = [hearing.centroid_hz(_wind(4.0, whistle=1.0, gustiness=0.0, through=at)) for _, at in row.names]
    assert sung_hz == sorted(sung_hz)
    assert sung_hz[-1] > 5.0 * sung_hz[0]


def test_wires_sing_a_sharper_tone_than_a_cave():
    wires, cave = (
        hearing.line_db(_wind(20.0, whistle=1.0, gustiness=0.0, through=at), 80.0, 2_000.0)
        for at in (0.5, 0.0)
    )
    assert wires > cave


def _peak_hz(x) -> float:
    hz = np.fft.rfftfreq(len(x), 1 / 48_000)
    power = np.abs(np.fft.rfft(x.mean(1))) ** 2
    band = (hz > 150.0) & (hz < 2_000.0)
    # Against the slope of the wind itself.
    weight = power[band] * hz[band] ** 2
    return float(np.exp((weight * np.log(hz[band])).sum() / weight.sum()))


def test_a_fresh_wind_gusts_within_a_quarter_of_a_minute():
    swings_db = [hearing.swing_db(_wind(15.0, seed), slice_s=1.0) for seed in range(1, 9)]
    assert np.mean(swings_db) > 1.35


@pytest.mark.parametrize("gustiness", [0.5, 1.0])
def test_gusts_are_slow_rather_than_a_flutter(gustiness: float):
    # Of how the hiss moves, little is faster than one second: faster, it beats like a rotor.
    shares = [_flutter_share(_wind(30.0, seed, gustiness=gustiness)) for seed in (1, 2, 3, 5)]
    assert np.mean(shares) < 0.2


def _flutter_share(x) -> float:
    e = np.log(hearing.envelope(x, 1_500.0, 6_000.0))
    power = np.abs(np.fft.rfft((e - e.mean()) * np.hanning(len(e)))) ** 2
    hz = np.fft.rfftfreq(len(e), 0.005)
    return float(power[(hz > 0.7) & (hz < 3.0)].sum() / power[1:].sum())
