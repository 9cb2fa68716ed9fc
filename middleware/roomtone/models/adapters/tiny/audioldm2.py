"""A tiny AudioLDM 2: every part of `cvssp/audioldm2` in its layout, with its rates and shapes in time and few channels.

16 kHz mono, 100 mel frames and 25 latents a second, as the real one.
"""

from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import torch
from diffusers import (
    AudioLDM2Pipeline,
    AudioLDM2ProjectionModel,
    AudioLDM2UNet2DConditionModel,
    AutoencoderKL,
    DDIMScheduler,
)
from transformers import (
    GPT2Config,
    GPT2Model,
    SpeechT5HifiGan,
    SpeechT5HifiGanConfig,
    T5Config,
    T5EncoderModel,
)

from roomtone.models.adapters.loading import quiet
from roomtone.models.adapters.tiny import clap
from roomtone.models.adapters.tiny.clap import WIDTH
from roomtone.models.adapters.tiny.levels import Size, Sizes, even_out, scale, untrained
from roomtone.models.adapters.tiny.words import bytes_tokenizer, words_tokenizer

SIZES: Final[Sizes] = MappingProxyType(
    {
        "vae": {"block_out_channels": (8, 8, 16), "layers_per_block": 1, "norm_num_groups": 4},
        "text_encoder": clap.SIZE,
        "text_encoder_2": {"d_model": WIDTH, "d_kv": 16, "d_ff": WIDTH, "num_layers": 1, "num_heads": 2},
        "language_model": {
            "n_embd": WIDTH,
            "n_layer": 1,
            "n_head": 2,
            "n_inner": WIDTH,
            "n_positions": 600,
            "vocab_size": 8,
            "bos_token_id": 0,
            "eos_token_id": 0,
        },
        "unet": {
            "block_out_channels": (8, 16, 16, 16),
            "layers_per_block": 1,
            "norm_num_groups": 4,
            "attention_head_dim": 2,
            "down_block_types": (
                "DownBlock2D",
                "CrossAttnDownBlock2D",
                "CrossAttnDownBlock2D",
                "DownBlock2D",
            ),
            "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        },
        "vocoder": {"upsample_initial_channel": 64},
        # The real one ends in noise alone (0.0015 to 0.0195). Undoing that takes a trained network: a random one would
        # leave latents that are 14 times too large.
        "scheduler": {"beta_start": 0.0005, "beta_end": 0.0025},
    }
)
_LATENT_CHANNELS: Final = 8
_MEL_BANDS: Final = 64
# Of what the vocoder gives before its last squeeze into full scale.
_LEVEL: Final = 0.15


def build(folder: Path, seed: int) -> None:
    """Write it."""
    quiet()
    torch.manual_seed(seed)
    pipeline(SIZES).save_pretrained(folder)


def pipeline(sizes: Sizes) -> Any:
    """Make the library's pipeline with random weights, by chance of torch's own, on its default device."""
    tokenizer, tokenizer_2 = bytes_tokenizer(), words_tokenizer()
    vae = _vae(sizes["vae"])
    text_encoder = clap.clap_model(len(tokenizer), sizes["text_encoder"])
    text_encoder_2 = untrained(T5EncoderModel, _t5(len(tokenizer_2), sizes["text_encoder_2"]))
    language = _gpt2(sizes["language_model"])
    widths = (text_encoder_2.config.d_model, language.n_embd)
    kind: Any = AudioLDM2Pipeline
    pipe = kind(
        vae=vae,
        text_encoder=text_encoder,
        text_encoder_2=text_encoder_2,
        projection_model=untrained(AudioLDM2ProjectionModel, text_encoder.config.projection_dim, *widths),
        language_model=untrained(GPT2Model, language),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer_2,
        feature_extractor=clap.clap_extractor(),
        unet=_unet(sizes["unet"], *widths),
        scheduler=_scheduler(sizes["scheduler"]),
        vocoder=_vocoder(sizes["vocoder"]),
    )
    _give_levels(pipe, *widths)
    return pipe


def _vae(size: Size) -> Any:
    return untrained(
        AutoencoderKL,
        in_channels=1,
        out_channels=1,
        latent_channels=_LATENT_CHANNELS,
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        **size,
    )


def _t5(words: int, size: Size) -> Any:
    return T5Config(**{"vocab_size": words, "feed_forward_proj": "gated-gelu", **size})


def _gpt2(size: Size) -> Any:
    config = GPT2Config(**size)
    config.max_new_tokens = 8
    return config


def _unet(size: Size, words_width: int, audio_words_width: int) -> Any:
    return untrained(
        AudioLDM2UNet2DConditionModel,
        sample_size=256,
        in_channels=_LATENT_CHANNELS,
        out_channels=_LATENT_CHANNELS,
        cross_attention_dim=([None, audio_words_width, words_width],) * 4,
        **size,
    )


def _scheduler(size: Size) -> Any:
    kind: Any = DDIMScheduler
    return kind(
        beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False, steps_offset=1, **size
    )


def _vocoder(size: Size) -> Any:
    config = SpeechT5HifiGanConfig(
        model_in_dim=_MEL_BANDS,
        sampling_rate=16_000,
        upsample_rates=[5, 4, 2, 2, 2],
        upsample_kernel_sizes=[16, 16, 8, 4, 4],
        resblock_kernel_sizes=[3, 7, 11],
        resblock_dilation_sizes=[[1, 3, 5]] * 3,
        normalize_before=False,
        **size,
    )
    return untrained(SpeechT5HifiGan, config)


def _give_levels(pipe: Any, words_width: int, audio_words_width: int) -> None:
    latents = torch.randn(4, _LATENT_CHANNELS, 32, _MEL_BANDS // 4)
    even_out(pipe.vae.decoder, lambda: pipe.vae.decode(latents))
    mel = pipe.vae.decode(latents).sample[:, 0]
    even_out(pipe.vocoder, lambda: pipe.vocoder(mel))
    scale(pipe.vocoder.conv_post, _LEVEL)
    audio_words, words = torch.randn(4, 8, audio_words_width), torch.randn(4, 8, words_width)
    told = {"encoder_hidden_states": audio_words, "encoder_hidden_states_1": words}
    even_out(pipe.unet, lambda: pipe.unet(latents, torch.linspace(1, 999, 4).long(), **told))
