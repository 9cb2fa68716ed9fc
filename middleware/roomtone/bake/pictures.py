"""Spectrograms as small PNG files: time to the right, pitch upwards as the ear hears it, level as brightness."""

import struct
import zlib
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples

WIDTH, HEIGHT = 480, 96
_WINDOW_FRAMES: Final = 2_048
_LOWEST_HZ, _HIGHEST_HZ = 40.0, 20_000.0
_RANGE_DB: Final = 75.0
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
# From silence to the loudest: night blue, violet, orange, cream.
_COLOURS: Final = ((10, 12, 28), (66, 30, 112), (190, 62, 88), (248, 158, 72), (253, 246, 214))


def write_spectrogram(samples: Samples, path: Path) -> None:
    """Draw a sound.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_bytes(_png(_coloured(_levels_db(samples))))


def _levels_db(samples: Samples) -> NDArray[np.float64]:
    """Measure the level at each point of the picture: (HEIGHT, WIDTH), low notes first."""
    mono = samples.mean(axis=1)
    if len(mono) < _WINDOW_FRAMES:
        mono = np.pad(mono, (0, _WINDOW_FRAMES - len(mono)))
    window = np.hanning(_WINDOW_FRAMES)
    starts = np.linspace(0, len(mono) - _WINDOW_FRAMES, WIDTH).astype(np.int64)
    frames = mono[starts[:, None] + np.arange(_WINDOW_FRAMES)] * window
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    edges_hz = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, HEIGHT + 1)
    edges = edges_hz * _WINDOW_FRAMES / SAMPLE_RATE_HZ
    total = np.concatenate((np.zeros((WIDTH, 1)), np.cumsum(power, axis=1)), axis=1)
    places = np.arange(total.shape[1])
    sums = np.stack([np.interp(edges, places, row) for row in total])
    return np.asarray(10.0 * np.log10(np.diff(sums, axis=1) + 1e-12).T)


def _coloured(levels_db: NDArray[np.float64]) -> NDArray[np.uint8]:
    bright = np.clip(1.0 + (levels_db - levels_db.max()) / _RANGE_DB, 0.0, 1.0)[::-1]
    steps = np.linspace(0.0, 1.0, len(_COLOURS))
    table = np.array(_COLOURS, np.float64)
    return np.stack([np.interp(bright, steps, table[:, c]) for c in range(3)], axis=2).astype(np.uint8)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Write an image after the PNG specification: one filter byte before each row, deflated."""
    height, width, _ = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = np.concatenate((np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)), axis=1)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
