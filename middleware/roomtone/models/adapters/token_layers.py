"""One pass through the layers of audiocraft's language model, with a memory that is laid out once."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from roomtone.models.adapters.token_weights import Affine, CrossAttention, Layer, TokenWeights


@dataclass(frozen=True, slots=True)
class Past:
    """Keys and values of one layer: (rows, heads, places, dim of a head) each."""

    keys: Tensor
    values: Tensor

    def of(self, rows: Tensor) -> "Past":
        """Copy those of some rows."""
        return Past(self.keys[rows], self.values[rows])


@dataclass(frozen=True, slots=True)
class Memory:
    """What the layers remember: of their own steps, and of the text where they look at one."""

    own: tuple[Past, ...]
    text: tuple[Past | None, ...]

    def of(self, rows: Tensor) -> "Memory":
        """Copy those of some rows."""
        text = tuple(past if past is None else past.of(rows) for past in self.text)
        return Memory(tuple(past.of(rows) for past in self.own), text)


def new_memory(weights: TokenWeights, text: Tensor | None, *, rows: int, places: int) -> Memory:
    """Lay out room for `places` steps.

    Args:
        weights: the model.
        text: (rows, length, dim), what its layers look at; None for a model that has it before its tokens.
        rows: of the batch.
        places: how many steps fit.
    """
    heads = weights.attention_heads
    # Zeros, not whatever was there: what is not seen is multiplied by 0, and not a number stays that.
    new = [
        torch.zeros(rows, heads, places, weights.dim // heads, dtype=weights.dtype, device=weights.device)
        for _ in range(2 * len(weights.layers))
    ]
    own = tuple(Past(*new[2 * i : 2 * i + 2]) for i in range(len(weights.layers)))
    return Memory(own, tuple(_text_past(layer.cross, text, weights) for layer in weights.layers))


def _text_past(cross: CrossAttention | None, text: Tensor | None, weights: TokenWeights) -> Past | None:
    if cross is None or text is None:
        return None
    text = text.to(weights.dtype)
    return Past(_split(cross.key(text), weights), _split(cross.value(text), weights))


def forward(weights: TokenWeights, memory: Memory, x: Tensor, *, at: Tensor, seen: Tensor) -> Tensor:
    """Run steps through all layers: (rows, steps, dim) float32 in and out.

    Args:
        weights: the model.
        memory: the steps are written into it.
        x: the steps.
        at: (steps,) their places in the memory.
        seen: (steps, places) bool: what each step may look at; later places than it has are not looked at.
    """
    # What attention would make of it, made once and not in each layer.
    hidden = torch.zeros_like(seen, dtype=weights.dtype).masked_fill_(~seen, -torch.inf)
    for layer, own, text in zip(weights.layers, memory.own, memory.text, strict=True):
        x = _look_back(weights, layer, own, x, at, hidden)
        x = _look_at_text(weights, layer, text, x)
        wide = layer.activation(layer.widen(layer.wide_norm.normed(x).to(weights.dtype)))
        x = _added(x, layer.narrow(wide), layer.wide_scale)
    return x


def _look_back(
    weights: TokenWeights, layer: Layer, own: Past, x: Tensor, at: Tensor, hidden: Tensor
) -> Tensor:
    packed = layer.query_key_value(layer.norm.normed(x).to(weights.dtype))
    query, key, value = (_split(part, weights) for part in packed.chunk(3, dim=-1))
    own.keys.index_copy_(2, at, key)
    own.values.index_copy_(2, at, value)
    places = hidden.shape[1]
    heard = functional.scaled_dot_product_attention(
        query, own.keys[:, :, :places], own.values[:, :, :places], attn_mask=hidden
    )
    return _added(x, _merged(layer.out, heard), layer.scale)


def _look_at_text(weights: TokenWeights, layer: Layer, text: Past | None, x: Tensor) -> Tensor:
    if layer.cross is None or text is None:
        return x
    query = _split(layer.cross.query(layer.cross.norm.normed(x).to(weights.dtype)), weights)
    heard = functional.scaled_dot_product_attention(query, text.keys, text.values)
    return _added(x, _merged(layer.cross.out, heard), layer.cross.scale)


def _split(x: Tensor, weights: TokenWeights) -> Tensor:
    """Turn (rows, steps, dim) into (rows, heads, steps, dim of a head)."""
    return x.view(*x.shape[:2], weights.attention_heads, -1).transpose(1, 2)


def _merged(out: Affine, heard: Tensor) -> Tensor:
    return out(heard.transpose(1, 2).flatten(2))


def _added(x: Tensor, more: Tensor, scale: Tensor | None) -> Tensor:
    # Into float32 as they are added, which is one kernel less.
    return x + (more if scale is None else scale * more)


def causal(steps: int, device: torch.device) -> Tensor:
    """Let each of `steps` see itself and those before it."""
    return torch.ones(steps, steps, dtype=torch.bool, device=device).tril()
