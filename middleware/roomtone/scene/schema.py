"""The shape of a scene file: which keys, which types, which bounds. What names refer to is checked in `check`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, ValidationError

from roomtone.scene.model import Catalogue, SynthEntry
from roomtone.scene.names import MAX_NAME_CHARS, NAME_PATTERN
from roomtone.scene.prompts import MAX_PROMPT_CHARS

MAX_PARAMETERS: Final = 128
MAX_LAYERS: Final = 256
MAX_GAIN_DB: Final = 6.0
MIN_GAIN_DB: Final = -120.0
MAX_STAND_INS: Final = 8
MAX_VARIATIONS: Final = 16

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=MAX_NAME_CHARS)]
# A portable relative path: no drive, no backslash, no control characters.
ClipPath = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f\\:]+$", max_length=512)]
Prompt = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=MAX_PROMPT_CHARS)]
Value = Annotated[float, Field(ge=-1e9, le=1e9)]
# Lists of numbers with a fixed length: said by length rather than by place, which every editor understands.
Pair = Annotated[tuple[Value, ...], Field(min_length=2, max_length=2)]
Seconds = Annotated[float, Field(ge=0.0, le=3600.0)]
Metres = Annotated[float, Field(ge=0.0, le=10_000.0)]
Interval = Annotated[
    tuple[Annotated[float, Field(ge=0.05, le=3600.0)], ...], Field(min_length=2, max_length=2)
]
Distances = Annotated[tuple[Metres, ...], Field(min_length=2, max_length=2)]
Place = Annotated[
    tuple[Annotated[float, Field(ge=-100_000.0, le=100_000.0)], ...], Field(min_length=3, max_length=3)
]


class _Strict(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class WanderShape(_Strict):
    """What a parameter does by itself: a slow random walk around its value."""

    depth: Annotated[float, Field(ge=0.0, le=1.0)]
    """How far it strays at most, as a part of the range: 0.05 is barely noticed, 0.3 is a restless place."""
    period_s: Annotated[float, Field(ge=0.5, le=3600.0)]
    """About how many seconds it takes to come back."""


class ParameterShape(_Strict):
    """One named quantity that the game steers."""

    default: Value
    """Where it stands when the scene opens."""
    range: Pair = (0.0, 1.0)
    """[lowest, highest] value; values from the game are kept inside."""
    unit: Annotated[str, StringConstraints(max_length=16)] = ""
    """For people, such as h or m/s; a parameter that a gain_db follows without a curve has the unit dB."""
    rise_s: Seconds = 1.0
    """Seconds until a step upwards has arrived (99 %)."""
    fall_s: Seconds = 1.0
    """Seconds until a step downwards has arrived (99 %)."""
    wraps: bool = False
    """Whether the range is a circle, as for the time of day: changes take the shorter way round."""
    wander: WanderShape = WanderShape(depth=0.0, period_s=60.0)
    """What it does by itself: {depth, period_s}."""


class ControlFollow(_Strict):
    """A control that follows a parameter through a curve."""

    from_: Annotated[Name, Field(alias="from")]
    """The parameter to follow."""
    curve: Annotated[tuple[Pair, ...], Field(min_length=2, max_length=64)] = ()
    """Points [parameter, control] joined by straight lines, flat beyond the ends; control values are 0 to 1."""


class GainFollow(_Strict):
    """A gain that follows a parameter through a curve."""

    from_: Annotated[Name, Field(alias="from")]
    """The parameter to follow."""
    curve: Annotated[tuple[Pair, ...], Field(min_length=2, max_length=64)] = ()
    """Points [parameter, dB] joined by straight lines, flat beyond the ends; -60 dB and below is silence."""


def _binding_kind(value: object) -> str | None:
    """Tell the three ways to write a binding apart, so that a mistake is reported for the one that was meant."""
    match value:
        case bool():
            return None
        case int() | float():
            return "<number>"
        case str():
            return "<parameter>"
        case dict() | _Strict():
            return "<follow>"
        case _:
            return None


ControlBinding: TypeAlias = Annotated[
    Annotated[float, Field(ge=0.0, le=1.0), Tag("<number>")]
    | Annotated[Name, Tag("<parameter>")]
    | Annotated[ControlFollow, Tag("<follow>")],
    Discriminator(_binding_kind),
]
GainBinding: TypeAlias = Annotated[
    Annotated[float, Field(ge=MIN_GAIN_DB, le=MAX_GAIN_DB), Tag("<number>")]
    | Annotated[Name, Tag("<parameter>")]
    | Annotated[GainFollow, Tag("<follow>")],
    Discriminator(_binding_kind),
]


class BedShape(_Strict):
    """All around the listener, wherever they are."""

    kind: Literal["bed"]
    """bed: all around, everywhere."""


class PointShape(_Strict):
    """At one place."""

    kind: Literal["point"]
    """point: at one place, fading with distance."""
    at_m: Place
    """[x, y, z] in metres, y up."""
    near_m: Metres = 1.0
    """Full level within this distance."""
    reach_m: Metres = 50.0
    """Gone at this distance."""


class AreaShape(_Strict):
    """A place with an extent."""

    kind: Literal["area"]
    """area: a place with an extent, full level inside."""
    at_m: Place
    """The centre, [x, y, z] in metres, y up."""
    radius_m: Metres
    """Full level inside this radius."""
    reach_m: Metres = 60.0
    """Gone at this distance from the centre."""


class ScatterShape(_Strict):
    """Single events around the listener."""

    kind: Literal["scatter"]
    """scatter: one event after another, each from somewhere else around the listener."""
    every_s: Interval
    """[shortest, longest] wait between two events in seconds."""
    distance_m: Distances
    """[nearest, farthest] distance of an event in metres."""


PlacementShape: TypeAlias = Annotated[
    BedShape | PointShape | AreaShape | ScatterShape, Field(discriminator="kind")
]


class StandInShape(_Strict):
    """What is heard until a prompt's clips exist."""

    synth: Name
    """The sound to synthesise meanwhile (see `roomtone synths`)."""
    controls: Annotated[dict[Name, ControlBinding], Field(max_length=64)] = {}
    """The synth's controls: a number from 0 to 1, a parameter's name, or {from: parameter, curve: [[x, y], …]}."""
    gain_db: Annotated[float, Field(ge=MIN_GAIN_DB, le=MAX_GAIN_DB)] = 0.0
    """Its level among several."""


