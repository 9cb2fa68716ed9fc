"""Birds glide where their syllables say, keep to their songs, and answer."""

import numpy as np
import pytest
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp import syrinx
from roomtone.dsp.random import rng_state
from roomtone.dsp.turns import minds_state

_RNG_PATH = "test"


def _syllable(**fields: float) -> NDArray[np.float64]:
    plain = {"DURATION_S": 0.3, "GAP_S": 0.05, "START_HZ": 3_000.0, "TURN_HZ": 3_000.0, "END_HZ": 3_000.0,
             "TURN_AT": 0.5, "LEVEL": 0.5, "ATTACK": 0.2, "RELEASE": 0.3}  # fmt: skip
    row = np.zeros(syrinx.SYLLABLE_FIELDS)
    for name, value in (plain | fields).items():
        row[getattr(syrinx, name)] = value
    return row


def _birds(count: int, pause_s: float = 1.0) -> syrinx.Birds:
    birds = np.zeros((count, syrinx.BIRD_FIELDS))
    birds[:, syrinx.DISTANCE_M], birds[:, syrinx.PAUSE_S] = 5.0, pause_s
    birds[:, syrinx.ANSWERS], birds[:, syrinx.REPLY_S] = 0.55, 1.0
    birds[:, syrinx.PARTNER] = (np.arange(count) + 1) % count if count > 1 else -1
    birds[:, syrinx.WAIT_S] = 0.01
    return birds


def _hear(
    birds: syrinx.Birds, song: list[NDArray[np.float64]], seconds: float, tempo: float = 1.0
) -> Samples:
    songs = np.zeros((len(birds), 1, 8, syrinx.SYLLABLE_FIELDS))
    songs[:, 0, : len(song)] = song
    singing = np.zeros((len(birds), syrinx.SYLLABLE_FIELDS))
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 2), np.float32)
    send, rng = np.zeros(BLOCK_FRAMES, np.float32), rng_state(2, _RNG_PATH)
    minds = minds_state(2, _RNG_PATH, callers=len(birds))
    for block in out.reshape(-1, BLOCK_FRAMES, 2):
        syrinx.sing_birds(
            rng,
            minds,
            birds,
            songs,
            singing,
            np.ones(len(birds)),
            len(birds),
            1.0,
            1.0,
            1.0,
            tempo,
            send,
            block,
        )
    return out


def _pitch_hz(x: Samples) -> float:
    return float(np.abs(np.fft.rfft(x[:, 0] * np.hanning(len(x)), 16_384)).argmax() * 48_000 / 16_384)


def _loud(x: Samples) -> NDArray[np.bool_]:
    level = np.abs(x).max(1)[: len(x) // 240 * 240].reshape(-1, 240).max(1)
    return level > 0.05 * level.max()


def test_a_syllable_glides_from_start_over_turn_to_end() -> None:
    sung = _hear(
        _birds(1), [_syllable(DURATION_S=0.4, START_HZ=2_000.0, TURN_HZ=5_000.0, END_HZ=3_000.0)], 0.6
    )
    first = int(np.nonzero(np.abs(sung[:, 0]) > 1e-4)[0][0])
    begin, middle, end = (_pitch_hz(sung[first + at : first + at + 960]) for at in (200, 9_100, 17_500))
    assert begin == pytest.approx(2_000.0, rel=0.15)
    assert middle == pytest.approx(5_000.0, rel=0.1)
    assert end == pytest.approx(3_000.0, rel=0.15)


def test_syllables_begin_and_end_softly() -> None:
    sung = _hear(_birds(1), [_syllable(), _syllable()], 3.0)
    tone = 0.5 * (2 * np.pi * 3_100.0 / 48_000) ** 2
    assert np.abs(np.diff(sung, 2, axis=0)).max() < tone


def test_a_quicker_bird_is_done_sooner() -> None:
    slow, quick = (_loud(_hear(_birds(1, 60.0), [_syllable()] * 6, 5.0, tempo)).sum() for tempo in (1.0, 2.0))
    assert quick == pytest.approx(0.5 * slow, rel=0.2)


def test_a_neighbour_answers_soon_after_a_song() -> None:
    birds = _birds(2, pause_s=30.0)
    birds[0, syrinx.WAIT_S], birds[1, syrinx.WAIT_S] = 0.01, 1_000.0
    answered = _loud(_hear(birds, [_syllable()], 12.0))
    assert answered[120:].any()


def test_nobody_sings_who_is_not_there() -> None:
    birds = _birds(2)
    out, send = np.zeros((BLOCK_FRAMES, 2), np.float32), np.zeros(BLOCK_FRAMES, np.float32)
    songs = np.tile(_syllable(), (2, 1, 8, 1))
    for _ in range(100):
        syrinx.sing_birds(rng_state(1), minds_state(1, callers=2), birds, songs, np.zeros((2, syrinx.SYLLABLE_FIELDS)),
                          np.ones(2), 0.0, 1.0, 1.0, 1.0, 1.0, send, out)  # fmt: skip
    assert np.abs(out).max() == 0.0
