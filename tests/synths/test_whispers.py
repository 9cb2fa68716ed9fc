"""Whispers: no tone, but vowels, sibilants and pauses."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.designed.whispers import WHISPERS
from roomtone.synths.voice import Voice


def _heard(seconds: float = 12.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(WHISPERS, seed, controls).read(round(seconds * 48_000))


def test_nobody_has_a_voice():
    x = _heard(voices=0.6)
    assert hearing.line_db(x, 80.0, 500.0) < 6.0
    assert hearing.share_db(x, 20.0, 300.0) < -12.0


def test_sibilants_hiss_beyond_vowels():
    x = _heard(voices=0.0, urgency=0.6, seed=4)
    high, mid = hearing.envelope(x, 7_000.0, 14_000.0), hearing.envelope(x, 500.0, 3_000.0)
    # Some moments are nearly all hiss, others nearly all vowel.
    ratio = high / (mid + 1e-6)
    loud = high + mid > 0.1 * (high + mid).max()
    assert np.quantile(ratio[loud], 0.97) > 1.0
    assert np.quantile(ratio[loud], 0.5) < 0.3


def test_one_voice_rests_between_phrases_and_a_hall_does_not():
    one, hall = (hearing.busy_share(_heard(voices=v), 500.0, -50.0) for v in (0.0, 1.0))
    assert one < 0.7
    assert hall > 0.97


def test_urgency_is_quicker():
    slow, hissed = (
        np.mean(
            [
                hearing.onsets_per_s(_heard(seed=seed, voices=0.2, urgency=u), 3_000.0, -55.0)
                for seed in (1, 2)
            ]
        )
        for u in (0.0, 1.0)
    )
    assert hissed > 1.5 * slow


def test_voices_come_from_all_sides():
    x = _heard(40.0, voices=0.4)
    parts = [x[i : i + 24_000] for i in range(0, len(x) - 24_000, 24_000)]
    lean = [
        10.0 * np.log10((p[:, 1] ** 2).mean() / (p[:, 0] ** 2).mean())
        for p in parts
        if hearing.level_db(p) > -50.0
    ]
    assert max(lean) > 3.0
    assert min(lean) < -3.0
