"""A siren wails, yelps or changes between two notes, and falls in pitch as it passes."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["siren"], seed, {**controls}).read(round(seconds * 48_000))


def pitch_hz(x: Samples, below_hz: float = 2_000.0) -> np.ndarray:
    """The strongest pitch between 300 Hz and `below_hz`, every 10 ms."""
    frames = np.lib.stride_tricks.sliding_window_view(x[:, 0], 2_048)[::480] * np.hanning(2_048)
    power = np.abs(np.fft.rfft(frames)) ** 2
    hz = np.fft.rfftfreq(2_048, 1 / 48_000)
    inside = (hz > 300.0) & (hz < below_hz)
    return hz[inside][power[:, inside].argmax(1)]


def test_a_wail_sweeps_more_than_an_octave():
    low, high = np.quantile(pitch_hz(heard(12.0, pattern=0.0, motion=0.0)), (0.03, 0.97))
    assert high > 2.0 * low


def test_two_notes_are_two():
    # A horn loudspeaker gives the second partial of the lower note more than the first.
    pitch = pitch_hz(heard(8.0, pattern=1.0, motion=0.0), below_hz=800.0)
    low, high = np.quantile(pitch, (0.05, 0.95))
    near = (np.abs(pitch / low - 1.0) < 0.06) | (np.abs(pitch / high - 1.0) < 0.06)
    assert near.mean() > 0.8
    assert 1.2 < high / low < 1.5


def test_a_yelp_turns_some_three_times_a_second_and_a_wail_every_four_seconds():
    wail, yelp = (hearing.pitch_turns_per_s(heard(12.0, pattern=p, motion=0.0)) for p in (0.0, 0.16))
    assert 0.1 < wail < 0.5
    assert yelp > 3.0 * wail


def test_passing_moves_its_level():
    assert hearing.swing_db(heard(20.0, motion=1.0)) > hearing.swing_db(heard(20.0, motion=0.0)) + 2.0


def test_brightness_is_in_the_overtones():
    dull, bright = (hearing.centroid_hz(heard(brightness=b)) for b in (0.0, 1.0))
    assert bright > 1.3 * dull
