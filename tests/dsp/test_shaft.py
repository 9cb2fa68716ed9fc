"""A shaft sounds at its orders, passes through the resonances of its housing, and stands still in silence."""

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.shaft import HOUSING_HZ, Shaft, beat, housing, shaft_state, spin

_STEADY = ((1.0, 0.0),)


def spun(shaft: Shaft, *, hz: float, blocks: int = 200, level: float = 1.0, tilt: float = 0.0) -> Samples:
    out = np.zeros((blocks * BLOCK_FRAMES, 1), np.float32)
    for block in out.reshape(-1, BLOCK_FRAMES, 1):
        spin(shaft, hz=hz, level=level, tilt=tilt, out=block)
    return out


def level_at(x: Samples, hz: float) -> float:
    """Peak of the tone at `hz`."""
    t = np.arange(len(x)) / SAMPLE_RATE_HZ
    window = np.hanning(len(x))
    return float(2.0 * np.abs((x[:, 0] * window * np.exp(-2j * np.pi * hz * t)).sum()) / window.sum())


def steady(orders: list[float], levels_db: list[float], gains: NDArray[np.float64] | None = None) -> Shaft:
    return shaft_state(
        1, "test", orders=orders, levels_db=levels_db, wobble=_STEADY, restless_db=0.0, housing=gains
    )


def test_each_order_sounds_at_its_multiple_and_its_level():
    x = spun(steady([1.0, 3.0], [-20.0, -40.0]), hz=100.0)
    assert abs(20.0 * np.log10(level_at(x, 100.0)) + 20.0) < 0.2
    assert abs(20.0 * np.log10(level_at(x, 300.0)) + 40.0) < 0.2
    assert level_at(x, 200.0) < 1e-4


def test_a_tilt_makes_high_orders_stronger_by_6_db_an_octave():
    flat, tilted = (spun(steady([1.0, 4.0], [-30.0, -30.0]), hz=100.0, tilt=tilt) for tilt in (0.0, 1.0))
    assert abs(level_at(tilted, 400.0) / level_at(flat, 400.0) - 4.0) < 0.1


def test_what_stands_still_is_silent_and_what_would_fold_is_left_out():
    assert np.abs(spun(steady([1.0, 2.0], [-20.0, -20.0]), hz=0.0)).max() == 0.0
    assert np.abs(spun(steady([30.0], [-20.0]), hz=900.0)).max() == 0.0


def test_a_run_up_has_no_step():
    shaft = steady([1.0], [-20.0])
    out = np.zeros((100 * BLOCK_FRAMES, 1), np.float32)
    for i, block in enumerate(out.reshape(-1, BLOCK_FRAMES, 1)):
        spin(shaft, hz=50.0 + 10.0 * i, level=0.5 + 0.5 * (i % 2), out=block)
    steepest = 2.0 * np.pi * 1_050.0 / SAMPLE_RATE_HZ * 0.1
    assert np.abs(np.diff(out[:, 0])).max() < 1.1 * steepest


def test_a_housing_answers_some_pitches_more_than_others():
    gains = housing(np.random.default_rng(1), low_hz=200.0, high_hz=4_000.0, modes=5, height_db=15.0, q=8.0)
    assert gains.shape == HOUSING_HZ.shape
    strongest = float(HOUSING_HZ[gains.argmax()])
    at_peak, beside = (spun(steady([1.0], [-40.0], gains), hz=hz) for hz in (strongest, 25.0))
    assert level_at(at_peak, strongest) > 2.0 * level_at(beside, 25.0)


def test_a_restless_shaft_wanders_and_two_do_not_wander_alike():
    one, other = (
        spun(shaft_state(seed, "test", orders=[1.0], levels_db=[-20.0]), hz=200.0) for seed in (1, 2)
    )
    envelopes = [np.abs(x[:, 0]).reshape(-1, BLOCK_FRAMES).max(1) for x in (one, other)]
    assert all(e.std() / e.mean() > 0.05 for e in envelopes)
    assert not np.allclose(*envelopes, rtol=0.05)


def test_a_beat_leaves_the_power_of_noise_and_shapes_it_in_step_with_the_blades():
    shaft, chance = steady([1.0], [-200.0]), np.random.default_rng(1)
    out = chance.normal(0.0, 0.1, (200 * BLOCK_FRAMES, 1)).astype(np.float32)
    before = np.square(out).mean()
    for block in out.reshape(-1, BLOCK_FRAMES, 1):
        spin(shaft, hz=5.0, level=1.0, out=block)
        beat(shaft, 4.0, 1.0, block)
    assert abs(10.0 * np.log10(np.square(out).mean() / before)) < 0.7
    power = np.square(out[:, 0]).reshape(-1, 48).mean(1)
    spectrum = np.abs(np.fft.rfft(power - power.mean()))
    assert np.fft.rfftfreq(len(power), 0.001)[spectrum.argmax()] == 20.0
