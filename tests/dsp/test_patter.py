"""What falls hits once, or bounces on ever faster and softer until it lies still."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp import patter as pat
from roomtone.dsp.overlap import bank_of
from roomtone.dsp.patter import patter, patter_state

_ONE = np.ones(1, np.float32)
# What crowding leaves of a sound of level 1.
_QUIETER = 2.0 ** (-1.0 / 3.0)


def _fallen(blocks: int, *, rate_hz: float, spring: float = 0.0, flight_s: float = 0.0, first: int = 0):
    state = patter_state(1, "test", bank=bank_of([np.ones(1), np.full(1, 2.0)]), channels=1)
    sound = np.zeros((blocks * BLOCK_FRAMES, 1), np.float32)
    populations = np.array([[rate_hz, 1.0, first, 1.0, spring, flight_s]])
    assert populations.shape[1] == pat.COLUMNS
    for b in range(blocks):
        if b > 100:
            populations[0, pat.RATE_HZ] = 0.0
        patter(state, populations, _ONE, out=sound[b * BLOCK_FRAMES : (b + 1) * BLOCK_FRAMES])
    return sound[:, 0]


def test_as_many_fall_as_the_rate_says():
    assert abs(_fallen(101, rate_hz=2_000.0).sum() / 1.01 - 2_000.0 * _QUIETER) < 150.0


def test_a_population_makes_its_own_sounds():
    heard = _fallen(101, rate_hz=20.0, first=1)
    assert np.allclose(heard / (2.0 * _QUIETER), np.round(heard / (2.0 * _QUIETER)))
    assert heard.max() > 1.0


def test_what_bounces_is_heard_again_softer_and_sooner_each_time():
    heard = _fallen(300, rate_hz=6.0, spring=0.5, flight_s=0.1)
    at = np.nonzero(heard)[0]
    last_fall = int(np.nonzero(heard[at] > 0.99 * _QUIETER)[0][-1])
    gaps, levels = np.diff(at[last_fall:]), heard[at[last_fall:]]
    assert len(levels) > 2
    assert (np.diff(levels) < 0.0).all()
    assert (np.diff(gaps) < 0).all()


def test_in_the_end_everything_lies_still():
    assert not np.any(_fallen(300, rate_hz=50.0, spring=0.7, flight_s=0.3)[-4_800:])
