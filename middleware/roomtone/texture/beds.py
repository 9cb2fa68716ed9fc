"""Clips of one sound brought closer together: what sounds all the time gets the same colour in each.

Variations of one prompt, or takes of one place, differ in their beds: hiss, rumble, distance. A join between two
beds is heard however well it is made. The bed is what is there most of the time: calls and crackles do not count.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.fourier import FRAME, Complex, inverse_transform
from roomtone.dsp.kernel import kernel
from roomtone.texture.features import BAND_POSITIONS, BANDS, HOP_FRAMES, BandPowers, lift

_WINDOW: Final = np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME).astype(np.float32)
_BED_PERCENT: Final = 20.0
_SECOND_HOPS: Final = SAMPLE_RATE_HZ // HOP_FRAMES
_LEAST_VARIANCE: Final = 0.1
# What is less than this far off is left as it is.
_HEARD_DB: Final = 0.5


def bed_gains_db(powers: Sequence[BandPowers], *, most_db: float, floor: float) -> NDArray[np.float64]:
    """Say what each band of each clip needs for all beds to be alike: (clips, BANDS), within bounds.

    Args:
        powers: of each clip.
        most_db: the bound for each band; the level as a whole may be moved by twice that.
        floor: see `roomtone.texture.cuts.floor_power`: what lies below it needs nothing.
    """
    bands_db = [10.0 * np.log10(clip + floor) for clip in powers]
    beds_db = np.stack([np.percentile(clip, _BED_PERCENT, axis=0) for clip in bands_db])
    missing = np.median(beds_db, axis=0) - beds_db
    # Of a sound that comes and goes, clips differ by what they happen to hold: that is no difference of beds.
    moving = np.mean([_variance_of_seconds(clip) for clip in bands_db], axis=0)
    missing *= missing**2 / (missing**2 + moving + _LEAST_VARIANCE)
    level = np.median(missing, axis=1, keepdims=True)
    needed = np.clip(level, -2.0 * most_db, 2.0 * most_db) + np.clip(missing - level, -most_db, most_db)
    return np.asarray(np.where(np.abs(needed).max(axis=1, keepdims=True) < _HEARD_DB, 0.0, needed))


def _variance_of_seconds(bands_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure how much each band varies from one second to another; of less than two seconds, nothing is known."""
    seconds = len(bands_db) // _SECOND_HOPS
    if seconds < 2:
        return np.zeros(BANDS)
    levels_db = bands_db[: seconds * _SECOND_HOPS].reshape(seconds, _SECOND_HOPS, BANDS).mean(axis=1)
    return np.asarray(levels_db.var(axis=0))


def recoloured(sound: Samples, gains_db: NDArray[np.float64], *, circular: bool) -> Samples:
    """Equalise a sound; without the interpreter lock.

    Args:
        sound: (frames, 1 or 2).
        gains_db: (BANDS,) as `roomtone.texture.features` has them.
        circular: the first frame follows the last.
    """
    if not gains_db.any():
        return sound
    position = np.clip(BAND_POSITIONS - 0.5, 0.0, BANDS - 1.0)
    bins = 10.0 ** (np.interp(position, np.arange(BANDS), gains_db) / 20.0) / FRAME
    out = np.zeros_like(sound)
    frame, scratch = np.zeros((2, FRAME), np.float32), np.zeros((2, FRAME), np.float32)
    _recolour(np.ascontiguousarray(sound), circular, bins.astype(np.float32), frame, scratch, out)
    return out


@kernel
def _recolour(
    sound: Samples, circular: bool, bins: NDArray[np.float32], frame: Complex, scratch: Complex, out: Samples
) -> None:
    frames, channels = sound.shape
    for hop in range(-1, frames // HOP_FRAMES + 1):
        start = hop * HOP_FRAMES
        lift(sound, circular, start, _WINDOW, frame)
        inverse_transform(frame, scratch)
        # Turned over, a second inverse is the way back.
        for k in range(FRAME):
            gain = bins[min(k, FRAME - k)]
            frame[0, k] *= gain
            frame[1, k] *= -gain
        inverse_transform(frame, scratch)
        for i in range(max(0, -start), min(FRAME, frames - start)):
            out[start + i, 0] += frame[0, i] * _WINDOW[i]
            if channels == 2:
                out[start + i, 1] -= frame[1, i] * _WINDOW[i]
