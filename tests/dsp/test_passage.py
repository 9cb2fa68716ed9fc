"""What passes is loudest and falls in pitch where it is nearest; what stays neither moves nor trembles."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.passage import Passage, go_on, hear_passage, passage_state


def passage(seed: int = 1) -> Passage:
    return passage_state(seed, "test", lap_s=40.0, reach_m=300.0, aside_m=20.0, height_m=10.0)


def test_it_comes_and_goes_and_its_pitch_with_it():
    way = passage()
    ranges, dopplers = [], []
    for _ in range(5_000):
        go_on(way, 1.0)
        ranges.append(way.range_m)
        dopplers.append(way.doppler)
    coming = np.diff(ranges) < 0.0
    assert max(ranges) > 200.0
    assert min(ranges) < 40.0
    assert np.all(np.array(dopplers[1:])[coming] > 1.0)
    assert 1.05 < max(dopplers) < 1.4


def test_what_stays_keeps_its_pitch():
    way = passage()
    for _ in range(2_000):
        go_on(way, 0.0)
        assert abs(way.doppler - 1.0) < 0.01


def test_being_told_to_move_takes_time():
    way = passage()
    for motion in [0.0] * 10 + [1.0] * 200:
        go_on(way, motion)
        assert 0.7 < way.doppler < 1.6


def test_what_is_far_is_fainter_and_duller():
    way, chance = passage(), np.random.default_rng(1)
    near_far = []
    for _ in range(5_000):
        go_on(way, 1.0)
        x = chance.normal(0.0, 0.1, (BLOCK_FRAMES, 1)).astype(np.float32)
        hear_passage(way, x)
        high = np.diff(x[:, 0]).std() / (x.std() + 1e-12)
        near_far.append((way.range_m, x.std(), high))
    rows = np.array(near_far)
    near, far = rows[rows[:, 0] < 40.0], rows[rows[:, 0] > 200.0]
    assert near[:, 1].mean() > 4.0 * far[:, 1].mean()
    assert near[:, 2].mean() > far[:, 2].mean()
