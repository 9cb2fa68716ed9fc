"""Wheels meet joints in pairs, as often as the train is fast."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.bogies import FRAME, GAIN, PAN, bogies_state, roll


def hits(speed_m_s: float, seconds: float = 20.0) -> np.ndarray:
    """When each falls, in seconds."""
    bogies, times = bogies_state(1, "test"), []
    for block in range(round(seconds * 100)):
        for row in bogies.hits[: roll(bogies, speed_m_s=speed_m_s, aside_m=4.0)]:
            assert 0.0 <= row[FRAME] < BLOCK_FRAMES
            assert row[GAIN] > 0.0
            assert -1.0 <= row[PAN] <= 1.0
            times.append(0.01 * block + row[FRAME] / 48_000.0)
    return np.sort(times)


def test_twice_as_fast_knocks_twice_as_often():
    assert abs(len(hits(30.0)) / len(hits(15.0)) - 2.0) < 0.15


def test_what_stands_does_not_knock():
    assert len(hits(0.0, 2.0)) == 0


def test_what_passes_swells_with_each_bogie():
    bogies = bogies_state(1, "test")
    powers = []
    for _ in range(1_000):
        roll(bogies, speed_m_s=15.0, aside_m=4.0)
        powers.append(bogies.passing.sum())
    assert max(powers) > 3.0 * np.median(powers) or np.std(powers) > 0.3 * np.mean(powers)
