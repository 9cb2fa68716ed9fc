"""A graphic equaliser of nine octaves whose gains may move from block to block."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel

OCTAVES_HZ: Final = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)
"""The middle of each band."""

# An octave wide at the half-gain points.
_Q: Final = 1.0
_COEFFICIENTS: Final = 5


@dataclass(slots=True)
class Equalizer:
    """The state of one equaliser.

    Attributes:
        gains_db: (9,) what each band's filter stood at after the last block.
        memory: (channels, 9, 2) what the filters remember.
    """

    gains_db: NDArray[np.float64]
    memory: NDArray[np.float64]


def equalizer_state(channels: int, levels_db: NDArray[np.float64] | None = None) -> Equalizer:
    """Start at levels per octave; flat without any."""
    gains_db = np.zeros(len(OCTAVES_HZ)) if levels_db is None else filter_gains(levels_db)
    return Equalizer(gains_db, np.zeros((channels, len(OCTAVES_HZ), 2)))


def filter_gains(levels_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the filters' gains that together give these levels at the middle of each octave.

    Neighbouring filters overlap; in dB their responses add up nearly in proportion to their gains, so what each adds
    to each octave is one matrix.
    """
    return np.asarray(np.linalg.solve(_overlap(), levels_db))


@cache
def _overlap() -> NDArray[np.float64]:
    centres = np.array(OCTAVES_HZ)
    overlap = np.empty((len(centres), len(centres)))
    for band, centre_hz in enumerate(OCTAVES_HZ):
        row = np.empty(_COEFFICIENTS)
        _peak(centre_hz, 1.0, row)
        overlap[:, band] = response_db(row, centres)
    return overlap


def response_db(row: NDArray[np.float64], frequencies_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the gain of one filter (b0, b1, b2, a1, a2) at some frequencies."""
    z = np.exp(-2j * np.pi * frequencies_hz / SAMPLE_RATE_HZ)
    above = row[0] + row[1] * z + row[2] * z * z
    below = 1.0 + row[3] * z + row[4] * z * z
    return np.asarray(20.0 * np.log10(np.abs(above / below)))


def equalize(state: Equalizer, gains_db: NDArray[np.float64], samples: Samples) -> None:
    """Shape a block in place; the filters' gains walk from where they were to `gains_db`.

    Args:
        state: of this stream.
        gains_db: (9,), as `filter_gains` returns them; all 0 leaves the sound as it is.
        samples: (frames, channels).
    """
    _equalize(state.gains_db, gains_db, state.memory, samples)
    state.gains_db[:] = gains_db


@kernel
def _peak(centre_hz: float, gain_db: float, row: NDArray[np.float64]) -> None:
    """Compute a peaking filter. Source: R. Bristow-Johnson, "Audio EQ Cookbook", peakingEQ."""
    w = 2.0 * np.pi * centre_hz / 48_000.0
    amplitude = 10.0 ** (gain_db / 40.0)
    alpha = np.sin(w) / (2.0 * _Q)
    a0 = 1.0 + alpha / amplitude
    row[0] = (1.0 + alpha * amplitude) / a0
    row[1] = -2.0 * np.cos(w) / a0
    row[2] = (1.0 - alpha * amplitude) / a0
    row[3] = row[1]
    row[4] = (1.0 - alpha / amplitude) / a0


@kernel
def _equalize(
    before_db: NDArray[np.float64],
    after_db: NDArray[np.float64],
    memory: NDArray[np.float64],
    samples: Samples,
) -> None:
    row, step = np.empty(_COEFFICIENTS), np.empty(_COEFFICIENTS)
    for band in range(len(OCTAVES_HZ)):
        if before_db[band] == 0.0 and after_db[band] == 0.0:
            # Flat: nothing to do, and nothing to remember.
            memory[:, band, :] = 0.0
            continue
        _peak(OCTAVES_HZ[band], after_db[band], step)
        for c in range(samples.shape[1]):
            _peak(OCTAVES_HZ[band], before_db[band], row)
            _filter(row, (step - row) / samples.shape[0], memory[c, band], samples[:, c])


@kernel
def _filter(
    row: NDArray[np.float64],
    step: NDArray[np.float64],
    memory: NDArray[np.float64],
    line: NDArray[np.float32],
) -> None:
    """Filter with coefficients that move a little every sample: a low band's memory would make steps audible."""
    m1, m2 = memory[0], memory[1]
    b0, b1, b2, a1, a2 = row[0], row[1], row[2], row[3], row[4]
    for i in range(line.shape[0]):
        b0 += step[0]
        b1 += step[1]
        b2 += step[2]
        a1 += step[3]
        a2 += step[4]
        x = float(line[i])
        y = b0 * x + m1
        m1 = b1 * x - a1 * y + m2
        m2 = b2 * x - a2 * y
        line[i] = y
    memory[0], memory[1] = m1, m2
