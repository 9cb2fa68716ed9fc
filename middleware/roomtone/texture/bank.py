"""A bank: clips of one sound, and everything that is known about how they go on in one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples, frames_of
from roomtone.errors import AudioError
from roomtone.texture.beds import bed_gains_db, recoloured
from roomtone.texture.chart import Chart
from roomtone.texture.cuts import Cuts, find_cuts, floor_power, weighted
from roomtone.texture.features import BandPowers, band_powers
from roomtone.texture.joins import find_joins
from roomtone.texture.layout import (
    CIRCULAR,
    CLIP_COLUMNS,
    END,
    END_CUT,
    FADE,
    FIRST_CELL,
    FIRST_CUT,
    LEAST,
    MOST,
    START,
    Clips,
    Lines,
    cells_in,
)
from roomtone.texture.likeness import LookAlikes, find_look_alikes
from roomtone.texture.walk import longest_guard

CROSSFADE_S: Final = 0.25
"""Long enough that nothing is heard to begin, short enough that two sounds are not heard at once."""

MATCH_DB: Final = 9.0
"""Far enough for different takes of one sound to go together, not so far that one is turned into another."""

_SHORTEST_FADE_FRAMES: Final = SAMPLE_RATE_HZ // 100
SHORTEST_CLIP_FRAMES: Final = 2 * _SHORTEST_FADE_FRAMES
"""A clip must have room for a join at either end."""

# A stretch is never left sooner, or it chops; nor later, or the clip is heard as a clip.
_LEAST_S: Final = 0.9
_LEAST_FADES: Final = 1.5
_MOST_S: Final = 4.0
_MOST_SHARE: Final = 0.6
_CUT_S: Final = 0.1
_MOST_CUTS: Final = 1_200
_STEPS: Final = 32_767
# Clips are often filled up with digital silence: that is no sound to play.
_SILENCE: Final = 1.0 / 65_536.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Clips ready to be stitched. Never changed: any number of streams may read it.

    Attributes:
        chart: the clips, and how they go on in one another.
        guard_frames: for how long streams can do without what they have played.
        peak: of the loudest clip.
    """

    chart: Chart
    guard_frames: int
    peak: float

    @property
    def channels(self) -> int:
        """1 or 2."""
        return int(self.chart.pcm.shape[0])

    @property
    def seconds(self) -> float:
        """How much sound there is."""
        return float(self.chart.pcm.shape[1] / SAMPLE_RATE_HZ)

    @property
    def size_bytes(self) -> int:
        """What the bank holds in memory."""
        return sum(array.nbytes for array in self.chart)


def make_bank(
    clips: Sequence[Samples],
    *,
    loops: Sequence[bool] = (),
    crossfade_s: float = CROSSFADE_S,
    match_db: float = MATCH_DB,
    names: Sequence[str] = (),
) -> Bank:
    """Prepare clips for an endless stream. Slow: never on the audio path, but without the interpreter lock.

    Args:
        clips: at least one, each (frames, 1 or 2) at 48 kHz; mono clips are widened where others are stereo.
        loops: which clips go on in their own beginning; none if left out.
        crossfade_s: how long a join lasts; never more than a quarter of either clip, nor less than 10 ms.
        match_db: by how much the bed of a clip may be equalised towards the others; 0 leaves all as they are.
        names: what to call the clips where one cannot be used; by number, if left out.

    Raises:
        AudioError: `audio.too-short`: a clip has fewer than `SHORTEST_CLIP_FRAMES` that are not digital silence.
    """
    circular = tuple(loops) or (False,) * len(clips)
    assert len(clips) == len(circular) > 0
    sounds = [clip if loop else _without_silence(clip) for clip, loop in zip(clips, circular, strict=True)]
    for number, clip in enumerate(sounds):
        _check_length(clip, names[number] if names else f"clip {number + 1}")
    sounds, powers, floor = _matched(sounds, circular, match_db)
    table = _table(sounds, circular, frames_of(crossfade_s))
    cuts = _cuts_of(powers, table, floor)
    return _assemble(_end_to_end(sounds), table, cuts, find_look_alikes(powers, table, floor=floor))


def _without_silence(clip: Samples) -> Samples:
    """Cut digital silence off both ends, unless there is nothing else."""
    heard = np.flatnonzero(np.abs(clip).ravel() > _SILENCE) // clip.shape[1]
    return clip[heard[0] : heard[-1] + 1] if len(heard) else clip


def _check_length(clip: Samples, name: str) -> None:
    if len(clip) < SHORTEST_CLIP_FRAMES:
        what = f"it has {len(clip)} frames, too few to be joined to another clip"
        raise AudioError("audio.too-short", at=name, what=what, fix="use a longer recording")


