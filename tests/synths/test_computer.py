"""A computer: it works by its age, and sends signs in phrases."""

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.designed.computer import COMPUTER
from roomtone.synths.voice import Voice


def _heard(seconds: float = 10.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(COMPUTER, seed, controls).read(round(seconds * 48_000))


def test_load_makes_it_louder():
    idle, races = (hearing.loudness_lufs(_heard(6.0, load=load, chatter=0.0)) for load in (0.0, 1.0))
    assert races > idle + 8.0


def test_mute_is_mute_and_a_stream_does_not_rest():
    mute, stream = (
        hearing.onsets_per_s(_heard(load=0.0, chatter=c, age=0.5), 1_000.0, -52.0) for c in (0.0, 1.0)
    )
    assert mute < 1.0
    assert stream > 3.0


def test_what_is_modern_is_bright_and_relays_are_not():
    modern, relays = (hearing.centroid_hz(_heard(load=0.5, age=age)) for age in (0.0, 1.0))
    assert modern > 2.0 * relays


def test_phrases_rest():
    assert hearing.events_per_s(_heard(20.0, load=0.0, chatter=0.5, age=0.0), 1_400.0, 10.0) > 0.2
    e = hearing.envelope(_heard(20.0, load=0.0, chatter=0.4, age=0.0), 1_400.0, 8_000.0)
    assert (e < 3.0 * sorted(e)[len(e) // 10]).mean() > 0.3


def test_the_signs_are_never_the_same_tune():
    one, other = (_heard(load=0.0, chatter=1.0, age=0.5, seed=seed) for seed in (1, 2))
    assert hearing.likeness(one, other) < 0.5
