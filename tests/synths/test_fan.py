"""A fan beats the air with its blades, hums on the mains, and ticks once a turn where it is loose."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 6.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["fan"], seed, {"swing": 0.0, "rattle": 0.0, **controls}).read(round(seconds * 48_000))


def test_a_faster_fan_is_louder_and_higher():
    slow, fast = heard(speed=0.1), heard(speed=0.9)
    assert hearing.loudness_lufs(fast) > hearing.loudness_lufs(slow) + 10.0
    assert hearing.centroid_hz(fast) > hearing.centroid_hz(slow)


def test_a_large_fan_is_heard_lower_than_a_small_one():
    assert hearing.centroid_hz(heard(size=1.0)) < 0.6 * hearing.centroid_hz(heard(size=0.0))


def test_each_blade_of_a_large_fan_is_felt():
    envelope = hearing.envelope(heard(20.0, size=1.0, speed=0.8), 300.0, 4_000.0)
    power = np.abs(np.fft.rfft((envelope - envelope.mean()) * np.hanning(len(envelope)))) ** 2
    hz = np.fft.rfftfreq(len(envelope), 240 / 48_000)
    blades = power[(hz > 15.0) & (hz < 35.0)].max()
    assert blades > 8.0 * np.median(power[(hz > 5.0) & (hz < 60.0)])


def test_its_air_is_noise_without_a_whistle():
    assert hearing.line_db(heard(20.0, size=0.4), 1_000.0, 12_000.0) < 4.0


def test_a_loose_grille_ticks_as_often_as_the_fan_turns():
    ticks = hearing.events_per_s(heard(20.0, size=0.8, rattle=1.0), 1_500.0, 9.0)
    assert 2.0 < ticks < 14.0


def test_a_head_that_swings_comes_and_goes_every_ten_seconds_or_so():
    still, swinging = heard(30.0, swing=0.0), heard(30.0, swing=1.0)
    assert hearing.swing_db(swinging) > 2.0 * hearing.swing_db(still)
