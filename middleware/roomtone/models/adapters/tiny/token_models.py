"""What tiny AudioGen and MusicGen are made of: the real classes through audiocraft's own builders, small and random.

The layers, the delays and the frame rate are those of the published models; widths, depths and tables are not.
"""

from pathlib import Path
from typing import Any, Final

import torch
from omegaconf import OmegaConf
from torch import Tensor, nn
from transformers import T5Config, T5EncoderModel

from roomtone.models.adapters.audiocraft_imports import builders
from roomtone.models.adapters.audiocraft_models import local_parts
from roomtone.models.adapters.stems import Unseparated
from roomtone.models.adapters.tiny.encodec import CARD, CODEBOOKS, make_audible, set_tables
from roomtone.models.adapters.tiny.levels import untrained
from roomtone.models.adapters.tiny.words import words_tokenizer

TEXT_WIDTH: Final = 16
WIDTH: Final = 32


def write_text_encoder(folder: Path) -> None:
    """Write a T5."""
    tokenizer = words_tokenizer()
    tokenizer.save_pretrained(str(folder))
    settings = T5Config(
        vocab_size=len(tokenizer), d_model=TEXT_WIDTH, d_kv=8, d_ff=32, num_layers=1, num_heads=2
    )
    untrained(T5EncoderModel, settings).save_pretrained(str(folder))


def write_codec(folder: Path, *, rate_hz: int, ratios: tuple[int, ...]) -> None:
    """Write `compression_state_dict.bin`: an EnCodec of 50 frames a second."""
    settings = {
        "compression_model": "encodec",
        "device": "cpu",
        "sample_rate": rate_hz,
        "channels": 1,
        "encodec": {
            "autoencoder": "seanet",
            "quantizer": "rvq",
            "sample_rate": rate_hz,
            "channels": 1,
            "causal": False,
            "renormalize": False,
        },
        "seanet": {
            "dimension": 16,
            "channels": 1,
            "causal": False,
            "n_filters": 4,
            "n_residual_layers": 1,
            "ratios": list(ratios),
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
        },
        "rvq": {"n_q": CODEBOOKS, "q_dropout": False, "bins": CARD, "kmeans_init": False},
    }
    codec: Any = builders.get_compression_model(OmegaConf.create(settings)).eval()
    set_tables([layer.codebook for layer in codec.quantizer.vq.layers])
    make_audible(codec, codec.encoder, codec.decode)
    save_checkpoint(folder / "compression_state_dict.bin", codec, settings)


def language_model_settings(
    *, solver: str, text_encoder: str, window_s: float, cross: tuple[str, ...], prepend: tuple[str, ...]
) -> dict[str, Any]:
    """Give the settings of a language model as its training would have written them."""
    encoder = {"name": text_encoder, "finetune": False, "word_dropout": 0.0, "normalize_text": False}
    return {
        "solver": solver,
        "lm_model": "transformer_lm",
        "device": "cpu",
        "dtype": "float32",
        "dataset": {"segment_duration": window_s},
        "transformer_lm": {
            "n_q": CODEBOOKS,
            "card": CARD,
            "dim": WIDTH,
            "num_heads": 4,
            "num_layers": 2,
            "hidden_scale": 2,
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
            "cross": list(cross),
            "prepend": list(prepend),
            "input_interpolate": [],
        },
    }


def write_language_model(folder: Path, settings: dict[str, Any]) -> None:
    """Write `state_dict.bin`; the text encoder must be there."""
    config = OmegaConf.create(settings)
    with local_parts(config, folder / "t5", Unseparated()):
        lm = builders.get_lm_model(config)
    _make_opinionated(lm)
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
