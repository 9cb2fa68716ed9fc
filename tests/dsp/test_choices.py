"""Kinds in a row on one control."""

import numpy as np
import pytest

from roomtone.dsp.choices import shares


def test_a_kind_is_alone_at_its_own_place() -> None:
    assert [shares(kind / 6, 7) for kind in range(7)] == [((kind, 1.0),) for kind in range(7)]


def test_half_way_both_are_heard_alike() -> None:
    assert shares(0.5, 2) == ((0, pytest.approx(0.5)), (1, pytest.approx(0.5)))


def test_shares_add_up_and_never_jump() -> None:
    rows = np.zeros((1_001, 4))
    for i, setting in enumerate(np.linspace(0.0, 1.0, 1_001)):
        for kind, share in shares(setting, 4):
            rows[i, kind] = share
    assert rows.sum(1) == pytest.approx(np.ones(1_001))
    assert np.abs(np.diff(rows, axis=0)).max() < 0.01
