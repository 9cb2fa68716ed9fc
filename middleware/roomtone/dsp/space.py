"""Where a sound is heard: tilt, air, a diffuse tail, and a last stage that keeps it within bounds."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import NO_DENORMAL, one_pole_coefficient
from roomtone.dsp.kernel import kernel

_TILT_HZ: Final = 1_500.0
_DC_HZ: Final = 18.0
_LINES: Final = 4
_LINE_FRAMES: Final = 4_096
_MASK: Final = _LINE_FRAMES - 1
# Primes between 23 and 73 ms: walls, trunks and house fronts a few metres off, without a common period.
_DELAY_FRAMES: Final = np.array([1103, 1607, 2389, 3511], np.int64)
_DENSE_S: Final = 0.9
_DAMPING: Final = 0.35
# Below the knee nothing is touched; what is above approaches the ceiling and never reaches it.
_KNEE: Final = 0.5
_CEILING: Final = 0.89

# Places in the settings row: what each walked to last.
_TILT, _AIR, _WET = 0, 1, 2


@dataclass(slots=True)
class Space:
    """The state of one place: filters per channel, four delay lines, the settings of the last block."""

    filters: NDArray[np.float64]
    lines: NDArray[np.float32]
    feedback: NDArray[np.float64]
    damped: NDArray[np.float64]
    settings: NDArray[np.float64]
    at: NDArray[np.int64]


def space_state(channels: int) -> Space:
    """Start a silent place for `channels` channels."""
    return Space(
        filters=np.zeros((4, channels)),
        lines=np.zeros((_LINES, _LINE_FRAMES), np.float32),
        feedback=np.power(10.0, -3.0 * _DELAY_FRAMES / (_DENSE_S * SAMPLE_RATE_HZ)),
        damped=np.zeros(_LINES),
        settings=np.full(3, -1.0),
        at=np.zeros(1, np.int64),
    )


@kernel
def soft_limit(x: float) -> float:
    """Leave `x` as it is up to half scale and bend what is above towards 0.89."""
    size = abs(x)
    if size <= _KNEE:
        return x
    above = size - _KNEE
    bent = _KNEE + above / (1.0 + above / (_CEILING - _KNEE))
    return bent if x > 0.0 else -bent


@kernel
def _dull(
    x: Samples, tilt: float, tilt_goal: float, air: float, air_goal: float, filters: NDArray[np.float64]
) -> None:
    # Channel by channel, so that the filters' memories stay in registers.
    frames = x.shape[0]
    pivot = one_pole_coefficient(_TILT_HZ)
    step_g, step_a = (tilt_goal - tilt) / frames, (air_goal - air) / frames
    for c in range(x.shape[1]):
        g, a = tilt, air
        low, first, second = filters[0, c], filters[1, c], filters[2, c]
        for i in range(frames):
            g, a = g + step_g, a + step_a
            dry = float(x[i, c])
            low = (1.0 - pivot) * low + (pivot * dry + NO_DENORMAL)
            first = (1.0 - a) * first + (a * (low + g * (dry - low)) + NO_DENORMAL)
            second = (1.0 - a) * second + a * first
            x[i, c] = second
        filters[0, c], filters[1, c], filters[2, c] = low, first, second


@kernel
def _diffuse(
    x: Samples,
    wet: float,
    wet_goal: float,
    lines: NDArray[np.float32],
    feedback: NDArray[np.float64],
    damped: NDArray[np.float64],
    at: int,
) -> None:
    frames, channels = x.shape
    step = (wet_goal - wet) / frames
    keep = 1.0 - _DAMPING
    d0, d1, d2, d3 = damped
    for i in range(frames):
        wet += step
        t = at + i
        d0 = _DAMPING * d0 + (keep * feedback[0] * lines[0, (t - _DELAY_FRAMES[0]) & _MASK] + NO_DENORMAL)
        d1 = _DAMPING * d1 + (keep * feedback[1] * lines[1, (t - _DELAY_FRAMES[1]) & _MASK] + NO_DENORMAL)
        d2 = _DAMPING * d2 + (keep * feedback[2] * lines[2, (t - _DELAY_FRAMES[2]) & _MASK] + NO_DENORMAL)
        d3 = _DAMPING * d3 + (keep * feedback[3] * lines[3, (t - _DELAY_FRAMES[3]) & _MASK] + NO_DENORMAL)
        half = 0.5 * (d0 + d1 + d2 + d3)
        left, right = float(x[i, 0]), float(x[i, channels - 1])
        now = t & _MASK
        lines[0, now], lines[1, now] = left + d0 - half, right + d1 - half
        lines[2, now], lines[3, now] = left + d2 - half, right + d3 - half
        x[i, 0] = left + wet * (d0 - d2 - left)
        if channels == 2:
            x[i, 1] = right + wet * (d1 - d3 - right)
    damped[:] = (d0, d1, d2, d3)


@kernel
def _bound(x: Samples, filters: NDArray[np.float64]) -> None:
    weight = one_pole_coefficient(_DC_HZ)
    for c in range(x.shape[1]):
        dc = filters[3, c]
        for i in range(x.shape[0]):
            dc = (1.0 - weight) * dc + (weight * x[i, c] + NO_DENORMAL)
            x[i, c] = soft_limit(x[i, c] - dc)
        filters[3, c] = dc


@kernel
def _place(
    x: Samples,
    tilt: float,
    air: float,
    wet: float,
    filters: NDArray[np.float64],
    lines: NDArray[np.float32],
    feedback: NDArray[np.float64],
    damped: NDArray[np.float64],
    settings: NDArray[np.float64],
    at: NDArray[np.int64],
) -> None:
    if settings[_TILT] < 0.0:
        settings[:] = (tilt, air, wet)
    _dull(x, settings[_TILT], tilt, settings[_AIR], air, filters)
    _diffuse(x, settings[_WET], wet, lines, feedback, damped, at[0])
    _bound(x, filters)
    settings[:] = (tilt, air, wet)
    at[0] += x.shape[0]


def place(space: Space, x: Samples, *, tilt_db: float, air_hz: float, diffuse: float) -> None:
    """Hear `x` at a place, in place; the last stage of a synth: no DC leaves it, and no peak above 0.89.

    Args:
        space: from `space_state`, with as many channels as `x`.
        x: (frames, 1 or 2) float32, overwritten.
        tilt_db: gain far above 1.5 kHz against far below.
        air_hz: what the air takes: corner of a 12 dB/octave lowpass.
        diffuse: 0 (only the direct sound) to 1 (only what comes back from all around).

    Source: Jot & Chaigne (1991), feedback delay networks; Householder matrix.
    """
    air = one_pole_coefficient(air_hz)
    _place(x, 10.0 ** (tilt_db / 20.0), air, diffuse,
           space.filters, space.lines, space.feedback, space.damped, space.settings, space.at)  # fmt: skip
