"""Surf: trains of waves that swell, break in several places, wash up and drain, as power over bands and time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S
from roomtone.dsp.bed import BED_BANDS
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, bipolar, normal, rng_state, uniform

SWELL, BREAK, WASH, DRAG = range(4)
"""The stages of a wave, rows of the colours given to `roll`: it rises, breaks, runs up the beach, is drawn back."""
STAGES: Final = 4

# The waves that break here set the pace; others break further along the shore on both sides, fainter, at paces of
# their own: how strong each train is, its period against that of the first, where its middle lies.
_STRENGTH: Final = np.array([1.7, 0.75, 0.5])
_PERIODS: Final = np.array([1.0, 0.83, 1.21])
_SIDES: Final = np.array([0.0, -0.55, 0.55])
_MOTIONS: Final = 72
# Envelopes are worked out at a few places of the spectrum; the bands between them follow.
_NODES: Final = 7

# A motion is one stage of one wave: seconds since it began (negative: still to come), power, times of rise and
# decay, how much later the top of the spectrum opens, what share of the decay the top loses, where it is.
_AGE, _POWER, _RISE, _DECAY, _LAG, _FADE, _PAN, _STAGE = range(8)
# A motion sounds until it is 26 dB down on power.
_LIFE: Final = 6.0
_JITTER: Final = 0.18
_FOAM_GROWTH_S: Final = 0.35
_FOAM_DEATH_S: Final = 2.4
_LEAN_S: Final = 0.25
# A set lasts about four waves.
_SET_MEMORY: Final = 0.25


@dataclass(slots=True)
class Surf:
    """The state of one shore.

    Attributes:
        rng: chance.
        waits: (trains,) until the next wave of each train, in periods of the first.
        running_set: (1,) how much larger than usual waves run just now, in nepers: they come in sets.
        motions: (_MOTIONS, 8) the stages under way.
        foam: (2,) water just broken, and the foam that it leaves: about 1 after an average wave.
        nodes: (STAGES, _NODES) power of each stage at some places of the spectrum.
        lean: (1,) where the power is, -1 (left) to 1 (right), smoothed.
    """

    rng: Rng
    waits: NDArray[np.float64]
    running_set: NDArray[np.float64]
    motions: NDArray[np.float64]
    nodes: NDArray[np.float64]
    foam: NDArray[np.float64]
    lean: NDArray[np.float64]


def surf_state(seed: int, *path: str | int) -> Surf:
    """Start a shore just before a wave breaks."""
    rng = rng_state(seed, *path, "surf")
    waits = np.array([0.0, 0.3, 0.65]) + [0.2 * uniform(rng) for _ in _STRENGTH]
    waits[0] = 0.0
    return Surf(
        rng=rng,
        waits=waits,
        running_set=np.zeros(1),
        motions=np.zeros((_MOTIONS, 8)),
        nodes=np.zeros((STAGES, _NODES)),
        foam=np.zeros(2),
        lean=np.zeros(1),
    )


@kernel
def _set_off(
    motions: NDArray[np.float64],
    stage: int,
    age_s: float,
    power: float,
    rise_s: float,
    decay_s: float,
    lag_s: float,
    fade: float,
    pan: float,
) -> None:
    for m in range(motions.shape[0]):
        if motions[m, _POWER] == 0.0:
            motions[m, _AGE], motions[m, _POWER] = age_s, power
            motions[m, _RISE], motions[m, _DECAY] = rise_s, decay_s
            motions[m, _LAG], motions[m, _FADE] = lag_s, fade
            motions[m, _PAN], motions[m, _STAGE] = pan, stage
            return


@kernel
def _send_wave(
    rng: Rng, motions: NDArray[np.float64], size: float, side: float, vigour: float, pace: float
) -> None:
    """Set one wave off; `vigour` 0 (it laps) to 1 (it crashes), `pace` stretches its times."""
    pan = side + 0.4 * bipolar(rng)
    peak_s = pace * (1.3 + 0.9 * uniform(rng))
    _set_off(motions, SWELL, 0.0, 0.5 * size, pace * (0.7 + 0.5 * uniform(rng)), pace * 1.3, 0.9, 0.3, pan)
    breaks = 2 + int(uniform(rng) * (2.0 + 3.0 * vigour))
    for _ in range(breaks):
        power = size * np.exp(0.5 * normal(rng)) * (0.35 + 0.65 * vigour)
        rise_s = 0.45 * 0.25**vigour * np.exp(0.4 * normal(rng))
        decay_s = pace * (0.25 + 0.6 * uniform(rng))
        at_s = peak_s + 1.4 * pace * uniform(rng)
        lag_s = 0.08 + 0.3 * uniform(rng)
        where = min(1.0, max(-1.0, pan + 0.5 * bipolar(rng)))
        _set_off(motions, BREAK, -at_s, power, rise_s, decay_s, lag_s, 0.55, where)
    wash_s = peak_s + pace * (0.5 + 0.5 * uniform(rng))
    _set_off(
        motions,
        WASH,
        -wash_s,
        0.7 * size,
        0.6 * pace,
        pace * (1.2 + 0.8 * uniform(rng)),
        0.25,
        0.5,
        0.6 * pan,
    )
    drag_s = wash_s + pace * (1.6 + 0.8 * uniform(rng))
    _set_off(
        motions, DRAG, -drag_s, 0.3 * size, 0.9 * pace, pace * (0.8 + 0.6 * uniform(rng)), 0.3, 0.2, 0.4 * pan
    )


@kernel
def _stage_power(motion: NDArray[np.float64], height: float) -> float:
    """Give one motion's power now at `height` in the spectrum, 0 to 1."""
    t = motion[_AGE] - motion[_LAG] * height
    if t <= 0.0:
        return 0.0
    opening = 1.0 - np.exp(-t / motion[_RISE])
    decay_s = motion[_DECAY] * (1.0 - motion[_FADE] * height)
    return float(motion[_POWER] * opening * opening * np.exp(-t / decay_s))


