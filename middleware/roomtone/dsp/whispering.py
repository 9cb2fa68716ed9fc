"""Whispers: phrases of vowels, stops and sibilants from throats that never sound, with breath before and after."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, Samples
from roomtone.dsp.filters import NO_DENORMAL, one_pole_coefficient
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, bipolar, exponential, normal, uniform
from roomtone.dsp.throat import (
    FORMANTS,
    GAIN,
    HEAD,
    HISS_HZ,
    PAN,
    THROAT_FIELDS,
    THROAT_FRAMES,
    TRACT,
    TURN,
    is_sounding,
    raise_rate,
    rest_tract,
    speak,
    voices_mix,
)

__all__ = ["HEAD", "PAN", "TRACT", "Whisperers", "voices_mix", "whisper"]

Whisperers: TypeAlias = NDArray[np.float64]
"""`(people, WHISPER_FIELDS)`: the throat's places (see `throat`), who each is (as below), what it is doing."""

DISTANCE_M: Final = THROAT_FIELDS
SYLLABLES_HZ: Final = THROAT_FIELDS + 1  # of its own pace, 1 is as the rest
WAIT_S: Final = THROAT_FIELDS + 2
_MODE: Final = THROAT_FIELDS + 3
_LEFT: Final = THROAT_FIELDS + 4
_T_S: Final = THROAT_FIELDS + 5
_LENGTH_S: Final = THROAT_FIELDS + 6
_ONSET: Final = THROAT_FIELDS + 7
_ONSET_S: Final = THROAT_FIELDS + 8
_CODA_S: Final = THROAT_FIELDS + 9
_EFFORT: Final = THROAT_FIELDS + 10
_STRESS: Final = THROAT_FIELDS + 11
_GOAL: Final = THROAT_FIELDS + 12
_LOCUS: Final = THROAT_FIELDS + 15
WHISPER_FIELDS: Final = THROAT_FIELDS + 18

_RESTING, _INHALING, _SPEAKING, _EXHALING = 0.0, 1.0, 2.0, 3.0

# First three formants of whispered vowels, Hz: the first lies a fifth higher than in speech, for the throat is open.
# Source: Peterson & Barney (1952); Kallail & Emanuel (1984), whispered vowels.
_VOWELS: Final = np.array([
    [330, 2330, 3000], [470, 2050, 2600], [640, 1880, 2500], [790, 1750, 2450], [860, 1160, 2450], [690, 930, 2400],
    [540, 1080, 2300], [380, 960, 2250], [760, 1260, 2400], [590, 1420, 1800], [600, 1550, 2500],
], float)  # fmt: skip
_LOCI: Final = np.array([[340, 950, 2200], [340, 1800, 2700], [340, 2100, 2400]], float)
# How a syllable begins: open, nasal or liquid, stop, sibilant, breath.
_OPEN, _LIQUID, _STOP, _SIBILANT, _BREATH = range(5)
_ONSET_SHARE: Final = np.cumsum(np.array([0.14, 0.2, 0.3, 0.26, 0.1]))
_ONSET_LONG_S: Final = np.array([0.02, 0.06, 0.07, 0.11, 0.07])
_ONSET_BREATH: Final = np.array([0.5, 0.2, 0.0, 0.08, 0.6])
_SLOW_HZ, _FAST_HZ = 2.2, 7.0
_LEVEL: Final = 0.11
# What leaves the lips has lost its lows: below this by 6 dB an octave.
_LIPS_HZ: Final = 700.0


@kernel
def _begin_phrase(rng: Rng, voice: NDArray[np.float64], urgency: float) -> None:
    voice[_MODE] = _INHALING
    voice[_T_S] = 0.0
    voice[_LENGTH_S] = (0.35 + 0.4 * uniform(rng)) * (1.0 - 0.6 * urgency)
    voice[_LEFT] = np.floor(2.0 + min(5.0 * exponential(rng), 14.0))
    voice[_EFFORT] = np.exp(0.3 * normal(rng)) * (0.8 + 0.5 * urgency)
    # Nobody stays where they were; most are at one ear, and what comes late at the other is too faint there to cancel.
    place = bipolar(rng)
    voice[PAN] = 0.97 * np.sign(place) * np.abs(place) ** 0.4
    for k in range(3):
        voice[_GOAL + k] = voice[_LOCUS + k] = _VOWELS[10, k] * voice[TRACT]


