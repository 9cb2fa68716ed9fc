"""Drips: single drops, each unlike the last, that ring in water, tick on stone, and fill a cave."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.instance import Instance
from roomtone.synths.voice import Voice


def heard(seconds: float = 10.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["drips"], seed, {"seep": 0.0, **controls}).read(round(seconds * 48_000))


def struck(seconds: float = 2.0, **controls: float) -> Samples:
    """One drop after 0.2 s, and nothing else."""
    row = SYNTHS["drips"]
    instance = Instance(row, 1, curves={})
    values = [{"rate": 0.0, "seep": 0.0, **controls}.get(each.name, each.default) for each in row.controls]
    out = np.zeros((round(seconds * 100) * 480, 2), np.float32)
    for i, block in enumerate(out.reshape(-1, 480, 2)):
        if i == 20:
            instance.strike()
        instance.render(values, block)
    return out


def test_without_a_rate_it_is_silent_until_struck() -> None:
    assert hearing.peak(heard(seconds=3.0, rate=0.0)) < 1e-6
    drop = struck()
    assert hearing.peak(drop) > 0.05
    assert hearing.events_per_s(drop) > 0.0


def test_a_pool_plonks_lower_and_more_tonal_than_stone_ticks() -> None:
    stone, pool = heard(depth=0.0, room=0.0), heard(depth=1.0, room=0.0)
    assert hearing.centroid_hz(stone) > 2.0 * hearing.centroid_hz(pool)
    assert hearing.tonality_db(pool, 600.0, 4_000.0) > hearing.tonality_db(stone, 600.0, 4_000.0) + 1.0


def test_a_cave_rings_on_for_seconds() -> None:
    outside, cave = (hearing.fall_s(struck(room=room), 500.0, 4_000.0, by_db=40.0) for room in (0.0, 1.0))
    assert outside < 0.7
    assert cave > outside + 0.3


def test_drops_stand_apart_until_water_seeps_between_them() -> None:
    dry, wet = hearing.floor_db(heard(seep=0.0)), hearing.floor_db(heard(seep=1.0))
    assert wet > dry + 5.0
    assert wet > -12.0


def test_a_tap_limps_but_never_ticks_like_a_clock() -> None:
    sound = heard(seconds=30.0, rate=0.3, room=0.0)
    loud = hearing.envelope(sound, 2_000.0)
    starts = np.nonzero((loud[1:] > 0.3 * loud.max()) & (loud[:-1] <= 0.3 * loud.max()))[0] / 200.0
    gaps = np.diff(starts)
    gaps = gaps[gaps > 0.15]
    assert len(gaps) > 8
    assert 0.08 < gaps.std() / gaps.mean() < 1.0


def test_a_patter_comes_from_all_sides() -> None:
    assert hearing.unlikeness_of_sides(heard(rate=1.0, room=0.0)) > 0.3
