"""Where a clip may be left or entered: calm places, and what the sound is like around each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, frames_of
from roomtone.texture.features import BANDS, HOP_FRAMES, BandPowers

_Padding: TypeAlias = Literal["wrap", "symmetric"]

# What is compared before and behind a cut: close by in short steps, farther off in longer ones.
_EDGES_S: Final = (-1.0, -0.3, -0.08, 0.0, 0.08, 0.3, 1.0)
_EDGES: Final = tuple(round(s * SAMPLE_RATE_HZ / HOP_FRAMES) for s in _EDGES_S)
_REACH: Final = _EDGES[-1]
_NEAR: Final = _EDGES[-2]
_STEPS: Final = len(_EDGES) - 1
CONTEXT: Final = _STEPS * BANDS
# 50 dB under the bank's mean nothing tells one silence from another.
_FLOOR: Final = 1e-5
_LEAST_SPREAD_DB: Final = 0.3
_CALM_S: Final = 0.12
_DISCOUNT_DB: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Cut points, clip after clip in order of time.

    Attributes:
        frames: (cuts,) int64, from the beginning of their clip.
        context: (cuts, CONTEXT) float32, dB: bands in steps of time around the cut, apart from its level.
        level_db: (cuts,) float32: close by.
        unrest_db: (cuts,) float32: how far an event stands out right at the cut.
    """

    frames: NDArray[np.int64]
    context: NDArray[np.float32]
    level_db: NDArray[np.float32]
    unrest_db: NDArray[np.float32]


def floor_power(powers: list[BandPowers]) -> float:
    """Return the power of a band that counts as silence in a bank of such clips."""
    mean = float(np.mean([float(clip.sum(axis=1).mean()) for clip in powers]))
    return max(mean * _FLOOR / BANDS, 1e-16)


def find_cuts(
    powers: BandPowers, *, frames: int, fade_frames: int, spacing_frames: int, circular: bool, floor: float
) -> Cuts:
    """Choose cut points about `spacing_frames` apart, each at the calmest moment near by.

    Args:
        powers: of the clip.
        frames: length of the clip.
        fade_frames: a crossfade of this length around each cut stays within the clip.
        spacing_frames: wanted distance.
        circular: the clip has no edges.
        floor: see `floor_power`.
    """
    padding: _Padding = "wrap" if circular else "symmetric"
    bands_db = np.pad(10.0 * np.log10(powers + floor), ((_REACH, _REACH), (0, 0)), mode=padding)
    levels_db = np.pad(10.0 * np.log10(powers.sum(axis=1) + floor), _REACH, mode=padding)
    unrest_db = _unrest_db(levels_db)
    grid = _grid(frames, fade_frames, spacing_frames, circular=circular)
    at = _calmed(grid, unrest_db, circular=circular)
    hops = np.minimum(at // HOP_FRAMES, len(powers) - 1)
    level_db = _level_db(powers, hops, floor, padding)
    context = _means(bands_db, hops, _EDGES).reshape(len(at), CONTEXT) - level_db[:, None]
    return Cuts(
        frames=at,
        context=context.astype(np.float32),
        level_db=level_db,
        unrest_db=unrest_db[hops].astype(np.float32),
    )


def weighted(contexts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Put the contexts of all clips in one unit: by how much each step of time varies within a clip.

    A long step hardly varies within one recording: where it does, the ear has come to another.
    """
    spreads = [
        np.square(clip - clip.mean(axis=0)).mean(axis=0).reshape(_STEPS, BANDS).mean(axis=1)
        for clip in contexts
    ]
    weight = (np.mean(spreads, axis=0) + _LEAST_SPREAD_DB**2) ** -0.25
    return np.asarray(np.concatenate(contexts) * np.repeat(weight, BANDS), np.float32)


def _grid(frames: int, fade_frames: int, spacing_frames: int, *, circular: bool) -> NDArray[np.int64]:
    if circular:
        count = max(2, frames // spacing_frames)
        return np.arange(count) * frames // count
    span = frames - fade_frames
    count = max(2, span // spacing_frames + 1)
    return fade_frames // 2 + np.arange(count) * span // (count - 1)


def _calmed(grid: NDArray[np.int64], unrest_db: NDArray[np.float64], *, circular: bool) -> NDArray[np.int64]:
    """Move every cut to the calmest hop within a quarter of the spacing; the outermost of a clip stay."""
    room = int(grid[1] - grid[0]) // (4 * HOP_FRAMES)
    at = grid.copy()
    for i in range(0 if circular else 1, len(grid) if circular else len(grid) - 1):
        hop = grid[i] // HOP_FRAMES
        low = max(hop - room, 0)
        near = unrest_db[low : hop + room + 1]
        if len(near):
            at[i] += (low + int(near.argmin()) - hop) * HOP_FRAMES
    return at


def _unrest_db(levels_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure, for every hop of the clip, the loudest moment close by against what is around it."""
    close = frames_of(_CALM_S) // HOP_FRAMES
    windows = np.lib.stride_tricks.sliding_window_view(levels_db, 2 * _REACH + 1)
    # The farther off, the better: an event at the edge of what is looked at counts for less.
    discount_db = _DISCOUNT_DB * np.abs(np.arange(-close, close + 1)) / close
    middle = windows[:, _REACH - close : _REACH + close + 1] - discount_db
    return np.asarray(np.maximum(0.0, middle.max(axis=1) - windows.mean(axis=1)))


def _means(
    padded: NDArray[np.float64], hops: NDArray[np.int64], edges: tuple[int, ...]
) -> NDArray[np.float64]:
    """Average `padded` over the steps between `edges`, in hops around each of `hops`."""
    total = np.concatenate((np.zeros((1, padded.shape[1])), np.cumsum(padded, axis=0, dtype=np.float64)))
    at = total[hops[:, None] + _REACH + np.array(edges)]
    return np.asarray(np.diff(at, axis=1) / np.diff(edges)[:, None])


def _level_db(
    powers: BandPowers, hops: NDArray[np.int64], floor: float, padding: _Padding
) -> NDArray[np.float32]:
    total = np.pad(powers.sum(axis=1, dtype=np.float64), _REACH, mode=padding)[:, None]
    return (10.0 * np.log10(_means(total, hops, (-_NEAR, _NEAR))[:, 0, 0] + floor)).astype(np.float32)
