"""A clip closes on itself: nothing is heard at the joint, and most of it is kept."""

import numpy as np
import pytest
from takes import S, levels_db, noise, takes

from roomtone.audio import Samples
from roomtone.errors import AudioError
from roomtone.texture.loops import LEAST_SHARE, close_loop, loop_seam


def round_and_round(samples: Samples) -> Samples:
    return np.concatenate((samples, samples, samples))


@pytest.mark.parametrize("synth", ["rain", "fire", "crowd", "stream", "waves"])
def test_the_joint_of_a_loop_ranks_among_the_other_places(synth: str):
    for take in takes(synth)[:2]:
        loop = close_loop(take)
        assert loop.seam.percentile <= 95.0
        assert LEAST_SHARE * 9.4 <= len(loop.samples) / S <= 9.5


@pytest.mark.parametrize("hz", [50.0, 110.3, 440.7])
def test_a_hum_goes_on_in_phase(hz: float):
    hum = (0.3 * np.sin(2.0 * np.pi * hz * np.arange(6 * S) / S))[:, None].astype(np.float32)
    heard = round_and_round(close_loop(hum).samples)
    steepest = 2.0 * np.pi * hz / S * 0.3
    assert np.abs(np.diff(heard, axis=0)).max() < 1.01 * steepest
    assert np.ptp(levels_db(heard, 9_600)[1:-1]) < 0.3


def test_noise_keeps_its_level_through_the_joint():
    heard = round_and_round(close_loop(noise(1, 8.0)).samples)
    assert np.ptp(levels_db(heard)) < 1.5


def test_a_clip_that_fades_away_is_levelled_over_the_whole_loop():
    falling = noise(1, 8.0) * np.float32(10.0 ** (np.linspace(0.0, -4.0, 8 * S)[:, None] / 20.0))
    loop = close_loop(falling.astype(np.float32))
    heard = levels_db(round_and_round(loop.samples), 24_000)
    assert np.abs(np.diff(heard)).max() < 1.2
    assert loop.seam.level < 95.0


def test_a_loop_is_no_longer_than_was_asked_for_and_not_much_shorter():
    loop = close_loop(takes("rain")[0], seconds=5.0)
    assert LEAST_SHARE * 5.0 <= len(loop.samples) / S <= 5.0


def test_stereo_stays_stereo_and_a_loop_never_leaves_its_clip():
    take = takes("rain")[0]
    loop = close_loop(take)
    assert loop.samples.shape[1] == 2
    assert loop.samples.dtype == np.float32
    assert np.abs(loop.samples).max() <= 1.5 * np.abs(take).max()


def test_the_same_clip_gives_the_same_loop():
    first, again = (close_loop(takes("fire")[0]).samples for _ in range(2))
    assert np.array_equal(first, again)


@pytest.mark.parametrize(("length_s", "seconds"), [(1.5, None), (6.0, 6.5), (6.0, 0.5)])
def test_what_is_too_short_for_a_loop_is_refused_with_both_lengths(length_s: float, seconds: float | None):
    with pytest.raises(AudioError, match=r"there are .* s for a loop of .* s.*\[audio\.too-short\]"):
        close_loop(noise(1, length_s), seconds=seconds)


def test_a_loop_made_elsewhere_is_judged_at_its_joint():
    rain = takes("rain")[0]
    assert loop_seam(close_loop(rain).samples, at=-12_000, width_s=0.5).percentile <= 95.0
    broken = rain.copy()
    broken[: 4 * S] *= np.linspace(0.2, 1.0, 4 * S, dtype=np.float32)[:, None]
    assert loop_seam(broken).percentile > 98.0
