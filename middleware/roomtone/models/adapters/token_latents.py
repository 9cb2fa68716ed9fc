"""The tokens of a clip, as they are kept to go on from later, and which part of them a new clip keeps."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_codec import hop_frames
from roomtone.models.adapters.audiocraft_imports import CompressionModel
from roomtone.models.adapters.fast_tokens import UNKNOWN

# Ten minutes of eight codebooks of 16 bits, at 100 frames a second, are 1 MB.
_MOST_BYTES: Final = 4 << 20
_FIX: Final = "make the earlier clip again"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTokens:
    """An earlier clip as its tokens.

    Attributes:
        codes: (codebooks, frames) int64.
        heard_frames: how many frames of sound, at the codec's rate, are heard of it.
        ring: whether it closes on itself.
    """

    codes: Tensor
    heard_frames: int
    ring: bool


def latent_of(kept: KeptTokens, codec: CompressionModel) -> dict[str, NDArray[Any]]:
    """Give the arrays that `read_latent` reads; the tokens are int16."""
    return {
        "tokens": kept.codes.cpu().numpy().astype(np.int16),
        "heard_frames": np.array(kept.heard_frames),
        "ring": np.array(kept.ring),
        "codec": _codec_of(codec),
    }


def read_latent(path: Path, codec: CompressionModel, *, at: str) -> KeptTokens:
    """Read what `latent_of` gave.

    Args:
        path: an `.npz`.
        codec: that is to read it.
        at: the job's field, for the error.

    Raises:
        ModelError: `model.no-latent`, `model.bad-latent`.
    """
    if not path.is_file():
        what = f"what was kept of the earlier clip is gone: {path}"
        raise ModelError("model.no-latent", what=what, at=at, fix=_FIX)
    try:
        arrays = _arrays(path)
        tokens, heard_frames, ring = arrays["tokens"], int(arrays["heard_frames"]), bool(arrays["ring"])
    except (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _bad(path, f"it cannot be read: {error}", at) from error
    if not np.array_equal(arrays["codec"], _codec_of(codec)):
        raise _bad(path, f"its tokens are another codec's: {arrays['codec'].tolist()!r:.80}", at)
    fits = tokens.dtype == np.int16 and tokens.ndim == 2 and tokens.shape[0] == codec.num_codebooks
    if not fits or tokens.size == 0 or tokens.min() < 0 or tokens.max() >= codec.cardinality:
        raise _bad(path, f"it holds {tokens.dtype} {tokens.shape}, and no tokens of this codec", at)
    if not 0 < heard_frames < (tokens.shape[1] + 1) * hop_frames(codec):
        raise _bad(path, f"{heard_frames} frames of sound are not in {tokens.shape[1]} frames of tokens", at)
    codes = torch.from_numpy(tokens.astype(np.int64))
    return KeptTokens(codes=codes, heard_frames=heard_frames, ring=ring)


def end_of(codes: Tensor, *, kept_frames: int, frames: int) -> Tensor:
    """Begin a clip of `frames` with the last `kept_frames` of another; what is to be made is `UNKNOWN`."""
    kept = codes[:, codes.shape[1] - kept_frames :]
    return torch.cat([kept, kept.new_full((len(codes), frames - kept.shape[1]), UNKNOWN)], dim=1)


def part_of(codes: Tensor, *, variation: float, frames: int) -> Tensor:
    """Keep the part 1 - `variation` of a clip's tokens; what is to be made anew is `UNKNOWN`.

    The finest codebook is given up first, from its end, and the coarsest last: a small variation is the same events
    in another grain, a larger one goes its own way after a common beginning, and 1 keeps nothing.
    """
    here = codes[:, :frames]
    kept = torch.cat([here, here.new_full((len(codes), frames - here.shape[1]), UNKNOWN)], dim=1)
    left = round(variation * kept.numel())
    for codebook in reversed(range(len(kept))):
        anew = min(left, frames)
        kept[codebook, frames - anew :] = UNKNOWN
        left -= anew
    return kept


def _codec_of(codec: CompressionModel) -> NDArray[np.int32]:
    kind = (codec.sample_rate, hop_frames(codec), codec.channels, codec.num_codebooks, codec.cardinality)
    return np.array(kind, np.int32)


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(path) as archive:
        unpacked_bytes = sum(entry.file_size for entry in archive.infolist())
    if unpacked_bytes > _MOST_BYTES:
        raise ValueError(f"it unpacks to {unpacked_bytes} bytes, more than {_MOST_BYTES}")
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in ("tokens", "heard_frames", "ring", "codec")}


def _bad(path: Path, what: str, at: str) -> ModelError:
    return ModelError("model.bad-latent", what=f"{path}: {what}", at=at, fix=_FIX)
