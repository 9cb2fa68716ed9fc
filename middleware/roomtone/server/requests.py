"""A sound that a game asks for in words, as a layer: what its prompt means, and what stands in for it meanwhile."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roomtone.errors import RoomtoneError, WireError
from roomtone.names import unknown
from roomtone.scene.model import Area, Bed, Constant, Layer, Placement, Point, PromptSource, Scene, Slot
from roomtone.scene.names import MAX_NAME_CHARS, NAME_PATTERN
from roomtone.scene.prompts import Pieces, PromptFault, prompt_at, read_prompt_pieces
from roomtone.wire.messages import PlacementInfo, Request

if TYPE_CHECKING:
    from roomtone.reading.reading import Reading

MOST_REQUESTED: Final = 32
_MOST_NAMED: Final = 12
_MOST_CHARS: Final = 400


@dataclass(frozen=True, slots=True)
class Requested:
    """What became of a request.

    Attributes:
        layer: to be added to the scene.
        unknown: the words that no synth knows; None where all are understood.
    """

    layer: Layer
    unknown: RoomtoneError | None


def read_request(message: Request, scene: Scene) -> Requested:
    """Make a layer of a request. Slow the first time: never on the audio path.

    Args:
        message: what the client says.
        scene: to which the layer is to be added.

    Raises:
        WireError: `request.prompt`, `request.unknown-parameter`, `request.placement`.
    """
    # Words weigh 70 ms and 7 MB, which only a daemon that is asked in words should bear.
    from roomtone.reading.stand_in import stand_ins_of  # noqa: PLC0415

    pieces = _pieces(message.prompt, scene)
    reading = _read(pieces)
    source = PromptSource(
        text=pieces,
        stand_in=stand_ins_of(reading),
        model=message.model,
        variations=message.variations,
        seconds=message.seconds,
        loop=message.loop,
        seed=scene.seed,
    )
    layer = Layer(
        name=message.layer,
        source=source,
        gain_db=Constant(message.gain_db),
        placement=_placement(message.placement),
    )
    return Requested(layer, _unknown_words(reading))


def check_new_layer(name: str, scene: Scene, requested: Collection[str]) -> None:
    """Refuse a layer that cannot be added to a scene.

    Args:
        name: of the layer.
        scene: as it is now.
        requested: names of the layers that were added before.

    Raises:
        WireError: `request.layer-name`, `request.layer-exists`, `request.too-many-requests`.
    """
    if len(name) > MAX_NAME_CHARS or not re.fullmatch(NAME_PATTERN, name):
        fix = "use lower-case letters, digits and _, beginning with a letter"
        raise WireError("request.layer-name", what=f"'{name}' is no layer's name", at="layer", fix=fix)
    if name in scene.layers:
        what = f"the scene has a layer '{name}'"
        raise WireError("request.layer-exists", what=what, at="layer", fix="open it, or take another name")
    if len(requested) >= MOST_REQUESTED:
        what = f"{MOST_REQUESTED} layers were added to this scene"
        raise WireError("request.too-many-requests", what=what, fix="close the scene and open it again")


def _pieces(prompt: str, scene: Scene) -> Pieces:
    pieces = read_prompt_pieces(prompt)
    if isinstance(pieces, PromptFault):
        raise WireError("request.prompt", what=pieces.what, at="prompt", fix=pieces.fix)
    for slot in _slots(pieces):
        if slot.parameter not in scene.parameters:
            raise unknown(
                WireError,
                "request.unknown-parameter",
                kind="parameter",
                name=slot.parameter,
                known=scene.parameters,
                at="prompt",
            )
    return pieces


def _slots(pieces: Pieces) -> list[Slot]:
    return [piece for piece in pieces if isinstance(piece, Slot)]


def _read(pieces: Pieces) -> "Reading":
    """Read the prompt with the middle one of each slot's wordings."""
    from roomtone.reading.prompt import read_prompt  # noqa: PLC0415 - see `read_request`

    middles = tuple(len(slot.wordings) // 2 for slot in _slots(pieces))
    try:
        return read_prompt(prompt_at(pieces, middles))
    except WireError as error:
        raise WireError("request.prompt", what=error.what, at="prompt", fix=error.fix) from error


def _placement(info: PlacementInfo | None) -> Placement:
    if info is None or info.kind == "bed":
        return Bed()
    if info.kind == "scatter":
        what, fix = (
            "a prompt's sound has no single events to scatter",
            "place it as a bed, a point or an area",
        )
        raise WireError("request.placement", what=what, at="placement.kind", fix=fix)
    if info.reach_m <= info.near_m:
        what = f"reach_m = {info.reach_m:g} is not beyond near_m = {info.near_m:g}"
        raise WireError("request.placement", what=what, at="placement.reach_m", fix="set it to more")
    if info.kind == "point":
        return Point(at_m=info.at_m, near_m=info.near_m, reach_m=info.reach_m)
    return Area(at_m=info.at_m, radius_m=info.near_m, reach_m=info.reach_m)


def _unknown_words(reading: "Reading") -> RoomtoneError | None:
    """Name what no synth knows; what is known and only one sound too many is the model's as well."""
    unknown_words = [each for each in reading.unknown if not each.too_many]
    if not unknown_words:
        return None
    words = ", ".join(repr(each.word) for each in unknown_words[:_MOST_NAMED])
    near = ", ".join(dict.fromkeys(word for each in unknown_words for word in each.suggestions))
    fix = f"near it: {near[:_MOST_CHARS]}" if near else "they are the model's to understand"
    return WireError(
        "prompt.unknown-words", what=f"no synth knows {words}"[:_MOST_CHARS], at="prompt", fix=fix
    )
