"""What leaves a synth is below full scale, without DC, and never leans with a jerk."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.outlet import CEILING, finish, outlet_state


def finished(x: Samples, leans: list[float] | None = None) -> Samples:
    out, state = x.copy(), outlet_state(x.shape[1])
    for i, block in enumerate(out.reshape(-1, BLOCK_FRAMES, x.shape[1])):
        finish(block, leans[i] if leans else 0.0, state)
    return out


def tone(gain: float, *, seconds: float = 1.0, offset: float = 0.0) -> Samples:
    t = np.arange(round(seconds * 100) * BLOCK_FRAMES) / SAMPLE_RATE_HZ
    mono = offset + gain * np.sin(2 * np.pi * 400.0 * t)
    return np.repeat(mono[:, None], 2, axis=1).astype(np.float32)


def test_quiet_sound_passes_unchanged() -> None:
    np.testing.assert_allclose(finished(tone(0.4)), tone(0.4), atol=1e-4)


def test_no_peak_passes_the_ceiling_however_loud() -> None:
    assert np.abs(finished(tone(50.0))).max() <= CEILING


def test_a_loud_peak_is_rounded_not_cut() -> None:
    loud = np.abs(finished(tone(0.8)))
    assert 0.7 < loud.max() < 0.8
    assert np.sum(loud > 0.999 * loud.max()) < 0.1 * loud.size


def test_an_offset_dies_away() -> None:
    settled = finished(tone(0.3, offset=0.2, seconds=2.0))[SAMPLE_RATE_HZ:]
    assert np.abs(settled.mean(0)).max() < 1e-4


def test_peaks_rounded_off_on_one_side_leave_no_offset() -> None:
    t = np.arange(4 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    pulses = np.maximum(0.0, np.sin(2 * np.pi * 50.0 * t)) ** 8 * 3.0
    settled = finished(pulses[:, None].astype(np.float32))[2 * SAMPLE_RATE_HZ :]
    assert abs(settled.mean()) < 1e-3


def test_leaning_moves_power_from_side_to_side_and_keeps_its_sum() -> None:
    left, right = (finished(tone(0.3), leans=[0.5] * 100) ** 2).mean(0)
    np.testing.assert_allclose(left + right, 0.09, rtol=1e-3)
    np.testing.assert_allclose(right / left, 3.0, rtol=1e-3)


def test_a_sudden_lean_is_walked_to_within_the_block() -> None:
    steady = np.full((10 * BLOCK_FRAMES, 2), 0.2, np.float32)
    out = finished(steady, leans=[0.0] * 5 + [0.8] * 5)
    assert np.abs(np.diff(out, axis=0)).max() < 0.002
