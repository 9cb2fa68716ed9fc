import math
import time
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roomtone.audio import BLOCK_S
from roomtone.errors import WireError
from roomtone.scene.model import Parameter, Scene, Wander
from roomtone.scene.state import SceneState, advance, carry_over, morph, set_targets, start_state
from roomtone.scene.wander import blocks_per_knot, stray, wander_key

STEADY = {
    "rain": Parameter(name="rain", default=0.4, rise_s=2.0, fall_s=4.0),
    "switch": Parameter(name="switch", default=0.0, rise_s=0.0, fall_s=0.0),
    "time_of_day": Parameter(name="time_of_day", default=23.0, high=24.0, rise_s=2.0, fall_s=2.0, wraps=True),
}
RESTLESS = {
    **STEADY,
    "crowd": Parameter(
        name="crowd", default=0.3, rise_s=1.0, fall_s=2.0, wander=Wander(depth=0.1, period_s=10.0)
    ),
    "heading": Parameter(
        name="heading", default=350.0, high=360.0, wraps=True, wander=Wander(depth=0.05, period_s=5.0)
    ),
}
MOODS: Mapping[str, Mapping[str, float]] = {
    "storm": {"rain": 1.0, "switch": 1.0, "time_of_day": 3.0},
    "calm": {"rain": 0.1},
}


def scene_of(parameters: Mapping[str, Parameter], moods: Mapping[str, Mapping[str, float]] = MOODS) -> Scene:
    return Scene(name="cafe", seed=1, parameters=parameters, moods=moods, layers={}, neighbours=())


CALM_SCENE = scene_of(STEADY)
RESTLESS_SCENE = scene_of(RESTLESS)


def after(scene: Scene, state: SceneState, seconds: float) -> SceneState:
    for _ in range(round(seconds / BLOCK_S)):
        state = advance(scene, state)
    return state


def heard(scene: Scene, state: SceneState, name: str, blocks: int) -> list[float]:
    values = [state.values[name]]
    for _ in range(blocks):
        state = advance(scene, state)
        values.append(state.values[name])
    return values


# Smoothing ---------------------------------------------------------------------------------------


def test_a_parameter_has_risen_by_99_percent_after_its_rise_time() -> None:
    state = set_targets(CALM_SCENE, start_state(CALM_SCENE, seed=1, values={"rain": 0.0}), {"rain": 1.0})
    assert after(CALM_SCENE, state, 2.0).values["rain"] == pytest.approx(0.99)
    assert after(CALM_SCENE, state, 1.0).values["rain"] == pytest.approx(0.9)


def test_a_parameter_has_fallen_by_99_percent_after_its_fall_time() -> None:
    state = set_targets(CALM_SCENE, start_state(CALM_SCENE, seed=1, values={"rain": 1.0}), {"rain": 0.0})
    assert after(CALM_SCENE, state, 4.0).values["rain"] == pytest.approx(0.01)


def test_a_parameter_arrives_exactly_and_then_rests() -> None:
    state = set_targets(CALM_SCENE, start_state(CALM_SCENE, seed=1), {"rain": 0.9})
    state = after(CALM_SCENE, state, 6.0)
    assert state.values["rain"] == 0.9
    assert not state.moving


def test_a_rise_time_of_zero_is_one_block() -> None:
    state = set_targets(CALM_SCENE, start_state(CALM_SCENE, seed=1), {"switch": 1.0})
    assert state.values["switch"] == 0.0
    assert advance(CALM_SCENE, state).values["switch"] == 1.0


@pytest.mark.parametrize(("start", "end"), [(23.0, 1.0), (1.0, 23.0)])
def test_a_circle_is_gone_round_the_shorter_way(start: float, end: float) -> None:
    state = start_state(CALM_SCENE, seed=1, values={"time_of_day": start})
    hours = heard(CALM_SCENE, set_targets(CALM_SCENE, state, {"time_of_day": end}), "time_of_day", 600)
    assert hours[-1] == end
    assert all(hour >= 22.9 or hour <= 1.1 for hour in hours)
    assert all(0.0 <= hour < 24.0 for hour in hours)


def test_values_out_of_range_are_clamped_or_taken_round_the_circle() -> None:
    state = set_targets(CALM_SCENE, start_state(CALM_SCENE, seed=1), {"rain": 7.0, "time_of_day": 49.5})
    assert state.targets == {"rain": 1.0, "switch": 0.0, "time_of_day": 1.5}
    assert set_targets(CALM_SCENE, state, {"time_of_day": -1e-20}).targets["time_of_day"] == 0.0


