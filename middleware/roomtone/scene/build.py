"""From a checked scene file to the scene that the rest of the program knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from roomtone.scene.model import (
    Area,
    Bed,
    Binding,
    Catalogue,
    ClipsSource,
    Constant,
    Curve,
    Follow,
    Layer,
    Parameter,
    Placement,
    Point,
    PromptSource,
    Scatter,
    Scene,
    Source,
    StandIn,
    SynthSource,
    Wander,
)
from roomtone.scene.prompts import PromptFault, read_prompt_pieces
from roomtone.scene.schema import (
    AreaShape,
    BedShape,
    ControlFollow,
    GainFollow,
    LayerShape,
    ParameterShape,
    PlacementShape,
    PointShape,
    ScatterShape,
    SceneShape,
    StandInShape,
    WanderShape,
)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the parts of a scene refer to."""

    parameters: Mapping[str, Parameter]
    root: Path
    seed: int
    catalogue: Catalogue


def build(shape: SceneShape, root: Path, catalogue: Catalogue) -> Scene:
    """Freeze a scene file without mistakes."""
    parameters = MappingProxyType({name: _parameter(name, each) for name, each in shape.parameters.items()})
    around = _Around(parameters, root, shape.seed, catalogue)
    return Scene(
        name=shape.scene,
        category=shape.category,
        summary=shape.summary,
        seed=shape.seed,
        parameters=parameters,
        moods=MappingProxyType({name: MappingProxyType(dict(mood)) for name, mood in shape.moods.items()}),
        layers=MappingProxyType({name: _layer(name, each, around) for name, each in shape.layers.items()}),
        neighbours=shape.neighbours,
    )


def _parameter(name: str, shape: ParameterShape) -> Parameter:
    low, high = shape.range
    return Parameter(
        name=name,
        default=low if shape.wraps and shape.default == high else shape.default,
        low=low,
        high=high,
        unit=shape.unit,
        rise_s=shape.rise_s,
        fall_s=shape.fall_s,
        wraps=shape.wraps,
        wander=_wander(shape.wander),
    )


def _wander(shape: WanderShape) -> Wander | None:
    return Wander(depth=shape.depth, period_s=shape.period_s) if shape.depth > 0.0 else None


def _layer(name: str, shape: LayerShape, around: _Around) -> Layer:
    return Layer(
        name=name,
        source=_source(shape, around),
        gain_db=_in_db(_binding(shape.gain_db), around.parameters),
        placement=_placement(shape.placement),
    )


def _source(shape: LayerShape, around: _Around) -> Source:
    if shape.prompt:
        return _prompt(shape, around)
    if shape.clips:
        files = tuple((around.root / clip).resolve() for clip in shape.clips)
        return ClipsSource(files=files, crossfade_s=shape.crossfade_s)
    assert shape.synth
    return _synth(shape, around)


def _synth(shape: LayerShape | StandInShape, around: _Around) -> SynthSource:
    settings = around.catalogue[shape.synth].settings
    controls = {
        name: _control(binding, settings.get(name, {}), around.parameters)
        for name, binding in shape.controls.items()
    }
    return SynthSource(synth=shape.synth, controls=MappingProxyType(controls))


def _control(
    shape: float | str | ControlFollow, settings: Mapping[str, float], parameters: Mapping[str, Parameter]
) -> Binding:
    if isinstance(shape, str) and shape in settings:
        return Constant(settings[shape])
    return _scaled(_binding(shape), parameters)


def _prompt(shape: LayerShape, around: _Around) -> PromptSource:
    pieces = read_prompt_pieces(shape.prompt)
    assert not isinstance(pieces, PromptFault)
    stand_ins = (shape.stand_in,) if isinstance(shape.stand_in, StandInShape) else shape.stand_in
    return PromptSource(
        text=pieces,
        stand_in=tuple(StandIn(source=_synth(each, around), gain_db=each.gain_db) for each in stand_ins),
        model=shape.model,
        negative=shape.negative,
        variations=shape.variations,
        seconds=shape.seconds,
        loop=shape.loop,
        steps=shape.steps or None,
        guidance=shape.guidance if shape.guidance >= 0.0 else None,
        melody=(around.root / shape.melody).resolve() if shape.melody else None,
        seed=around.seed,
    )


def _binding(shape: float | str | ControlFollow | GainFollow) -> Binding:
    match shape:
        case str():
            return Follow(shape)
        case ControlFollow() | GainFollow():
            return Follow(shape.from_, _curve(shape.curve) if shape.curve else None)
        case _:
            return Constant(float(shape))


def _curve(points: tuple[tuple[float, ...], ...]) -> Curve:
    return Curve(tuple((float(x), float(y)) for x, y in points))


def _scaled(binding: Binding, parameters: Mapping[str, Parameter]) -> Binding:
    """Let a control that follows a parameter directly run from 0 to 1 over the parameter's range."""
    if not isinstance(binding, Follow) or binding.curve is not None:
        return binding
    parameter = parameters[binding.parameter]
    if (parameter.low, parameter.high) == (0.0, 1.0):
        return binding
    return Follow(binding.parameter, Curve(((parameter.low, 0.0), (parameter.high, 1.0))))


def _in_db(binding: Binding, parameters: Mapping[str, Parameter]) -> Binding:
    """Keep a gain that follows a parameter directly within its range, even while an edit moves the range."""
    if not isinstance(binding, Follow) or binding.curve is not None:
        return binding
    low, high = parameters[binding.parameter].low, parameters[binding.parameter].high
    return Follow(binding.parameter, Curve(((low, low), (high, high))))


def _placement(shape: PlacementShape) -> Placement:
    match shape:
        case BedShape():
            return Bed()
        case PointShape():
            return Point(at_m=_place(shape.at_m), near_m=shape.near_m, reach_m=shape.reach_m)
        case AreaShape():
            return Area(at_m=_place(shape.at_m), radius_m=shape.radius_m, reach_m=shape.reach_m)
        case ScatterShape():
            return Scatter(every_s=_pair(shape.every_s), distance_m=_pair(shape.distance_m))


def _place(at_m: tuple[float, ...]) -> tuple[float, float, float]:
    x, y, z = at_m
    return float(x), float(y), float(z)


def _pair(numbers: tuple[float, ...]) -> tuple[float, float]:
    first, second = numbers
    return float(first), float(second)
