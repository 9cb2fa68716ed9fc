"""What is needed first is asked for first."""

from scenery import scene_of

from roomtone.layers.forecast import Trend
from roomtone.layers.ranking import rank_neighbour, rank_stops, rank_variation
from roomtone.models.wishes import Rank, Urgency
from roomtone.scene.model import (
    Bed,
    Constant,
    Layer,
    Parameter,
    PromptSource,
    Scene,
    Slot,
    StandIn,
    SynthSource,
)
from roomtone.scene.state import set_targets, start_state

RAIN = Parameter(name="rain", default=0.1, rise_s=60.0, fall_s=60.0)
PROMPT = PromptSource(
    text=(Slot(parameter="rain", wordings=("no", "light", "steady", "heavy", "torrential")), " rain"),
    stand_in=(StandIn(source=SynthSource(synth="rain", controls={})),),
)


def scene() -> Scene:
    layer = Layer(name="street", source=PROMPT, gain_db=Constant(0.0), placement=Bed())
    return scene_of(layer, parameters=(RAIN,), moods={})


def test_what_sounds_comes_first_then_where_the_state_is_heading_then_the_rest_by_distance() -> None:
    place = scene()
    state = set_targets(place, start_state(place, seed=1), {"rain": 0.5})
    ranks = rank_stops(PROMPT, state, Trend(), now_s=0.0)
    order = sorted(ranks, key=ranks.__getitem__)
    assert order == [(0,), (2,), (4,), (6,), (8,)]
    assert [ranks[stop].urgency for stop in order] == [
        Urgency.SOUNDING,
        Urgency.HEADING,
        Urgency.HEADING,
        Urgency.NEIGHBOUR,
        Urgency.NEIGHBOUR,
    ]
    assert ranks[2,].order < ranks[4,].order


def test_between_two_wordings_both_sound_and_the_louder_is_wanted_first() -> None:
    place = scene()
    state = start_state(place, seed=1, values={"rain": 0.19})
    ranks = rank_stops(PROMPT, state, Trend(), now_s=0.0)
    assert ranks[0,] == Rank(Urgency.SOUNDING, 0.0)
    assert ranks[2,] == Rank(Urgency.SOUNDING, 1.0)


def test_a_layer_that_nobody_hears_waits_behind_those_that_are_heard() -> None:
    place = scene()
    ranks = rank_stops(PROMPT, start_state(place, seed=1), Trend(), now_s=0.0, audible=False)
    assert min(ranks.values()).urgency is Urgency.NEIGHBOUR


def test_a_scene_next_door_wants_what_it_would_begin_with() -> None:
    assert rank_neighbour(PROMPT, {"rain": RAIN}) == {(0,): Rank(Urgency.NEIGHBOUR, 0.0)}


def test_further_variations_wait_for_every_first_one() -> None:
    sounding, neighbour = Rank(Urgency.SOUNDING, 0.0), Rank(Urgency.NEIGHBOUR, 9.0)
    assert rank_variation(sounding, 0) == sounding
    assert (
        neighbour < rank_variation(sounding, 1) < rank_variation(sounding, 2) < rank_variation(neighbour, 1)
    )