def test_where_nothing_moves_the_values_are_the_same_object() -> None:
    state = start_state(CALM_SCENE, seed=1)
    later = advance(CALM_SCENE, state)
    assert later.values is state.values
    assert later.block == state.block + 1


# What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"rain": 0.9, "rian": 0.5}, "request.unknown-parameter"),
        ({"rain": 0.9, "switch": math.nan}, "state.not-finite"),
        ({"rain": 0.9, "switch": math.inf}, "state.not-finite"),
    ],
)
def test_a_set_with_one_bad_value_changes_nothing(values: dict[str, float], code: str) -> None:
    state = start_state(CALM_SCENE, seed=1)
    with pytest.raises(WireError) as caught:
        set_targets(CALM_SCENE, state, values)
    assert caught.value.code == code
    assert state == start_state(CALM_SCENE, seed=1)
    with pytest.raises(WireError):
        start_state(CALM_SCENE, seed=1, values=values)


def test_the_parameter_or_mood_that_was_meant_is_offered() -> None:
    state = start_state(CALM_SCENE, seed=1)
    with pytest.raises(WireError, match="did you mean 'rain'"):
        set_targets(CALM_SCENE, state, {"rian": 1.0})
    with pytest.raises(WireError, match=r"did you mean 'storm'.*request\.unknown-mood"):
        morph(CALM_SCENE, state, "strom", 1.0)


@pytest.mark.parametrize("over_s", [-1.0, math.nan, math.inf, 1e6])
def test_a_morph_takes_a_sensible_time(over_s: float) -> None:
    with pytest.raises(WireError, match=r"state\.bad-duration"):
        morph(CALM_SCENE, start_state(CALM_SCENE, seed=1), "storm", over_s)


# Morphs ------------------------------------------------------------------------------------------


def test_a_morph_arrives_when_it_says_whatever_rise_and_fall() -> None:
    state = morph(CALM_SCENE, start_state(CALM_SCENE, seed=1), "storm", 10.0)
    almost = after(CALM_SCENE, state, 9.99)
    assert almost.moving
    there = advance(CALM_SCENE, almost)
    assert there.values == {"rain": 1.0, "switch": 1.0, "time_of_day": 3.0}
    assert not there.moving


def test_a_morph_starts_and_ends_gently_and_is_half_way_at_half_time() -> None:
    state = morph(CALM_SCENE, start_state(CALM_SCENE, seed=1), "storm", 10.0)
    rain = heard(CALM_SCENE, state, "rain", 1000)
    steps = [b - a for a, b in pairwise(rain)]
    assert rain[500] == pytest.approx(0.7)
    assert max(steps) == pytest.approx(1.5 * 0.6 / 1000, rel=0.01)
    assert steps[0] < 0.01 * max(steps)
    assert steps[-1] < 0.01 * max(steps)


def test_a_morph_leaves_parameters_alone_that_the_mood_does_not_name() -> None:
    state = set_targets(CALM_SCENE, start_state(CALM_SCENE, seed=1), {"time_of_day": 21.0})
    state = after(CALM_SCENE, morph(CALM_SCENE, state, "calm", 1.0), 8.0)
    assert state.values == {"rain": 0.1, "switch": 0.0, "time_of_day": 21.0}


def test_a_morph_over_no_time_is_one_block() -> None:
    state = morph(CALM_SCENE, start_state(CALM_SCENE, seed=1), "storm", 0.0)
    assert advance(CALM_SCENE, state).values["rain"] == 1.0


def test_a_set_takes_a_parameter_out_of_a_morph_and_leaves_the_rest_in_it() -> None:
    state = after(CALM_SCENE, morph(CALM_SCENE, start_state(CALM_SCENE, seed=1), "storm", 10.0), 5.0)
    state = set_targets(CALM_SCENE, state, {"rain": 0.0})
    assert after(CALM_SCENE, state, 5.0).values["switch"] == 1.0
    assert after(CALM_SCENE, state, 4.0).values["rain"] == pytest.approx(0.007, abs=0.001)


# Wander ------------------------------------------------------------------------------------------


def walk(period_s: float, blocks: int, *, seed: int = 1, name: str = "rain") -> np.ndarray:
    key, knot_blocks = wander_key(seed, name), blocks_per_knot(period_s)
    return np.array([stray(key, knot_blocks, block) for block in range(blocks)])


