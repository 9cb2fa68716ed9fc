"""Whether dogs bark like dogs."""

import numpy as np
from numpy.typing import NDArray

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.animals.dogs import DOGS
from roomtone.synths.voice import Voice


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(DOGS, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def _barks_s(x: Samples) -> NDArray[np.float64]:
    """When each bark begins."""
    loud = hearing.envelope(x, 300.0, 4_000.0) > 0.03
    return np.nonzero(loud[1:] & ~loud[:-1])[0] * 0.005


def test_barks_come_in_bouts() -> None:
    gaps_s = np.diff(_barks_s(_hear(40.0, rate=0.8, company=0.0)))
    assert (gaps_s < 0.8).mean() > 0.5
    assert gaps_s.max() > 1.5


def test_a_struck_dog_barks_and_an_unstruck_one_is_still() -> None:
    voice = Voice(DOGS, 3, {"rate": 0.0, "company": 0.0})
    assert len(_barks_s(voice.read(3 * SAMPLE_RATE_HZ))) == 0
    voice.strike()
    assert len(_barks_s(voice.read(3 * SAMPLE_RATE_HZ))) >= 1


def test_large_dogs_are_lower_than_small_ones() -> None:
    small, large = _hear(8.0, rate=1.0, company=0.0, size=0.0), _hear(8.0, rate=1.0, company=0.0, size=1.0)
    assert hearing.centroid_hz(small) > 1.6 * hearing.centroid_hz(large)


def test_the_neighbourhood_is_heard_from_all_around() -> None:
    alone, all_of_them = _hear(12.0, rate=1.0, company=0.0), _hear(12.0, rate=1.0, company=1.0)
    assert hearing.floor_db(all_of_them) > hearing.floor_db(alone) + 3.0
    assert hearing.unlikeness_of_sides(all_of_them) > hearing.unlikeness_of_sides(alone)


def test_no_two_barks_are_the_same() -> None:
    x = _hear(20.0, rate=1.0, company=0.0)
    begun_s = _barks_s(x)
    frames = (begun_s[1:][np.diff(begun_s) > 0.2] * SAMPLE_RATE_HZ).astype(int)
    barks = [x[f : f + 7_200] for f in frames if f + 7_200 <= len(x)]
    assert len(barks) > 6
    assert max(hearing.likeness(a, b) for i, a in enumerate(barks) for b in barks[:i]) < 0.9
