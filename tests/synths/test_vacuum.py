"""A vacuum cleaner howls at its motor's speed, rushes, chokes as it is pushed, and takes grit up its tube."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 6.0, seed: int = 1, **controls: float) -> Samples:
    settings = {"strokes": 0.0, "grit": 0.0, **controls}
    return Voice(SYNTHS["vacuum"], seed, settings).read(round(seconds * 48_000))


def howl_hz(x: Samples) -> float:
    power = np.abs(np.fft.rfft(x[:, 0] * np.hanning(len(x)))) ** 2
    hz = np.fft.rfftfreq(len(x), 1 / 48_000)
    inside = (hz > 200.0) & (hz < 700.0)
    return float(hz[inside][power[inside].argmax()])


def test_more_power_is_louder_and_howls_higher():
    weak, strong = heard(power=0.0), heard(power=1.0)
    assert hearing.loudness_lufs(strong) > hearing.loudness_lufs(weak) + 12.0
    assert howl_hz(strong) > 1.5 * howl_hz(weak)


def test_most_of_it_is_a_rush_of_air():
    assert hearing.tonality_db(heard(10.0), 1_000.0, 8_000.0) < 6.0


def test_its_brush_hums_below_the_howl():
    for seed in (1, 2, 3):
        assert hearing.tonality_db(heard(10.0, seed), 70.0, 258.0) > 1.6


def test_pushing_it_to_and_fro_makes_the_rush_come_and_go():
    still, pushed = (hearing.swing_db(heard(20.0, strokes=strokes), 1_000.0) for strokes in (0.0, 1.0))
    assert pushed > still + 0.8


def test_grit_rattles_on_top_of_a_clean_floor():
    clean, gritty = heard(20.0), heard(20.0, grit=1.0)
    assert hearing.events_per_s(gritty, 2_000.0, 6.0) > 20.0 * hearing.events_per_s(clean, 2_000.0, 6.0) + 3.0
    assert hearing.sparsity(gritty) > hearing.sparsity(clean) + 0.5


def test_two_machines_howl_at_pitches_of_their_own():
    assert len({round(howl_hz(heard(seed=seed)) / 5.0) for seed in range(1, 6)}) >= 4
