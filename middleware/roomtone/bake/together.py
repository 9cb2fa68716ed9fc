"""Layers together: what a game hears that plays them at the origin, and one gain for all that belongs together."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from roomtone.audio import Samples
from roomtone.bake.jobs import Heard, MixJob, Part, Together
from roomtone.bake.kept import Kept, raw_name
from roomtone.bake.measuring import SILENCE_DB, loudness_lufs, true_peak_db
from roomtone.layers.describe import describe_placement
from roomtone.mixing import Pose, placed_gains

MOST_GAIN_DB: Final = 40.0
"""A scene that is nearly silent at all of its states is meant to be."""

_MARGIN_DB: Final = 0.004


def measure_together(job: MixJob, kept: Kept) -> Together:
    """Measure the mix of rendered layers.

    Raises:
        OSError: they cannot be read.
    """
    mix = mixed(job.parts, kept)
    peak_db = true_peak_db(mix)
    return Together(
        key=job.key,
        loudness_lufs=loudness_lufs(mix) if peak_db > SILENCE_DB else None,
        true_peak_db=max(peak_db, -200.0),
    )


def mixed(parts: Iterable[Part], kept: Kept) -> Samples:
    """Mix layers from their beginnings, each repeated until the longest has been heard once: (frames, 2)."""
    sounding = [part for part in parts if not part.heard.silent]
    frames = max((part.heard.frames for part in sounding), default=0)
    out = np.zeros((frames, 2), np.float32)
    for part in sounding:
        samples = np.load(kept.files.fetch(raw_name(part.heard.key)), mmap_mode="r")
        for start in range(0, frames, len(samples)):
            _add(part, samples[: frames - start], out[start : start + len(samples)])
    return out


def _add(part: Part, samples: Samples, out: Samples) -> None:
    """Add one round of a layer, turned to where its events are."""
    info = describe_placement(part.placement)
    bounds = [*(event[0] for event in part.heard.events), len(samples)]
    places = [(0.0, 0.0, 0.0), *(event[1:] for event in part.heard.events)]
    start = 0
    for end, offset_m in zip(bounds, places, strict=True):
        stop = min(end, len(samples))
        gains = placed_gains(info, Pose(), channels=samples.shape[1], offset_m=offset_m)
        if stop > start and gains.any():
            out[start:stop] += samples[start:stop] @ gains
        start = max(start, stop)


def common_gain_db(
    heard: Iterable[Heard], mixes: Iterable[Together], *, lufs: float | None, true_peak_db: float
) -> float:
    """Find the one gain that brings the loudest mix to a loudness, and nothing over a true peak.

    Args:
        heard: every sound that becomes a file.
        mixes: what is heard at each state.
        lufs: None keeps the level, but for peaks.
        true_peak_db: of files, and of the mix.
    """
    sounds = [each for each in heard if not each.silent]
    mixes = list(mixes)
    loudest = max((each.loudness_lufs for each in mixes if each.loudness_lufs is not None), default=None)
    gain_db = 0.0 if lufs is None or loudest is None else min(lufs - loudest, MOST_GAIN_DB)
    peaks_db = [each.true_peak_db for each in sounds] + [each.true_peak_db for each in mixes]
    peak_db = max(peaks_db, default=-math.inf)
    # What rounding to 24 bits adds must not bring a peak over.
    return math.floor(1000.0 * min(gain_db, true_peak_db - _MARGIN_DB - peak_db)) / 1000.0
