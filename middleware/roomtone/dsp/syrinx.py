"""Birds that sing: a whistling voice led by gestures of pitch and breath, and the habits of a singer among others."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import one_pole_coefficient
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, normal
from roomtone.dsp.sine import sine
from roomtone.dsp.turns import (
    ANSWERS,
    ATTACK,
    CALLER_FIELDS,
    COMMON_FIELDS,
    DISTANCE_M,
    DURATION_S,
    END_HZ,
    FRAMES,
    FRESH,
    GAP_S,
    LEFT_FRAMES,
    LEVEL,
    PAN,
    PARTNER,
    PAUSE_S,
    RELEASE,
    REPLY_S,
    START_HZ,
    TURN_AT,
    TURN_HZ,
    WAIT_S,
    Callers,
    Minds,
    Songs,
    dull,
    glide,
    mix,
    seat,
    settle,
    swell,
    take_turn,
)

__all__ = [
    "ANSWERS",
    "ATTACK",
    "DISTANCE_M",
    "DURATION_S",
    "END_HZ",
    "GAP_S",
    "LEVEL",
    "PAN",
    "PARTNER",
    "PAUSE_S",
    "RELEASE",
    "REPLY_S",
    "START_HZ",
    "TURN_AT",
    "TURN_HZ",
    "WAIT_S",
    "Songs",
    "sing_birds",
]

TRILL_HZ: Final = COMMON_FIELDS
TRILL_DEPTH: Final = COMMON_FIELDS + 1
BUZZ_HZ: Final = COMMON_FIELDS + 2
BUZZ_DEPTH: Final = COMMON_FIELDS + 3
SECOND: Final = COMMON_FIELDS + 4
THIRD: Final = COMMON_FIELDS + 5
SYLLABLE_FIELDS: Final = COMMON_FIELDS + 6

Birds: TypeAlias = Callers
"""`(birds, BIRD_FIELDS)`: who each is and what it is doing (see `turns`), then its syrinx."""

_PHASE: Final = CALLER_FIELDS
_TURN: Final = CALLER_FIELDS + 1
_ENVELOPE: Final = CALLER_FIELDS + 2
_SMOOTH: Final = CALLER_FIELDS + 3
BIRD_FIELDS: Final = CALLER_FIELDS + 4

# Gestures are drawn on this grid: two thirds of a millisecond, finer than any muscle.
_STEP_FRAMES: Final = 32
_NEAREST_M: Final = 4.0


@kernel
def _pitch_hz(now: NDArray[np.float64], u: float, t_s: float) -> float:
    """Glide from start over the turning point to the end, with a trill on top."""
    hz = glide(now[START_HZ], now[TURN_HZ], now[END_HZ], now[TURN_AT], u)
    return float(hz * (1.0 + now[TRILL_DEPTH] * sine(now[TRILL_HZ] * t_s)))


@kernel
def _breath(now: NDArray[np.float64], u: float, t_s: float) -> float:
    return float(swell(now, u) * (1.0 - now[BUZZ_DEPTH] * (0.5 - 0.5 * sine(now[BUZZ_HZ] * t_s + 0.25))))


@kernel
def _gesture(
    rng: Rng, bird: NDArray[np.float64], now: NDArray[np.float64], frames: int, phases: NDArray[np.float64],
    line: NDArray[np.float64],
) -> None:  # fmt: skip
    """Lead the voice through frames of a syllable that were just counted off: `phases`, and breath in `line`."""
    if bird[FRESH] > 0.0:
        bird[_ENVELOPE] = 0.0
    phase, turn, envelope = bird[_PHASE], bird[_TURN], bird[_ENVELOPE]
    sung = bird[FRAMES] - bird[LEFT_FRAMES] - frames
    i = 0
    while i < frames:
        steps = min(_STEP_FRAMES, frames - i)
        begun = sung + i + steps
        u, t_s = begun / bird[FRAMES], begun / SAMPLE_RATE_HZ
        goal = min(_pitch_hz(now, u, t_s) * (1.0 + 0.0015 * normal(rng)), 11_000.0) / SAMPLE_RATE_HZ
        if bird[FRESH] > 0.0:
            turn, bird[FRESH] = goal, 0.0
        bend = (goal - turn) / steps
        rise = (_breath(now, u, t_s) - envelope) / steps
        for j in range(i, i + steps):
            turn += bend
            envelope += rise
            phase += turn
            phases[j], line[j] = phase, envelope
        i += steps
    bird[_PHASE], bird[_TURN], bird[_ENVELOPE] = phase - np.floor(phase), turn, envelope


@kernel
def _whistle(
    now: NDArray[np.float64], frames: int, phases: NDArray[np.float64], line: NDArray[np.float64]
) -> None:
    """Sing with the breath in `line`. Apart from gestures and filters, so that processors take many frames at once."""
    second, third = now[SECOND], now[THIRD]
    for i in range(frames):
        first = sine(phases[i])
        # sin 3x = 3 sin x - 4 sin³ x: the third harmonic for the price of two products.
        line[i] *= first + second * sine(2.0 * phases[i]) + third * first * (3.0 - 4.0 * first * first)


@kernel
def sing_birds(
    rng: Rng, minds: Minds, birds: Birds, songs: Songs, singing: NDArray[np.float64], awake: NDArray[np.float64],
    present: float, haste: float, variety: float, register: float, tempo: float,
    send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    """Add one block of every bird.

    Args:
        rng: chance, of voices.
        minds: from `minds_state`.
        birds: who sings.
        songs: what each of them can sing.
        singing: (birds, SYLLABLE_FIELDS): the syllable that each is singing; zeros to start.
        awake: (birds,) how much each feels like singing at this hour, 0 to 1.
        present: how many birds feel like singing; the last one may be half-hearted. Who is singing ends the song.
        haste: how fast pauses pass; 1 as the birds are given.
        variety: 0 (all sing one song of bird 0) to 1 (each sings all of its own).
        register: factor on every pitch; counts from the next syllable.
        tempo: factor on the speed of songs; counts from the next syllable.
        send: (frames,) float32, added to: what fills the place.
        out: (frames, 2) float32, added to: what comes directly.
    """
    frames = out.shape[0]
    ramp, phases, line = np.empty(6), np.empty(frames), np.empty(frames)
    for b in range(birds.shape[0]):
        bird = birds[b]
        seat(bird, _NEAREST_M, 1.0, frames, ramp)
        dullness = one_pole_coefficient(18_000.0 / (1.0 + 0.02 * bird[DISTANCE_M]))
        eager = haste * awake[b] * min(max(present - b, 0.0), 1.0)
        i = 0
        while i < frames:
            skip, sounds = take_turn(
                minds, birds, b, songs, singing[b], i, frames, eager, variety, register, tempo
            )
            if sounds:
                _gesture(rng, bird, singing[b], skip, phases, line)
                _whistle(singing[b], skip, phases, line)
                bird[_SMOOTH] = dull(line, skip, dullness, bird[_SMOOTH])
                mix(bird, line, i, skip, ramp, send, out)
            i += skip
        settle(bird, ramp)
