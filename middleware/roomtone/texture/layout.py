"""How clips lie in a bank, end to end: the table that kernels read."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.kernel import kernel
from roomtone.texture.features import HOP_FRAMES

Line: TypeAlias = NDArray[np.float32]
"""`(frames,)`: one channel, or a mix of all."""

Lines: TypeAlias = NDArray[np.float32]
"""`(channels, frames)`: channels first, because kernels run along time."""

Clips: TypeAlias = NDArray[np.int64]
"""`(clips, CLIP_COLUMNS)`: one row is a `Clip`."""

Clip: TypeAlias = NDArray[np.int64]
"""`(CLIP_COLUMNS,)`: first frame and last plus one; 1 for a loop; how long its crossfades are, and how long a stretch
of it is heard at least and at most, in frames; its first cut and last plus one; its first cell."""

START, END, CIRCULAR, FADE, LEAST, MOST, FIRST_CUT, END_CUT, FIRST_CELL, CLIP_COLUMNS = range(10)

CELL_HOPS: Final = 24
CELL_FRAMES: Final = CELL_HOPS * HOP_FRAMES
"""Use is accounted for in cells of this length, a quarter of a second."""


def cells_in(frames: int) -> int:
    """Count the cells of a clip; the last may be short."""
    return -(-frames // CELL_FRAMES)


@kernel
def cut_frame(cuts: NDArray[np.int64], clip: Clip, index: int) -> int:
    """Return the frame of a clip's cut; in a loop they go on, round after round."""
    count = clip[END_CUT] - clip[FIRST_CUT]
    rounds = index // count
    return int(cuts[clip[FIRST_CUT] + index - rounds * count, 0] + rounds * (clip[END] - clip[START]))


@kernel
def first_exit(cuts: NDArray[np.int64], clip: Clip, entry: int) -> int:
    """Return the index of the first cut at which a clip that was entered at frame `entry` may be left."""
    index = 0
    while cut_frame(cuts, clip, index) < entry + clip[LEAST]:
        index += 1
    return index


@kernel
def run_of(cuts: NDArray[np.int64], clip: Clip, entry: int) -> int:
    """Say how long a clip can go on after frame `entry`."""
    return 2**40 if clip[CIRCULAR] else int(cuts[clip[END_CUT] - 1, 0] - entry)


@kernel
def span_between(clip: Clip, entry: int, fade: int, leave: int) -> tuple[int, int]:
    """Return the first and last frame of a clip that are heard between two joins, crossfades included."""
    first, last = entry - fade // 2, leave + clip[FADE] // 2
    return (first, last) if clip[CIRCULAR] else (max(first, clip[START]), min(last, clip[END] - 1))


@kernel
def within(clip: Clip, frame: int) -> int:
    """Bring a frame beyond the ends of a loop back into it."""
    if clip[CIRCULAR]:
        return int(clip[START] + (frame - clip[START]) % (clip[END] - clip[START]))
    return frame
