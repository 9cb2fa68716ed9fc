"""Animals that call to one another: each has things to say, pauses between them, and a neighbour who answers.

What a voice is made of is its own affair (`syrinx`, `larynx`); this is when it sounds, and what it sings next.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import NO_DENORMAL
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, exponential, normal, rng_state, uniform

Songs: TypeAlias = NDArray[np.float64]
"""`(callers, songs, slots, fields)`: what each can sing; a duration of 0 ends a song."""

# Every syllable begins with these; what else it needs is its voice's.
DURATION_S: Final = 0
GAP_S: Final = 1
START_HZ: Final = 2
TURN_HZ: Final = 3
END_HZ: Final = 4
TURN_AT: Final = 5
LEVEL: Final = 6
ATTACK: Final = 7
RELEASE: Final = 8
COMMON_FIELDS: Final = 9

Callers: TypeAlias = NDArray[np.float64]
"""`(callers, fields)`: who each is (by the names below), then what it is doing, then its voice."""

DISTANCE_M: Final = 0
PAN: Final = 1
PAUSE_S: Final = 2
PARTNER: Final = 3  # who answers; -1 for nobody
ANSWERS: Final = 4  # how often, 0 to 1
REPLY_S: Final = 5  # how soon, at most
WAIT_S: Final = 6
SINGER: Final = 7
SONG: Final = 8
SLOT: Final = 9
LEFT_FRAMES: Final = 10
GAP_FRAMES: Final = 11
TRANSPOSE: Final = 12
TEMPO: Final = 13
BREATH: Final = 14
FRAMES: Final = 15
FRESH: Final = 16  # 1 until its voice has begun the syllable
GAIN: Final = 17  # left, right, send
CALLER_FIELDS: Final = 20

Minds: TypeAlias = NDArray[np.uint64]
"""`(callers,)`: each one's own stream of chance, so that what one does next is no matter of how long another sings."""

# No syllable is shorter than what a voice needs to open and close.
_SHORTEST_FRAMES: Final = 64.0
_TWICE: Final = 0.07


def minds_state(seed: int, *path: str | int, callers: int) -> Minds:
    """Give each caller a stream of its own; see `rng_state`."""
    return np.concatenate([rng_state(seed, *path, "mind", caller) for caller in range(callers)])


@kernel
def begin_song(rng: Rng, caller: NDArray[np.float64], songs: Songs, own: int, variety: float) -> None:
    """Pick a song, and how it goes this time.

    Args:
        rng: chance.
        caller: whose row.
        songs: what all can sing.
        own: which songs are its own.
        variety: 0 (all sing the first song of the first) to 1 (each sings all of its own).
    """
    caller[SINGER] = own if uniform(rng) < variety else 0
    known = 1.0 + variety * (songs.shape[1] - 1)
    caller[SONG] = np.floor(uniform(rng) * known)
    caller[SLOT] = -1.0
    caller[TRANSPOSE] = np.exp(0.012 * normal(rng))
    caller[TEMPO] = np.exp(0.05 * normal(rng))
    caller[BREATH] = np.exp(0.25 * normal(rng))


@kernel
def begin_syllable(rng: Rng, caller: NDArray[np.float64], songs: Songs, now: NDArray[np.float64],
                   register: float, tempo: float) -> bool:  # fmt: skip
    """Copy the next syllable, a little otherwise than it is written; False at the end of the song."""
    slot = int(caller[SLOT])
    # Now and then a syllable is sung twice.
    if slot < 0 or uniform(rng) > _TWICE:
        slot += 1
    caller[SLOT] = slot
    if slot >= songs.shape[2]:
        return False
    written = songs[int(caller[SINGER]), int(caller[SONG]), slot]
    if written[DURATION_S] <= 0.0:
        return False
    pace = tempo * caller[TEMPO]
    shift = register * caller[TRANSPOSE] * np.exp(0.006 * normal(rng))
    now[:] = written
    now[START_HZ:TURN_AT] *= shift
    now[START_HZ] *= np.exp(0.008 * normal(rng))
    now[LEVEL] *= np.exp(0.15 * normal(rng)) * caller[BREATH]
    frames = written[DURATION_S] * np.exp(0.05 * normal(rng)) / pace * SAMPLE_RATE_HZ
    caller[FRAMES] = max(_SHORTEST_FRAMES, np.floor(frames))
    caller[LEFT_FRAMES] = caller[FRAMES]
    caller[GAP_FRAMES] = np.floor(written[GAP_S] * np.exp(0.08 * normal(rng)) / pace * SAMPLE_RATE_HZ)
    caller[FRESH] = 1.0
    return True


@kernel
def _fall_silent(rng: Rng, callers: Callers, caller: NDArray[np.float64]) -> None:
    """End a song: wait, and leave room for an answer."""
    caller[WAIT_S] = caller[PAUSE_S] * (0.4 + 0.6 * exponential(rng))
    if caller[PARTNER] < 0.0:
        return
    partner = callers[int(caller[PARTNER])]
    reply_s = caller[REPLY_S] * (0.2 + 0.8 * uniform(rng))
    if uniform(rng) < caller[ANSWERS] and partner[WAIT_S] > reply_s:
        partner[WAIT_S] = reply_s


