"""Animals with folds and a mouth call at the pitch, with the resonances and in the rhythm that are written."""

import numpy as np
import pytest
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp import larynx, turns
from roomtone.dsp.random import rng_state

_OPEN = ((800.0, 1_600.0, 3_000.0),)


def _hear(
    call: list[NDArray[np.float64]], seconds: float, *, tract: float = 1.0, register: float = 1.0
) -> Samples:
    callers = np.zeros((1, larynx.LARYNX_FIELDS))
    callers[0, [turns.PARTNER, larynx.TRACT, turns.PAUSE_S, turns.PAN]] = -1.0, 1.0, 30.0, -1.0
    songs, calling = larynx.written([[call]]), np.zeros((1, larynx.CALL_FIELDS))
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 2), np.float32)
    send, rng = np.zeros(BLOCK_FRAMES, np.float32), rng_state(2, "test")
    minds = turns.minds_state(2, "test", callers=1)
    for block in out.reshape(-1, BLOCK_FRAMES, 2):
        larynx.call_out(rng, minds, callers, songs, calling, 1.0, 1.0, register, tract, 1.0, 1.0, send, block)
    return out


def _spectrum(x: Samples) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    power = np.abs(np.fft.rfft(x[:, 0] * np.hanning(len(x)))) ** 2
    return np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE_HZ), power


@pytest.mark.parametrize("register", [1.0, 1.5])
def test_a_call_has_the_pitch_that_is_written(register: float) -> None:
    call = [larynx.syllable(seconds=0.8, pitch_hz=(400.0,) * 3, formants_hz=_OPEN, bright_hz=600.0)]
    hz, power = _spectrum(_hear(call, 1.0, register=register))
    lowest = hz[(hz > 300.0) & (hz < 700.0)][power[(hz > 300.0) & (hz < 700.0)].argmax()]
    assert lowest == pytest.approx(400.0 * register, rel=0.05)


def test_a_shorter_tract_is_brighter() -> None:
    call = [larynx.syllable(seconds=0.8, pitch_hz=(200.0,) * 3, formants_hz=_OPEN)]
    centres = []
    for tract in (0.7, 1.4):
        hz, power = _spectrum(_hear(call, 1.0, tract=tract))
        centres.append(float((hz * power).sum() / power.sum()))
    assert centres[1] > 1.3 * centres[0]


def test_pulses_have_no_overtones_beyond_what_is_asked_for() -> None:
    call = [larynx.syllable(seconds=0.8, pitch_hz=(1_000.0,) * 3, formants_hz=_OPEN, bright_hz=1_500.0)]
    hz, power = _spectrum(_hear(call, 1.0))
    assert power[hz > 16_000.0].max() < 1e-6 * power.max()


def test_breath_comes_in_the_pulses_that_are_written() -> None:
    call = [larynx.syllable(seconds=0.9, pitch_hz=(500.0,) * 3, formants_hz=_OPEN, beat=(30.0, 0.9))]
    x = _hear(call, 1.0)[:, 0].astype(np.float64) ** 2
    flutter = np.abs(np.fft.rfft((x - x.mean())[:SAMPLE_RATE_HZ]))
    assert 10 + int(flutter[10:100].argmax()) == pytest.approx(30, abs=2)


def test_a_rough_voice_stands_less_still_than_a_clean_one() -> None:
    tones = []
    for rough in (0.0, 0.8):
        call = [larynx.syllable(seconds=0.8, pitch_hz=(400.0,) * 3, formants_hz=_OPEN, rough=rough)]
        hz, power = _spectrum(_hear(call, 1.0))
        near = np.abs(hz / 400.0 - np.round(hz / 400.0)) < 0.06
        tones.append(power[near].sum() / power.sum())
    assert tones[0] > 0.9
    assert tones[1] < tones[0] - 0.1
