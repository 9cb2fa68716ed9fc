"""Where a sound is heard: tilt, air, a diffuse tail, and a last stage that keeps it within bounds."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import one_pole_coefficient
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
_NO_DENORMAL: Final = 1e-18

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
def _place(
    x: Samples,
    tilt_gain: float,
    air: float,
    wet: float,
    filters: NDArray[np.float64],
    lines: NDArray[np.float32],
    feedback: NDArray[np.float64],
    damped: NDArray[np.float64],
    settings: NDArray[np.float64],
    at: NDArray[np.int64],
) -> None:
    frames, channels = x.shape
    if settings[_TILT] < 0.0:
        settings[:] = (tilt_gain, air, wet)
    g, a, w = settings[0], settings[1], settings[2]
    step_g, step_a, step_w = (tilt_gain - g) / frames, (air - a) / frames, (wet - w) / frames
    settings[:] = (tilt_gain, air, wet)
    pivot = one_pole_coefficient(_TILT_HZ)
    dc = one_pole_coefficient(_DC_HZ)
    t = at[0]
    for i in range(frames):
        g, a, w = g + step_g, a + step_a, w + step_w
        total = 0.0
        for k in range(_LINES):
            echo = lines[k, (t - _DELAY_FRAMES[k]) & _MASK] * feedback[k]
            damped[k] += (1.0 - _DAMPING) * (echo - damped[k]) + _NO_DENORMAL
            total += damped[k]
        for c in range(channels):
            dry = float(x[i, c])
            filters[0, c] += pivot * (dry - filters[0, c]) + _NO_DENORMAL
            y = filters[0, c] + g * (dry - filters[0, c])
            filters[1, c] += a * (y - filters[1, c]) + _NO_DENORMAL
            filters[2, c] += a * (filters[1, c] - filters[2, c]) + _NO_DENORMAL
            y = filters[2, c]
            for k in range(c, _LINES, channels):
                lines[k, t & _MASK] = y + damped[k] - 0.5 * total
            late = damped[c] - damped[(c + 2) & 3]
            y += w * (late - y)
            filters[3, c] += dc * (y - filters[3, c]) + _NO_DENORMAL
            x[i, c] = soft_limit(y - filters[3, c])
        t += 1
    at[0] = t


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