def test_wander_stays_within_its_depth_and_comes_back_to_the_middle() -> None:
    strayed = walk(10.0, 100_000)
    assert np.abs(strayed).max() < 1.0
    assert np.abs(strayed).max() > 0.6
    assert abs(strayed.mean()) < 0.05
    assert 0.3 < strayed.std() < 0.5


def test_wander_crosses_its_middle_twice_a_period() -> None:
    crossings = np.count_nonzero(np.diff(np.sign(walk(10.0, 200_000))))
    assert crossings == pytest.approx(2 * 200, rel=0.15)


def test_wander_is_smooth() -> None:
    strayed = walk(10.0, 20_000)
    knot_blocks = blocks_per_knot(10.0)
    assert np.abs(np.diff(strayed)).max() < 1.5 / knot_blocks
    assert np.abs(np.diff(strayed, 2)).max() < 4.0 / knot_blocks**2


def test_every_parameter_and_seed_wanders_by_itself() -> None:
    one = walk(10.0, 50_000)
    for other in (walk(10.0, 50_000, seed=2), walk(10.0, 50_000, name="wind")):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.25


def test_wander_has_forgotten_itself_after_a_few_periods() -> None:
    strayed = walk(10.0, 100_000)
    for lag in (2000, 5000, 10_000, 30_000):
        assert abs(np.corrcoef(strayed[:-lag], strayed[lag:])[0, 1]) < 0.3


def test_a_scene_that_starts_later_wanders_as_if_it_had_always_run() -> None:
    early = after(RESTLESS_SCENE, start_state(RESTLESS_SCENE, seed=5), 7.5)
    late = start_state(RESTLESS_SCENE, seed=5, first_block=750)
    assert early.values == late.values
    assert early.block == late.block


def test_what_is_set_to_an_end_of_its_range_stays_there() -> None:
    for end in (0.0, 1.0):
        state = start_state(RESTLESS_SCENE, seed=1, values={"crowd": end})
        assert set(heard(RESTLESS_SCENE, state, "crowd", 2000)) == {end}


# An edited file ----------------------------------------------------------------------------------


def test_values_targets_and_morphs_live_on_in_an_edited_scene() -> None:
    state = after(CALM_SCENE, morph(CALM_SCENE, start_state(CALM_SCENE, seed=1), "storm", 10.0), 4.0)
    edited = scene_of({**STEADY, "wind": Parameter(name="wind", default=0.2)})
    carried = carry_over(CALM_SCENE, state, edited)
    assert carried.values == {**state.values, "wind": 0.2}
    assert carried.targets == {**state.targets, "wind": 0.2}
    there = after(edited, carried, 6.0)
    assert there.values == {"rain": 1.0, "switch": 1.0, "time_of_day": 3.0, "wind": 0.2}
    uncarried = after(CALM_SCENE, state, 3.0)
    assert after(edited, carried, 3.0).values["rain"] == uncarried.values["rain"]


def test_a_removed_parameter_is_forgotten() -> None:
    edited = scene_of({"rain": STEADY["rain"]}, {})
    carried = carry_over(CALM_SCENE, start_state(CALM_SCENE, seed=1), edited)
    assert list(carried.values) == list(carried.targets) == ["rain"]


def test_a_value_outside_its_new_range_glides_into_it() -> None:
    state = start_state(CALM_SCENE, seed=1, values={"rain": 0.9})
    edited = scene_of({"rain": Parameter(name="rain", default=0.2, high=0.5, fall_s=2.0)}, {})
    carried = carry_over(CALM_SCENE, state, edited)
    rain = heard(edited, carried, "rain", 600)
    assert (rain[0], rain[-1]) == (0.9, 0.5)
    assert max(a - b for a, b in pairwise(rain)) < 0.4 * 0.03
    assert carried.targets["rain"] == 0.5


def test_a_morph_whose_range_was_edited_still_arrives_in_time() -> None:
    state = after(CALM_SCENE, morph(CALM_SCENE, start_state(CALM_SCENE, seed=1), "storm", 10.0), 4.0)
    edited = scene_of({"rain": Parameter(name="rain", default=0.2, high=0.8)}, {})
    carried = after(edited, carry_over(CALM_SCENE, state, edited), 6.0)
    assert carried.values["rain"] == 0.8
    assert not carried.moving


