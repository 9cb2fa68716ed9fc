"""Gives random networks levels like trained ones have: layers that pass their signal on, and an end that is heard.

Source: Mishkin & Matas (2016), "All you need is a good init" (layer-sequential unit variance).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch
from torch import nn

Size: TypeAlias = Mapping[str, Any]
"""Of one network: what its class is told where the size is not the class's own."""

Sizes: TypeAlias = Mapping[str, Size]
"""Of a model: part → size."""

_LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d)


def untrained(kind: Any, *arguments: Any, **settings: Any) -> Any:
    """Make a network of class `kind`, its weights as they begin."""
    return kind(*arguments, **settings).eval().requires_grad_(False)


def even_out(network: nn.Module, run: Callable[[], object], *, gain: float = 1.0) -> None:
    """Scale the weights of each layer so that what it gives has a standard deviation of `gain`.

    Args:
        network: whose layers to scale, in the order in which they are used.
        run: uses the network once, on something typical.
        gain: of each layer.
    """
    seen: set[nn.Module] = set()

    def scale_output(layer: nn.Module, _inputs: object, output: torch.Tensor) -> torch.Tensor:
        level = float(output.std())
        if layer in seen or level == 0.0:
            return output
        seen.add(layer)
        scale(layer, gain / level)
        return output * (gain / level)

    hooks = [
        each.register_forward_hook(scale_output) for each in network.modules() if isinstance(each, _LAYERS)
    ]
    run()
    for hook in hooks:
        hook.remove()


def scale(layer: Any, gain: float) -> None:
    """Scale what a layer gives."""
    (layer.weight_g if hasattr(layer, "weight_g") else layer.weight).mul_(gain)
    if layer.bias is not None:
        layer.bias.mul_(gain)


def stir(network: nn.Module) -> None:
    """Draw anew what a network starts at zero so that it begins as nothing: untrained, it would stay nothing."""
    for parameter in network.parameters():
        if parameter.dim() > 1 and not parameter.any():
            nn.init.xavier_uniform_(parameter)
