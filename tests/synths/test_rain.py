"""Rain is made of drops."""

import numpy as np
import pytest

from listening import hearing
from roomtone.synths import SYNTHS
from roomtone.synths.calibration import along, calibration
from roomtone.synths.voice import Voice


def _rain(seconds: float = 8.0, seed: int = 1, **controls: float):
    return Voice(SYNTHS["rain"], seed, controls).read(round(seconds * 48_000))


def test_no_rain_is_silence():
    assert hearing.peak(_rain(intensity=0.0)) < 1e-9


def test_drops_stand_out_of_light_rain_and_merge_in_a_downpour():
    light, downpour = (_mean_sparsity(intensity=value) for value in (0.05, 1.0))
    assert light > downpour + 1.0


def test_single_near_drops_are_told_apart_even_in_a_downpour():
    assert _mean_sparsity(intensity=1.0) > 1.35
    assert _mean_sparsity(intensity=1.0, distance=0.8) < 1.35


def _mean_sparsity(**controls: float) -> float:
    return float(np.mean([hearing.sparsity(_rain(seed=seed, **controls)) for seed in (1, 2, 3)]))


def test_far_rain_is_duller_quieter_and_smoother_than_near_rain():
    near, far = _rain(distance=0.0), _rain(distance=0.8)
    assert hearing.level_db(far) < hearing.level_db(near) - 5.0
    assert hearing.centroid_hz(far) < hearing.centroid_hz(near)
    assert hearing.sparsity(far) < hearing.sparsity(near)


def _brightness(surface: float) -> float:
    return hearing.centroid_hz(_rain(6.0, intensity=0.3, surface=surface))


def test_every_surface_with_a_name_is_brighter_than_the_last():
    row = next(control for control in SYNTHS["rain"].controls if control.name == "surface")
    measured = calibration("rain").controls["surface"]
    for i, (_, place) in enumerate(row.names):
        # Where a name stands, its surface is heard alone.
        assert along(measured.curve, place) == pytest.approx(i / (len(row.names) - 1), abs=0.02)
    heard = [_brightness(place) for _, place in row.names]
    assert heard == sorted(heard)


def test_a_tent_thumps_and_tin_rings():
    tent, tin = (_rain(intensity=0.3, surface=value) for value in (0.0, 1.0))
    assert hearing.share_db(tent, 60.0, 500.0) > hearing.share_db(tin, 60.0, 500.0) + 12.0
    assert hearing.share_db(tin, 3_000.0, 12_000.0) > hearing.share_db(tent, 3_000.0, 12_000.0) + 12.0


@pytest.mark.parametrize(
    "controls", [{}, {"surface": 0.0}, {"surface": 0.83, "intensity": 1.0}, {"surface": 1.0}]
)
def test_no_ring_stands_out_as_a_line_over_many_drops(controls: dict[str, float]):
    assert hearing.line_db(_rain(20.0, **controls)) < (2.5 if controls.get("surface") == 1.0 else 1.6)


def test_brightness_is_not_loudness():
    levels = [hearing.level_db(_rain(brightness=value)) for value in (0.0, 0.5, 1.0)]
    assert max(levels) - min(levels) < 3.0


@pytest.mark.parametrize("intensity", [0.3, 0.6, 1.0])
def test_rain_has_a_low_end(intensity: float):
    assert hearing.share_db(_rain(intensity=intensity), 30.0, 150.0) > -25.0


def test_the_sides_agree_below_and_differ_above():
    rain = _rain()
    low, high = (hearing.agreement_of_sides(rain, *band) for band in ((60.0, 250.0), (3_000.0, 12_000.0)))
    assert low > 0.5
    assert high < 0.3


def test_far_rain_still_hisses():
    assert hearing.share_db(_rain(20.0, distance=1.0), 5_000.0, 12_000.0) > -26.0
