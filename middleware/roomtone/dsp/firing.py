"""A piston engine: charges that burn one after another, pushed through a pipe that sings.

Every charge gives a pulse of pressure; none is quite like the last, and every cylinder differs from its neighbour
for good, which is what makes an engine lope at half and quarter orders. The pulses run through the exhaust pipe and
back, and what leaves its end is heard, beside the intake's breath and the tick of the valves.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import NO_DENORMAL, one_pole_coefficient
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, hiss, normal, rng_state

_CYLINDERS: Final = 12
_PIPE_FRAMES: Final = 2_048
# Sound in hot gas.
_HOT_M_S: Final = 480.0
# A charge lets go within so much of the time between two of them, and never faster than this.
_SHARPEST_S: Final = 0.0002
# Below this an open end hardly radiates.
_RADIATED_HZ: Final = 110.0

# Places in the row: the charge under way (when it began, its size, which cylinder), filters, and what the last block
# arrived at.
_SINCE, _SIZE, _WHICH, _PIPE, _MUFFLED, _STILL, _HUM, _TICK = range(8)
_FIRING, _LOAD, _OPEN, _LONG, _GAIN = range(5)


@dataclass(slots=True)
class Firing:
    """The state of one engine.

    Attributes:
        rng: chance.
        row: (8,) the charge under way, and filters.
        goals: (5,) what the last block arrived at.
        uneven: (12,) how each cylinder differs for good.
        pipe: pressure on its way, for the exhaust.
        at: where in it.
    """

    rng: Rng
    row: NDArray[np.float64]
    goals: NDArray[np.float64]
    uneven: NDArray[np.float64]
    pipe: NDArray[np.float64]
    at: NDArray[np.int64]


def firing_state(seed: int, *path: str | int, unevenness: float = 0.12) -> Firing:
    """Start an engine; `unevenness` is how far its cylinders differ, as a natural logarithm."""
    chance = np.random.default_rng(rng_state(seed, *path, "cylinders"))
    return Firing(
        rng=rng_state(seed, *path, "firing"),
        row=np.zeros(8),
        goals=np.full(5, -1.0),
        uneven=np.exp(chance.normal(0.0, unevenness, _CYLINDERS)),
        pipe=np.zeros(_PIPE_FRAMES),
        at=np.zeros(1, np.int64),
    )


@kernel
def _corners(opened: float) -> tuple[float, float, float]:
    """Give the weights of the pipe's end, of the muffler, and of what is too slow to leave."""
    return (
        one_pole_coefficient(1_600.0 + 3_400.0 * opened),
        one_pole_coefficient(420.0 * 10.0**opened),
        one_pole_coefficient(_RADIATED_HZ * 3.0**opened),
    )


@kernel
def _fire(
    rng: Rng, row: NDArray[np.float64], goals: NDArray[np.float64], uneven: NDArray[np.float64],
    pipe: NDArray[np.float64], at: NDArray[np.int64], aims: NDArray[np.float64], rough: float, cylinders: float,
    out: Samples,
) -> None:  # fmt: skip
    before = goals.copy() if goals[_FIRING] >= 0.0 else aims
    goals[:] = aims
    frames, mask = out.shape[0], len(pipe) - 1
    hz, strength, gap, long, gain = (
        before[_FIRING],
        before[_LOAD],
        before[_OPEN],
        before[_LONG],
        before[_GAIN],
    )
    hz_step, load_step, open_step, long_step, gain_step = (
        (aims[_FIRING] - hz) / frames,
        (aims[_LOAD] - strength) / frames,
        (aims[_OPEN] - gap) / frames,
        (aims[_LONG] - long) / frames,
        (aims[_GAIN] - gain) / frames,
    )
    pipe_soft, muffle, slow = _corners(gap)
    pipe_goal, muffle_goal, slow_goal = _corners(aims[_OPEN])
    pipe_step, muffle_step, slow_step = (
        (pipe_goal - pipe_soft) / frames,
        (muffle_goal - muffle) / frames,
        (slow_goal - slow) / frames,
    )
    low, muffled, still, hum = row[_PIPE], row[_MUFFLED], row[_STILL], row[_HUM]
    since, size, which, tick = row[_SINCE], row[_SIZE], int(row[_WHICH]), row[_TICK]
    for i in range(frames):
        hz, strength, gap = hz + hz_step, strength + load_step, gap + open_step
        long, gain = long + long_step, gain + gain_step
        pipe_soft, muffle, slow = pipe_soft + pipe_step, muffle + muffle_step, slow + slow_step
        back = int(long)
        part = long - back
        since += hz * (1.0 / SAMPLE_RATE_HZ)
        if since >= 1.0:
            since -= 1.0
            which = (which + 1) % max(int(cylinders + 0.5), 1)
            size = uneven[which] * np.exp(rough * normal(rng))
            tick = 1.0
        # Blow-down: a rise and a fall whose length is a part of the cycle, shorter under load.
        along = since * (1.0 / hz) / max(_SHARPEST_S, (0.04 - 0.025 * strength) / hz)
        pulse = size * along * np.exp(1.0 - along) * (0.25 + 0.75 * strength)
        noise = hiss(rng)
        # Gas that rushes out is noisy as long as it does.
        pulse *= 1.0 + (0.08 + 0.25 * strength) * noise
        t = at[0] + i
        returned = (1.0 - part) * pipe[(t - back) & mask] + part * pipe[(t - back - 1) & mask]
        low += pipe_soft * (returned - low) + NO_DENORMAL
        pipe[t & mask] = pulse - (0.4 + 0.15 * gap) * low
        muffled += muffle * (low + 0.8 * gap * pulse - muffled)
        still += slow * (muffled - still)
        # The intake breathes against the exhaust, and valves tick at each charge.
        hum += 0.06 * ((1.0 + 0.6 * strength) * noise * pulse - hum)
        tick *= 0.9945
        heard = (muffled - still) * (1.3 + gap) + 0.5 * hum + 0.015 * tick * tick * noise * size
        out[i, 0] += gain * heard
    row[:] = (since, size, float(which), low, muffled, still, hum, tick)
    at[0] += frames


def fire(
    engine: Firing, *, firing_hz: float, load: float, opened: float, rough: float, cylinders: float, pipe_m: float,
    gain: float, out: Samples,
) -> None:  # fmt: skip
    """Run the engine for one block and add what leaves its pipe into `out`.

    Args:
        engine: from `firing_state`.
        firing_hz: charges a second at the end of the block.
        load: 0 (coasting) to 1 (all it has).
        opened: 0 (well muffled) to 1 (an open pipe).
        rough: how much charges differ one from the next, as a natural logarithm: 0.02 is smooth, 0.3 stumbles.
        cylinders: how many take turns; up to 12.
        pipe_m: how long the pipe is; up to 7 m.
        gain: of all, at the end of the block.
        out: (BLOCK_FRAMES, 1) float32.

    Source: S. Baldan, H. Lachambre, S. Delle Monache & P. Boussard (2015), "Physically informed car engine sound
    synthesis for virtual and augmented environments".
    """
    pipe_frames = 2.0 * pipe_m / _HOT_M_S * SAMPLE_RATE_HZ
    aims = np.array([firing_hz, load, opened, min(pipe_frames, _PIPE_FRAMES - 2.0), gain])
    _fire(
        engine.rng, engine.row, engine.goals, engine.uneven, engine.pipe, engine.at, aims, rough, cylinders, out,
    )  # fmt: skip
