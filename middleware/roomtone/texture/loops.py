"""Clips that close on themselves: one splice, at the place where a sound goes on best in its own past."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples, frames_of
from roomtone.errors import AudioError
from roomtone.texture.alignment import LAG_FRAMES, best_lag, correlation, thinned
from roomtone.texture.cuts import Cuts, find_cuts, floor_power, weighted
from roomtone.texture.fades import equal_level_gains
from roomtone.texture.features import band_powers
from roomtone.texture.joins import STEP_COST, UNREST_COST
from roomtone.texture.layout import CLIP_COLUMNS, END
from roomtone.texture.seams import Seam, measure_seams

CROSSFADE_S: Final = 0.5
LEAST_SHARE: Final = 2.0 / 3.0
"""A loop keeps at least this much of what it may have."""

SHORTEST_LOOP_S: Final = 2.0

_AROUND_S: Final = 2.0
_CUT_S: Final = 0.04
_MOST_CUTS: Final = 800
_OTHER_FRAMES: Final = frames_of(0.1)
_TRIED: Final = 10
# A step in level is spread over the whole loop, where nobody hears it; a larger one is no accident.
_MOST_STEP_DB: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Splice:
    """Where a clip is entered and left, and how: see `Loop`."""

    enter: int
    leave: int
    fade_frames: int
    rho: float
    step_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A sound whose first frame follows its last.

    Attributes:
        samples: (frames, channels).
        seam: the joint, ranked among all other places of the loop.
        first_frame: of the clip that it was cut out of; what follows is the clip's, but for the crossfade at its end
            and a level that may tilt a little.
    """

    samples: Samples
    seam: Seam
    first_frame: int


