"""A bed of noise painted band by band: any spectrum, moving in every band, with its own stereo width per band.

Each block of 10 ms is half of a 20 ms frame of random spectrum; frames overlap under a sine window, whose squares sum
to one, so independent frames join into noise of constant power. Bands of the ear's own width (ERB) may be
set anew at every block: that is what lets gusts, swells and drift reach each band by itself.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, hiss, rng_state

BED_BANDS: Final = 31
_LOWEST_HZ: Final = 45.0
_HIGHEST_HZ: Final = 20_000.0
_FRAME: Final = 2 * BLOCK_FRAMES
_BINS: Final = _FRAME // 2 + 1


def _erb_number(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(21.4 * np.log10(1.0 + 0.00437 * hz))


def _band_centres_hz() -> NDArray[np.float64]:
    low, high = _erb_number(np.array([_LOWEST_HZ, _HIGHEST_HZ]))
    return np.asarray((10 ** (np.linspace(low, high, BED_BANDS) / 21.4) - 1.0) / 0.00437)


BED_CENTRES_HZ: Final = _band_centres_hz()
"""`(BED_BANDS,)`: the centre of each band. Source: Glasberg & Moore (1990), ERB-rate scale."""

_BIN_HZ: Final = np.arange(_BINS) * (SAMPLE_RATE_HZ / _FRAME)
_POSITION: Final = np.interp(_BIN_HZ, BED_CENTRES_HZ, np.arange(BED_BANDS))
_BAND_BELOW: Final = np.minimum(_POSITION.astype(np.int64), BED_BANDS - 2)
_WEIGHT_ABOVE: Final = (_POSITION - _BAND_BELOW).astype(np.float32)
_WINDOW: Final = np.sin(np.pi * (np.arange(_FRAME) + 0.5) / _FRAME).astype(np.float32)[:, None]


@dataclass(slots=True)
class Bed:
    """The state of one painted bed."""

    rng: Rng
    width: NDArray[np.float32]
    spectrum: NDArray[np.complex64]
    tail: Samples


def bed_state(seed: int, *path: str | int, channels: int = 2, coherence: NDArray[np.float64] | None = None) -> Bed:
    """Start a bed.

    Args:
        seed, path: see `rng_state`.
        channels: 1 or 2.
        coherence: (BED_BANDS,) how alike left and right are, 1 to 0; by default 0.9 at the bottom falling to 0.05
            at the top, as two ears or a spaced pair measure outdoors.
    """
    if coherence is None:
        coherence = np.interp(np.log2(BED_CENTRES_HZ), np.log2([60.0, 400.0, 4000.0]), [0.9, 0.4, 0.05])
    return Bed(
        rng=rng_state(seed, *path, "bed"),
        width=np.interp(_POSITION, np.arange(BED_BANDS), coherence).astype(np.float32),
        spectrum=np.zeros((_BINS, channels), np.complex64),
        tail=np.zeros((BLOCK_FRAMES, channels), np.float32),
    )


@kernel
def _paint(
    rng: Rng, gains: NDArray[np.float64], below: NDArray[np.int64], above: NDArray[np.float32],
    coherence: NDArray[np.float32], spectrum: NDArray[np.complex64],
) -> None:
    # A unit-variance complex bin gives the inverse transform a power of bins/frame² a sample: scaled to 1 here.
    scale = np.sqrt(spectrum.shape[0] - 1.0)
    for i in range(1, spectrum.shape[0] - 1):
        b = below[i]
        gain = scale * (gains[b] * (1.0 - above[i]) + gains[b + 1] * above[i])
        re, im = hiss(rng), hiss(rng)
        spectrum[i, 0] = np.complex64(complex(gain * re, gain * im))
        if spectrum.shape[1] == 2:
            c = coherence[i]
            d = np.sqrt(1.0 - c * c)
            spectrum[i, 1] = np.complex64(complex(gain * (c * re + d * hiss(rng)), gain * (c * im + d * hiss(rng))))


def render_bed(bed: Bed, band_gains: NDArray[np.float64], out: Samples) -> None:
    """Overwrite `out` with one block of the bed.

    Args:
        bed: from `bed_state`.
        band_gains: (BED_BANDS,) linear amplitude density: all ones is white noise of RMS 1 (0 dBFS).
        out: (BLOCK_FRAMES, channels) float32.
    """
    _paint(bed.rng, band_gains, _BAND_BELOW, _WEIGHT_ABOVE, bed.width, bed.spectrum)
    frame = np.fft.irfft(bed.spectrum, _FRAME, axis=0)
    frame *= _WINDOW
    np.add(bed.tail, frame[:BLOCK_FRAMES], out=out)
    bed.tail[:] = frame[BLOCK_FRAMES:]
