"""A hammer strikes in series at a steady pace, lightly at first, and rings by what it falls on."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 20.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["hammer"], seed, {"rate": 1.0, **controls}).read(round(seconds * 48_000))


def blows_s(x: Samples) -> np.ndarray:
    envelope = hearing.envelope(x, 500.0)
    loud = envelope > 0.1 * envelope.max()
    onsets = np.nonzero(loud[1:] & ~loud[:-1])[0] * 0.005
    return onsets[np.diff(onsets, prepend=-1.0) > 0.15]


def struck(surface: float) -> Samples:
    voice = Voice(SYNTHS["hammer"], 1, {"rate": 0.0, "surface": surface})
    silence = voice.read(9_600)
    voice.strike()
    return np.concatenate((silence, voice.read(96_000)))


def test_nobody_works_at_rate_0_but_a_strike_is_one_blow():
    voice = Voice(SYNTHS["hammer"], 1, {"rate": 0.0})
    assert hearing.peak(voice.read(48_000)) < 1e-9
    voice.strike()
    assert hearing.peak(voice.read(48_000)) > 0.05


def test_blows_of_a_series_are_evenly_spaced_and_series_are_apart():
    gaps_s = np.diff(blows_s(heard(60.0, rate=0.6)))
    within = gaps_s[gaps_s < 0.8]
    assert len(within) > 15
    assert within.std() / within.mean() < 0.2
    assert (gaps_s > 1.2).sum() >= 4


def test_a_higher_rate_is_more_blows():
    assert len(blows_s(heard(rate=1.0))) > 2.0 * len(blows_s(heard(rate=0.3)))


def test_steel_rings_on_and_wood_does_not():
    wood, stone, steel = (
        hearing.fall_s(struck(surface), 1_500.0, 16_000.0, 30.0) for surface in (0.0, 0.5, 1.0)
    )
    assert wood < stone < 0.8 * steel


def test_more_force_is_louder():
    assert hearing.loudness_lufs(heard(force=1.0)) > hearing.loudness_lufs(heard(force=0.0)) + 10.0


def test_no_two_blows_are_alike():
    sound = heard(surface=0.0)
    first, second, *_ = (round(s * 48_000) for s in blows_s(sound)[2:])
    assert hearing.likeness(sound[first - 500 : first + 6_000], sound[second - 500 : second + 6_000]) < 0.97
