"""A washing machine fills, tumbles to and fro with rests, and spins until the cabinet shakes."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 10.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["washing_machine"], seed, controls).read(round(seconds * 48_000))


def test_it_is_louder_from_fill_to_wash_to_spin():
    fill, wash, spin = (hearing.loudness_lufs(heard(20.0, cycle=cycle)) for cycle in (0.0, 0.5, 1.0))
    assert fill + 2.0 < wash
    assert wash + 3.0 < spin


def test_water_runs_in_bright_and_the_drum_turns_low():
    assert hearing.centroid_hz(heard(cycle=0.0)) > 2.0 * hearing.centroid_hz(heard(cycle=0.5))


def test_it_tumbles_and_rests_by_turns():
    power = hearing.envelope(heard(60.0, cycle=0.5), 60.0, 1_000.0)[: 60 * 200].reshape(-1, 100).mean(1)
    level_db = 20.0 * np.log10(power + 1e-9)
    resting = level_db < level_db.max() - 20.0
    assert 0.05 < resting.mean() < 0.5
    assert 3 <= np.sum(resting[1:] & ~resting[:-1]) <= 12


def test_at_full_spin_the_drum_turns_twenty_times_a_second():
    sound = heard(8.0, cycle=1.0, load=1.0)[:, 0]
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / 48_000)
    low = (hz > 30.0) & (hz < 50.0)
    assert abs(hz[low][power[low].argmax()] - 40.0) < 1.5


def test_a_heavy_load_thumps():
    light, heavy = (hearing.band_level_db(heard(20.0, load=load), 40.0, 160.0) for load in (0.0, 1.0))
    assert heavy > light + 8.0


def test_a_worn_motor_howls_and_leaves_the_laundry_alone():
    new, worn = heard(20.0, wear=0.0), heard(20.0, wear=1.0)
    assert hearing.band_level_db(worn, 300.0, 3_000.0) > hearing.band_level_db(new, 300.0, 3_000.0) + 4.0
