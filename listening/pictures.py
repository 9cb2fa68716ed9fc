"""Pictures of a sound: its spectrogram, how its level moves, how its events are distributed."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from listening.hearing import envelope
from roomtone.audio import SAMPLE_RATE_HZ, Samples

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MELS: Final = 128
_HOP: Final = 480
_FRAME: Final = 2_048
_LOW_HZ, _HIGH_HZ = 30.0, 20_000.0
_DEPTH_DB: Final = 80.0
_BANDS_HZ: Final = ((40.0, 200.0), (200.0, 1_000.0), (1_000.0, 4_000.0), (4_000.0, 16_000.0))
_SLICE_S: Final = 0.005
_TICKS_HZ: Final = (50, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)


def spectrogram_db(x: Samples) -> NDArray[np.float64]:
    """Measure (bands, slices of 10 ms) in dB below the loudest, bands evenly spaced to the ear."""
    mono = x.mean(1, dtype=np.float64)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(mono, _FRAME // 2), _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    hz = np.fft.rfftfreq(_FRAME, 1 / SAMPLE_RATE_HZ)
    edges = _mel_hz(np.linspace(_mel(_LOW_HZ), _mel(_HIGH_HZ), _MELS + 1))
    below = np.concatenate([np.zeros((len(power), 1)), np.cumsum(power, 1)], 1)
    at_edges = np.stack([np.interp(edges, np.append(hz, hz[-1]), row) for row in below])
    bands_db = 10.0 * np.log10(np.diff(at_edges, axis=1).T + 1e-12)
    return np.asarray(np.maximum(bands_db - bands_db.max(), -_DEPTH_DB))


def _mel(hz: float) -> float:
    return 2_595.0 * float(np.log10(1.0 + hz / 700.0))


def _mel_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(700.0 * (10.0 ** (mel / 2_595.0) - 1.0))


def draw_spectrogram(axes: "Axes", x: Samples) -> None:
    """Draw how loud each band is over time."""
    seconds = len(x) / SAMPLE_RATE_HZ
    axes.imshow(
        spectrogram_db(x), origin="lower", aspect="auto", cmap="magma", extent=(0.0, seconds, 0.0, _MELS)
    )
    places = [(_mel(hz) - _mel(_LOW_HZ)) / (_mel(_HIGH_HZ) - _mel(_LOW_HZ)) * _MELS for hz in _TICKS_HZ]
    axes.set_yticks(places, [f"{hz / 1000:g}k" if hz >= 1_000 else str(hz) for hz in _TICKS_HZ])
    axes.set_ylabel("Hz")
    axes.set_xlabel("s")


def draw_bands(axes: "Axes", x: Samples) -> None:
    """Draw the level of four bands over time, smoothed over 0.1 s."""
    for low_hz, high_hz in _BANDS_HZ:
        e = envelope(x, low_hz, high_hz) ** 2
        smooth = np.convolve(e, np.full(20, 0.05), "same")
        axes.plot(
            np.arange(len(e)) * _SLICE_S,
            10 * np.log10(smooth + 1e-12),
            lw=0.7,
            label=f"{low_hz:g}-{high_hz:g} Hz",
        )
    axes.set_ylabel("dBFS")
    axes.set_xlabel("s")
    axes.legend(fontsize=6, loc="lower right", ncols=2)


def draw_events(axes: "Axes", x: Samples) -> None:
    """Draw how often the envelope above 2 kHz stands how far over its median: noise is a hump, events are a tail."""
    e = envelope(x, 2_000.0)
    over_db = 20 * np.log10(e / (np.median(e) + 1e-12) + 1e-6)
    axes.hist(over_db, bins=np.arange(-20, 40), log=True)
    axes.set_xlabel("dB over the median, above 2 kHz")
    axes.set_ylabel("slices of 5 ms")


def picture(x: Samples, path: Path, *, title: str = "") -> None:
    """Write one picture of a sound: 10 s of spectrogram, bands over all of it, and its events."""
    import matplotlib.pyplot as plt

    plt.switch_backend("Agg")
    figure, (top, middle, bottom) = plt.subplots(
        3, 1, figsize=(11, 9), height_ratios=(3, 2, 1.4), layout="constrained"
    )
    draw_spectrogram(top, x[: 10 * SAMPLE_RATE_HZ])
    top.set_title(title)
    draw_bands(middle, x)
    draw_events(bottom, x)
    figure.savefig(path, dpi=80)
    plt.close(figure)