@kernel
def _begin_syllable(rng: Rng, voice: NDArray[np.float64], urgency: float) -> None:
    voice[_MODE] = _SPEAKING
    voice[_LEFT] -= 1.0
    voice[_T_S] = 0.0
    pick, onset = uniform(rng), 0
    while onset < _BREATH and pick > _ONSET_SHARE[onset]:
        onset += 1
    # Weak and strong by turns, not quite: that is what makes a row of syllables speech.
    voice[_STRESS] = 1.0 if voice[_STRESS] < 0.5 and uniform(rng) < 0.7 else 0.0
    hz = _SLOW_HZ * (_FAST_HZ / _SLOW_HZ) ** urgency * voice[SYLLABLES_HZ]
    slower = 1.0 / (1.0 + 0.25 * urgency)
    voice[_ONSET], voice[_ONSET_S] = onset, _ONSET_LONG_S[onset] * (0.7 + 0.7 * uniform(rng)) * slower
    voice[_CODA_S] = (0.07 + 0.09 * uniform(rng)) * slower if uniform(rng) < 0.22 else 0.0
    length_s = np.exp(0.25 * normal(rng)) * (0.75 + 0.5 * voice[_STRESS]) / hz
    if voice[_LEFT] < 1.0:
        length_s *= 1.6
    voice[_LENGTH_S] = max(length_s, voice[_ONSET_S] + voice[_CODA_S] + 0.05)
    voice[HISS_HZ] = 6_200.0 if uniform(rng) < 0.6 else 3_400.0
    vowel, locus = int(uniform(rng) * len(_VOWELS)), int(uniform(rng) * 3)
    for k in range(3):
        voice[_GOAL + k] = _VOWELS[vowel, k] * voice[TRACT] * (1.0 + 0.05 * normal(rng))
        voice[_LOCUS + k] = _LOCI[locus, k] * voice[TRACT]


@kernel
def _next(rng: Rng, people: Whisperers, voice: NDArray[np.float64], urgency: float, present: int) -> None:
    """Go on to the next syllable, the breath after the last, or rest and leave the word to somebody else."""
    voice[_T_S] = 0.0
    if voice[_MODE] == _EXHALING:
        voice[_MODE] = _RESTING
        voice[WAIT_S] = 0.4 + exponential(rng)
        following, wait_s = people[int(uniform(rng) * present)], 0.25 * exponential(rng)
        if uniform(rng) < 0.6:
            following[WAIT_S] = min(following[WAIT_S], wait_s)
    elif voice[_LEFT] >= 1.0:
        _begin_syllable(rng, voice, urgency)
    else:
        voice[_MODE] = _EXHALING
        voice[_LENGTH_S] = (0.3 + 0.7 * exponential(rng)) * (1.0 - 0.8 * urgency) + 0.06


@kernel
def _articulate(voice: NDArray[np.float64], urgency: float, goals: NDArray[np.float64]) -> None:
    """Move lips and tongue by one block; `goals` gets breath and hiss for its end."""
    voice[_T_S] += BLOCK_S
    t_s, onset_s, length_s, onset = voice[_T_S], voice[_ONSET_S], voice[_LENGTH_S], int(voice[_ONSET])
    u = min(t_s / length_s, 1.0)
    goals[2], aim = 0.0, _GOAL
    if voice[_MODE] == _INHALING:
        goals[1] = 0.16 * (1.0 - 0.5 * urgency) * np.sin(np.pi * u) ** 1.5
    elif voice[_MODE] == _EXHALING:
        goals[1] = 0.22 * (1.0 - u) ** 2
    elif t_s < onset_s:
        goals[1], aim = _ONSET_BREATH[onset], _GOAL if onset == _BREATH else _LOCUS
        if onset == _SIBILANT:
            goals[2] = 3.0 * min(1.0, 3.0 * t_s / onset_s) * (1.0 + 0.8 * urgency)
    elif t_s > length_s - voice[_CODA_S]:
        goals[1] = 0.05
        goals[2] = 2.5 * (1.0 + 0.8 * urgency)
    else:
        after = t_s - onset_s
        part = min(after / (length_s - onset_s - voice[_CODA_S]), 1.0)
        goals[1] = (0.65 + 0.4 * voice[_STRESS]) * (1.0 - 0.85 * part * part)
        if onset == _STOP and after < 0.013:
            goals[1], goals[2] = 1.2, 1.2
    # Vowels with two resonances close together would drown the others.
    back = min(voice[FORMANTS + 1] / 1_900.0, 1.0)
    close = min(max(voice[FORMANTS + 2] - voice[FORMANTS + 1], 250.0) / 900.0, 1.0)
    goals[1] *= voice[_EFFORT] * (1.0 - 0.15 * urgency) * back**1.3 * close**0.7
    goals[2] *= voice[_EFFORT]
    for k in range(3):
        voice[FORMANTS + k] += 0.3 * (voice[aim + k] - voice[FORMANTS + k])


