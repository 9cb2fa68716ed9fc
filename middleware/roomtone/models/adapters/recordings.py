"""Sound that is given to a model: read within limits, and brought to the rate and the channels that it works at."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_imports import convert_audio

RATE_HZ: Final = 48_000
"""Of all sound that is given to a model."""

# Ten minutes of stereo.
_MOST_BYTES: Final = 256 << 20


def read_recording(path: Path, *, at: str) -> NDArray[np.float32]:
    """Read a `.npy` of (frames, 1 or 2) float32 at 48 kHz.

    Args:
        path: of the file.
        at: the job's field, for the error.

    Raises:
        ModelError: `model.bad-audio`.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _bad(path, "it is longer than ten minutes", at)
        samples: NDArray[Any] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _bad(path, f"it cannot be read: {error}", at) from error
    fits = samples.dtype == np.float32 and samples.ndim == 2 and samples.size and samples.shape[1] in (1, 2)
    if not fits or not np.isfinite(samples).all():
        raise _bad(path, f"it holds {samples.dtype} {samples.shape}, and no sound", at)
    return samples


def converted(samples: NDArray[np.float32], *, rate_hz: int, channels: int) -> NDArray[np.float32]:
    """Bring (frames, channels) at 48 kHz to a model's rate and channels, as audiocraft does."""
    sound = torch.from_numpy(np.ascontiguousarray(samples.T))
    brought: NDArray[np.float32] = convert_audio(sound, RATE_HZ, rate_hz, channels).numpy().T
    return np.ascontiguousarray(brought)


def folded(samples: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """Give (frames, channels) as many channels as are wanted."""
    if samples.shape[1] == channels:
        return samples
    mono = samples.mean(axis=1, keepdims=True)
    return np.ascontiguousarray(np.repeat(mono, channels, axis=1))


def ring_of(samples: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Lay a sound that closes on itself out in another number of frames: exactly, as its spectrum is one of lines."""
    if len(samples) == frames:
        return samples
    lines = np.fft.rfft(samples, axis=0)[: frames // 2 + 1]
    if frames % 2 == 0 and frames < len(samples):
        # The highest line of an even number of frames has no phase of its own.
        lines[-1] = 0.0
    laid = np.fft.irfft(lines, n=frames, axis=0) * (frames / len(samples))
    return laid.astype(np.float32)


def _bad(path: Path, what: str, at: str) -> ModelError:
    fix = "give a .npy of (frames, 1 or 2) float32 at 48 kHz"
    return ModelError("model.bad-audio", what=f"{path}: {what}", at=at, fix=fix)
