"""Makes a denoiser as fast as its device allows: precision, layout in memory, and compiled where that is asked."""

from typing import Any

import torch

from roomtone.models.adapters.options import Options


def ready(network: Any, options: Options, device: torch.device, *, images: bool = False) -> Any:
    """Return the network as it should be called.

    Args:
        network: of torch.
        options: see `Options`.
        device: where it shall be.
        images: whether it convolves in two dimensions.
    """
    network.to(device, options.dtype)
    if images and device.type == "cuda":
        # Tensor cores convolve with the channels innermost.
        network.to(memory_format=torch.channels_last)
    if not options.compile:
        return network
    # With CUDA graphs where there is CUDA: a step of a small batch is mostly the launching of kernels.
    mode = "reduce-overhead" if device.type == "cuda" else "default"
    return torch.compile(network, dynamic=False, mode=mode)
