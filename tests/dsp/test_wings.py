"""Insects hum at their wing beat, come near and rest."""

import numpy as np
import pytest

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp import wings
from roomtone.dsp.random import rng_state
from roomtone.dsp.turns import minds_state


def _fly(seconds: float, *, present: float = 1.0, register: float = 1.0, seed: int = 1) -> Samples:
    fliers = np.zeros((1, wings.WING_FIELDS))
    fliers[0, [wings.BEAT_HZ, wings.LOUDNESS, wings.X, wings.Y, wings.REST_S]] = 230.0, 0.1, 2.0, 1.0, 0.05
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 2), np.float32)
    rng, minds = rng_state(seed, "test"), minds_state(seed, "test", callers=1)
    for block in out.reshape(-1, BLOCK_FRAMES, 2):
        wings.fly(rng, minds, fliers, present, 1.0, register, 600.0, block)
    return out


@pytest.mark.parametrize("register", [0.7, 1.0, 1.6])
def test_the_hum_is_at_the_wing_beat(register: float) -> None:
    x = _fly(10.0, register=register).sum(1)
    power = np.convolve(np.abs(np.fft.rfft(x)) ** 2, np.ones(101), "same")
    hz = np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE_HZ)
    assert hz[power.argmax()] == pytest.approx(230.0 * register, rel=0.08)


def test_it_rests_between_flights() -> None:
    slices = np.abs(_fly(20.0)).max(1).reshape(-1, 4_800).max(1)
    assert (slices < 0.02 * slices.max()).any()
    assert (slices > 0.2 * slices.max()).any()


def test_it_passes_both_ears() -> None:
    slices = (_fly(30.0).reshape(-1, 4_800, 2) ** 2).mean(1)
    loud = slices.sum(1) > 0.05 * slices.sum(1).max()
    lean = slices[loud, 0] / slices[loud].sum(1)
    assert lean.min() < 0.35
    assert lean.max() > 0.65


def test_nobody_hums_who_is_not_there() -> None:
    assert np.abs(_fly(1.0, present=0.0)).max() == 0.0
