"""People talking, too many to follow: voices with breath, vowels and consonants, phrases, turns and laughter."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, exponential, normal, uniform
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

__all__ = ["HEAD", "PAN", "TRACT", "Voices", "talk", "voices_mix"]

Voices: TypeAlias = NDArray[np.float64]
"""`(voices, VOICE_FIELDS)`: the throat's places (see `throat`), who each is (by the names below), what it is doing."""

F0_HZ: Final = THROAT_FIELDS
SYLLABLES_HZ: Final = THROAT_FIELDS + 1
DISTANCE_M: Final = THROAT_FIELDS + 2
BRIGHT: Final = THROAT_FIELDS + 3
FIRST_MATE: Final = THROAT_FIELDS + 4
MATES: Final = THROAT_FIELDS + 5
WAIT_S: Final = THROAT_FIELDS + 6
_MODE: Final = THROAT_FIELDS + 7
_LEFT: Final = THROAT_FIELDS + 8
_TOTAL: Final = THROAT_FIELDS + 9
_T_S: Final = THROAT_FIELDS + 10
_LENGTH_S: Final = THROAT_FIELDS + 11
_ONSET: Final = THROAT_FIELDS + 12
_ONSET_S: Final = THROAT_FIELDS + 13
_ACCENT: Final = THROAT_FIELDS + 14
_EFFORT: Final = THROAT_FIELDS + 15
_INFLECTION: Final = THROAT_FIELDS + 16
_JITTER: Final = THROAT_FIELDS + 17
_GOAL: Final = THROAT_FIELDS + 18  # where the formants are going
_LOCUS: Final = THROAT_FIELDS + 21  # where they come from
# Who neither says more nor sings more than others leaves these at 0.
PHRASE: Final = (
    THROAT_FIELDS + 24
)  # syllables that a phrase has beyond the first, on average; 0 is as in talk
MELODY: Final = THROAT_FIELDS + 25  # how much more its pitch moves than in talk
VOICE_FIELDS: Final = THROAT_FIELDS + 26

_PHRASE_IN_TALK: Final = 7.0

_SILENT, _TALKING, _LAUGHING = 0.0, 1.0, 2.0

# First three formants of a man's vowels, Hz. Source: Peterson & Barney (1952), with a schwa.
_VOWELS: Final = np.array([
    [270, 2290, 3010], [390, 1990, 2550], [530, 1840, 2480], [660, 1720, 2410], [730, 1090, 2440],
    [570, 840, 2410], [440, 1020, 2240], [300, 870, 2240], [640, 1190, 2390], [490, 1350, 1690],
    [500, 1500, 2500], [500, 1500, 2500],
], float)  # fmt: skip
# Where lips, tongue tip and tongue back pull them.
_LOCI: Final = np.array([[280, 900, 2200], [280, 1750, 2650], [280, 2050, 2350]], float)
# How a syllable begins: open, nasal or liquid, voiced stop, voiceless stop, sibilant, breath.
_OPEN_ONSET, _NASAL, _SOFT_STOP, _HARD_STOP, _SIBILANT, _BREATH = range(6)
_ONSET_SHARE: Final = np.cumsum(np.array([0.17, 0.25, 0.2, 0.18, 0.13, 0.07]))
_ONSET_LONG_S: Final = np.array([0.02, 0.06, 0.05, 0.08, 0.10, 0.06])
_ONSET_VOICED: Final = np.array([0.5, 0.3, 0.06, 0.0, 0.0, 0.1])

# Bachorowski et al. (2001): a laugh has about five bursts a second, whoever laughs.
_LAUGH_HZ: Final = 5.2
_LEVEL: Final = 0.16


@kernel
def _begin_phrase(rng: Rng, voice: NDArray[np.float64], excitement: float) -> None:
    laughs = uniform(rng) < 0.02 + 0.16 * excitement * excitement
    voice[_MODE] = _LAUGHING if laughs else _TALKING
    usual = voice[PHRASE] if voice[PHRASE] > 0.0 else _PHRASE_IN_TALK
    syllables = 4.0 + 5.0 * uniform(rng) if laughs else 1.0 + usual * exponential(rng)
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
    voice[_ACCENT] = 0.12 * normal(rng) * (1.0 + 0.8 * excitement) * (1.0 + voice[MELODY])
    voice[HISS_HZ] = 5_800.0 if uniform(rng) < 0.65 else 3_200.0
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
        voice[FORMANTS + k] += 0.32 * (aim - voice[FORMANTS + k])


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
            return is_sounding(voice)
        _begin_phrase(rng, voice, excitement)
        if voice[TURN] == 0.0:
            rest_tract(voice, voice[F0_HZ], _VOWELS[-1])
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
def talk(
    rng: Rng, air: Rng, voices: Voices, present: float, excitement: float, away: float,
    mix: NDArray[np.float32], send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    """Add one block of everybody who is present.

    Args:
        rng: chance of what is said: who is not there takes turns too, so that others come and go without a change.
        air: chance of breath and hiss.
        voices: who is there; the first come first.
        present: how many are there at the end of the block; the last one may be there in part.
        excitement: 0 (murmur) to 1 (lively: higher, faster, more laughter); effort counts at once.
        away: factor on every distance, at the end of the block.
        mix: from `voices_mix`.
        send: (frames,) float32, added to: what fills the room.
        out: (frames, 2) float32, added to: what comes directly.
    """
    goals, gain, line = np.empty(4), np.empty(3), np.empty(THROAT_FRAMES)
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
        if heard and (share > 0.0 or voice[GAIN] + voice[GAIN + 1] > 0.0):
            glottis = min(voice[BRIGHT] * (1.0 + 0.9 * excitement), 0.95)
            speak(air, voice, goals, glottis, 2.2 + 1.5 * excitement, gain, line, mix)
        for c in range(3):
            voice[GAIN + c] = gain[c]
    raise_rate(mix, send, out)
