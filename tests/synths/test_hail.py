"""Hail is stones: hard, sparse, bouncing, and as bright as what they fall on."""

import numpy as np
import pytest

from listening import hearing
from roomtone.synths import SYNTHS
from roomtone.synths.calibration import along, calibration
from roomtone.synths.voice import Voice


def _hail(seconds: float = 6.0, seed: int = 1, **controls: float):
    return Voice(SYNTHS["hail"], seed, controls).read(round(seconds * 48_000))


def test_without_stones_there_is_silence():
    assert hearing.peak(_hail(1.0, intensity=0.0)) < 1e-9


def test_stones_stand_out():
    assert hearing.sparsity(_hail()) > 1.8


def test_single_stones_merge_in_a_barrage():
    assert hearing.sparsity(_hail(intensity=0.2)) > hearing.sparsity(_hail(intensity=1.0)) + 0.8


def test_walnuts_are_fewer_and_duller_than_grains():
    grains, walnuts = (_hail(size=value) for value in (0.0, 1.0))
    assert hearing.centroid_hz(walnuts) < 0.8 * hearing.centroid_hz(grains)
    assert hearing.sparsity(walnuts) > hearing.sparsity(grains)


def test_a_tent_thuds_and_tin_rings():
    tent, tin = (_hail(surface=value) for value in (0.0, 1.0))
    assert hearing.share_db(tent, 60.0, 500.0) > hearing.share_db(tin, 60.0, 500.0) + 6.0
    assert hearing.share_db(tin, 3_000.0, 12_000.0) > hearing.share_db(tent, 3_000.0, 12_000.0) + 6.0


def test_a_named_surface_is_heard_alone_where_it_stands():
    row = next(control for control in SYNTHS["hail"].controls if control.name == "surface")
    measured = calibration("hail").controls["surface"]
    for i, (_, place) in enumerate(row.names):
        assert along(measured.curve, place) == pytest.approx(i / (len(row.names) - 1), abs=0.04)


def test_it_hails_in_squalls():
    powers = (_hail(20.0).reshape(40, -1).astype(np.float64) ** 2).mean(1)
    assert (10.0 * np.log10(powers)).std() > 0.7
