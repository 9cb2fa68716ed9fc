"""The weights of audiocraft's language model, laid out for one forward pass that keeps no state of its own.

Nothing is copied but what has to be joined: the tables of tokens, the heads, the norms.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_imports import LMModel, create_sin_embedding

_NORM_EPSILON: Final = 1e-5
# Measured with one thread on (2048, 512) weights, float32: 2 rows take 0.38 ms as rows and 0.17 as columns, 4 rows 0.37
# and 0.19; in a whole step of 8 rows nothing is gained.
_FEW_ROWS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Affine:
    """A linear map, or the scale and shift of a norm."""

    weight: Tensor
    bias: Tensor | None

    def __call__(self, x: Tensor) -> Tensor:
        """Map the last axis."""
        few = 1 < x.numel() // x.shape[-1] <= _FEW_ROWS
        if few and x.device.type == "cpu" and x.dtype == torch.float32:
            return self._tall(x)
        return functional.linear(x, self.weight, self.bias)

    def _tall(self, x: Tensor) -> Tensor:
        """Map a few rows as columns: on processors the same product, at twice the speed."""
        mapped = torch.mm(self.weight, x.reshape(-1, x.shape[-1]).t()).t().contiguous()
        mapped = mapped if self.bias is None else mapped + self.bias
        return mapped.reshape(*x.shape[:-1], -1)

    def normed(self, x: Tensor) -> Tensor:
        """Normalise the last axis, in float32."""
        return functional.layer_norm(x, self.weight.shape, self.weight, self.bias, _NORM_EPSILON)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossAttention:
    """How a layer looks at the text."""

    norm: Affine
    query: Affine
    key: Affine
    value: Affine
    out: Affine
    scale: Tensor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer: attention to what came before, to the text, and a network of two maps."""

    norm: Affine
    query_key_value: Affine
    out: Affine
    scale: Tensor | None
    cross: CrossAttention | None
    wide_norm: Affine
    widen: Affine
    narrow: Affine
    wide_scale: Tensor | None
    activation: Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenWeights:
    """A language model.

    Attributes:
        tokens: (codebooks × (card + 1), dim); the last row of each table is the token of what is not there yet.
        layers: see `Layer`.
        norm: before the heads.
        heads: (codebooks × card, dim).
        heads_count: of each attention.
        codebooks: how many streams of tokens.
        card: how many tokens each has.
        sine_period: of the slowest of the sines that say where a token stands; `sine_scale` is their gain.
    """

    tokens: Tensor
    layers: tuple[Layer, ...]
    norm: Affine
    heads: Affine
    attention_heads: int
    codebooks: int
    card: int
    sine_period: float
    sine_scale: float

    @property
    def dim(self) -> int:
        """How wide the model is."""
        return self.tokens.shape[1]

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.tokens.device

    @property
    def dtype(self) -> torch.dtype:
        """Of the layers."""
        return self.heads.weight.dtype

    def embedded(self, tokens: Tensor) -> Tensor:
        """Look up (rows, codebooks, steps) tokens: (rows, steps, dim) float32."""
        offsets = torch.arange(self.codebooks, device=tokens.device) * (self.card + 1)
        return functional.embedding(tokens + offsets[:, None], self.tokens).float().sum(1)

    def positions(self, steps: int) -> Tensor:
        """Give what is added to the tokens for where they stand: (steps, dim) float32."""
        steps_shape = torch.arange(steps, device=self.device).view(1, -1, 1)
        sines: Tensor = create_sin_embedding(steps_shape, self.dim, max_period=self.sine_period)
        return self.sine_scale * sines[0]

    def logits(self, x: Tensor) -> Tensor:
        """Map (rows, steps, dim) to (rows, codebooks, steps, card) float32."""
        flat = self.heads(self.norm.normed(x).to(self.dtype)).float()
        return flat.view(*x.shape[:2], self.codebooks, self.card).transpose(1, 2)


