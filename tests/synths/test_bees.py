"""Whether bees hum like bees."""

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.animals.bees import BEES
from roomtone.synths.voice import Voice


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(BEES, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def _beat_hz(x: Samples) -> float:
    """Where the hum is strongest most of the time: one that flies past does not count."""
    slices = x.mean(1)[: len(x) // 9_600 * 9_600].reshape(-1, 9_600)
    power = np.median(np.abs(np.fft.rfft(slices * np.hanning(9_600))) ** 2, axis=0)
    hz = np.fft.rfftfreq(9_600, 1 / SAMPLE_RATE_HZ)
    power[hz < 100.0] = 0.0
    return float(hz[np.convolve(power, np.ones(5), "same").argmax()])


@pytest.mark.parametrize("seed", [1, 2])
def test_a_hive_hums_at_the_wing_beat_of_honey_bees(seed: int) -> None:
    assert 190.0 < _beat_hz(_hear(6.0, seed, swarm=1.0)) < 270.0


def test_bumblebees_are_lower_and_mosquitoes_higher() -> None:
    assert _beat_hz(_hear(6.0, swarm=1.0, size=1.0)) < 170.0
    assert _beat_hz(_hear(6.0, swarm=1.0, size=0.0)) > 320.0


def test_a_single_bee_comes_close_and_rests() -> None:
    x = _hear(20.0, swarm=0.0)
    assert hearing.swing_db(x, 150.0, 0.25) > 6.0
    assert hearing.floor_db(x, 150.0) < -15.0


def test_a_bee_passes_from_one_ear_to_the_other() -> None:
    x = _hear(45.0, swarm=0.0)
    slices = (x[: len(x) // 4_800 * 4_800].reshape(-1, 4_800, 2) ** 2).mean(1) + 1e-9
    lean_db = 10.0 * np.log10(slices[:, 1] / slices[:, 0])
    loud = slices.sum(1) > 1e-4
    assert lean_db[loud].max() > 5.0
    assert lean_db[loud].min() < -5.0


def test_angry_bees_are_higher_and_sharper() -> None:
    drowsy, angry = _hear(8.0, swarm=0.8, agitation=0.0), _hear(8.0, swarm=0.8, agitation=1.0)
    assert hearing.centroid_hz(angry) > 1.5 * hearing.centroid_hz(drowsy)
