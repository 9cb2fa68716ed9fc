"""How the next join is chosen: it should fit, lead to what has rested, and be a matter of chance."""

from typing import Final

import numpy as np

from roomtone.dsp.drift import bits_at
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import uniform
from roomtone.texture.chart import (
    ACT,
    CLIP,
    CUT,
    ENTRY,
    FADE_IN,
    FINAL,
    GUARD,
    LEAVE,
    SUCCESSOR,
    TIME,
    Chart,
    Walk,
)
from roomtone.texture.layout import (
    CELL_FRAMES,
    CIRCULAR,
    END_CUT,
    FADE,
    FIRST_CUT,
    LEAST,
    MOST,
    Clip,
    cut_frame,
    first_exit,
    run_of,
    span_between,
    within,
)
from roomtone.texture.ledger import Ledger, ages, longest_rest, note

# What is weighed: how well a join fits, 1 for any two places of one clip, and by how much it is worse than that; how
# long its goal has rested, and how long it can go on; and chance, which may only overrule small differences.
_FIT: Final = 4.0
_MISFIT: Final = 3.0
_WORST_FIT: Final = 4.0
# Per round of the bank, and more and more so, or clips that fit nowhere would never be heard.
_REST: Final = 1.0
_LONGING: Final = 0.12
_MOST_ROUNDS: Final = 20
_RUN: Final = 0.5
_CHANCE: Final = 1.0
# Beyond all of that: to hear again what was just heard, or its like; and to miss the end of the act.
_BROKEN: Final = 7.0
_HEARD: Final = 30.0
_HEARD_ALIKE: Final = 8.0
_UNFIT: Final = 50.0


@kernel
def opening_of(chart: Chart, key: np.uint64, act: int) -> int:
    """Draw the cut with which an act opens."""
    for draw in range(64):
        cut = int(bits_at(key, act * 64 + draw) >> np.uint64(33)) % chart.cuts.shape[0]
        clip = chart.clips[chart.cuts[cut, 1]]
        if clip[LEAST] <= run_of(chart.cuts, clip, chart.cuts[cut, 0]):
            return int(cut)
    return 0


@kernel
def choose(chart: Chart, walk: Walk, key: np.uint64, row: int, end: int) -> None:
    """Choose where to leave the segment in `row`, and for what, in an act that ends at frame `end` of the stream."""
    clip = chart.clips[walk.segments[row, CLIP]]
    entry, anchor = walk.segments[row, ENTRY], walk.segments[row, TIME] - walk.segments[row, ENTRY]
    walk.draft[:] = walk.ledger
    index, count, best = first_exit(chart.cuts, clip, entry), clip[END_CUT] - clip[FIRST_CUT], np.inf
    leave = cut_frame(chart.cuts, clip, index)
    span = chart.pcm.shape[1]
    rest = longest_rest(walk.ledger, chart.clips, anchor + entry + 2 * clip[MOST])
    most = _rested(rest / span) + _RUN
    heard, last = span_between(clip, entry, walk.segments[row, FADE_IN], leave)
    while True:
        note(walk.draft, chart.alike, chart.later, chart.copies, clip, heard, last, anchor)
        cut = clip[FIRST_CUT] + index % count
        best = _weigh_successors(chart, walk, key, cut, anchor + leave, leave, end, most, best)
        index += 1
        if not clip[CIRCULAR] and index == count:
            return
        leave, heard = cut_frame(chart.cuts, clip, index), last
        _, last = span_between(clip, entry, 0, leave)
        # As soon as what comes next was heard lately, this was the last place to leave.
        age, _, _ = ages(walk.ledger, clip, heard, last, anchor, walk.place[GUARD])
        if age < walk.place[GUARD] or leave > entry + clip[MOST]:
            return


