"""A throat and a mouth: glottal pulses and breath through formants that move, cheap enough to have a roomful."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, hiss

# Speech has little above 8 kHz: voices are made at a third of the rate, and brought up together.
_RATIO: Final = 3
_RATE_HZ: Final = SAMPLE_RATE_HZ // _RATIO
THROAT_FRAMES: Final = BLOCK_FRAMES // _RATIO
_T: Final = 1.0 / _RATE_HZ

# A voice is a row of numbers; these places of it are the throat's, what follows is its owner's.
TRACT: Final = 0
HEAD: Final = 1
PAN: Final = 2
FORMANTS: Final = 3  # now, Hz
HISS_HZ: Final = 6
VOICED: Final = 7
BREATHY: Final = 8
HISSING: Final = 9
TURN: Final = 10
_PHASE: Final = 11
_GLOTTIS: Final = 12
_B: Final = 13  # a coefficient of each moving formant
_Y: Final = 16  # memories: five formants, beyond, hiss; two each
_LOW: Final = 30
_PRESENCE: Final = 31
GAIN: Final = 32  # left, right, send
THROAT_FIELDS: Final = 35

_WIDTH_HZ: Final = np.array([110.0, 110.0, 140.0, 200.0, 320.0])
_UPPER_HZ: Final = np.array([3_450.0, 4_300.0])
_HIGHEST_HZ: Final = 3_300.0
# What a cascade of five lacks above 2 kHz: lips that point at you, and the formants beyond, all in one.
_SHELF: Final = 0.54
_BEYOND_HZ: Final = 5_600.0
_BEYOND_WIDTH_HZ: Final = 1_500.0
_HISS_WIDTH_HZ: Final = 2_200.0

_INAUDIBLE: Final = 1e-5
_SPILL: Final = 16
_TAPS: Final = 16


def voices_mix() -> NDArray[np.float32]:
    """Make the buffer in which voices meet: left, right and send, with what the filter still needs on both sides."""
    return np.zeros((3, _TAPS + THROAT_FRAMES + _SPILL), np.float32)


def _upsampler() -> NDArray[np.float32]:
    """Design the filter that brings voices up: (ratio, taps), flat to 6.5 kHz. Source: Kaiser (1974)."""
    count = _RATIO * _TAPS
    n = np.arange(count) - (count - 1) / 2
    h = np.sinc(n * 0.92 / _RATIO) * np.kaiser(count, 6.0)
    h *= _RATIO / h.sum()
    return np.ascontiguousarray(h.reshape(_TAPS, _RATIO).T.astype(np.float32))


_FILTER: Final = _upsampler()


@kernel
def _resonance(hz: float, width_hz: float) -> tuple[float, float]:
    """Map a resonance to the two feedback coefficients of a filter."""
    damp = np.exp(-np.pi * width_hz * _T)
    return 2.0 * damp * np.cos(2.0 * np.pi * hz * _T), -damp * damp


@kernel
def _breathe(
    rng: Rng,
    voice: NDArray[np.float64],
    goals: NDArray[np.float64],
    glottis: float,
    line: NDArray[np.float64],
) -> None:
    """Overwrite `line` with what comes up the throat: pulses, no two alike, and breath."""
    phase, turn, pulse, voiced, breath = (
        voice[_PHASE], voice[TURN], voice[_GLOTTIS], voice[VOICED], voice[BREATHY]
    )  # fmt: skip
    step_voiced, step_breath = (goals[0] - voiced) / THROAT_FRAMES, (goals[1] - breath) / THROAT_FRAMES
    step_turn = (goals[3] * _T - turn) / THROAT_FRAMES
    wobble, shimmer = 1.0, 1.0
    for i in range(THROAT_FRAMES):
        voiced, breath, turn = voiced + step_voiced, breath + step_breath, turn + step_turn
        phase += turn * wobble
        if phase >= 1.0:
            phase -= 1.0
            wobble, shimmer = 1.0 + 0.012 * hiss(rng), 1.0 + 0.07 * hiss(rng)
        part = phase * 1.6
        flow = shimmer * part * (2.0 - 3.0 * part) if part < 1.0 else 0.0
        pulse += glottis * (voiced * flow - pulse)
        line[i] = pulse + breath * 0.15 * hiss(rng)
    voice[_PHASE], voice[TURN], voice[_GLOTTIS] = phase, turn, pulse
    voice[VOICED], voice[BREATHY] = goals[0], goals[1]


@kernel
def _shape(voice: NDArray[np.float64], line: NDArray[np.float64]) -> None:
    """Filter `line` by the three formants that move, gliding to where they are now."""
    step, c = np.empty(3), np.empty(3)
    b1, b2, b3 = voice[_B : _B + 3]
    for k in range(3):
        goal, c[k] = _resonance(min(voice[FORMANTS + k], _HIGHEST_HZ), _WIDTH_HZ[k])
        step[k] = (goal - voice[_B + k]) / THROAT_FRAMES
        voice[_B + k] = goal
    s1, s2, s3 = step
    c1, c2, c3 = c
    y1, z1, y2, z2, y3, z3 = voice[_Y : _Y + 6]
    for i in range(THROAT_FRAMES):
        b1, b2, b3 = b1 + s1, b2 + s2, b3 + s3
        x = (1.0 - b1 - c1) * line[i] + b1 * y1 + c1 * z1
        z1, y1 = y1, x
        x = (1.0 - b2 - c2) * x + b2 * y2 + c2 * z2
        z2, y2 = y2, x
        x = (1.0 - b3 - c3) * x + b3 * y3 + c3 * z3
        z3, y3 = y3, x
        line[i] = x
    m = voice[_Y : _Y + 6]
    m[0], m[1], m[2], m[3], m[4], m[5] = y1, z1, y2, z2, y3, z3


@kernel
def _brighten(voice: NDArray[np.float64], presence: float, line: NDArray[np.float64]) -> None:
    """Filter `line` by the formants that stay, and lift what is above them."""
    b4, c4 = _resonance(_UPPER_HZ[0] * voice[TRACT], _WIDTH_HZ[3])
    b5, c5 = _resonance(_UPPER_HZ[1] * voice[TRACT] * voice[HEAD], _WIDTH_HZ[4])
    b6, c6 = _resonance(_BEYOND_HZ * voice[HEAD], _BEYOND_WIDTH_HZ)
    a4, a5, a6 = 1.0 - b4 - c4, 1.0 - b5 - c5, 1.0 - b6 - c6
    y4, z4, y5, z5, y6, z6 = voice[_Y + 6 : _Y + 12]
    low, lift = voice[_LOW], voice[_PRESENCE]
    step = (presence - lift) / THROAT_FRAMES
    for i in range(THROAT_FRAMES):
        x = a4 * line[i] + b4 * y4 + c4 * z4
        z4, y4 = y4, x
        x = a5 * x + b5 * y5 + c5 * z5
        z5, y5 = y5, x
        x = a6 * x + b6 * y6 + c6 * z6
        z6, y6 = y6, x
        low += _SHELF * (x - low)
        lift += step
        line[i] = x + lift * (x - low)
    m = voice[_Y + 6 : _Y + 12]
    m[0], m[1], m[2], m[3], m[4], m[5] = y4, z4, y5, z5, y6, z6
    voice[_LOW], voice[_PRESENCE] = low, presence


@kernel
def _hiss_past(rng: Rng, voice: NDArray[np.float64], goal: float, line: NDArray[np.float64]) -> None:
    """Add to `line` what is made at the teeth and passes the mouth by."""
    level, step = voice[HISSING], (goal - voice[HISSING]) / THROAT_FRAMES
    voice[HISSING] = goal
    if level == 0.0 and goal == 0.0:
        voice[_Y + 12 : _Y + 14] = 0.0
        return
    b, c = _resonance(voice[HISS_HZ], _HISS_WIDTH_HZ)
    y, z = voice[_Y + 12], voice[_Y + 13]
    for i in range(THROAT_FRAMES):
        level += step
        x = 0.07 * level * hiss(rng) + b * y + c * z
        line[i] += x - y
        z, y = y, x
    voice[_Y + 12], voice[_Y + 13] = y, z


@kernel
def _seat_in(
    voice: NDArray[np.float64], goal: NDArray[np.float64], line: NDArray[np.float64], mix: NDArray[np.float32]
) -> None:
    """Add `line` to the three sums with gains that walk to `goal`, later at the ear that is further off."""
    late = int(voice[PAN] * 9.0)
    delay = (_TAPS + max(late, 0), _TAPS + max(-late, 0), _TAPS)
    for c in range(3):
        gain, step = voice[GAIN + c], (goal[c] - voice[GAIN + c]) / THROAT_FRAMES
        for i in range(THROAT_FRAMES):
            mix[c, delay[c] + i] += line[i] * (gain + step * i)


@kernel
def rest_tract(voice: NDArray[np.float64], f0_hz: float, formants_hz: NDArray[np.float64]) -> None:
    """Put a throat that never spoke where its first syllable can glide from."""
    voice[TURN] = f0_hz * _T
    for k in range(3):
        voice[FORMANTS + k] = formants_hz[k] * voice[TRACT]
        voice[_B + k] = _resonance(voice[FORMANTS + k], _WIDTH_HZ[k])[0]


@kernel
def is_sounding(voice: NDArray[np.float64]) -> bool:
    """Say whether there is breath left, or a formant still rings."""
    return bool(voice[VOICED] + voice[BREATHY] + voice[HISSING] > 0.0 or abs(voice[_Y + 4]) > _INAUDIBLE)


@kernel
def speak(
    rng: Rng, voice: NDArray[np.float64], goals: NDArray[np.float64], glottis: float, presence: float,
    gain: NDArray[np.float64], line: NDArray[np.float64], mix: NDArray[np.float32],
) -> None:  # fmt: skip
    """Add one block of one voice to `mix`.

    Args:
        rng: chance.
        voice: the row; its formants are where they are to be at the end of the block.
        goals: (4,) voicing, breath, hiss and pitch (Hz) at the end of the block.
        glottis: 0 (soft) to 1 (pressed): how sharply the folds close.
        presence: what is above 2 kHz, lifted by 1 + `presence`, at the end of the block.
        gain: (3,) left, right, send at the end of the block.
        line: (THROAT_FRAMES,) scratch.
        mix: from `voices_mix`.

    Source: Klatt (1980), cascade formant synthesis; Klatt & Klatt (1990), glottal flow.
    """
    _breathe(rng, voice, goals, glottis, line)
    _shape(voice, line)
    _brighten(voice, presence, line)
    _hiss_past(rng, voice, goals[2], line)
    _seat_in(voice, gain, line, mix)


@kernel
def raise_rate(mix: NDArray[np.float32], send: NDArray[np.float32], out: Samples) -> None:
    """Bring the three sums up to the full rate, add them, and move the buffer on by one block."""
    line = np.empty(THROAT_FRAMES, np.float32)
    for c in range(3):
        for p in range(_RATIO):
            line[:] = 0.0
            for k in range(_TAPS):
                weight = _FILTER[p, k]
                for i in range(THROAT_FRAMES):
                    line[i] += weight * mix[c, _TAPS + i - k]
            for i in range(THROAT_FRAMES):
                if c < 2:
                    out[_RATIO * i + p, c] += line[i]
                else:
                    send[_RATIO * i + p] += line[i]
        for i in range(_TAPS + _SPILL):
            mix[c, i] = mix[c, THROAT_FRAMES + i]
        mix[c, _TAPS + _SPILL :] = 0.0
