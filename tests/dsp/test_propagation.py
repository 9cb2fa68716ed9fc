"""The way from a sound to an ear: transparent where there is none, duller and more diffuse where there is much."""

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.propagation import propagate, propagation_state, way_db

_BLOCKS = 300


def _noise(channels: int, seed: int = 1) -> Samples:
    rng = np.random.default_rng(seed)
    return np.asarray(0.1 * rng.standard_normal((_BLOCKS * BLOCK_FRAMES, channels)), np.float32)


def _heard(
    x: Samples, *, metres: float = 1.0, open_m: float = 15.0, spread: float = 1.0, inside: float = 0.0
) -> Samples:
    way, out = propagation_state(x.shape[1]), x.copy()
    for start in range(0, len(out), BLOCK_FRAMES):
        propagate(way, out[start : start + BLOCK_FRAMES], metres=metres, near_m=1.0, open_m=open_m, spread=spread,
                  inside=inside)  # fmt: skip
    return out


@pytest.mark.parametrize("channels", [1, 2])
def test_near_by_and_in_the_open_nothing_changes(channels: int):
    x = _noise(channels)
    assert np.array_equal(_heard(x), x)


@pytest.mark.parametrize(("spread", "falls_db"), [(1.0, 6.0), (0.5, 3.0)])
def test_a_point_falls_by_6_db_a_doubling_and_what_surrounds_by_3(spread: float, falls_db: float):
    x = _noise(1)
    levels = [
        hearing.band_level_db(_heard(x, metres=m, spread=spread), 100.0, 2_000.0) for m in (2.0, 4.0, 8.0)
    ]
    assert np.diff(levels) == pytest.approx([-falls_db, -falls_db], abs=0.6)


def test_air_takes_the_highs_more_the_further_it_is():
    x = _noise(2)
    lost_db = [
        hearing.share_db(_heard(x, metres=m), 6_000.0, 12_000.0) - hearing.share_db(x, 6_000.0, 12_000.0)
        for m in (3.0, 30.0, 150.0)
    ]
    assert lost_db == sorted(lost_db, reverse=True)
    assert lost_db[0] > -1.0
    assert lost_db[2] < -15.0


def test_a_wall_takes_the_highs_and_less_of_the_lows():
    x = _noise(2)
    walls = [_heard(x, inside=inside) for inside in (0.0, 0.5, 1.0)]
    low_db, high_db = (
        [hearing.band_level_db(y, low_hz, high_hz) for y in walls]
        for low_hz, high_hz in ((60.0, 120.0), (3_000.0, 8_000.0))
    )
    assert high_db[0] - high_db[2] > 25.0
    assert 3.0 < low_db[0] - low_db[2] < 10.0
    assert high_db[0] > high_db[1] > high_db[2]


def test_far_sounds_come_back_from_all_around():
    click = np.zeros((200 * BLOCK_FRAMES, 2), np.float32)
    click[100, :] = 0.4
    near, far = (_heard(click, metres=m) for m in (1.0, 60.0))

    def late(x: Samples) -> float:
        return float((x[2_400:] ** 2).sum() / (x**2).sum())

    assert late(near) == 0.0
    assert late(far) > 0.3
    # It is gone when a second or two have passed.
    assert (far[150 * BLOCK_FRAMES :] ** 2).sum() < 1e-3 * (far**2).sum()


def test_the_two_sides_of_the_tail_differ():
    x = np.repeat(_noise(1), 2, axis=1)
    assert hearing.agreement_of_sides(_heard(x, metres=100.0), 500.0, 8_000.0) < 0.35


def test_moving_away_and_back_does_not_click():
    rng = np.random.default_rng(5)
    x = _noise(2)
    way, out = propagation_state(2), x.copy()
    jumps = []
    metres, inside = 1.0, 0.0
    for block in range(_BLOCKS):
        if block % 10 == 0:
            metres, inside = float(rng.choice([1.0, 5.0, 50.0])), float(rng.choice([0.0, 1.0]))
            jumps.append(block * BLOCK_FRAMES)
        at = slice(block * BLOCK_FRAMES, (block + 1) * BLOCK_FRAMES)
        propagate(way, out[at], metres=metres, near_m=1.0, open_m=15.0, spread=0.5, inside=inside)
    frames = np.array(jumps[1:])
    at_rest = np.median(hearing.roughness_at(out, frames + 2_400))
    assert np.median(hearing.roughness_at(out, frames)) < 1.5 * at_rest + 0.5


def test_a_window_that_opens_does_not_click_in_a_tone():
    # The tail decays at another rate behind walls: where noise hides a step, a hum does not.
    hum = 0.1 * np.sin(2.0 * np.pi * 100.0 / 48_000 * np.arange(_BLOCKS * BLOCK_FRAMES))
    x = np.asarray(hum[:, None], np.float32)
    way, out = propagation_state(1), x.copy()
    for block in range(_BLOCKS):
        at = slice(block * BLOCK_FRAMES, (block + 1) * BLOCK_FRAMES)
        inside = float(block // 10 % 2)
        propagate(way, out[at], metres=3.0, near_m=1.0, open_m=15.0, spread=1.0, inside=inside)
    frames = np.arange(40, _BLOCKS, 10) * BLOCK_FRAMES
    assert np.abs(np.diff(out[:, 0].astype(float), 2))[frames[0] :].max() < 2e-4


def test_what_went_away_does_not_come_back_with_an_old_tail():
    way = propagation_state(1)
    loud, silence = _noise(1)[:BLOCK_FRAMES], np.zeros((BLOCK_FRAMES, 1), np.float32)
    out = loud
    for metres, x in ((50.0, loud), (1.0, silence), (1.0, silence), (50.0, silence)):
        out = x.copy()
        propagate(way, out, metres=metres, near_m=1.0, open_m=15.0, spread=1.0, inside=0.0)
    assert np.abs(out).max() < 1e-6


def test_no_peak_passes():
    x = 40.0 * _noise(2)
    for metres, inside in ((1.0, 0.0), (3.0, 0.5), (1.0, 1.0)):
        assert hearing.peak(_heard(x, metres=metres, inside=inside)) <= 0.9


@pytest.mark.parametrize("metres", [1.0, 40.0, 200.0])
def test_what_the_way_is_said_to_take_is_what_it_takes(metres: float):
    x = _noise(1)
    bands = ((200.0, 250.0), (1_000.0, 1_100.0), (4_000.0, 4_200.0))
    near, far = (
        [hearing.band_level_db(y, *band) for band in bands] for y in (x, _heard(x, metres=metres, open_m=1e9))
    )
    said_db = way_db(np.array([225.0, 1_050.0, 4_100.0]), metres=metres, near_m=1.0, spread=1.0)
    assert np.subtract(far, near) == pytest.approx(said_db, abs=0.8)
