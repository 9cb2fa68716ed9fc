"""Sounds that begin at the frame that a score says."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.hits import hit, hits_state, sound_hits
from roomtone.dsp.overlap import bank_of


def test_a_hit_begins_at_its_frame_even_some_blocks_later() -> None:
    hits = hits_state(bank_of([np.ones(10)]), channels=1)
    hit(hits, 0, frame=3 * BLOCK_FRAMES + 7, gain=0.5)
    out = np.zeros((5 * BLOCK_FRAMES, 1), np.float32)
    for block in out.reshape(-1, BLOCK_FRAMES, 1):
        sound_hits(hits, block)
    assert np.nonzero(out[:, 0])[0].tolist() == list(range(3 * BLOCK_FRAMES + 7, 3 * BLOCK_FRAMES + 17))
    assert out.max() == 0.5


def test_hits_to_the_left_are_louder_on_the_left() -> None:
    hits = hits_state(bank_of([np.ones(10)]), channels=2)
    hit(hits, 0, frame=0, gain=1.0, pan=-0.8)
    out = np.zeros((BLOCK_FRAMES, 2), np.float32)
    sound_hits(hits, out)
    assert out[:, 0].max() > 2.0 * out[:, 1].max()
