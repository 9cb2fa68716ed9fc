"""What time something takes on a device that works by itself, and what memory."""

import gc
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import torch

Clock: TypeAlias = Callable[[], float]
"""Seconds; `time.perf_counter`, or a test's."""

# PyTorch has no types for these.
_CUDA: Final[Any] = torch.cuda
_MPS: Final[Any] = torch.mps


class NotWantedError(Exception):
    """What the worker's `CancelledError` is here: nobody wants the run any more."""


class Watch:
    """A device, and a clock beside it."""

    def __init__(self, device: torch.device, clock: Clock) -> None:
        self.device, self.clock = device, clock

    def wait(self) -> None:
        """Let the device finish."""
        if self.device.type == "cuda":
            _CUDA.synchronize(self.device)
        elif self.device.type == "mps":
            _MPS.synchronize()

    def ran(self, run: Callable[[], object]) -> tuple[float, float]:
        """Run something to its end on the device.

        Returns:
            how long it took in seconds, and how many gigabytes more it held meanwhile of an accelerator.
        """
        before_gb = self.held_gb()
        if self.device.type == "cuda":
            _CUDA.reset_peak_memory_stats(self.device)
        self.wait()
        started_s = self.clock()
        run()
        self.wait()
        return self.clock() - started_s, self.held_gb(most=True) - before_gb

    def held_gb(self, *, most: bool = False) -> float:
        """Tell how much of an accelerator's memory is held, or was at most since the last run began; 0 elsewhere."""
        if self.device.type != "cuda":
            return 0.0
        held = _CUDA.max_memory_allocated if most else _CUDA.memory_allocated
        return float(held(self.device) / 1e9)

    def forget(self) -> None:
        """Give an accelerator's memory back that nothing uses any more."""
        # An adapter that remembers what it encoded knows itself by that.
        gc.collect()
        if self.device.type == "cuda":
            _CUDA.empty_cache()


class Steps:
    """The worker's side of a run, which notes when each step is told, and may end it.

    Attributes:
        told_s: when each step was told.
        ended_s: when it was said that the run is not wanted any more; 0 before.
    """

    def __init__(self, clock: Clock, *, ends_after: int | None = None) -> None:
        self._clock, self._ends_after = clock, ends_after
        self.told_s: list[float] = []
        self.ended_s = 0.0

    def __call__(self, _done: int, _of: int) -> None:
        """Be told of a step."""
        self.told_s.append(self._clock())
        if self.ended_s:
            raise NotWantedError
        if len(self.told_s) == self._ends_after:
            # Too late for this step: as late as anybody can be.
            self.ended_s = self._clock()

    def wants(self, _job: int) -> bool:
        """Whether a job is still wanted."""
        return True

    def longest_gap_s(self, until_s: float) -> float:
        """Tell the longest time between two steps, or from the last to the end."""
        ends = [*self.told_s[1:], until_s]
        return max(end - begin for begin, end in zip(self.told_s, ends, strict=True))
