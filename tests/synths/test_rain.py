"""Rain is made of drops."""

import numpy as np
import pytest

from listening import hearing
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def _rain(seconds: float = 8.0, seed: int = 1, **controls: float):
    return Voice(SYNTHS["rain"], seed, controls).read(round(seconds * 48_000))


def test_no_rain_is_silence():
    assert hearing.peak(_rain(intensity=0.0)) < 1e-9


def test_drops_stand_out_of_light_rain_and_merge_in_a_downpour():
    light, downpour = (_mean_sparsity(intensity=value) for value in (0.05, 1.0))
    wind = hearing.sparsity(Voice(SYNTHS["wind"], 1, {"gustiness": 0.0}).read(8 * 48_000))
    assert light > downpour + 0.7
    assert downpour > wind + 0.3


def _mean_sparsity(**controls: float) -> float:
    return float(np.mean([hearing.sparsity(_rain(seed=seed, **controls)) for seed in (1, 2, 3)]))


def test_far_rain_is_duller_quieter_and_smoother_than_near_rain():
    near, far = _rain(distance=0.0), _rain(distance=0.8)
    assert hearing.level_db(far) < hearing.level_db(near) - 5.0
    assert hearing.centroid_hz(far) < hearing.centroid_hz(near)
    assert hearing.sparsity(far) < hearing.sparsity(near)


def test_tin_rings_and_earth_does_not():
    # A struck plate rings on: what is above 2 kHz a few milliseconds after a drop is still there.
    earth, tin = (_rain(intensity=0.1, hardness=value) for value in (0.0, 1.0))
    assert hearing.share_db(tin, 3_000.0, 16_000.0) > hearing.share_db(earth, 3_000.0, 16_000.0) + 3.0


@pytest.mark.parametrize(
    "controls", [{}, {"hardness": 0.0}, {"hardness": 0.5}, {"hardness": 0.5, "intensity": 1.0}]
)
def test_no_ring_stands_out_as_a_line_over_many_drops(controls: dict[str, float]):
    assert hearing.line_db(_rain(20.0, **controls)) < 1.5


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


def test_far_rain_still_hisses_and_has_no_tone_of_a_room():
    far = _rain(20.0, distance=1.0)
    assert hearing.share_db(far, 5_000.0, 12_000.0) > -26.0
    assert hearing.line_db(far) < 2.0
