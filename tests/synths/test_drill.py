"""A drill runs free, bites and labours, breaks through and runs down; in stone it hammers."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 12.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["drill"], seed, {"rate": 1.0, **controls}).read(round(seconds * 48_000))


def pitch_hz(x: Samples) -> np.ndarray:
    """The strongest pitch between 150 and 520 Hz in slices of 85 ms; 0 where it is silent."""
    frames = x[: len(x) // 4_096 * 4_096, 0].reshape(-1, 4_096) * np.hanning(4_096)
    power = np.abs(np.fft.rfft(frames)) ** 2
    hz = np.fft.rfftfreq(4_096, 1 / 48_000)
    inside = (hz > 150.0) & (hz < 520.0)
    loud = power[:, inside].max(1) > 0.01 * power[:, inside].max()
    return np.where(loud, hz[inside][power[:, inside].argmax(1)], 0.0)


def test_nobody_drills_at_rate_0_but_a_strike_is_one_hole():
    voice = Voice(SYNTHS["drill"], 1, {"rate": 0.0})
    assert hearing.peak(voice.read(48_000)) == 0.0
    voice.strike()
    assert hearing.level_db(voice.read(2 * 48_000)) > -40.0
    voice.read(8 * 48_000)
    assert hearing.level_db(voice.read(48_000)) < -80.0


def test_it_labours_lower_than_it_runs_free():
    pitch = pitch_hz(heard(30.0, material=0.0))
    sounding = pitch[pitch > 0.0]
    assert np.quantile(sounding, 0.95) > 1.12 * np.median(sounding)


def test_it_rests_less_at_a_higher_rate():
    rare, often = (hearing.busy_share(heard(40.0, rate=rate), 200.0, -50.0) for rate in (0.3, 1.0))
    assert rare < 0.6 * often
    assert often > 0.8


def test_in_stone_it_beats_many_times_a_second():
    def beat_share(material: float) -> float:
        envelope = hearing.envelope(heard(20.0, material=material), 1_500.0)
        power = np.abs(np.fft.rfft(envelope - envelope.mean())) ** 2
        hz = np.fft.rfftfreq(len(envelope), 240 / 48_000)
        return float(power[(hz > 25.0) & (hz < 80.0)].sum() / power[hz > 5.0].sum())

    assert beat_share(1.0) > 0.35


def test_a_large_drill_is_heard_lower():
    small, large = (hearing.centroid_hz(heard(size=size)) for size in (0.0, 1.0))
    assert large < 0.8 * small
