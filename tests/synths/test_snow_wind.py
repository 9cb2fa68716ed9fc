"""Wind over snow is hushed, and its powder drifts only in the gusts."""

import numpy as np

from listening import hearing
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def _snow(seconds: float = 8.0, seed: int = 1, **controls: float):
    return Voice(SYNTHS["snow_wind"], seed, controls).read(round(seconds * 48_000))


def test_snow_is_more_hushed_than_open_ground():
    ground = Voice(SYNTHS["wind"], 1).read(8 * 48_000)
    snow = _snow(powder=0.0)
    assert hearing.share_db(snow, 2_000.0, 16_000.0) < hearing.share_db(ground, 2_000.0, 16_000.0) - 1.5


def test_powder_lies_still_until_the_wind_lifts_it():
    calm, storm = (_snow(powder=1.0, strength=value) for value in (0.1, 0.9))
    assert hearing.share_db(calm, 4_000.0, 16_000.0) < hearing.share_db(storm, 4_000.0, 16_000.0) - 8.0


def test_wet_snow_does_not_hiss():
    wet, dry = (_snow(powder=value, strength=0.7) for value in (0.0, 1.0))
    assert hearing.share_db(dry, 4_000.0, 16_000.0) > hearing.share_db(wet, 4_000.0, 16_000.0) + 10.0


def test_drifts_swing_more_than_the_wind_that_lifts_them():
    snow = _snow(30.0, powder=1.0, strength=0.7)
    wind, drifts = (10.0 * np.log10(_powers(snow, *band)) for band in ((60.0, 400.0), (5_000.0, 12_000.0)))
    assert drifts.std() > wind.std()


def _powers(x, low_hz: float, high_hz: float):
    envelope = hearing.envelope(x, low_hz, high_hz)
    return (envelope[: len(envelope) // 100 * 100].reshape(-1, 100) ** 2).mean(1)


def test_powder_passes_on_one_side_and_then_on_the_other():
    snow = _snow(20.0, powder=1.0, strength=0.7)
    left, right = (np.log(_powers(snow[:, side : side + 1], 4_000.0, 12_000.0)) for side in (0, 1))
    assert (left - right).std() > 0.15


def test_steady_wind_is_steady():
    assert hearing.swing_db(_snow(20.0, gustiness=0.0, powder=0.0), slice_s=1.0) < 0.8
