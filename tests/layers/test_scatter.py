"""Scattered layers: events at random gaps and places, or a sound that is moved while nobody hears it."""

import numpy as np
import pytest
from scenery import BY_LEVEL, Tone, largest_step, layer_of, level_db, listen, performing, scene_of

from roomtone.audio import BLOCK_FRAMES, BLOCK_S
from roomtone.layers.performance import Performance
from roomtone.layers.player import Placed
from roomtone.scene.model import Constant, Scatter

OFTEN = Scatter(every_s=(1.0, 3.0), distance_m=(50.0, 400.0))


def storm(scatter: Scatter = OFTEN, *, gain_db=None, seed: int = 5):
    return scene_of(
        layer_of("street", synth="thunder", controls={}, gain_db=gain_db, placement=scatter), seed=seed
    )


def moves(performance: Performance, blocks: int) -> list[Placed]:
    return [placed for _ in range(blocks) for placed in performance.render().changes]


@pytest.fixture(scope="module")
def placed() -> list[Placed]:
    performance = Performance(storm())
    tone = Tone()
    tone.has_events = True
    performance.add("street", tone)
    return moves(performance, 20_000)


def test_events_come_at_gaps_within_what_the_file_says(placed: list[Placed]):
    gaps_s = np.diff([move.at_frame for move in placed]) / 48_000.0
    assert gaps_s.min() >= 1.0 - BLOCK_S
    assert gaps_s.max() <= 3.0 + BLOCK_S
    assert np.std(gaps_s) > 0.4
    assert placed[0].at_frame <= 3 * 48_000


def test_events_are_at_distances_within_what_the_file_says_and_all_around(placed: list[Placed]):
    offsets = np.array([move.offset_m for move in placed])
    distances = np.linalg.norm(offsets, axis=1)
    assert distances.min() >= 50.0
    assert distances.max() <= 400.0
    assert np.ptp(distances) > 250.0
    assert {(x > 0, z > 0) for x, _, z in offsets} == {(a, b) for a in (True, False) for b in (True, False)}


def test_events_are_on_the_grid_and_the_same_for_the_same_seed(placed: list[Placed]):
    assert all(move.at_frame % BLOCK_FRAMES == 0 for move in placed)
    again = Performance(storm())
    again.open("street")
    assert moves(again, 1000) == placed[: len(moves(performing(storm()), 1000))]
    assert moves(performing(storm(), seed=6), 1000) != placed[:5]


def test_thunder_sounds_when_it_is_struck_and_not_by_itself():
    performance = performing(storm(Scatter(every_s=(4.0, 4.0), distance_m=(60.0, 80.0))))
    first = next(i for i in range(500) if performance.render().changes)
    before = performing(storm(Scatter(every_s=(4.0, 4.0), distance_m=(60.0, 80.0))))
    heard = listen(before, first + 300)
    assert not first or np.abs(heard[: first * BLOCK_FRAMES]).max() < 1e-4
    assert level_db(heard[first * BLOCK_FRAMES :]) > -60.0


def test_events_that_nobody_could_hear_do_not_all_sound_when_the_layer_comes_back():
    performance = Performance(storm(gain_db=BY_LEVEL), values={"level": 0.0})
    tone = Tone()
    tone.has_events = True
    performance.add("street", tone)
    assert len(moves(performance, 3_000)) > 8
    assert tone.struck == []
    performance.set({"level": 1.0})
    moves(performance, 1_000)
    assert tone.struck


@pytest.mark.parametrize("every_s", [(3.0, 5.0), (0.1, 0.2)])
def test_a_sound_without_events_moves_only_while_it_cannot_be_heard(every_s: tuple[float, float]):
    scatter = Scatter(every_s=every_s, distance_m=(10.0, 20.0))
    performance = Performance(
        scene_of(layer_of(synth="wind", controls={}, gain_db=Constant(0.0), placement=scatter))
    )
    tone = Tone(hz=400.0)
    performance.add("street", tone)
    heard, moved = [], []
    for i in range(2_000):
        block = performance.render()
        samples = block.layers["street"]
        moved += [i] if block.changes else []
        heard.append(np.zeros((BLOCK_FRAMES, 1), np.float32) if samples is None else samples.copy())
    whole = np.concatenate(heard)
    assert moved[0] == 0
    assert len(moved) > 3
    for i in moved:
        assert np.abs(heard[i][0]).max() < 0.01 * 0.5
    assert len(tone.struck) == len(moved)
    assert np.abs(whole).max() > 0.2
    assert largest_step(whole) < 1.6 * tone.step
