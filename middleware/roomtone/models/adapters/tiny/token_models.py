"""What random AudioGen and MusicGen are made of: the real classes through audiocraft's own builders.

The layers, the delays and the frame rate are those of the published models; widths, depths and tables are as one says,
small unless one says otherwise.
"""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import torch
from omegaconf import OmegaConf
from torch import Tensor, nn
from transformers import T5Config, T5EncoderModel

from roomtone.models.adapters.audiocraft_imports import builders
from roomtone.models.adapters.audiocraft_models import local_parts, read_text_encoder
from roomtone.models.adapters.stems import Unseparated
from roomtone.models.adapters.tiny.encodec import CARD, CODEBOOKS, make_audible, set_tables
from roomtone.models.adapters.tiny.levels import Size, Sizes, untrained
from roomtone.models.adapters.tiny.words import words_tokenizer

SIZES: Final[Sizes] = MappingProxyType(
    {
        "text_encoder": {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2},
        "codec": {"dimension": 16, "n_filters": 4},
        "language_model": {"card": CARD, "dim": 32, "num_heads": 4, "num_layers": 2, "hidden_scale": 2},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a published model is beside its size.

    Attributes:
        solver: `audiogen` or `musicgen`.
        text_encoder: its name.
        window_s: as much as it hears.
        rate_hz: of its sound.
        ratios: how the codec's strides make up one of its 50 frames a second.
        cross: what stands beside the tokens.
        prepend: what stands before them.
    """

    solver: str
    text_encoder: str
    window_s: float
    rate_hz: int
    ratios: tuple[int, ...]
    cross: tuple[str, ...] = ("description",)
    prepend: tuple[str, ...] = ()


def text_encoder(size: Size) -> tuple[Any, Any]:
    """Make a T5 and its tokenizer."""
    tokenizer = words_tokenizer()
    settings = T5Config(**{"vocab_size": len(tokenizer), **size})
    return tokenizer, untrained(T5EncoderModel, settings)


def write_text_encoder(folder: Path) -> None:
    """Write a T5."""
    for part in text_encoder(SIZES["text_encoder"]):
        part.save_pretrained(str(folder))


def codec_settings(form: Form, sizes: Sizes) -> dict[str, Any]:
    """Give the settings of an EnCodec as its training would have written them."""
    return {
        "compression_model": "encodec",
        "device": "cpu",
        "sample_rate": form.rate_hz,
        "channels": 1,
        "encodec": {
            "autoencoder": "seanet",
            "quantizer": "rvq",
            "sample_rate": form.rate_hz,
            "channels": 1,
            "causal": False,
            "renormalize": False,
        },
        "seanet": {
            "channels": 1,
            "causal": False,
            "n_residual_layers": 1,
            "ratios": list(form.ratios),
            "activation": "ELU",
            "activation_params": {"alpha": 1.0},
            "norm": "weight_norm",
            "norm_params": {},
            "kernel_size": 7,
            "last_kernel_size": 7,
            "residual_kernel_size": 3,
            "dilation_base": 2,
            "pad_mode": "constant",
            "true_skip": True,
            "compress": 2,
            "lstm": 2,
            "disable_norm_outer_blocks": 0,
            "decoder": {"trim_right_ratio": 1.0, "final_activation": None, "final_activation_params": None},
            "encoder": {},
            **sizes["codec"],
        },
        "rvq": {
            "n_q": CODEBOOKS,
            "q_dropout": False,
            "bins": sizes["language_model"]["card"],
            "kmeans_init": False,
        },
    }


def make_codec(settings: dict[str, Any]) -> Any:
    """Make an EnCodec that is heard."""
    codec: Any = builders.get_compression_model(OmegaConf.create(settings)).eval()
    set_tables([layer.codebook for layer in codec.quantizer.vq.layers])
    make_audible(codec, codec.encoder, codec.decode, card=settings["rvq"]["bins"])
    return codec


def write_codec(folder: Path, form: Form) -> None:
    """Write `compression_state_dict.bin`."""
    settings = codec_settings(form, SIZES)
    save_checkpoint(folder / "compression_state_dict.bin", make_codec(settings), settings)


def language_model_settings(form: Form, sizes: Sizes = SIZES) -> dict[str, Any]:
    """Give the settings of a language model as its training would have written them."""
    encoder = {"name": form.text_encoder, "finetune": False, "word_dropout": 0.0, "normalize_text": False}
    return {
        "solver": form.solver,
        "lm_model": "transformer_lm",
        "device": "cpu",
        "dtype": "float32",
        "dataset": {"segment_duration": form.window_s},
        "transformer_lm": {
            "n_q": CODEBOOKS,
            "dropout": 0.0,
            "emb_lr": None,
            "activation": "gelu",
            "norm_first": True,
            "bias_ff": False,
            "bias_attn": False,
            "bias_proj": False,
            "causal": True,
            "custom": False,
            "memory_efficient": True,
            "attention_as_float32": False,
            "positional_embedding": "sin",
            "weight_init": "gaussian",
            "depthwise_init": "current",
            "zero_bias_init": True,
            "layer_scale": None,
            "qk_layer_norm": False,
            "kv_repeat": 1,
            "two_step_cfg": False,
            **sizes["language_model"],
        },
        "codebooks_pattern": {
            "modeling": "delay",
            "delay": {"delays": list(range(CODEBOOKS)), "flatten_first": 0, "empty_initial": 0},
        },
        "attribute_dropout": {"text": {}, "wav": {}},
        "classifier_free_guidance": {"training_dropout": 0.1, "inference_coef": 3.0},
        "conditioners": {
            "args": {"merge_text_conditions_p": 0.25, "drop_desc_p": 0.5},
            "description": {"model": "t5", "t5": encoder},
        },
        "fuser": {
            "cross_attention_pos_emb": False,
            "cross_attention_pos_emb_scale": 1.0,
            "sum": [],
            "cross": list(form.cross),
            "prepend": list(form.prepend),
            "input_interpolate": [],
        },
    }


def make_language_model(settings: dict[str, Any], tokenizer: Any, encoder: Any) -> Any:
    """Make a language model that is told by this text encoder."""
    config = OmegaConf.create(settings)
    with local_parts(config, tokenizer, encoder, Unseparated()):
        lm = builders.get_lm_model(config)
    _make_opinionated(lm)
    return lm


def write_language_model(folder: Path, settings: dict[str, Any]) -> None:
    """Write `state_dict.bin`; the text encoder must be there."""
    lm = make_language_model(settings, *read_text_encoder(folder / "t5"))
    save_checkpoint(folder / "state_dict.bin", lm, settings)


def _make_opinionated(lm: Any) -> None:
    """Let the text decide more than it does in fresh weights."""
    with torch.no_grad():
        lm.condition_provider.conditioners["description"].output_proj.weight.mul_(2.0)


def save_checkpoint(path: Path, model: nn.Module, settings: dict[str, Any]) -> None:
    """Write a file as `audiocraft.utils.export` does."""
    weights: dict[str, Tensor] = model.state_dict()
    text = OmegaConf.to_yaml(OmegaConf.create(settings))
    contents = {"best_state": weights, "xp.cfg": text, "version": "1.3.0", "exported": True}
    torch.save(contents, path)
