"""What is on the agenda is heard when it is due."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.agenda import Agenda, agenda_state, later, sound_agenda
from roomtone.dsp.overlap import bank_of


def _heard(agenda: Agenda, blocks: int) -> np.ndarray:
    out = np.zeros((blocks * BLOCK_FRAMES, 1), np.float32)
    for b in range(blocks):
        sound_agenda(agenda, out[b * BLOCK_FRAMES : (b + 1) * BLOCK_FRAMES])
    return out[:, 0]


def test_each_hit_comes_at_its_frame_however_far_ahead():
    agenda = agenda_state(bank_of([np.ones(1)]), channels=1)
    for at_s in (0.0, 0.0101, 2.5):
        later(agenda, at_s, 0, 0.5)
    assert np.flatnonzero(_heard(agenda, 300)).tolist() == [0, 485, 120_000]


def test_an_agenda_does_not_grow_for_ever():
    agenda = agenda_state(bank_of([np.ones(1)]), channels=1)
    for _ in range(1_000):
        later(agenda, 100.0, 0, 0.1)
    assert len(agenda.coming) < 500
