"""A tiny Stable Audio Open: every part of `stabilityai/stable-audio-open-1.0` in its layout, with few channels.

44.1 kHz stereo, 2048 frames a latent and a window of 1024 latents, as the real one.
"""

from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import torch
from diffusers import (
    AutoencoderOobleck,
    CosineDPMSolverMultistepScheduler,
    StableAudioDiTModel,
    StableAudioPipeline,
    StableAudioProjectionModel,
)
from diffusers.models.embeddings import get_1d_rotary_pos_embed
from transformers import T5Config, T5EncoderModel

from roomtone.models.adapters.loading import quiet
from roomtone.models.adapters.tiny.levels import Sizes, even_out, scale, untrained
from roomtone.models.adapters.tiny.words import words_tokenizer

_WIDTH: Final = 32
_LATENT_CHANNELS: Final = 16
SIZES: Final[Sizes] = MappingProxyType(
    {
        "vae": {
            "encoder_hidden_size": 2 * _LATENT_CHANNELS,
            "channel_multiples": [1, 1, 1, 1, 1],
            "decoder_channels": 4,
            "decoder_input_channels": _LATENT_CHANNELS,
        },
        "text_encoder": {"d_model": _WIDTH, "d_kv": 16, "d_ff": _WIDTH, "num_layers": 1, "num_heads": 2},
        "transformer": {
            "in_channels": _LATENT_CHANNELS,
            "out_channels": _LATENT_CHANNELS,
            "num_layers": 2,
            "attention_head_dim": 16,
            "num_attention_heads": 2,
            "num_key_value_attention_heads": 1,
            "cross_attention_dim": _WIDTH,
            "cross_attention_input_dim": _WIDTH,
            "time_proj_dim": 16,
            "global_states_input_dim": 2 * _WIDTH,
        },
    }
)
# Of the sound, and of what the network adds to what is right for noise that is all that there is.
_LEVEL, _OPINION = 0.1, 0.7


def build(folder: Path, seed: int) -> None:
    """Write it."""
    quiet()
    torch.manual_seed(seed)
    pipeline(SIZES).save_pretrained(folder)


def pipeline(sizes: Sizes) -> Any:
    """Make the library's pipeline with random weights, by chance of torch's own, on its default device."""
    tokenizer, vae = words_tokenizer(128), untrained(AutoencoderOobleck, **sizes["vae"])
    text_encoder = untrained(
        T5EncoderModel, T5Config(**{"vocab_size": len(tokenizer), **sizes["text_encoder"]})
    )
    width = text_encoder.config.d_model
    kind: Any = StableAudioPipeline
    pipe = kind(
        vae=vae,
        text_encoder=text_encoder,
        projection_model=untrained(StableAudioProjectionModel, width, width, min_value=0, max_value=512),
        tokenizer=tokenizer,
        transformer=untrained(StableAudioDiTModel, **sizes["transformer"]),
        scheduler=_scheduler(),
    )
    _give_levels(pipe, width)
    return pipe


def _scheduler() -> Any:
    kind: Any = CosineDPMSolverMultistepScheduler
    return kind(
        sigma_min=0.3,
        sigma_max=500.0,
        sigma_data=1.0,
        sigma_schedule="exponential",
        prediction_type="v_prediction",
        solver_order=2,
    )


def _give_levels(pipe: Any, width: int) -> None:
    latents = torch.randn(4, pipe.transformer.config.in_channels, 24)
    even_out(pipe.vae.decoder, lambda: pipe.vae.decode(latents))
    scale(pipe.vae.decoder.conv2, _LEVEL)
    told = {
        "encoder_hidden_states": torch.randn(4, 8, width),
        "global_hidden_states": torch.randn(4, 1, 2 * width),
        "rotary_embedding": get_1d_rotary_pos_embed(
            pipe.rotary_embed_dim, 25, use_real=True, repeat_interleave_real=False
        ),
    }
    even_out(
        pipe.transformer,
        lambda: pipe.transformer(latents, torch.linspace(0.1, 0.9, 4), return_dict=False, **told),
    )
    scale(pipe.transformer.proj_out, _OPINION)
