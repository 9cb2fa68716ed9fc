"""A voice: one synth sounding, read in pieces of any length."""

import math
from collections.abc import Mapping

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.errors import SynthError
from roomtone.names import did_you_mean, unknown
from roomtone.synths import SYNTHS
from roomtone.synths.instance import Instance
from roomtone.synths.model import Synth


def get_synth(name: str) -> Synth:
    """Look up a synth.

    Raises:
        SynthError: `synth.unknown`, with the nearest name that exists.
    """
    if name in SYNTHS:
        return SYNTHS[name]
    raise unknown(SynthError, "synth.unknown", kind="synth", name=name, known=SYNTHS)


def setting_of(synth: Synth, control: str, value: float | str) -> float:
    """Turn a setting that has a name, such as `tin` of a surface, into its number; numbers stay as they are.

    Raises:
        SynthError: `synth.unknown-control` or `synth.unknown-setting`.
    """
    if not isinstance(value, str):
        return value
    named = {each.name: dict(each.names) for each in synth.controls}
    at = f"{synth.name}.{control}"
    if control not in named:
        raise unknown(
            SynthError, "synth.unknown-control", kind="control", name=control, known=named, at=synth.name
        )
    if not named[control]:
        what = f"{value!r} is not a number, and no setting of {control!r} has a name"
        raise SynthError("synth.unknown-setting", at=at, what=what, fix="give a number from 0 to 1")
    if value not in named[control]:
        raise unknown(
            SynthError, "synth.unknown-setting", kind="setting", name=value, known=named[control], at=at
        )
    return named[control][value]


class Voice:
    """One synth with its state, its controls on their way, and the rest of a block that was not read yet.

    One thread at a time. Controls move on the grid of blocks: a new goal counts from the first block that is
    not rendered yet, and is reached in at most the control's `smooth_s`. What is read does not depend on the
    sizes it is read in.

    Attributes:
        synth: what sounds.
    """

    def __init__(self, synth: Synth, seed: int, controls: Mapping[str, float] | None = None) -> None:
        self.synth = synth
        self._instance = Instance(synth, seed)
        self._goals = [control.default for control in synth.controls]
        self._steps = [BLOCK_S / max(control.smooth_s, BLOCK_S) for control in synth.controls]
        self._wraps = [control.wraps for control in synth.controls]
        self._index = {control.name: i for i, control in enumerate(synth.controls)}
        self.steer(controls or {})
        self._values = list(self._goals)
        self._rest = np.zeros((0, synth.channels), np.float32)

    def steer(self, controls: Mapping[str, float]) -> None:
        """Send the named controls towards new values; the others stay where they are going.

        Raises:
            SynthError: a control that the synth lacks, or a value not between 0 and 1; nothing is changed.
        """
        for name, value in controls.items():
            self._check(name, value)
        for name, value in controls.items():
            self._goals[self._index[name]] = float(value)

    def strike(self) -> None:
        """Begin an event with the next block.

        Raises:
            SynthError: `synth.not-struck`, when this sound is not made of events.
        """
        if self.synth.strike is None:
            what = f"{self.synth.name!r} has no events to strike"
            raise SynthError("synth.not-struck", what=what, fix="strike a synth such as 'thunder'")
        self._instance.strike()

    def read(self, frames: int, controls: Mapping[str, float] | None = None) -> Samples:
        """Render the next `frames` frames, after steering to `controls`.

        Returns:
            (frames, channels) float32, new.
        """
        if controls:
            self.steer(controls)
        out = np.empty((frames, self.synth.channels), np.float32)
        kept = min(frames, len(self._rest))
        out[:kept] = self._rest[:kept]
        self._rest = self._rest[kept:]
        for start in range(kept, frames, BLOCK_FRAMES):
            self._fill(out[start : start + BLOCK_FRAMES])
        return out

    def _fill(self, out: Samples) -> None:
        if len(out) == BLOCK_FRAMES:
            self._render(out)
            return
        block = np.empty((BLOCK_FRAMES, self.synth.channels), np.float32)
        self._render(block)
        out[:] = block[: len(out)]
        self._rest = block[len(out) :]

    def _render(self, out: Samples) -> None:
        values = self._values
        for i, (goal, step) in enumerate(zip(self._goals, self._steps, strict=True)):
            if self._wraps[i]:
                # The shorter way round: from eleven at night to one is two hours, not twenty-two back.
                way = (goal - values[i] + 0.5) % 1.0 - 0.5
                values[i] = (values[i] + min(max(way, -step), step)) % 1.0
            else:
                values[i] += min(max(goal - values[i], -step), step)
        self._instance.render(values, out)

    def _check(self, name: str, value: float) -> None:
        at = f"{self.synth.name}.{name}"
        if name not in self._index:
            what, fix = f"{self.synth.name!r} has no control {name!r}", did_you_mean(name, self._index)
            raise SynthError("synth.unknown-control", at=at, what=what, fix=fix)
        if not (math.isfinite(value) and 0.0 <= value <= 1.0):
            what = f"{value} is not between 0 and 1"
            raise SynthError("synth.control-range", at=at, what=what, fix="give a number from 0 to 1")
