"""A bed all around the listener: first-order ambisonics, as AmbiX has it (channels W, Y, Z, X; SN3D).

A game that turns its listener's head turns this with it. Source: Nachbar, Zotter, Deleflie & Sontacchi (2011), AmbiX, a
suggested ambisonics format.
"""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp.random import rng_state
from roomtone.errors import SynthError
from roomtone.synths.model import Synth
from roomtone.synths.voice import Voice

CHANNELS: Final = 4
"""W, Y, Z, X."""

# Where the two sides of the one in front and of the one behind come from, counter-clockwise from straight ahead.
_FRONT_RAD: Final = (math.radians(45.0), math.radians(-45.0))
_BACK_RAD: Final = (math.radians(135.0), math.radians(-135.0))
# Four directions are to be as loud as the two sides of the same bed in stereo.
_SHARE: Final = math.sqrt(0.5)


def direction_gains(azimuth_rad: float, elevation_rad: float = 0.0) -> NDArray[np.float32]:
    """Give the gains (W, Y, Z, X) of a plane wave from a direction.

    Args:
        azimuth_rad: 0 ahead, positive to the left.
        elevation_rad: 0 level, positive upwards.
    """
    level = math.cos(elevation_rad)
    return np.array(
        (1.0, math.sin(azimuth_rad) * level, math.sin(elevation_rad), math.cos(azimuth_rad) * level),
        np.float32,
    )


class Surround:
    """One bed with its state, as `Voice`, but around the listener: another take of it sounds behind.

    Args:
        synth: a bed.
        seed: decides what happens when.
        controls: where controls begin; the others at their defaults.

    Raises:
        SynthError: `synth.not-a-bed`; an unknown control or a value not between 0 and 1.
    """

    def __init__(self, synth: Synth, seed: int, controls: Mapping[str, float] | None = None) -> None:
        if synth.kind != "bed":
            what = f"{synth.name!r} comes from one place: there is nothing to surround a listener with"
            raise SynthError(
                "synth.not-a-bed", at=synth.name, what=what, fix="render it in mono, and place it"
            )
        behind = int(rng_state(seed, "surround", "behind")[0] >> np.uint64(1))
        self._takes = tuple(
            (Voice(synth, take, controls), [np.float32(_SHARE) * direction_gains(each) for each in sides])
            for take, sides in ((seed, _FRONT_RAD), (behind, _BACK_RAD))
        )

    def read(self, frames: int, controls: Mapping[str, float] | None = None) -> Samples:
        """Render the next `frames` frames, after steering to `controls`.

        Returns:
            (frames, 4) float32, new.

        Raises:
            SynthError: as `Voice.steer`; nothing is changed.
        """
        out = np.zeros((frames, CHANNELS), np.float32)
        for voice, gains in self._takes:
            sides = voice.read(frames, controls)
            for side, side_gains in enumerate(gains):
                # Not as a product of matrices, which rounds by how many frames there are.
                out += sides[:, side, None] * side_gains
        return out
