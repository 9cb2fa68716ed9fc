"""A tail decays as it was told to, all around, and nothing harmful leaves it."""

import numpy as np
import pytest

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.reverb import Reverb, reverb_state, surround


def _reverb(decay_s: float = 0.8) -> Reverb:
    return reverb_state(decay_s=decay_s, longest_s=0.07, dull_hz=20_000.0)


def _run(
    reverb: Reverb, sends: Samples, dry: Samples | None = None, wet: float = 0.5, air_hz: float = 20_000.0
) -> Samples:
    out = np.zeros((len(sends), 2), np.float32) if dry is None else dry.copy()
    for at in range(0, len(sends), BLOCK_FRAMES):
        surround(
            reverb, sends[at : at + BLOCK_FRAMES, 0], wet=wet, air_hz=air_hz, out=out[at : at + BLOCK_FRAMES]
        )
    return out


def _click(seconds: float) -> Samples:
    sends = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 1), np.float32)
    sends[0] = 0.5
    return sends


@pytest.mark.parametrize("decay_s", [0.5, 1.2])
def test_a_tail_falls_by_sixty_db_in_the_time_given(decay_s: float) -> None:
    tail = _run(_reverb(decay_s), _click(1.0)) ** 2
    early, late = round(0.15 * decay_s * SAMPLE_RATE_HZ), round(0.6 * decay_s * SAMPLE_RATE_HZ)
    width = 4_800
    fall_db = 10 * np.log10(tail[early : early + width].mean() / tail[late : late + width].mean())
    assert fall_db == pytest.approx(60.0 * 0.45, rel=0.2)


def test_a_tail_comes_from_both_sides_and_is_not_the_same_there() -> None:
    tail = _run(_reverb(), _click(0.6))[4_800:]
    left, right = tail.std(0)
    assert 0.5 < left / right < 2.0
    assert abs(np.corrcoef(tail.T)[0, 1]) < 0.4


def test_without_wet_only_what_came_directly_is_heard() -> None:
    assert np.abs(_run(_reverb(), _click(0.3), wet=0.0)).max() < 1e-12


def test_silence_stays_silent() -> None:
    sends = np.zeros((48_000, 1), np.float32)
    assert np.abs(_run(_reverb(), sends)).max() < 1e-12


def test_no_dc_and_no_peak_leaves_even_where_much_too_much_came_in() -> None:
    rng = np.random.default_rng(3)
    dry = (rng.normal(size=(96_000, 2)) * 1.5 + 0.3).astype(np.float32)
    heard = _run(_reverb(), dry[:, :1].copy(), dry)
    assert np.abs(heard).max() < 0.9
    assert np.abs(heard[48_000:].mean(0)).max() < 3e-3


def test_air_takes_the_high_part() -> None:
    dry = np.random.default_rng(4).normal(size=(48_000, 2)).astype(np.float32) * 0.1
    sends = np.zeros((48_000, 1), np.float32)

    def high(air_hz: float) -> float:
        power = np.abs(np.fft.rfft(_run(_reverb(), sends, dry, air_hz=air_hz)[:, 0])) ** 2
        return float(power[8_000:].sum() / power.sum())

    assert high(1_000.0) < 0.1 * high(20_000.0)
