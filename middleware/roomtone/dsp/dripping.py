"""Drips: single drops that fall on stone or into water, each sounded afresh, from places with habits of their own.

What is heard of a drop in water is hardly the impact but the bubble of air that it traps and that rings some
milliseconds later; on stone there is no bubble, only the impact and what it throws up.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import one_pole_coefficient
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, bipolar, exponential, hiss, normal, poisson, rng_state, uniform
from roomtone.dsp.sine import sine

# Drops are heard left, right, and by the room: rows of the ring.
_LEFT, _RIGHT, _ROOM = range(3)
_RING_FRAMES: Final = 120 * BLOCK_FRAMES
_LONGEST_FRAMES: Final = SAMPLE_RATE_HZ // 3
# What a drop throws up has come down again by then.
_THROWN_FRAMES: Final = SAMPLE_RATE_HZ // 3
_EAR_FRAMES: Final = 29
# Loud drops crowd below this, whole, instead of being cut off at the top.
_LOUDEST: Final = 0.55

DUE, PAN, NEAR, FAR, OCTAVE, LILT, OWN = range(7)
"""Columns of a place: drops until the next one falls; where it is; how loud its drops are directly and in the room;
pitch in octaves from the usual; how unlike every second gap is (a tap limps); how busy it is beside the others."""
_COLUMNS: Final = 7


@dataclass(slots=True)
class Drips:
    """The state of all places of one voice.

    Attributes:
        rng: chance.
        places: (n, 7), see the column names above; the first is the one that is struck.
        ring: (3, frames) what is still to sound: left, right, room.
        cursor: (1,) where in the ring the next block is.
        send: (BLOCK_FRAMES,) what the room hears of this block.
    """

    rng: Rng
    places: NDArray[np.float64]
    ring: NDArray[np.float32]
    cursor: NDArray[np.int64]
    send: NDArray[np.float32]


def drips_state(seed: int, *path: str | int, places: int) -> Drips:
    """Start dry; the first place is nearest, in front."""
    rng = rng_state(seed, *path, "drips")
    chance = np.random.Generator(np.random.PCG64(int(rng[0])))
    rows = np.zeros((places, _COLUMNS))
    near = np.sort(chance.uniform(0.12, 0.85, places))[::-1]
    near[0] = 1.0
    rows[:, DUE] = chance.uniform(0.05, 1.0, places)
    rows[:, PAN] = chance.permutation(np.linspace(-0.9, 0.9, places))
    rows[0, PAN] *= 0.3
    rows[:, NEAR] = near
    rows[:, FAR] = 0.35 + 0.65 * near
    rows[:, OCTAVE] = chance.normal(0.0, 0.45, places)
    rows[:, LILT] = chance.uniform(-0.35, 0.35, places)
    rows[:, OWN] = np.exp(chance.normal(0.0, 0.5, places))
    rows[0, OWN] = 1.5
    return Drips(
        rng=rng,
        places=rows,
        ring=np.zeros((3, _RING_FRAMES), np.float32),
        cursor=np.zeros(1, np.int64),
        send=np.zeros(BLOCK_FRAMES, np.float32),
    )


@kernel
def _add(ring: NDArray[np.float32], start: int, x: float, place: NDArray[np.float64]) -> None:
    # Equal power between the sides, and what is at one side reaches the other ear a little later.
    angle, late = (place[PAN] + 1.0) * (np.pi / 4.0), int(place[PAN] * _EAR_FRAMES)
    size = ring.shape[1]
    ring[_LEFT, (start + max(late, 0)) % size] += np.float32(x * place[NEAR] * np.cos(angle))
    ring[_RIGHT, (start + max(-late, 0)) % size] += np.float32(x * place[NEAR] * np.sin(angle))
    ring[_ROOM, start % size] += np.float32(x * place[FAR])


@kernel
def _ring_bubble(
    ring: NDArray[np.float32], start: int, hz: float, rise: float, ringing: float, gain: float,
    place: NDArray[np.float64],
) -> None:  # fmt: skip
    """Let a bubble ring; `ringing` is above 1 where it lies deep and rings longer. Source: van den Doel (2005)."""
    radius_m = 3.26 / hz
    damping = (0.13 / radius_m + 0.0072 * radius_m**-1.5) / ringing
    frames = min(int(7.0 / damping * SAMPLE_RATE_HZ), _LONGEST_FRAMES)
    decay, open_step = np.exp(-damping / SAMPLE_RATE_HZ), np.exp(-hz / SAMPLE_RATE_HZ)
    level, closed, turns = gain, 1.0, 0.0
    step, bend = hz / SAMPLE_RATE_HZ, hz * rise * damping / SAMPLE_RATE_HZ**2
    for i in range(frames):
        _add(ring, start + i, level * (1.0 - closed) * sine(turns), place)
        turns += step
        step += bend
        level *= decay
        closed *= open_step


@kernel
def _splash(
    rng: Rng, ring: NDArray[np.float32], start: int, low_hz: float, high_hz: float, decay_s: float, gain: float,
    place: NDArray[np.float64],
) -> None:  # fmt: skip
    """Let something wet hit: a burst of noise between two frequencies, about as loud whatever they are."""
    above, below = one_pole_coefficient(high_hz), one_pole_coefficient(low_hz)
    decay = np.exp(-1.0 / (decay_s * SAMPLE_RATE_HZ))
    first = low = lower = 0.0
    level = gain / np.sqrt(max(above - below, 0.02))
    for i in range(int(6.0 * decay_s * SAMPLE_RATE_HZ)):
        first += above * (level * hiss(rng) - first)
        low += below * (first - low)
        lower += below * (first - low - lower)
        _add(ring, start + i, first - low - lower, place)
        level *= decay


@kernel
def _throw_up(
    rng: Rng, ring: NDArray[np.float32], start: int, hz: float, depth: float, gain: float,
    place: NDArray[np.float64],
) -> None:  # fmt: skip
    """Let what a drop has thrown up come down again: a crown of droplets, each a tick, in water also a tiny ping."""
    for _ in range(poisson(rng, 9.0 - 3.0 * depth)):
        after = min((0.004 + 0.045 * exponential(rng)) * SAMPLE_RATE_HZ, _THROWN_FRAMES * 1.0)
        loud = gain * np.exp(0.8 * normal(rng))
        tiny_hz = min(hz * (1.2 + 1.3 * uniform(rng)), 8_000.0)
        _splash(rng, ring, start + int(after), 0.5 * tiny_hz, 12_000.0, 0.0006, loud, place)
        if uniform(rng) < 0.5 * depth:
            _ring_bubble(ring, start + int(after) + 90, tiny_hz, 0.05, 1.0, 1.5 * loud, place)


@kernel
def _fall(
    rng: Rng, ring: NDArray[np.float32], start: int, depth: float, gain: float, place: NDArray[np.float64]
) -> None:
    """Let one drop fall; `depth` 0 is stone, 1 a pool."""
    size = np.exp(0.22 * normal(rng))
    hardness = 1.0 - min(1.0, 2.2 * depth)
    hz = 2_600.0 * 2.0 ** (place[OCTAVE] - 0.2 * np.log2(size))
    impact = gain * (0.62 - 0.24 * depth + 0.38 * hardness) * np.exp(0.3 * normal(rng))
    _splash(rng, ring, start, 600.0 + 1_800.0 * hardness, 11_000.0, 0.0009 * size, impact, place)
    if hardness > 0.0:
        _splash(rng, ring, start, 0.1 * hz, 0.3 * hz, 0.004, 0.3 * gain * hardness, place)
    # The crown that closes behind the drop: a short wet breath.
    _splash(rng, ring, start + 96, 1_200.0, 9_000.0, 0.009 * size, 0.1 * gain * (0.4 + depth), place)
    _throw_up(rng, ring, start, hz, depth, (0.14 + 0.04 * hardness) * gain, place)
    if uniform(rng) >= min(1.0, 6.0 * depth):
        return
    # Now and then a drop traps no air, and what is heard is only a tick.
    trapped = (0.1 if uniform(rng) < 0.12 else 0.7) * np.sqrt(min(1.0, 2.0 * depth))
    sung_hz = hz * 2.0 ** (0.55 - 1.7 * depth + 0.1 * normal(rng))
    late = (0.004 + 0.013 * depth) * size * (0.8 + 0.4 * uniform(rng))
    at = start + int(late * SAMPLE_RATE_HZ)
    _ring_bubble(ring, at, sung_hz, 0.02 + 0.1 * uniform(rng) ** 2, 1.0 + 0.8 * depth, gain * trapped, place)
    for _ in range(poisson(rng, 1.3 * depth)):
        at += int((0.012 + 0.03 * exponential(rng)) * SAMPLE_RATE_HZ)
        higher = 0.4 + 0.7 * uniform(rng)
        loud = 0.35 * gain * trapped * np.exp(0.5 * normal(rng))
        if at - start < _THROWN_FRAMES:
            _ring_bubble(ring, at, sung_hz * 2.0**higher, 0.06, 1.0, loud, place)


@kernel
def _drip(
    rng: Rng, places: NDArray[np.float64], ring: NDArray[np.float32], cursor: NDArray[np.int64], rate_hz: float,
    company: float, depth: float, gain: float, struck: bool, send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    count = places.shape[0]
    total = 0.0
    for k in range(count):
        total += places[k, OWN] * min(1.0, max(0.0, 1.0 + company * (count - 1.0) - k))
    for k in range(count):
        place = places[k]
        place[DUE] -= (
            rate_hz * BLOCK_S * place[OWN] * min(1.0, max(0.0, 1.0 + company * (count - 1.0) - k)) / total
        )
        falls = place[DUE] <= 0.0
        if falls:
            # Every second gap is longer, and no gap is quite like another.
            place[DUE] += max(0.15, 1.0 + place[LILT] + 0.07 * normal(rng))
            place[LILT] = -0.96 * place[LILT] + 0.05 * bipolar(rng)
        if falls or (struck and k == 0):
            loud = gain * np.exp(0.25 * normal(rng))
            crowded = loud / np.cbrt(1.0 + (loud / _LOUDEST) ** 3)
            _fall(rng, ring, cursor[0] + int(uniform(rng) * out.shape[0]), depth, crowded, place)
    at = cursor[0]
    for i in range(out.shape[0]):
        out[i, 0] += ring[_LEFT, at + i]
        out[i, 1] += ring[_RIGHT, at + i]
        send[i] = ring[_ROOM, at + i]
        ring[:, at + i] = 0.0
    cursor[0] = (at + out.shape[0]) % ring.shape[1]


def drip(
    drips: Drips, *, rate_hz: float, company: float, depth: float, gain: float, struck: bool, out: Samples
) -> None:
    """Add one block of drips into `out`; `drips.send` is then what the room hears of it.

    Args:
        drips: from `drips_state`.
        rate_hz: drops a second, of all places together.
        company: 0 (only the first place drips) to 1 (all do).
        depth: what drops fall on: 0 stone, ½ a puddle, 1 a pool; taken when a drop falls.
        gain: of a drop of the nearest place.
        struck: whether the first place lets a drop fall now.
        out: (BLOCK_FRAMES, 2) float32.

    Source: S. Phillips, A. Agarwal & P. Jordan (2018), "The sound produced by a dripping tap is driven by resonant
    oscillations of an entrapped air bubble".
    """
    _drip(
        drips.rng,
        drips.places,
        drips.ring,
        drips.cursor,
        rate_hz,
        company,
        depth,
        gain,
        struck,
        drips.send,
        out,
    )
