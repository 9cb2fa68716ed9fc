"""Whether a cat purrs, meows and yowls."""

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.animals.cats import CATS
from roomtone.synths.voice import Voice


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(CATS, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def _swing_hz(x: Samples) -> float:
    """How fast the level flutters."""
    e = hearing.envelope(x, 100.0) ** 2
    power = np.abs(np.fft.rfft((e - e.mean()) * np.hanning(len(e))))
    hz = np.fft.rfftfreq(len(e), 0.005)
    power[(hz < 12.0) | (hz > 60.0)] = 0.0
    return float(hz[power.argmax()])


def _longest_s(x: Samples) -> float:
    """How long the longest call is."""
    quiet = np.nonzero(hearing.envelope(x, 300.0) < 0.01)[0]
    return float(np.diff(quiet).max() * 0.005)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_purr_flutters_at_25_hz(seed: int) -> None:
    assert 20.0 < _swing_hz(_hear(8.0, seed, rate=1.0, mood=0.0)) < 30.0


def test_a_meow_is_far_brighter_than_a_purr() -> None:
    meow, purr = _hear(12.0, rate=1.0, mood=0.7), _hear(12.0, rate=1.0, mood=0.0)
    assert hearing.centroid_hz(meow) > 2.0 * hearing.centroid_hz(purr)


def test_a_yowl_is_louder_and_longer_than_a_meow() -> None:
    meow, yowl = _hear(20.0, rate=1.0, mood=0.7), _hear(20.0, rate=1.0, mood=1.0)
    assert hearing.level_db(yowl) > hearing.level_db(meow) + 4.0
    assert _longest_s(yowl) > 1.3 * _longest_s(meow)


def test_a_cat_is_silent_until_it_is_struck() -> None:
    voice = Voice(CATS, 3, {"rate": 0.0, "mood": 0.7})
    assert hearing.level_db(voice.read(2 * SAMPLE_RATE_HZ)) < -100.0
    voice.strike()
    assert hearing.level_db(voice.read(2 * SAMPLE_RATE_HZ)) > -40.0


def test_two_seeds_are_two_cats() -> None:
    one, other = _hear(10.0, 1, rate=1.0, mood=0.7), _hear(10.0, 2, rate=1.0, mood=0.7)
    assert hearing.likeness(one, other) < 0.3
