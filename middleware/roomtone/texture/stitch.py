"""An endless stream out of a bank: what is heard at any frame follows from the bank, the seed and the frame alone."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples, frames_of
from roomtone.dsp.random import rng_state
from roomtone.memory import release_unused
from roomtone.texture.bank import Bank, make_bank
from roomtone.texture.chart import COUNT, TIME, Walk, walk_state
from roomtone.texture.rendering import Desk, desk_for, reach, render

GUARD_S: Final = 60.0
"""After a minute a piece of texture is not recognised any more, unless something in it stands out."""

DRIFT_DB: Final = 1.0
_EARLIER_FRAMES: Final = frames_of(2.0)


@dataclass(slots=True, kw_only=True)
class Stitch:
    """One endless stream. One thread at a time.

    Attributes:
        bank: what it is made of.
        guard_s: how long nothing is heard again; less than was asked for where the bank is small.
        drift_db: how far level and tilt drift.
        keys: (3,) uint64: of the walk, the drift of level and that of tilt.
        walk: where it is.
        ahead: how the next act of the walk begins.
        desk: where blocks are put together.
        first_block: the first one that can be rendered where the walk is.
        end_block: the first one after it that cannot be rendered yet.
    """

    bank: Bank
    guard_s: float
    drift_db: float
    keys: NDArray[np.uint64]
    walk: Walk
    ahead: Walk
    desk: Desk
    first_block: int = 0
    end_block: int = 0


def stitch_state(
    bank: Bank, *, seed: int, first_frame: int = 0, guard_s: float = GUARD_S, drift_db: float = DRIFT_DB
) -> Stitch:
    """Start an endless stream. Not for the audio path: it may take a tenth of a second.

    Args:
        bank: from `make_bank`.
        seed: decides what follows what.
        first_frame: which frame will be asked for first; any other works too, but is not as quick.
        guard_s: how long nothing is heard again, as far as the bank is large enough.
        drift_db: how far level and spectral tilt drift to either side over minutes; 0 for not at all.
    """
    guard_frames = max(1, min(frames_of(guard_s), bank.guard_frames))
    stitch = Stitch(
        bank=bank,
        guard_s=guard_frames / SAMPLE_RATE_HZ,
        drift_db=drift_db,
        keys=np.concatenate([rng_state(seed, "stitch", part) for part in ("walk", "level", "tilt")]),
        walk=walk_state(bank.chart, guard_frames=guard_frames),
        ahead=walk_state(bank.chart, guard_frames=guard_frames),
        desk=desk_for(bank.channels),
    )
    # The way is walked before the first block is wanted, which may be a little earlier than was thought.
    render_stitch(stitch, max(0, first_frame - _EARLIER_FRAMES), np.empty((1, bank.channels), np.float32))
    return stitch


def render_stitch(stitch: Stitch, first_frame: int, out: Samples) -> None:
    """Overwrite `out` with the frames from `first_frame` on.

    Args:
        stitch: from `stitch_state`.
        first_frame: 0 to 2^53. To go on where the last call ended is quick; a jump ahead takes some ten microseconds
            for every second that is left out, up to an hour; a jump back, as long as to start anew.
        out: (frames, channels) float32.
    """
    chart, walk = stitch.bank.chart, stitch.walk
    frame, end = first_frame, first_frame + len(out)
    while frame < end:
        pass_stitch(stitch, frame)
        stop = min(end, stitch.end_block * BLOCK_FRAMES)
        render(
            chart.pcm,
            chart.steps,
            chart.clips,
            walk.place,
            walk.segments,
            walk.levels,
            stitch.desk,
            stitch.keys,
            stitch.drift_db,
            max(1.0, stitch.bank.peak),
            frame,
            out[frame - first_frame : stop - first_frame],
        )
        frame = stop


def pass_stitch(stitch: Stitch, frame: int) -> None:
    """Walk to where the block at `frame` can be rendered: so a stream that is not heard need not catch up when it is.

    Args:
        stitch: from `stitch_state`.
        frame: any; on from where it was, as quick as can be.
    """
    number = frame // BLOCK_FRAMES
    if not stitch.first_block <= number < stitch.end_block:
        anew = number < stitch.first_block
        stitch.end_block = reach(stitch.bank.chart, stitch.walk, stitch.ahead, stitch.keys[0], number, anew)
        stitch.first_block = number


def seam_frames(
    bank: Bank, *, seed: int, frames: int, first_frame: int = 0, guard_s: float = GUARD_S
) -> tuple[int, ...]:
    """Say where the joins of a stream are: the middles of its crossfades, for those who measure them.

    Args:
        bank: as in `stitch_state`.
        seed: the same.
        frames: how far to look.
        first_frame: where to begin.
        guard_s: as in `stitch_state`.
    """
    stitch = stitch_state(bank, seed=seed, first_frame=first_frame, guard_s=guard_s)
    found: set[int] = set()
    for frame in range(first_frame, first_frame + frames, BLOCK_FRAMES):
        pass_stitch(stitch, frame)
        found.update(stitch.walk.segments[: stitch.walk.place[COUNT], TIME].tolist())
    return tuple(sorted(frame for frame in found if first_frame <= frame < first_frame + frames))


@cache
def load_kernels() -> None:
    """Compile this room's kernels, or load them from the cache: once, before a stream is made in a live process."""
    rng = np.random.default_rng(0)
    quiet, loud = (
        np.asarray(gain * rng.standard_normal((SAMPLE_RATE_HZ // 2, 2)), np.float32) for gain in (0.01, 0.1)
    )
    stitch = stitch_state(make_bank((quiet, loud), loops=(True, False)), seed=0)
    render_stitch(stitch, 0, np.empty((BLOCK_FRAMES, 2), np.float32))
    pass_stitch(stitch, BLOCK_FRAMES)
    release_unused()
