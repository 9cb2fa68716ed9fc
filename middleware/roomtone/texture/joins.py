"""Which places of a bank go on well in which others: for every cut its best successors, aligned and measured."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import frames_of
from roomtone.dsp.kernel import kernel
from roomtone.texture.alignment import LAG_FRAMES, best_lag, correlation, thinned
from roomtone.texture.layout import (
    CIRCULAR,
    END,
    END_CUT,
    FADE,
    FIRST_CUT,
    LEAST,
    START,
    Clips,
    Line,
    Lines,
)

SUCCESSORS: Final = 24
"""How many successors a cut has at most: the best one from each part of the bank, so that every part is reached."""

# A join within a clip that moves by less is no change at all.
_APART_FRAMES: Final = frames_of(1.0)
UNREST_COST: Final = 0.05
"""Of an event right at a cut, per dB that it stands out."""

STEP_COST: Final = 0.1
"""Of a step in level, per dB: it is bridged, but costs the sound some of its own dynamics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """The graph of joins.

    Attributes:
        goals: (cuts, SUCCESSORS, 2) int32: the cut that is entered, -1 for none, and the frames to enter it late.
        fits: (cuts, SUCCESSORS, 2) float32: what it costs, 1 for two places of one clip; correlation in the
            crossfade.
    """

    goals: NDArray[np.int32]
    fits: NDArray[np.float32]


def find_joins(
    lines: Lines,
    clips: Clips,
    cuts: NDArray[np.int64],
    context: NDArray[np.float32],
    levels_db: NDArray[np.float32],
    unrest_db: NDArray[np.float32],
) -> Joins:
    """Build the graph. Slow, without the interpreter lock.

    Args:
        lines: (channels, frames) all clips end to end.
        clips: (clips, CLIP_COLUMNS).
        cuts: (cuts, 2): frame in `lines`, clip.
        context: (cuts, CONTEXT): see `roomtone.texture.cuts`, as are the following.
        levels_db: (cuts,).
        unrest_db: (cuts,).
    """
    entries = _entries(clips, cuts)
    count = min(SUCCESSORS, len(entries))
    goals = np.full((len(cuts), count, 2), -1, np.int32)
    fits = np.zeros((len(cuts), count, 2), np.float32)
    by_feature = np.ascontiguousarray(context.T)
    usual = _usual(_within_clips(by_feature, clips, cuts))
    _choose(by_feature, levels_db, unrest_db, usual, clips, cuts, entries, goals, fits)
    _sort(goals, fits)
    mono = lines[0] + lines[-1]
    _align(mono, thinned(mono), lines, clips, cuts, goals, fits)
    return Joins(goals=goals, fits=fits)


def _entries(clips: Clips, cuts: NDArray[np.int64]) -> NDArray[np.int64]:
    """List the cuts after which their clip goes on long enough."""
    own = clips[cuts[:, 1]]
    last = cuts[own[:, END_CUT] - 1, 0]
    return np.flatnonzero((own[:, CIRCULAR] > 0) | (cuts[:, 0] + own[:, LEAST] <= last))


@kernel
def _distances_from(i: int, context: NDArray[np.float32], distances: NDArray[np.float32]) -> None:
    # The inner loop runs over places, not over features: so it becomes vector instructions.
    distances[:] = 0.0
    for d in range(context.shape[0]):
        here, row = context[d, i], context[d]
        for j in range(distances.shape[0]):
            gap = row[j] - here
            distances[j] += gap * gap
    for j in range(distances.shape[0]):
        distances[j] = np.sqrt(distances[j] / context.shape[0])


