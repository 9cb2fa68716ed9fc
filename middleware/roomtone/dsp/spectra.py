"""Curves over the bands of a bed, drawn through a few points, as spectra are drawn on paper."""

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.bed import BED_CENTRES_HZ

_LOG_HZ = np.log2(BED_CENTRES_HZ)


def curve(*points: tuple[float, float]) -> NDArray[np.float64]:
    """Draw `(hz, value)` points, rising in frequency, as (BED_BANDS,) values: straight lines over log frequency."""
    hz, values = zip(*points, strict=True)
    return np.asarray(np.interp(_LOG_HZ, np.log2(hz), values))


def amplitude(*points_db: tuple[float, float]) -> NDArray[np.float64]:
    """Draw `(hz, dB)` points as (BED_BANDS,) gains of amplitude."""
    return np.asarray(10.0 ** (curve(*points_db) / 20.0))


def power(*points_db: tuple[float, float]) -> NDArray[np.float64]:
    """Draw `(hz, dB)` points as (BED_BANDS,) gains of power."""
    return np.asarray(10.0 ** (curve(*points_db) / 10.0))
