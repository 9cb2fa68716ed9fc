"""What a synth is: a name, controls that mean something, and two functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from roomtone.audio import Samples

State = Any
"""Whatever a synth's `start` returns: its arrays, owned by one voice, mutated by `render`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One knob of a synth, 0 to 1.

    Attributes:
        name: what it names is what it changes, audibly and monotonically.
        at_0, at_half, at_1: what one hears at those settings.
        default: where it stands when nobody says.
        smooth_s: how long a sudden change should take to arrive.
    """

    name: str
    at_0: str
    at_half: str
    at_1: str
    default: float
    smooth_s: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Synth:
    """One sound: a row of the table in `synths`.

    Attributes:
        name: as in scene files.
        summary: one line for a sound designer.
        tags: category and kin, for search.
        kind: a `bed` surrounds the listener (stereo), a `point` has a place (mono).
        controls: in the order in which `render` receives them.
        source: where the model comes from: papers, books.
        start: seed -> state. May be slow (tables, banks); never called on the audio path.
        render: (state, control values at the block's end in declared order, out (BLOCK_FRAMES, channels)).
            Overwrites `out`. No allocation growth, no chance but the state's, any control values in 0..1.
        strike: for sounds made of events: begin one now. A struck synth has a control `rate` that is 0 when
            it is to sound only when struck.
    """

    name: str
    summary: str
    tags: tuple[str, ...]
    kind: Literal["bed", "point"]
    controls: tuple[Control, ...]
    source: str
    start: Callable[[int], State]
    render: Callable[[State, Sequence[float], Samples], None]
    strike: Callable[[State], None] | None = None

    @property
    def channels(self) -> int:
        """2 for a bed, 1 for a point."""
        return 2 if self.kind == "bed" else 1