@kernel
def _arrivals(
    rng: Rng,
    waits: NDArray[np.float64],
    running_set: NDArray[np.float64],
    motions: NDArray[np.float64],
    period_s: float,
    vigour: float,
) -> None:
    for w in range(waits.shape[0]):
        waits[w] -= BLOCK_S / period_s
        if waits[w] <= 0.0:
            running_set[0] += _SET_MEMORY * (0.65 * normal(rng) - running_set[0])
            size = _STRENGTH[w] * np.exp(running_set[0] + 0.28 * normal(rng))
            _send_wave(rng, motions, size, _SIDES[w], vigour, (period_s / 10.0) ** 0.6)
            waits[w] = _PERIODS[w] * max(0.35, 1.0 + _JITTER * normal(rng))


@kernel
def _advance(motions: NDArray[np.float64], nodes: NDArray[np.float64]) -> tuple[float, float, float]:
    """Move all stages on by one block; give all power, power by side, and power of broken water, mid-spectrum."""
    nodes[:] = 0.0
    total, side, broken = 1e-3, 0.0, 0.0
    for m in range(motions.shape[0]):
        motion = motions[m]
        if motion[_POWER] == 0.0:
            continue
        motion[_AGE] += BLOCK_S
        if motion[_AGE] > _LIFE * motion[_DECAY] + motion[_LAG]:
            motion[_POWER] = 0.0
            continue
        stage = int(motion[_STAGE])
        for n in range(_NODES):
            nodes[stage, n] += _stage_power(motion, n / (_NODES - 1.0))
        middle = _stage_power(motion, 0.5)
        total += middle
        side += middle * motion[_PAN]
        if stage != SWELL:
            broken += middle
    return total, side, broken


@kernel
def _paint_bands(
    nodes: NDArray[np.float64], colours: NDArray[np.float64], power: NDArray[np.float64]
) -> None:
    for b in range(BED_BANDS):
        at = b * (_NODES - 1.0) / BED_BANDS
        n = int(at)
        power[b] = 0.0
        for s in range(STAGES):
            power[b] += colours[s, b] * (nodes[s, n] + (at - n) * (nodes[s, n + 1] - nodes[s, n]))


@kernel
def _roll(
    rng: Rng,
    waits: NDArray[np.float64],
    running_set: NDArray[np.float64],
    motions: NDArray[np.float64],
    nodes: NDArray[np.float64],
    foam: NDArray[np.float64],
    lean: NDArray[np.float64],
    period_s: float,
    vigour: float,
    colours: NDArray[np.float64],
    power: NDArray[np.float64],
) -> None:
    _arrivals(rng, waits, running_set, motions, period_s, vigour)
    total, side, broken = _advance(motions, nodes)
    _paint_bands(nodes, colours, power)
    foam[0] += (broken - foam[0]) * (BLOCK_S / _FOAM_GROWTH_S)
    foam[1] = max(foam[0], foam[1] * (1.0 - BLOCK_S / _FOAM_DEATH_S))
    lean[0] += (side / total - lean[0]) * (BLOCK_S / _LEAN_S)


def roll(
    surf: Surf, *, period_s: float, vigour: float, colours: NDArray[np.float64], power: NDArray[np.float64]
) -> None:
    """Advance the shore by one block.

    Args:
        surf: from `surf_state`; its `foam` and `lean` say what to add to the noise.
        period_s: mean time between the waves that break here, 4 to 16.
        vigour: how hard waves break, 0 to 1; taken when a wave sets off.
        colours: (STAGES, BED_BANDS) power of each stage in each band.
        power: (BED_BANDS,) overwritten with the power in each band at the end of the block.
    """
    _roll(
        surf.rng, surf.waits, surf.running_set, surf.motions, surf.nodes, surf.foam, surf.lean, period_s, vigour,
        colours, power,
    )  # fmt: skip
