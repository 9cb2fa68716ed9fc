"""What a stretch of sound is like: the power of its bands, every 10 ms."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.fourier import FRAME, Complex, inverse_transform
from roomtone.dsp.kernel import kernel

HOP_FRAMES: Final = FRAME // 2
BANDS: Final = 22

BandPowers: TypeAlias = NDArray[np.float32]
"""`(hops, BANDS)`: mean square of each band around frame `HOP_FRAMES * (hop + 0.5)`; a full-scale square is 1."""

_LOWEST_HZ: Final = 25.0
_HIGHEST_HZ: Final = 18_000.0
_WINDOW: Final = (0.5 - 0.5 * np.cos(2.0 * np.pi * (np.arange(FRAME) + 0.5) / FRAME)).astype(np.float32)
# Twice for the negative frequencies, and the power that the window leaves.
_SCALE: Final = 2.0 / (FRAME * float(np.square(_WINDOW, dtype=np.float64).sum()))


def _erb_number(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convert to the ear's own scale. Source: Glasberg & Moore (1990), ERB-rate scale."""
    return np.asarray(21.4 * np.log10(1.0 + 0.00437 * hz), np.float64)


def _band_positions() -> NDArray[np.float64]:
    low, high = _erb_number(np.array([_LOWEST_HZ, _HIGHEST_HZ]))
    bins_hz = np.arange(FRAME // 2 + 1, dtype=np.float64) * (SAMPLE_RATE_HZ / FRAME)
    return np.asarray((_erb_number(bins_hz) - low) / (high - low) * BANDS, np.float64)


BAND_POSITIONS: Final = _band_positions()
"""`(FRAME // 2 + 1,)`: where each bin of a frame's spectrum lies, counted in bands; 0 and less is below the first."""

_INSIDE: Final = (BAND_POSITIONS >= 0.0) & (BAND_POSITIONS < BANDS)
_BAND_OF_BIN: Final = np.where(_INSIDE, BAND_POSITIONS, -1.0).astype(np.int64)


@kernel
def _place_of(frame: int, frames: int, circular: bool) -> int:
    """Say where to read beyond the edges: round a loop, and elsewhere in the mirror."""
    if circular:
        return frame % frames
    folded = frame % (2 * frames)
    return folded if folded < frames else 2 * frames - 1 - folded


@kernel
def lift(sound: Samples, circular: bool, start: int, window: NDArray[np.float32], frame: Complex) -> None:
    """Copy a frame of a sound under a window: left as real parts, right as imaginary ones."""
    frames, channels = sound.shape
    inside = start >= 0 and start + FRAME <= frames
    frame[1, :] = 0.0
    for c in range(channels):
        for i in range(FRAME):
            at = start + i if inside else _place_of(start + i, frames, circular)
            frame[c, i] = sound[at, c] * window[i]


@kernel
def _measure(sound: Samples, circular: bool, frame: Complex, scratch: Complex, out: BandPowers) -> None:
    for hop in range(out.shape[0]):
        lift(sound, circular, hop * HOP_FRAMES - (FRAME - HOP_FRAMES) // 2, _WINDOW, frame)
        # Left is the real part and right the imaginary one: the powers of both add up over each pair of bins.
        inverse_transform(frame, scratch)
        out[hop, :] = 0.0
        for k in range(1, FRAME // 2):
            band = _BAND_OF_BIN[k]
            if band >= 0:
                a, b, c_, d = frame[0, k], frame[1, k], frame[0, FRAME - k], frame[1, FRAME - k]
                out[hop, band] += (a * a + b * b + c_ * c_ + d * d) * 0.5
        for band in range(BANDS):
            out[hop, band] *= _SCALE / sound.shape[1]


def band_powers(sound: Samples, *, circular: bool = False) -> BandPowers:
    """Measure a sound, hop by hop; without the interpreter lock.

    Args:
        sound: (frames, 1 or 2).
        circular: the first frame follows the last.
    """
    out = np.empty((max(1, len(sound) // HOP_FRAMES), BANDS), np.float32)
    frame, scratch = np.zeros((2, FRAME), np.float32), np.zeros((2, FRAME), np.float32)
    _measure(np.ascontiguousarray(sound), circular, frame, scratch, out)
    return out
