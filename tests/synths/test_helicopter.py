"""A helicopter's blades beat between ten and twenty-five times a second, harder when it slaps."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["helicopter"], seed, {**controls}).read(round(seconds * 48_000))


def beats_per_s(x: Samples) -> float:
    e = hearing.envelope(x, 300.0, 3_000.0) ** 2
    e = e - e.mean()
    spectrum = np.abs(np.fft.rfft(e * np.hanning(len(e)))) ** 2
    hz = np.fft.rfftfreq(len(e), 0.005)
    inside = (hz > 6.0) & (hz < 60.0)
    return float(hz[inside][spectrum[inside].argmax()])


def test_blades_pass_ten_to_twenty_five_times_a_second():
    for seed in (1, 2, 3):
        assert 9.0 < beats_per_s(heard(seed=seed, slap=0.8, motion=0.0)) < 25.0


def test_it_turns_more_slowly_on_the_ground():
    ground, air = (beats_per_s(heard(power=power, slap=0.8, motion=0.0)) for power in (0.0, 1.0))
    assert ground < 0.9 * air


def test_slaps_leave_less_between_them():
    soft, hard = (hearing.floor_db(heard(slap=slap, motion=0.0)) for slap in (0.0, 1.0))
    assert hard < soft - 1.0


def test_the_turbine_whines_above_the_blades():
    none, shrill = (hearing.share_db(heard(whine=whine), 2_000.0, 10_000.0) for whine in (0.0, 1.0))
    assert shrill > none + 3.0


def test_two_seeds_have_their_own_rotors():
    beats = {round(beats_per_s(heard(seed=seed, slap=0.8, motion=0.0)), 1) for seed in range(1, 5)}
    assert len(beats) >= 3