@kernel
def take_turn(
    minds: Minds, callers: Callers, c: int, songs: Songs, now: NDArray[np.float64], first: int, frames: int,
    eager: float, variety: float, register: float, tempo: float,
) -> tuple[int, bool]:  # fmt: skip
    """Take one caller on to where something changes: within a syllable, through a gap, or waiting.

    Args:
        minds: whose chance.
        callers: all of them.
        c: which one.
        songs: what all can sing.
        now: (fields,) the syllable that it is singing, overwritten where it begins another.
        first: where in the block.
        frames: of the block.
        eager: how fast its pauses pass, 1 as given; 0 and it begins nothing.
        variety: see `begin_song`.
        register: factor on every pitch; counts from the next syllable.
        tempo: factor on the speed of songs; counts from the next syllable.

    Returns:
        How many frames it is until then, and whether its voice is to sound in them.
    """
    caller, rng = callers[c], minds[c : c + 1]
    rest = frames - first
    if caller[LEFT_FRAMES] > 0.0:
        skip = min(rest, int(caller[LEFT_FRAMES]))
        caller[LEFT_FRAMES] -= skip
        return skip, True
    if caller[GAP_FRAMES] > 0.0:
        skip = min(rest, int(caller[GAP_FRAMES]))
        caller[GAP_FRAMES] -= skip
        if caller[GAP_FRAMES] <= 0.0 and not begin_syllable(rng, caller, songs, now, register, tempo):
            _fall_silent(rng, callers, caller)
        return skip, False
    caller[WAIT_S] -= rest * eager / SAMPLE_RATE_HZ
    if caller[WAIT_S] <= 0.0 and eager > 0.0:
        begin_song(rng, caller, songs, c, variety)
        caller[GAP_FRAMES] = 1.0 + np.floor(uniform(rng) * frames)
    return rest, False


def call_now(callers: Callers, c: int) -> None:
    """Have one caller begin its next song with the next block, unless it is in the midst of one."""
    callers[c, WAIT_S] = min(callers[c, WAIT_S], 0.0)


@kernel
def smoothstep(x: float) -> float:
    """Rise from 0 to 1 without a corner."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


@kernel
def glide(start: float, turn: float, end: float, at: float, u: float) -> float:
    """Go from `start` over `turn` at `at` to `end`, without a corner, as `u` goes from 0 to 1."""
    if u < at:
        return float(start + (turn - start) * smoothstep(u / at))
    return float(turn + (end - turn) * smoothstep((u - at) / (1.0 - at)))


@kernel
def swell(now: NDArray[np.float64], u: float) -> float:
    """Say how loud a syllable is at `u` of its length, but for what its voice does."""
    return float(now[LEVEL] * smoothstep(u / now[ATTACK]) * smoothstep((1.0 - u) / now[RELEASE]))


@kernel
def seat(
    caller: NDArray[np.float64], nearest_m: float, share: float, frames: int, ramp: NDArray[np.float64]
) -> None:
    """Say how the gains of one caller walk through the block, left, right and send, from where they stand.

    Args:
        caller: whose row; its gains are moved on by `settle`.
        nearest_m: half of the sound is lost at this distance.
        share: gain of all of it.
        frames: of the block.
        ramp: (6,) overwritten: steps a frame, then where they end.
    """
    distance_m = caller[DISTANCE_M]
    direct = share * nearest_m / (nearest_m + distance_m)
    angle = (caller[PAN] + 1.0) * (np.pi / 4.0)
    ramp[3], ramp[4] = direct * np.cos(angle), direct * np.sin(angle)
    ramp[5] = share * 0.5 / (1.0 + 0.006 * distance_m)
    for k in range(3):
        ramp[k] = (ramp[3 + k] - caller[GAIN + k]) / frames


@kernel
def dull(line: NDArray[np.float64], frames: int, weight: float, smooth: float) -> float:
    """Take from `line` what the way through the air takes: a one-pole of weight `weight`; returns its memory."""
    for i in range(frames):
        smooth += weight * (line[i] - smooth) + NO_DENORMAL
        line[i] = smooth
    return smooth


@kernel
def mix(
    caller: NDArray[np.float64], line: NDArray[np.float64], first: int, frames: int, ramp: NDArray[np.float64],
    send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    """Add what a voice made to both sides and to what fills the place, under the gains of `seat`."""
    left, right, far = caller[GAIN], caller[GAIN + 1], caller[GAIN + 2]
    for i in range(frames):
        j = first + i
        out[j, 0] += line[i] * (left + ramp[0] * j)
        out[j, 1] += line[i] * (right + ramp[1] * j)
        send[j] += line[i] * (far + ramp[2] * j)


@kernel
def settle(caller: NDArray[np.float64], ramp: NDArray[np.float64]) -> None:
    """Move the gains of one caller to the end of the block."""
    for k in range(3):
        caller[GAIN + k] = ramp[3 + k]
