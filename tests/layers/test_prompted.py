"""A prompt's layer: it sounds at once, becomes the model's without a seam, follows the state, and says what it does."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from scenery import RAIN, largest_step, level_db, scene_of

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.layers.banks import LoadedBank, level_of, voice_of
from roomtone.layers.level_law import FLOOR_DB, measure_level_law
from roomtone.layers.match import match_db, octave_levels_db
from roomtone.layers.performance import Performance
from roomtone.layers.player import SourceChanged
from roomtone.layers.playing import Sourced
from roomtone.layers.prompted import CROSSFADE_S, PlayingPrompt
from roomtone.layers.sources import start_source
from roomtone.scene.model import (
    Bed,
    Binding,
    Constant,
    Curve,
    Follow,
    Layer,
    PromptSource,
    Scene,
    Slot,
    StandIn,
    SynthSource,
)
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice
from roomtone.texture.bank import make_bank
from roomtone.texture.measures import k_weighted_level_db

FULL = Constant(0.0)
WET = Slot(parameter="rain", wordings=("light", "heavy"))


def prompt_layer(
    *text: str | Slot, controls: Mapping[str, Binding] | None = None, gain_db: Binding = FULL
) -> Layer:
    stand_in = StandIn(source=SynthSource(synth="rain", controls=MappingProxyType(dict(controls or {}))))
    return Layer(
        name="street",
        source=PromptSource(text=text or ("rain",), stand_in=(stand_in,)),
        gain_db=gain_db,
        placement=Bed(),
    )


def place(layer: Layer | None = None) -> Scene:
    return scene_of(layer or prompt_layer(), parameters=(RAIN,), moods={})


def bank_of(synth: str = "stream", *, gain: float = 0.2, clips: int = 2, seconds: float = 4.0) -> LoadedBank:
    """A bank as a model would have made it: another sound, at another level."""
    sounds = [
        _levelled(Voice(SYNTHS[synth], seed).read(round(seconds * 48_000)), gain) for seed in range(clips)
    ]
    bank = make_bank(sounds)
    keys = tuple(f"{synth}{i}" for i in range(clips))
    return LoadedBank(keys=keys, bank=bank, level_db=level_of(bank))


def _levelled(sound: Samples, gain: float) -> Samples:
    """Set a clip to one level, as the gate does."""
    return np.asarray(sound * np.float32(gain * 10.0 ** ((-20.0 - k_weighted_level_db(sound)) / 20.0)))


@pytest.fixture(scope="module")
def brook() -> LoadedBank:
    return bank_of()


def start(scene: Scene, *, first_frame: int = 0, **values: float) -> tuple[Performance, PlayingPrompt]:
    performance = Performance(scene, first_frame=first_frame, values=values)
    performance.open("street")
    playing = performance.prompts()["street"]
    playing.law = measure_level_law(scene, scene.layers["street"])
    return performance, playing


def hear(performance: Performance, seconds: float) -> tuple[Samples, list[Sourced]]:
    heard, said = [], []
    for _ in range(round(seconds * 100)):
        block = performance.render()
        samples = block.layers["street"]
        heard.append(np.zeros((BLOCK_FRAMES, 2), np.float32) if samples is None else samples.copy())
        said += [change.sourced for change in block.changes if isinstance(change, SourceChanged)]
    return np.concatenate(heard), said


def levels_db(samples: Samples, seconds: float = 0.5) -> np.ndarray:
    frames = round(seconds * 48_000)
    pieces = samples[: len(samples) // frames * frames].reshape(-1, frames, samples.shape[1])
    return np.array([k_weighted_level_db(piece) for piece in pieces])


def install(performance: Performance, playing: PlayingPrompt, loaded: LoadedBank, *stop: int) -> None:
    """Hand a bank over as the daemon does."""
    heard = playing.heard() if stop in playing.stops_at(performance.values) else None
    assert playing.law is not None
    playing.install(
        voice_of(
            loaded,
            stop,
            seed=playing.seed,
            first_frame=performance.frame,
            heard=heard,
            level_db=playing.law.at(performance.values),
        )
    )


# At once ------------------------------------------------------------------------------------------


def test_a_prompt_sounds_at_once_as_its_stand_in_does() -> None:
    heard, said = hear(start(place())[0], 1.0)
    assert level_db(heard[:4800]) > -60.0
    assert said == [Sourced(rung="stand_in", bank="", reason="no-model")]
    law = measure_level_law(place(), prompt_layer())
    assert k_weighted_level_db(heard) == pytest.approx(law.level_db, abs=2.0)


def test_a_bank_that_is_there_from_the_start_is_heard_from_the_first_frame(brook: LoadedBank) -> None:
    performance, playing = start(place())
    playing.install(voice_of(brook, (), seed=playing.seed, first_frame=0), "opened")
    heard, said = hear(performance, 1.0)
    assert said == [Sourced(rung="exact", bank="rain", reason="opened")]
    again, playing = start(place())
    playing.install(voice_of(brook, (), seed=playing.seed, first_frame=0), "opened")
    assert np.array_equal(hear(again, 1.0)[0], heard)


def test_what_is_heard_of_a_bank_follows_from_the_frame_alone(brook: LoadedBank) -> None:
    whole, playing = start(place())
    playing.install(voice_of(brook, (), seed=playing.seed, first_frame=0))
    late, playing = start(place(), first_frame=300 * BLOCK_FRAMES)
    playing.install(voice_of(brook, (), seed=playing.seed, first_frame=late.frame))
    assert np.array_equal(hear(whole, 4.0)[0][300 * BLOCK_FRAMES :], hear(late, 1.0)[0])


# Handover -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("gain", [0.03, 1.0])
def test_the_handover_has_no_dip_no_bump_and_no_click(gain: float) -> None:
    performance, playing = start(place())
    before, _ = hear(performance, 4.0)
    install(performance, playing, bank_of(gain=gain, clips=3))
    after, said = hear(performance, 8.0)
    assert [(step.rung, step.reason) for step in said] == [("exact", "ready")]
    levels = levels_db(np.concatenate([before, after]), 1.0)
    # What both sounds do by themselves is left out: the joint is held to a line from one level to the other.
    usual = np.median(levels[:4])
    assert np.abs(levels[4:7] - usual).max() < 1.0 + np.abs(levels[:4] - usual).max()
    assert largest_step(after[: round(CROSSFADE_S * 48_000)]) < 2.0 * largest_step(before)


def test_at_the_joint_the_new_sound_has_the_old_ones_colour_and_then_becomes_itself() -> None:
    loaded = bank_of("wind", gain=0.5)
    performance, playing = start(place())
    before, _ = hear(performance, 4.0)
    install(performance, playing, loaded)
    hear(performance, CROSSFADE_S + 0.1)
    joint, _ = hear(performance, 2.0)
    hear(performance, 12.0)
    later, _ = hear(performance, 6.0)
    alone, playing = start(place())
    playing.install(voice_of(loaded, (), seed=playing.seed, first_frame=0))
    own = octave_levels_db(hear(alone, 12.0)[0])
    old = octave_levels_db(before)
    bands = slice(2, 8)
    assert np.abs(octave_levels_db(joint) - old)[bands].mean() < np.abs(own - old)[bands].mean() * 0.6
    assert np.abs(octave_levels_db(later) - own)[bands].mean() < 2.5


def test_a_handover_can_be_turned_round_at_any_moment(brook: LoadedBank) -> None:
    performance, playing = start(place())
    before, _ = hear(performance, 3.0)
    install(performance, playing, brook)
    pieces = [before]
    for _ in range(3):
        pieces.append(hear(performance, 0.7)[0])
        playing.dismiss(())
        pieces.append(hear(performance, 0.4)[0])
        install(performance, playing, brook)
    heard = np.concatenate(pieces)
    assert largest_step(heard) < 2.0 * largest_step(before)
    levels = levels_db(heard)
    assert np.ptp(levels) < 6.0
    _, said = hear(performance, 3.0)
    assert said[-1].rung == "exact"


def test_a_larger_bank_takes_the_place_of_the_first_clip(brook: LoadedBank) -> None:
    performance, playing = start(place())
    hear(performance, 3.0)
    install(performance, playing, replace(bank_of(clips=1), keys=("stream0",)))
    hear(performance, 3.0)
    assert playing.keys_of(()) == ("stream0",)
    install(performance, playing, brook)
    heard, said = hear(performance, 4.0)
    assert playing.keys_of(()) == brook.keys
    # The wording is the same: nothing that a client would have to know.
    assert said == []
    assert np.ptp(levels_db(heard, 1.0)) < 5.0


# State --------------------------------------------------------------------------------------------


def test_banks_are_crossfaded_by_the_parameter_at_constant_power() -> None:
    scene = place(prompt_layer(WET, " rain"))
    performance, playing = start(scene, rain=0.25)
    for stop, synth in (((0,), "stream"), ((2,), "wind")):
        playing.install(voice_of(bank_of(synth), stop, seed=playing.seed, first_frame=0))
    _, said = hear(performance, 2.0)
    assert said == [Sourced(rung="exact", bank="light rain", reason="ready")]
    performance.set({"rain": 0.75})
    heard, said = hear(performance, 8.0)
    assert said == [Sourced(rung="exact", bank="heavy rain", reason="moved")]
    levels = levels_db(heard, 1.0)
    assert np.abs(levels - np.median(levels)).max() < 3.0


def test_what_is_missing_is_stood_in_for_by_the_nearest_bank_and_the_client_is_told(
    brook: LoadedBank,
) -> None:
    performance, playing = start(place(prompt_layer(WET, " rain")), rain=0.9)
    playing.install(voice_of(brook, (0,), seed=playing.seed, first_frame=0))
    _, said = hear(performance, 1.0)
    assert said == [Sourced(rung="nearest", bank="light rain", reason="ready")]
    install(performance, playing, bank_of("wind"), 2)
    _, said = hear(performance, 1.0)
    assert said == [Sourced(rung="exact", bank="heavy rain", reason="ready")]
    playing.dismiss((0,))
    playing.dismiss((2,))
    _, said = hear(performance, 1.0)
    assert said == [Sourced(rung="stand_in", bank="", reason="evicted")]


def test_why_a_layer_has_no_clips_is_told_when_it_is_known() -> None:
    performance, playing = start(place())
    hear(performance, 0.5)
    playing.explain("model.died")
    _, said = hear(performance, 0.5)
    assert said == [Sourced(rung="stand_in", bank="", reason="model.died")]


# Level --------------------------------------------------------------------------------------------


def test_clips_are_as_loud_as_their_stand_in_at_every_value_of_what_steers_it(brook: LoadedBank) -> None:
    layer = prompt_layer(controls={"intensity": Follow("rain", Curve(((0.0, 0.0), (1.0, 1.0))))})
    law = measure_level_law(place(layer), layer)
    for rain in (0.1, 0.6, 1.0):
        stand_in, _ = start(place(layer), rain=rain)
        clips, playing = start(place(layer), rain=rain)
        playing.install(voice_of(brook, (), seed=playing.seed, first_frame=0))
        loudness = [k_weighted_level_db(hear(each, 8.0)[0][24_000:]) for each in (stand_in, clips)]
        assert loudness[1] == pytest.approx(loudness[0], abs=2.5)
        assert law.at({"rain": rain}) == pytest.approx(loudness[0], abs=2.0)
    assert law.at({"rain": 0.0}) < law.at({"rain": 0.3}) < law.at({"rain": 1.0})


def test_where_the_stand_in_is_silent_so_are_the_clips(brook: LoadedBank) -> None:
    layer = prompt_layer(controls={"intensity": Follow("rain", Curve(((0.0, 0.0), (1.0, 1.0))))})
    performance, playing = start(place(layer), rain=0.0)
    assert playing.law is not None
    assert playing.law.at({"rain": 0.0}) == FLOOR_DB
    playing.install(voice_of(brook, (), seed=playing.seed, first_frame=0))
    assert not hear(performance, 1.0)[0].any()


# Edits --------------------------------------------------------------------------------------------


def test_an_edit_of_the_stand_ins_bindings_leaves_the_clips_playing(brook: LoadedBank) -> None:
    scene = place()
    performance, playing = start(scene)
    playing.install(voice_of(brook, (), seed=playing.seed, first_frame=0))
    hear(performance, 1.0)
    edited = place(prompt_layer(controls={"surface": Constant(0.9)}))
    assert performance.sources_to_start(edited) == ()
    performance.replace(edited, {})
    assert performance.prompts()["street"] is playing
    assert hear(performance, 1.0)[1] == []


def test_an_edit_of_the_prompt_hands_over_to_another_source(brook: LoadedBank) -> None:
    performance, playing = start(place())
    playing.install(voice_of(brook, (), seed=playing.seed, first_frame=0))
    hear(performance, 1.0)
    edited = place(prompt_layer("hail"))
    assert performance.sources_to_start(edited) == ("street",)
    performance.replace(edited, {"street": start_source(edited, "street", seed=performance.seed)})
    heard, said = hear(performance, 3.0)
    assert [step.rung for step in said] == ["stand_in"]
    assert np.ptp(levels_db(heard)) < 8.0
    assert performance.prompts()["street"] is not playing


def test_a_parameter_that_an_edit_removes_leaves_what_fades_standing_where_it_is(brook: LoadedBank) -> None:
    layer = prompt_layer(WET, " rain", controls={"intensity": Follow("rain")})
    performance, playing = start(place(layer), rain=0.3)
    playing.install(voice_of(brook, (0,), seed=playing.seed, first_frame=0))
    hear(performance, 1.0)
    edited = scene_of(prompt_layer("rain"), parameters=(), moods={})
    performance.replace(edited, {"street": start_source(edited, "street", seed=performance.seed)})
    heard, _ = hear(performance, 3.0)
    assert np.isfinite(heard).all()


def test_a_layer_that_nobody_hears_goes_on_with_the_scenes_clock(brook: LoadedBank) -> None:
    quiet = Follow("rain", Curve(((0.0, -80.0), (0.5, -80.0), (0.6, 0.0), (1.0, 0.0))))
    performance, playing = start(place(prompt_layer(gain_db=quiet)), rain=0.0)
    playing.install(voice_of(brook, (), seed=playing.seed, first_frame=0))
    assert not hear(performance, 5.0)[0].any()
    performance.set({"rain": 1.0})
    hear(performance, 3.0)
    other, playing = start(place(prompt_layer()), rain=1.0)
    playing.install(voice_of(brook, (), seed=playing.seed, first_frame=0))
    hear(other, 8.0)
    assert np.allclose(hear(performance, 0.5)[0], hear(other, 0.5)[0], atol=1e-4)


# Match --------------------------------------------------------------------------------------------


def test_a_match_is_bounded_and_asks_nothing_of_octaves_that_neither_sound_has() -> None:
    rng = np.random.default_rng(1)
    noise = (0.1 * rng.standard_normal((96_000, 1))).astype(np.float32)
    assert np.abs(match_db(noise, noise * np.float32(0.5)) - 6.02).max() < 0.1
    assert match_db(noise, noise * np.float32(0.01)).max() == 9.0
    t = np.arange(96_000) / 48_000.0
    low = (0.1 * np.sin(2.0 * np.pi * 250.0 * t)).astype(np.float32)[:, None]
    needed = match_db(low, low * np.float32(2.0))
    assert needed[2] == pytest.approx(-6.0, abs=0.2)
    assert not needed[5:].any()
