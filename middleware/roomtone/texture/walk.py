"""The walk through a bank: a row of segments, each a stretch of a clip that is joined to the one before.

A segment begins at a frame of the stream, the middle of its crossfade, with a frame of the bank. The walk starts anew
every hour, so that any place is reached from the nearest start before it; and it ends each hour where the next begins.
"""

from typing import Final

import numpy as np

from roomtone.audio import frames_of
from roomtone.dsp.drift import bits_at
from roomtone.dsp.kernel import kernel
from roomtone.texture.alignment import correlation
from roomtone.texture.chart import (
    ACT,
    CLIP,
    COUNT,
    CUT,
    ENTRY,
    FADE_IN,
    FINAL,
    GUARD,
    LEAD,
    LEAVE,
    LENGTH,
    OFFSET_DB,
    RHO,
    SEGMENTS,
    SOONEST,
    SUCCESSOR,
    TIME,
    Chart,
    Walk,
    walk_state,
)
from roomtone.texture.choice import choose, opening_of
from roomtone.texture.layout import FADE, LEAST, MOST, cut_frame, first_exit, run_of, span_between, within
from roomtone.texture.ledger import ages, clear, expect, note

RELAX_FRAMES: Final = frames_of(5.0)
_MOST_OFFSET_DB: Final = 4.0
_LEAST_STEP_DB: Final = 0.3
# When a walk begins, all of a bank has rested for as long as it would take to play it so often.
_RESTED_ROUNDS: Final = 2
# More than half of a bank at rest would leave no choice of what comes next.
_GUARD_SHARES: Final = (0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05)
_TRIAL_FRAMES: Final = frames_of(600.0)
_TRIAL_ROUNDS: Final = 40
_TRIAL_KEYS: Final = (np.uint64(1), np.uint64(2), np.uint64(3))


@kernel
def begin_act(chart: Chart, walk: Walk, key: np.uint64, act: int) -> None:
    """Start anew with the opening of an act, as if nothing had been before."""
    walk.place[ACT], walk.place[COUNT] = act, 0
    _open(chart, walk, key, 0.0)


