"""A spacecraft: it hums and beats, works, and breaks."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.designed.spacecraft import SPACECRAFT
from roomtone.synths.voice import Voice


def _heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SPACECRAFT, seed, controls).read(round(seconds * 48_000))


def test_the_hull_hums_low_and_its_modes_beat():
    x = _heard(16.0, power=0.4, systems=0.0)
    assert hearing.share_db(x, 20.0, 150.0) > -3.0
    hum = hearing.envelope(x, 20.0, 60.0)
    slow = hum[: len(hum) // 50 * 50].reshape(-1, 50).mean(1)
    assert slow.std() / slow.mean() > 0.15


def test_adrift_only_the_hull_ticks():
    x = _heard(16.0, power=0.0, systems=0.0)
    assert hearing.loudness_lufs(x) < -34.0
    assert 0.1 < hearing.onsets_per_s(x, 800.0, -62.0) < 6.0


def test_full_burn_trembles():
    cruise, burn = (
        hearing.flutter_db(_heard(power=p, systems=0.0), 200.0, 1_000.0, 4.0, 20.0) for p in (0.3, 1.0)
    )
    assert burn > cruise


def test_systems_click_and_whirr():
    silent, busy = (hearing.onsets_per_s(_heard(systems=s), 1_000.0, -58.0) for s in (0.0, 1.0))
    assert silent < 0.5
    assert busy > 2.0


def test_a_damaged_ship_leaks_and_groans():
    sound, damaged = (_heard(12.0, damage=d, systems=0.0) for d in (0.0, 1.0))
    assert (
        hearing.band_level_db(damaged, 4_000.0, 12_000.0)
        > hearing.band_level_db(sound, 4_000.0, 12_000.0) + 15.0
    )
    assert hearing.band_level_db(damaged, 150.0, 1_500.0) > hearing.band_level_db(sound, 150.0, 1_500.0) + 3.0


def test_two_ships_ring_at_their_own_pitches():
    spectra = [np.abs(np.fft.rfft(_heard(6.0, seed, systems=0.0).mean(1)))[150:1_500] for seed in (1, 2)]
    assert np.corrcoef(*spectra)[0, 1] < 0.8
