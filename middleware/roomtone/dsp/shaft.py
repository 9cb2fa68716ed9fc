"""A shaft that turns: what every rotating machine is heard by.

Whatever is fixed to a shaft sounds at a multiple of its speed, its *order*: unbalance at 1, a fan at its number of
blades, a gear at its number of teeth. Each order wanders in strength by itself, the speed wobbles, and the housing
answers some pitches more than others; so no two turns are alike, and a run-up passes through resonances.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.sine import sine
from roomtone.dsp.slow import Walks, step_walks, walks_state

# A housing is a curve of gains over pitch, 24 points an octave from 20 Hz to 20 kHz.
_POINTS_PER_OCTAVE: Final = 24
_HOUSING_LOWEST_HZ: Final = 20.0
HOUSING_HZ: Final = _HOUSING_LOWEST_HZ * 2.0 ** (np.arange(10 * _POINTS_PER_OCTAVE) / _POINTS_PER_OCTAVE)
"""`(240,)`: the pitches at which a housing's gains stand."""

# What is slower than this is felt, not heard, and what stands still must leave no offset; what is higher would fold.
_FELT_HZ: Final = 25.0
_TOP_HZ: Final = 17_000.0
_GONE_HZ: Final = 21_000.0

# Places in the row of the turn: how far the shaft has come, how fast it was last, and how strong its beat was.
_TURNED, _HZ, _DEPTH = 0, 1, 2


@dataclass(slots=True)
class Shaft:
    """The state of one shaft.

    Attributes:
        rng: chance.
        turn: what the last block arrived at.
        turns: (BLOCK_FRAMES,) where the shaft stands at each frame of this block.
        orders: (n, 2) each order, and where in a turn it begins.
        shares: (n, channels) its amplitude on either side at level 1.
        gains: (n,) what the last block arrived at, before `shares`.
        restless: how strong each order is just now, in nepers.
        wobble: how the speed wanders, as a part of itself.
        housing: (240,) gains at `HOUSING_HZ`.
        lines: (channels, BLOCK_FRAMES) scratch.
    """

    rng: Rng
    turn: NDArray[np.float64]
    turns: NDArray[np.float64]
    orders: NDArray[np.float64]
    shares: NDArray[np.float64]
    gains: NDArray[np.float64]
    restless: Walks
    wobble: Walks
    housing: NDArray[np.float64]
    lines: NDArray[np.float64]


def shaft_state(
    seed: int,
    *path: str | int,
    orders: Sequence[float] | NDArray[np.float64],
    levels_db: Sequence[float] | NDArray[np.float64],
    wobble: Sequence[tuple[float, float]] = ((3.0, 0.004), (0.3, 0.002)),
    restless_db: float = 2.0,
    restless_s: float = 0.8,
    housing: NDArray[np.float64] | None = None,
    sharp: bool = False,
    sides: NDArray[np.float64] | None = None,
) -> Shaft:
    """Start a shaft in mid-turn.

    Args:
        seed: see `rng_state`.
        *path: see `rng_state`.
        orders: multiples of its speed at which it sounds.
        levels_db: of each, as a tone's peak in dBFS at level 1.
        wobble: (how long it remembers in s, standard deviation as a part of the speed) of each wander of the speed.
        restless_db: standard deviation of each order's strength.
        restless_s: how long a strength stays; below 0.05 a tone turns into a narrow noise.
        housing: from `housing`; by default all pitches are alike.
        sharp: whether all orders fall together once a turn, to a pulse, or are spread over it.
        sides: (n, channels) amplitude of each order on either side; by default alike, in one channel.
    """
    rng = rng_state(seed, *path, "shaft")
    chance = np.random.default_rng(rng_state(seed, *path, "shaft", "phases"))
    count = len(orders)
    phases = np.full(count, 0.25) if sharp else chance.uniform(size=count)
    beside = np.ones((count, 1)) if sides is None else sides
    taus_s, sigmas = zip(*wobble, strict=True)
    return Shaft(
        rng=rng,
        turn=np.array([chance.uniform(), -1.0, -1.0]),
        turns=np.zeros(BLOCK_FRAMES),
        orders=np.stack((np.asarray(orders, float), phases), -1),
        shares=10.0 ** (np.asarray(levels_db, float)[:, None] / 20.0) * beside,
        gains=np.zeros(count),
        restless=walks_state(
            rng, tau_s=np.full(count, restless_s), sigma=np.full(count, 0.115 * restless_db)
        ),
        wobble=walks_state(rng, tau_s=np.array(taus_s), sigma=np.array(sigmas)),
        housing=np.ones(len(HOUSING_HZ)) if housing is None else housing,
        lines=np.zeros((beside.shape[1], BLOCK_FRAMES)),
    )


def housing(
    chance: np.random.Generator, *, low_hz: float, high_hz: float, modes: int, height_db: float, q: float
) -> NDArray[np.float64]:
    """Draw the answer of a housing: broad or sharp resonances at pitches of their own.

    Args:
        chance: no two housings are alike.
        low_hz: its modes lie above this, evenly over the octaves, each somewhere in its own part.
        high_hz: and below this.
        modes: how many.
        height_db: of the highest; others are up to half as high.
        q: centre over width.

    Returns:
        (240,) gains around 1, for `shaft_state`.
    """
    parts = (np.arange(modes) + chance.uniform(size=modes)) / modes
    centres_hz = low_hz * (high_hz / low_hz) ** parts
    heights_db = height_db * chance.uniform(0.5, 1.0, modes)
    away = q * (HOUSING_HZ[:, None] / centres_hz - centres_hz / HOUSING_HZ[:, None])
    answer_db = (heights_db / (1.0 + away**2)).sum(1)
    return np.asarray(10.0 ** ((answer_db - answer_db.mean()) / 20.0))


