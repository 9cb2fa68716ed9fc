"""Bubbles obey their physics: pitch by size, rising as they near the surface, small ones dying first."""

import numpy as np
import pytest

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp import bubbles as bub
from roomtone.dsp.bubbles import bubble, bubble_bank, bubbles_state, pour


def pitch_hz(sound: np.ndarray) -> float:
    rising = np.nonzero((sound[:-1] < 0.0) & (sound[1:] >= 0.0))[0]
    return float((len(rising) - 1) / (rising[-1] - rising[0]) * SAMPLE_RATE_HZ)


def poured(*, seconds: float = 4.0, seed: int = 1, **columns: float) -> Samples:
    state = bubbles_state(seed, "test", channels=2)
    row = np.zeros((1, bub.COLUMNS))
    settings = {"RATE_HZ": 200.0, "OCTAVE": 3.0, "SPREAD": 0.3, "GAIN": 0.05} | columns
    for name, value in settings.items():
        row[0, getattr(bub, name)] = value
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 2), np.float32)
    for block in out.reshape(-1, BLOCK_FRAMES, 2):
        pour(state, row, tilt=0.0, tail=3.0, gap_s=0.03, out=block)
    return out


def power(x: Samples) -> float:
    return float(np.mean(np.square(x, dtype=np.float64)))


@pytest.mark.parametrize("radius_m", [0.0005, 0.002, 0.01])
def test_a_still_bubble_sings_at_minnaerts_pitch(radius_m: float) -> None:
    assert pitch_hz(bubble(radius_m, rise=0.0)) == pytest.approx(3.26 / radius_m, rel=0.02)


def test_a_bubble_rises_in_pitch_as_it_nears_the_surface() -> None:
    sound = bubble(0.003, rise=0.1)
    half = len(sound) // 2
    assert pitch_hz(sound[half:]) > 1.15 * pitch_hz(sound[:half])


def test_a_large_bubble_is_lower_and_rings_longer_than_a_small_one() -> None:
    large, small = bubble(0.008, rise=0.0), bubble(0.001, rise=0.0)
    assert pitch_hz(large) < 0.2 * pitch_hz(small)
    assert len(large) > 4 * len(small)


def test_every_bubble_of_the_bank_begins_and_ends_without_a_click() -> None:
    bank = bubble_bank()
    firsts = np.abs(bank.samples[bank.starts[:-1]])
    lasts = np.abs(bank.samples[bank.starts[1:] - 1])
    assert firsts.max() < 1e-6
    assert lasts.max() < 3e-3


def test_no_rate_is_silence() -> None:
    assert not poured(RATE_HZ=0.0).any()


def test_twice_the_bubbles_are_three_decibels_more() -> None:
    ratio = power(poured(RATE_HZ=400.0, seconds=20)) / power(poured(RATE_HZ=200.0, seconds=20))
    assert 10 * np.log10(ratio) == pytest.approx(3.0, abs=0.8)


def test_bubbles_that_follow_one_another_add_to_those_that_lead() -> None:
    alone, chained = power(poured(CHAIN=0.0)), power(poured(CHAIN=2.0))
    assert 2.0 < chained / alone < 5.0


def test_a_population_is_heard_where_it_is() -> None:
    left, right = (poured(PAN=-0.7, WIDTH=0.1) ** 2).mean(0)
    assert left > 4.0 * right


def test_a_higher_population_sounds_higher() -> None:
    def crossings(x: Samples) -> int:
        return int(np.sum(np.diff(np.signbit(x[:, 0]))))

    assert crossings(poured(OCTAVE=1.0)) < crossings(poured(OCTAVE=2.5)) < crossings(poured(OCTAVE=4.0))


def test_the_same_seed_gives_the_same_water_and_another_seed_other_water() -> None:
    np.testing.assert_array_equal(poured(seed=7), poured(seed=7))
    assert not np.array_equal(poured(seed=7), poured(seed=8))
