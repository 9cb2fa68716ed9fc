"""Waves swell, break and run out; storms crash, calm shores lap, and distance leaves a murmur."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 30.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["waves"], seed, controls).read(round(seconds * 48_000))


def rises_db(x: Samples) -> np.ndarray:
    """How fast the level above 500 Hz grows, in dB from each half second to the next."""
    envelope = hearing.envelope(x, 500.0)
    return np.diff(20 * np.log10(envelope[: len(envelope) // 100 * 100].reshape(-1, 100).mean(1)))


def test_waves_come_and_go_where_plain_noise_would_stand_still() -> None:
    assert hearing.swing_db(heard()) > 2.0


def test_a_wave_breaks_faster_than_it_runs_out() -> None:
    steps = np.concatenate([rises_db(heard(seed=seed)) for seed in range(4)])
    assert np.quantile(steps, 0.98) > 1.5 * -np.quantile(steps, 0.02)


def test_storm_surf_crashes_where_a_calm_shore_only_swells() -> None:
    calm, storm = (
        np.mean([np.quantile(rises_db(heard(seed=seed, intensity=i, foam=0.0)), 0.98) for seed in range(4)])
        for i in (0.0, 1.0)
    )
    assert storm > calm + 1.0


def test_the_sea_is_never_silent_between_waves() -> None:
    envelope = hearing.envelope(heard(seconds=60.0), 60.0).reshape(-1, 100).mean(1)
    assert envelope.min() > 10 ** (-30 / 20) * envelope.max()


def test_it_sounds_at_once_without_waiting_for_the_first_wave() -> None:
    first, later = hearing.level_db(heard(seconds=1.0)), hearing.level_db(heard())
    assert first > later - 15.0


def test_foam_is_heard_bubble_by_bubble() -> None:
    without, with_foam = (
        np.median([hearing.sparsity(part, 8_000.0) for part in np.split(heard(foam=foam), 15)])
        for foam in (0.0, 0.5)
    )
    assert with_foam > without + 0.5


def test_distance_takes_the_top_before_the_bottom() -> None:
    near, far = heard(distance=0.0), heard(distance=1.0)
    lost_low = hearing.band_level_db(near, 50.0, 200.0) - hearing.band_level_db(far, 50.0, 200.0)
    lost_high = hearing.band_level_db(near, 4_000.0, 10_000.0) - hearing.band_level_db(far, 4_000.0, 10_000.0)
    assert lost_low < 22.0
    assert lost_high > lost_low + 20.0


def test_the_bottom_is_shared_between_the_sides_and_the_top_is_wide() -> None:
    x = heard().astype(np.float64)
    spectrum, hz = np.fft.rfft(x, axis=0), np.fft.rfftfreq(len(x), 1 / 48_000)

    def correlation(low_hz: float, high_hz: float) -> float:
        band = spectrum[(hz >= low_hz) & (hz < high_hz)]
        return float(np.real(np.vdot(band[:, 0], band[:, 1])) / np.prod(np.linalg.norm(band, axis=0)))

    assert correlation(50.0, 150.0) > 0.6
    assert correlation(4_000.0, 10_000.0) < 0.2
