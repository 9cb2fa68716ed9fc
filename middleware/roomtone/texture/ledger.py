"""The ledger of a walk: when each cell of a bank was heard last, so that nothing comes back too soon.

A use is written down as its anchor: the frame of the stream at which frame 0 of the bank would have sounded. Two uses
of the same sound are as far apart as their anchors are.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.kernel import kernel
from roomtone.texture.layout import CELL_FRAMES, CIRCULAR, END, FIRST_CELL, START, Clip, Clips

# Rows.
HEARD, ALIKE_HEARD, AHEAD, ROWS = range(4)

Ledger: TypeAlias = NDArray[np.int64]
"""`(ROWS, cells)`: the anchor of the last use of each cell; of it or a look-alike; and of the next use, if known."""

_NEVER: Final = 2**60


@kernel
def clear(ledger: Ledger, clips: Clips, time: int, age: int) -> None:
    """Forget all uses: at `time`, every cell is as if it had been heard once, `age` frames ago."""
    for i in range(clips.shape[0]):
        start, end, cell = clips[i, START], clips[i, END], clips[i, FIRST_CELL]
        for k in range((end - start + CELL_FRAMES - 1) // CELL_FRAMES):
            ledger[:AHEAD, cell + k] = time - age - (start + k * CELL_FRAMES)
    ledger[AHEAD] = _NEVER


@kernel
def longest_rest(ledger: Ledger, clips: Clips, time: int) -> int:
    """Say for how long the cell that has rested for longest has not been heard at `time`."""
    longest = 0
    for i in range(clips.shape[0]):
        start, end, cell = clips[i, START], clips[i, END], clips[i, FIRST_CELL]
        for k in range((end - start + CELL_FRAMES - 1) // CELL_FRAMES):
            longest = max(longest, time - ledger[HEARD, cell + k] - (start + k * CELL_FRAMES))
    return longest


@kernel
def cell_at(clip: Clip, frame: int) -> tuple[int, int, int]:
    """Find the cell of a frame, which may lie beyond the end of a loop.

    Returns:
        Its number, how many frames of whole rounds lie before it, and the frame where it ends.
    """
    start, length = clip[START], clip[END] - clip[START]
    rounds = (frame - start) // length if clip[CIRCULAR] else 0
    into = (frame - start - rounds * length) // CELL_FRAMES
    end = min(clip[END], start + (into + 1) * CELL_FRAMES) + rounds * length
    return clip[FIRST_CELL] + into, rounds * length, end


@kernel
def note(
    ledger: Ledger,
    alike: NDArray[np.int32],
    later: NDArray[np.int64],
    copies: NDArray[np.int64],
    clip: Clip,
    first: int,
    last: int,
    anchor: int,
) -> None:
    """Write down that a clip is heard from frame `first` to frame `last`."""
    at = first
    while at <= last:
        cell, round_, at = cell_at(clip, at)
        when = anchor + round_
        ledger[HEARD, cell] = max(ledger[HEARD, cell], when)
        ledger[ALIKE_HEARD, cell] = max(ledger[ALIKE_HEARD, cell], when)
        for k in range(alike.shape[1]):
            other = alike[cell, k]
            if other < 0:
                break
            then = when - later[cell, k]
            ledger[ALIKE_HEARD, other] = max(ledger[ALIKE_HEARD, other], then)
            if k < copies[cell]:
                ledger[HEARD, other] = max(ledger[HEARD, other], then)


@kernel
def expect(ledger: Ledger, clip: Clip, first: int, last: int, anchor: int) -> None:
    """Write down that a clip will be heard from frame `first` to frame `last`."""
    at = first
    while at <= last:
        cell, round_, at = cell_at(clip, at)
        ledger[AHEAD, cell] = min(ledger[AHEAD, cell], anchor + round_)


@kernel
def ages(ledger: Ledger, clip: Clip, first: int, last: int, anchor: int, cap: int) -> tuple[int, int, float]:
    """Say how long ago what is heard from frame `first` to frame `last` was heard before.

    Returns:
        The least age of a cell; that of a cell or its look-alikes; and the mean age of the cells; all at most `cap`.
    """
    least, least_alike, total, count = cap, cap, 0, 0
    at = first
    while at <= last:
        cell, round_, at = cell_at(clip, at)
        stop = cell + 1 if clip[CIRCULAR] else cell + 1 + max(0, last - at + CELL_FRAMES) // CELL_FRAMES
        when = anchor + round_
        for c in range(cell, stop):
            age = min(ledger[AHEAD, c] - when, cap)
            # What goes on where it is, is not heard again.
            if ledger[HEARD, c] != when:
                age = min(age, when - ledger[HEARD, c])
                least_alike = min(least_alike, when - ledger[ALIKE_HEARD, c])
            least = min(least, age)
            total += age
        count += stop - cell
        if not clip[CIRCULAR]:
            break
    return least, min(least, least_alike), total / count
