"""Tones are born, swell, glide and die, without a click."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.tones import LEVEL, Tones, begin, sound_tones, tones_state


def _heard(tones: Tones, blocks: int, channels: int = 1, bend: float = 1.0) -> Samples:
    out = np.zeros((blocks * BLOCK_FRAMES, channels), np.float32)
    for b in range(blocks):
        sound_tones(tones, out[b * BLOCK_FRAMES : (b + 1) * BLOCK_FRAMES], bend=bend)
    return out


def _pitch_hz(x: Samples) -> float:
    power = np.abs(np.fft.rfft(x[:, 0] * np.hanning(len(x)), 1 << 18))
    return float(power.argmax() * 48_000 / (1 << 18))


def test_a_tone_waits_rises_and_dies():
    tones = tones_state(4, channels=1)
    begin(tones, hz=440.0, level=0.5, wait_s=0.1, rise_s=0.05, hold_s=0.1, fall_s=0.2)
    x = _heard(tones, 80)
    assert np.abs(x[:4_800]).max() == 0.0
    assert 0.45 < np.abs(x[8_000:11_000]).max() < 0.51
    assert tones.rows[0, LEVEL] == 0.0
    assert np.abs(x[-4_800:]).max() == 0.0


def test_a_tone_has_its_pitch_and_bends():
    for bend in (1.0, 1.5):
        tones = tones_state(1, channels=1)
        begin(tones, hz=500.0, level=0.5, rise_s=0.05, hold_s=2.0, fall_s=0.2)
        assert abs(_pitch_hz(_heard(tones, 100, bend=bend)[4_800:]) - 500.0 * bend) < 1.0


def test_a_glide_has_no_corner():
    tones = tones_state(1, channels=1)
    begin(tones, hz=200.0, level=0.5, rise_s=0.02, hold_s=2.0, fall_s=0.2, glide=2.0)
    x = _heard(tones, 100)[4_800:, 0].astype(float)
    corners = np.abs(np.diff(x, 3))
    assert corners.max() < 3.0 * np.quantile(corners, 0.99)


def test_what_has_no_room_is_not_heard():
    tones = tones_state(1, channels=2)
    lives = [begin(tones, hz=300.0, level=0.1, rise_s=0.1, fall_s=1.0) for _ in range(2)]
    assert lives == [0, -1]


def test_a_tone_stands_where_its_pan_says():
    tones = tones_state(1, channels=2)
    begin(tones, hz=300.0, level=0.1, rise_s=0.02, hold_s=1.0, fall_s=1.0, pan=1.0)
    left, right = np.abs(_heard(tones, 20, channels=2)).max(0)
    assert right > 0.09
    assert left < 1e-6
