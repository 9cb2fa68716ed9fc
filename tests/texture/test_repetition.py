"""Repetition is found blind: what was copied, how soon, how much; and noise that goes on is not a repetition."""

import numpy as np
import pytest
from takes import S, noise, takes

from roomtone.synths.voice import Voice, get_synth
from roomtone.texture.measures import measure_repetition


def test_sound_that_goes_on_repeats_nothing():
    for sound in (
        noise(1, 60.0),
        takes("rain", count=1, seconds=60.0)[0],
        takes("crowd", count=1, seconds=60.0)[0],
    ):
        found = measure_repetition(sound)
        assert found.exact.share == found.alike.share == 0.0
        assert found.exact.first_s == found.exact.shortest_s == np.inf


@pytest.mark.parametrize("name", ["noise", "rain", "fire"])
def test_a_copy_is_found_where_it_is_whatever_its_level(name: str):
    sound = (noise(1, 60.0) if name == "noise" else takes(name, count=1, seconds=60.0)[0]).copy()
    sound[40 * S + 333 : 43 * S + 333] = 0.7 * sound[10 * S : 13 * S]
    found = measure_repetition(sound).exact
    assert found.shortest_s == pytest.approx(30.0, abs=0.05)
    assert 39.9 < found.first_s < 41.5
    assert 0.02 < found.share < 0.06


def test_of_several_copies_the_nearest_counts():
    sound = noise(2, 60.0)
    for at in (20, 31, 50):
        sound[at * S : (at + 2) * S] = sound[5 * S : 7 * S]
    found = measure_repetition(sound).exact
    assert found.shortest_s == pytest.approx(11.0, abs=0.05)
    assert 19.9 < found.first_s < 21.0


def test_the_same_events_in_another_recording_are_look_alikes():
    rng = np.random.default_rng(3)
    floor = 0.003 * rng.standard_normal((40 * S, 1))
    t = np.arange(S // 2) / S
    shape = np.sin(2.0 * np.pi * (1_500.0 + 1_500.0 * t) * t) * np.hanning(len(t))
    for at in (5, 17, 31):
        # Its own phase in each: no wave is the same.
        floor[at * S : at * S + len(t), 0] += (
            0.2 * shape * np.sign(np.sin(40.0 * t + at)) * rng.uniform(0.9, 1.1, len(t))
        )
    found = measure_repetition(floor.astype(np.float32))
    assert found.exact.share == 0.0
    assert found.alike.shortest_s == pytest.approx(12.0, abs=0.3)


def test_what_goes_round_is_repetition_from_the_second_round_on():
    sound = Voice(get_synth("rain"), 1).read(30 * S)[:, :1]
    found = measure_repetition(np.tile(sound, (4, 1))).exact
    assert found.shortest_s == pytest.approx(30.0, abs=0.05)
    assert found.first_s == pytest.approx(30.0, abs=0.5)
    assert found.share > 0.7


def test_what_is_copied_in_pieces_does_not_come_again_throughout():
    sound = noise(4, 60.0)
    for i in range(24):
        piece = slice(i * S // 4, i * S // 4 + 3 * S // 20)
        sound[40 * S :][piece] = sound[10 * S :][piece]
    assert measure_repetition(sound).exact.share > 0.0
    assert measure_repetition(sound, throughout=True).exact.share == 0.0
    sound[50 * S : 53 * S] = sound[20 * S : 23 * S]
    assert measure_repetition(sound, throughout=True).exact.share > 0.02


@pytest.mark.parametrize(("cents", "share"), [(0.0, 1.0), (12.0, 0.0)], ids=["held", "wandering"])
def test_a_sweep_comes_again_only_where_its_pitch_is_the_same(cents: float, share: float):
    rng, seconds = np.random.default_rng(5), 30
    sweep = 900.0 + 300.0 * np.sin(2.0 * np.pi * np.arange(seconds * S) / (3 * S))
    drifts = np.convolve(
        rng.standard_normal(seconds * 20), np.hanning(9) / np.sqrt((np.hanning(9) ** 2).sum()), "same"
    )
    wander = np.interp(np.arange(seconds * S), np.arange(seconds * 20) * S / 20, drifts)
    tone = 0.2 * np.sin(2.0 * np.pi * np.cumsum(sweep * 2.0 ** (cents * wander / 1_200.0)) / S)
    found = measure_repetition(tone[:, None].astype(np.float32), throughout=True).exact
    assert found.share == pytest.approx(share, abs=0.15)