@kernel
def _live(
    rng: Rng, people: Whisperers, voice: NDArray[np.float64], urgency: float, hurry: float, present: int,
    goals: NDArray[np.float64],
) -> bool:  # fmt: skip
    """Advance one person by one block; False while there is nothing to hear."""
    goals[:] = 0.0
    if voice[_MODE] == _RESTING:
        voice[WAIT_S] -= BLOCK_S * hurry
        if voice[WAIT_S] > 0.0 or hurry == 0.0:
            return is_sounding(voice)
        _begin_phrase(rng, voice, urgency)
        if voice[TURN] == 0.0:
            rest_tract(voice, 100.0, _VOWELS[10])
    if voice[_T_S] >= voice[_LENGTH_S]:
        _next(rng, people, voice, urgency, present)
    if voice[_MODE] != _RESTING:
        _articulate(voice, urgency, goals)
    return True


@kernel
def _radiate(lips: NDArray[np.float64], send: NDArray[np.float32], out: Samples) -> None:
    weight = one_pole_coefficient(_LIPS_HZ)
    left, right, room = lips
    for i in range(out.shape[0]):
        left += weight * (out[i, 0] - left) + NO_DENORMAL
        right += weight * (out[i, 1] - right) + NO_DENORMAL
        room += weight * (send[i] - room) + NO_DENORMAL
        out[i, 0] -= left
        out[i, 1] -= right
        send[i] -= room
    lips[0], lips[1], lips[2] = left, right, room


@kernel
def whisper(
    chances: NDArray[np.uint64], people: Whisperers, present: float, urgency: float, hurry: float,
    mix: NDArray[np.float32], air: NDArray[np.float64], lips: NDArray[np.float64], send: NDArray[np.float32],
    out: Samples,
) -> None:  # fmt: skip
    """Add one block of everybody who is present.

    Args:
        chances: (people, 1) each one's stream, see `rng_state`: who says what depends on nobody else.
        people: who is there; the first come first.
        present: how many are there; the last one may be there in part.
        urgency: 0 (slow, long breaths) to 1 (hissed); pace counts from the next syllable.
        hurry: how fast rests pass; at 1 a rest is about a second and a half.
        mix: from `voices_mix`.
        air: (2,) overwritten: power of the sibilants at either ear, for what a throat at a third of the rate lacks.
        lips: (3,) what the filter at the lips remembers; zeros to start.
        send: (frames,) float32: what was there and what fills the room.
        out: (frames, 2) float32: what was there and what comes directly.

    Source: Klatt (1980), cascade formant synthesis with aspiration in place of voicing.
    """
    goals, gain, line = np.empty(4), np.empty(3), np.empty(THROAT_FRAMES)
    air[:] = 0.0
    for v in range(people.shape[0]):
        voice, rng = people[v], chances[v]
        share = min(max(present - v, 0.0), 1.0)
        angle = (voice[PAN] + 1.0) * (np.pi / 4.0)
        near = _LEVEL * share / voice[DISTANCE_M]
        gain[0], gain[1], gain[2] = near * np.cos(angle), near * np.sin(angle), 0.35 * _LEVEL * share
        heard = _live(rng, people, voice, urgency, hurry * share, 1 + int(present), goals)
        if heard and (share > 0.0 or voice[GAIN + 2] > 0.0):
            speak(rng, voice, goals, 0.5, 3.2 + 1.5 * urgency, gain, line, mix)
            # Broad sibilants reach far above the throat's own rate.
            for c in range(2):
                air[c] += (goals[2] * gain[c]) ** 2 * (1.0 if voice[HISS_HZ] > 5_000.0 else 0.3)
        for c in range(3):
            voice[GAIN + c] = gain[c]
    raise_rate(mix, send, out)
    _radiate(lips, send, out)