def _matched(
    sounds: list[Samples], circular: tuple[bool, ...], most_db: float
) -> tuple[list[Samples], list[BandPowers], float]:
    """Bring the clips closer together; returns them, their bands, and what counts as silence in a band."""
    powers = [band_powers(clip, circular=loop) for clip, loop in zip(sounds, circular, strict=True)]
    floor = floor_power(powers)
    gains_db = bed_gains_db(powers, most_db=most_db, floor=floor)
    matched = [
        recoloured(clip, gain_db, circular=loop)
        for clip, gain_db, loop in zip(sounds, gains_db, circular, strict=True)
    ]
    gains = (10.0 ** (gains_db / 10.0)).astype(np.float32)
    return matched, [power * gain for power, gain in zip(powers, gains, strict=True)], floor


def _table(sounds: list[Samples], circular: tuple[bool, ...], fade_frames: int) -> Clips:
    """Describe the clips: everything but their cuts."""
    table = np.zeros((len(sounds), CLIP_COLUMNS), np.int64)
    start = cell = 0
    for row, clip, loop in zip(table, sounds, circular, strict=True):
        row[[START, END, CIRCULAR, FIRST_CELL]] = start, start + len(clip), loop, cell
        # Even, so that a crossfade has a middle.
        fade = max(_SHORTEST_FADE_FRAMES, min(fade_frames, len(clip) // 4)) // 2 * 2
        span = len(clip) if loop else len(clip) - fade
        least = max(fade, min(max(frames_of(_LEAST_S), round(_LEAST_FADES * fade)), span // 2))
        most = max(least, min(max(frames_of(_MOST_S), 2 * least), round(span * _MOST_SHARE)))
        row[[FADE, LEAST, MOST]] = fade, least, most
        start, cell = start + len(clip), cell + cells_in(len(clip))
    return table


def _cuts_of(powers: list[BandPowers], table: Clips, floor: float) -> list[Cuts]:
    spacing_frames = max(frames_of(_CUT_S), int(table[-1, END]) // _MOST_CUTS)
    return [
        find_cuts(
            power,
            frames=int(row[END] - row[START]),
            fade_frames=int(row[FADE]),
            spacing_frames=spacing_frames,
            circular=bool(row[CIRCULAR]),
            floor=floor,
        )
        for power, row in zip(powers, table, strict=True)
    ]


def _end_to_end(sounds: list[Samples]) -> Lines:
    channels = max(clip.shape[1] for clip in sounds)
    lines = np.empty((channels, sum(len(clip) for clip in sounds)), np.float32)
    at = 0
    for clip in sounds:
        lines[:, at : at + len(clip)] = clip.T
        at += len(clip)
    return lines


def _assemble(
    lines: Lines,
    table: Clips,
    cuts: list[Cuts],
    look_alikes: LookAlikes,
) -> Bank:
    counts = np.array([len(found.frames) for found in cuts])
    table[:, END_CUT] = np.cumsum(counts)
    table[:, FIRST_CUT] = table[:, END_CUT] - counts
    clip_of = np.repeat(np.arange(len(table)), counts)
    frames = np.concatenate([found.frames for found in cuts]) + table[clip_of, START]
    places = np.stack((frames, clip_of), axis=1)
    context = weighted([found.context for found in cuts])
    unrest_db = np.concatenate([found.unrest_db for found in cuts])
    pcm, steps = _quantised(lines, table)
    levels_db = np.concatenate([found.level_db for found in cuts])
    joins = find_joins(lines, table, places, context, levels_db, unrest_db)
    chart = Chart(
        pcm=pcm,
        steps=steps,
        clips=table,
        cuts=places,
        context=context,
        levels_db=levels_db,
        goals=joins.goals,
        fits=joins.fits,
        alike=look_alikes.alike,
        later=look_alikes.later,
        copies=look_alikes.copies,
    )
    return Bank(chart=chart, guard_frames=longest_guard(chart), peak=float(steps.max()) * _STEPS)


def _quantised(lines: Lines, table: Clips) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
    """Round each clip to 16 bits of its own peak."""
    pcm, steps = np.empty(lines.shape, np.int16), np.empty(len(table), np.float32)
    for i, row in enumerate(table):
        clip = lines[:, row[START] : row[END]]
        steps[i] = max(float(np.abs(clip).max()), _SILENCE) / _STEPS
        pcm[:, row[START] : row[END]] = np.rint(clip / steps[i])
    return pcm, steps
