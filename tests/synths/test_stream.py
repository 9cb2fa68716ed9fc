"""A stream is many bubbles at several places, few of them in a trickle, a rush of them in a river."""

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["stream"], seed, controls).read(round(seconds * 48_000))


def apartness(flow: float) -> float:
    """How far single bubbles stand out within a second, over several streams."""
    streams = [heard(seed=seed, flow=flow) for seed in range(6)]
    return float(np.mean([np.median([hearing.sparsity(part) for part in np.split(x, 8)]) for x in streams]))


def test_a_trickle_is_heard_bubble_by_bubble_and_a_river_merges() -> None:
    trickle, brook, river = (apartness(flow) for flow in (0.0, 0.5, 1.0))
    assert trickle > brook + 0.15
    assert brook > river + 0.15


def test_water_is_livelier_than_noise_of_the_same_colour() -> None:
    water = heard()[:, :1]
    spectrum = np.fft.rfft(water[:, 0])
    turns = np.exp(2j * np.pi * np.random.default_rng(1).random(len(spectrum)))
    noise = np.fft.irfft(spectrum * turns)[:, None].astype(np.float32)
    assert hearing.sparsity(water) > hearing.sparsity(noise) + 0.4


def test_the_places_where_water_falls_are_spread_from_left_to_right() -> None:
    water = heard(bubbliness=1.0)
    assert hearing.unlikeness_of_sides(water) > 0.5
    left, right = (water**2).mean(0)
    assert 0.4 < left / right < 2.5


def test_two_streams_have_their_stones_at_different_places() -> None:
    balances = [np.divide(*(heard(bubbliness=1.0, seed=seed) ** 2).mean(0)) for seed in range(6)]
    assert np.ptp(10 * np.log10(balances)) > 0.5


def test_the_flow_surges_but_never_stops() -> None:
    envelope = hearing.envelope(heard(seconds=60.0), 300.0).reshape(-1, 100).mean(1)
    levels_db = 20 * np.log10(envelope)
    assert 0.5 < levels_db.std() < 4.0
    assert levels_db.min() > np.median(levels_db) - 12.0


@pytest.mark.parametrize("control", ["depth", "brightness"])
def test_colour_leaves_loudness_alone(control: str) -> None:
    levels = [hearing.level_db(heard(**{control: value})) for value in (0.0, 0.5, 1.0)]
    assert np.ptp(levels) < 3.0


def test_loudness_grows_evenly_from_trickle_to_river() -> None:
    levels = [hearing.level_db(heard(flow=flow)) for flow in (0.0, 0.25, 0.5, 0.75, 1.0)]
    steps = np.diff(levels)
    assert np.all(steps > 1.5)
    assert np.all(steps < 7.0)
