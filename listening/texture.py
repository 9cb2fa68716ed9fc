"""What an ear keeps of a texture: some four hundred statistics of five seconds of sound.

Source: McDermott & Simoncelli (2011), Sound texture perception via statistics of the auditory periphery: bands as
wide as the ear's, how their envelopes are distributed, how they move together, and at what rates.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import gcd
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from roomtone.audio import SAMPLE_RATE_HZ, Samples

Signal = NDArray[np.float64]

RATE_HZ: Final = 24_000
WINDOW_FRAMES: Final = 5 * RATE_HZ

_BANDS: Final = 24
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 10_500.0
_ENVELOPE_HZ: Final = 400
_HOP: Final = RATE_HZ // _ENVELOPE_HZ
_RMS: Final = 0.05
_QUIETEST: Final = 1e-6
# The ear's compression, and how deep below its loudest band a spectrum is looked at.
_COMPRESSION: Final = 0.3
_DEPTH_DB: Final = 70.0
_MODULATIONS_HZ: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
_PERIODIC_HZ: Final = _MODULATIONS_HZ[2:]
_SHARED_HZ: Final = _MODULATIONS_HZ[::2]
_BANDS_APART: Final = (1, 2, 3, 5, 8, 12)
_SHARED_APART: Final = (2, 6)
_TONE_FRAMES: Final = 1_024
_TONE_BINS: Final = (3, 11, 19, 35, 67, 131, 259, 451)
# Each family is stretched to about the same spread, so that none drowns the others.
_VARIATION_SCALE, _CORRELATION_SCALE, _MODULATION_SCALE, _PEAK_SCALE = 10.0, 5.0, 4.0, 3.0


@dataclass(frozen=True, slots=True)
class Statistic:
    """What one number says: its family, what it is of, and around which frequency."""

    family: str
    label: str
    hz: float


def _erb_number(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(21.4 * np.log10(1.0 + 0.00437 * hz))


def _edges_hz() -> NDArray[np.float64]:
    low, high = _erb_number(np.array([_LOWEST_HZ, _HIGHEST_HZ]))
    return np.asarray((10.0 ** (np.linspace(low, high, _BANDS + 2) / 21.4) - 1.0) / 0.00437)


CENTRES_HZ: Final = _edges_hz()[1:-1]
"""`(24,)`: the middle of each band."""


@cache
def _filters() -> NDArray[np.float64]:
    """Make the bands' responses over the bins of a window: cosines on the ERB scale, positive frequencies only."""
    place = _erb_number(np.fft.rfftfreq(WINDOW_FRAMES, 1.0 / RATE_HZ))
    edges = _erb_number(_edges_hz())
    away = (place - edges[1:-1, None]) / (edges[1] - edges[0])
    # A signal made of its positive frequencies alone, doubled, is as long as its envelope.
    return np.where(np.abs(away) < 1.0, 2.0 * np.cos(0.5 * np.pi * away), 0.0)


