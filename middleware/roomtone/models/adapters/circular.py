"""Clips that close on themselves: latents whose end is followed by their beginning, through each step and to the sound.

A network that was trained on clips with two ends hears the ends. So each step of the denoising sees the ring cut open
at another place, drawn from the seed; convolutions reach around it where that can be had; and what is decoded has its
own beginning after its end, and its end before its beginning.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import torch
from torch.nn import functional

TIME: Final = 2
"""The axis of latents that is time, in every family here: (clips, channels, time, …)."""

_CUTS: Final = 0xC075


def cut_generator(seed: int) -> np.random.Generator:
    """Chance for where a ring is cut open; apart from the noise, which is that of a clip with two ends."""
    return np.random.default_rng([seed, _CUTS])


class Rings:
    """Two-dimensional convolutions that reach around in time, while they are told to. One thread."""

    def __init__(self, *networks: torch.nn.Module) -> None:
        self._closed = False
        layers: list[Any] = [layer for network in networks for layer in network.modules()]
        for layer in layers:
            if isinstance(layer, torch.nn.Conv2d) and layer.padding[0]:
                vars(layer)["forward"] = _Around(self, layer)

    @contextmanager
    def closed(self, ring: bool) -> Iterator[None]:
        """Let them reach around, or not."""
        self._closed = ring
        try:
            yield
        finally:
            self._closed = False

    @property
    def around(self) -> bool:
        """Whether they do."""
        return self._closed


class _Around:
    """What such a convolution does in place of its own `forward`."""

    def __init__(self, rings: Rings, layer: Any) -> None:
        self._rings, self._layer = rings, layer

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        layer = self._layer
        if not self._rings.around:
            return functional.conv2d(
                inputs, layer.weight, layer.bias, layer.stride, layer.padding, layer.dilation, layer.groups
            )
        time, other = layer.padding
        wrapped = functional.pad(inputs, (0, 0, time, time), mode="circular")
        return functional.conv2d(
            wrapped, layer.weight, layer.bias, layer.stride, (0, other), layer.dilation, layer.groups
        )


def decode(
    latents: torch.Tensor,
    decoder: Callable[[torch.Tensor], torch.Tensor],
    *,
    hop_frames: int,
    margin: int,
    piece: int,
    ring: bool,
) -> torch.Tensor:
    """Decode one clip in pieces that overlap by what the decoder hears to both sides, so that no joint is left.

    Args:
        latents: (1, channels, time, …).
        decoder: latents to (1, channels, frames), `hop_frames` frames for each latent and perhaps some after the last.
        hop_frames: frames for each latent.
        margin: how many latents to each side decide what one sounds like.
        piece: how many latents are decoded at a time, which bounds the memory.
        ring: whether the end is followed by the beginning.

    Returns:
        (1, channels, time · hop_frames).
    """
    length = latents.shape[TIME]
    decoded = []
    for first in range(0, length, piece):
        last = min(first + piece, length)
        before, after = (margin, margin) if ring else (min(margin, first), min(margin, length - last))
        places = torch.arange(first - before, last + after, device=latents.device) % length
        sound = decoder(latents.index_select(TIME, places))
        decoded.append(sound[..., before * hop_frames : (before + last - first) * hop_frames])
    return torch.cat(decoded, dim=-1)
