"""What is measured of a clip that a model made. Here, not in the daemon: scipy takes a second to import."""

from typing import Final

import numpy as np
import pyloudnorm  # type: ignore[import-untyped, unused-ignore]  # it publishes no types
from numpy.typing import NDArray
from scipy import signal  # type: ignore[import-untyped, unused-ignore]  # it publishes no types

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.models.finish_repair import Sound, decibels

# Its filters meet the figures of BS.1770 for 48 kHz exactly; the other set of this name is 0.04 LU off.
_METER: Final = pyloudnorm.Meter(SAMPLE_RATE_HZ, filter_class="DeMan")
_OVERSAMPLING: Final = 4
_MARGIN_FRAMES: Final = 64
_CHUNK_FRAMES: Final = 10 * SAMPLE_RATE_HZ

_SPECTRUM_FRAMES: Final = 4_096
_SMOOTH_BINS: Final = 17
# Per octave, as ears hear: a spectrum that falls as pink noise does is level, and what is 60 dB below is missing.
_MISSING_DB: Final = -60.0

_MAINS_HZ: Final = (50.0, 60.0)
_HARMONICS: Final = 4
_LEAST_LINES: Final = 2
_STANDS_OUT_DB: Final = 15.0
_SHORTEST_HUM_S: Final = 2.0

_FLAT_FRAMES: Final = 3
_FULL_SCALE: Final = (0.999, 1.001)
_NEAR_PEAK: Final = 0.98


def loudness_lufs(sound: Sound) -> float:
    """Measure integrated loudness after ITU-R BS.1770-4; minus infinity for silence. At least 0.4 s."""
    return float(_METER.integrated_loudness(sound))


def true_peak(sound: Sound, *, loop: bool) -> float:
    """Find the peak between samples, at four times the rate, as an amplitude."""
    ends = "wrap" if loop else "constant"
    padded = np.pad(sound, ((_MARGIN_FRAMES, _MARGIN_FRAMES), (0, 0)), mode=ends)  # type: ignore[call-overload]
    return max(
        _chunk_peak(padded[at : at + _CHUNK_FRAMES + 2 * _MARGIN_FRAMES])
        for at in range(0, len(sound), _CHUNK_FRAMES)
    )


def _chunk_peak(chunk: Sound) -> float:
    taps = signal.firwin(2 * _MARGIN_FRAMES * _OVERSAMPLING + 1, 1.0 / _OVERSAMPLING, window=("kaiser", 9.0))
    between = signal.resample_poly(chunk, _OVERSAMPLING, 1, axis=0, window=taps)
    margin = _MARGIN_FRAMES * _OVERSAMPLING
    return float(
        max(np.abs(between[margin:-margin]).max(), np.abs(chunk[_MARGIN_FRAMES:-_MARGIN_FRAMES]).max())
    )


def band_limit_hz(sound: Sound) -> float:
    """Find the highest frequency at which there is anything to hear."""
    frames = min(_SPECTRUM_FRAMES, len(sound))
    bins_hz, power = signal.welch(sound, SAMPLE_RATE_HZ, nperseg=frames, axis=0)
    octave_power = power.sum(axis=1) * bins_hz
    smooth = np.convolve(octave_power, np.full(_SMOOTH_BINS, 1.0 / _SMOOTH_BINS), mode="same")
    there = np.flatnonzero(octave_power > smooth.max() * 10.0 ** (_MISSING_DB / 10.0))
    return float(bins_hz[there[-1]]) if len(there) else 0.0


def hum_hz(sound: Sound) -> float:
    """Find the hum of mains: lines at 50 or 60 Hz and their harmonics that stand out; 0 for none."""
    if len(sound) < _SHORTEST_HUM_S * SAMPLE_RATE_HZ:
        return 0.0
    # Bins of 1 Hz.
    _, power = signal.welch(sound.mean(axis=1), SAMPLE_RATE_HZ, nperseg=SAMPLE_RATE_HZ)
    for mains_hz in _MAINS_HZ:
        lines = [_stands_out_db(power, round(mains_hz * n)) for n in range(1, _HARMONICS + 1)]
        if sum(line > _STANDS_OUT_DB for line in lines) >= _LEAST_LINES:
            return mains_hz
    return 0.0


def _stands_out_db(power: Sound, line: int) -> float:
    around = np.concatenate([power[line - 9 : line - 3], power[line + 4 : line + 10]])
    return decibels(power[line - 1 : line + 2].max() / max(np.median(around), 1e-20)) / 2.0


def crest_db(sound: Sound) -> float:
    """Measure how far the peak stands above the level."""
    return decibels(np.abs(sound).max()) - decibels(np.sqrt((sound**2).mean()))


# Clipping -------------------------------------------------------------------------------------


def clipped_share(samples: NDArray[np.float32]) -> float:
    """Measure which share of the samples, as a model made them, stands in runs at full scale or at one flat top."""
    size = np.abs(samples)
    low, high = _FULL_SCALE
    at_full_scale = _in_runs((size >= low) & (size <= high), _FLAT_FRAMES)
    same = (samples[1:] == samples[:-1]) & (size[1:] >= _NEAR_PEAK * size.max())
    # Two equal pairs in a row are three equal samples.
    flat = _in_runs(same, _FLAT_FRAMES - 1)
    at_full_scale[1:] |= flat
    return float(at_full_scale.mean())


def lone_overs(samples: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Mark samples beyond full scale that stand alone or in twos."""
    over = np.abs(samples) > 1.0
    return over & ~_in_runs(over, _FLAT_FRAMES)


def _in_runs(marked: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Keep the marks that belong to runs of at least `length` frames."""
    frames = len(marked)
    kept = np.zeros_like(marked)
    if frames < length:
        return kept
    whole = np.logical_and.reduce([marked[i : frames - length + 1 + i] for i in range(length)])
    for i in range(length):
        kept[i : frames - length + 1 + i] |= whole
    return kept
