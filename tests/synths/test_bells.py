"""Bells ring with the partials of bronze, beat, die high before low, and are rung in changes."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.people.bells import BELLS
from roomtone.synths.voice import Voice


def tolled(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    voice = Voice(BELLS, seed, {"rate": 0.0, "distance": 0.0, **controls})
    voice.strike()
    return voice.read(round(seconds * 48_000))


def peaks_hz(x: Samples) -> np.ndarray:
    power = np.abs(np.fft.rfft(x[4_800:100_800, 0] * np.hanning(96_000)))
    tops = np.nonzero(
        (power[1:-1] > power[:-2]) & (power[1:-1] > power[2:]) & (power[1:-1] > 0.04 * power.max())
    )[0]
    return (tops + 1) * 0.5


def test_a_bell_has_hum_prime_tierce_and_nominal() -> None:
    hz = peaks_hz(tolled())
    for prime in hz:
        if all(np.abs(hz / (prime * ratio) - 1.0).min() < 0.03 for ratio in (0.5, 1.2, 2.0)):
            return
    raise AssertionError(f"no bell in {hz}")


def test_high_partials_die_before_the_hum() -> None:
    # Silence around it: what is filtered all at once leaks over the ends.
    x = np.pad(tolled(), ((24_000, 96_000), (0, 0)))
    assert hearing.fall_s(x, 2_000.0, 8_000.0) < 0.5 * hearing.fall_s(x, 60.0, 250.0)


def test_partials_beat() -> None:
    level = hearing.envelope(tolled(10.0, size=0.4), 200.0, 2_000.0)[100:1_800]
    line = np.polynomial.Polynomial.fit(np.arange(len(level)), np.log(level), 3)(np.arange(len(level)))
    assert (np.log(level) - line).std() > 0.03


def test_great_bells_are_lower() -> None:
    small, great = (hearing.centroid_hz(tolled(4.0, size=size)) for size in (0.0, 1.0))
    assert great < 0.4 * small


def test_a_single_bell_is_tolled_and_a_ring_has_many_pitches() -> None:
    toll, ring = (Voice(BELLS, 2, {"peal": peal, "rate": 1.0}).read(15 * 48_000) for peal in (0.0, 1.0))
    assert hearing.pitch_variety(ring) > hearing.pitch_variety(toll) + 0.4
    assert hearing.onsets_per_s(ring, 5_000.0, -80.0) > 3.0 * hearing.onsets_per_s(toll, 5_000.0, -80.0)


def test_another_tower_has_other_bells() -> None:
    assert not np.array_equal(peaks_hz(tolled(seed=1)), peaks_hz(tolled(seed=2)))
