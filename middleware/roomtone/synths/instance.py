"""An instance: one synth under way, its controls even to the ear, heard at its distance and behind its walls."""

from collections.abc import Mapping, Sequence
from typing import Final

from roomtone.audio import Samples
from roomtone.dsp.propagation import propagate, propagation_state
from roomtone.synths.calibration import Knots, along, calibration
from roomtone.synths.model import Synth

_POINT_SPREAD: Final = 1.0
# What surrounds the listener comes from near and far at once: it fades half as fast as a point.
_BED_SPREAD: Final = 0.5


class Instance:
    """One synth with its state. One thread at a time.

    Args:
        synth: what sounds.
        seed: decides what happens when.
        curves: control -> what the synth is given for each value; by default those that were measured.
    """

    def __init__(self, synth: Synth, seed: int, *, curves: Mapping[str, Knots] | None = None) -> None:
        known = _measured_curves(synth.name) if curves is None else curves
        self._synth = synth
        self._state = synth.start(seed)
        self._curves = [(i, known[each.name]) for i, each in enumerate(synth.controls) if each.name in known]
        self._values = [0.0] * len(synth.controls)
        self._way = propagation_state(synth.channels)
        self._ratio = synth.reach.far_m / synth.reach.near_m
        self._spread = _BED_SPREAD if synth.kind == "bed" else _POINT_SPREAD

    def render(self, controls: Sequence[float], out: Samples) -> None:
        """Overwrite `out` with the next block.

        Args:
            controls: 0 to 1, where each is at the block's end, in the synth's order.
            out: (BLOCK_FRAMES, channels).
        """
        values, reach = self._values, self._synth.reach
        values[:] = controls
        for i, curve in self._curves:
            values[i] = along(curve, values[i])
        self._synth.render(self._state, values, out)
        distance, inside = values[-2], values[-1]
        propagate(self._way, out, metres=reach.near_m * self._ratio**distance, near_m=reach.near_m,
                  open_m=reach.open_m, spread=self._spread, inside=inside)  # fmt: skip

    def strike(self) -> None:
        """Begin one event with the next block; nothing where the synth has none."""
        if self._synth.strike is not None:
            self._synth.strike(self._state)


def _measured_curves(synth: str) -> dict[str, Knots]:
    measured = calibration(synth)
    return {name: each.curve for name, each in measured.controls.items()} if measured else {}
