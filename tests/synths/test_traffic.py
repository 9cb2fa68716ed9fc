"""Vehicles come in groups, pass with a rise and a fall, hiss on a wet road; lorries are low and loud."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 15.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["traffic"], seed, controls).read(round(seconds * 48_000))


def test_single_cars_rise_out_of_the_quiet_and_leave_it_again():
    level_db = 20.0 * np.log10(hearing.envelope(heard(60.0, density=0.15), 300.0, 4_000.0))
    slow_db = level_db[: len(level_db) // 100 * 100].reshape(-1, 100).mean(1)
    assert np.quantile(slow_db, 0.98) > np.median(slow_db) + 8.0


def test_a_stream_has_no_gaps():
    assert hearing.swing_db(heard(density=1.0, speed=0.7)) < hearing.swing_db(heard(density=0.05, speed=0.7))


def test_a_vehicle_goes_from_one_side_to_the_other():
    x = heard(30.0, density=0.3)
    left, right = (hearing.envelope(x[:, side : side + 1], 500.0, 4_000.0) for side in (0, 1))
    lean_db = 20.0 * np.log10(left / right)
    assert np.quantile(lean_db, 0.95) > 3.0
    assert np.quantile(lean_db, 0.05) < -3.0


def test_a_wet_road_hisses():
    dry, wet = (hearing.share_db(heard(wet=wet), 4_000.0, 12_000.0) for wet in (0.0, 1.0))
    assert wet > dry + 4.0


def test_lorries_are_heard_low():
    cars, lorries = (
        hearing.band_level_db(heard(30.0, lorries=lorries), 40.0, 200.0) for lorries in (0.0, 1.0)
    )
    assert lorries > cars + 5.0


def test_a_motorway_is_tyres_and_a_street_is_engines():
    street, motorway = (hearing.centroid_hz(heard(speed=speed)) for speed in (0.0, 1.0))
    assert motorway > 1.5 * street


def test_an_empty_road_leaves_the_city_far_off():
    assert hearing.level_db(heard(density=0.0)) < hearing.level_db(heard(density=0.8)) - 10.0


def test_no_tone_stands_in_the_rush():
    assert hearing.line_db(heard(30.0, density=0.9, speed=0.9), 600.0) < 4.0
