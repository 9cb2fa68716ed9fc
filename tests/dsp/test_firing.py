"""Charges come at the firing rate; a rough engine differs from charge to charge."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.firing import fire, firing_state


def fired(
    *, firing_hz: float = 10.0, rough: float = 0.0, opened: float = 0.5, seconds: float = 4.0
) -> Samples:
    engine = firing_state(1, "test", unevenness=0.0)
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 1), np.float32)
    for block in out.reshape(-1, BLOCK_FRAMES, 1):
        fire(engine, firing_hz=firing_hz, load=0.5, opened=opened, rough=rough, cylinders=1.0, pipe_m=1.2, gain=0.3,
             out=block)  # fmt: skip
    return out


def peaks(x: Samples, period_frames: int) -> np.ndarray:
    whole = len(x) // period_frames * period_frames
    return np.abs(x[:whole, 0]).reshape(-1, period_frames).max(1)


def test_charges_come_at_the_firing_rate():
    level = np.abs(fired()[:, 0]).reshape(-1, 240).mean(1)
    spectrum = np.abs(np.fft.rfft(level - level.mean()))
    assert abs(np.fft.rfftfreq(len(level), 0.005)[spectrum.argmax()] - 10.0) < 0.5


def test_a_rough_engine_differs_from_charge_to_charge():
    smooth, rough = (peaks(fired(rough=r), 4_800)[2:] for r in (0.0, 0.3))
    assert rough.std() / rough.mean() > 2.0 * smooth.std() / smooth.mean()


def test_an_open_pipe_is_brighter():
    muffled, bare = (np.diff(fired(opened=o)[:, 0]).std() / fired(opened=o).std() for o in (0.0, 1.0))
    assert bare > 1.3 * muffled
