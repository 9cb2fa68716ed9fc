"""A road carries vehicles past an ear: nearer is louder, coming is higher than going, wet is brighter."""

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.bed import BED_BANDS
from roomtone.dsp.road import drive, road_state

_SPRAY = np.full(BED_BANDS, 3.0)


def driven(
    blocks: int = 1_500, *, density: float = 1.0, lorries: float = 0.0, wet: float = 0.0
) -> NDArray[np.float64]:
    """Power over time, (blocks, 2, BED_BANDS)."""
    road = road_state(1, "test")
    rows = []
    for _ in range(blocks):
        drive(road, density=density, speed_m_s=14.0, lorries=lorries, wet=wet, urban=0.0, spray=_SPRAY)
        rows.append(road.power.copy())
    return np.array(rows)


def test_more_vehicles_are_more_power_and_none_are_none():
    few, many = driven(density=0.2).mean(), driven(density=1.0).mean()
    assert many > 2.0 * few > 0.0
    assert driven(100, density=-1.0).max() == 0.0


def test_power_moves_without_a_step():
    power = driven(density=0.6)[:, 0].sum(1)
    assert np.abs(np.diff(np.log(power))).max() < 0.5


def test_lorries_give_off_more_and_a_wet_road_adds_what_tyres_do():
    dry = driven(300)
    assert driven(300, lorries=1.0).mean() > 3.0 * dry.mean()
    assert 1.2 < driven(300, wet=1.0).mean() / dry.mean() <= 4.0


def test_both_sides_are_heard_by_turns():
    power = driven(density=0.4).sum(2)
    lean = np.log(power[:, 1] / power[:, 0])
    assert lean.max() > 0.5
    assert lean.min() < -0.5
