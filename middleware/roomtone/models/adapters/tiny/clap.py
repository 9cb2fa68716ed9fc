"""A tiny CLAP: text and sound in one space, laid out as `laion/larger_clap_general`."""

from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import torch
from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

from roomtone.models.adapters.loading import quiet
from roomtone.models.adapters.tiny.levels import Size, even_out, untrained
from roomtone.models.adapters.tiny.words import bytes_tokenizer

WIDTH: Final = 32
SIZE: Final[Size] = MappingProxyType(
    {
        "text_config": {
            "hidden_size": WIDTH,
            "intermediate_size": WIDTH,
            "num_attention_heads": 2,
            "num_hidden_layers": 1,
            "max_position_embeddings": 80,
            "projection_dim": WIDTH,
        },
        # The picture of ten seconds is as large as the real one; what is seen in it is not.
        "audio_config": {
            "patch_embeds_hidden_size": 8,
            "hidden_size": 16,
            "depths": [1, 1],
            "num_attention_heads": [2, 2],
            "num_hidden_layers": 2,
            "intermediate_size": WIDTH,
            "projection_dim": WIDTH,
        },
        "projection_dim": WIDTH,
    }
)
_GAIN: Final = 2.0


def build(folder: Path, seed: int) -> None:
    """Write it."""
    quiet()
    torch.manual_seed(seed)
    tokenizer = bytes_tokenizer()
    clap_model(len(tokenizer)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    clap_extractor().save_pretrained(folder)


def clap_model(words: int, size: Size = SIZE) -> Any:
    """Make the network, for a vocabulary of at least so many words."""
    text = {"vocab_size": words, **size.get("text_config", {})}
    model = untrained(ClapModel, ClapConfig(**{**size, "text_config": text}))
    # Random layers as they begin are nearly deaf: all texts and all sounds would be alike.
    some = torch.randint(5, words, (8, 12))
    even_out(
        model.text_model,
        lambda: model.get_text_features(some, attention_mask=torch.ones_like(some)),
        gain=_GAIN,
    )
    pictures = -30.0 + 20.0 * torch.randn(8, 1, 1001, 64)
    even_out(model.audio_model, lambda: model.get_audio_features(pictures), gain=_GAIN)
    return model


def clap_extractor() -> Any:
    """Make what turns sound into the picture: 64 mel bands, ten seconds."""
    return ClapFeatureExtractor(truncation="rand_trunc", padding="repeatpad", frequency_min=50)
