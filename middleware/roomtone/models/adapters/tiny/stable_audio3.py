"""A tiny Stable Audio 3: every part that diffusers expects of it, in its layout, with few channels.

44.1 kHz stereo and 4096 frames a latent, as the real one; eight steps that draw new noise, as the distilled one.
"""

from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import torch
from diffusers import (
    AutoencoderSAME,
    FlowMatchEulerDiscreteScheduler,
    StableAudio3DiTModel,
    StableAudio3DurationEmbedder,
    StableAudio3Pipeline,
)
from transformers import T5GemmaConfig, T5GemmaEncoderModel

from roomtone.models.adapters.loading import quiet
from roomtone.models.adapters.tiny.levels import Size, Sizes, even_out, scale, stir, untrained
from roomtone.models.adapters.tiny.words import gemma_tokenizer

_WIDTH: Final = 32
_LATENT_CHANNELS: Final = 16
SIZES: Final[Sizes] = MappingProxyType(
    {
        "vae": {
            "encoder_channels": 16,
            "encoder_c_mults": (2,),
            "encoder_transformer_depths": (2,),
            "latent_dim": _LATENT_CHANNELS,
            "dim_heads": 16,
            "ff_mult": 1,
        },
        "text_encoder": {
            "hidden_size": _WIDTH,
            "intermediate_size": _WIDTH,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
            "head_dim": 16,
        },
        "duration_embedder": {"output_dim": _WIDTH, "fourier_dim": 16},
        "transformer": {
            "io_channels": _LATENT_CHANNELS,
            "embed_dim": _WIDTH,
            "depth": 2,
            "num_heads": 2,
            "cond_token_dim": _WIDTH,
            "global_cond_dim": _WIDTH,
            "local_add_cond_dim": _LATENT_CHANNELS + 1,
            "timestep_features_dim": 16,
            "ff_mult": 1.0,
            "num_memory_tokens": 4,
        },
    }
)
_LEVEL, _OPINION, _STEEPNESS = 0.06, 0.7, 0.5
# Each layer takes one attention from another. Evened out, what is left of the two is as loud as they were, and so is
# its rounding: after 24 layers, which are as loud without it, half precision would be noise.
_MOST_LAYERS_EVENED: Final = 4


def build(folder: Path, seed: int) -> None:
    """Write it."""
    quiet()
    torch.manual_seed(seed)
    pipeline(SIZES).save_pretrained(folder)


def pipeline(sizes: Sizes) -> Any:
    """Make the library's pipeline with random weights, by chance of torch's own, on its default device."""
    tokenizer = gemma_tokenizer()
    kind: Any = StableAudio3Pipeline
    pipe = kind(
        vae=untrained(AutoencoderSAME, **sizes["vae"]),
        text_encoder=_text_encoder(len(tokenizer), sizes["text_encoder"]),
        tokenizer=tokenizer,
        duration_embedder=untrained(StableAudio3DurationEmbedder, **sizes["duration_embedder"]),
        transformer=untrained(StableAudio3DiTModel, **sizes["transformer"]),
        scheduler=_scheduler(),
    )
    _give_levels(pipe)
    return pipe


def _text_encoder(words: int, size: Size) -> Any:
    half = {"vocab_size": words, **size}
    return untrained(T5GemmaEncoderModel, T5GemmaConfig(encoder=half, decoder=half, is_encoder_decoder=False))


def _scheduler() -> Any:
    kind: Any = FlowMatchEulerDiscreteScheduler
    return kind(num_train_timesteps=1, shift=1.0, stochastic_sampling=True)


def _give_levels(pipe: Any) -> None:
    stir(pipe.vae)
    for name, parameter in pipe.vae.named_parameters():
        if name.endswith(".alpha"):
            # At the steepness that training starts from, random layers make noise of the least difference.
            parameter.fill_(_STEEPNESS)
    stir(pipe.transformer)
    size = pipe.transformer.config
    latents = torch.randn(4, size.io_channels, 24)
    even_out(pipe.vae.decoder, lambda: pipe.vae.decode(latents))
    scale(pipe.vae.decoder.blocks[-1].mapping, _LEVEL)
    told = {
        "encoder_hidden_states": torch.randn(4, 8, size.cond_token_dim),
        "global_hidden_states": torch.randn(4, size.global_cond_dim),
        "local_add_cond": torch.randn(4, size.local_add_cond_dim, 24),
    }
    if size.depth <= _MOST_LAYERS_EVENED:
        even_out(
            pipe.transformer,
            lambda: pipe.transformer(latents, torch.linspace(0.1, 0.9, 4), return_dict=False, **told),
        )
    scale(pipe.transformer.proj_out, _OPINION)