def test_a_state_moves_only_in_its_own_scene() -> None:
    with pytest.raises(AssertionError, match="carry"):
        advance(RESTLESS_SCENE, start_state(CALM_SCENE, seed=1))


# Whatever happens --------------------------------------------------------------------------------

_NAMES = sorted(RESTLESS)
_OTHER_SCENE = scene_of(
    {
        **RESTLESS,
        "crowd": Parameter(name="crowd", default=0.3, wander=Wander(depth=0.4, period_s=3.0)),
        "rain": Parameter(
            name="rain", default=0.4, rise_s=0.5, fall_s=0.5, wander=Wander(depth=1, period_s=4)
        ),
    }
)
_ACTIONS = st.lists(
    st.one_of(
        st.tuples(
            st.just("set"),
            st.dictionaries(st.sampled_from(_NAMES), st.floats(-400.0, 400.0), min_size=1, max_size=3),
        ),
        st.tuples(st.just("morph"), st.tuples(st.sampled_from(sorted(MOODS)), st.floats(0.2, 3.0))),
        st.tuples(st.just("edit"), st.none()),
    ),
    max_size=8,
)
_BETWEEN = st.integers(0, 60)


def _play(actions: list, gaps: list[int]) -> list[SceneState]:
    """Perform a history, one state per block."""
    scene, other = RESTLESS_SCENE, _OTHER_SCENE
    state = start_state(scene, seed=9)
    states = [state]
    for (kind, what), gap in zip(actions, gaps, strict=True):
        if kind == "set":
            state = set_targets(scene, state, what)
        elif kind == "morph":
            state = morph(scene, state, *what)
        else:
            state = carry_over(scene, state, other)
            scene, other = other, scene
        before = states[-1].values
        for name in _NAMES:
            assert state.values[name] == pytest.approx(before[name], abs=1e-9), "a jump without time passing"
        for _ in range(gap):
            state = advance(scene, state)
            states.append(state)
    return states


def _largest_step(parameter: Parameter) -> float:
    """Return how far a parameter may go in one block: the steepest of smoothing, the shortest morph, and wander."""
    span = parameter.high - parameter.low
    times_s = min(parameter.rise_s, parameter.fall_s)
    smoothing = 1.0 - 0.01 ** (BLOCK_S / times_s) if times_s > 0.0 else 1.0
    wander = parameter.wander
    wandering = 1.5 * wander.depth / blocks_per_knot(wander.period_s) if wander else 0.0
    # Towards the ends of the range wander has less room: the base's own step counts up to twice.
    return span * (2.0 * max(smoothing, 1.5 * BLOCK_S / 0.2) + wandering)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), actions=_ACTIONS)
def test_nothing_jumps_or_leaves_its_range_whatever_is_asked_and_when(
    data: st.DataObject, actions: list
) -> None:
    gaps = data.draw(st.lists(_BETWEEN, min_size=len(actions), max_size=len(actions)))
    for a, b in pairwise(_play(actions, gaps)):
        for name, parameter in RESTLESS.items():
            span = parameter.high - parameter.low
            step = abs(b.values[name] - a.values[name])
            step = min(step, span - step) if parameter.wraps else step
            most = max(_largest_step(parameter), _largest_step(_OTHER_SCENE.parameters[name]))
            assert step <= most + 1e-9
            assert parameter.low <= b.values[name] <= parameter.high


@settings(max_examples=30, deadline=None)
@given(data=st.data(), actions=_ACTIONS)
def test_the_same_history_gives_the_same_values(data: st.DataObject, actions: list) -> None:
    gaps = data.draw(st.lists(_BETWEEN, min_size=len(actions), max_size=len(actions)))
    assert _play(actions, gaps) == _play(actions, gaps)


def test_a_block_of_16_restless_parameters_costs_microseconds() -> None:
    restless = {
        f"p{i}": Parameter(
            name=f"p{i}", default=0.5, rise_s=60.0, wraps=i % 2 == 0, wander=Wander(depth=0.1, period_s=20.0)
        )
        for i in range(16)
    }
    scene = scene_of(restless, {})
    state = set_targets(scene, start_state(scene, seed=1), dict.fromkeys(restless, 0.9))

    def block_s(blocks: int = 200) -> float:
        moving = state
        started_s = time.perf_counter()
        for _ in range(blocks):
            moving = advance(scene, moving)
        return (time.perf_counter() - started_s) / blocks

    # The bar is 30 µs on a free core; tests share theirs.
    assert min(block_s() for _ in range(10)) < 60e-6
