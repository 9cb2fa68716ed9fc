"""People talking, too many to follow: voices with breath, vowels and consonants, phrases, turns and laughter."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, exponential, hiss, normal, uniform

# Speech has little above 8 kHz: voices are made at a third of the rate, and brought up together.
_RATIO: Final = 3
VOICE_RATE_HZ: Final = SAMPLE_RATE_HZ // _RATIO
_FRAMES: Final = BLOCK_FRAMES // _RATIO
_T: Final = 1.0 / VOICE_RATE_HZ

Voices: TypeAlias = NDArray[np.float64]
"""`(voices, VOICE_FIELDS)`: who each is (by the names below), then what it is doing."""

# Who: set by the synth.
F0_HZ: Final = 0
TRACT: Final = 1
SYLLABLES_HZ: Final = 2
DISTANCE_M: Final = 3
PAN: Final = 4
BRIGHT: Final = 5
FIRST_MATE: Final = 6
MATES: Final = 7
HEAD: Final = 8
WAIT_S: Final = 9
# What it is doing.
_MODE: Final = 10
_LEFT: Final = 11
_TOTAL: Final = 12
_T_S: Final = 13
_LENGTH_S: Final = 14
_ONSET: Final = 15
_ONSET_S: Final = 16
_ACCENT: Final = 17
_EFFORT: Final = 18
_PHASE: Final = 19
_TURN: Final = 20
_GLOTTIS: Final = 21
_VOICED: Final = 22
_BREATHY: Final = 23
_HISSING: Final = 24
_HISS_HZ: Final = 25
_F: Final = 26  # three formants now
_GOAL: Final = 29  # where they are going
_LOCUS: Final = 32  # where they come from
_B: Final = 35  # one coefficient of each of them
_Y: Final = 38  # memories of five formants, the hiss and what is beyond, two each
_GAIN: Final = 52  # left, right, send
_INFLECTION: Final = 55
_JITTER: Final = 56
_LOW: Final = 57
_PRESENCE: Final = 58
VOICE_FIELDS: Final = 59

_SILENT, _TALKING, _LAUGHING = 0.0, 1.0, 2.0

# First three formants of a man's vowels, Hz. Source: Peterson & Barney (1952), with a schwa.
_VOWELS: Final = np.array([
    [270, 2290, 3010], [390, 1990, 2550], [530, 1840, 2480], [660, 1720, 2410], [730, 1090, 2440],
    [570, 840, 2410], [440, 1020, 2240], [300, 870, 2240], [640, 1190, 2390], [490, 1350, 1690],
    [500, 1500, 2500], [500, 1500, 2500],
], float)  # fmt: skip
# Where lips, tongue tip and tongue back pull them.
_LOCI: Final = np.array([[280, 900, 2200], [280, 1750, 2650], [280, 2050, 2350]], float)
_WIDTH_HZ: Final = np.array([110.0, 110.0, 140.0, 200.0, 320.0])
_HISS_WIDTH_HZ: Final = 2_200.0
# What a cascade of five lacks above 2 kHz: lips that point at you, and the formants beyond, all in one.
_SHELF: Final = 0.54
_BEYOND_HZ: Final = 5_600.0
_BEYOND_WIDTH_HZ: Final = 1_500.0
_UPPER_HZ: Final = np.array([3_450.0, 4_300.0])

# How a syllable begins: open, nasal or liquid, voiced stop, voiceless stop, sibilant, breath.
_OPEN_ONSET, _NASAL, _SOFT_STOP, _HARD_STOP, _SIBILANT, _BREATH = range(6)
_ONSET_SHARE: Final = np.cumsum(np.array([0.17, 0.25, 0.2, 0.18, 0.13, 0.07]))
_ONSET_LONG_S: Final = np.array([0.02, 0.06, 0.05, 0.08, 0.10, 0.06])
_ONSET_VOICED: Final = np.array([0.5, 0.3, 0.06, 0.0, 0.0, 0.1])

# Bachorowski et al. (2001): a laugh has about five bursts a second, whoever laughs.
_LAUGH_HZ: Final = 5.2

_SPILL: Final = 16
_LEVEL: Final = 0.16
_TAPS: Final = 16


def voices_mix() -> NDArray[np.float32]:
    """Make the buffer in which voices meet: left, right and send, with what the filter still needs on both sides."""
    return np.zeros((3, _TAPS + _FRAMES + _SPILL), np.float32)


def _upsampler() -> NDArray[np.float32]:
    """Design the filter that brings voices up: (ratio, taps), flat to 6.5 kHz. Source: Kaiser (1974)."""
    count = _RATIO * _TAPS
    n = np.arange(count) - (count - 1) / 2
    h = np.sinc(n * 0.92 / _RATIO) * np.kaiser(count, 6.0)
    h *= _RATIO / h.sum()
    return np.ascontiguousarray(h.reshape(_TAPS, _RATIO).T.astype(np.float32))


_FILTER: Final = _upsampler()


@kernel
def _begin_phrase(rng: Rng, voice: NDArray[np.float64], excitement: float) -> None:
    laughs = uniform(rng) < 0.02 + 0.16 * excitement * excitement
    voice[_MODE] = _LAUGHING if laughs else _TALKING
    syllables = 4.0 + 5.0 * uniform(rng) if laughs else 1.0 + 7.0 * exponential(rng)
    voice[_LEFT] = voice[_TOTAL] = np.floor(min(syllables, 26.0))
    voice[_EFFORT] = np.exp(0.22 * normal(rng))
    voice[_INFLECTION] = -0.25 if uniform(rng) < 0.8 else 0.2
    voice[_T_S] = 1.0
    voice[_LENGTH_S] = 0.0


@kernel
def _begin_syllable(rng: Rng, voice: NDArray[np.float64], excitement: float) -> None:
    voice[_LEFT] -= 1.0
    voice[_T_S] = 0.0
    laughs = voice[_MODE] == _LAUGHING
    pick = uniform(rng)
    onset = _BREATH if laughs else 0
    while not laughs and onset < _BREATH and pick > _ONSET_SHARE[onset]:
        onset += 1
    voice[_ONSET] = onset
    voice[_ONSET_S] = _ONSET_LONG_S[onset] * (0.7 + 0.6 * uniform(rng))
    rate_hz = _LAUGH_HZ if laughs else voice[SYLLABLES_HZ] * (1.0 + 0.2 * excitement)
    length_s = np.exp((0.07 if laughs else 0.28) * normal(rng)) / rate_hz
    # The last syllable of a phrase is drawn out.
    if voice[_LEFT] < 1.0:
        length_s *= 1.5
    voice[_LENGTH_S] = max(length_s, voice[_ONSET_S] + 0.05)
    voice[_ACCENT] = 0.12 * normal(rng) * (1.0 + 0.8 * excitement)
    voice[_HISS_HZ] = 5_800.0 if uniform(rng) < 0.65 else 3_200.0
    vowel = _VOWELS[4 if laughs else int(uniform(rng) * _VOWELS.shape[0])]
    locus = _LOCI[int(uniform(rng) * 3)]
    for k in range(3):
        voice[_GOAL + k] = vowel[k] * voice[TRACT] * (1.0 + 0.04 * normal(rng))
        voice[_LOCUS + k] = locus[k] * voice[TRACT]


@kernel
def _end_phrase(rng: Rng, voices: Voices, voice: NDArray[np.float64], excitement: float) -> None:
    """Fall silent and give the word to somebody at the same table; a laugh is often shared."""
    laughed = voice[_MODE] == _LAUGHING
    voice[_MODE] = _SILENT
    voice[WAIT_S] = 1e9
    first, mates = int(voice[FIRST_MATE]), int(voice[MATES])
    following = voices[first + int(uniform(rng) * mates)]
    following[WAIT_S] = min(following[WAIT_S], 0.05 + (0.75 - 0.45 * excitement) * exponential(rng))
    if uniform(rng) < (0.5 if laughed else 0.15):
        aside = voices[first + int(uniform(rng) * mates)]
        aside[WAIT_S] = min(aside[WAIT_S], 0.6 * exponential(rng))


@kernel
def _articulate(rng: Rng, voice: NDArray[np.float64], excitement: float, goals: NDArray[np.float64]) -> None:
    """Move lips and tongue by one block; `goals` gets voicing, breath, hiss and pitch (Hz) for its end."""
    voice[_T_S] += BLOCK_S
    t_s, onset_s, onset = voice[_T_S], voice[_ONSET_S], int(voice[_ONSET])
    in_onset = t_s < onset_s
    u = min(max((t_s - onset_s) / (voice[_LENGTH_S] - onset_s), 0.0), 1.0)
    last = voice[_LEFT] < 1.0
    fade = 1.0 - (0.9 if last else 0.45) * u * u
    goals[0] = _ONSET_VOICED[onset] if in_onset else fade
    goals[1] = 0.03 + 0.02 * (1.0 - u)
    goals[2] = 0.0
    if in_onset and onset == _SIBILANT:
        goals[2] = 1.0
    elif _SOFT_STOP <= onset <= _HARD_STOP and abs(t_s - onset_s) < 0.012:
        goals[1] = 0.7 if onset == _HARD_STOP else 0.25
        goals[2] = 0.35 if onset == _HARD_STOP else 0.1
    elif in_onset and onset == _BREATH:
        goals[1] = 0.35
    said = 1.0 - voice[_LEFT] / voice[_TOTAL]
    laughs = voice[_MODE] == _LAUGHING
    level = voice[_EFFORT] * (1.3 - 0.7 * said if laughs else 1.05 - 0.2 * said)
    for k in range(3):
        goals[k] *= level
    melody = 0.12 + voice[_INFLECTION] * said + voice[_ACCENT] * np.sin(np.pi * u)
    voice[_JITTER] = 0.8 * voice[_JITTER] + 0.008 * normal(rng)
    goals[3] = voice[F0_HZ] * np.exp(melody + voice[_JITTER] + 0.28 * excitement + (0.35 if laughs else 0.0))
    for k in range(3):
        aim = voice[_LOCUS + k] if in_onset and onset != _BREATH else voice[_GOAL + k]
        voice[_F + k] += 0.32 * (aim - voice[_F + k])


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
        voice[_PHASE], voice[_TURN], voice[_GLOTTIS], voice[_VOICED], voice[_BREATHY]
    )  # fmt: skip
    step_voiced, step_breath = (goals[0] - voiced) / _FRAMES, (goals[1] - breath) / _FRAMES
    step_turn = (goals[3] * _T - turn) / _FRAMES
    wobble, shimmer = 1.0, 1.0
    for i in range(_FRAMES):
        voiced, breath, turn = voiced + step_voiced, breath + step_breath, turn + step_turn
        phase += turn * wobble
        if phase >= 1.0:
            phase -= 1.0
            wobble, shimmer = 1.0 + 0.012 * hiss(rng), 1.0 + 0.07 * hiss(rng)
        part = phase * 1.6
        flow = shimmer * part * (2.0 - 3.0 * part) if part < 1.0 else 0.0
        pulse += glottis * (voiced * flow - pulse)
        line[i] = pulse + breath * 0.15 * hiss(rng)
    voice[_PHASE], voice[_TURN], voice[_GLOTTIS] = phase, turn, pulse
    voice[_VOICED], voice[_BREATHY] = voiced, breath


@kernel
def _shape(voice: NDArray[np.float64], line: NDArray[np.float64]) -> None:
    """Filter `line` by the three formants that move, gliding to where they are now."""
    step, c = np.empty(3), np.empty(3)
    b1, b2, b3 = voice[_B : _B + 3]
    for k in range(3):
        goal, c[k] = _resonance(min(voice[_F + k], 3_300.0), _WIDTH_HZ[k])
        step[k] = (goal - voice[_B + k]) / _FRAMES
        voice[_B + k] = goal
    s1, s2, s3 = step
    c1, c2, c3 = c
    y1, z1, y2, z2, y3, z3 = voice[_Y : _Y + 6]
    for i in range(_FRAMES):
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
    step = (presence - lift) / _FRAMES
    for i in range(_FRAMES):
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
    level, step = voice[_HISSING], (goal - voice[_HISSING]) / _FRAMES
    voice[_HISSING] = goal
    if level == 0.0 and goal == 0.0:
        voice[_Y + 12 : _Y + 14] = 0.0
        return
    b, c = _resonance(voice[_HISS_HZ], _HISS_WIDTH_HZ)
    y, z = voice[_Y + 12], voice[_Y + 13]
    for i in range(_FRAMES):
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
        gain, step = voice[_GAIN + c], (goal[c] - voice[_GAIN + c]) / _FRAMES
        for i in range(_FRAMES):
            mix[c, delay[c] + i] += line[i] * (gain + step * i)


@kernel
def _wake(voice: NDArray[np.float64]) -> None:
    """Begin from a tract at rest, so that the first syllable glides from somewhere."""
    if voice[_TURN] == 0.0:
        voice[_TURN] = voice[F0_HZ] * _T
        for k in range(3):
            voice[_F + k] = _VOWELS[10, k] * voice[TRACT]
            voice[_B + k] = (
                2.0 * np.exp(-np.pi * _WIDTH_HZ[k] * _T) * np.cos(2.0 * np.pi * voice[_F + k] * _T)
            )


@kernel
def _live(
    rng: Rng, voices: Voices, voice: NDArray[np.float64], excitement: float, goals: NDArray[np.float64]
) -> bool:
    """Advance one person by one block; False while there is nothing to hear."""
    if voice[_MODE] == _SILENT:
        voice[WAIT_S] -= BLOCK_S
        if voice[WAIT_S] > 0.0:
            goals[:3] = 0.0
            goals[3] = voice[F0_HZ]
            return bool(voice[_VOICED] + voice[_BREATHY] + voice[_HISSING] > 0.0)
        _begin_phrase(rng, voice, excitement)
        _wake(voice)
    if voice[_T_S] >= voice[_LENGTH_S]:
        if voice[_LEFT] < 1.0:
            _end_phrase(rng, voices, voice, excitement)
            goals[:3] = 0.0
            goals[3] = voice[F0_HZ]
            return True
        _begin_syllable(rng, voice, excitement)
    _articulate(rng, voice, excitement, goals)
    return True


@kernel
def _raise_rate(mix: NDArray[np.float32], send: NDArray[np.float32], out: Samples) -> None:
    """Bring the three sums up to the full rate, add them, and move the buffer on by one block."""
    line = np.empty(_FRAMES, np.float32)
    for c in range(3):
        for p in range(_RATIO):
            line[:] = 0.0
            for k in range(_TAPS):
                weight = _FILTER[p, k]
                for i in range(_FRAMES):
                    line[i] += weight * mix[c, _TAPS + i - k]
            for i in range(_FRAMES):
                if c < 2:
                    out[_RATIO * i + p, c] += line[i]
                else:
                    send[_RATIO * i + p] += line[i]
        for i in range(_TAPS + _SPILL):
            mix[c, i] = mix[c, _FRAMES + i]
        mix[c, _TAPS + _SPILL :] = 0.0


@kernel
def talk(
    rng: Rng, voices: Voices, present: float, excitement: float, away: float,
    mix: NDArray[np.float32], send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    """Add one block of everybody who is present.

    Args:
        rng: chance.
        voices: who is there; the first come first.
        present: how many are there at the end of the block; the last one may be there in part.
        excitement: 0 (murmur) to 1 (lively: higher, faster, more laughter); effort counts at once.
        away: factor on every distance, at the end of the block.
        mix: from `voices_mix`.
        send: (frames,) float32, added to: what fills the room.
        out: (frames, 2) float32, added to: what comes directly.

    Source: Klatt (1980), cascade formant synthesis; Klatt & Klatt (1990), glottal flow.
    """
    goals, gain, line = np.empty(4), np.empty(3), np.empty(_FRAMES)
    for v in range(voices.shape[0]):
        voice = voices[v]
        share = min(max(present - v, 0.0), 1.0)
        distance_m = voice[DISTANCE_M] * away
        angle = (voice[PAN] + 1.0) * (np.pi / 4.0)
        gain[0], gain[1] = np.cos(angle) / distance_m, np.sin(angle) / distance_m
        gain[2] = 0.25
        for c in range(3):
            gain[c] *= _LEVEL * share * np.exp(0.5 * excitement)
        heard = _live(rng, voices, voice, excitement, goals)
        if heard and (share > 0.0 or voice[_GAIN] + voice[_GAIN + 1] > 0.0):
            _breathe(rng, voice, goals, min(voice[BRIGHT] * (1.0 + 0.9 * excitement), 0.95), line)
            _shape(voice, line)
            _brighten(voice, 2.2 + 1.5 * excitement, line)
            _hiss_past(rng, voice, goals[2], line)
            _seat_in(voice, gain, line, mix)
        for c in range(3):
            voice[_GAIN + c] = gain[c]
    _raise_rate(mix, send, out)
