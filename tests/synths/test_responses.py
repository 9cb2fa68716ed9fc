"""Every control changes what it names, evenly to the ear: the committed tables say so, and they are true."""

import numpy as np
import pytest

from listening.meaning import Meaning
from listening.sounds import MEANINGS, meanings_of
from listening.sweep import PLACES, straightness, sweep
from roomtone.synths import SYNTHS, Synth
from roomtone.synths.calibration import along, calibration
from roomtone.synths.model import DISTANCE, INSIDE

_HINT = "run `python -m listening calibrate NAME` and commit what it writes"
# Places that are measured anew: off the ends, where curves do most.
_AGAIN = (0.2, 0.8)

every_synth = pytest.mark.parametrize("synth", SYNTHS.values(), ids=SYNTHS)
every_meaning = pytest.mark.parametrize("meaning", MEANINGS, ids=str)
every_even_meaning = pytest.mark.parametrize("meaning", [each for each in MEANINGS if each.even], ids=str)


@every_synth
def test_every_control_has_a_meaning_and_a_measured_response(synth: Synth):
    controls = [control.name for control in synth.controls]
    assert [meaning.control for meaning in meanings_of(synth.name)] == controls
    measured = calibration(synth.name)
    assert measured is not None, _HINT
    assert set(measured.controls) == set(controls), _HINT


@every_synth
def test_every_synth_ends_with_distance_and_inside(synth: Synth):
    assert [control.name for control in synth.controls[-2:]] == [DISTANCE, INSIDE]
    assert 0.0 < synth.reach.near_m < synth.reach.far_m


def test_only_what_comes_round_again_need_not_be_even():
    for meaning in MEANINGS:
        control = next(each for each in SYNTHS[meaning.synth].controls if each.name == meaning.control)
        assert meaning.even != control.wraps


@every_even_meaning
def test_equal_steps_of_a_control_are_equal_steps_to_the_ear(meaning: Meaning):
    measured = calibration(meaning.synth)
    assert measured is not None, _HINT
    rank, off = straightness(meaning, np.array(measured.controls[meaning.control].measured))
    assert rank >= 0.98
    assert off <= 0.1


@every_meaning
def test_a_curve_rises_from_0_to_1(meaning: Meaning):
    measured = calibration(meaning.synth)
    assert measured is not None, _HINT
    curve = measured.controls[meaning.control].curve
    assert (curve[0], curve[-1]) == (0.0, 1.0)
    assert list(curve) == sorted(curve)


@every_meaning
def test_a_table_says_what_is_heard(meaning: Meaning):
    measured = calibration(meaning.synth)
    assert measured is not None, _HINT
    table = measured.controls[meaning.control]
    assert (table.measure, table.unit) == (meaning.measure.name, meaning.measure.unit), _HINT
    swept = sweep(meaning, _AGAIN, seeds=meaning.seeds)
    for place, now in zip(_AGAIN, swept.measured, strict=True):
        # The same seeds give the same samples; only the last digits differ from computer to computer.
        assert now == pytest.approx(table.measured[PLACES.index(place)], abs=0.02), _HINT


def test_knots_are_read_on_straight_lines():
    assert [along((0.0, 1.0, 4.0), x) for x in (0.0, 0.25, 0.5, 0.75, 1.0)] == [0.0, 0.5, 1.0, 2.5, 4.0]
