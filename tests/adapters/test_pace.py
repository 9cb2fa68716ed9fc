"""A device that works by itself is sent things without being waited for, and is not left to itself."""

import pytest
import torch

from roomtone.models.adapters.graphs import cuda_graph, recorder
from roomtone.models.adapters.pace import Pace, sent

CUDA, PROCESSOR = torch.device("cuda"), torch.device("cpu")


class Device:
    """CUDA as far as pace goes: notes what is recorded, and for what is waited."""

    def __init__(self) -> None:
        self.recorded: list[int] = []
        self.waited: list[int] = []

    def Event(self) -> "Fence":  # noqa: N802 - as PyTorch names it
        return Fence(self)


class Fence:
    def __init__(self, device: Device) -> None:
        self._device, self._number = device, -1

    def record(self) -> None:
        self._number = len(self._device.recorded)
        self._device.recorded.append(self._number)

    def synchronize(self) -> None:
        self._device.waited.append(self._number)


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    found = Device()
    monkeypatch.setattr("roomtone.models.adapters.pace._CUDA", found)
    return found


def test_a_device_is_never_more_than_two_steps_behind(device: Device):
    pace = Pace(CUDA)
    for step in range(6):
        pace()
        assert device.recorded == list(range(step + 1))
        # It may be at this step and the one before; all before those are done.
        assert device.waited == list(range(step - 1))


def test_a_processor_is_not_waited_for(device: Device):
    pace = Pace(PROCESSOR)
    for _ in range(4):
        pace()
    assert not device.recorded


def test_what_is_sent_is_a_copy_of_what_there_is():
    numbers = torch.arange(4.0)
    assert torch.equal(sent(numbers, PROCESSOR), numbers)
    assert sent(numbers, torch.device("meta")).shape == (4,)


def test_steps_are_recorded_on_cuda_alone_and_only_where_that_is_wanted():
    assert recorder(CUDA, wanted=True) is cuda_graph
    assert recorder(CUDA, wanted=False) is None
    assert recorder(PROCESSOR, wanted=True) is None
