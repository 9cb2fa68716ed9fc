"""Whether crows caw like crows."""

import numpy as np

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.animals.crows import CROWS
from roomtone.synths.voice import Voice


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(CROWS, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def _caw_s(x: Samples) -> float:
    """How long a caw is: the middle of the stretches that are loud."""
    loud = hearing.envelope(x, 500.0, 4_000.0) > 0.02
    edges = np.diff(np.concatenate(([0], loud.astype(int), [0])))
    lengths = (np.nonzero(edges == -1)[0] - np.nonzero(edges == 1)[0]) * 0.005
    return float(np.median(lengths[lengths > 0.05]))


def test_a_caw_is_a_fifth_to_half_a_second_long() -> None:
    assert 0.15 < _caw_s(_hear(30.0, activity=0.0, agitation=0.0)) < 0.5


def test_alarm_makes_caws_shorter_and_brighter() -> None:
    calm, alarmed = (_hear(30.0, activity=0.3, agitation=agitation) for agitation in (0.0, 1.0))
    assert hearing.centroid_hz(alarmed) > 1.15 * hearing.centroid_hz(calm)


def test_caws_are_hoarse_and_fill_the_band_of_a_throat() -> None:
    x = _hear(15.0, activity=0.4)
    assert hearing.band_level_db(x, 800.0, 2_500.0) > hearing.band_level_db(x, 60.0, 350.0) + 10.0


def test_a_rookery_hardly_pauses() -> None:
    one, rookery = _hear(20.0, activity=0.0), _hear(20.0, activity=1.0)
    assert hearing.busy_share(rookery, 500.0, -45.0) > hearing.busy_share(one, 500.0, -45.0) + 0.4


def test_ravens_are_lower_than_jackdaws() -> None:
    ravens, jackdaws = _hear(15.0, size=1.0), _hear(15.0, size=0.0)
    assert hearing.centroid_hz(jackdaws) > 1.5 * hearing.centroid_hz(ravens)
