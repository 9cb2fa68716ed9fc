"""Whether owls hoot like owls."""

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.animals.owl import OWL
from roomtone.synths.voice import Voice


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(OWL, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def _pitch_hz(x: Samples) -> float:
    power = np.abs(np.fft.rfft(x.mean(1)))
    hz = np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE_HZ)
    power[hz < 200.0] = 0.0
    return float(hz[power.argmax()])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_tawny_owl_hoots_between_600_and_1000_hz(seed: int) -> None:
    assert 600.0 < _pitch_hz(_hear(12.0, seed, rate=1.0, company=0.0)) < 1_000.0


def test_hoots_are_pure() -> None:
    x = _hear(12.0, rate=1.0, company=0.0)
    assert hearing.band_level_db(x, 600.0, 1_000.0) > hearing.band_level_db(x, 1_200.0, 8_000.0) + 12.0


def test_a_mate_answers_higher_and_hoarser() -> None:
    alone, pair = _hear(30.0, rate=1.0, company=0.0), _hear(30.0, rate=1.0, company=0.25)
    assert (
        hearing.band_level_db(pair, 1_200.0, 3_000.0) > hearing.band_level_db(alone, 1_200.0, 3_000.0) + 3.0
    )


def test_an_owl_hoots_when_it_is_struck_and_not_before() -> None:
    voice = Voice(OWL, 3, {"rate": 0.0, "company": 0.0})
    before = hearing.band_level_db(voice.read(2 * SAMPLE_RATE_HZ), 500.0, 1_200.0)
    voice.strike()
    assert hearing.band_level_db(voice.read(2 * SAMPLE_RATE_HZ), 500.0, 1_200.0) > before + 15.0


def test_an_eagle_owl_is_an_octave_below_a_tawny() -> None:
    tawny, eagle = _hear(12.0, rate=1.0, company=0.0), _hear(12.0, rate=1.0, company=0.0, size=1.0)
    assert _pitch_hz(eagle) < 0.62 * _pitch_hz(tawny)
