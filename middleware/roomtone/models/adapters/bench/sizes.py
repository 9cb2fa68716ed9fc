"""The sizes of the published models, for random weights: what their configurations say where it is not the class's own.

By count AudioLDM 2's U-Net has 347 M, Stable Audio Open's transformer 1057 M, and AudioGen's 1839 M, which its makers
call 1.5 B; Stable Audio 3's 1453 M are what diffusers takes for its size. Vocabularies are real, their tokenizers tiny:
no more than the first rows of a table are looked up.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from roomtone.models.adapters.tiny.levels import Sizes

_T5_BASE: Final[dict[str, Any]] = {
    "vocab_size": 32_128,
    "d_model": 768,
    "d_kv": 64,
    "d_ff": 3072,
    "num_layers": 12,
    "num_heads": 12,
}
_T5_LARGE: Final[dict[str, Any]] = _T5_BASE | {
    "d_model": 1024,
    "d_ff": 4096,
    "num_layers": 24,
    "num_heads": 16,
}
_ENCODEC: Final[dict[str, Any]] = {"dimension": 128, "n_filters": 64}

REAL: Final[Mapping[str, Sizes]] = MappingProxyType(
    {
        "audioldm2": {
            "vae": {"block_out_channels": (128, 256, 512), "layers_per_block": 2},
            "text_encoder": {"text_config": {"vocab_size": 50_265}},
            # Flan's T5 has two gates, and a narrower layer behind them.
            "text_encoder_2": _T5_LARGE | {"d_ff": 2816},
            "language_model": {},
            "unet": {
                "block_out_channels": (128, 256, 384, 640),
                "layers_per_block": 2,
                "attention_head_dim": 8,
                "down_block_types": ("DownBlock2D", *("CrossAttnDownBlock2D",) * 3),
                "up_block_types": (*("CrossAttnUpBlock2D",) * 3, "UpBlock2D"),
            },
            "vocoder": {"upsample_initial_channel": 1024},
            "scheduler": {"beta_start": 0.0015, "beta_end": 0.0195},
        },
        "stable_audio": {"vae": {}, "text_encoder": _T5_BASE, "transformer": {}},
        "stable_audio3": {
            "vae": {},
            # T5Gemma's base: its width is what the transformer expects.
            "text_encoder": {
                "vocab_size": 256_000,
                "hidden_size": 768,
                "intermediate_size": 2048,
                "num_hidden_layers": 12,
                "num_attention_heads": 12,
                "num_key_value_heads": 12,
                "head_dim": 64,
            },
            "duration_embedder": {},
            "transformer": {},
        },
        "audiogen": {
            "text_encoder": _T5_LARGE,
            "codec": _ENCODEC,
            "language_model": {
                "card": 2048,
                "dim": 1536,
                "num_heads": 24,
                "num_layers": 48,
                "hidden_scale": 4,
            },
        },
        "musicgen": {
            "text_encoder": _T5_BASE,
            "codec": _ENCODEC,
            "language_model": {
                "card": 2048,
                "dim": 1024,
                "num_heads": 16,
                "num_layers": 24,
                "hidden_scale": 4,
            },
        },
    }
)

_TINY: Final = "roomtone.models.adapters.tiny"
TINY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "audioldm2": f"{_TINY}.audioldm2:SIZES",
        "stable_audio": f"{_TINY}.stable_audio:SIZES",
        "stable_audio3": f"{_TINY}.stable_audio3:SIZES",
        "audiogen": f"{_TINY}.token_models:SIZES",
        "musicgen": f"{_TINY}.token_models:SIZES",
    }
)
"""Where the sizes of the tiny ones are: named, not imported."""
