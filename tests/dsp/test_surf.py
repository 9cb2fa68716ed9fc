"""Waves come in trains, and each opens from the bottom of the spectrum and loses its top first."""

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.bed import BED_BANDS
from roomtone.dsp.surf import BREAK, STAGES, Surf, roll, surf_state

FLAT = np.ones((STAGES, BED_BANDS))
BREAKS_ONLY = FLAT * (np.arange(STAGES) == BREAK)[:, None]


def rolled(
    surf: Surf, *, seconds: float, period_s: float = 9.0, vigour: float = 0.5,
    colours: NDArray[np.float64] = FLAT,
) -> NDArray[np.float64]:  # fmt: skip
    """Power as (blocks, bands)."""
    power = np.zeros((round(seconds * 100), BED_BANDS))
    for row in power:
        roll(surf, period_s=period_s, vigour=vigour, colours=colours, power=row)
    return power


def lone_wave(seed: int, *, vigour: float = 0.5) -> Surf:
    surf = surf_state(seed)
    surf.waits[1:] = 1_000.0
    rolled(surf, seconds=0.01, vigour=vigour)
    surf.waits[0] = 1_000.0
    return surf


def first_break(seed: int, *, vigour: float = 0.5) -> NDArray[np.float64]:
    return rolled(lone_wave(seed, vigour=vigour), seconds=12.0, colours=BREAKS_ONLY)


def when_above(x: NDArray[np.float64], share: float) -> int:
    return int(np.argmax(x > share * x.max()))


def test_the_top_of_the_spectrum_opens_after_the_bottom() -> None:
    waves = [first_break(seed) for seed in range(10)]
    lags = [when_above(wave[:, -1], 0.2) - when_above(wave[:, 0], 0.2) for wave in waves]
    assert min(lags) > 0
    assert np.mean(lags) > 8


def test_the_top_of_the_spectrum_dies_before_the_bottom() -> None:
    for seed in range(10):
        wave = first_break(seed)
        tails = wave[::-1]
        assert when_above(tails[:, -1], 0.1) > when_above(tails[:, 0], 0.1)


def test_a_vigorous_wave_breaks_harder_and_louder_than_a_lapping_one() -> None:
    steepest = [
        np.mean([np.diff(first_break(seed, vigour=v)[:, 5]).max() for seed in range(8)])
        for v in (0.0, 0.5, 1.0)
    ]
    assert steepest[1] > 2.0 * steepest[0]
    assert steepest[2] > 2.0 * steepest[1]


def test_a_wave_breaks_in_several_places() -> None:
    surf = lone_wave(3, vigour=1.0)
    places = surf.motions[(surf.motions[:, 7] == BREAK) & (surf.motions[:, 1] > 0.0), 6]
    assert len(places) >= 2
    assert np.ptp(places) > 0.05


def test_a_shorter_period_brings_more_waves() -> None:
    def waves(period_s: float) -> int:
        surf, sent = surf_state(1), 0
        for _ in range(100):
            before = surf.waits.copy()
            rolled(surf, seconds=1.0, period_s=period_s)
            sent += int(np.sum(surf.waits > before))
        return sent

    few, many = waves(14.0), waves(5.0)
    assert 15 <= few <= 27
    assert 45 <= many <= 75


def test_waves_of_a_train_do_not_come_like_clockwork() -> None:
    surf, gaps, last = surf_state(5), [], 0
    for block in range(20_000):
        before = surf.waits[0]
        rolled(surf, seconds=0.01)
        if surf.waits[0] > before:
            gaps.append(block - last)
            last = block
    assert 0.1 < np.std(gaps[1:]) / np.mean(gaps[1:]) < 0.3


def test_foam_outlasts_the_break_that_made_it() -> None:
    surf, history = lone_wave(2), []
    for _ in range(120):
        rolled(surf, seconds=0.1)
        history.append(surf.foam.copy())
    fresh, settled = np.array(history).T
    assert np.all(settled >= fresh)
    late = np.argmax(fresh) + 40
    assert settled[late] > 1.2 * fresh[late]


def test_the_sea_stays_within_bounds_for_ten_minutes_of_storm() -> None:
    surf = surf_state(4)
    power = rolled(surf, seconds=600.0, period_s=5.0, vigour=1.0)
    assert np.all(np.isfinite(power))
    assert power.min() >= 0.0
    assert power.max() < 60.0
    assert abs(surf.lean[0]) <= 1.0
