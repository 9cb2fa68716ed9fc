"""Draws tokens: each row by numbers that come from its own seed alone, on every device the same ones.

The numbers are made beforehand on the processor, so that a step waits for nothing, and a token is where the running sum
of the odds passes one of them: odds that differ by rounding give another token about once in a million draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a token is drawn: among the `top_k` likeliest (0 is all), from evened (above 1) or sharpened odds."""

    temperature: float = 1.0
    top_k: int = 250


def uniforms(keys: Sequence[Sequence[int]], steps: int, codebooks: int) -> Tensor:
    """Make what decides each token: (rows, steps, codebooks) float32 in [0, 1).

    Args:
        keys: for each row, the numbers that its draws follow from, its seed first.
        steps: of the sequence. The first numbers of a longer one are those of a shorter.
        codebooks: streams of tokens.
    """
    rows = [np.random.default_rng(list(key)).random((steps, codebooks), np.float32) for key in keys]
    return torch.from_numpy(np.stack(rows))


def pick(odds: Tensor, at: Tensor) -> Tensor:
    """Pick the index at which the running sum of `odds`, over the last axis, passes the part `at` of their total.

    Args:
        odds: (…, card), none negative, some positive.
        at: (…) in [0, 1).
    """
    heights = odds.cumsum(-1)
    passed = heights <= at[..., None] * heights[..., -1:]
    return passed.sum(-1).clamp_(max=odds.shape[-1] - 1)


def draw(logits: Tensor, at: Tensor, sampling: Sampling) -> Tensor:
    """Draw (…) tokens from (…, card) logits by (…) numbers of `uniforms`."""
    odds = torch.softmax(logits / sampling.temperature, dim=-1)
    if 0 < sampling.top_k < odds.shape[-1]:
        least = odds.topk(sampling.top_k, dim=-1).values[..., -1:]
        odds = odds * (odds >= least)
    return pick(odds, at)


def guided(logits: Tensor, guidance: Tensor | None) -> Tensor:
    """Move from what the second half of the rows says towards what the first half says, and beyond.

    Args:
        logits: (2 × rows, …), or (rows, …) without guidance.
        guidance: (rows,); 1 is the first half, more goes beyond it.
    """
    if guidance is None:
        return logits
    wanted, unwanted = logits.chunk(2)
    return unwanted + (wanted - unwanted) * guidance.view(-1, *(1,) * (logits.dim() - 1))
