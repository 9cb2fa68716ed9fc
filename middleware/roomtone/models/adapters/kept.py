"""The latent of an earlier clip: what is kept of it, and reading it back to go on from it or to vary it."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from roomtone.errors import ModelError
from roomtone.models.adapters.circular import TIME

_MOST_BYTES: Final = 64 << 20
_FIX: Final = "make the earlier clip again"
_NAMES: Final = frozenset({"family", "latent", "first_frame", "frames", "ring"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An earlier clip as its model knows it.

    Attributes:
        latent: (1, channels, time, …) float32 on the processor.
        first_frame: where in the decoded latent it begins to be heard.
        frames: how many frames are heard of it; its latent may reach a little further.
        ring: whether it closes on itself.
    """

    latent: torch.Tensor
    first_frame: int
    frames: int
    ring: bool


def keep(family: str, kept: Kept) -> dict[str, Any]:
    """Give the arrays that `read_kept` reads. Half precision: it is noised again before it is used."""
    return {
        "family": np.array(family),
        "latent": kept.latent.detach().to("cpu", torch.float16).numpy(),
        "first_frame": np.array(kept.first_frame),
        "frames": np.array(kept.frames),
        "ring": np.array(kept.ring),
    }


def read_kept(path: Path, family: str, like: tuple[int, ...], hop_frames: int, *, at: str) -> Kept:
    """Read what was kept of an earlier clip.

    Args:
        path: an `.npz` with what `keep` gave.
        family: whose latents can be used.
        like: the shape that is wanted, time being axis 2 and free.
        hop_frames: frames for each latent.
        at: the job's field, for the error.

    Raises:
        ModelError: `model.no-latent`, `model.bad-latent`.
    """
    if not path.is_file():
        what = f"what was kept of the earlier clip is gone: {path}"
        raise ModelError("model.no-latent", what=what, at=at, fix=_FIX)
    try:
        arrays = _arrays(path)
        first_frame, frames = int(arrays["first_frame"]), int(arrays["frames"])
    except (ValueError, TypeError, OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise _bad(path, f"it cannot be read: {error}", at) from error
    if str(arrays["family"]) != family:
        raise _bad(path, f"it is of {str(arrays['family'])!r:.40}, not of {family}", at)
    latent = arrays["latent"]
    fits = latent.ndim == len(like) and all(
        have == want for axis, (have, want) in enumerate(zip(latent.shape, like, strict=True)) if axis != TIME
    )
    if latent.dtype != np.float16 or not fits:
        raise _bad(path, f"it holds {latent.dtype} {latent.shape}, and float16 {like} is wanted", at)
    if not (first_frame >= 0 and frames > 0 and first_frame + frames <= latent.shape[TIME] * hop_frames):
        raise _bad(path, f"{frames} frames from {first_frame} on are not in it", at)
    if not np.isfinite(latent).all():
        raise _bad(path, "it holds numbers that are none", at)
    return Kept(
        latent=torch.from_numpy(latent).float(),
        first_frame=first_frame,
        frames=frames,
        ring=bool(arrays["ring"]),
    )


def _arrays(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        unpacked_bytes = sum(entry.file_size for entry in archive.infolist())
    if unpacked_bytes > _MOST_BYTES:
        raise ValueError(f"it unpacks to {unpacked_bytes} bytes, more than {_MOST_BYTES}")
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in _NAMES}


def _bad(path: Path, what: str, at: str) -> ModelError:
    return ModelError("model.bad-latent", what=f"{path}: {what}", at=at, fix=_FIX)
