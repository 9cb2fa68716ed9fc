"""Which parts of a bank sound the same: a call that two clips share must not be heard twice in a minute either."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.kernel import kernel
from roomtone.texture.features import BANDS, HOP_FRAMES, BandPowers
from roomtone.texture.layout import CELL_HOPS, END, FIRST_CELL, START, Clips, cells_in

ALIKE: Final = 4
"""How many look-alikes a cell has at most."""

# A look-alike is this much nearer than those that a cell is surrounded by: in noise everything sounds the same, and yet
# nothing is nearer than the rest. Only what stands out can be recognised.
_NEAR: Final = 0.6
_COPY: Final = 0.25
_SURROUNDING: Final = 12
# In four minutes of sound, nothing is learnt by heart; and the search grows with the square.
_MOST_CELLS: Final = 1_000
_POOLED_HOPS: Final = 2
_POOLED_BANDS: Final = 2
_QUIET_DB: Final = 3.0


@kernel
def _nearest(
    pooled: NDArray[np.float32],
    starts: NDArray[np.int64],
    steps: int,
    cell_at: NDArray[np.int64],
    distances: NDArray[np.float32],
    best: NDArray[np.float32],
    places: NDArray[np.int64],
) -> None:
    """Slide every cell along the bank, and note the nearest place in each other cell."""
    bands, length = pooled.shape
    positions = length - steps + 1
    for cell in range(starts.shape[0]):
        start = starts[cell]
        if start + steps > length or cell_at[start] < 0:
            continue
        distances[:] = 0.0
        for band in range(bands):
            row = pooled[band]
            for step in range(steps):
                here = row[start + step]
                for p in range(positions):
                    gap = row[p + step] - here
                    distances[p] += gap * gap
        for p in range(positions):
            other = cell_at[p]
            if other >= 0 and abs(p - start) >= steps and distances[p] < best[cell, other]:
                best[cell, other], places[cell, other] = distances[p], p


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlikes:
    """What is heard as what.

    Attributes:
        alike: (cells, ALIKE) int32: the look-alikes of each cell, nearest first, -1 for none.
        later: (cells, ALIKE): how many frames behind the cell's own sound that of the look-alike stands in the bank.
        copies: (cells,): how many of them are more than that: the same sound once more.
    """

    alike: NDArray[np.int32]
    later: NDArray[np.int64]
    copies: NDArray[np.int64]


def find_look_alikes(powers: list[BandPowers], clips: Clips, *, floor: float) -> LookAlikes:
    """Find the cells that are heard as one another.

    Args:
        powers: of each clip.
        clips: see `roomtone.texture.layout`.
        floor: see `roomtone.texture.cuts.floor_power`.
    """
    pooled, frames, cell_at, starts = _laid_out(powers, clips, floor)
    cells = len(starts)
    alike, later = np.full((cells, ALIKE), -1, np.int32), np.zeros((cells, ALIKE), np.int64)
    if cells > _MOST_CELLS:
        return LookAlikes(alike=alike, later=later, copies=np.zeros(cells, np.int64))
    best = np.full((cells, cells), np.inf, np.float32)
    places = np.zeros((cells, cells), np.int64)
    steps = CELL_HOPS // _POOLED_HOPS
    _nearest(pooled, starts, steps, cell_at, np.empty(pooled.shape[1], np.float32), best, places)
    order = np.argsort(best, axis=1, kind="stable")
    surrounding = best[np.arange(cells), order[:, min(_SURROUNDING, cells) - 1]][:, None]
    order = order[:, :ALIKE]
    nearest = np.take_along_axis(best, order, axis=1)
    near = np.isfinite(surrounding) & (nearest <= _NEAR**2 * surrounding)
    at = np.take_along_axis(places, order, axis=1)
    own_frames = frames[np.minimum(starts, len(frames) - 1)][:, None]
    alike[:, : order.shape[1]] = np.where(near, order, -1)
    later[:, : order.shape[1]] = np.where(near, frames[at] - own_frames, 0)
    copies = (np.isfinite(surrounding) & (nearest <= _COPY**2 * surrounding)).sum(axis=1)
    return LookAlikes(alike=alike, later=later, copies=copies)


def _laid_out(
    powers: list[BandPowers], clips: Clips, floor: float
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Lay all clips end to end: pooled bands, and of each place its frame and, where a whole cell fits, its cell."""
    steps = CELL_HOPS // _POOLED_HOPS
    lines, frames, cell_at, starts, places = [], [], [], [], 0
    for clip, row in zip(powers, clips, strict=True):
        padded = np.pad(clip, ((0, -len(clip) % _POOLED_HOPS), (0, 0)), mode="edge")
        line = padded.reshape(-1, _POOLED_HOPS, BANDS // _POOLED_BANDS, _POOLED_BANDS).mean(axis=(1, 3))
        at = np.arange(len(line))
        lines.append(10.0 * np.log10(line + floor))
        frames.append(row[START] + at * (_POOLED_HOPS * HOP_FRAMES))
        whole = at + steps <= len(line)
        cell_at.append(np.where(whole, row[FIRST_CELL] + (at + steps // 2) // steps, -1))
        starts.append(places + np.arange(cells_in(int(row[END] - row[START]))) * steps)
        places += len(line)
    bands_db = np.concatenate(lines)
    bands_db -= bands_db.mean(axis=0)
    scaled = bands_db / (bands_db.std(axis=0) + _QUIET_DB)
    return (
        np.ascontiguousarray(scaled.T, np.float32),
        np.concatenate(frames),
        np.concatenate(cell_at),
        np.concatenate(starts),
    )
