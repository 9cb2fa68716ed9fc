"""Voices speak at their own pitch, in turns, and laugh when it is lively."""

import numpy as np
import pytest
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp import voices as v
from roomtone.dsp.random import rng_state


def _table(people: int, f0_hz: float = 120.0) -> v.Voices:
    voices = np.zeros((people, v.VOICE_FIELDS))
    voices[:, v.F0_HZ], voices[:, v.TRACT], voices[:, v.HEAD] = f0_hz, 1.0, 1.0
    voices[:, v.SYLLABLES_HZ], voices[:, v.DISTANCE_M], voices[:, v.BRIGHT] = 5.0, 2.0, 0.6
    voices[:, v.MATES], voices[:, v.WAIT_S] = people, 1e9
    voices[0, v.WAIT_S] = 0.05
    return voices


def _hear(voices: v.Voices, seconds: float, excitement: float = 0.3) -> tuple[Samples, NDArray[np.float64]]:
    """What is heard, and who was doing what in each block."""
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 2), np.float32)
    send, mix, rng, modes = np.zeros(BLOCK_FRAMES, np.float32), v.voices_mix(), rng_state(4, "test"), []
    for block in out.reshape(-1, BLOCK_FRAMES, 2):
        v.talk(rng, rng_state(9, "air"), voices, len(voices), excitement, 1.0, mix, send, block)
        modes.append(voices[:, v._MODE].copy())
    return out, np.array(modes)


def _pitch_hz(x: Samples) -> float:
    """The median over what is loud of the strongest period between 60 and 450 Hz."""
    pitches = []
    frames = x[: len(x) // 2_400 * 2_400, 0].reshape(-1, 2_400)
    for frame in frames[frames.std(1) > np.quantile(frames.std(1), 0.6)]:
        same = np.correlate(frame, frame, "full")[2_399:]
        pitches.append(48_000 / (107 + same[107:800].argmax()))
    return float(np.median(pitches))


@pytest.mark.parametrize("f0_hz", [95.0, 150.0])
def test_a_voice_speaks_at_its_pitch(f0_hz: float) -> None:
    heard, _ = _hear(_table(1, f0_hz), 15.0, excitement=0.0)
    assert _pitch_hz(heard) == pytest.approx(f0_hz, rel=0.2)


def test_an_excited_voice_is_higher_and_louder() -> None:
    calm, lively = (_hear(_table(1), 15.0, excitement)[0] for excitement in (0.0, 1.0))
    assert _pitch_hz(lively) > 1.15 * _pitch_hz(calm)
    assert lively.std() > 1.3 * calm.std()


def test_at_a_table_one_speaks_and_the_others_mostly_listen() -> None:
    _, modes = _hear(_table(3), 60.0)
    speaking = (modes > 0.0).sum(1)
    assert 0.5 < speaking.mean() < 1.6
    assert (modes > 0.0).any(0).all()


def test_people_laugh_when_it_is_lively_and_seldom_when_not() -> None:
    calm, lively = ((_hear(_table(3), 90.0, e)[1] == v._LAUGHING).mean() for e in (0.0, 1.0))
    assert lively > 2.0 * calm
    assert lively > 0.01


def test_a_voice_has_formants() -> None:
    heard, _ = _hear(_table(1, 100.0), 20.0)
    power = np.abs(np.fft.rfft(heard[: 20 * 48_000, 0].reshape(-1, 4_800) * np.hanning(4_800))).mean(0) ** 2
    hz = np.fft.rfftfreq(4_800, 1 / 48_000)

    def level_db(low_hz: float, high_hz: float) -> float:
        return float(10 * np.log10(power[(hz >= low_hz) & (hz < high_hz)].mean()))

    assert level_db(300.0, 800.0) > level_db(2_000.0, 3_000.0) + 6.0
    assert level_db(2_000.0, 3_000.0) > level_db(7_500.0, 9_000.0) + 20.0


def test_images_above_the_rate_of_voices_are_gone() -> None:
    heard, _ = _hear(_table(3), 10.0)
    power = np.abs(np.fft.rfft(heard[:, 0] * np.hanning(len(heard)))) ** 2
    hz = np.fft.rfftfreq(len(heard), 1 / 48_000)
    assert power[hz > 10_000].sum() < 1e-5 * power.sum()


def test_nobody_is_heard_where_nobody_is() -> None:
    voices, mix, send = _table(3), v.voices_mix(), np.zeros(BLOCK_FRAMES, np.float32)
    out = np.zeros((BLOCK_FRAMES, 2), np.float32)
    for _ in range(200):
        v.talk(rng_state(1), rng_state(2), voices, 0.0, 0.5, 1.0, mix, send, out)
    assert np.abs(out).max() == 0.0
