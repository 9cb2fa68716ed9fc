"""Wood snaps in flurries, sharp when it is thin and dry, dull when it is thick."""

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.crackle import Crackle, crackle, crackle_state, snap, snap_bank


def crackled(
    state: Crackle, *, seconds: float, flurries_hz: float = 0.0, dust_hz: float = 0.0, pops_hz: float = 0.0,
    smallness: float = 0.5,
) -> Samples:  # fmt: skip
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 1), np.float32)
    for block in out.reshape(-1, BLOCK_FRAMES, 1):
        crackle(
            state,
            flurries_hz=flurries_hz,
            dust_hz=dust_hz,
            pops_hz=pops_hz,
            gain=0.1,
            smallness=smallness,
            out=block,
        )
    return out


def counts(x: Samples, *, slice_s: float = 0.1) -> NDArray[np.int64]:
    """Onsets in each slice: the level over 1 ms leaps to four times what it was."""
    level = np.abs(x[:, 0]).reshape(-1, 48).max(1)
    onsets = (level[1:] > 4.0 * level[:-1]) & (level[1:] > 0.005)
    n = round(slice_s * 1_000)
    return onsets[: len(onsets) // n * n].reshape(-1, n).sum(1)


def centroid_hz(x: NDArray[np.float64]) -> float:
    power = np.abs(np.fft.rfft(x)) ** 2
    return float((np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE_HZ) * power).sum() / power.sum())


def test_snaps_cluster_far_more_than_chance_would() -> None:
    flurries = counts(crackled(crackle_state(1, channels=1), seconds=60.0, flurries_hz=2.0))
    dust = counts(crackled(crackle_state(1, channels=1), seconds=60.0, dust_hz=30.0))
    assert flurries.sum() > 100
    assert flurries.var() / flurries.mean() > 2.0
    assert dust.var() / dust.mean() < 1.3


def test_a_thin_twig_snaps_sharper_and_shorter_than_a_thick_log() -> None:
    chance = np.random.Generator(np.random.PCG64(1))
    thick, thin = ([snap(chance, smallness) for _ in range(20)] for smallness in (0.0, 1.0))
    assert np.median([centroid_hz(s) for s in thin]) > 3.0 * np.median([centroid_hz(s) for s in thick])
    assert np.median([len(s) for s in thin]) < 0.6 * np.median([len(s) for s in thick])


def test_dry_wood_crackles_brighter_than_damp_wood() -> None:
    centroids = [
        centroid_hz(crackled(crackle_state(2, channels=1), seconds=20.0, flurries_hz=3.0, smallness=s)[:, 0])
        for s in (0.2, 0.5, 0.8)
    ]
    assert centroids[0] < 0.8 * centroids[1] < 0.64 * centroids[2]


def test_a_pop_throws_sparks_that_hiss_and_die() -> None:
    state = crackle_state(3, channels=1)
    while state.flare[0] < 1.0:
        crackled(state, seconds=0.01, pops_hz=5.0)
    flare = state.flare[0]
    state.flurries[:] = 0.0
    crackled(state, seconds=0.5)
    assert state.flare[0] < 0.03 * flare


def test_faint_ticks_have_a_heavy_tail() -> None:
    x = (
        np.abs(crackled(crackle_state(4, channels=1), seconds=60.0, dust_hz=20.0)[:, 0])
        .reshape(-1, 4_800)
        .max(1)
    )
    heard = x[x > 0.0]
    assert heard.max() > 8.0 * np.median(heard)


def test_no_wood_is_silence() -> None:
    assert not crackled(crackle_state(5, channels=1), seconds=2.0).any()


def test_every_snap_of_the_bank_ends_without_a_click() -> None:
    bank = snap_bank()
    assert np.abs(bank.samples[bank.starts[1:] - 1]).max() < 1e-3
    assert np.abs(bank.samples).max() <= 1.0


def test_the_same_seed_crackles_the_same() -> None:
    once, again = (crackled(crackle_state(6, channels=1), seconds=2.0, flurries_hz=4.0) for _ in range(2))
    np.testing.assert_array_equal(once, again)
