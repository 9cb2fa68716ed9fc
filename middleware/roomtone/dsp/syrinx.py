"""Birds that sing: a whistling voice led by gestures of pitch and breath, and the habits of a singer among others."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import one_pole_coefficient
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, exponential, normal, uniform
from roomtone.dsp.sine import sine

Songs: TypeAlias = NDArray[np.float64]
"""`(birds, songs, slots, SYLLABLE_FIELDS)`: what each bird can sing; a duration of 0 ends a song."""

DURATION_S: Final = 0
GAP_S: Final = 1
START_HZ: Final = 2
TURN_HZ: Final = 3
END_HZ: Final = 4
TURN_AT: Final = 5
TRILL_HZ: Final = 6
TRILL_DEPTH: Final = 7
BUZZ_HZ: Final = 8
BUZZ_DEPTH: Final = 9
LEVEL: Final = 10
SECOND: Final = 11
THIRD: Final = 12
ATTACK: Final = 13
RELEASE: Final = 14
SYLLABLE_FIELDS: Final = 15

Birds: TypeAlias = NDArray[np.float64]
"""`(birds, BIRD_FIELDS)`: who each is (by the names below), then what it is doing."""

DISTANCE_M: Final = 0
PAN: Final = 1
PAUSE_S: Final = 2
PARTNER: Final = 3  # who answers; -1 for nobody
WAIT_S: Final = 4
_SINGER: Final = 5
_SONG: Final = 6
_SLOT: Final = 7
_LEFT_FRAMES: Final = 8
_GAP_FRAMES: Final = 9
_PHASE: Final = 10
_TURN: Final = 11
_ENVELOPE: Final = 12
_TRANSPOSE: Final = 13
_TEMPO: Final = 14
_BREATH: Final = 15
_SMOOTH: Final = 16
_GAIN: Final = 17
_FRAMES: Final = 20
_BEGUN: Final = 21
BIRD_FIELDS: Final = 22

# Gestures are drawn on this grid: a third of a millisecond, finer than any muscle.
_STEP_FRAMES: Final = 16
_ANSWERS: Final = 0.55
_NEAREST_M: Final = 4.0


@kernel
def _begin_song(rng: Rng, bird: NDArray[np.float64], songs: Songs, own: int, variety: float) -> None:
    """Pick a song, and how it goes this time."""
    bird[_SINGER] = own if uniform(rng) < variety else 0
    known = 1.0 + variety * (songs.shape[1] - 1)
    bird[_SONG] = np.floor(uniform(rng) * known)
    bird[_SLOT] = -1.0
    bird[_TRANSPOSE] = np.exp(0.012 * normal(rng))
    bird[_TEMPO] = np.exp(0.05 * normal(rng))
    bird[_BREATH] = np.exp(0.25 * normal(rng))


@kernel
def _begin_syllable(rng: Rng, bird: NDArray[np.float64], songs: Songs, now: NDArray[np.float64],
                    register: float, tempo: float) -> bool:  # fmt: skip
    """Copy the next syllable, a little otherwise than it is written; False at the end of the song."""
    slot = int(bird[_SLOT])
    # Now and then a syllable is sung twice.
    if slot < 0 or uniform(rng) > 0.07:
        slot += 1
    bird[_SLOT] = slot
    if slot >= songs.shape[2]:
        return False
    written = songs[int(bird[_SINGER]), int(bird[_SONG]), slot]
    if written[DURATION_S] <= 0.0:
        return False
    pace = tempo * bird[_TEMPO]
    shift = register * bird[_TRANSPOSE] * np.exp(0.006 * normal(rng))
    now[:] = written
    now[START_HZ:TURN_AT] *= shift
    now[START_HZ] *= np.exp(0.008 * normal(rng))
    now[LEVEL] *= np.exp(0.15 * normal(rng)) * bird[_BREATH]
    frames = written[DURATION_S] * np.exp(0.05 * normal(rng)) / pace * SAMPLE_RATE_HZ
    bird[_FRAMES] = max(4.0 * _STEP_FRAMES, np.floor(frames))
    bird[_LEFT_FRAMES] = bird[_FRAMES]
    bird[_GAP_FRAMES] = np.floor(written[GAP_S] * np.exp(0.08 * normal(rng)) / pace * SAMPLE_RATE_HZ)
    bird[_ENVELOPE] = 0.0
    bird[_BEGUN] = 0.0
    return True


@kernel
def _smoothstep(x: float) -> float:
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


@kernel
def _pitch_hz(now: NDArray[np.float64], u: float, t_s: float) -> float:
    """Glide from start over the turning point to the end, with a trill on top."""
    at = now[TURN_AT]
    if u < at:
        hz = now[START_HZ] + (now[TURN_HZ] - now[START_HZ]) * _smoothstep(u / at)
    else:
        hz = now[TURN_HZ] + (now[END_HZ] - now[TURN_HZ]) * _smoothstep((u - at) / (1.0 - at))
    return float(hz * (1.0 + now[TRILL_DEPTH] * sine(now[TRILL_HZ] * t_s)))


@kernel
def _breath(now: NDArray[np.float64], u: float, t_s: float) -> float:
    swell = _smoothstep(u / now[ATTACK]) * _smoothstep((1.0 - u) / now[RELEASE])
    open_part = 1.0 - now[BUZZ_DEPTH] * (0.5 - 0.5 * sine(now[BUZZ_HZ] * t_s + 0.25))
    return float(now[LEVEL] * swell * open_part)


@kernel
def _whistle(
    rng: Rng, bird: NDArray[np.float64], now: NDArray[np.float64], begin: int, frames: int, dullness: float,
    ramp: NDArray[np.float64], send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    phase, turn, envelope, smooth = bird[_PHASE], bird[_TURN], bird[_ENVELOPE], bird[_SMOOTH]
    second, third = now[SECOND], now[THIRD]
    left, right, far = bird[_GAIN], bird[_GAIN + 1], bird[_GAIN + 2]
    i = begin
    while i < begin + frames:
        steps = min(_STEP_FRAMES, begin + frames - i)
        begun = bird[_FRAMES] - bird[_LEFT_FRAMES] + (i - begin) + steps
        u, t_s = begun / bird[_FRAMES], begun / SAMPLE_RATE_HZ
        goal = min(_pitch_hz(now, u, t_s) * (1.0 + 0.0015 * normal(rng)), 11_000.0) / SAMPLE_RATE_HZ
        if bird[_BEGUN] == 0.0:
            turn, bird[_BEGUN] = goal, 1.0
        bend = (goal - turn) / steps
        rise = (_breath(now, u, t_s) - envelope) / steps
        for j in range(i, i + steps):
            turn += bend
            envelope += rise
            phase += turn
            first = sine(phase)
            # sin 3x = 3 sin x - 4 sin³ x: the third harmonic for the price of two products.
            y = envelope * (first + second * sine(2.0 * phase) + third * first * (3.0 - 4.0 * first * first))
            smooth += dullness * (y - smooth)
            out[j, 0] += smooth * (left + ramp[0] * j)
            out[j, 1] += smooth * (right + ramp[1] * j)
            send[j] += smooth * (far + ramp[2] * j)
        i += steps
    bird[_PHASE], bird[_TURN], bird[_ENVELOPE], bird[_SMOOTH] = (
        phase - np.floor(phase),
        turn,
        envelope,
        smooth,
    )


@kernel
def _fall_silent(rng: Rng, birds: Birds, bird: NDArray[np.float64]) -> None:
    """End a song: wait, and leave room for an answer."""
    bird[WAIT_S] = 0.6 + bird[PAUSE_S] * (0.4 + 0.6 * exponential(rng))
    if bird[PARTNER] < 0.0:
        return
    partner = birds[int(bird[PARTNER])]
    reply_s = 0.2 + 0.8 * uniform(rng)
    if uniform(rng) < _ANSWERS and partner[WAIT_S] > reply_s:
        partner[WAIT_S] = reply_s


@kernel
def sing_birds(
    rng: Rng, birds: Birds, songs: Songs, singing: NDArray[np.float64], present: float, haste: float,
    variety: float, register: float, tempo: float, away: float, send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    """Add one block of every bird.

    Args:
        rng: chance.
        birds: who sings.
        songs: what each of them can sing.
        singing: (birds, SYLLABLE_FIELDS): the syllable that each is singing; zeros to start.
        present: how many birds feel like singing; the last one may be half-hearted. Who is singing ends the song.
        haste: how fast pauses pass; 1 as the birds are given.
        variety: 0 (all sing one song of bird 0) to 1 (each sings all of its own).
        register: factor on every pitch; counts from the next syllable.
        tempo: factor on the speed of songs; counts from the next syllable.
        away: factor on every distance, at the end of the block.
        send: (frames,) float32, added to: what fills the place.
        out: (frames, 2) float32, added to: what comes directly.
    """
    frames = out.shape[0]
    goal, ramp = np.empty(3), np.empty(3)
    for b in range(birds.shape[0]):
        bird, now = birds[b], singing[b]
        distance_m = bird[DISTANCE_M] * away
        direct = _NEAREST_M / (_NEAREST_M + distance_m)
        angle = (bird[PAN] + 1.0) * (np.pi / 4.0)
        goal[0], goal[1] = direct * np.cos(angle), direct * np.sin(angle)
        goal[2] = 0.5 / (1.0 + 0.006 * distance_m)
        for c in range(3):
            ramp[c] = (goal[c] - bird[_GAIN + c]) / frames
        dullness = one_pole_coefficient(18_000.0 / (1.0 + 0.02 * distance_m))
        eager = haste * min(max(present - b, 0.0), 1.0) / SAMPLE_RATE_HZ
        i = 0
        while i < frames:
            if bird[_LEFT_FRAMES] > 0.0:
                skip = min(frames - i, int(bird[_LEFT_FRAMES]))
                _whistle(rng, bird, now, i, skip, dullness, ramp, send, out)
                bird[_LEFT_FRAMES] -= skip
            elif bird[_GAP_FRAMES] > 0.0:
                skip = min(frames - i, int(bird[_GAP_FRAMES]))
                bird[_GAP_FRAMES] -= skip
                if bird[_GAP_FRAMES] <= 0.0 and not _begin_syllable(rng, bird, songs, now, register, tempo):
                    _fall_silent(rng, birds, bird)
            else:
                skip = frames - i
                bird[WAIT_S] -= skip * eager
                if bird[WAIT_S] <= 0.0 and eager > 0.0:
                    _begin_song(rng, bird, songs, b, variety)
                    bird[_GAP_FRAMES] = 1.0 + np.floor(uniform(rng) * frames)
            i += skip
        for c in range(3):
            bird[_GAIN + c] = goal[c]
