"""A reading as a scene file: what was understood in comments, parameters and moods to play with, layers to edit."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from roomtone.errors import SceneError
from roomtone.reading.account import account_of
from roomtone.reading.entry import Entry
from roomtone.reading.lexicon import LEXICON
from roomtone.reading.mix import own_loudness_db
from roomtone.reading.reading import Part, Reading
from roomtone.reading.text import check_prompt
from roomtone.reading.yaml_lines import block, curve, flow, numbers, pairs, text
from roomtone.scene.model import Area, Bed, Curve, Placement, Point, Scatter
from roomtone.scene.names import MAX_NAME_CHARS, NAME_PATTERN

_SCHEMA: Final = "# yaml-language-server: $schema=../protocol/scene.schema.json"
_TIME: Final = "time_of_day"
_SILENCE_DB, _MAX_GAIN_DB = -60.0, 6.0
# A parameter stands where it can be turned both ways; below the first step it fades to silence.
_LOWEST, _HIGHEST, _FIRST_STEP = 0.1, 0.9, 0.05
# From where it stands to full, a sound becomes this much louder.
_RISE_DB: Final = 6.0
_STRUCK: Final = 0.5
_WANDER: Final = "wander: {depth: 0.08, period_s: 30}"
# Sounds that keep hours of their own are steered by the clock unless they are awake against their habit.
_ASLEEP_DB: Final = -20.0

# Mood -> to where it takes which parameters; what a scene lacks is left out.
_CALM: Final = 0.4
_MOODS: Final[Mapping[str, Mapping[str, float]]] = {
    "lively": {"crowd": 0.95, "birds": 0.9, "fire": 0.9},
    "storm": {"rain": 1.0, "wind": 0.9, "storm": 1.0, "swell": 1.0},
    "dawn": {_TIME: 5.5},
    "night": {_TIME: 23.0},
}


@dataclass(frozen=True, slots=True)
class _Layer:
    """A part on its way into the file.

    Attributes:
        entry: its row.
        amount: the control that follows its parameter.
        default: where that parameter stands.
        hour: the time of day, for what keeps hours of its own; else None.
    """

    part: Part
    entry: Entry
    amount: str
    default: float
    hour: float | None


def scene_text(reading: Reading, *, name: str, prompt: str, model: str | None = None) -> str:
    """Write a reading as a scene file that sounds the same, and can be steered and edited.

    Args:
        reading: what was understood.
        name: of the scene, as the file will be called without its ending.
        prompt: as it was typed.
        model: a neural model that is to make the layers; their synths then stand in until it has. What strikes
            one by one stays a synth: a clip cannot be struck.

    Raises:
        SceneError: `scene.name`, for what no scene or model can be called.
        WireError: as `read_prompt`, for the prompt.
    """
    _check_name(name, "scene")
    if model is not None:
        _check_name(model, "model")
    check_prompt(prompt)
    layers = _layers(reading)
    parameters = _parameters(layers)
    moods = dict(_moods(parameters))
    lines = [
        _SCHEMA,
        f"# Read from: {text(prompt)}",
        *(f"#   {line}" for line in account_of(reading)),
        f"scene: {name}",
        f"summary: {text(_summary(parameters, moods))}",
        "seed: 0 # another number, another course of events",
        *block("parameters", [_parameter(key, value, layers) for key, value in parameters.items()]),
        *block("moods", [f"{key}: {flow(values)}" for key, values in moods.items()]),
        *(block("layers", [line for layer in layers for line in _layer(layer, model)]) or ["layers: {}"]),
    ]
    return "\n".join(lines) + "\n"


def _check_name(name: str, kind: str) -> None:
    if len(name) > MAX_NAME_CHARS or not re.fullmatch(NAME_PATTERN, name):
        what = f"{name[:MAX_NAME_CHARS]!r} cannot name a {kind}"
        fix = f"use lower-case letters, digits and _, beginning with a letter, at most {MAX_NAME_CHARS}"
        raise SceneError("scene.name", at=kind, what=what, fix=fix)


# Parameters and moods ----------------------------------------------------------------------------


def _layers(reading: Reading) -> list[_Layer]:
    hour = reading.circumstances.hour
    layers: list[_Layer] = []
    stands: dict[str, float] = {}
    for part in reading.parts:
        entry = LEXICON[part.synth]
        amount = entry.roles["amount"]
        here = min(max(part.bound.get(amount, _STRUCK), _LOWEST), _HIGHEST)
        # Leaves and wind share a parameter: it stands where the first of them does.
        default = stands.setdefault(entry.steer.parameter, here)
        layers.append(_Layer(part, entry, amount, default, _kept_hour(entry, hour)))
    return layers


def _kept_hour(entry: Entry, hour: float | None) -> float | None:
    """Return the hour where it decides about a sound: not where it is awake against its habit."""
    if hour is None or not entry.steer.hours or _at_hour(entry.steer.hours, hour) <= _ASLEEP_DB:
        return None
    return round(hour, 2)


def _parameters(layers: Sequence[_Layer]) -> dict[str, float]:
    """List the parameters that steer something, with where they stand."""
    parameters = {layer.entry.steer.parameter: layer.default for layer in layers}
    hour = next((layer.hour for layer in layers if layer.hour is not None), None)
    return parameters if hour is None else {**parameters, _TIME: hour}


def _parameter(name: str, default: float, layers: Sequence[_Layer]) -> str:
    if name == _TIME:
        return f"{name}: {{default: {default:g}, range: [0, 24], unit: h, rise_s: 6, fall_s: 6, wraps: true}}"
    steer = next(layer.entry.steer for layer in layers if layer.entry.steer.parameter == name)
    return f"{name}: {{default: {default:g}, rise_s: {steer.rise_s:g}, fall_s: {steer.fall_s:g}, {_WANDER}}}"


def _moods(parameters: Mapping[str, float]) -> Iterator[tuple[str, dict[str, float]]]:
    calm = {name: round(_CALM * value, 2) for name, value in parameters.items() if name != _TIME}
    if calm:
        yield "calm", calm
    for mood, wanted in _MOODS.items():
        values = {name: value for name, value in wanted.items() if name in parameters}
        if values:
            yield mood, values


def _summary(parameters: Mapping[str, float], moods: Mapping[str, object]) -> str:
    if not parameters:
        return "Nothing sounds yet: add layers."
    names = ", ".join(name for name in parameters if name != _TIME)
    clock = f" and {_TIME} from 0 to 24" if _TIME in parameters else ""
    return f"From a prompt. Try {names} from 0 to 1{clock}; moods: {', '.join(moods)}."


# Layers ------------------------------------------------------------------------------------------


def _layer(layer: _Layer, model: str | None) -> Iterator[str]:
    part = layer.part
    controls = {name: _control(layer, name, value) for name, value in part.bound.items()}
    yield f"{part.name}:"
    if model is None or isinstance(part.placement, Scatter):
        yield f"  synth: {part.synth}"
        yield f"  controls: {{{pairs(controls)}}}"
    else:
        yield f"  prompt: {text(part.caption)}"
        yield f"  model: {model}"
        yield f"  stand_in: {{synth: {part.synth}, controls: {{{pairs(controls)}}}}}"
    yield f"  gain_db: {_gain(layer)}"
    yield f"  placement: {_placement(part.placement)}"


def _control(layer: _Layer, name: str, value: float) -> str:
    """Bind the amount to its parameter, so that it stands where it was read, and reaches 0 and 1."""
    parameter = layer.entry.steer.parameter
    if name != layer.amount:
        return f"{value:g}"
    if value == layer.default:
        return parameter
    return curve(parameter, [(0.0, 0.0), (layer.default, value), (1.0, 1.0)])


def _gain(layer: _Layer) -> str:
    gain_db, hour = layer.part.gain_db, layer.hour
    if hour is not None:
        return curve(_TIME, _by_the_clock(layer.entry.steer.hours, hour, gain_db))
    return curve(
        layer.entry.steer.parameter,
        [(0.0, _SILENCE_DB), (_FIRST_STEP, gain_db), (layer.default, gain_db), (1.0, _full_db(layer))],
    )


def _by_the_clock(
    hours: Sequence[tuple[float, float]], hour: float, gain_db: float
) -> list[tuple[float, float]]:
    """Move a day's curve so that it passes `gain_db` at `hour`."""
    moved_db = gain_db - _at_hour(hours, hour)
    points = {x: min(max(db + moved_db, _SILENCE_DB), _MAX_GAIN_DB) for x, db in hours}
    points = {x: _SILENCE_DB if db <= _SILENCE_DB else points[x] for x, db in hours}
    return sorted({**points, hour: gain_db}.items())


