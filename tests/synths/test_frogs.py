"""Whether frogs call like frogs."""

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.animals.frogs import FROGS
from roomtone.synths.voice import Voice


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(FROGS, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def _strongest_hz(x: Samples) -> float:
    power = np.abs(np.fft.rfft(x.mean(1))) ** 2
    hz = np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE_HZ)
    power[hz < 100.0] = 0.0
    smooth = np.convolve(power, np.ones(401), "same")
    return float(hz[smooth.argmax()])


@pytest.mark.parametrize(("kind", "low_hz", "high_hz"), [(0.0, 100.0, 700.0), (1.0, 2_200.0, 3_500.0)])
def test_each_kind_calls_in_its_own_band(kind: float, low_hz: float, high_hz: float) -> None:
    assert low_hz < _strongest_hz(_hear(12.0, density=0.5, kind=kind)) < high_hz


def test_tree_frogs_call_at_one_and_two_kilohertz() -> None:
    x = _hear(12.0, density=0.0, kind=dict(FROGS.controls[2].names)["tree"])
    for hz in (1_000.0, 2_100.0):
        assert hearing.band_level_db(x, 0.8 * hz, 1.2 * hz) > hearing.band_level_db(x, 350.0, 700.0) + 6.0


def test_a_chorus_leaves_fewer_pauses_than_one_frog() -> None:
    one, chorus = _hear(15.0, density=0.0), _hear(15.0, density=1.0)
    assert hearing.floor_db(chorus) > hearing.floor_db(one) + 6.0


def test_a_warm_night_is_busier() -> None:
    cold, warm = (
        hearing.busy_share(_hear(20.0, density=0.3, temperature=t), 300.0, -45.0) for t in (0.0, 1.0)
    )
    assert warm > cold + 0.1


def test_a_pond_changes_its_frogs_without_a_pause() -> None:
    voice = Voice(FROGS, 4, {"density": 0.8, "kind": 0.0})
    low = voice.read(8 * SAMPLE_RATE_HZ)
    voice.read(4 * SAMPLE_RATE_HZ, {"kind": 1.0})
    assert hearing.centroid_hz(voice.read(8 * SAMPLE_RATE_HZ)) > 3.0 * hearing.centroid_hz(low)
