"""What is heard on a shop floor begins and ends in silence, and no two are alike."""

import numpy as np
import pytest

from listening import hearing
from roomtone.dsp import shopfloor
from roomtone.dsp.impacts import Sound


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def press(seed: int, weight: float) -> Sound:
    return shopfloor.boom(chance(seed), shopfloor.draw_press(chance(seed), weight=weight), weight=weight)


@pytest.mark.parametrize("make", [lambda seed: press(seed, 0.9), lambda seed: shopfloor.fall(chance(seed)),
                                  lambda seed: shopfloor.vent(chance(seed))])  # fmt: skip
def test_it_ends_in_silence_and_another_is_another(make):
    one, other = make(1), make(2)
    assert np.abs(one[-20:]).max() < 0.01 * np.abs(one).max()
    shorter = min(len(one), len(other))
    assert hearing.likeness(one[:shorter, None], other[:shorter, None]) < 0.8


def test_a_heavy_press_is_lower_than_a_light_one():
    heavy, light = (hearing.centroid_hz(press(3, weight)[:, None]) for weight in (1.0, 0.0))
    assert heavy < light


def test_a_valve_rushes_without_a_tone():
    rush = shopfloor.vent(chance(5))
    assert hearing.share_db(rush[:, None], 2_000.0, 20_000.0) > -3.0


def test_an_alarm_has_its_pitch():
    sound = shopfloor.beep(1_200.0, 0.4)
    power = np.abs(np.fft.rfft(sound)) ** 2
    assert abs(np.fft.rfftfreq(len(sound), 1 / 48_000)[power.argmax()] - 1_200.0) < 5.0
