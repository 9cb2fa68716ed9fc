"""Under water there are no highs; bubbles ring as they pass; the deep is darker than the surface."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["underwater"], seed, controls).read(round(seconds * 48_000))


def test_there_are_no_highs() -> None:
    assert hearing.share_db(heard(bubbles=1.0), 5_000.0, 20_000.0) < -30.0


def test_it_is_darker_in_the_deep() -> None:
    shallow, deep = (hearing.centroid_hz(heard(depth=depth, bubbles=0.0)) for depth in (0.0, 1.0))
    assert shallow > 2.0 * deep


def test_bubbles_are_tones_where_the_water_is_noise() -> None:
    without, swarm = (hearing.sparsity(heard(bubbles=bubbles, surge=0.0), 500.0) for bubbles in (0.0, 0.6))
    assert swarm > without + 0.3


def test_bubbles_pass_on_all_sides() -> None:
    def leaning_db(bubbles: float) -> float:
        balances = []
        for seed in range(3):
            sides = heard(seed=seed, bubbles=bubbles).astype(np.float64) ** 2
            left, right = sides.reshape(-1, 12_000, 2).mean(1).T
            balances.extend(10 * np.log10(left / right))
        return float(np.std(balances))

    assert leaning_db(0.8) > leaning_db(0.0) + 0.3


def test_heavy_seas_heave_and_still_water_does_not() -> None:
    still, heavy = (
        np.mean([hearing.swing_db(heard(seconds=12.0, seed=s, surge=surge, bubbles=0.0)) for s in range(3)])
        for surge in (0.0, 1.0)
    )
    assert heavy > still + 0.8


def test_now_and_then_something_thumps_far_away() -> None:
    def thumps(x: Samples) -> float:
        low = hearing.envelope(x, 40.0, 120.0).reshape(-1, 10).mean(1)
        return float(low.max() / np.median(low))

    assert max(thumps(heard(seconds=20.0, seed=seed, bubbles=0.0)) for seed in range(3)) > 2.5
