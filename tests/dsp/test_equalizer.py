"""What is asked of each octave is what it gets, and nothing clicks on the way."""

import numpy as np
import pytest

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.equalizer import OCTAVES_HZ, equalize, equalizer_state, filter_gains

FLAT = np.zeros(len(OCTAVES_HZ))


def noise(seconds: float = 4.0, channels: int = 1) -> Samples:
    rng = np.random.default_rng(3)
    return (0.05 * rng.standard_normal((round(seconds * SAMPLE_RATE_HZ), channels))).astype(np.float32)


def equalized(sound: Samples, levels_db: np.ndarray, block: int = BLOCK_FRAMES) -> Samples:
    state = equalizer_state(sound.shape[1], levels_db)
    out = sound.copy()
    for start in range(0, len(out), block):
        equalize(state, filter_gains(levels_db), out[start : start + block])
    return out


def tone_gain_db(hz: float, levels_db: np.ndarray) -> float:
    t = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = (0.1 * np.sin(2.0 * np.pi * hz * t)).astype(np.float32)[:, None]
    late = equalized(tone, levels_db)[SAMPLE_RATE_HZ // 2 :]
    return float(20.0 * np.log10(np.sqrt(np.mean(late**2)) / (0.1 / np.sqrt(2.0))))


@pytest.mark.parametrize("band", range(len(OCTAVES_HZ)))
def test_every_octave_gets_what_is_asked_of_it(band: int) -> None:
    levels_db = np.array([4.0, -3.0, 2.0, 6.0, -5.0, 0.0, 3.0, -2.0, 5.0])
    assert tone_gain_db(OCTAVES_HZ[band], levels_db) == pytest.approx(levels_db[band], abs=0.8)


def test_an_equal_change_of_all_octaves_is_a_change_of_level() -> None:
    levels_db = np.full(len(OCTAVES_HZ), -6.0)
    for hz in (80.0, 180.0, 700.0, 1400.0, 3000.0, 11_000.0):
        assert tone_gain_db(hz, levels_db) == pytest.approx(-6.0, abs=1.5)


def test_flat_leaves_every_sample_as_it_is() -> None:
    sound = noise(0.5, channels=2)
    assert np.array_equal(equalized(sound, FLAT), sound)


def test_blocks_of_one_size_sound_like_blocks_of_another_when_gains_rest() -> None:
    sound, levels_db = noise(0.5), np.linspace(-6.0, 6.0, len(OCTAVES_HZ))
    assert np.allclose(equalized(sound, levels_db, 480), equalized(sound, levels_db, 4800), atol=1e-6)


def test_gains_that_move_make_no_step() -> None:
    t = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = (0.2 * np.sin(2.0 * np.pi * 200.0 * t)).astype(np.float32)[:, None]
    still = float(np.abs(np.diff(tone, n=2, axis=0)).max())
    state = equalizer_state(1, np.full(len(OCTAVES_HZ), 9.0))
    blocks = len(tone) // BLOCK_FRAMES
    for i in range(blocks):
        gains_db = filter_gains(np.full(len(OCTAVES_HZ), 9.0 * (1.0 - (i + 1) / blocks)))
        equalize(state, gains_db, tone[i * BLOCK_FRAMES : (i + 1) * BLOCK_FRAMES])
    loudest = 10.0 ** (9.5 / 20.0)
    assert np.abs(np.diff(tone[4800:], n=2, axis=0)).max() < 1.5 * loudest * still
    assert np.allclose(tone[-100:, 0], 0.2 * np.sin(2.0 * np.pi * 200.0 * t[-100:]), atol=0.01)