@kernel
def _weigh_successors(
    chart: Chart,
    walk: Walk,
    key: np.uint64,
    cut: int,
    time: int,
    leave: int,
    end: int,
    most: float,
    best: float,
) -> float:
    """Weigh all that may follow after one cut, best fit first; the least wins and is written down."""
    fade, goals, fits = chart.clips[chart.cuts[cut, 1], FADE], chart.goals[cut], chart.fits[cut]
    guard = walk.place[GUARD]
    for k in range(goals.shape[0]):
        goal, fit = goals[k, 0], _cost_of(fits[k, 0])
        # Neither this nor a later one can win.
        if goal < 0 or fit - most >= best:
            break
        score = fit + _CHANCE * uniform(walk.rng)
        if score - most >= best:
            continue
        clip, entry = chart.clips[chart.cuts[goal, 1]], chart.cuts[goal, 0] + goals[k, 1]
        first, last = span_between(clip, entry, min(fade, clip[FADE]), entry + clip[LEAST])
        score += _weariness(walk.draft, clip, first, last, time - entry, guard, chart.pcm.shape[1])
        if score - _RUN < best:
            longest = min(clip[MOST], run_of(chart.cuts, clip, entry))
            run = _fresh_run(walk.draft, clip, entry, last, longest, time - entry, guard)
            score -= _RUN * run / clip[MOST]
        if end - time < walk.place[FINAL]:
            score += _detour(chart, walk, key, clip, entry, time - entry, end - time)
        if score < best:
            best = score
            walk.choice[LEAVE], walk.choice[CUT], walk.choice[SUCCESSOR] = leave, cut, k
    return best


@kernel
def _cost_of(fit: float) -> float:
    least = min(fit, _WORST_FIT)
    return _FIT * least + _MISFIT * max(0.0, least - 1.0)


@kernel
def _weariness(draft: Ledger, clip: Clip, first: int, last: int, anchor: int, guard: int, span: int) -> float:
    """Weigh how lately the frames from `first` to `last` were heard."""
    age, age_alike, mean = ages(draft, clip, first, last, anchor, _MOST_ROUNDS * span)
    return _again(age, age_alike, guard) - _rested(mean / span)


@kernel
def _rested(rounds: float) -> float:
    """Weigh how welcome something is that has not been heard for as long as it takes to play the bank so often."""
    limited = min(rounds, float(_MOST_ROUNDS))
    return _REST * limited + _LONGING * limited * limited


@kernel
def _again(age: int, age_alike: int, guard: int) -> float:
    """Weigh how much too soon something, or its like, is heard again."""
    broken = _BROKEN + _HEARD * (guard - age) / guard if age < guard else 0.0
    return broken + _HEARD_ALIKE * max(0, guard - age_alike) / guard


@kernel
def _fresh_run(
    draft: Ledger, clip: Clip, entry: int, sure: int, longest: int, anchor: int, guard: int
) -> int:
    """Say for how long a clip can be heard after `entry` before it comes to what was heard lately."""
    last, end = sure, entry + longest
    while last < end:
        following = min(last + CELL_FRAMES, end)
        if ages(draft, clip, last, following, anchor, guard)[0] < guard:
            break
        last = following
    return int(min(last, end) - entry)


@kernel
def _detour(
    chart: Chart, walk: Walk, key: np.uint64, clip: Clip, entry: int, anchor: int, left: int
) -> float:
    """Weigh how well a segment would lead to the next act, which opens `left` frames after it begins."""
    run = run_of(chart.cuts, clip, entry)
    if left < clip[LEAST] or (left > run and left < 2 * clip[LEAST]):
        return _UNFIT
    if left > run or left > clip[MOST]:
        return 0.0
    first, last = span_between(clip, entry, 0, entry + left)
    age, age_alike, _ = ages(walk.draft, clip, first, last, anchor, walk.place[GUARD])
    here, there = _cut_near(chart, clip, entry + left), opening_of(chart, key, walk.place[ACT] + 1)
    gap = 0.0
    for d in range(chart.context.shape[1]):
        gap += (chart.context[here, d] - chart.context[there, d]) ** 2
    return _again(age, age_alike, walk.place[GUARD]) + float(
        _FIT * np.sqrt(gap / chart.context.shape[1] / 2.0)
    )


@kernel
def _cut_near(chart: Chart, clip: Clip, frame: int) -> int:
    """Return the last cut of a clip at or before a frame."""
    cut, at = int(clip[FIRST_CUT]), within(clip, frame)
    while cut + 1 < clip[END_CUT] and chart.cuts[cut + 1, 0] <= at:
        cut += 1
    return cut
