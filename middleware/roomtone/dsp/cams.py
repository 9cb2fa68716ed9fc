"""Cams: what a turning shaft sets off each time that it comes round, such as a tick, a press or a tumble of laundry."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from roomtone.dsp.shaft import Shaft


@dataclass(slots=True)
class Cam:
    """One cam on a shaft.

    Attributes:
        per_turn: how often it passes in a turn; below 1 it sits behind a gear.
        turned: where the shaft stood at the end of the last block.
    """

    per_turn: float
    turned: float


def cam_state(shaft: Shaft, per_turn: float) -> Cam:
    """Fix a cam to a shaft that has not been spun yet."""
    return Cam(per_turn, float(shaft.turn[0]))


def passages(cam: Cam, shaft: Shaft) -> Iterator[int]:
    """Yield the frames of this block at which the cam passes, in step with the last `spin`."""
    begun, ended = cam.turned, float(shaft.turns[-1])
    cam.turned = ended
    if ended <= begun:
        return
    frames = len(shaft.turns)
    for passage in range(int(np.floor(cam.per_turn * begun)) + 1, int(np.floor(cam.per_turn * ended)) + 1):
        yield min(frames - 1, int((passage / cam.per_turn - begun) / (ended - begun) * frames))
