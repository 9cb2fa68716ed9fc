"""Leaves rustle branch by branch."""

import numpy as np

from listening import hearing
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def _leaves(seconds: float = 8.0, seed: int = 1, **controls: float):
    return Voice(SYNTHS["leaves"], seed, controls).read(round(seconds * 48_000))


def test_leaves_that_hang_still_are_hardly_heard():
    assert hearing.level_db(_leaves(activity=0.0)) < -42.0


def test_a_stir_is_single_leaves_and_a_storm_is_a_rush():
    stir, storm = (hearing.sparsity(_leaves(activity=value)) for value in (0.1, 1.0))
    assert stir > storm + 1.0


def test_branches_are_busy_by_turns_on_either_side():
    sides = _leaves(20.0, activity=0.4)
    left, right = (hearing.envelope(sides[:, side : side + 1], 3_000.0) for side in (0, 1))
    slow = [np.convolve(side, np.ones(100) / 100.0, "valid") for side in (left, right)]
    assert np.corrcoef(*slow)[0, 1] < 0.9


def test_dry_leaves_scrape_more_sharply_than_fresh_ones():
    fresh, dry = (hearing.centroid_hz(_leaves(dryness=value)) for value in (0.0, 1.0))
    assert dry > 1.3 * fresh


def test_leaves_rustle_in_gusts_with_lulls_between():
    swings_db = [hearing.swing_db(_leaves(30.0, seed), 2_000.0, slice_s=1.0) for seed in (1, 2, 3, 5)]
    assert min(swings_db) > 2.0
    assert np.mean(swings_db) > 2.8


def test_without_gusts_leaves_rustle_on():
    assert hearing.swing_db(_leaves(30.0, gustiness=0.0), slice_s=1.0) < 1.2


def test_leaves_crackle_even_while_a_gust_passes():
    assert np.mean([hearing.sparsity(_leaves(20.0, seed)) for seed in (1, 2, 3)]) > 1.4


def test_trees_on_either_side_are_moved_at_different_times():
    apart_db = []
    for seed in (1, 2, 3):
        leaves = _leaves(30.0, seed).astype(np.float64)
        levels_db = 10.0 * np.log10((leaves.reshape(30, 48_000, 2) ** 2).mean(1))
        apart_db.append((levels_db[:, 0] - levels_db[:, 1]).std())
    assert np.mean(apart_db) > 1.4
