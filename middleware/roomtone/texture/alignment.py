"""Where two sounds meet in phase, and how alike they are there."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import frames_of
from roomtone.dsp.kernel import kernel
from roomtone.texture.layout import END, START, Clip, Line, Lines

LAG_FRAMES: Final = frames_of(0.01)
"""An entry is moved by at most this much."""

_THIN: Final = 16
_ALIGNED_FRAMES: Final = frames_of(0.12)
_FINE_FRAMES: Final = 480
# The rough lag is counted in steps of `_THIN`, from places rounded to them.
_REFINED_FRAMES: Final = 24
_RHO_SAMPLES: Final = 2_000


@kernel
def _lift(line: Line, start: int, frames: int, at: int, out: Line) -> None:
    """Copy a stretch of a clip from `at` frames after its start; round and round, for what is a loop."""
    place = at % frames
    for i in range(out.shape[0]):
        out[i] = line[start + place]
        place = place + 1 if place + 1 < frames else 0


@kernel
def _most_alike(still: Line, moving: Line, sums: Line) -> int:
    """Find the offset into `moving` that is most like `still`."""
    lags = moving.shape[0] - still.shape[0] + 1
    sums[:lags] = 0.0
    for i in range(still.shape[0]):
        here, row = still[i], moving[i : i + lags]
        for lag in range(lags):
            sums[lag] += here * row[lag]
    energy = np.float32(1e-12)
    for i in range(still.shape[0]):
        energy += moving[i] * moving[i]
    best, most = 0, np.float32(-np.inf)
    for lag in range(lags):
        likeness = sums[lag] / np.sqrt(max(energy, np.float32(1e-12)))
        if likeness > most:
            best, most = lag, likeness
        if lag + 1 < lags:
            energy += moving[lag + still.shape[0]] ** 2 - moving[lag] ** 2
    return best


@kernel
def correlation(
    lines: Lines | NDArray[np.int16],
    clip_a: Clip,
    a: int,
    clip_b: Clip,
    b: int,
    frames: int,
) -> float:
    """Correlate the stretches of `frames` around frame `a` of one clip and frame `b` of another; -1 to 1."""
    step = max(1, frames // _RHO_SAMPLES)
    length_a, length_b = clip_a[END] - clip_a[START], clip_b[END] - clip_b[START]
    at_a = clip_a[START] + (a - clip_a[START] - frames // 2) % length_a
    at_b = clip_b[START] + (b - clip_b[START] - frames // 2) % length_b
    ab, aa, bb = 0.0, 1e-12, 1e-12
    for _ in range(0, frames, step):
        for c in range(lines.shape[0]):
            x, y = float(lines[c, at_a]), float(lines[c, at_b])
            ab += x * y
            aa += x * x
            bb += y * y
        at_a, at_b = at_a + step, at_b + step
        at_a -= length_a if at_a >= clip_a[END] else 0
        at_b -= length_b if at_b >= clip_b[END] else 0
    return float(ab / np.sqrt(aa * bb))


@kernel
def best_lag(
    mono: Line,
    thin: Line,
    a: Clip,
    at_a: int,
    b: Clip,
    at_b: int,
    fade: int,
    low: int,
    high: int,
    sums: Line,
) -> int:
    """Find how late to enter at `at_b` so that its waves go on from those at `at_a`: roughly, then to the frame.

    Args:
        mono: (frames,).
        thin: what `thinned` makes of it.
        a: the clip that is left.
        at_a: its frame in the middle of the crossfade.
        b: the clip that is entered.
        at_b: its frame there.
        fade: length of the crossfade.
        low: the least lag, -LAG_FRAMES or more.
        high: the greatest, LAG_FRAMES or less.
        sums: (2 * LAG_FRAMES + 1,) scratch.
    """
    if high <= low:
        return 0
    start_a, start_b, length_a, length_b = a[START], b[START], a[END] - a[START], b[END] - b[START]
    window = min(fade, _ALIGNED_FRAMES)
    into_a, into_b = at_a - start_a - window // 2, at_b - start_b - window // 2
    rough = low
    if high - low > 2 * _THIN:
        still = np.empty(window // _THIN, np.float32)
        moving = np.empty(window // _THIN + (high - low) // _THIN, np.float32)
        _lift(thin, start_a // _THIN, length_a // _THIN, into_a // _THIN, still)
        _lift(thin, start_b // _THIN, length_b // _THIN, (into_b + low) // _THIN, moving)
        rough = low + _THIN * _most_alike(still, moving, sums)
    finest, last = max(low, rough - _REFINED_FRAMES), min(high, rough + _REFINED_FRAMES)
    window = min(window, _FINE_FRAMES)
    still = np.empty(window, np.float32)
    moving = np.empty(window + last - finest, np.float32)
    _lift(mono, start_a, length_a, at_a - start_a - window // 2, still)
    _lift(mono, start_b, length_b, at_b - start_b - window // 2 + finest, moving)
    return finest + _most_alike(still, moving, sums)


def thinned(mono: Line) -> Line:
    """Reduce to a rate at which phases are compared quickly."""
    return np.asarray(mono[: len(mono) // _THIN * _THIN].reshape(-1, _THIN).mean(axis=1))
