"""A bed of noise painted band by band: any spectrum, every band moving by itself, its stereo width by band.

Each block of 10 ms is half of a 20 ms frame of random spectrum; frames overlap under a sine window, whose
squares sum to one, so independent frames join into noise of constant power. Bands of the ear's own width
(ERB) may be set anew at each block: that is what lets gusts, swells and drift reach each band by itself.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.fourier import FRAME, Complex, inverse_transform
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, next_bits, rng_state

BED_BANDS: Final = 31
_LOWEST_HZ: Final = 45.0
_HIGHEST_HZ: Final = 20_000.0
_BINS: Final = FRAME // 2 + 1


def _erb_number(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(21.4 * np.log10(1.0 + 0.00437 * hz))


def _band_centres_hz() -> NDArray[np.float64]:
    low, high = _erb_number(np.array([_LOWEST_HZ, _HIGHEST_HZ]))
    return np.asarray((10 ** (np.linspace(low, high, BED_BANDS) / 21.4) - 1.0) / 0.00437)


BED_CENTRES_HZ: Final = _band_centres_hz()
"""`(BED_BANDS,)`: the centre of each band. Source: Glasberg & Moore (1990), ERB-rate scale."""

_BIN_HZ: Final = np.arange(_BINS) * (SAMPLE_RATE_HZ / FRAME)
_POSITION: Final = np.interp(_BIN_HZ, BED_CENTRES_HZ, np.arange(BED_BANDS))
_BAND_BELOW: Final = np.minimum(_POSITION.astype(np.int64), BED_BANDS - 2)
_WEIGHT_ABOVE: Final = (_POSITION - _BAND_BELOW).astype(np.float32)
_LOW16, _S16, _S32, _S48 = np.uint64(0xFFFF), np.uint64(16), np.uint64(32), np.uint64(48)
# The standard deviation of a flat 16-bit number is 18918.6. A complex bin of variance 2 gives a power of bins/frame² a
# sample: scaled to 1 here.
_SCALE: Final = (12.0 * (_BINS - 1.0)) ** 0.5 / 65536.0 / FRAME
_WINDOW: Final = np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME).astype(np.float32)


@dataclass(slots=True)
class Bed:
    """The state of one painted bed.

    Attributes:
        rng: chance.
        shares: (bins, 2) how much the right has of the left's noise, and how much of its own.
        frame: spectrum of both sides in one, left + i·right, then their frames.
        scratch: for the transform.
        tail: (BLOCK_FRAMES, channels) what the last frame adds to the next block.
    """

    rng: Rng
    shares: NDArray[np.float32]
    frame: Complex
    scratch: Complex
    tail: Samples


def bed_state(
    seed: int, *path: str | int, channels: int = 2, coherence: NDArray[np.float64] | None = None
) -> Bed:
    """Start a bed.

    Args:
        seed: see `rng_state`.
        *path: see `rng_state`.
        channels: 1 or 2.
        coherence: (BED_BANDS,) how alike left and right are, 1 to 0; by default 0.9 at the bottom falling to
            0.05 at the top, as two ears or a spaced pair measure outdoors.
    """
    if coherence is None:
        coherence = np.interp(np.log2(BED_CENTRES_HZ), np.log2([60.0, 400.0, 4000.0]), [0.9, 0.4, 0.05])
    alike = np.interp(_POSITION, np.arange(BED_BANDS), coherence)
    return Bed(
        rng=rng_state(seed, *path, "bed"),
        shares=np.stack((alike, np.sqrt(1.0 - alike * alike)), -1).astype(np.float32),
        frame=np.zeros((2, FRAME), np.float32),
        scratch=np.zeros((2, FRAME), np.float32),
        tail=np.zeros((BLOCK_FRAMES, channels), np.float32),
    )


@kernel
def _paint(
    rng: Rng, gains: NDArray[np.float64], shares: NDArray[np.float32], stereo: bool, frame: Complex
) -> None:
    # Each bin draws four flat numbers from one word: the transform sums them into a normal distribution.
    frame[:, 0] = 0.0
    frame[:, _BINS - 1] = 0.0
    right_re = right_im = 0.0
    for i in range(1, _BINS - 1):
        b, part = _BAND_BELOW[i], _WEIGHT_ABOVE[i]
        gain = _SCALE * (gains[0, b] + part * (gains[0, b + 1] - gains[0, b]))
        z = next_bits(rng)
        re, im = float(z & _LOW16) - 32767.5, float((z >> _S16) & _LOW16) - 32767.5
        left_re, left_im = gain * re, gain * im
        if stereo:
            gain = _SCALE * (gains[-1, b] + part * (gains[-1, b + 1] - gains[-1, b]))
            c, d = gain * shares[i, 0], gain * shares[i, 1]
            right_re = c * re + d * (float((z >> _S32) & _LOW16) - 32767.5)
            right_im = c * im + d * (float(z >> _S48) - 32767.5)
        frame[0, i], frame[1, i] = left_re - right_im, left_im + right_re
        frame[0, FRAME - i], frame[1, FRAME - i] = left_re + right_im, right_re - left_im


@kernel
def _join(frame: Complex, tail: Samples, out: Samples) -> None:
    block = out.shape[0]
    for c in range(out.shape[1]):
        for i in range(block):
            out[i, c] = tail[i, c] + frame[c, i] * _WINDOW[i]
            tail[i, c] = frame[c, block + i] * _WINDOW[block + i]


@kernel
def _render(
    rng: Rng,
    gains: NDArray[np.float64],
    shares: NDArray[np.float32],
    frame: Complex,
    scratch: Complex,
    tail: Samples,
    out: Samples,
) -> None:
    _paint(rng, gains, shares, out.shape[1] == 2, frame)
    inverse_transform(frame, scratch)
    _join(frame, tail, out)


def render_bed(bed: Bed, band_gains: NDArray[np.float64], out: Samples) -> None:
    """Overwrite `out` with one block of the bed.

    Args:
        bed: from `bed_state`.
        band_gains: (BED_BANDS,), or (channels, BED_BANDS), linear amplitude density: all ones is white noise of
            RMS 1 (0 dBFS).
        out: (BLOCK_FRAMES, channels) float32.
    """
    gains = band_gains.reshape(-1, BED_BANDS)
    _render(bed.rng, gains, bed.shares, bed.frame, bed.scratch, bed.tail, out)
