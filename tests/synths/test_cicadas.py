"""Whether cicadas sing like cicadas."""

import numpy as np

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.animals.cicadas import CICADAS
from roomtone.synths.voice import Voice


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(CICADAS, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def test_the_song_lies_between_3_and_9_khz() -> None:
    x = _hear(12.0, density=0.5)
    assert hearing.band_level_db(x, 3_000.0, 9_000.0) > hearing.band_level_db(x, 60.0, 2_500.0) + 8.0


def test_a_song_is_made_of_more_than_a_hundred_clicks_a_second() -> None:
    x = _hear(14.0, 3, density=0.0, heat=1.0).mean(1)
    power = np.abs(np.fft.rfft(np.abs(x) - np.abs(x).mean()))
    hz = np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE_HZ)
    clicks = (hz > 80.0) & (hz < 500.0)
    assert power[clicks].max() > 6.0 * np.median(power[clicks])


def test_songs_swell() -> None:
    assert hearing.swing_db(_hear(25.0, density=0.0), 3_000.0, 1.0) > 3.0


def test_small_cicadas_are_an_octave_above_large_ones() -> None:
    small, large = _hear(8.0, size=0.0), _hear(8.0, size=1.0)
    assert hearing.centroid_hz(small) > 1.8 * hearing.centroid_hz(large)


def test_in_midday_heat_nobody_rests() -> None:
    # The first song begins at once, in any weather.
    cool_db, hot_db = (
        np.mean(
            [
                hearing.usual_level_db(
                    _hear(60.0, seed, density=0.2, heat=heat)[20 * SAMPLE_RATE_HZ :], 3_000.0, 9_000.0
                )
                for seed in (1, 2)
            ]
        )
        for heat in (0.0, 1.0)
    )
    assert hot_db > cool_db + 4.0
