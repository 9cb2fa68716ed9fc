"""A clock ticks and tocks, evenly but not quite."""

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.calibration import along, calibration
from roomtone.synths.people.clock import CLOCK
from roomtone.synths.voice import Voice

_SIZES = dict(CLOCK.controls[1].names)


def heard(seconds: float = 12.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(CLOCK, seed, controls).read(round(seconds * 48_000))


def ticks_s(x: Samples) -> np.ndarray:
    e = hearing.envelope(x, 500.0)
    loud = np.nonzero(e > 0.25 * e.max())[0] * 0.005
    return loud[np.concatenate(([True], np.diff(loud) > 0.1))]


@pytest.mark.parametrize(("name", "per_s"), [("mantel", 2.0), ("grandfather", 1.0)])
def test_each_clock_keeps_its_own_time(name: str, per_s: float) -> None:
    beats = np.diff(ticks_s(heard(20.0, size=_SIZES[name], rate=0.5)))
    assert 1.0 / beats.mean() == pytest.approx(per_s, rel=0.15)


def test_tick_and_tock_are_not_alike() -> None:
    beats = np.diff(ticks_s(heard(20.0, size=1.0)))
    even, odd = beats[::2].mean(), beats[1::2].mean()
    assert 0.02 < abs(even - odd) / beats.mean() < 0.4


def test_a_watch_is_bright_and_a_grandfather_clock_is_not() -> None:
    watch, grandfather = (hearing.centroid_hz(heard(size=size)) for size in (0.0, 1.0))
    assert watch > 5_000.0
    assert grandfather < 1_500.0


def test_names_stand_where_only_that_clock_sounds() -> None:
    measured = calibration("clock")
    assert measured is not None
    curve = measured.controls["size"].curve
    for place, name in enumerate(_SIZES):
        assert along(curve, _SIZES[name]) * 3.0 == pytest.approx(place, abs=0.25), name


def test_it_stands_still_at_rate_0_and_ticks_once_when_struck() -> None:
    voice = Voice(CLOCK, 1, {"rate": 0.0})
    assert hearing.peak(voice.read(48_000)) < 1e-6
    voice.strike()
    assert hearing.peak(voice.read(4_800)) > 0.05
