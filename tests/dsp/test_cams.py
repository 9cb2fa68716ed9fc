"""A cam passes as often as its shaft turns, wherever blocks begin."""

import numpy as np

from roomtone.dsp.cams import cam_state, passages
from roomtone.dsp.shaft import shaft_state, spin


def frames_of(per_turn: float, hz: float, blocks: int) -> list[int]:
    shaft = shaft_state(3, "cams", orders=(1.0,), levels_db=(0.0,), wobble=((1.0, 0.0),))
    cam, out = cam_state(shaft, per_turn), np.zeros((480, 1), np.float32)
    found = []
    for b in range(blocks):
        spin(shaft, hz=hz, level=0.0, out=out)
        found += [480 * b + frame for frame in passages(cam, shaft)]
    return found


def test_it_passes_once_a_turn_at_even_distances():
    frames = frames_of(1.0, 23.0, 400)
    assert abs(len(frames) - 4 * 23) <= 1
    assert np.abs(np.diff(frames) - 48_000 / 23.0).max() < 3.0


def test_behind_a_gear_it_passes_less_often_and_several_a_block_where_it_must():
    assert abs(len(frames_of(0.25, 20.0, 400)) - 20) <= 1
    assert abs(len(frames_of(6.0, 50.0, 100)) - 300) <= 1


def test_on_a_shaft_that_stands_nothing_passes():
    assert frames_of(4.0, 0.0, 50) == []
