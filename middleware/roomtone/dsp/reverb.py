"""What comes back from all around: the tail of sounds at several distances, and their last stage."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.filters import NO_DENORMAL, one_pole_coefficient
from roomtone.dsp.kernel import kernel
from roomtone.dsp.space import soft_limit

_LINES: Final = 8
_LINE_FRAMES: Final = 4_096
_MASK: Final = _LINE_FRAMES - 1
# Primes, roughly geometric: echoes never fall together, and the largest fits the line.
_SPREAD: Final = np.array([0.31, 0.37, 0.44, 0.53, 0.62, 0.74, 0.86, 1.0])
_DC_HZ: Final = 20.0


@dataclass(slots=True)
class Reverb:
    """The state of one diffuse tail and of the filters after it."""

    lines: NDArray[np.float32]
    delay_frames: NDArray[np.int64]
    feedback: NDArray[np.float64]
    damped: NDArray[np.float64]
    dullness: float
    filters: NDArray[np.float64]
    settings: NDArray[np.float64]
    at: NDArray[np.int64]


def reverb_state(*, decay_s: float, longest_s: float, dull_hz: float) -> Reverb:
    """Start a silent tail.

    Args:
        decay_s: how long the tail takes to fall by 60 dB.
        longest_s: the longest way between two walls (or trunks); at most 0.08.
        dull_hz: each way takes away what is above this.
    """
    delay_frames = (_SPREAD * min(longest_s * SAMPLE_RATE_HZ, _LINE_FRAMES - 1)).astype(np.int64) | 1
    return Reverb(
        lines=np.zeros((_LINES, _LINE_FRAMES), np.float32),
        delay_frames=delay_frames,
        feedback=np.asarray(10.0 ** (-3.0 * delay_frames / (decay_s * SAMPLE_RATE_HZ)), np.float64),
        damped=np.zeros(_LINES),
        dullness=float(one_pole_coefficient(dull_hz)),
        filters=np.zeros((3, 2)),
        settings=np.full(2, -1.0),
        at=np.zeros(1, np.int64),
    )


@kernel
def _surround(
    send: NDArray[np.float32],
    wet: float,
    air: float,
    lines: NDArray[np.float32],
    delay_frames: NDArray[np.int64],
    feedback: NDArray[np.float64],
    damped: NDArray[np.float64],
    dullness: float,
    filters: NDArray[np.float64],
    settings: NDArray[np.float64],
    at: NDArray[np.int64],
    out: Samples,
) -> None:
    frames = out.shape[0]
    if settings[0] < 0.0:
        settings[:] = (wet, air)
    w, a = settings
    step_w, step_a = (wet - w) / frames, (air - a) / frames
    settings[:] = (wet, air)
    dc = one_pole_coefficient(_DC_HZ)
    t = at[0]
    for i in range(frames):
        w, a = w + step_w, a + step_a
        total = 0.0
        for k in range(_LINES):
            echo = lines[k, (t - delay_frames[k]) & _MASK]
            damped[k] += dullness * (echo * feedback[k] - damped[k]) + NO_DENORMAL
            total += damped[k]
        total = send[i] - 0.25 * total
        for k in range(_LINES):
            lines[k, t & _MASK] = damped[k] + total
        for c in range(2):
            tail = damped[c] - damped[c + 2] + damped[c + 4] - damped[c + 6]
            filters[0, c] += a * (out[i, c] + w * tail - filters[0, c]) + NO_DENORMAL
            filters[1, c] += a * (filters[0, c] - filters[1, c]) + NO_DENORMAL
            # What is bent unevenly gets an offset: so it is measured behind the limit and removed before it.
            limited = soft_limit(filters[1, c] - filters[2, c])
            filters[2, c] += dc * limited + NO_DENORMAL
            out[i, c] = limited
        t += 1
    at[0] = t


def surround(reverb: Reverb, send: NDArray[np.float32], *, wet: float, air_hz: float, out: Samples) -> None:
    """Add the diffuse tail of `send` to `out` as a last stage: no DC leaves it, and no peak above 0.89.

    Args:
        reverb: from `reverb_state`.
        send: (BLOCK_FRAMES,) float32: every source, as loud as it fills the place.
        wet: gain of the tail.
        air_hz: corner of a 12 dB/octave lowpass on all that is heard.
        out: (BLOCK_FRAMES, 2) float32: the direct sounds; what is heard stands there afterwards.

    Source: Jot & Chaigne (1991), feedback delay networks; Householder matrix.
    """
    air = one_pole_coefficient(air_hz)
    _surround(send, wet, air, reverb.lines, reverb.delay_frames, reverb.feedback, reverb.damped, reverb.dullness,
              reverb.filters, reverb.settings, reverb.at, out)  # fmt: skip


def answer(reverb: Reverb, back: Samples, *, wet: float, air_hz: float, out: Samples) -> None:
    """Add to one channel what the place gives back of it.

    Args:
        reverb: from `reverb_state`.
        back: (BLOCK_FRAMES, 2) float32, overwritten: both sides of what comes back.
        wet: see `surround`.
        air_hz: see `surround`.
        out: (BLOCK_FRAMES, 1) float32.
    """
    back[:] = 0.0
    surround(reverb, out[:, 0], wet=wet, air_hz=air_hz, out=back)
    out[:, 0] += back[:, 0]
