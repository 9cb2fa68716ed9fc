"""Animals that call with folds and a mouth: a train of pulses, clean or rough, through three resonances that move."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import NO_DENORMAL
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, hiss, normal
from roomtone.dsp.sine import sine
from roomtone.dsp.turns import (
    CALLER_FIELDS,
    COMMON_FIELDS,
    END_HZ,
    FRAMES,
    FRESH,
    LEFT_FRAMES,
    START_HZ,
    TURN_AT,
    TURN_HZ,
    Callers,
    Minds,
    Songs,
    glide,
    mix,
    seat,
    settle,
    swell,
    take_turn,
)

# What a syllable needs beside what `turns` names.
VIBRATO_HZ: Final = COMMON_FIELDS
VIBRATO: Final = COMMON_FIELDS + 1  # depth in octaves
BEAT_HZ: Final = COMMON_FIELDS + 2  # the breath comes in pulses
BEAT: Final = COMMON_FIELDS + 3  # 0 (steady) to 1 (single pulses)
BRIGHT_HZ: Final = COMMON_FIELDS + 4  # the source falls by 8.7 dB in each of these, if the tract is 1
ROUGH: Final = COMMON_FIELDS + 5  # how unlike one period is to the next, 0 to 1
BREATH_NOISE: Final = COMMON_FIELDS + 6  # against the pulses
FORMANT_START: Final = COMMON_FIELDS + 7  # three, Hz
FORMANT_TURN: Final = COMMON_FIELDS + 10
FORMANT_END: Final = COMMON_FIELDS + 13
FORMANT_GAIN: Final = COMMON_FIELDS + 16
FORMANT_WIDTH: Final = COMMON_FIELDS + 19  # Hz
CALL_FIELDS: Final = COMMON_FIELDS + 22

# Beside who each caller is and what it is doing.
TRACT: Final = CALLER_FIELDS  # factor on its resonances
_PHASE: Final = CALLER_FIELDS + 1  # of two periods: 0 to 2
_TURN: Final = CALLER_FIELDS + 2
_ENVELOPE: Final = CALLER_FIELDS + 3
_WOBBLE: Final = CALLER_FIELDS + 4
_SHIMMER: Final = CALLER_FIELDS + 5
_X: Final = CALLER_FIELDS + 6  # the last two inputs of the resonances
_Y: Final = CALLER_FIELDS + 8  # the last two outputs of each
_B: Final = CALLER_FIELDS + 14  # how each is tuned
LARYNX_FIELDS: Final = CALLER_FIELDS + 17

Mouth: TypeAlias = Sequence[float] | NDArray[np.float64]
"""Three resonances, Hz: a mouth held still."""

# Gestures are drawn on this grid.
_STEP_FRAMES: Final = 32
_HIGHEST_HZ: Final = 15_000.0
# A pulse of breath rises in this part of its period and dies in the rest.
_RISE: Final = 0.15
_JITTER: Final = 0.05
_SHIMMER_SIZE: Final = 0.35


@kernel
def _pitch_hz(now: NDArray[np.float64], u: float, t_s: float) -> float:
    hz = glide(now[START_HZ], now[TURN_HZ], now[END_HZ], now[TURN_AT], u)
    return float(hz * (1.0 + 0.693 * now[VIBRATO] * sine(now[VIBRATO_HZ] * t_s)))


@kernel
def _breath(now: NDArray[np.float64], u: float, t_s: float) -> float:
    if now[BEAT] == 0.0:
        return swell(now, u)
    beats = now[BEAT_HZ] * t_s
    at = beats - np.floor(beats)
    pulse = at / _RISE if at < _RISE else ((1.0 - at) / (1.0 - _RISE)) ** 2
    return float(swell(now, u) * (1.0 - now[BEAT] * (1.0 - pulse)))


@kernel
def _fold(
    rng: Rng, caller: NDArray[np.float64], now: NDArray[np.float64], frames: int, phases: NDArray[np.float64],
    breath: NDArray[np.float64],
) -> None:  # fmt: skip
    """Lead the folds through the frames of a syllable that have just been counted off: `phases`, and their `breath`."""
    if caller[FRESH] > 0.0:
        caller[_ENVELOPE] = 0.0
        caller[_WOBBLE] = caller[_SHIMMER] = 1.0
    phase, envelope, wobble, shimmer = caller[_PHASE], caller[_ENVELOPE], caller[_WOBBLE], caller[_SHIMMER]
    turn, rough = caller[_TURN], now[ROUGH]
    sung = caller[FRAMES] - caller[LEFT_FRAMES] - frames
    i = 0
    while i < frames:
        steps = min(_STEP_FRAMES, frames - i)
        begun = sung + i + steps
        u, t_s = begun / caller[FRAMES], begun / SAMPLE_RATE_HZ
        goal = _pitch_hz(now, u, t_s) * (1.0 + 0.002 * normal(rng)) / SAMPLE_RATE_HZ
        if caller[FRESH] > 0.0:
            turn, caller[FRESH] = goal, 0.0
        bend = (goal - turn) / steps
        rise = (_breath(now, u, t_s) - envelope) / steps
        for j in range(i, i + steps):
            turn += bend
            envelope += rise
            phase += turn * wobble
            if phase >= 2.0:
                phase -= 2.0
                wobble, shimmer = 1.0 + _JITTER * rough * hiss(rng), 1.0 + _SHIMMER_SIZE * rough * hiss(rng)
            phases[j], breath[j] = phase, envelope * shimmer
        i += steps
    caller[_PHASE], caller[_TURN], caller[_ENVELOPE] = phase, turn, envelope
    caller[_WOBBLE], caller[_SHIMMER] = wobble, shimmer


@kernel
def _pulse(
    rough: float, a: float, frames: int, phases: NDArray[np.float64], line: NDArray[np.float64]
) -> None:
    """Overwrite `phases` with a train of pulses with no more overtones than are asked for: 2 Σ aⁿ cos nφ, evened out.

    Source: Moorer (1976), The synthesis of complex audio spectra by means of discrete summation formulas.
    """
    top, size = 1.0 - a * a, np.sqrt(0.5 * (1.0 - a * a)) / a
    for i in range(frames):
        pulses = top / (1.0 - 2.0 * a * sine(phases[i] - 0.25) + a * a) - 1.0
        # Every other period is weaker: folds that are driven hard double their period, then turn chaotic.
        phases[i] = size * pulses * (1.0 + rough * sine(0.5 * phases[i])) * line[i]


@kernel
def _resound(caller: NDArray[np.float64], now: NDArray[np.float64], tract: float, frames: int,
             line: NDArray[np.float64]) -> None:  # fmt: skip
    """Filter `line` by the three resonances, walking to where the mouth is at the end of the frames."""
    u = (caller[FRAMES] - caller[LEFT_FRAMES]) / caller[FRAMES]
    b, c, g = np.empty(3), np.empty(3), np.empty(3)
    for k in range(3):
        hz = glide(now[FORMANT_START + k], now[FORMANT_TURN + k], now[FORMANT_END + k], now[TURN_AT], u)
        damp = np.exp(-np.pi * now[FORMANT_WIDTH + k] / SAMPLE_RATE_HZ)
        b[k] = (
            2.0 * damp * np.cos(2.0 * np.pi * min(hz * tract * caller[TRACT], _HIGHEST_HZ) / SAMPLE_RATE_HZ)
        )
        c[k] = -damp * damp
        g[k] = 0.5 * (1.0 - damp * damp) * now[FORMANT_GAIN + k]
    if caller[_B] == 0.0:
        caller[_B : _B + 3] = b
    b0, b1, b2 = caller[_B : _B + 3]
    s0, s1, s2 = (b[0] - b0) / frames, (b[1] - b1) / frames, (b[2] - b2) / frames
    caller[_B : _B + 3] = b
    c0, c1, c2 = c
    g0, g1, g2 = g
    x1, x2 = caller[_X], caller[_X + 1]
    p1, p2, q1, q2, r1, r2 = caller[_Y : _Y + 6]
    for i in range(frames):
        b0, b1, b2 = b0 + s0, b1 + s1, b2 + s2
        d = line[i] - x2 + NO_DENORMAL
        x2, x1 = x1, line[i]
        # What was last comes last: nothing waits for it but the one sum.
        y0, y1, y2 = g0 * d + c0 * p2 + b0 * p1, g1 * d + c1 * q2 + b1 * q1, g2 * d + c2 * r2 + b2 * r1
        p2, p1, q2, q1, r2, r1 = p1, y0, q1, y1, r1, y2
        # Neighbours in turn against each other, or they would cancel in between.
        line[i] = y0 - y1 + y2
    caller[_X], caller[_X + 1] = x1, x2
    m = caller[_Y : _Y + 6]
    m[0], m[1], m[2], m[3], m[4], m[5] = p1, p2, q1, q2, r1, r2


@kernel
def _utter(
    rng: Rng, caller: NDArray[np.float64], now: NDArray[np.float64], tract: float, frames: int,
    phases: NDArray[np.float64], line: NDArray[np.float64],
) -> None:  # fmt: skip
    """Overwrite `line` with the frames of a syllable that have just been counted off."""
    if caller[FRESH] > 0.0:
        caller[_B] = 0.0
    _fold(rng, caller, now, frames, phases, line)
    noise = now[BREATH_NOISE]
    _pulse(now[ROUGH], np.exp(-now[TURN_HZ] / (now[BRIGHT_HZ] * tract)), frames, phases, line)
    for i in range(frames):
        line[i] = phases[i] + noise * line[i] * hiss(rng)
    _resound(caller, now, tract, frames, line)


@kernel
def call_out(
    rng: Rng, minds: Minds, callers: Callers, songs: Songs, calling: NDArray[np.float64], present: float, haste: float,
    register: float, tract: float, tempo: float, nearest_m: float, send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    """Add one block of every animal.

    Args:
        rng: chance, of voices.
        minds: from `minds_state`.
        callers: (animals, LARYNX_FIELDS): who is there.
        songs: (animals, songs, slots, CALL_FIELDS): what each can call.
        calling: (animals, CALL_FIELDS): the syllable that each is at; zeros to start.
        present: how many animals feel like calling; the last one may be half-hearted.
        haste: how fast pauses pass; 1 as the animals are given.
        register: factor on every pitch; counts from the next syllable.
        tract: factor on every resonance, at the end of the block.
        tempo: factor on the speed of calls; counts from the next syllable.
        nearest_m: half of the sound is lost at this distance.
        send: (frames,) float32, added to: what fills the place.
        out: (frames, 2) float32, added to: what comes directly.
    """
    frames = out.shape[0]
    ramp, phases, line = np.empty(6), np.empty(frames), np.empty(frames)
    for k in range(callers.shape[0]):
        caller = callers[k]
        seat(caller, nearest_m, 1.0, frames, ramp)
        eager = haste * min(max(present - k, 0.0), 1.0)
        i = 0
        while i < frames:
            skip, sounds = take_turn(
                minds, callers, k, songs, calling[k], i, frames, eager, 1.0, register, tempo
            )
            if sounds:
                _utter(rng, caller, calling[k], tract, skip, phases, line)
                mix(caller, line, i, skip, ramp, send, out)
            i += skip
        settle(caller, ramp)


def syllable(
    *,
    seconds: float,
    pitch_hz: tuple[float, float, float],
    formants_hz: Sequence[Mouth],
    gains: tuple[float, float, float] = (1.0, 0.7, 0.4),
    widths_hz: tuple[float, float, float] = (90.0, 130.0, 200.0),
    bright_hz: float = 1_500.0,
    gap_s: float = 0.1,
    level: float = 0.3,
    turn_at: float = 0.4,
    attack: float = 0.15,
    release: float = 0.4,
    rough: float = 0.0,
    noise: float = 0.0,
    beat: tuple[float, float] = (0.0, 0.0),
    vibrato: tuple[float, float] = (0.0, 0.0),
) -> NDArray[np.float64]:
    """Write one syllable.

    Args:
        seconds: how long it is.
        pitch_hz: at its start, its turn and its end.
        formants_hz: the three resonances at its start, turn and end, or once where they stay.
        gains: of the resonances.
        widths_hz: of the resonances.
        bright_hz: the source falls by 8.7 dB in each of these.
        gap_s: silence after it.
        level: of it all.
        turn_at: where the turn is, as a part of its length.
        attack: the part of its length that it needs to swell.
        release: to die away.
        rough: how unlike one period is to the next, 0 to 1.
        noise: breath against pulses.
        beat: how fast (Hz) and how deeply the breath pulses.
        vibrato: how fast (Hz) and by how many octaves the pitch goes up and down.

    Returns:
        (CALL_FIELDS,)
    """
    row = np.zeros(CALL_FIELDS)
    start, turn, end = formants_hz if len(formants_hz) == 3 else (formants_hz[0],) * 3
    row[:COMMON_FIELDS] = seconds, gap_s, *pitch_hz, turn_at, level, attack, release
    row[VIBRATO_HZ : VIBRATO + 1], row[BEAT_HZ : BEAT + 1] = vibrato, beat
    row[BRIGHT_HZ : BREATH_NOISE + 1] = bright_hz, rough, noise
    row[FORMANT_START:FORMANT_TURN], row[FORMANT_TURN:FORMANT_END] = start, turn
    row[FORMANT_END:FORMANT_GAIN] = end
    row[FORMANT_GAIN:FORMANT_WIDTH], row[FORMANT_WIDTH:] = gains, widths_hz
    return row


def written(
    calls: list[list[list[NDArray[np.float64]]]],
) -> Songs:
    """Lay out what callers have to say, `calls[caller][song][slot]`, as one array; each has as many songs."""
    slots = 1 + max(len(song) for songs in calls for song in songs)
    rows = np.zeros((len(calls), len(calls[0]), slots, CALL_FIELDS))
    for caller, songs in enumerate(calls):
        for k, song in enumerate(songs):
            rows[caller, k, : len(song)] = song
    return rows
