"""What is measured of a sound that is to be shipped: loudness, true peak, seam and repetition."""

import math
from typing import Final

import numpy as np
import pyloudnorm

from roomtone.audio import SAMPLE_RATE_HZ, Samples, gain_to_db
from roomtone.audio_files import resampled
from roomtone.texture.measures import measure_repetition

SILENCE_DB: Final = -70.0
"""What never comes over this is not heard beside anything."""

WORST_SEAM: Final = 95.0
"""A joint that ranks above this among the places of its own file is told, with the reason."""

_OVERSAMPLING: Final = 4
_CHUNK_FRAMES: Final = SAMPLE_RATE_HZ * 10
_AROUND_FRAMES: Final = 512
_SHORTEST_S: Final = 0.4


def loudness_lufs(samples: Samples, rate_hz: int = SAMPLE_RATE_HZ) -> float | None:
    """Measure integrated loudness after ITU-R BS.1770, gated; None for what is too short or too faint."""
    if len(samples) < _SHORTEST_S * rate_hz:
        return None
    value = float(pyloudnorm.Meter(rate_hz).integrated_loudness(samples.astype(np.float64)))
    return value if math.isfinite(value) else None


def true_peak_db(samples: Samples, *, loop: bool = False) -> float:
    """Measure the highest point between the samples as well, after ITU-R BS.1770 annex 2.

    Args:
        samples: (frames, channels).
        loop: whether the first frame follows the last.
    """
    if not len(samples):
        return -math.inf
    around = np.resize(samples, (min(_AROUND_FRAMES, len(samples)), samples.shape[1]))
    tail = around if loop else np.zeros_like(around)
    head = samples[-len(around) :] if loop else np.zeros_like(around)
    padded = np.concatenate((head, samples, tail))
    peak = 0.0
    for start in range(0, len(samples), _CHUNK_FRAMES):
        piece = padded[start : start + _CHUNK_FRAMES + 2 * len(around)]
        dense = resampled(piece, 1, _OVERSAMPLING, quality="HQ")
        inside = dense[len(around) * _OVERSAMPLING : -len(around) * _OVERSAMPLING]
        peak = max(peak, float(np.abs(inside).max(initial=0.0)))
    return gain_to_db(max(peak, float(np.abs(samples).max())))


def repeats_after_s(samples: Samples) -> tuple[float | None, float | None]:
    """Measure after how long half a second is heard again: exactly, and nearly; None for never."""
    found = measure_repetition(samples)
    exact, alike = found.exact.shortest_s, found.alike.shortest_s
    return (exact if math.isfinite(exact) else None, alike if math.isfinite(alike) else None)
