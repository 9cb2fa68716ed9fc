"""What a player plays: the interface of every source, and the simplest of them, a synth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from roomtone.audio import Samples
from roomtone.layers.binding import Read
from roomtone.layers.controls import Controls
from roomtone.scene.model import Binding, Constant, Layer, Parameter, Scatter, SynthSource
from roomtone.synths.instance import Instance
from roomtone.synths.model import Synth

# With what a struck synth is kept from sounding by itself, and what a scattered one hears of its distance.
_RATE, _DISTANCE = "rate", "distance"

Rung: TypeAlias = Literal["stand_in", "nearest", "exact"]
"""What is heard of a prompt, from the bottom of the ladder to its top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """From this block on a prompt's layer sounds from another source.

    Attributes:
        bank: the prompt whose clips are heard; "" for the stand-in.
        reason: why, in a word of the protocol.
    """

    rung: Rung
    bank: str
    reason: str


class Playing(Protocol):
    """A source that sounds. Owned by one player; made off the audio path, rendered on it."""

    channels: int
    has_events: bool

    def bind(self, layer: Layer, parameters: Mapping[str, Parameter]) -> None:
        """Follow `layer`'s bindings from the next block on, without a jump."""

    def hold(self) -> None:
        """Stand still where the bindings are now, whatever becomes of the parameters."""

    def render(self, values: Mapping[str, float], block: int, out: Samples) -> Sourced | None:
        """Overwrite `out` with the next block.

        Args:
            values: the scene state at the block's end.
            block: its number on the scene's clock; blocks may have been left out while nothing was heard.
            out: (BLOCK_FRAMES, channels).

        Returns:
            Where the sound comes from now, if that has changed.
        """

    def pass_over(self, block: int) -> None:
        """Take note of a block in which nothing of it is heard, and that is therefore not rendered."""

    def strike(self, distance: float) -> None:
        """Begin one event at `distance`, 0 (near) to 1; a source without events only moves there."""


class PlayingSynth:
    """A synth with its controls bound to the scene state."""

    def __init__(self, synth: Synth, seed: int) -> None:
        self.channels = synth.channels
        self.has_events = synth.strike is not None
        self._synth = synth
        self._instance = Instance(synth, seed)
        self._controls = Controls(synth.controls)
        self._distance = 0.5

    def bind(self, layer: Layer, parameters: Mapping[str, Parameter]) -> None:
        """See `Playing`."""
        assert isinstance(layer.source, SynthSource)
        bound, scattered = layer.source.controls, isinstance(layer.placement, Scatter)
        bindings = [
            bound.get(control.name) or self._unbound(control.name, control.default, scattered=scattered)
            for control in self._synth.controls
        ]
        self._controls.bind(bindings, parameters)

    def _unbound(self, name: str, default: float, *, scattered: bool) -> Binding | Read:
        """A scattered sound is as far as it is placed, and sounds when it is struck."""
        if scattered and name == _DISTANCE:
            return lambda _: self._distance
        if scattered and name == _RATE and self.has_events:
            return Constant(0.0)
        return Constant(default)

    def hold(self) -> None:
        """See `Playing`."""
        self._controls.hold()

    def render(self, values: Mapping[str, float], block: int, out: Samples) -> None:  # noqa: ARG002 - the interface
        """See `Playing`."""
        self._instance.render(self._controls.advance(values), out)

    def pass_over(self, block: int) -> None:
        """See `Playing`; a synth that nobody hears stands still."""

    def strike(self, distance: float) -> None:
        """See `Playing`."""
        self._distance = distance
        self._instance.strike()
