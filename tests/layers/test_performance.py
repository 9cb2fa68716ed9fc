"""A performance is a function of scene, seed and what changed when, and nothing in it clicks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenery import (
    BY_LEVEL,
    LEVEL,
    RAIN,
    Tone,
    edit,
    largest_step,
    layer_of,
    level_db,
    listen,
    performing,
    scene_of,
    without_layer,
)

from roomtone.audio import BLOCK_FRAMES
from roomtone.errors import WireError
from roomtone.layers.performance import Performance, diff_scenes
from roomtone.scene.model import Area, Bed, Constant, Curve, Follow, Parameter, Point, Wander

YARD = scene_of(
    layer_of("street"),
    layer_of(
        "brook", synth="stream", controls={"flow": Follow("rain")}, placement=Point(at_m=(3.0, 0.0, 0.0))
    ),
)


def sounding(scene=None, **options: object) -> tuple[Performance, Tone]:
    """Perform a scene whose one layer is a tone."""
    performance = Performance(scene or scene_of(layer_of(gain_db=BY_LEVEL)), **options)  # type: ignore[arg-type]
    tone = Tone()
    performance.add("street", tone)
    return performance, tone


# Determinism --------------------------------------------------------------------------------------


def test_the_same_changes_give_the_same_samples_however_they_were_planned():
    ahead, live = performing(YARD), performing(YARD)
    ahead.set({"rain": 0.1}, at_frame=10 * BLOCK_FRAMES)
    ahead.morph("storm", 0.2, at_frame=20 * BLOCK_FRAMES)
    heard = listen(ahead, 40)
    changes = {10: lambda: live.set({"rain": 0.1}), 20: lambda: live.morph("storm", 0.2)}
    assert np.array_equal(listen(live, 40, at=changes), heard)


def test_a_planned_change_takes_effect_at_the_first_block_that_starts_at_or_after_its_frame():
    performance = performing(YARD)
    assert performance.set({"rain": 0.0}, at_frame=BLOCK_FRAMES + 1) == 2 * BLOCK_FRAMES
    assert performance.set({"rain": 0.0}, at_frame=2 * BLOCK_FRAMES) == 2 * BLOCK_FRAMES
    listen(performance, 3)
    assert performance.set({"rain": 0.0}, at_frame=1) == 3 * BLOCK_FRAMES


def test_changes_for_one_block_take_effect_in_the_order_in_which_they_came():
    performance = performing(YARD)
    performance.set({"rain": 0.1}, at_frame=5 * BLOCK_FRAMES)
    performance.set({"rain": 0.9}, at_frame=5 * BLOCK_FRAMES)
    listen(performance, 6)
    assert performance.targets["rain"] == 0.9


@settings(max_examples=15, deadline=None)
@given(groups=st.lists(st.integers(0, 2), min_size=1, max_size=12))
def test_layers_sound_the_same_whichever_of_them_is_played_first(groups: list[int]):
    whole, parted = performing(YARD), performing(YARD)
    for group in groups:
        block = whole.render()
        begun = parted.begin_block()
        names = begun.names
        order = {0: [names], 1: [names[:1], names[1:]], 2: [names[1:], names[:1]]}[group]
        parts = {}
        for some in order:
            parts.update(parted.play(begun, some).layers)
        assert parts.keys() == block.layers.keys()
        for name, samples in block.layers.items():
            assert np.array_equal(parts[name], samples)


def test_another_layer_beside_it_does_not_change_a_layer():
    alone = performing(without_layer(YARD, "brook"))
    assert np.array_equal(listen(alone, 10), listen(performing(YARD), 10))


def test_another_seed_is_another_rain():
    assert not np.array_equal(listen(performing(YARD), 5), listen(performing(YARD, seed=6), 5))


def test_wander_is_what_it_would_have_been_when_the_clock_starts_late():
    drifting = scene_of(layer_of(), parameters=(replace(RAIN, wander=Wander(depth=0.3, period_s=2.0)), LEVEL))
    early, late = performing(drifting), performing(drifting, first_frame=100 * BLOCK_FRAMES)
    listen(early, 101)
    listen(late, 1)
    assert late.values["rain"] == early.values["rain"]


# Requests that cannot be met ----------------------------------------------------------------------


def test_a_refused_change_changes_nothing():
    performance = performing(YARD)
    with pytest.raises(WireError, match=r"did you mean 'rain'\?"):
        performance.set({"rain": 0.0, "rian": 1.0})
    with pytest.raises(WireError, match="unknown-mood"):
        performance.morph("sturm", 1.0)
    assert performance.targets == {"rain": 0.6, "level": 1.0}


def test_an_immediate_change_never_waits_and_comes_after_what_was_planned_for_its_block():
    performance = performing(YARD)
    listen(performance, 3)
    performance.set({"rain": 0.9, "level": 0.5}, at_frame=4 * BLOCK_FRAMES)
    performance.set({"rain": 0.5}, at_frame=1000 * BLOCK_FRAMES)
    listen(performance, 1)
    assert performance.set({"rain": 0.0}) == 4 * BLOCK_FRAMES
    assert performance.targets == {"rain": 0.0, "level": 0.5}
    assert performance.planned == 1


# Loudness -----------------------------------------------------------------------------------------


def test_a_layer_too_quiet_to_be_heard_is_not_rendered_and_comes_back_without_a_jump():
    performance, tone = sounding()
    listen(performance, 20)
    performance.set({"level": 0.0})
    fading = listen(performance, 60)
    assert performance.render().layers["street"] is None
    assert not performance.audible("street")
    rendered = tone.rendered_blocks
    listen(performance, 50)
    assert tone.rendered_blocks == rendered
    performance.set({"level": 1.0})
    back = listen(performance, 60)
    assert largest_step(fading) < 1.1 * tone.step
    assert largest_step(back) < 1.1 * tone.step
    assert np.abs(back[0]).max() < 0.01
    assert level_db(back[-4800:]) == pytest.approx(level_db(listen(sounding()[0], 10)), abs=0.1)


@pytest.mark.parametrize("gain_db", [-20.0, 6.0, -60.0])
def test_an_edited_gain_arrives_without_a_click(gain_db: float):
    performance, tone = sounding()
    new = scene_of(layer_of(gain_db=Constant(gain_db)))
    heard = listen(performance, 60, at={20: lambda: edit(performance, new)})
    assert largest_step(heard) < 2.2 * tone.step
    assert np.abs(np.diff(heard, n=2, axis=0)).max() < 0.003


@settings(max_examples=20, deadline=None)
@given(levels=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=25))
def test_no_sequence_of_updates_makes_a_click(levels: list[float]):
    performance, tone = sounding()
    changes: dict[int, Callable[[], object]] = {
        i + 1: lambda level=level: performance.set({"level": level}) for i, level in enumerate(levels)
    }
    assert largest_step(listen(performance, len(levels) + 5, at=changes)) < 1.1 * tone.step


# Reach --------------------------------------------------------------------------------------------


def at_the_well(reach_m: float = 20.0):
    return scene_of(layer_of(gain_db=Constant(0.0), placement=Point(at_m=(0.0, 0.0, 0.0), reach_m=reach_m)))


def test_a_layer_out_of_reach_stops_and_returns_smoothly():
    performance, tone = sounding(at_the_well())
    moves = {
        10: lambda: performance.listen_at((0.0, 0.0, 40.0)),
        350: lambda: performance.listen_at((0.0, 0.0, 1.0)),
    }
    heard = listen(performance, 600, at=moves)
    assert not heard[340 * BLOCK_FRAMES : 349 * BLOCK_FRAMES].any()
    assert tone.rendered_blocks < 580
    assert largest_step(heard) < 1.1 * tone.step
    assert level_db(heard[-4800:]) == pytest.approx(level_db(heard[:4800]), abs=0.2)


def test_a_listener_who_paces_at_the_border_hears_no_switching():
    performance, _ = sounding(at_the_well())
    for i in range(100):
        performance.listen_at((0.0, 0.0, 20.0 + 1.0 * (i % 2)))
        assert performance.render().layers["street"] is not None


def test_a_layer_opened_out_of_reach_is_not_rendered():
    performance = Performance(at_the_well())
    performance.listen_at((0.0, 0.0, 100.0))
    performance.add("street", Tone())
    assert performance.render().layers["street"] is None


def test_a_layer_that_an_edit_moves_out_of_reach_fades():
    performance, tone = sounding(at_the_well())
    performance.listen_at((0.0, 0.0, 15.0))
    listen(performance, 10)
    near = Area(at_m=(0.0, 0.0, 0.0), radius_m=1.0, reach_m=5.0)
    heard = listen(performance, 320, at={0: lambda: edit(performance, scene_of(layer_of(placement=near)))})
    assert not heard[-BLOCK_FRAMES:].any()
    assert largest_step(heard) < 1.1 * tone.step


# Hot reload ---------------------------------------------------------------------------------------


def test_an_edit_elsewhere_leaves_a_layer_untouched_to_the_sample():
    edited, untouched = performing(YARD), performing(YARD)
    new = scene_of(*YARD.layers.values(), layer_of("wind", synth="wind", controls={}))
    heard = listen(edited, 30, at={10: lambda: edit(edited, new)})
    assert np.array_equal(heard, listen(untouched, 30))


def test_a_rebound_layer_goes_on_with_the_state_of_its_source():
    performance = performing(YARD)
    player_source = performance._players["street"]._voices[0].source
    listen(performance, 10)
    harder = layer_of(controls={"intensity": Follow("rain"), "surface": Constant(0.9)})
    assert performance.sources_to_start(scene_of(harder, YARD.layers["brook"])) == ()
    edit(performance, scene_of(harder, YARD.layers["brook"]))
    listen(performance, 10)
    assert performance._players["street"]._voices[0].source is player_source


def test_another_source_comes_in_at_constant_power():
    performance, _ = sounding(scene_of(layer_of()))
    new = scene_of(layer_of(synth="wind", controls={}))
    other = Tone(hz=133.0)
    listen(performance, 10)
    performance.replace(new, {"street": other})
    heard = listen(performance, 200)
    levels = [level_db(heard[i : i + 9600]) for i in range(0, len(heard) - 9600, 4800)]
    assert max(levels) - min(levels) < 1.0
    assert largest_step(heard) < 2.0 * other.step
    assert len(performance._players["street"]._voices) == 1


def test_edits_that_come_faster_than_handovers_end_with_the_last_source():
    performance, _ = sounding(scene_of(layer_of()))
    tones = [Tone(hz=100.0 + 10.0 * i) for i in range(4)]
    heard = []
    for tone in tones:
        performance.replace(scene_of(layer_of(synth="wind", controls={})), {"street": tone})
        heard.append(listen(performance, 20))
    heard.append(listen(performance, 400))
    assert [voice.source for voice in performance._players["street"]._voices] == [tones[-1]]
    assert largest_step(np.concatenate(heard)) < 2.0 * tones[-1].step


def test_a_removed_layer_fades_and_is_reported_gone_once():
    performance, tone = sounding()
    listen(performance, 10)
    edit(performance, without_layer(performance.scene, "street"))
    blocks, heard = [], []
    for _ in range(150):
        block = performance.render()
        blocks.append(block)
        if block.layers.get("street") is not None:
            heard.append(block.layers["street"].copy())
    gone = [i for i, block in enumerate(blocks) if block.gone]
    assert gone == [99]
    assert blocks[99].gone == ("street",)
    assert largest_step(np.concatenate(heard)) < 1.1 * tone.step
    assert np.abs(heard[-1][-1]).max() < 0.001
    assert all("street" not in block.layers for block in blocks[100:])


def test_a_layer_that_returns_before_it_is_gone_stays():
    performance, tone = sounding()
    whole = performance.scene
    changes = {
        10: lambda: edit(performance, without_layer(whole, "street")),
        50: lambda: edit(performance, whole),
    }
    heard = listen(performance, 300, at=changes)
    assert level_db(heard[-4800:]) == pytest.approx(level_db(heard[:4800]), abs=0.1)
    assert largest_step(heard) < 1.1 * tone.step


def test_a_layer_that_returns_follows_its_parameters_again():
    performance = performing(YARD)
    listen(performance, 10)
    edit(performance, without_layer(YARD, "street"))
    listen(performance, 10)
    edit(performance, YARD)
    performance.set({"rain": 0.0})
    assert level_db(listen(performance, 300)[-48_000:]) < -100.0


def test_parameters_may_go_with_the_layer_that_followed_them():
    performance = performing(scene_of(layer_of(gain_db=BY_LEVEL)))
    listen(performance, 10)
    edit(performance, scene_of(parameters=()))
    listen(performance, 120)
    assert performance.values == {}


def test_parameters_may_go_while_a_handover_waits_behind_another():
    performance = performing(scene_of(layer_of(gain_db=BY_LEVEL)))
    strength = {"strength": Follow("rain")}
    listen(performance, 2)
    edit(performance, scene_of(layer_of(synth="wind", controls=strength, gain_db=BY_LEVEL)))
    listen(performance, 80)
    edit(
        performance,
        scene_of(layer_of(synth="leaves", controls={"activity": Follow("rain")}, gain_db=BY_LEVEL)),
    )
    listen(performance, 2)
    edit(performance, scene_of(parameters=()))
    listen(performance, 200)
    assert performance.begin_block().names == ()


def test_a_source_made_before_an_edit_follows_what_the_file_says_now():
    old = scene_of(layer_of())
    performance = Performance(old)
    performance.open("street")
    source = performance._players["street"]._voices[0].source
    performance.close("street")
    edit(performance, scene_of(layer_of(controls={"intensity": Constant(0.5)}), parameters=()))
    performance.add("street", source)
    assert level_db(listen(performance, 20)) > -80.0


def test_a_plan_for_a_parameter_that_is_gone_is_dropped():
    performance = performing(YARD)
    performance.set({"rain": 0.0, "level": 0.5}, at_frame=10 * BLOCK_FRAMES)
    performance.morph("storm", 1.0, at_frame=11 * BLOCK_FRAMES)
    edit(performance, scene_of(layer_of(controls={}), parameters=(LEVEL,), moods={}))
    listen(performance, 20)
    assert performance.targets == {"level": 0.5}


def test_a_new_range_is_followed_by_controls_that_were_scaled_to_the_old_one():
    scaled = layer_of(synth="wind", controls={"strength": Follow("speed")})
    slow = scene_of(scaled, parameters=(Parameter(name="speed", default=10.0, low=0.0, high=10.0),))
    wide = scene_of(scaled, parameters=(Parameter(name="speed", default=10.0, low=0.0, high=100.0),))
    performance = performing(slow)
    gale = level_db(listen(performance, 200)[-48_000:])
    edit(performance, wide)
    listen(performance, 300)
    assert level_db(listen(performance, 200)) < gale - 6.0


def test_a_diff_names_what_was_added_changed_and_removed():
    new = scene_of(layer_of("street", gain_db=Constant(-3.0)), layer_of("wind", synth="wind", controls={}))
    diff = diff_scenes(YARD, new)
    assert (diff.added, diff.changed, diff.removed) == (("wind",), ("street",), ("brook",))


def test_a_curve_on_a_gain_and_a_bed_stay_in_place():
    placed = scene_of(layer_of(gain_db=Follow("level", Curve(((0.0, -12.0), (1.0, 0.0)))), placement=Bed()))
    assert largest_step(listen(sounding(placed)[0], 20)) < 1.1 * Tone().step