def _envelopes(window: Signal) -> NDArray[np.float64]:
    """Measure each band's envelope, (24, 2000) at 400 Hz."""
    spectrum = np.fft.rfft(window)
    rows = np.empty((_BANDS, WINDOW_FRAMES // _HOP))
    analytic = np.zeros(WINDOW_FRAMES, np.complex128)
    for row, response in zip(rows, _filters(), strict=True):
        analytic[: len(spectrum)] = spectrum * response
        analytic[0] = 0.0
        row[:] = np.abs(np.fft.ifft(analytic)).reshape(-1, _HOP).mean(1)
    return rows


def statistics(window: Signal) -> NDArray[np.float64] | None:
    """Measure one window.

    Args:
        window: (WINDOW_FRAMES,) at RATE_HZ; its level does not matter.

    Returns:
        (len(STATISTICS),), or None for silence.
    """
    still = window - window.mean()
    rms = float(np.sqrt((still**2).mean()))
    if rms < _QUIETEST:
        return None
    envelopes = _envelopes(still / rms * _RMS)
    compressed = np.maximum(envelopes, 1e-5) ** _COMPRESSION
    mean, spread = compressed.mean(1), compressed.std(1) + 1e-6
    moves = (compressed - mean[:, None]) / spread[:, None]
    rates = np.fft.rfft(moves * np.hanning(moves.shape[1]), axis=1)
    return np.nan_to_num(
        np.concatenate(
            [
                _spectrum(envelopes),
                _VARIATION_SCALE * spread / mean,
                np.clip((moves**3).mean(1), -4.0, 6.0),
                np.log(np.clip((moves**4).mean(1), 1.0, 300.0)),
                _sparsity(envelopes),
                _together(moves),
                _modulation(rates),
                _periodicity(rates),
                _shared(rates),
                _tonality(still),
            ]
        )
    )


def _spectrum(envelopes: NDArray[np.float64]) -> NDArray[np.float64]:
    level_db = 10.0 * np.log10((envelopes**2).mean(1) + 1e-9)
    level_db = np.maximum(level_db - level_db.max(), -_DEPTH_DB)
    return np.asarray(level_db - level_db.mean())


def _sparsity(envelopes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure the log kurtosis of the plain envelope: few strong events among little are high, noise is low."""
    relative = envelopes / (envelopes.mean(1, keepdims=True) + 1e-12) - 1.0
    relative /= relative.std(1, keepdims=True) + 1e-9
    return np.log(np.clip((relative**4).mean(1), 1.0, 2_000.0))


def _in_pairs(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(values[: len(values) // 2 * 2].reshape(-1, 2).mean(1))


def _together(moves: NDArray[np.float64]) -> NDArray[np.float64]:
    alike = moves @ moves.T / moves.shape[1]
    return _CORRELATION_SCALE * np.concatenate(
        [_in_pairs(np.diagonal(alike, apart)) for apart in _BANDS_APART]
    )


@cache
def _octaves() -> dict[float, NDArray[np.bool_]]:
    hz = np.fft.rfftfreq(WINDOW_FRAMES // _HOP, 1.0 / _ENVELOPE_HZ)
    return {c: (hz >= c / 2**0.5) & (hz < c * 2**0.5) for c in _MODULATIONS_HZ}


def _modulation_power(rates: NDArray[np.complex128]) -> NDArray[np.float64]:
    power = np.abs(rates) ** 2
    return np.asarray(power / (power[:, 1:].sum(1, keepdims=True) + 1e-12))


def _modulation(rates: NDArray[np.complex128]) -> NDArray[np.float64]:
    power = _modulation_power(rates)
    shares = np.stack([power[:, inside].sum(1) for inside in _octaves().values()], 1)
    logs = np.log10(shares.reshape(_BANDS // 2, 2, -1).mean(1) + 1e-4)
    return np.asarray(_MODULATION_SCALE * logs.ravel())


def _periodicity(rates: NDArray[np.complex128]) -> NDArray[np.float64]:
    power = _modulation_power(rates)
    within = [power[:, _octaves()[c]] for c in _PERIODIC_HZ]
    peaks = np.stack([np.log10(p.max(1) / (p.mean(1) + 1e-12) + 1e-6) for p in within], 1)
    return np.asarray(_PEAK_SCALE * peaks.reshape(_BANDS // 2, 2, -1).mean(1).ravel())


def _shared(rates: NDArray[np.complex128]) -> NDArray[np.float64]:
    found = []
    for c in _SHARED_HZ:
        unit = rates * _octaves()[c]
        unit = unit / (np.sqrt((np.abs(unit) ** 2).sum(1, keepdims=True)) + 1e-9)
        for apart in _SHARED_APART:
            alike = _in_pairs(np.abs((unit[:-apart] * unit[apart:].conj()).sum(1)))
            found += [alike[0], alike[len(alike) // 2], alike[-1]]
    return _CORRELATION_SCALE * np.array(found)


def _tonality(window: Signal) -> NDArray[np.float64]:
    """Measure how flat the spectrum is in seven spans, slice by slice and over all: lines are peaks that stay."""
    slices = window[: len(window) // _TONE_FRAMES * _TONE_FRAMES].reshape(-1, _TONE_FRAMES)
    power = np.abs(np.fft.rfft(slices * np.hanning(_TONE_FRAMES), axis=1)) ** 2 + 1e-12
    found = []
    for low, high in pairwise(_TONE_BINS):
        inside = power[:, low:high]
        found.append(np.log(inside).mean() - np.log(inside.mean(1)).mean())
        found.append(np.log(inside.mean(0)).mean() - np.log(inside.mean()))
    return np.array(found)


def _name_statistics() -> tuple[Statistic, ...]:
    """Name each number, in the order in which `statistics` returns them."""
    named = [Statistic("spectrum", f"level at {hz:.0f} Hz, dB", hz) for hz in CENTRES_HZ]
    for what in ("variation", "skew", "log kurtosis", "log sparsity"):
        named += [Statistic("level", f"{what} at {hz:.0f} Hz", hz) for hz in CENTRES_HZ]
    for apart in _BANDS_APART:
        named += [
            Statistic(
                "crossband",
                f"correlation {apart} bands apart near {CENTRES_HZ[2 * i]:.0f} Hz",
                CENTRES_HZ[2 * i],
            )
            for i in range((_BANDS - apart) // 2)
        ]
    named += [
        Statistic("modulation", f"{c:g} Hz modulation near {hz:.0f} Hz", hz)
        for hz in CENTRES_HZ[::2]
        for c in _MODULATIONS_HZ
    ]
    named += [
        Statistic("periodicity", f"peakiness of {c:g} Hz modulation near {hz:.0f} Hz", hz)
        for hz in CENTRES_HZ[::2]
        for c in _PERIODIC_HZ
    ]
    for c in _SHARED_HZ:
        for apart in _SHARED_APART:
            named += [
                Statistic("modcorr", f"{c:g} Hz modulation shared {apart} bands apart ({where})", hz)
                for where, hz in zip(("low", "mid", "high"), CENTRES_HZ[[0, 12, 20]], strict=True)
            ]
    for low, high in pairwise(_TONE_BINS):
        step = RATE_HZ / _TONE_FRAMES
        for what in ("short-term", "long-term"):
            span = f"{what} flatness {low * step:.0f}-{high * step:.0f} Hz"
            named.append(Statistic("tonality", span, (low + high) / 2 * step))
    return tuple(named)


STATISTICS: Final = _name_statistics()
FAMILIES: Final = tuple(dict.fromkeys(each.family for each in STATISTICS))


def windows(x: Samples, rate_hz: int = SAMPLE_RATE_HZ, most: int = 24) -> list[Signal]:
    """Cut a sound into windows of five seconds, mono, at RATE_HZ; what is shorter is repeated.

    Args:
        x: (frames, channels).
        rate_hz: of `x`.
        most: of windows; evenly spread where there would be more.
    """
    mono = x.mean(1, dtype=np.float64)
    # Sides that cancel are heard one at a time.
    if x.shape[1] > 1 and mono.std() <= 0.3 * x.std():
        mono = x[:, 0].astype(np.float64)
    if rate_hz != RATE_HZ:
        both = gcd(rate_hz, RATE_HZ)
        mono = resample_poly(mono, RATE_HZ // both, rate_hz // both)
    if len(mono) < WINDOW_FRAMES:
        mono = np.resize(mono, WINDOW_FRAMES)
    starts = np.arange(0, len(mono) - WINDOW_FRAMES + 1, WINDOW_FRAMES)
    if len(starts) > most:
        starts = np.linspace(0, len(mono) - WINDOW_FRAMES, most).astype(np.int64)
    return [mono[start : start + WINDOW_FRAMES] for start in starts]
