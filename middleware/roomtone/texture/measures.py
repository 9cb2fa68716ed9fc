"""What is measured of textures: for tests, for the gate that clips pass, and for reports."""

from roomtone.texture.loudness import (
    OCTAVES_HZ,
    band_levels_db,
    k_weighted_level_db,
    loudness_range_db,
    short_term_db,
)
from roomtone.texture.repetition import Repeats, Repetition, measure_repetition
from roomtone.texture.seams import Seam, measure_seams

__all__ = [
    "OCTAVES_HZ",
    "Repeats",
    "Repetition",
    "Seam",
    "band_levels_db",
    "k_weighted_level_db",
    "loudness_range_db",
    "measure_repetition",
    "measure_seams",
    "short_term_db",
]
