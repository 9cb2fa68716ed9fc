"""The air around a thing, and what comes back of it."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.surroundings import Surroundings, breathe, give_back, surroundings_state

_AIR = 0.01 * amplitude((45, 0), (20e3, 0))


def _place() -> Surroundings:
    return surroundings_state(3, "test", air=_AIR, decay_s=0.5)


def _breathed(place: Surroundings, presence: float, blocks: int) -> np.ndarray:
    out = np.zeros((BLOCK_FRAMES, 1), np.float32)
    heard = []
    for _ in range(blocks):
        breathe(place, presence, out)
        heard.append(out.copy())
    return np.concatenate(heard)


def test_air_is_there_from_the_first_block_and_lives():
    heard = _breathed(_place(), 1.0, 1_500)
    seconds = heard[: len(heard) // 48_000 * 48_000].reshape(-1, 48_000)
    levels_db = 10.0 * np.log10((seconds**2).mean(1))
    assert np.abs(levels_db + 40.0).max() < 8.0
    assert levels_db.std() > 0.4


def test_air_sinks_away_where_nothing_sounds():
    place = _place()
    _breathed(place, 1.0, 50)
    heard = _breathed(place, 0.0, 2_000)
    assert np.sqrt((heard[-4_800:] ** 2).mean()) < 1e-5
    assert not _breathed(_place(), 0.0, 20).any()


def test_a_click_comes_back_and_dies():
    place = _place()
    out = np.zeros((BLOCK_FRAMES, 1), np.float32)
    out[0] = 0.5
    power = []
    for _ in range(100):
        give_back(place, 0.5, out)
        power.append(float((out[1:] ** 2).sum()))
        out[:] = 0.0
    early, late = sum(power[2:12]), sum(power[60:70])
    assert early > 0.0
    assert late < 1e-4 * early