def _one_or_several(value: object) -> str | None:
    """Tell a stand-in from a list of them, so that a mistake is reported for the one that was meant."""
    match value:
        case dict() | _Strict():
            return "<one>"
        case tuple() | list():
            return "<several>"
        case _:
            return None


StandIns: TypeAlias = Annotated[
    Annotated[StandInShape, Tag("<one>")]
    | Annotated[tuple[StandInShape, ...], Field(min_length=1, max_length=MAX_STAND_INS), Tag("<several>")],
    Discriminator(_one_or_several),
]


class LayerShape(_Strict):
    """One stream of sound: a synth, clips, or a prompt for a neural model; how loud, and where."""

    synth: Name = ""
    """The sound to synthesise (see `roomtone synths`)."""
    controls: Annotated[dict[Name, ControlBinding], Field(max_length=64)] = {}
    """The synth's controls: a number from 0 to 1, a parameter's name, or {from: parameter, curve: [[x, y], …]}."""
    clips: Annotated[tuple[ClipPath, ...], Field(min_length=1, max_length=256)] = ()
    """Recordings to play without end, WAV or FLAC, relative to the scenes folder."""
    crossfade_s: Annotated[float, Field(ge=0.01, le=30.0)] = 0.25
    """How long each join between clips is, in seconds."""
    prompt: Prompt = ""
    """What a neural model should make, in words; {parameter: one wording|another} puts the state into words."""
    stand_in: StandIns = ()
    """What is heard until the prompt's clips exist: {synth, controls}, or a list of them."""
    model: Name = ""
    """The model to use (see `roomtone models list`); left out, the daemon's default."""
    negative: Prompt = ""
    """What should not be heard, for models that understand it."""
    variations: Annotated[int, Field(ge=1, le=MAX_VARIATIONS)] = 4
    """How many clips are made for each wording of the prompt."""
    seconds: Annotated[float, Field(ge=1.0, le=60.0)] = 10.0
    """How long each clip is; models that make shorter ones make them as long as they can."""
    loop: bool = False
    """Whether each clip closes on itself."""
    steps: Annotated[int, Field(ge=1, le=500)] = 0
    """Denoising steps: more is slower and finer; left out, the model's own number."""
    guidance: Annotated[float, Field(ge=0.0, le=30.0)] = -1.0
    """How strictly the prompt is followed; left out, the model's own."""
    melody: ClipPath = ""
    """A recording whose tune to follow, for models that can; relative to the scenes folder."""
    gain_db: GainBinding = 0.0
    """Level: a number up to 6, a parameter in dB, or {from: parameter, curve: [[x, dB], …]}."""
    placement: PlacementShape = BedShape(kind="bed")
    """Where it is: {kind: bed}, point, area or scatter."""


