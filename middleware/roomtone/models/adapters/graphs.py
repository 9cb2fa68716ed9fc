"""Steps that are recorded once and then repeated as one: a step of a small batch is mostly the launching of kernels."""

import sys
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import torch

Action: TypeAlias = Callable[[], None]
Record: TypeAlias = Callable[[Action], Action]
"""Runs an action once, and returns what repeats it."""

# PyTorch has no types for these.
_CUDA: Final[Any] = torch.cuda


def cuda_graph(action: Action) -> Action:
    """Run an action on a CUDA device and record its kernels; what is returned launches them all at once.

    The action must read from and write to the same tensors each time, and must not wait for the device. Where it cannot
    be recorded, what is returned is the action itself: slower, and the same.
    """
    stream = _CUDA.Stream()
    stream.wait_stream(_CUDA.current_stream())
    with _CUDA.stream(stream):
        action()
    _CUDA.current_stream().wait_stream(stream)
    graph = _CUDA.CUDAGraph()
    try:
        with _CUDA.graph(graph):
            action()
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        sys.stderr.write(f"steps cannot be recorded, and are launched one by one: {error}\n")
        return action
    replay: Action = graph.replay
    return replay


def recorder(device: torch.device, *, wanted: bool) -> Record | None:
    """Return what records steps on a device, or None where none are recorded."""
    return cuda_graph if wanted and device.type == "cuda" else None