@kernel
def _are_neighbours(clips: Clips, cuts: NDArray[np.int64], i: int, j: int) -> bool:
    """Say whether two cuts lie so near to each other that one could not be told from going on."""
    if cuts[i, 1] != cuts[j, 1]:
        return False
    clip = clips[cuts[i, 1]]
    length, gap = clip[END] - clip[START], abs(cuts[i, 0] - cuts[j, 0])
    if clip[CIRCULAR]:
        gap = min(gap, length - gap)
    return bool(gap < min(_APART_FRAMES, length // 6))


@kernel
def _within_clips(context: NDArray[np.float32], clips: Clips, cuts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Add up the distances within each clip: (clips, 2), their total and number."""
    distances = np.empty(cuts.shape[0], np.float32)
    within = np.zeros((clips.shape[0], 2))
    for i in range(cuts.shape[0]):
        _distances_from(i, context, distances)
        own = cuts[i, 1]
        for j in range(clips[own, FIRST_CUT], clips[own, END_CUT]):
            if not _are_neighbours(clips, cuts, i, j):
                within[own, 0] += distances[j]
                within[own, 1] += 1.0
    return within


def _usual(within: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say how much two places of each clip differ; of the mean clip, where one has no two places."""
    total, count = within.T
    mean = max(float(total.sum()) / max(1.0, float(count.sum())), 1e-9)
    return np.where(count > 0.0, np.maximum(total / np.maximum(count, 1.0), 0.1 * mean), mean)


@kernel
def _choose(
    context: NDArray[np.float32],
    levels_db: NDArray[np.float32],
    unrest_db: NDArray[np.float32],
    usual: NDArray[np.float64],
    clips: Clips,
    cuts: NDArray[np.int64],
    entries: NDArray[np.int64],
    goals: NDArray[np.int32],
    fits: NDArray[np.float32],
) -> None:
    """Choose, for every cut, the best successor from each part of the bank."""
    distances = np.empty(cuts.shape[0], np.float32)
    for i in range(cuts.shape[0]):
        _distances_from(i, context, distances)
        for e in range(entries.shape[0]):
            j = entries[e]
            if _are_neighbours(clips, cuts, i, j):
                continue
            cost = 2.0 * distances[j] / (usual[cuts[i, 1]] + usual[cuts[j, 1]])
            cost += STEP_COST * abs(levels_db[i] - levels_db[j]) + UNREST_COST * max(
                unrest_db[i], unrest_db[j]
            )
            part = e * goals.shape[1] // entries.shape[0]
            if goals[i, part, 0] < 0 or cost < fits[i, part, 0]:
                goals[i, part, 0], fits[i, part, 0] = j, cost


def _sort(goals: NDArray[np.int32], fits: NDArray[np.float32]) -> None:
    """Put the best successor of each cut first, and what is none last."""
    order = np.argsort(np.where(goals[:, :, 0] < 0, np.inf, fits[:, :, 0]), axis=1, kind="stable")[:, :, None]
    goals[:] = np.take_along_axis(goals, order, axis=1)
    fits[:] = np.take_along_axis(fits, order, axis=1)


@kernel
def _align(
    mono: Line,
    thin: Line,
    lines: Lines,
    clips: Clips,
    cuts: NDArray[np.int64],
    goals: NDArray[np.int32],
    fits: NDArray[np.float32],
) -> None:
    """Move each entry to where its waves go on from those at the exit, and measure how far they do."""
    sums = np.empty(2 * LAG_FRAMES + 1, np.float32)
    for i in range(goals.shape[0]):
        a = clips[cuts[i, 1]]
        for k in range(goals.shape[1]):
            j = goals[i, k, 0]
            if j < 0:
                break
            b = clips[cuts[j, 1]]
            fade = min(a[FADE], b[FADE])
            low, high = -LAG_FRAMES, LAG_FRAMES
            if not b[CIRCULAR]:
                low = max(low, cuts[b[FIRST_CUT], 0] - cuts[j, 0])
                high = min(high, cuts[b[END_CUT] - 1, 0] - b[LEAST] - cuts[j, 0])
            lag = best_lag(mono, thin, a, cuts[i, 0], b, cuts[j, 0], fade, low, high, sums)
            goals[i, k, 1] = lag
            fits[i, k, 1] = correlation(lines, a, cuts[i, 0], b, cuts[j, 0] + lag, fade)
