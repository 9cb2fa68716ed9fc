"""What is predicted comes true, as long as the game stays with what it does."""

import pytest
from scenery import RAIN, layer_of, scene_of

from roomtone.audio import BLOCK_S
from roomtone.layers.forecast import HORIZONS_S, Trend, ahead
from roomtone.scene.model import Parameter, Scene
from roomtone.scene.state import SceneState, advance, morph, set_targets, start_state

SLOW = Parameter(name="rain", default=0.1, rise_s=60.0, fall_s=20.0)
HOUR = Parameter(name="hour", default=22.0, low=0.0, high=24.0, rise_s=30.0, fall_s=30.0, wraps=True)


def scene() -> Scene:
    return scene_of(layer_of(), parameters=(SLOW, HOUR), moods={"storm": {"rain": 1.0}})


def what_comes(scene: Scene, state: SceneState, seconds: float) -> SceneState:
    for _ in range(round(seconds / BLOCK_S)):
        state = advance(scene, state)
    return state


@pytest.mark.parametrize("deed", ["set", "morph", "rest"])
def test_a_state_that_is_left_alone_gets_where_it_was_said_to_get(deed: str) -> None:
    place = scene()
    state = start_state(place, seed=1)
    if deed == "set":
        state = set_targets(place, state, {"rain": 0.9, "hour": 3.0})
    elif deed == "morph":
        state = morph(place, state, "storm", 15.0)
    for horizon_s, values in ahead(state, Trend(), 0.0):
        comes = what_comes(place, state, horizon_s)
        assert values["rain"] == pytest.approx(comes.values["rain"], abs=2e-3)
        assert values["hour"] == pytest.approx(comes.values["hour"], abs=2e-2)


def test_a_game_that_turns_up_step_by_step_is_expected_to_go_on() -> None:
    place = scene_of(layer_of(), parameters=(RAIN,))
    state, trend = start_state(place, seed=1, values={"rain": 0.1}), Trend()
    trend.note(0.0, state.targets)
    for i in range(1, 5):
        state = set_targets(place, state, {"rain": 0.1 + 0.02 * i})
        trend.note(2.0 * i, state.targets)
    values = dict(ahead(what_comes(place, state, 2.0), trend, 8.0))
    assert values[20.0]["rain"] == pytest.approx(0.18 + 20.0 * 0.01, abs=0.02)
    assert values[60.0]["rain"] > values[20.0]["rain"]


def test_steps_to_and_fro_are_no_trend_and_neither_is_the_past() -> None:
    trend = Trend()
    for i, rain in enumerate((0.1, 0.3, 0.2, 0.4)):
        trend.note(float(i), {"rain": rain})
    assert trend.slope("rain", 4.0) == 0.0
    trend = Trend()
    for i, rain in enumerate((0.1, 0.2, 0.3, 0.4)):
        trend.note(float(i), {"rain": rain})
    assert trend.slope("rain", 4.0) > 0.0
    assert trend.slope("rain", 100.0) == 0.0


def test_a_trend_ends_where_the_range_does() -> None:
    place = scene_of(layer_of(), parameters=(RAIN,))
    state, trend = start_state(place, seed=1, values={"rain": 0.5}), Trend()
    for i in range(5):
        trend.note(float(i), {"rain": 0.5 + 0.1 * i})
    assert max(values["rain"] for _, values in ahead(state, trend, 5.0)) <= 1.0
    assert len(HORIZONS_S) == len(list(ahead(state, trend, 5.0)))
