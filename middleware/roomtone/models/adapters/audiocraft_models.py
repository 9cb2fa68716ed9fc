"""Builds AudioGen's and MusicGen's language models from a local folder, and never asks the network for anything.

The folder is what the publisher has, and beside it what its files only name:

    state_dict.bin, compression_state_dict.bin    the language model and the codec (or both as .safetensors)
    t5/                                           the text encoder, of transformers: t5-base or t5-large
    encodec/                                      the codec, of transformers, where the second file only names it
    demucs/                                       for melody: see `stems.py`
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import torch
from omegaconf import DictConfig, OmegaConf
from torch import nn

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_files import (
    Checkpoint,
    check_shapes,
    damaged,
    explained,
    read_checkpoint,
)
from roomtone.models.adapters.audiocraft_imports import (
    LMModel,
    T5EncoderModel,
    T5Tokenizer,
    builders,
    conditioners,
)
from roomtone.models.adapters.audiocraft_stand_ins import stand_ins
from roomtone.models.adapters.loading import free_memory_bytes, load_tokenizer, load_weights, read_config
from roomtone.models.adapters.stems import Unseparated, load_separator

MELODY: Final = "self_wav"
TEXT: Final = "description"

_TOLD_BY: Final = {TEXT: "t5", MELODY: "chroma_stem"}

# Beside the weights: the text encoder, the codec, and what PyTorch needs to work with.
_HEADROOM: Final = 1.2

# Settings that building must not see.
_LEFT_OUT: Final = (
    # Of the training, as in audiocraft.models.loaders.
    "conditioners.self_wav.chroma_stem.cache_path",
    "conditioners.self_wav.chroma_stem.eval_wavs",
    "conditioners.args.merge_text_conditions_p",
    "conditioners.args.drop_desc_p",
    # The weights are about to be replaced: to draw a billion of them takes a minute.
    "transformer_lm.weight_init",
    "transformer_lm.depthwise_init",
    "transformer_lm.zero_bias_init",
)


def load_language_model(
    folder: Path, *, family: str, device: str, dtype: torch.dtype, separate: bool = True
) -> tuple[LMModel, DictConfig]:
    """Load the language model of a folder with its conditioners, and its settings.

    Args:
        folder: see the module.
        family: `audiogen` or `musicgen`; a checkpoint that says that it is of another is refused.
        device: its kind: audiocraft compares it with `cpu`.
        dtype: of the transformer's weights; the conditioners are float32.
        separate: whether a melody is separated from the rest of a recording first, where `demucs/` is there.

    Raises:
        ModelError: see `read_checkpoint` and `load_separator`; also `model.wrong-family`, `model.unsupported` and
            `model.wrong-text-encoder`.
    """
    checkpoint = read_checkpoint(folder, "state_dict")
    config = checkpoint.config()
    _check(checkpoint, config, family)
    _check_memory(checkpoint, device=device, dtype=dtype)
    _check_text_encoder(checkpoint, config, folder / "t5")
    separator = _separator(config, folder / "demucs") if separate else Unseparated()
    _prepare(config, device=device, dtype=dtype)
    tokenizer, encoder = read_text_encoder(folder / "t5")
    with explained(checkpoint.path), local_parts(config, tokenizer, encoder, separator):
        lm: LMModel = builders.get_lm_model(config)
        lm.load_state_dict(checkpoint.weights)
    return lm.eval(), config


def has_melody(config: DictConfig) -> bool:
    """Tell whether a model was trained to follow a tune."""
    return OmegaConf.select(config, f"conditioners.{MELODY}") is not None


def _check(checkpoint: Checkpoint, config: DictConfig, family: str) -> None:
    """Refuse another model, and settings that want more memory than the weights that came with them."""
    found = (
        config.get("solver", family) if config.get("lm_model") == "transformer_lm" else config.get("lm_model")
    )
    if found != family:
        what = f"it is a checkpoint of {found!r}, not of {family!r}"
        raise ModelError("model.wrong-family", what=what, at=str(checkpoint.path), fix="name its own family")
    with explained(checkpoint.path):
        lm = config.transformer_lm
        shapes = {
            f"emb.{lm.n_q - 1}.weight": (lm.card + 1, lm.dim),
            f"transformer.layers.{lm.num_layers - 1}.linear1.weight": (int(lm.hidden_scale * lm.dim), lm.dim),
        }
    check_shapes(checkpoint, shapes)


def _check_memory(checkpoint: Checkpoint, *, device: str, dtype: torch.dtype) -> None:
    bytes_ = sum(tensor.numel() for tensor in checkpoint.weights.values()) * dtype.itemsize
    free_bytes = free_memory_bytes(torch.device(device))
    if bytes_ * _HEADROOM > free_bytes:
        what = f"its weights take {bytes_ / 1e9:.1f} GB and {free_bytes / 1e9:.1f} GB are free on {device}"
        fix = "free memory, use a smaller model, or set its option dtype to fp16 or bf16"
        raise ModelError("model.out-of-memory", what=what, at=str(checkpoint.path), fix=fix)


def _check_text_encoder(checkpoint: Checkpoint, config: DictConfig, folder: Path) -> None:
    with explained(checkpoint.path):
        told = {name: each.model for name, each in config.conditioners.items() if name != "args"}
    others = [f"{name} ({kind})" for name, kind in told.items() if _TOLD_BY.get(name) != kind]
    if TEXT not in told or others:
        what = f"it is told what to make by {', '.join(others) or 'no text'}"
        fix = "use AudioGen, or a MusicGen that goes by text or melody"
        raise ModelError("model.unsupported", what=what, at=str(checkpoint.path), fix=fix)
    projection = checkpoint.weights.get(f"condition_provider.conditioners.{TEXT}.output_proj.weight")
    if projection is None:
        raise damaged(checkpoint.path, "it lacks the weights that read the text encoder")
    name, wanted = config.conditioners[TEXT].t5.name, projection.shape[1]
    width = _text_width(folder, name)
    if width != wanted:
        what = f"this text encoder is {width} wide, and the model was trained with {name}, {wanted} wide"
        raise ModelError("model.wrong-text-encoder", what=what, at=str(folder), fix=f"put {name} there")


def _text_width(folder: Path, name: str) -> int:
    if not folder.is_dir():
        what = f"the text encoder {name} is not there"
        fix = f"fetch {name} (config.json, its tokenizer, its weights) into this folder"
        raise ModelError("model.incomplete", what=what, at=str(folder), fix=fix)
    settings = read_config(folder, "config.json")
    with explained(folder / "config.json"):
        return int(settings["d_model"])


def _prepare(config: DictConfig, *, device: str, dtype: torch.dtype) -> None:
    config.device = device
    config.dtype = str(dtype).removeprefix("torch.")
    for name in _LEFT_OUT:
        parent, _, last = name.rpartition(".")
        section = OmegaConf.select(config, parent)
        if section is not None:
            section.pop(last, None)


def _separator(config: DictConfig, folder: Path) -> nn.Module:
    """Load what separates; without it, a melody model still makes music from text."""
    return load_separator(folder) if has_melody(config) and folder.is_dir() else Unseparated()


# Parts that audiocraft would download ---------------------------------------------------------


def read_text_encoder(folder: Path) -> tuple[Any, Any]:
    """Read a T5: its tokenizer and its network.

    Raises:
        ModelError: `model.incomplete`, `model.damaged`, `model.unsafe`.
    """
    return load_tokenizer(T5Tokenizer, folder), load_weights(T5EncoderModel, folder)


@contextmanager
def local_parts(config: DictConfig, tokenizer: Any, encoder: Any, separator: nn.Module) -> Iterator[None]:
    """Let a language model be built within, with these parts instead of those that it would download by their names.

    Args:
        config: of the language model.
        tokenizer: of T5.
        encoder: T5 itself.
        separator: see `stems.py`.
    """
    name = config.conditioners[TEXT].t5.name
    width = encoder.config.d_model
    with (
        stand_ins(),
        _demucs_is(separator),
        _set(conditioners, T5Tokenizer=_Found(tokenizer), T5EncoderModel=_Found(encoder)),
        _set(conditioners.T5Conditioner, MODELS=[name], MODELS_DIMS={name: width}),
    ):
        yield


class _Found:
    """What is there already, for who asks transformers for it by name."""

    def __init__(self, part: Any) -> None:
        self._part = part

    def from_pretrained(self, _name: str) -> Any:
        """Give it."""
        return self._part


@contextmanager
def _set(place: Any, **values: Any) -> Iterator[None]:
    """Set attributes, and set them back at the end."""
    before = {name: getattr(place, name) for name in values}
    for name, value in values.items():
        setattr(place, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(place, name, value)


@contextmanager
def _demucs_is(separator: nn.Module) -> Iterator[None]:
    demucs, pretrained = ModuleType("demucs"), ModuleType("demucs.pretrained")
    contents: dict[str, Any] = {"get_model": lambda _name: separator}
    pretrained.__dict__.update(contents)
    demucs.__dict__["pretrained"] = pretrained
    before = sys.modules.get("demucs")
    sys.modules["demucs"] = demucs
    try:
        yield
    finally:
        del sys.modules["demucs"]
        if before is not None:
            sys.modules["demucs"] = before