def close_loop(samples: Samples, *, seconds: float | None = None, content_at: float = 0.0) -> Loop:
    """Close a clip on itself.

    Args:
        samples: (frames, 1 or 2), the length of a loop and of a crossfade more.
        seconds: how long the loop may be; as long as the clip allows, if left out. It keeps at least `LEAST_SHARE` of
            that.
        content_at: the first joint that ranks no higher than this is taken; 0 compares all that are likely.

    Raises:
        AudioError: `audio.too-short`: there is not enough for a loop of `SHORTEST_LOOP_S`, or of the wanted length.
    """
    fade_frames = min(frames_of(CROSSFADE_S), len(samples) // 8) // 2 * 2
    longest = len(samples) - fade_frames if seconds is None else frames_of(seconds)
    _check_room(longest, len(samples) - fade_frames)
    splices = _best_splices(samples, fade_frames, longest)
    best: Loop | None = None
    for splice in splices:
        loop = _closed(samples, splice)
        if best is None or loop.seam.conspicuousness < best.seam.conspicuousness:
            best = loop
        if best.seam.percentile <= content_at:
            break
    assert best is not None
    return best


def loop_seam(samples: Samples, *, at: int = 0, width_s: float = 0.0) -> Seam:
    """Measure how conspicuous the joint of a loop is.

    Args:
        samples: (frames, 1 or 2).
        at: the frame of the joint; 0 is between the last frame and the first.
        width_s: over how long it is spread.

    Raises:
        AudioError: `audio.too-short`: fewer than `SHORTEST_LOOP_S`.
    """
    frames = len(samples)
    _check_room(frames, frames)
    # The joint in the middle, and so much of the next round at both ends that nothing there is measured short.
    turned = np.roll(samples, frames // 2 - at, axis=0)
    more = min(frames // 2, frames_of(_AROUND_S + width_s))
    around = np.concatenate((turned[-more:], turned, turned[:more]))
    return measure_seams(around, [more + frames // 2], width_s=width_s)[0]


def _check_room(wanted: int, there: int) -> None:
    if wanted > there or wanted < frames_of(SHORTEST_LOOP_S):
        has, needs = there / SAMPLE_RATE_HZ, max(SHORTEST_LOOP_S, wanted / SAMPLE_RATE_HZ)
        what = f"there are {has:.1f} s for a loop of {needs:.1f} s"
        raise AudioError("audio.too-short", what=what, fix="use a longer clip, or ask for a shorter loop")


def _best_splices(samples: Samples, fade_frames: int, longest: int) -> Iterator[_Splice]:
    """Find the best pairs of places that are between `LEAST_SHARE` of `longest` and `longest` apart."""
    powers = band_powers(samples)
    cuts = find_cuts(
        powers,
        frames=len(samples),
        fade_frames=fade_frames,
        spacing_frames=max(frames_of(_CUT_S), len(samples) // _MOST_CUTS),
        circular=False,
        floor=floor_power([powers]),
    )
    pairs, costs = _costs(cuts, LEAST_SHARE * longest, longest)
    chosen: list[int] = []
    for pair in np.argsort(costs, kind="stable"):
        # Neighbours of a splice sound like it: try others.
        if all(
            np.abs(cuts.frames[pairs[pair]] - cuts.frames[pairs[other]]).max() > _OTHER_FRAMES
            for other in chosen
        ):
            chosen.append(int(pair))
            yield _aligned(samples, cuts, pairs[pair], fade_frames, longest)
        if len(chosen) == _TRIED:
            break


def _costs(cuts: Cuts, least: float, most: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """List the pairs of cuts that may be joined, (pairs, 2), and what each costs."""
    context = weighted([cuts.context])
    pairs, distances, costs = [], [], []
    for enter, frame in enumerate(cuts.frames):
        apart = cuts.frames - frame
        leave = np.flatnonzero((apart >= least) & (apart <= most))
        pairs.append(np.stack((np.full(len(leave), enter), leave), axis=1))
        distances.append(np.sqrt(np.square(context[leave] - context[enter]).mean(axis=1)))
        steps_db = np.abs(cuts.level_db[leave] - cuts.level_db[enter])
        unrest_db = np.maximum(cuts.unrest_db[leave], cuts.unrest_db[enter])
        costs.append(STEP_COST * steps_db + UNREST_COST * unrest_db)
    distance = np.concatenate(distances)
    return np.concatenate(pairs), distance / max(float(distance.mean()), 1e-9) + np.concatenate(costs)


def _aligned(
    samples: Samples, cuts: Cuts, pair: NDArray[np.int64], fade_frames: int, longest: int
) -> _Splice:
    """Move the entry so that its waves go on from those at the exit."""
    enter, leave = (int(frame) for frame in cuts.frames[pair])
    step_db = float(cuts.level_db[pair[1]] - cuts.level_db[pair[0]])
    lines = np.ascontiguousarray(samples.T, np.float32)
    mono = lines[0] + lines[-1]
    row = np.zeros(CLIP_COLUMNS, np.int64)
    row[END] = len(samples)
    low = max(-LAG_FRAMES, fade_frames // 2 - enter, leave - enter - longest)
    high = min(LAG_FRAMES, int(leave - enter - LEAST_SHARE * longest))
    sums = np.empty(2 * LAG_FRAMES + 1, np.float32)
    enter += best_lag(mono, thinned(mono), row, leave, row, enter, fade_frames, low, high, sums)
    rho = correlation(lines, row, leave, row, enter, fade_frames)
    step_db = min(max(step_db, -_MOST_STEP_DB), _MOST_STEP_DB)
    return _Splice(enter=enter, leave=leave, fade_frames=fade_frames, rho=rho, step_db=step_db)


def _closed(samples: Samples, splice: _Splice) -> Loop:
    closed, fade = _spliced(samples, splice), splice.fade_frames
    seam = loop_seam(closed, at=-(fade // 2), width_s=fade / SAMPLE_RATE_HZ)
    return Loop(samples=closed, seam=seam, first_frame=splice.enter + fade // 2)


def _spliced(samples: Samples, splice: _Splice) -> Samples:
    """Cut a loop out: it begins behind the crossfade, which is its end."""
    frames, fade = splice.leave - splice.enter, splice.fade_frames
    first = splice.enter + fade // 2
    out = samples[first : first + frames] * _levelling(np.arange(frames), frames, splice.step_db)
    before = samples[first - fade : first] * _levelling(np.arange(-fade, 0), frames, splice.step_db)
    way_in = ((np.arange(fade) + 0.5) / fade)[:, None]
    gain_in, gain_out = equal_level_gains(way_in, splice.rho)
    out[-fade:] = gain_out * out[-fade:] + gain_in * before
    return np.asarray(out, np.float32)


def _levelling(at: NDArray[np.int64], frames: int, step_db: float) -> Samples:
    """Return gains that take a step in level away over the length of a loop."""
    exponents = (0.5 - at / frames) * (step_db * math.log(10.0) / 20.0)
    return np.exp(exponents.astype(np.float32))[:, None]
