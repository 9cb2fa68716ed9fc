"""How conspicuous a place in a sound is, against all the other places of the same sound.

A seam betrays itself by a sudden change of spectrum, by sounding different before and behind, by a step in level or
by a click. Each of these is measured everywhere, at several scales. A place is as conspicuous as its most unusual
measure, and is ranked among the places inside: a cut that nobody could find ranks anywhere from 0 to 100, evenly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples, frames_of
from roomtone.errors import AudioError
from roomtone.texture.features import HOP_FRAMES, band_powers

SHORTEST_S: Final = 3.0
"""Less sound has too few other places to rank one among."""

_HOP_S: Final = HOP_FRAMES / SAMPLE_RATE_HZ
_SPECTRUM_S: Final = (0.04, 0.2)
_LEVEL_S: Final = (0.1, 0.4)
_SURROUNDINGS_S: Final = 1.0
_FLOOR: Final = 1e-11
_SLOT_FRAMES: Final = 96
_SLOTS: Final = HOP_FRAMES // _SLOT_FRAMES
_AROUND_SLOTS: Final = 10
# Within this of a given seam nothing counts as inside.
_CLEAR_S: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """One place, ranked: 0 to 100 each.

    Attributes:
        percentile: how conspicuous it is on the whole; above 95 it is more so than nearly everything inside.
        spectrum: how suddenly the spectrum changes.
        surroundings: how different the second before sounds from the second behind.
        level: how large the step in level is.
        click: how far a sample stands out of its neighbours.
    """

    percentile: float
    spectrum: float
    surroundings: float
    level: float
    click: float

    @property
    def conspicuousness(self) -> tuple[float, float]:
        """What to compare seams by: the rank, and the sum of all measures where ranks are equal."""
        return self.percentile, self.spectrum + self.surroundings + self.level + self.click


def measure_seams(
    samples: Samples, frames: Sequence[int], *, width_s: float = 0.0, inside: Sequence[Samples] = ()
) -> tuple[Seam, ...]:
    """Rank places in a sound.

    Args:
        samples: (frames, 1 or 2).
        frames: the places.
        width_s: over how long each seam is spread, for crossfades: places inside are measured in the same way.
        inside: sounds to rank among; left out, the sound itself except around `frames`.

    Raises:
        AudioError: `audio.too-short`: fewer than `SHORTEST_S`.
    """
    _check_length(samples)
    measures = _measures(samples, width_s)
    hops = np.clip(np.array(frames, np.int64) // HOP_FRAMES, 0, len(measures) - 1)
    if inside:
        others = np.concatenate([_within(_measures(sound, width_s), width_s) for sound in inside])
    else:
        near = np.abs(np.arange(len(measures))[:, None] - hops).min(axis=1) * _HOP_S
        others = measures[near > width_s / 2.0 + _CLEAR_S]
    ranks = _ranked(measures[hops], others)
    total = _ranked(_strongest(ranks)[:, None], _strongest(_ranked(others, others))[:, None])[:, 0]
    return tuple(
        Seam(
            percentile=float(whole),
            spectrum=float(row[:2].max()),
            surroundings=float(row[2]),
            level=float(row[3:5].max()),
            click=float(row[5]),
        )
        for whole, row in zip(total, ranks, strict=True)
    )


def _check_length(samples: Samples) -> None:
    if len(samples) < frames_of(SHORTEST_S):
        what = f"there are {len(samples) / SAMPLE_RATE_HZ:.1f} s to look for a seam in"
        raise AudioError("audio.too-short", what=what, fix=f"give at least {SHORTEST_S:g} s")


def _strongest(ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(ranks.max(axis=1))


def _ranked(rows: NDArray[np.float64], among: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn each column into percentiles of the same column of `among`; equal values count half."""
    out = np.empty_like(rows)
    for column in range(rows.shape[1]):
        ladder = np.sort(among[:, column])
        below = np.searchsorted(ladder, rows[:, column], "left") + np.searchsorted(
            ladder, rows[:, column], "right"
        )
        out[:, column] = 50.0 * below / max(1, len(ladder))
    return out


def _within(measures: NDArray[np.float64], width_s: float) -> NDArray[np.float64]:
    """Leave out the ends, where there is nothing before or behind."""
    edge = round((width_s / 2.0 + _CLEAR_S) / _HOP_S)
    return measures[edge:-edge]


def _measures(samples: Samples, width_s: float) -> NDArray[np.float64]:
    """Measure a sound everywhere: (hops, 6), at the beginning of each hop."""
    powers = band_powers(samples).astype(np.float64)
    bands_db = 10.0 * np.log10(powers + _FLOOR)
    spread = round(width_s / _HOP_S)
    columns = [_widest(_change(bands_db, s, 0), spread) for s in _SPECTRUM_S]
    columns.append(_change(bands_db, _SURROUNDINGS_S, spread))
    columns += [_widest(_level_steps_db(powers, s), spread) for s in _LEVEL_S]
    columns.append(_widest(_clicks(samples, len(powers)), spread))
    return np.stack(columns, axis=1)


def _widest(line: NDArray[np.float64], spread: int) -> NDArray[np.float64]:
    """Take the most conspicuous moment of a seam `spread` hops wide."""
    if spread < 1:
        return line
    padded = np.pad(line, (spread // 2, spread - spread // 2), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, spread + 1).max(axis=1))


def _sides(
    lines: NDArray[np.float64], seconds: float, spread: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Average the stretches before and behind each hop, `spread` hops apart."""
    hops = max(1, round(seconds / _HOP_S))
    reach = hops + spread
    padded = np.pad(lines, ((reach, reach), (0, 0)), mode="reflect")
    total = np.concatenate((np.zeros((1, lines.shape[1])), np.cumsum(padded, axis=0)))
    at = np.arange(len(lines)) + reach
    before, behind = at - spread // 2, at + spread - spread // 2
    return (total[before] - total[before - hops]) / hops, (total[behind + hops] - total[behind]) / hops


def _change(bands_db: NDArray[np.float64], seconds: float, spread: int) -> NDArray[np.float64]:
    before, behind = _sides(bands_db, seconds, spread)
    return np.asarray(np.sqrt(np.square(behind - before).mean(axis=1)))


def _level_steps_db(powers: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    before, behind = _sides(powers.sum(axis=1, keepdims=True), seconds, 0)
    return np.asarray(np.abs(10.0 * np.log10((behind + _FLOOR) / (before + _FLOOR)))[:, 0])


def _clicks(samples: Samples, hops: int) -> NDArray[np.float64]:
    """Measure how far the sharpest bend in each hop stands out of the hops around it, in dB."""
    slots = hops * HOP_FRAMES // _SLOT_FRAMES
    peaks, powers = np.zeros(slots), np.zeros(slots)
    for line in samples[: slots * _SLOT_FRAMES].T:
        bends = np.square(np.diff(line, 3, prepend=line[:3])).reshape(slots, _SLOT_FRAMES)
        np.maximum(peaks, bends.max(axis=1), out=peaks)
        powers += bends.mean(axis=1)
    around = _AROUND_SLOTS
    total = np.cumsum(np.pad(powers, (around + 1, around + _SLOTS), mode="reflect"))
    at = np.arange(hops) * _SLOTS
    usual = (total[at + 2 * around + _SLOTS] - total[at]) / (2 * around + _SLOTS)
    edged = np.pad(peaks, (1, 1), mode="edge")
    sharpest = np.max([edged[at + k] for k in range(_SLOTS + 2)], axis=0)
    return np.asarray(10.0 * np.log10((sharpest + _FLOOR) / (usual + _FLOOR)))
