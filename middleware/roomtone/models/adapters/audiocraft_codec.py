"""Loads EnCodec, and turns tokens into sound: straight, or as a circle whose end leads into its beginning.

A codec is audiocraft's (`compression_state_dict`), or one of transformers' (`config.json` and its weights), which is
also what a language model's folder has as `encodec/` when its own file only names it.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from omegaconf import DictConfig
from torch import Tensor

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_files import (
    Checkpoint,
    check_folder,
    check_shapes,
    explained,
    find_checkpoint,
    read_checkpoint,
)
from roomtone.models.adapters.audiocraft_imports import (
    CompressionModel,
    HFEncodecCompressionModel,
    TransformersEncodec,
    builders,
)
from roomtone.models.adapters.loading import load_weights, read_config

# What a circle is lengthened by before it is decoded. Convolutions reach less than 20 frames; the recurrent layers
# before them forget, and after this many the rest is rounding.
_LEAD_IN_FRAMES: Final = 100
_LEAD_OUT_FRAMES: Final = 25


def load_codec(folder: Path, *, device: str) -> CompressionModel:
    """Load the codec of a folder.

    Args:
        folder: of a language model or of a codec.
        device: its kind.

    Raises:
        ModelError: see `read_checkpoint`; also `model.wrong-family` and `model.unsupported`.
    """
    check_folder(folder)
    if (folder / "config.json").is_file() and find_checkpoint(folder, "compression_state_dict") is None:
        return _from_transformers(folder, device=device)
    checkpoint = read_checkpoint(folder, "compression_state_dict")
    if checkpoint.pretrained:
        return _named(checkpoint, folder / "encodec", device=device)
    config = checkpoint.config()
    config.device = device
    _check(checkpoint, config)
    with explained(checkpoint.path):
        codec: CompressionModel = builders.get_compression_model(config)
        codec.load_state_dict(checkpoint.weights)
    return codec.eval()


def _check(checkpoint: Checkpoint, config: DictConfig) -> None:
    if config.get("compression_model") != "encodec":
        what = f"its codec is '{config.get('compression_model')}', which is not EnCodec"
        fix = "use a model with EnCodec"
        raise ModelError("model.wrong-family", what=what, at=str(checkpoint.path), fix=fix)
    if config.get("encodec", {}).get("renormalize"):
        raise _unsupported(checkpoint.path, "it codes each sound at a level of its own")
    with explained(checkpoint.path):
        shapes = {
            "quantizer.vq.layers.0._codebook.embed": (config.rvq.bins, config.seanet.dimension),
            f"quantizer.vq.layers.{config.rvq.n_q - 1}._codebook.inited": (1,),
            "encoder.model.0.conv.conv.bias": (config.seanet.n_filters,),
        }
    check_shapes(checkpoint, shapes)


def _named(checkpoint: Checkpoint, folder: Path, *, device: str) -> CompressionModel:
    if not folder.is_dir():
        what = f"the model takes its codec from {checkpoint.pretrained}, which is not there"
        fix = f"fetch {checkpoint.pretrained} into {folder}"
        raise ModelError("model.incomplete", what=what, at=str(checkpoint.path), fix=fix)
    return _from_transformers(folder, device=device)


def _from_transformers(folder: Path, *, device: str) -> CompressionModel:
    path, settings = folder / "config.json", read_config(folder, "config.json")
    kind = settings.get("model_type")
    if kind != "encodec":
        what, fix = f"it holds a model of type '{kind}', not EnCodec", "use the adapter that fits"
        raise ModelError("model.wrong-family", what=what, at=str(path), fix=fix)
    if settings.get("chunk_length_s") is not None or settings.get("normalize"):
        raise _unsupported(path, "it codes in chunks, each at a level of its own")
    model = load_weights(TransformersEncodec, folder)
    with explained(path):
        codec: CompressionModel = HFEncodecCompressionModel(model).to(device)
    return codec.eval()


def _unsupported(path: Path, what: str) -> ModelError:
    what = f"{what}: its tokens cannot be laid end to end"
    return ModelError("model.unsupported", what=what, at=str(path), fix="use encodec_32khz or encodec_24khz")


# Tokens and sound -----------------------------------------------------------------------------


def hop_frames(codec: CompressionModel) -> int:
    """Return how many frames of sound one frame of tokens is."""
    return round(codec.sample_rate / codec.frame_rate)


@torch.inference_mode()
def decode(codec: CompressionModel, codes: Tensor, *, circular: bool) -> NDArray[np.float32]:
    """Make sound of tokens, of one clip at a time: so it does not depend on what else is decoded.

    Args:
        codec: of `load_codec`.
        codes: (codebooks, frames) int64.
        circular: whether the last frame is followed by the first.

    Returns:
        (frames × `hop_frames`, channels) float32.
    """
    frames, hop = codes.shape[1], hop_frames(codec)
    laid, lead = (_around(codes), _LEAD_IN_FRAMES * hop) if circular else (codes, 0)
    sound = codec.decode(laid[None])[0, :, lead : lead + frames * hop]
    samples: NDArray[np.float32] = sound.float().cpu().numpy().T
    return np.ascontiguousarray(samples)


@torch.inference_mode()
def encode(codec: CompressionModel, samples: NDArray[np.float32], *, circular: bool) -> Tensor:
    """Make tokens of sound: (codebooks, frames) int64.

    Args:
        codec: of `load_codec`.
        samples: (frames, channels) float32 at the codec's rate; a circle has a whole number of `hop_frames`.
        circular: whether the last sample is followed by the first.
    """
    device = next(codec.parameters()).device
    sound = torch.from_numpy(np.ascontiguousarray(samples.T)).to(device)
    hop, lead = hop_frames(codec), _LEAD_IN_FRAMES if circular else 0
    frames = -(-sound.shape[1] // hop)
    laid = _wrapped(sound, _LEAD_IN_FRAMES * hop, _LEAD_OUT_FRAMES * hop) if circular else sound
    codes, scale = codec.encode(laid[None])
    assert scale is None, "codecs that scale are refused when they are loaded"
    found: Tensor = codes[0, :, lead : lead + frames]
    return found


def _around(codes: Tensor) -> Tensor:
    return _wrapped(codes, _LEAD_IN_FRAMES, _LEAD_OUT_FRAMES)


def _wrapped(circle: Tensor, before: int, after: int) -> Tensor:
    """Lengthen (…, n) at both ends by what is there on a circle, several times round if need be."""
    length: Any = circle.shape[-1]
    places = torch.arange(-before, length + after, device=circle.device) % length
    return circle[..., places]
