"""Leaves rustle branch by branch."""

import hearing
import numpy as np

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