def token_weights(lm: LMModel) -> TokenWeights:
    """Lay out a model.

    Raises:
        ModelError: `model.unsupported` for what none of the published models is.
    """
    _check(lm)
    transformer, tables = lm.transformer, [_linear_weight(table) for table in lm.emb]
    attention: Any = transformer.layers[0].self_attn
    return TokenWeights(
        tokens=torch.cat(tables),
        layers=tuple(_layer(layer) for layer in transformer.layers),
        norm=_norm(lm.out_norm),
        heads=_joined(list(lm.linears), attention.out_proj.weight.dtype),
        attention_heads=attention.num_heads,
        codebooks=lm.n_q,
        card=lm.card,
        sine_period=transformer.max_period,
        sine_scale=transformer.positional_scale,
    )


def _check(lm: LMModel) -> None:
    layers: Any = lm.transformer.layers
    attentions = [layer.self_attn for layer in layers] + [
        layer.cross_attention for layer in layers if layer.cross_attention is not None
    ]
    reasons = {
        "its layers are normed at their end": not layers[0].norm_first,
        "its positions are not sines": lm.transformer.positional_embedding != "sin",
        "it forgets what is long past": any(each.past_context is not None for each in attentions),
        "its attention is PyTorch's own module": not all(each.custom for each in attentions),
        "its attention is normed": any(each.qk_layer_norm for each in attentions),
        "its attention heads share keys": any(each.kv_repeat != 1 for each in attentions),
        "conditions are added to its tokens": any(
            lm.fuser.fuse2cond.get(way) for way in ("sum", "input_interpolate")
        ),
    }
    for reason, applies in reasons.items():
        if applies:
            fix = "use a model of the AudioGen or MusicGen that Meta has published, or one trained from them"
            raise ModelError(
                "model.unsupported", what=f"this language model is built otherwise: {reason}", fix=fix
            )


def _layer(layer: Any) -> Layer:
    attention, cross = layer.self_attn, layer.cross_attention
    return Layer(
        norm=_norm(layer.norm1),
        query_key_value=_affine(attention.in_proj_weight, attention.in_proj_bias),
        out=_linear(attention.out_proj),
        scale=_scale(layer.layer_scale_1),
        cross=None if cross is None else _cross(layer, cross),
        wide_norm=_norm(layer.norm2),
        widen=_linear(layer.linear1),
        narrow=_linear(layer.linear2),
        wide_scale=_scale(layer.layer_scale_2),
        activation=layer.activation,
    )


def _cross(layer: Any, cross: Any) -> CrossAttention:
    weights = cross.in_proj_weight.chunk(3)
    biases = (None,) * 3 if cross.in_proj_bias is None else cross.in_proj_bias.chunk(3)
    query, key, value = (_affine(*pair) for pair in zip(weights, biases, strict=True))
    return CrossAttention(
        norm=_norm(layer.norm_cross),
        query=query,
        key=key,
        value=value,
        out=_linear(cross.out_proj),
        scale=_scale(layer.layer_scale_cross),
    )


def _affine(weight: Tensor, bias: Tensor | None) -> Affine:
    return Affine(weight=weight.detach(), bias=None if bias is None else bias.detach())


def _linear_weight(module: Any) -> Tensor:
    weight: Tensor = module.weight
    return weight.detach()


def _linear(module: Any) -> Affine:
    return _affine(module.weight, module.bias)


def _norm(module: Any) -> Affine:
    return Affine(weight=module.weight.detach().float(), bias=module.bias.detach().float())


def _joined(modules: list[Any], dtype: torch.dtype) -> Affine:
    biases = [module.bias for module in modules if module.bias is not None]
    weights = torch.cat([module.weight for module in modules]).to(dtype)
    return _affine(weights, torch.cat(biases).to(dtype) if biases else None)


def _scale(module: Any) -> Tensor | None:
    scale: Tensor | None = getattr(module, "scale", None)
    return None if scale is None else scale.detach().float()
