"""Sounds laid over one another come out whole, wherever they begin."""

import numpy as np
import pytest
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.overlap import Overlap, bank_of, drain, lay, overlap_state

SOUND = np.hanning(1_700)


def drained(overlap: Overlap, *, blocks: int, channels: int) -> Samples:
    out = np.zeros((blocks * BLOCK_FRAMES, channels), np.float32)
    for block in out.reshape(blocks, BLOCK_FRAMES, channels):
        drain(overlap.ring, overlap.cursor, block)
    return out


def started(channels: int) -> tuple[NDArray[np.float32], Overlap]:
    bank = bank_of([SOUND])
    return bank.samples, overlap_state(bank, latest_frames=0, channels=channels)


@pytest.mark.parametrize("blocks_before", [0, 1, 3, 4, 5])
@pytest.mark.parametrize("onset", [0, 137, 479])
def test_a_sound_comes_out_whole_wherever_in_the_ring_it_begins(blocks_before: int, onset: int) -> None:
    samples, overlap = started(1)
    drained(overlap, blocks=blocks_before, channels=1)
    lay(overlap.ring, overlap.cursor[0] + onset, samples, 0.5, 0.0)
    out = drained(overlap, blocks=5, channels=1)[:, 0]
    np.testing.assert_allclose(out[onset : onset + len(SOUND)], 0.5 * SOUND, atol=1e-6)
    assert np.count_nonzero(out) == np.count_nonzero(SOUND.astype(np.float32))


def test_two_sounds_at_once_add_up() -> None:
    samples, overlap = started(1)
    lay(overlap.ring, 10, samples, 1.0, 0.0)
    lay(overlap.ring, 10, samples, 0.5, 0.0)
    assert drained(overlap, blocks=4, channels=1).max() == pytest.approx(1.5, abs=1e-3)


def test_a_sound_at_the_right_is_louder_and_earlier_there() -> None:
    samples, overlap = started(2)
    lay(overlap.ring, 0, samples, 1.0, 0.6)
    left, right = drained(overlap, blocks=5, channels=2).T
    assert right.max() > 1.5 * left.max()
    assert 5 <= np.argmax(left) - np.argmax(right) <= 29


def test_a_sound_keeps_its_power_wherever_it_stands() -> None:
    powers = []
    for pan in (-1.0, -0.3, 0.0, 0.8):
        samples, overlap = started(2)
        lay(overlap.ring, 0, samples, 1.0, pan)
        powers.append(np.sum(drained(overlap, blocks=5, channels=2) ** 2))
    np.testing.assert_allclose(powers, powers[0], rtol=1e-3)
