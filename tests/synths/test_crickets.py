"""Whether crickets chirp like crickets."""

import numpy as np
import pytest
from numpy.typing import NDArray

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.animals.crickets import CRICKETS
from roomtone.synths.voice import Voice

_COLD_C, _HOT_C = 12.0, 30.0


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(CRICKETS, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def _chirps_s(x: Samples, gap_s: float) -> NDArray[np.float64]:
    """When each chirp begins: the song comes up after at least `gap_s` of quiet."""
    song = hearing.envelope(x, 3_500.0, 5_500.0)
    loud = np.nonzero(song > 0.25 * np.quantile(song, 0.99))[0] * 0.005
    return loud[1:][np.diff(loud) > gap_s]


def _dolbear_s(temperature: float) -> float:
    return 60.0 / (7.0 * (_COLD_C + temperature * (_HOT_C - _COLD_C)) - 30.0)


@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0])
def test_a_cricket_chirps_by_dolbears_law(temperature: float) -> None:
    period_s = _dolbear_s(temperature)
    x = _hear(30.0, density=0.0, distance=0.0, temperature=temperature)
    heard_s = np.median(np.diff(_chirps_s(x, gap_s=0.3 * period_s)))
    assert heard_s == pytest.approx(period_s, rel=0.12)


def test_a_lone_cricket_falls_silent_now_and_then() -> None:
    gaps_s = np.diff(_chirps_s(_hear(90.0, density=0.0, distance=0.0), gap_s=0.15))
    assert gaps_s.max() > 2.5 * np.median(gaps_s)


def test_no_two_gaps_between_chirps_are_the_same() -> None:
    gaps_s = np.diff(_chirps_s(_hear(30.0, density=0.0, distance=0.0), gap_s=0.15))
    usual = gaps_s[gaps_s < 1.5 * np.median(gaps_s)]
    assert 0.01 < usual.std() / usual.mean() < 0.15


def test_a_field_has_fewer_pauses_than_one_animal() -> None:
    assert (
        hearing.floor_db(_hear(10.0, density=1.0), 3_500.0)
        > hearing.floor_db(_hear(10.0, density=0.0), 3_500.0) + 6.0
    )


def test_a_field_is_heard_from_all_around() -> None:
    alone, field = _hear(8.0, density=0.0, distance=0.0), _hear(8.0, density=1.0, distance=0.0)
    assert hearing.unlikeness_of_sides(field) > hearing.unlikeness_of_sides(alone) + 0.2


def test_distance_takes_the_overtones_first() -> None:
    near, far = _hear(8.0, distance=0.0, brightness=1.0), _hear(8.0, distance=1.0, brightness=1.0)
    assert hearing.share_db(near, 8_000.0, 11_000.0) > hearing.share_db(far, 8_000.0, 11_000.0) + 1.5
