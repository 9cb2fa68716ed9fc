"""Modes that keep turning: pitch, decay, strikes within a block."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.ringing import MODES, Ringing, ring, ringing_state, sound_ringing, tune


def one_mode(hz: float, t60_s: float) -> Ringing:
    ringing = ringing_state(1)
    tune(ringing, 0, np.full(MODES, hz), np.full(MODES, t60_s))
    return ringing


def rendered(ringing: Ringing, blocks: int) -> np.ndarray:
    out = np.zeros((blocks * BLOCK_FRAMES, 1), np.float32)
    for block in out.reshape(-1, BLOCK_FRAMES, 1):
        sound_ringing(ringing, block)
    return out[:, 0]


def test_a_mode_has_its_pitch_and_falls_by_60_db_in_its_time() -> None:
    ringing = one_mode(1_000.0, 0.5)
    ring(ringing, 0, frame=0, levels=np.eye(MODES)[3])
    x = rendered(ringing, 60)
    assert np.abs(np.fft.rfft(x[:4_800])).argmax() == 100
    fall_db = 20.0 * np.log10(np.abs(x[23_900:24_100]).max() / np.abs(x[:200]).max())
    assert abs(fall_db + 60.0) < 1.0


def test_a_strike_begins_at_its_frame_without_a_step() -> None:
    ringing = one_mode(500.0, 2.0)
    ring(ringing, 0, frame=123, levels=np.eye(MODES)[0])
    x = rendered(ringing, 1)
    assert np.abs(x[:123]).max() == 0.0
    assert 0.0 < x[123] < 0.1


def test_what_has_died_away_costs_nothing_and_stays_silent() -> None:
    ringing = one_mode(2_000.0, 0.05)
    ring(ringing, 0, frame=0, levels=np.full(MODES, 0.1))
    rendered(ringing, 40)
    assert np.abs(ringing.modes).max() == 0.0
