"""Working with a device that works by itself: it is sent things without being waited for, and is not left to itself."""

from collections import deque
from typing import Any, Final

import torch
from torch import Tensor

# PyTorch has no types for these.
_CUDA: Final[Any] = torch.cuda
# A device is given this many steps in advance; with more, progress would be told long before it is made.
_STEPS_AHEAD: Final = 2


def sent(tensor: Tensor, device: torch.device) -> Tensor:
    """Give a device a copy of what is on the processor; where it is CUDA, nothing waits for what it is still doing."""
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)


class Pace:
    """Waits for a device that falls behind, so that progress, cancelling and rests mean what they say. One thread."""

    def __init__(self, device: torch.device) -> None:
        self._waits = device.type == "cuda"
        self._fences: deque[Any] = deque()

    def __call__(self) -> None:
        """Note that a step has been given to the device, and wait for the one before the last two."""
        if not self._waits:
            return
        self._fences.append(_CUDA.Event())
        self._fences[-1].record()
        if len(self._fences) > _STEPS_AHEAD:
            self._fences.popleft().synchronize()
