"""Magic: swells that bloom and scatter, pure or out of tune."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.designed.magic import MAGIC
from roomtone.synths.voice import Voice


def _struck(seconds: float, seed: int = 1, **controls: float) -> Samples:
    voice = Voice(MAGIC, seed, {"rate": 0.0, **controls})
    voice.read(4_800)
    voice.strike()
    return voice.read(round(seconds * 48_000))


def test_it_is_silent_until_it_is_struck():
    voice = Voice(MAGIC, 1, {"rate": 0.0})
    assert hearing.level_db(voice.read(96_000)) < -90.0
    voice.strike()
    assert hearing.level_db(voice.read(96_000)) > -50.0


def test_a_swell_rises_softly_and_rings_out():
    x = _struck(9.0)
    levels = np.array([hearing.level_db(part) for part in np.split(x[: 9 * 48_000], 45)])
    loudest = int(levels.argmax())
    assert loudest >= 1
    assert levels[loudest] > levels[0] + 3.0
    assert levels[-1] < levels[loudest] - 25.0


def test_it_spreads_to_both_sides_as_it_scatters():
    x = _struck(4.0, power=0.8)
    early, late = (hearing.unlikeness_of_sides(x[a : a + 48_000]) for a in (0, 96_000))
    assert late > early


def test_what_is_dark_is_low():
    benign, dark = (hearing.centroid_hz(_struck(4.0, mood=mood)) for mood in (0.0, 1.0))
    assert dark < 0.5 * benign


def test_power_is_louder_and_has_more_partials():
    glimmer, rings = (_struck(4.0, power=power) for power in (0.0, 1.0))
    assert hearing.loudness_lufs(rings) > hearing.loudness_lufs(glimmer) + 8.0


def test_no_two_swells_have_the_same_pitch():
    peaks = {int(np.abs(np.fft.rfft(_struck(2.0, seed).mean(1))).argmax()) for seed in range(5)}
    assert len(peaks) >= 4
