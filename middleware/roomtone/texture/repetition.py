"""How much of a sound has been heard before, found in the samples alone.

Exact reuse is the same recording again: the waveforms agree, whatever was done to their level. A look-alike only sounds
the same: its pattern of bands over time agrees. Both are looked for in windows of half a second.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.texture.features import BANDS, HOP_FRAMES, band_powers

WINDOW_S: Final = 0.5
_POOLED_HOPS: Final = 2
_STEP_FRAMES: Final = _POOLED_HOPS * HOP_FRAMES
_POOLED_S: Final = _STEP_FRAMES / SAMPLE_RATE_HZ
_WINDOW: Final = round(WINDOW_S / _POOLED_S)
_EVERY: Final = round(0.24 / _POOLED_S)
# Nearer than this, a window is compared with its own surroundings.
_APART: Final = round(1.0 / _POOLED_S)
_FLOOR: Final = 1e-11
# What patterns share before their waveforms are compared; what look-alikes share; what waves share that are the same.
_LIKELY: Final = 0.4
_ALIKE: Final = 0.8
_SAME: Final = 0.8
# Waves are compared over so many frames in two places of a window, or in four: nearly all of it.
_COMPARED: Final = 4_096
_SOME, _THROUGHOUT = 2, 4
_LAG: Final = 1_024
# Of the places where a window may have been heard, so many are looked at: those that are most like it.
_MOST_PLACES: Final = 16
_BATCH: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """What was found of one kind.

    Attributes:
        share: of all windows, how many have been heard before.
        first_s: when the first of them is heard; infinite for never.
        shortest_s: the shortest time between a window and its like before it; infinite for none.
    """

    share: float
    first_s: float
    shortest_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """What is heard again in a sound."""

    exact: Repeats
    alike: Repeats


def measure_repetition(samples: Samples, *, throughout: bool = False) -> Repetition:
    """Look for everything that is heard again.

    Args:
        samples: (frames, channels), mixed to mono; ten minutes take some seconds.
        throughout: whether the waves must agree all through a window. Otherwise a window counts too that reaches beyond
            what is used again, as at the joins of what is made of clips.
    """
    mono = np.ascontiguousarray(samples.mean(axis=1, dtype=np.float32))
    patterns = _patterns(mono)
    starts = np.arange(_APART, len(patterns), _EVERY)
    places = _THROUGHOUT if throughout else _SOME
    distances = np.full((len(starts), 2), np.inf)
    early = np.pad(mono, (_LAG, 0))
    for first in range(0, len(starts), _BATCH):
        batch = starts[first : first + _BATCH]
        likeness = patterns[batch] @ patterns[: batch[-1]].T
        for row, start in enumerate(batch):
            distances[first + row] = _nearest_before(
                early, likeness[row, : start - _APART], int(start), places
            )
    exact, alike = (_summed_up(column, starts) for column in distances.T)
    return Repetition(exact=exact, alike=alike)


def _summed_up(distances: NDArray[np.float64], starts: NDArray[np.int64]) -> Repeats:
    found = np.isfinite(distances)
    return Repeats(
        share=float(found.mean()) if len(found) else 0.0,
        first_s=float(starts[found].min()) * _POOLED_S if found.any() else float("inf"),
        shortest_s=float(distances.min(initial=np.inf)) * _POOLED_S,
    )


def _patterns(mono: NDArray[np.float32]) -> NDArray[np.float32]:
    """Describe every window by its bands over time: (windows, features) of unit length, so products are likenesses."""
    powers = band_powers(mono[:, None])
    powers = (
        powers[: len(powers) // _POOLED_HOPS * _POOLED_HOPS].reshape(-1, _POOLED_HOPS, BANDS).mean(axis=1)
    )
    bands_db = 10.0 * np.log10(powers + _FLOOR)
    bands_db -= bands_db.mean(axis=0)
    if len(bands_db) < _WINDOW:
        return np.zeros((0, _WINDOW * BANDS), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(bands_db, _WINDOW, axis=0).reshape(-1, BANDS * _WINDOW)
    windows = windows - windows.mean(axis=1, keepdims=True)
    return np.asarray(windows / np.maximum(np.linalg.norm(windows, axis=1, keepdims=True), 1e-9), np.float32)


def _nearest_before(
    early: NDArray[np.float32], likeness: NDArray[np.float32], start: int, compared: int
) -> tuple[float, float]:
    """Find how long ago a window was heard, exactly and nearly: in steps, infinite for never."""
    exact = alike = np.inf
    places = _peaks(likeness)
    for place in np.sort(places[likeness[places].argsort()[-_MOST_PLACES:]])[::-1]:
        if _same_waves(early, int(place), start, compared):
            return float(start - place), alike
        if likeness[place] >= _ALIKE:
            alike = min(alike, float(start - place))
    return exact, alike


def _peaks(likeness: NDArray[np.float32]) -> NDArray[np.int64]:
    """List the places that are likely, and more so than the next ones on either side."""
    padded = np.pad(likeness, 1, constant_values=-1.0)
    return np.flatnonzero((likeness >= _LIKELY) & (likeness > padded[:-2]) & (likeness >= padded[2:]))


def _same_waves(early: NDArray[np.float32], a: int, b: int, places: int) -> bool:
    """Say whether two windows agree wave by wave, in places that lie evenly from the beginning to the end.

    They agree at one lag, or it is not the same again: in every place a tone agrees with any tone at some lag.
    """
    part = _WINDOW * _STEP_FRAMES // places
    shared = np.ones(2 * _LAG)
    for i in range(places):
        into = part // 2 - _COMPARED // 2 + i * part
        shared = np.minimum(shared, _likeness(early, a * _STEP_FRAMES + into, b * _STEP_FRAMES + into))
        if shared.max() < _SAME:
            return False
    return True


def _likeness(early: NDArray[np.float32], a: int, b: int) -> NDArray[np.float64]:
    """Compare stretches from frames `a` and `b` on, at every lag that the patterns could not see: (lags,).

    `early` is the sound with `_LAG` frames of silence before it.
    """
    still, moving = early[_LAG + b :][:_COMPARED], early[a:][: _COMPARED + 2 * _LAG]
    size = 2 * _COMPARED
    sums = np.fft.irfft(np.fft.rfft(moving, size) * np.conj(np.fft.rfft(still, size)), size)[: 2 * _LAG]
    total = np.concatenate(([0.0], np.cumsum(np.square(moving, dtype=np.float64))))
    energies = total[_COMPARED:][: 2 * _LAG] - total[: 2 * _LAG]
    own = float(np.square(still, dtype=np.float64).sum())
    return np.asarray(sums / np.sqrt(energies * own + 1e-20))
