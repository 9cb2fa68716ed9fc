"""A voice reads any synth in pieces of any length and steers it without jumps."""

import math
from dataclasses import replace

import numpy as np
import pytest

from roomtone.errors import SynthError
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice, get_synth


def test_a_misspelt_synth_is_answered_with_the_right_one():
    with pytest.raises(SynthError) as caught:
        get_synth("rian")
    assert caught.value.code == "synth.unknown"
    assert "'rain'" in caught.value.fix


def test_a_synth_unlike_any_is_answered_with_the_list():
    with pytest.raises(SynthError) as caught:
        get_synth("xylophone")
    assert sum(name in caught.value.fix for name in SYNTHS) >= 12


def test_a_misspelt_control_is_answered_with_the_right_one():
    with pytest.raises(SynthError) as caught:
        Voice(get_synth("rain"), 1).read(480, {"intensty": 1.0})
    assert caught.value.code == "synth.unknown-control"
    assert "'intensity'" in caught.value.fix


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf])
def test_a_value_outside_0_to_1_is_refused_and_changes_nothing(value: float):
    voice, untouched = (Voice(get_synth("rain"), 1) for _ in range(2))
    with pytest.raises(SynthError) as caught:
        voice.steer({"distance": 1.0, "intensity": value})
    assert caught.value.code == "synth.control-range"
    assert caught.value.at == "rain.intensity"
    assert np.array_equal(voice.read(4_800), untouched.read(4_800))


def test_only_a_synth_of_events_can_be_struck():
    Voice(get_synth("thunder"), 1).strike()
    with pytest.raises(SynthError) as caught:
        Voice(get_synth("rain"), 1).strike()
    assert caught.value.code == "synth.not-struck"


def test_a_control_arrives_within_its_smoothing_time():
    rain = get_synth("rain")
    heard = []
    probe = _probe(rain, heard)
    voice = Voice(probe, 1, {"intensity": 0.0})
    voice.read(480)
    voice.read(48_000, {"intensity": 1.0})
    steps = np.diff([values[0] for values in heard])
    blocks_on_the_way = int(np.sum(steps > 0.0))
    assert heard[-1][0] == 1.0
    assert blocks_on_the_way == round(rain.controls[0].smooth_s / 0.01)


def test_the_first_block_stands_where_it_was_told_to():
    heard = []
    Voice(_probe(get_synth("rain"), heard), 1, {"intensity": 0.9}).read(480)
    assert heard[0][0] == 0.9


def test_controls_that_are_not_named_stay_where_they_are_going():
    heard = []
    voice = Voice(_probe(get_synth("rain"), heard), 1)
    voice.read(480, {"intensity": 1.0})
    voice.read(48_000, {"distance": 0.0})
    assert heard[-1][0] == 1.0


def _probe(synth, heard):
    """A synth with the same controls, as they come, that writes down which values reach it."""

    def render(state, values, out):
        heard.append(list(values))
        out[:] = 0.0

    return replace(synth, name="probe", render=render)


def test_a_control_that_comes_round_takes_the_shorter_way():
    heard = []
    birds = _probe(get_synth("birds"), heard)
    assert birds.controls[1].name == "hour"
    Voice(birds, 1, {"hour": 0.95}).read(400 * 480, {"hour": 0.05})
    hours = [values[1] for values in heard]
    assert all(hour >= 0.94 or hour <= 0.06 for hour in hours)
    assert hours[-1] == pytest.approx(0.05)
