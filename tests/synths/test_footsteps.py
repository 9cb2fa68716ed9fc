"""Somebody walks: heel and toe, left and right, and every ground answers in its own way."""

import numpy as np
import pytest

from listening import hearing
from listening.sweep import hear
from roomtone.audio import Samples
from roomtone.synths.calibration import along, calibration
from roomtone.synths.people.footsteps import FOOTSTEPS
from roomtone.synths.voice import Voice

_SURFACES = dict(FOOTSTEPS.controls[1].names)


def step_on(surface: str) -> Samples:
    voice = Voice(FOOTSTEPS, 1, {"rate": 0.0, "surface": _SURFACES[surface]})
    voice.read(4_800)
    voice.strike()
    return voice.read(48_000)


def test_one_step_is_a_heel_and_a_toe() -> None:
    e = hearing.envelope(step_on("stone"), 800.0)
    heel, toe = e[:10].max(), e[14:34].max()
    assert toe > 1.3 * e[9:15].min()
    assert heel > toe


def test_names_stand_where_only_that_ground_sounds() -> None:
    measured = calibration("footsteps")
    assert measured is not None
    curve = measured.controls["surface"].curve
    for place, name in enumerate(_SURFACES):
        assert along(curve, _SURFACES[name]) * (len(_SURFACES) - 1) == pytest.approx(place, abs=0.28), name


def test_metal_rings_carpet_does_not() -> None:
    # What is filtered as a whole runs on from its end into its beginning: silence stands between.
    metal, carpet = (np.pad(step_on(name), ((4_800, 4_800), (0, 0))) for name in ("metal", "carpet"))
    assert hearing.fall_s(metal, 300.0, 4_000.0) > hearing.fall_s(carpet, 300.0, 4_000.0)


def test_gravel_is_many_grains_where_stone_is_two_clicks() -> None:
    gravel, stone = (hearing.envelope(step_on(name), 2_000.0)[:60] for name in ("gravel", "stone"))
    spread = [float((e > 0.25 * e.max()).mean()) for e in (gravel, stone)]
    assert spread[0] > 1.5 * spread[1]


def test_a_walk_is_uneven_as_people_are() -> None:
    x = hear("footsteps", {"rate": 0.7, "surface": _SURFACES["wood"]}, seconds=20.0, seed=1)
    e = hearing.envelope(x, 300.0)
    tops = np.nonzero((e[1:-1] > 0.3 * e.max()) & (e[1:-1] >= e[:-2]) & (e[1:-1] > e[2:]))[0] * 0.005
    steps = np.diff(tops[np.concatenate(([True], np.diff(tops) > 0.3))])
    assert 0.01 < np.std(steps[steps < 1.5 * np.median(steps)]) / np.median(steps) < 0.2


def test_boots_weigh_more_below_200_hz() -> None:
    tiptoe, boots = (
        hear("footsteps", {"surface": _SURFACES["wood"], "weight": w}, seconds=6.0, seed=1)
        for w in (0.0, 1.0)
    )
    assert hearing.band_level_db(boots, 40.0, 200.0) > hearing.band_level_db(tiptoe, 40.0, 200.0) + 10.0
