"""Which banks of a prompt are heard where."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomtone.layers.stops import (
    between_stops,
    circles,
    distance,
    is_exact,
    mix,
    nearest,
    position,
    whole_stops,
)
from roomtone.scene.model import Parameter, PromptSource, Slot, StandIn, SynthSource

RAIN = Parameter(name="rain", default=0.0, low=0.0, high=9.0)
HOUR = Parameter(name="hour", default=0.0, low=0.0, high=24.0, wraps=True)
BOTH = {"rain": RAIN, "hour": HOUR}
WET = Slot(parameter="rain", wordings=("light", "steady", "heavy"))
DAY = Slot(parameter="hour", wordings=("night", "dawn", "day", "dusk"))


def prompt(*slots: Slot) -> PromptSource:
    stand_in = StandIn(source=SynthSource(synth="rain", controls={}))
    return PromptSource(text=(*slots, " rain"), stand_in=(stand_in,))


def test_each_wording_stands_in_the_middle_of_its_part_of_the_range() -> None:
    source = prompt(WET)
    assert whole_stops(source) == ((0,), (2,), (4,))
    assert [position(source, BOTH, {"rain": rain}) for rain in (1.5, 4.5, 7.5)] == [(0,), (2,), (4,)]
    assert [position(source, BOTH, {"rain": rain}) for rain in (0.0, 9.0)] == [(0,), (4,)]


def test_a_circle_has_no_ends() -> None:
    source = prompt(DAY)
    around = circles(source, BOTH)
    late, early = (position(source, BOTH, {"hour": hour}) for hour in (23.999, 0.001))
    assert distance(late, (7,), around) < 0.01
    assert distance(early, (7,), around) < 0.01
    shares = mix(late, whole_stops(source), around)
    assert shares[6,] == pytest.approx(0.5, abs=0.01)
    assert shares[0,] == pytest.approx(0.5, abs=0.01)


def test_a_prompt_without_slots_has_one_bank() -> None:
    source = prompt()
    assert whole_stops(source) == ((),)
    assert mix(position(source, BOTH, {}), [()], ()) == {(): 1.0}
    assert is_exact((), (), ())


def test_in_the_middle_of_a_part_one_bank_sounds_and_between_two_both() -> None:
    stops = whole_stops(prompt(WET))
    assert mix((2.0,), stops, (0,)) == {(2,): 1.0}
    assert mix((2.4,), stops, (0,)) == {(2,): 1.0}
    assert mix((3.0,), stops, (0,)) == {(2,): 0.5, (4,): 0.5}


def test_what_is_missing_is_stood_in_for_by_the_nearest() -> None:
    assert mix((4.0,), [(0,), (2,)], (0,)) == {(2,): 1.0}
    assert mix((0.0,), [(4,)], (0,)) == {(4,): 1.0}
    assert nearest((3.0,), [(0,), (2,), (4,)], (0,)) == (2,)
    assert is_exact((2.9,), (2,), (0,))
    assert not is_exact((3.1,), (2,), (0,))


def test_only_a_prompt_with_one_slot_has_stops_between_its_wordings() -> None:
    assert between_stops(prompt(WET), BOTH) == ((1,), (3,))
    assert between_stops(prompt(DAY), BOTH) == ((1,), (3,), (5,), (7,))
    assert between_stops(prompt(WET, DAY), BOTH) == ()


STOPS = whole_stops(prompt(WET, DAY))
AROUND = circles(prompt(WET, DAY), BOTH)


@given(
    st.floats(0.0, 4.0),
    st.floats(0.0, 7.999),
    st.sets(st.sampled_from(STOPS), min_size=1),
    st.floats(-1e-4, 1e-4),
)
def test_the_shares_are_whole_and_move_continuously(
    wet: float, day: float, available: set[tuple[int, ...]], step: float
) -> None:
    here = mix((wet, day), available, AROUND)
    assert math.fsum(here.values()) == pytest.approx(1.0)
    assert set(here) <= available
    assert all(share > 0.0 for share in here.values())
    there = mix((min(4.0, max(0.0, wet + step)), (day + step) % 8.0), available, AROUND)
    for stop in {*here, *there}:
        assert here.get(stop, 0.0) == pytest.approx(there.get(stop, 0.0), abs=1e-3)