@kernel
def _answer(housing_gains: NDArray[np.float64], hz: float) -> float:
    place = min(
        max(_POINTS_PER_OCTAVE * np.log2(max(hz, 1.0) / _HOUSING_LOWEST_HZ), 0.0), len(housing_gains) - 1.001
    )
    below = int(place)
    within = housing_gains[below] + (place - below) * (housing_gains[below + 1] - housing_gains[below])
    felt = min(1.0, hz / _FELT_HZ)
    return float(within * felt * felt * min(1.0, max(0.0, (_GONE_HZ - hz) / (_GONE_HZ - _TOP_HZ))))


@kernel
def _turn(turn: NDArray[np.float64], turns: NDArray[np.float64], goal_hz: float) -> None:
    frames = len(turns)
    turned, hz = turn[_TURNED], turn[_HZ]
    step = (goal_hz - hz) / frames
    for i in range(frames):
        hz += step
        turned += hz * (1.0 / SAMPLE_RATE_HZ)
        turns[i] = turned
    turn[_TURNED], turn[_HZ] = turned, goal_hz


@kernel
def _sound(
    turns: NDArray[np.float64], order: NDArray[np.float64], share: NDArray[np.float64], gain: float, goal: float,
    lines: NDArray[np.float64],
) -> None:  # fmt: skip
    multiple, begin = order[0], order[1]
    step = (goal - gain) / len(turns)
    if lines.shape[0] == 1:
        line, one = lines[0], share[0]
        for i in range(len(turns)):
            line[i] += one * (gain + step * (i + 1)) * sine(multiple * turns[i] + begin)
        return
    left, right, a, b = lines[0], lines[1], share[0], share[1]
    for i in range(len(turns)):
        tone = (gain + step * (i + 1)) * sine(multiple * turns[i] + begin)
        left[i] += a * tone
        right[i] += b * tone


@kernel
def _spin(
    rng: Rng, turn: NDArray[np.float64], turns: NDArray[np.float64], orders: NDArray[np.float64],
    shares: NDArray[np.float64], gains: NDArray[np.float64], restless: Walks, wobble: Walks,
    housing_gains: NDArray[np.float64], lines: NDArray[np.float64], hz: float, level: float, tilt: float, out: Samples,
) -> None:  # fmt: skip
    goal_hz = hz * max(0.0, 1.0 + step_walks(rng, wobble))
    step_walks(rng, restless)
    fresh = turn[_HZ] < 0.0
    if fresh:
        turn[_HZ] = goal_hz
    _turn(turn, turns, goal_hz)
    lines[:] = 0.0
    for k in range(orders.shape[0]):
        strength = np.exp(restless[k, 0]) * orders[k, 0] ** tilt
        goal = level * strength * _answer(housing_gains, orders[k, 0] * goal_hz)
        gain = goal if fresh else gains[k]
        if gain != 0.0 or goal != 0.0:
            _sound(turns, orders[k], shares[k], gain, goal, lines)
        gains[k] = goal
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[i, c] += lines[min(c, lines.shape[0] - 1), i]


def spin(shaft: Shaft, *, hz: float, level: float, tilt: float = 0.0, out: Samples) -> None:
    """Turn the shaft for one block and add its orders into `out`.

    Args:
        shaft: from `shaft_state`.
        hz: turns a second at the end of the block, before its wobble; 0 stands still.
        level: gain of all orders at the end of the block.
        tilt: by what power of its order each is stronger: above 0 is shriller, below is duller; 1 is 6 dB an octave.
        out: (BLOCK_FRAMES, channels) float32.

    Source: order analysis of rotating machinery, e.g. R. H. Lyon (1987), "Machinery noise and diagnostics".
    """
    _spin(
        shaft.rng, shaft.turn, shaft.turns, shaft.orders, shaft.shares, shaft.gains, shaft.restless, shaft.wobble,
        shaft.housing, shaft.lines, hz, level, tilt, out,
    )  # fmt: skip


@kernel
def _beat(
    turn: NDArray[np.float64], turns: NDArray[np.float64], order: float, goal: float, x: Samples
) -> None:
    depth = goal if turn[_DEPTH] < 0.0 else turn[_DEPTH]
    step = (goal - depth) / len(turns)
    for i in range(len(turns)):
        depth += step
        near = 0.5 + 0.5 * sine(order * turns[i])
        # The square of a blade's nearness has an RMS of 0.523: what it beats stays as strong on the whole.
        gain = 1.0 + depth * (near * near * (1.0 / 0.523) - 1.0)
        for c in range(x.shape[1]):
            x[i, c] *= gain
    turn[_DEPTH] = goal


def beat(shaft: Shaft, order: float, depth: float, x: Samples) -> None:
    """Let noise rise and fall with each blade or brush that passes, in place, in step with the last `spin`.

    Args:
        shaft: already spun for this block.
        order: passages a turn; a whole number.
        depth: 0 (steady) to 1 (silent between two passages), at the end of the block.
        x: (BLOCK_FRAMES, channels) float32.
    """
    _beat(shaft.turn, shaft.turns, order, depth, x)
