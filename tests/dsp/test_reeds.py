"""A reed has its pitch and its power, however sharp, and nothing folds back."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.reeds import Reed, reed_state, sound_reed


def sounded(
    reed: Reed, *, hz: float, edge: float, blocks: int = 100, gain: float = 0.1, bell: float = 0.0
) -> Samples:
    out = np.zeros((blocks * BLOCK_FRAMES, 1), np.float32)
    for block in out.reshape(-1, BLOCK_FRAMES, 1):
        sound_reed(reed, hz=hz, gain=gain, edge=edge, bell=bell, bell_hz=2_500.0, out=block)
    return out


def test_its_power_does_not_depend_on_its_edge():
    for edge in (0.3, 0.6, 0.9):
        x = sounded(reed_state(1, "test"), hz=300.0, edge=edge)[4_800:]
        assert abs(20.0 * np.log10(x.std() / 0.1)) < 0.3


def test_nothing_stands_between_its_overtones():
    x = sounded(reed_state(1, "test"), hz=1_000.0, edge=0.95)[4_800:, 0]
    power = np.abs(np.fft.rfft(x[:38_400] * np.hanning(38_400))) ** 2
    hz = np.fft.rfftfreq(38_400, 1 / SAMPLE_RATE_HZ)
    beside = np.abs((hz + 500.0) % 1_000.0 - 500.0) > 100.0
    assert 10.0 * np.log10(power[beside].max() / power.max()) < -55.0


def test_a_bell_raises_the_overtones_near_it():
    plain, bell = (sounded(reed_state(1, "test"), hz=400.0, edge=0.7, bell=b)[4_800:, 0] for b in (0.0, 1.0))
    hz = np.fft.rfftfreq(len(plain), 1 / SAMPLE_RATE_HZ)
    near = (hz > 2_000.0) & (hz < 3_000.0)
    shares = [(np.abs(np.fft.rfft(x)) ** 2)[near].sum() for x in (plain, bell)]
    assert shares[1] > 3.0 * shares[0]


def test_a_pitch_that_glides_passes_no_step():
    reed, out = reed_state(1, "test"), np.zeros((300 * BLOCK_FRAMES, 1), np.float32)
    for i, block in enumerate(out.reshape(-1, BLOCK_FRAMES, 1)):
        sound_reed(reed, hz=500.0 + 3.0 * i, gain=0.1, edge=0.6, bell=0.6, bell_hz=2_500.0, out=block)
    corners = np.abs(np.diff(out[:, 0], 2))[4_798:].reshape(-1, BLOCK_FRAMES)
    assert np.median(corners[:, 0]) < 3.0 * np.median(corners.max(1))
    assert corners.max() < 4.0 * np.median(corners.max(1))
