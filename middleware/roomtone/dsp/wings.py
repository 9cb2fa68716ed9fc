"""Insects on the wing: each hums at its wing beat, flies from flower to flower past one's ears, and rests."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, bipolar, exponential, hiss, normal, uniform
from roomtone.dsp.sine import sine
from roomtone.dsp.turns import Minds

Fliers: TypeAlias = NDArray[np.float64]
"""`(fliers, WING_FIELDS)`: who each is (by the names below), then where it is and what it is doing."""

# Who: set by the synth.
BEAT_HZ: Final = 0
LOUDNESS: Final = 1
# Where it is to begin with, in metres: to the right, and ahead.
X: Final = 2
Y: Final = 3
# Zero to start.
_VX: Final = 4
_VY: Final = 5
_GOAL_X: Final = 6
_GOAL_Y: Final = 7
REST_S: Final = 8
_POWER: Final = 9
_PHASE: Final = 10
_TURN: Final = 11
_DRIFT: Final = 12
_GAIN: Final = 13  # left, right
_EDGE: Final = 15  # how much of one overtone is in the next
_SHARE: Final = 16
_FLUTTER: Final = 17
WING_FIELDS: Final = 18

# The colour of a hum, and how it flutters, are set on this grid.
_STEP_FRAMES: Final = 16
# No two strokes are alike: a hum flutters by a sixth, up to 150 Hz.
_CALMS: Final = 0.72
_FLUTTERS: Final = 0.11

_SOUND_M_S: Final = 343.0
_SPEED_M_S: Final = 2.6
_TURNS_S: Final = 0.25
_LANDS_S: Final = 0.07
_COMES_S: Final = 0.04
_SWERVES_M_S: Final = 0.16
_FARTHEST_M: Final = 4.5
_REACHED_M: Final = 0.25
# Who rests costs nothing: -120 dBFS.
_SILENT: Final = 1e-6
# No closer to an ear than this.
_EAR_M: Final = 0.35
_PASSES_BY: Final = 0.35


@kernel
def _depart(rng: Rng, flier: NDArray[np.float64]) -> None:
    """Pick the next flower: anywhere around, or straight past the listener to the other side."""
    if uniform(rng) < _PASSES_BY:
        flier[_GOAL_X] = -flier[X] + 0.8 * bipolar(rng)
        flier[_GOAL_Y] = -flier[Y] + 0.8 * bipolar(rng)
        return
    angle, away_m = 2.0 * np.pi * uniform(rng), 0.5 + (_FARTHEST_M - 0.5) * np.sqrt(uniform(rng))
    flier[_GOAL_X], flier[_GOAL_Y] = away_m * np.sin(angle), away_m * np.cos(angle)


@kernel
def _move(rng: Rng, flier: NDArray[np.float64], haste: float) -> None:
    """Advance one flier by one block: rest, or steer for its goal."""
    wanted = 0.0
    if flier[REST_S] > 0.0:
        flier[REST_S] -= BLOCK_S * haste
        if flier[REST_S] <= 0.0:
            _depart(rng, flier)
        flier[_VX] *= 0.8
        flier[_VY] *= 0.8
    else:
        wanted = 1.0
        dx, dy = flier[_GOAL_X] - flier[X], flier[_GOAL_Y] - flier[Y]
        away_m = np.sqrt(dx * dx + dy * dy) + 1e-9
        speed = haste**0.5 * min(_SPEED_M_S, 0.3 + 2.0 * away_m)
        weight = BLOCK_S / _TURNS_S
        flier[_VX] += weight * (speed * dx / away_m - flier[_VX]) + _SWERVES_M_S * normal(rng)
        flier[_VY] += weight * (speed * dy / away_m - flier[_VY]) + _SWERVES_M_S * normal(rng)
        if away_m < _REACHED_M:
            flier[REST_S] = 0.25 + 1.3 * exponential(rng)
    flier[X] += BLOCK_S * flier[_VX]
    flier[Y] += BLOCK_S * flier[_VY]
    flier[_POWER] += BLOCK_S / _LANDS_S * (wanted - flier[_POWER])
    flier[_DRIFT] = 0.97 * flier[_DRIFT] + 0.008 * normal(rng)


@kernel
def _hum(
    rng: Rng, flier: NDArray[np.float64], turn: float, left: float, right: float, edge: float, out: Samples
) -> None:
    """Sound one block, walking to its pitch and gains.

    Source: Moorer (1976), 2 Σ aⁿ cos nφ.
    """
    frames = out.shape[0]
    phase, now = flier[_PHASE], flier[_TURN]
    bend = (turn - now) / frames
    left_now, right_now = flier[_GAIN], flier[_GAIN + 1]
    left_step, right_step = (left - left_now) / frames, (right - right_now) / frames
    flutter, at, edge_now = flier[_FLUTTER], 0, flier[_EDGE]
    while at < frames:
        steps = min(_STEP_FRAMES, frames - at)
        edge_now += (edge - flier[_EDGE]) * steps / frames
        top, twice, square = 1.0 - edge_now * edge_now, 2.0 * edge_now, 1.0 + edge_now * edge_now
        size = np.sqrt(0.5 * top) / edge_now
        flutters = (_CALMS * flutter + _FLUTTERS * hiss(rng) - flutter) / steps
        for i in range(at, at + steps):
            now += bend
            phase += now
            flutter += flutters
            y = size * (top / (square - twice * sine(phase + 0.25)) - 1.0) * (1.0 + flutter)
            left_now += left_step
            right_now += right_step
            out[i, 0] += y * left_now
            out[i, 1] += y * right_now
        at += steps
    flier[_EDGE], flier[_FLUTTER] = edge, flutter
    flier[_PHASE], flier[_TURN] = phase - np.floor(phase), turn
    flier[_GAIN], flier[_GAIN + 1] = left, right


@kernel
def fly(
    rng: Rng,
    minds: Minds,
    fliers: Fliers,
    present: float,
    haste: float,
    register: float,
    bright_hz: float,
    out: Samples,
) -> None:
    """Add one block of every insect.

    Args:
        rng: chance, of sounds.
        minds: from `minds_state`: chance of where each flies.
        fliers: who flies; the first are there first.
        present: how many are there; the last one may be there in part. They come and go within moments.
        haste: how fast they fly and how short they rest; 1 is at ease.
        register: factor on every wing beat, at the end of the block.
        bright_hz: the hum falls by 8.7 dB in each of these.
        out: (frames, 2) float32, added to.
    """
    for f in range(fliers.shape[0]):
        flier = fliers[f]
        _move(minds[f : f + 1], flier, haste)
        share = min(max(present - f, 0.0), 1.0)
        flier[_SHARE] += BLOCK_S / _COMES_S * (share - flier[_SHARE])
        away_m = np.sqrt(flier[X] ** 2 + flier[Y] ** 2) + 1e-9
        gain = flier[_SHARE] * flier[LOUDNESS] * flier[_POWER] ** 2 * _EAR_M / (_EAR_M + away_m)
        if gain < _SILENT:
            gain = 0.0
            if flier[_GAIN] + flier[_GAIN + 1] == 0.0:
                # It begins anew where it is by then.
                flier[_TURN] = 0.0
                continue
        towards_m_s = -(flier[X] * flier[_VX] + flier[Y] * flier[_VY]) / away_m
        effort = 0.75 + 0.25 * flier[_POWER]
        hz = flier[BEAT_HZ] * register * effort * np.exp(flier[_DRIFT]) * (1.0 + towards_m_s / _SOUND_M_S)
        angle = (flier[X] / (0.3 + away_m) + 1.0) * (np.pi / 4.0)
        turn = hz / SAMPLE_RATE_HZ
        if flier[_TURN] == 0.0:
            flier[_TURN] = turn
        # The nearer, the more of the edge of its wings is heard.
        edge = np.exp(-hz / (bright_hz * (0.7 + 0.5 / (0.5 + away_m))))
        if flier[_EDGE] == 0.0:
            flier[_EDGE] = edge
        _hum(rng, flier, turn, gain * np.cos(angle), gain * np.sin(angle), edge, out)
