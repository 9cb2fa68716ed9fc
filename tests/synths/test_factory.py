"""A factory hall rumbles, stamps in several times at once, hisses and clatters, and rings on."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 16.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["factory"], seed, controls).read(round(seconds * 48_000))


def test_a_full_shift_is_louder_than_the_night():
    assert hearing.loudness_lufs(heard(activity=1.0)) > hearing.loudness_lufs(heard(activity=0.0)) + 8.0


def test_presses_nearby_tower_over_the_hall():
    far, near = heard(stamping=0.0), heard(stamping=1.0)
    assert hearing.band_level_db(near, 60.0, 4_000.0) > hearing.band_level_db(far, 60.0, 4_000.0) + 4.0


def test_air_is_let_out_in_bursts_of_high_noise():
    still, hissing = heard(air=0.0, stamping=0.2), heard(air=1.0, stamping=0.2)
    assert (
        hearing.band_level_db(hissing, 5_000.0, 16_000.0)
        > hearing.band_level_db(still, 5_000.0, 16_000.0) + 6.0
    )
    assert hearing.line_db(hissing, 5_000.0, 12_000.0) < 6.0


def test_the_hall_is_wide_above_and_whole_below():
    hall = heard()
    assert hearing.agreement_of_sides(hall, 40.0, 100.0) > 0.1
    assert abs(hearing.agreement_of_sides(hall, 4_000.0, 12_000.0)) < 0.4


def test_no_minute_is_like_the_next():
    voice = Voice(SYNTHS["factory"], 1)
    first, second = (hearing.envelope(voice.read(30 * 48_000), 300.0) for _ in range(2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.3
