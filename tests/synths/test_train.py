"""A train knocks in pairs, faster when it goes faster; wheels sing in curves; aboard it is dull."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["train"], seed, {**controls}).read(round(seconds * 48_000))


def knocks_per_s(x: Samples) -> float:
    return hearing.events_per_s(x, 1_000.0, 6.0)


def test_wheels_knock_over_joints_and_not_on_welded_rail():
    assert knocks_per_s(heard(joints=1.0, aboard=1.0)) > 1.0 + knocks_per_s(heard(joints=0.0, aboard=1.0))


def test_a_faster_train_knocks_more_often_and_is_louder():
    slow, fast = (heard(speed=speed, joints=1.0, aboard=1.0) for speed in (0.3, 0.8))
    assert knocks_per_s(fast) > knocks_per_s(slow)
    assert hearing.level_db(fast) > hearing.level_db(slow) + 3.0


def test_wagons_pass_as_swells_of_all_bands_together():
    x = heard(12.0, speed=0.6)
    low, high = (hearing.envelope(x, *span) for span in ((300.0, 900.0), (2_000.0, 8_000.0)))
    slow = np.ones(20) / 20
    low, high = (np.convolve(np.log(e), slow, "valid") for e in (low, high))
    assert np.corrcoef(low, high)[0, 1] > 0.4


def test_joints_do_not_drown_what_rolls_in_a_slow_train():
    assert np.median([hearing.sparsity(heard(15.0, seed, speed=0.4)) for seed in range(1, 6)]) < 4.1


def test_a_standing_train_only_hums():
    assert hearing.level_db(heard(speed=0.0)) < hearing.level_db(heard(speed=0.6)) - 10.0


def test_wheels_sing_in_curves():
    straight, curve = (hearing.tonality_db(heard(squeal=squeal), 1_500.0, 6_000.0) for squeal in (0.0, 1.0))
    assert curve > straight + 3.0


def test_aboard_is_duller_than_beside_the_track():
    assert hearing.centroid_hz(heard(aboard=1.0)) < 0.7 * hearing.centroid_hz(heard(aboard=0.0))
