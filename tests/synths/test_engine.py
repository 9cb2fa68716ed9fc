"""An engine fires by its revolutions and cylinders, stumbles at idle, rasps under load."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["engine"], seed, {**controls}).read(round(seconds * 48_000))


def firings_per_s(x: Samples) -> float:
    """The strongest period of the level above 300 Hz."""
    e = np.abs(x[:, 0].astype(np.float64))
    e = e[: len(e) // 48 * 48].reshape(-1, 48).mean(1)
    e -= e.mean()
    spectrum = np.abs(np.fft.rfft(e * np.hanning(len(e)))) ** 2
    hz = np.fft.rfftfreq(len(e), 0.001)
    inside = (hz > 3.0) & (hz < 120.0)
    return float(hz[inside][spectrum[inside].argmax()])


def test_one_cylinder_putters_some_five_times_a_second():
    assert 4.0 < firings_per_s(heard(cylinders=0.0, revs=0.0)) < 12.0


def test_revs_raise_the_pitch():
    slow, fast = (heard(revs=revs, cylinders=0.25, exhaust=0.6) for revs in (0.0, 0.5))
    assert firings_per_s(fast) > 1.6 * firings_per_s(slow)


def test_few_cylinders_leave_gaps_that_many_fill():
    single, eight = (hearing.floor_db(heard(cylinders=count, revs=0.0)) for count in (0.0, 1.0))
    assert single < eight - 5.0


def test_an_open_pipe_is_sharper():
    muffled, bare = (hearing.share_db(heard(exhaust=exhaust), 500.0, 8_000.0) for exhaust in (0.0, 1.0))
    assert bare > muffled + 4.0


def test_load_makes_it_louder():
    assert hearing.loudness_lufs(heard(load=1.0)) > hearing.loudness_lufs(heard(load=0.0)) + 3.0


def test_two_seeds_are_two_engines():
    one, other = (hearing.centroid_hz(heard(seed=seed, exhaust=0.6)) for seed in (1, 2))
    assert abs(one - other) > 3.0
