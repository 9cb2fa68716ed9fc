"""A tiny EnCodec of transformers', as `facebook/encodec_32khz`: 32 kHz mono, 50 frames a second, 4 codebooks."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from transformers import EncodecConfig, EncodecModel

from roomtone.models.adapters.loading import quiet
from roomtone.models.adapters.tiny.levels import untrained

CARD: Final = 64
CODEBOOKS: Final = 4
_FRAME_RATE: Final = 50
_BITS: Final = 6
# Loud enough to be heard, and far enough from full scale that no peak of a random sound reaches it.
_LEVEL_RMS: Final = 0.08


def build(folder: Path, seed: int = 0) -> None:
    """Write it into `folder`."""
    quiet()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = untrained(
            EncodecModel,
            EncodecConfig(
                target_bandwidths=[CODEBOOKS * _BITS * _FRAME_RATE / 1000],
                sampling_rate=32_000,
                audio_channels=1,
                normalize=False,
                num_filters=4,
                num_residual_layers=1,
                upsampling_ratios=[8, 5, 4, 4],
                codebook_size=CARD,
                codebook_dim=16,
                hidden_size=16,
                num_lstm_layers=2,
                use_causal_conv=False,
                chunk_length_s=None,
                overlap=None,
                norm_type="weight_norm",
            ),
        )
        set_tables([layer.codebook.embed for layer in model.quantizer.layers])
        make_audible(model, model.encoder, lambda codes: model.decode(codes[None], [None])[0])
        model.save_pretrained(str(folder))


@torch.no_grad()
def set_tables(tables: Sequence[Tensor]) -> None:
    """Draw codebooks, each of which refines the one before it."""
    for i, table in enumerate(tables):
        table.normal_(std=0.5**i)


@torch.no_grad()
def make_audible(
    model: nn.Module, encoder: nn.Module, decode: Callable[[Tensor], Tensor], *, card: int = CARD
) -> None:
    """Let sound decide the tokens of an EnCodec, and the tokens what is heard; and set its level.

    Fresh weights hum: what comes of them comes of the biases, and most of it is a constant.

    Args:
        model: audiocraft's or transformers'.
        encoder: of the model.
        decode: (1, codebooks, frames) codes → sound.
        card: how many tokens each codebook has.
    """
    for name, weights in model.named_parameters():
        if "bias" in name:
            weights.zero_()
    shape, gain = (
        _last(model, "decoder", "weight_v", "original1"),
        _last(model, "decoder", "weight_g", "original0"),
    )
    shape.sub_(shape.mean(-1, keepdim=True))
    gain.mul_(_LEVEL_RMS / decode(torch.randint(card, (1, CODEBOOKS, 100))).std())
    found = encoder(_LEVEL_RMS * torch.randn(1, 1, 32_000))[0]
    spread = found.std(1)
    _last(model, "encoder", "weight_g", "original0").div_(spread[:, None, None])
    _last(model, "encoder", "bias").copy_(-found.mean(1) / spread)


def _last(model: nn.Module, part: str, *endings: str) -> Tensor:
    """Find the weights of one kind in a part's last layer."""
    named = model.named_parameters()
    return [weights for name, weights in named if name.startswith(part) and name.endswith(endings)][-1]
