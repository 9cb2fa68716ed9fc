"""The frames of an endless stream: segments laid side by side, crossfaded, and coloured by a slow drift."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples, frames_of
from roomtone.dsp.drift import drift_at
from roomtone.dsp.kernel import kernel
from roomtone.texture.chart import (
    ACT,
    CLIP,
    COUNT,
    ENTRY,
    FADE_IN,
    HALO_FRAMES,
    LENGTH,
    OFFSET_DB,
    RHO,
    SEGMENTS,
    TIME,
    Chart,
    Walk,
)
from roomtone.texture.fades import LEAST_RHO
from roomtone.texture.layout import END, Clip, Clips, Lines, within
from roomtone.texture.walk import begin_act, relaxed, walk_to

_LEVEL_KNOT_FRAMES: Final = frames_of(13.0)
_TILT_KNOT_FRAMES: Final = frames_of(19.0)
_WIDE: Final = BLOCK_FRAMES + 2 * HALO_FRAMES
# Of the ceiling: below this, samples are left as they are.
_KNEE: Final = 0.85
_LN_10_20: Final = float(np.log(10.0) / 20.0)


def _lowpass() -> NDArray[np.float32]:
    """Design one side of a symmetric filter that halves what lies at about 1.4 kHz."""
    whole = np.hanning(2 * HALO_FRAMES + 3)[1:-1]
    return np.asarray(whole / whole.sum(), np.float32)[HALO_FRAMES:]


_TAPS: Final = _lowpass()


class Desk(NamedTuple):
    """Where blocks are put together.

    Attributes:
        wide: (channels + 1, frames): a block with a halo on either side, and a line of scratch.
        block: (BLOCK_FRAMES, channels): the last block that was asked for in part.
        number: (1,): of that block; -1 for none.
    """

    wide: Lines
    block: Samples
    number: NDArray[np.int64]


def desk_for(channels: int) -> Desk:
    """Make an empty desk."""
    return Desk(
        wide=np.zeros((channels + 1, _WIDE), np.float32),
        block=np.zeros((BLOCK_FRAMES, channels), np.float32),
        number=np.array([-1]),
    )


@kernel
def reach(chart: Chart, walk: Walk, ahead: Walk, key: np.uint64, number: int, anew: bool) -> int:
    """Walk to where block `number` can be rendered.

    Args:
        chart: of the bank.
        walk: where it is.
        ahead: how the next act begins.
        key: of the walk.
        number: of the block.
        anew: the walk has gone beyond this block.

    Returns:
        The number of the first block after it that cannot be rendered yet.
    """
    act = number * BLOCK_FRAMES // walk.place[LENGTH]
    if anew or walk.place[ACT] < act:
        begin_act(chart, walk, key, act)
        ahead.place[ACT] = -1
    return (
        walk_to(chart, walk, ahead, key, (number + 1) * BLOCK_FRAMES + HALO_FRAMES) - HALO_FRAMES
    ) // BLOCK_FRAMES


@kernel
def render(
    pcm: NDArray[np.int16],
    steps: NDArray[np.float32],
    clips: Clips,
    place: NDArray[np.int64],
    segments: NDArray[np.int64],
    levels: NDArray[np.float64],
    desk: Desk,
    keys: NDArray[np.uint64],
    drift_db: float,
    ceiling: float,
    first_frame: int,
    out: Samples,
) -> None:
    """Overwrite `out` with the frames from `first_frame` on, block by block of the stream's own grid.

    A block is always computed as a whole, so that it does not matter in what pieces it is asked for.
    """
    frame, end = first_frame, first_frame + out.shape[0]
    while frame < end:
        number = frame // BLOCK_FRAMES
        start = number * BLOCK_FRAMES
        stop = min(end, start + BLOCK_FRAMES)
        piece = out[frame - first_frame : stop - first_frame]
        if stop - frame == BLOCK_FRAMES:
            _lay(pcm, steps, clips, place[COUNT], segments, levels, start - HALO_FRAMES, desk.wide[:-1])
            _colour(keys, drift_db, start, desk.wide[:-1], desk.wide[-1], piece)
            _round_off(piece, ceiling)
        else:
            if desk.number[0] != number:
                _lay(pcm, steps, clips, place[COUNT], segments, levels, start - HALO_FRAMES, desk.wide[:-1])
                _colour(keys, drift_db, start, desk.wide[:-1], desk.wide[-1], desk.block)
                _round_off(desk.block, ceiling)
                desk.number[0] = number
            piece[:] = desk.block[frame - start : stop - start]
        frame = stop


@kernel
def _lay(
    pcm: NDArray[np.int16],
    steps: NDArray[np.float32],
    clips: Clips,
    count: int,
    segments: NDArray[np.int64],
    levels: NDArray[np.float64],
    first: int,
    wide: Lines,
) -> None:
    """Mix the segments that are heard in the frames from `first` on."""
    wide[:] = 0.0
    end = first + wide.shape[1]
    for n in range(max(0, count - SEGMENTS), count):
        row, following = n % SEGMENTS, (n + 1) % SEGMENTS
        begins = segments[row, TIME] - segments[row, FADE_IN] // 2
        leave, ends, fade_out, rho_out = end, end, 1, 0.0
        if n + 1 < count:
            fade_out, rho_out = segments[following, FADE_IN], levels[following, RHO]
            leave = segments[following, TIME] - fade_out // 2
            ends = leave + fade_out
        if ends > first and begins < end:
            clip, step = clips[segments[row, CLIP]], float(steps[segments[row, CLIP]])
            begin, stop = max(begins, first), min(ends, end)
            _add(
                pcm,
                clip,
                step,
                segments[row],
                levels[row],
                begin,
                stop,
                leave,
                fade_out,
                rho_out,
                first,
                wide,
            )


@kernel
def _add(
    pcm: NDArray[np.int16],
    clip: Clip,
    step: float,
    segment: NDArray[np.int64],
    levels: NDArray[np.float64],
    begin: int,
    end: int,
    leave: int,
    fade_out: int,
    rho_out: float,
    first: int,
    wide: Lines,
) -> None:
    """Add what is heard of a segment from frame `begin` to `end`, in pieces without an edge of a fade or of a loop."""
    time, fade_in, start = segment[TIME], segment[FADE_IN], first + HALO_FRAMES
    gain = step * np.exp(_LN_10_20 * relaxed(levels[OFFSET_DB], start - time))
    slope = step * np.exp(_LN_10_20 * relaxed(levels[OFFSET_DB], start + BLOCK_FRAMES - time)) - gain
    arrive = time + fade_in - fade_in // 2
    at = begin
    while at < end:
        stop = end
        for edge in (arrive, leave):
            if at < edge < stop:
                stop = edge
        source = within(clip, at + segment[ENTRY] - time)
        stop = min(stop, at + clip[END] - source)
        piece, target = pcm[:, source : source + stop - at], wide[:, at - first : stop - first]
        level, by = gain + slope * (at - start) / BLOCK_FRAMES, slope / BLOCK_FRAMES
        if arrive <= at < leave:
            _add_plain(piece, level, by, target)
        else:
            # Of tiny clips, a segment may be left before it is fully there.
            way_in, way_out = (at - arrive) / fade_in + 1.0, 1.0 - (at - leave) / fade_out
            speed_in, speed_out = 1.0 / fade_in, -1.0 / fade_out
            if at >= arrive:
                way_in, speed_in = 1.0, 0.0
            if at < leave:
                way_out, speed_out = 1.0, 0.0
            _add_faded(piece, level, by, way_in, speed_in, levels[RHO], way_out, speed_out, rho_out, target)
        at = stop


@kernel
def _add_plain(piece: NDArray[np.int16], level: float, slope: float, target: Lines) -> None:
    gain, by = np.float32(level), np.float32(slope)
    for c in range(target.shape[0]):
        source, line = piece[c], target[c]
        for i in range(line.shape[0]):
            line[i] += (gain + by * np.float32(i)) * np.float32(source[i])


@kernel
def _add_faded(
    piece: NDArray[np.int16],
    level: float,
    slope: float,
    way_in: float,
    speed_in: float,
    rho_in: float,
    way_out: float,
    speed_out: float,
    rho_out: float,
    target: Lines,
) -> None:
    gain, by, one = np.float32(level), np.float32(slope), np.float32(1.0)
    # Half a frame on, so that the way in and the way out mirror each other.
    here, pace = np.float32(way_in + 0.5 * speed_in), np.float32(speed_in)
    there, haste = np.float32(way_out + 0.5 * speed_out), np.float32(speed_out)
    likeness, unlikeness = np.float32(2.0 * max(rho_in, LEAST_RHO)), np.float32(2.0 * max(rho_out, LEAST_RHO))
    for c in range(target.shape[0]):
        source, line = piece[c], target[c]
        for i in range(line.shape[0]):
            n = np.float32(i)
            b, d = here + pace * n, there + haste * n
            a, e = one - b, one - d
            share = b * d / np.sqrt((a * a + b * b + likeness * a * b) * (d * d + e * e + unlikeness * d * e))
            line[i] += (gain + by * n) * share * np.float32(source[i])


@kernel
def _colour(
    keys: NDArray[np.uint64],
    drift_db: float,
    start: int,
    wide: Lines,
    smooth: NDArray[np.float32],
    out: Samples,
) -> None:
    """Let level and tilt drift: what lies under about 1 kHz against what lies above."""
    end = start + BLOCK_FRAMES
    level_a, level_b = (
        drift_at(keys[1], _LEVEL_KNOT_FRAMES, start),
        drift_at(keys[1], _LEVEL_KNOT_FRAMES, end),
    )
    tilt_a, tilt_b = drift_at(keys[2], _TILT_KNOT_FRAMES, start), drift_at(keys[2], _TILT_KNOT_FRAMES, end)
    turn = _LN_10_20 * drift_db
    high, low = np.exp(turn * (level_a - tilt_a)), np.exp(turn * (level_a + tilt_a))
    high_slope = (np.exp(turn * (level_b - tilt_b)) - high) / BLOCK_FRAMES
    low_slope = (np.exp(turn * (level_b + tilt_b)) - low) / BLOCK_FRAMES
    top, top_by, more, more_by = (
        np.float32(high),
        np.float32(high_slope),
        np.float32(low - high),
        np.float32(low_slope - high_slope),
    )
    for c in range(out.shape[1]):
        middle, target = wide[c, HALO_FRAMES : HALO_FRAMES + BLOCK_FRAMES], out[:, c]
        for i in range(BLOCK_FRAMES):
            smooth[i] = _TAPS[0] * middle[i]
        for m in range(1, HALO_FRAMES + 1):
            tap, before, behind = _TAPS[m], wide[c, HALO_FRAMES - m :], wide[c, HALO_FRAMES + m :]
            for i in range(BLOCK_FRAMES):
                smooth[i] += tap * (before[i] + behind[i])
        for i in range(BLOCK_FRAMES):
            n = np.float32(i)
            target[i] = (top + top_by * n) * middle[i] + (more + more_by * n) * smooth[i]


@kernel
def _round_off(out: Samples, ceiling: float) -> None:
    """Bend what bridges, drift and chance have added up to beyond the ceiling."""
    line, peak = out.ravel(), np.float32(0.0)
    for i in range(line.shape[0]):
        peak = max(peak, abs(line[i]))
    knee = np.float32(_KNEE * ceiling)
    if peak <= knee:
        return
    room = np.float32(ceiling) - knee
    for i in range(line.shape[0]):
        above = abs(line[i]) - knee
        if above > 0.0:
            line[i] = np.sign(line[i]) * (knee + above / (np.float32(1.0) + above / room))
