"""What a synth is: a name, controls that mean something, and two functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

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
        names: settings that have a name, such as `tin` of a surface: scene files may write them instead of numbers.
        wraps: whether 1 is 0 again, as with the time of day: then no quantity rises all the way.
    """

    name: str
    at_0: str
    at_half: str
    at_1: str
    default: float
    smooth_s: float = 0.1
    names: tuple[tuple[str, float], ...] = ()
    wraps: bool = False


DISTANCE: Final = "distance"
INSIDE: Final = "inside"


def placed(near: str, half: str, far: str, *, default: float = 0.0) -> tuple[Control, Control]:
    """Make the two controls that every synth ends with: how far the sound is, and what stands in between.

    Args:
        near: what one hears at a distance of 0.
        half: at 0.5.
        far: at 1.
        default: of the distance.
    """
    return (
        Control(name=DISTANCE, at_0=near, at_half=half, at_1=far, default=default, smooth_s=1.0),
        Control(
            name=INSIDE,
            at_0="in the open, or in the same room",
            at_half="through an open window or door",
            at_1="behind closed windows and walls",
            default=0.0,
            smooth_s=0.5,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What the control `distance` means in metres; in between it goes by equal ratios.

    Attributes:
        near_m: where the sound is as the synth renders it.
        far_m: at distance 1.
        open_m: where what comes back from around is as strong as what comes directly: some 2 m in a room, 10 in
            a street, 20 in a wood, 60 in the open.
    """

    near_m: float
    far_m: float
    open_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Synth:
    """One sound: a row of the table in `synths`.

    Attributes:
        name: as in scene files.
        summary: one line for a sound designer.
        tags: category and kin, for search.
        kind: a `bed` surrounds the listener (stereo), a `point` has a place (mono).
        controls: in the order in which `render` receives them; the last two are those of `placed`.
        reach: how far away it may be.
        source: where the model comes from: papers, books.
        start: seed -> state. May be slow (tables, banks); never called on the audio path.
        render: (state, control values at the block's end in declared order, out (BLOCK_FRAMES, channels)).
            Overwrites `out` with the sound as it is near by: `Instance` takes it further away and behind walls.
            No allocation growth, no chance but the state's, any control values in 0..1.
        strike: for sounds made of events: begin one now. A struck synth has a control `rate` that is 0 when
            it is to sound only when struck.
    """

    name: str
    summary: str
    tags: tuple[str, ...]
    kind: Literal["bed", "point"]
    controls: tuple[Control, ...]
    reach: Reach
    source: str
    start: Callable[[int], State]
    render: Callable[[State, Sequence[float], Samples], None]
    strike: Callable[[State], None] | None = None

    @property
    def channels(self) -> int:
        """2 for a bed, 1 for a point."""
        return 2 if self.kind == "bed" else 1
