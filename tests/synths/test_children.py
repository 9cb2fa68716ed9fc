"""Children at play: high voices that chatter and call, more of them, louder, and what they run and play with."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.people.children import CHILDREN
from roomtone.synths.people.crowd import CROWD
from roomtone.synths.voice import Voice


def heard(seconds: float = 10.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(CHILDREN, seed, controls).read(round(seconds * 48_000))


def test_children_are_higher_than_a_crowd() -> None:
    crowd = Voice(CROWD, 1, {"clatter": 0.0}).read(10 * 48_000)
    assert hearing.centroid_hz(heard(play=0.0)) > 1.2 * hearing.centroid_hz(crowd)


def test_their_voices_have_nothing_below_200_hz() -> None:
    x = heard(play=0.0)
    assert hearing.share_db(x, 300.0, 4_000.0) > hearing.share_db(x, 40.0, 180.0) + 20.0


def test_a_few_fall_silent_together_and_a_yard_never_does() -> None:
    few, yard = (hearing.floor_db(heard(20.0, number=n, play=0.0)) for n in (0.0, 1.0))
    assert yard > few + 4.0


def test_excitement_raises_pitch_and_level() -> None:
    calm, wild = (heard(excitement=e, play=0.0) for e in (0.0, 1.0))
    assert hearing.loudness_lufs(wild) > hearing.loudness_lufs(calm) + 6.0


def test_a_ball_bounces_faster_and_faster_below_the_voices() -> None:
    e = hearing.envelope(heard(40.0, number=0.0, excitement=0.0, play=1.0), 60.0, 160.0)
    assert e.max() > 20.0 * np.median(e)


def test_who_plays_does_not_change_what_is_said() -> None:
    calm, busy = (heard(4.0, play=p) for p in (0.0, 1.0))
    voices = [hearing.envelope(x, 1_500.0, 3_500.0) for x in (calm, busy)]
    assert np.corrcoef(voices[0], voices[1])[0, 1] > 0.9