class SceneShape(_Strict):
    """A Roomtone scene: parameters that the game steers, and layers of sound that follow them."""

    scene: Name
    """The scene's name: the file's name without its ending."""
    category: Name = ""
    """What kind of place it is, for lists: natural, urban, domestic, animals, mechanical, abstract, or another."""
    summary: Annotated[str, StringConstraints(max_length=500)] = ""
    """One line for whoever opens it: what it is and what to try."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Where chance starts: the same seed gives the same sound."""
    parameters: Annotated[dict[Name, ParameterShape], Field(max_length=MAX_PARAMETERS)] = {}
    """The quantities that the game steers, by name."""
    moods: Annotated[
        dict[Name, Annotated[dict[Name, Value], Field(max_length=MAX_PARAMETERS)]], Field(max_length=64)
    ] = {}
    """Named sets of parameter values to morph to."""
    layers: Annotated[dict[Name, LayerShape], Field(max_length=MAX_LAYERS)]
    """The streams of sound, by name."""
    neighbours: Annotated[tuple[Name, ...], Field(max_length=64)] = ()
    """Scenes that one can walk to from here, prepared in advance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One disagreement with the shape, as pydantic names it."""

    kind: str
    loc: tuple[str | int, ...]
    value: object
    limits: Mapping[str, Any]


def faults_in(data: object) -> tuple[SceneShape | None, tuple[Fault, ...]]:
    """Check plain data against the shape: the scene, or every fault."""
    try:
        return SceneShape.model_validate(data), ()
    except ValidationError as error:
        return None, tuple(
            Fault(kind=e["type"], loc=e["loc"], value=e["input"], limits=e.get("ctx", {}))
            for e in error.errors(include_url=False)
        )


def keys_at(loc: tuple[str | int, ...]) -> tuple[str, ...]:
    """List the keys that the shape knows in the mapping at `loc` (a fault's `loc` without its last part)."""
    model: type[BaseModel] = SceneShape
    match loc:
        case ("parameters", _, "wander"):
            model = WanderShape
        case ("parameters", _):
            model = ParameterShape
        case ("layers", _):
            model = LayerShape
        case ("layers", _, "placement", kind):
            model = _PLACEMENTS[str(kind)]
        case ("layers", _, *_, "<follow>"):
            model = ControlFollow
        case ("layers", _, "stand_in", *_):
            model = StandInShape
    return tuple(field.alias or name for name, field in model.model_fields.items())


_PLACEMENTS: Final[Mapping[str, type[_Strict]]] = {
    "bed": BedShape,
    "point": PointShape,
    "area": AreaShape,
    "scatter": ScatterShape,
}
PLACEMENT_KINDS: Final = tuple(_PLACEMENTS)
# Of a layer: empty when they are not written, and empty is what may not be written.
_LEFT_OUT: Final = (
    "synth",
    "clips",
    "prompt",
    "stand_in",
    "model",
    "negative",
    "steps",
    "guidance",
    "melody",
)


def json_schema(catalogue: Catalogue) -> dict[str, Any]:
    """Make the JSON Schema that gives completion in editors, with the synths and controls that exist."""
    schema = _for_editors(SceneShape.model_json_schema(by_alias=True))
    layer = schema["$defs"]["LayerShape"]
    # What is left empty when it is not written has a default that may not be written.
    for shape, key in (
        *(("LayerShape", key) for key in _LEFT_OUT),
        ("ControlFollow", "curve"),
        ("GainFollow", "curve"),
    ):
        del schema["$defs"][shape]["properties"][key]["default"]
    rules = [_controls_rule(name, entry) for name, entry in catalogue.items()]
    for shape in ("LayerShape", "StandInShape"):
        properties = schema["$defs"][shape]["properties"]
        properties["synth"] = {
            "description": properties["synth"]["description"],
            "oneOf": [{"const": name, "description": _described(entry)} for name, entry in catalogue.items()],
        }
        schema["$defs"][shape]["allOf"] = rules
    layer["oneOf"] = [{"required": ["synth"]}, {"required": ["clips"]}, {"required": ["prompt", "stand_in"]}]
    # Draft 7 is what editors understand best; nothing newer is used.
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema, "title": "Roomtone scene"}


def _for_editors(schema: Any) -> Any:
    """Drop the titles that pydantic makes of names (`At M` for `at_m`), and let editors mark what is not a name."""
    if isinstance(schema, list):
        return [_for_editors(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _for_editors(value) for key, value in schema.items() if key != "title"}
    return {**kept, "additionalProperties": False} if "patternProperties" in kept else kept


def _described(entry: SynthEntry) -> str:
    return f"{entry.summary} A scatter places its events one by one." if entry.struck else entry.summary


def _controls_rule(synth: str, entry: SynthEntry) -> dict[str, Any]:
    known = {
        name: _control_rule(meaning, entry.settings.get(name, {})) for name, meaning in entry.controls.items()
    }
    names = {"properties": known, "propertyNames": {"enum": list(entry.controls)}}
    return {
        "if": {"properties": {"synth": {"const": synth}}, "required": ["synth"]},
        "then": {"properties": {"controls": names}},
    }


def _control_rule(meaning: str, settings: Mapping[str, float]) -> dict[str, Any]:
    """Describe a control; names of settings are offered, and anything else that a control may be is taken too."""
    if not settings:
        return {"description": meaning}
    return {"description": meaning, "anyOf": [{"enum": list(settings)}, True]}