@kernel
def walk_to(chart: Chart, walk: Walk, ahead: Walk, key: np.uint64, frame: int) -> int:
    """Plan until every segment is known that is heard before `frame`, and say up to where that is so."""
    row = (walk.place[COUNT] - 1) % SEGMENTS
    while walk.segments[row, TIME] - walk.segments[row, FADE_IN] // 2 < frame:
        _step(chart, walk, ahead, key, row)
        row = (row + 1) % SEGMENTS
    return int(walk.segments[row, TIME] - walk.segments[row, FADE_IN] // 2)


def longest_guard(chart: Chart) -> int:
    """Find out for how long, in frames, walks through a bank can do without what they have played."""
    # Copies count once.
    distinct = float(chart.pcm.shape[1] * (1.0 / (1.0 + chart.copies)).mean())
    ladder: list[int] = [max(1, round(distinct * share)) for share in _GUARD_SHARES]
    return next((guard for guard in ladder if _keeps(chart, guard)), ladder[-1])


def _keeps(chart: Chart, guard_frames: int) -> bool:
    """Say whether some walks of ten minutes, or many rounds of a small bank, never break a guard."""
    frames = min(_TRIAL_FRAMES, _TRIAL_ROUNDS * chart.pcm.shape[1])
    for key in _TRIAL_KEYS:
        walk, ahead = (walk_state(chart, guard_frames=guard_frames) for _ in range(2))
        begin_act(chart, walk, key, 0)
        walk_to(chart, walk, ahead, key, frames)
        if walk.place[SOONEST] < guard_frames:
            return False
    return True


@kernel
def relaxed(offset_db: float, frames: int) -> float:
    """Say what is left of an offset some frames after it was needed."""
    x = min(1.0, max(0.0, frames / RELAX_FRAMES))
    return offset_db * (1.0 - x * x * (3.0 - 2.0 * x))


@kernel
def _act_begins(walk: Walk, act: int) -> int:
    return int(act * walk.place[LENGTH] - walk.place[LEAD])


@kernel
def _step(chart: Chart, walk: Walk, ahead: Walk, key: np.uint64, row: int) -> None:
    """Plan the segment after the one in `row`."""
    clip = chart.clips[walk.segments[row, CLIP]]
    end = _act_begins(walk, walk.place[ACT] + 1)
    left = end - walk.segments[row, TIME]
    if left < 3 * walk.place[GUARD] + walk.place[FINAL]:
        _look_ahead(chart, walk, ahead, key, left < walk.place[GUARD] + walk.place[FINAL])
    entry = walk.segments[row, ENTRY]
    longest = max(clip[MOST], cut_frame(chart.cuts, clip, first_exit(chart.cuts, clip, entry)) - entry)
    if left <= min(longest, run_of(chart.cuts, clip, entry)):
        _end_act(chart, walk, key, row, left)
    else:
        choose(chart, walk, key, row, end)
        _join(chart, walk, row)


@kernel
def _join(chart: Chart, walk: Walk, row: int) -> None:
    """Leave a segment as was chosen."""
    own, entry, time = (
        chart.clips[walk.segments[row, CLIP]],
        walk.segments[row, ENTRY],
        walk.segments[row, TIME],
    )
    leave, cut = walk.choice[LEAVE], walk.choice[CUT]
    goal, lag = chart.goals[cut, walk.choice[SUCCESSOR], 0], chart.goals[cut, walk.choice[SUCCESSOR], 1]
    clip = chart.clips[chart.cuts[goal, 1]]
    first, last = span_between(own, entry, walk.segments[row, FADE_IN], leave)
    note(walk.ledger, chart.alike, chart.later, chart.copies, own, first, last, time - entry)
    into = within(clip, chart.cuts[goal, 0] + lag)
    step_db = chart.levels_db[cut] - chart.levels_db[goal]
    # What is less than this is as likely the chance of measuring as a step, and would add up from join to join.
    bridged_db = np.sign(step_db) * max(0.0, abs(step_db) - _LEAST_STEP_DB)
    offset_db = bridged_db + relaxed(walk.levels[row, OFFSET_DB], leave - entry)
    offset_db = min(max(offset_db, -_MOST_OFFSET_DB), _MOST_OFFSET_DB)
    rho = chart.fits[cut, walk.choice[SUCCESSOR], 1]
    _append(
        chart,
        walk,
        chart.cuts[goal, 1],
        time + leave - entry,
        into,
        min(own[FADE], clip[FADE]),
        rho,
        offset_db,
    )


@kernel
def _append(
    chart: Chart, walk: Walk, clip: int, time: int, entry: int, fade: int, rho: float, offset_db: float
) -> None:
    """Add a segment, and note what is sure to be heard of it."""
    row = walk.place[COUNT] % SEGMENTS
    walk.place[COUNT] += 1
    walk.segments[row, CLIP], walk.segments[row, TIME] = clip, time
    walk.segments[row, ENTRY], walk.segments[row, FADE_IN] = entry, fade
    walk.levels[row, RHO], walk.levels[row, OFFSET_DB] = rho, offset_db
    first, last = span_between(chart.clips[clip], entry, fade, entry + chart.clips[clip, LEAST])
    age, _, _ = ages(walk.ledger, chart.clips[clip], first, last, time - entry, walk.place[SOONEST])
    walk.place[SOONEST] = age
    note(walk.ledger, chart.alike, chart.later, chart.copies, chart.clips[clip], first, last, time - entry)


@kernel
def _open(chart: Chart, walk: Walk, key: np.uint64, rho: float) -> None:
    """Add the opening of an act to a walk that forgets what it has heard."""
    act = walk.place[ACT]
    cut, time = opening_of(chart, key, act), _act_begins(walk, act)
    walk.rng[0] = bits_at(~key, act)
    clear(walk.ledger, chart.clips, time, _RESTED_ROUNDS * chart.pcm.shape[1])
    clip = chart.cuts[cut, 1]
    _append(chart, walk, clip, time, chart.cuts[cut, 0], chart.clips[clip, FADE], rho, 0.0)


@kernel
def _end_act(chart: Chart, walk: Walk, key: np.uint64, row: int, left: int) -> None:
    """Leave the last segment of an act for the opening of the next."""
    goal = opening_of(chart, key, walk.place[ACT] + 1)
    own, clip = chart.clips[walk.segments[row, CLIP]], chart.clips[chart.cuts[goal, 1]]
    fade, leave = min(own[FADE], clip[FADE]), walk.segments[row, ENTRY] + left
    walk.place[ACT] += 1
    _open(chart, walk, key, correlation(chart.pcm, own, leave, clip, chart.cuts[goal, 0], fade))
    walk.segments[(walk.place[COUNT] - 1) % SEGMENTS, FADE_IN] = fade


@kernel
def _look_ahead(chart: Chart, walk: Walk, ahead: Walk, key: np.uint64, at_once: bool) -> None:
    """Learn, a step at a time, what the next act will begin with, so that this one does not end with the same."""
    act = walk.place[ACT] + 1
    if ahead.place[ACT] != act:
        begin_act(chart, ahead, key, act)
    row = (ahead.place[COUNT] - 1) % SEGMENTS
    while ahead.segments[row, TIME] < _act_begins(walk, act) + walk.place[GUARD]:
        choose(chart, ahead, key, row, 2**60)
        _join(chart, ahead, row)
        own, entry = chart.clips[ahead.segments[row, CLIP]], ahead.segments[row, ENTRY]
        first, last = span_between(own, entry, ahead.segments[row, FADE_IN], ahead.choice[LEAVE])
        expect(walk.ledger, own, first, last, ahead.segments[row, TIME] - entry)
        row = (row + 1) % SEGMENTS
        if not at_once:
            return
