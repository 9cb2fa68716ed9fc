"""A fire flutters low, crackles in flurries, and throws a pop now and then."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 20.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["fire"], seed, controls).read(round(seconds * 48_000))


def crackles(x: Samples) -> np.ndarray:
    """How many times the level above 2 kHz leaps in each tenth of a second."""
    envelope = hearing.envelope(x, 2_000.0)
    leaps = (envelope[1:] > 2.0 * envelope[:-1]) & (envelope[1:] > 3.0 * np.median(envelope))
    return leaps[: len(leaps) // 20 * 20].reshape(-1, 20).sum(1)


def test_crackles_come_in_flurries() -> None:
    counts = np.concatenate([crackles(heard(seconds=60.0, seed=seed)) for seed in (1, 2)])
    assert counts.sum() > 100
    assert counts.var() / counts.mean() > 1.4


def test_a_few_crackles_tower_over_the_many() -> None:
    assert np.mean([hearing.sparsity(heard(seed=seed)) for seed in (1, 2)]) > 3.0


def test_the_flames_flutter_below_500_hz_more_than_noise_would() -> None:
    flames = hearing.envelope(heard(crackle=0.0), 60.0, 500.0)
    noise = np.random.default_rng(1).normal(size=(20 * 48_000, 1)).astype(np.float32)
    still = hearing.envelope(noise, 60.0, 500.0)
    assert flames.std() / flames.mean() > 1.15 * still.std() / still.mean()


def test_a_blaze_is_mostly_roar_and_embers_mostly_tick() -> None:
    embers, blaze = heard(intensity=0.0), heard(intensity=1.0)
    assert hearing.share_db(blaze, 30.0, 500.0) > hearing.share_db(embers, 30.0, 500.0) + 1.0
    assert hearing.sparsity(embers) > hearing.sparsity(blaze)


def test_a_burning_forest_roars_where_a_match_only_flutters() -> None:
    match, forest = (hearing.band_level_db(heard(8.0, size=size), 40.0, 120.0) for size in (0.0, 1.0))
    assert forest > match + 20.0


def test_small_flames_flutter_faster_than_large_ones() -> None:
    assert flutter_hz(0.0) > 1.5 * flutter_hz(1.0)


def flutter_hz(size: float) -> float:
    """Where half of what moves the flames lies below."""
    flames = np.log(hearing.envelope(heard(20.0, size=size, crackle=0.0, intensity=0.3), 60.0, 500.0))
    power = np.abs(np.fft.rfft((flames - flames.mean()) * np.hanning(len(flames)))) ** 2
    hz = np.fft.rfftfreq(len(flames), 0.005)
    heard_as = (hz > 0.1) & (hz < 25.0)
    share = np.cumsum(power[heard_as]) / power[heard_as].sum()
    return float(np.interp(0.5, share, hz[heard_as]))


def test_turning_the_crackle_down_leaves_the_flames() -> None:
    calm, spitting = heard(crackle=0.0), heard(crackle=1.0)
    assert abs(hearing.band_level_db(calm, 40.0, 100.0) - hearing.band_level_db(spitting, 40.0, 100.0)) < 3.0
    assert crackles(spitting).sum() > 2 * crackles(calm).sum()


def test_no_two_minutes_burn_alike() -> None:
    voice = Voice(SYNTHS["fire"], 1)
    first, second = (crackles(voice.read(60 * 48_000)) for _ in range(2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.3
