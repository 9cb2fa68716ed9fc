"""A café at work: things ring high and short, hands do one thing at a time, steam comes and goes."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.people.clatter import CLATTER
from roomtone.synths.voice import Voice


def heard(seconds: float = 15.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(CLATTER, seed, controls).read(round(seconds * 48_000))


def test_hands_touch_things_in_flurries() -> None:
    e = hearing.envelope(heard(40.0, activity=0.15, machine=0.0), 1_500.0)
    begins_s = np.nonzero((e[1:] > 2.5 * e[:-1]) & (e[1:] > 0.003))[0] * 0.005
    gaps_s = np.diff(begins_s)
    assert gaps_s.std() > 1.2 * gaps_s.mean()


def test_rush_hour_fills_more_of_the_time() -> None:
    calm, busy = (hearing.busy_share(heard(activity=a, machine=0.0), 2_000.0, -45.0) for a in (0.2, 1.0))
    assert busy > 2.0 * calm


def test_plates_are_lower_than_spoons() -> None:
    spoons, plates = (hearing.centroid_hz(heard(weight=w, machine=0.0)) for w in (0.0, 1.0))
    assert plates < 0.6 * spoons


def test_steam_is_noise_that_comes_and_goes() -> None:
    e = hearing.envelope(heard(40.0, activity=0.0, machine=0.6), 3_000.0, 8_000.0)
    assert np.quantile(e, 0.9) > 30.0 * np.quantile(e, 0.02)
    assert hearing.line_db(heard(activity=0.0, machine=1.0)) < 6.0


def test_nothing_sounds_where_nothing_is_touched() -> None:
    assert hearing.level_db(heard(3.0, activity=0.0, machine=0.0)) < -90.0
