"""What a walk reads and where it stands, in the form that kernels take."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ
from roomtone.dsp.random import Rng
from roomtone.texture.layout import FADE, MOST, Clips
from roomtone.texture.ledger import ROWS, Ledger

ACT_FRAMES: Final = 3_600 * SAMPLE_RATE_HZ
"""How long a walk goes on before it starts anew: an act. Shorter where clips are so short that segments are many."""

_MOST_SEGMENTS: Final = 5_000

HALO_FRAMES: Final = 16
"""What is read of the stream on either side of what is rendered."""

# Columns of segments: clip, frame of the stream, frame of the bank, length of the crossfade at its beginning.
CLIP, TIME, ENTRY, FADE_IN, SEGMENT_COLUMNS = range(5)
# Columns of their levels: correlation in the crossfade, offset at the beginning.
RHO, OFFSET_DB, LEVEL_COLUMNS = range(3)
_FINAL_SEGMENTS: Final = 4
SEGMENTS: Final = 8
"""How many segments are remembered: more than sound within one block, however short they are."""

# Where a walk stands: the act, and how many segments were planned. What it keeps to: how long an act is, by how much it
# begins early, and how long before its end the way to the next is looked for; for how long nothing should be heard
# again, and how soon something was.
ACT, COUNT, LENGTH, LEAD, FINAL, GUARD, SOONEST, PLACE_COLUMNS = range(8)
# What was chosen: the frame to leave at, the cut that this is, and which of its successors.
LEAVE, CUT, SUCCESSOR, CHOICE_COLUMNS = range(4)


class Chart(NamedTuple):
    """What a walk reads of its bank; never changed, so any number of them may.

    Attributes:
        pcm: (channels, frames): all clips end to end; channels first, because kernels run along time.
        steps: (clips,): what a step of the 16 bits is, so that a quiet clip keeps all of them.
        clips: see `roomtone.texture.layout`.
        cuts: (cuts, 2): where clips may be left or entered: frame in `pcm`, clip.
        context: (cuts, CONTEXT): what the sound is like around each cut.
        levels_db: (cuts,): level around each cut.
        goals: see `roomtone.texture.joins.Joins`.
        fits: the same.
        alike: (cells, ALIKE): look-alikes of each cell.
        later: the same, see `roomtone.texture.likeness.LookAlikes`.
        copies: (cells,): the same.
    """

    pcm: NDArray[np.int16]
    steps: NDArray[np.float32]
    clips: Clips
    cuts: NDArray[np.int64]
    context: NDArray[np.float32]
    levels_db: NDArray[np.float32]
    goals: NDArray[np.int32]
    fits: NDArray[np.float32]
    alike: NDArray[np.int32]
    later: NDArray[np.int64]
    copies: NDArray[np.int64]


class Walk(NamedTuple):
    """Where a walk has come to; changed in place.

    Attributes:
        place: (PLACE_COLUMNS,).
        segments: (SEGMENTS, SEGMENT_COLUMNS): the last ones, in turn.
        levels: (SEGMENTS, LEVEL_COLUMNS).
        ledger: what was heard.
        draft: what will have been heard, while the next join is chosen.
        choice: (CHOICE_COLUMNS,): the best so far.
        rng: chance.
    """

    place: NDArray[np.int64]
    segments: NDArray[np.int64]
    levels: NDArray[np.float64]
    ledger: Ledger
    draft: Ledger
    choice: NDArray[np.int64]
    rng: Rng


def walk_state(chart: Chart, *, guard_frames: int) -> Walk:
    """Make a walk that has not begun."""
    place = np.zeros(PLACE_COLUMNS, np.int64)
    place[ACT], place[GUARD], place[SOONEST] = -1, guard_frames, guard_frames
    # The join to an act's opening is over before the act begins.
    place[LEAD] = HALO_FRAMES + int(chart.clips[:, FADE].max()) // 2
    longest = int(chart.clips[:, MOST].max())
    place[FINAL] = _FINAL_SEGMENTS * longest
    place[LENGTH] = min(ACT_FRAMES, _MOST_SEGMENTS * longest // BLOCK_FRAMES * BLOCK_FRAMES)
    cells = len(chart.alike)
    return Walk(
        place=place,
        segments=np.zeros((SEGMENTS, SEGMENT_COLUMNS), np.int64),
        levels=np.zeros((SEGMENTS, LEVEL_COLUMNS)),
        ledger=np.zeros((ROWS, cells), np.int64),
        draft=np.zeros((ROWS, cells), np.int64),
        choice=np.zeros(CHOICE_COLUMNS, np.int64),
        rng=np.zeros(1, np.uint64),
    )