def _full_db(layer: _Layer) -> float:
    """Say which gain makes a sound at its fullest just so much louder than where it stands."""
    controls = layer.part.bound
    here_db = own_loudness_db(layer.entry.synth, controls)
    full_db = own_loudness_db(layer.entry.synth, {**controls, layer.amount: 1.0})
    louder_db = full_db - here_db if layer.amount in controls else 0.0
    return min(round(layer.part.gain_db + _RISE_DB - louder_db, 1), _MAX_GAIN_DB)


def _at_hour(hours: Sequence[tuple[float, float]], hour: float) -> float:
    return Curve(tuple(hours)).at(hour)


def _placement(placement: Placement) -> str:
    match placement:
        case Bed():
            return "{kind: bed}"
        case Point(at_m=at_m, near_m=near_m, reach_m=reach_m):
            return f"{{kind: point, at_m: {numbers(at_m)}, near_m: {near_m:g}, reach_m: {reach_m:g}}}"
        case Area(at_m=at_m, radius_m=radius_m, reach_m=reach_m):
            return f"{{kind: area, at_m: {numbers(at_m)}, radius_m: {radius_m:g}, reach_m: {reach_m:g}}}"
        case Scatter(every_s=every_s, distance_m=distance_m):
            return f"{{kind: scatter, every_s: {numbers(every_s)}, distance_m: {numbers(distance_m)}}}"
