"""How loud a sound is, to the ear and by octave.

Sources: ITU-R BS.1770-5 (K-weighting), EBU Tech 3341 (short-term loudness), EBU Tech 3342 (loudness range).
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples

OCTAVES_HZ: Final = (31.5, 63.0, 125.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0)
"""The middle of each band that `band_levels_db` returns."""

SILENCE_DB: Final = -120.0
"""What is no louder is reported as this."""

# So that a sine of 1 kHz at full scale, in one channel, is -3.01.
_OFFSET_DB: Final = -0.691
_SLICE_FRAMES: Final = SAMPLE_RATE_HZ
_SHORT_TERM_SLICES: Final = 3
_GATE_DB: Final = -70.0
_RELATIVE_GATE_DB: Final = -20.0
_RANGE_PERCENT: Final = (10.0, 95.0)
# The two filters of BS.1770 at 48 kHz: a shelf for the head, a high-pass for the ear.
_SHELF: Final = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_HIGH_PASS: Final = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


@lru_cache(maxsize=4)
def _weight(frames: int) -> NDArray[np.float64]:
    """Return the power gain of K-weighting for each bin of a spectrum of so many frames."""
    frequencies_hz = np.fft.rfftfreq(frames, 1.0 / SAMPLE_RATE_HZ)
    turn = np.exp(-2j * np.pi * frequencies_hz / SAMPLE_RATE_HZ)
    gain = np.ones(len(turn), np.complex128)
    for numerator, denominator in (_SHELF, _HIGH_PASS):
        gain *= np.polyval(numerator[::-1], turn) / np.polyval(denominator[::-1], turn)
    return np.asarray(np.square(np.abs(gain)))


def k_weighted_level_db(samples: Samples) -> float:
    """Measure the K-weighted level over the whole of a sound, in LUFS without gates.

    Args:
        samples: (frames, channels); channels add up, as in BS.1770.
    """
    powers, frames = _slice_powers(samples)
    return _level_db(float((powers * frames).sum() / max(1, frames.sum())))


def short_term_db(samples: Samples) -> NDArray[np.float64]:
    """Measure short-term loudness: windows of 3 s, one every second; one window for less than 3 s.

    Returns:
        (windows,) LUFS.
    """
    powers, frames = _slice_powers(samples)
    whole = powers[frames == _SLICE_FRAMES]
    if len(whole) < _SHORT_TERM_SLICES:
        return np.array([k_weighted_level_db(samples)])
    kernel = np.full(_SHORT_TERM_SLICES, 1.0 / _SHORT_TERM_SLICES)
    return np.array([_level_db(power) for power in np.convolve(whole, kernel, "valid")])


def loudness_range_db(samples: Samples) -> float:
    """Measure the loudness range of EBU Tech 3342: from the 10th to the 95th percentile of what is not silence."""
    levels = short_term_db(samples)
    levels = levels[levels > _GATE_DB]
    if not len(levels):
        return 0.0
    mean_db = _level_db(float(np.mean(10.0 ** ((levels - _OFFSET_DB) / 10.0))))
    low, high = np.percentile(levels[levels > mean_db + _RELATIVE_GATE_DB], _RANGE_PERCENT)
    return float(high - low)


def band_levels_db(samples: Samples) -> NDArray[np.float64]:
    """Measure the level of each octave of `OCTAVES_HZ`, mean of the channels, in dB of a full-scale square.

    Args:
        samples: (frames, channels); 0.1 s or more, for the lowest octave.

    Returns:
        (bands,) dB.
    """
    edges_hz = np.array([*OCTAVES_HZ, OCTAVES_HZ[-1] * 2.0]) / np.sqrt(2.0)
    total, weight = np.zeros(len(OCTAVES_HZ)), 0
    for start in range(0, len(samples), _SLICE_FRAMES):
        piece = samples[start : start + _SLICE_FRAMES]
        power = _spectrum(piece)
        octave = np.digitize(np.fft.rfftfreq(len(piece), 1.0 / SAMPLE_RATE_HZ), edges_hz) - 1
        inside = (octave >= 0) & (octave < len(OCTAVES_HZ))
        total += np.bincount(octave[inside], power[inside], minlength=len(OCTAVES_HZ)) * len(piece)
        weight += len(piece)
    mean = total / max(1, weight * samples.shape[1])
    return np.asarray(np.maximum(10.0 * np.log10(np.maximum(mean, 1e-30)), SILENCE_DB))


def _slice_powers(samples: Samples) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Measure second by second: K-weighted mean square, summed over channels, and how many frames it is of."""
    powers, frames = [], []
    for start in range(0, len(samples), _SLICE_FRAMES):
        piece = samples[start : start + _SLICE_FRAMES]
        power = _spectrum(piece)
        powers.append(float((power * _weight(len(piece))).sum()))
        frames.append(len(piece))
    return np.array(powers), np.array(frames, np.int64)


def _spectrum(piece: Samples) -> NDArray[np.float64]:
    """Return the mean square of a piece by frequency, summed over channels."""
    frames = len(piece)
    power = np.square(np.abs(np.fft.rfft(piece, axis=0))).sum(axis=1) * (2.0 / frames**2)
    power[0] *= 0.5
    if frames % 2 == 0:
        power[-1] *= 0.5
    return np.asarray(power)


def _level_db(power: float) -> float:
    return max(SILENCE_DB, _OFFSET_DB + 10.0 * float(np.log10(max(power, 1e-30))))
