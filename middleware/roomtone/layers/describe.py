"""A scene in the protocol's words, for an engine that has never seen its file."""

from collections.abc import Mapping

from roomtone.layers.sources import layer_channels
from roomtone.scene.model import Area, Bed, Layer, Placement, Point, Scatter, Scene
from roomtone.wire.messages import LayerInfo, ParameterInfo, PlacementInfo


def describe_parameters(scene: Scene, values: Mapping[str, float]) -> tuple[ParameterInfo, ...]:
    """Describe every parameter and where it stands."""
    return tuple(
        ParameterInfo(
            name=parameter.name,
            value=values[parameter.name],
            default=parameter.default,
            low=parameter.low,
            high=parameter.high,
            unit=parameter.unit,
            wraps=parameter.wraps,
        )
        for parameter in scene.parameters.values()
    )


def describe_layers(scene: Scene) -> tuple[LayerInfo, ...]:
    """Describe every layer and where it belongs."""
    return tuple(_describe_layer(layer) for layer in scene.layers.values())


def _describe_layer(layer: Layer) -> LayerInfo:
    return LayerInfo(
        name=layer.name, channels=layer_channels(layer), placement=describe_placement(layer.placement)
    )


def describe_placement(placement: Placement) -> PlacementInfo:
    """Describe a placement; also for renders to files, which mix as a client does."""
    match placement:
        case Bed():
            return PlacementInfo(kind="bed")
        case Point(at_m=at_m, near_m=near_m, reach_m=reach_m):
            return PlacementInfo(kind="point", at_m=at_m, near_m=near_m, reach_m=reach_m)
        case Area(at_m=at_m, radius_m=radius_m, reach_m=reach_m):
            return PlacementInfo(kind="area", at_m=at_m, near_m=radius_m, reach_m=reach_m)
        case Scatter(distance_m=distance_m):
            return PlacementInfo(kind="scatter", distance_m=distance_m)
