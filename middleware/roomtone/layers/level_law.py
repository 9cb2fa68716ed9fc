"""How loud a prompt's clips are: as loud as their stand-in would be, at every value of what steers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S
from roomtone.layers.stand_in import PlayingStandIn
from roomtone.scene.model import Curve, Follow, Layer, Parameter, PromptSource, Scene
from roomtone.texture.measures import k_weighted_level_db

# Where a stand-in is silent, so are the clips.
FLOOR_DB: Final = -80.0
# Closer where sounds come out of silence, and a straight line in dB is furthest from what they do.
_PLACES: Final = (0.0, 0.02, 0.06, 0.125, 0.25, 0.5, 0.75, 1.0)
_MEASURED_S: Final = 3.0
# A synth that begins has not filled its space yet.
_SKIPPED_S: Final = 0.5
_REMEMBERED: Final = 256
_SEED: Final = 1


@dataclass(frozen=True, slots=True)
class LevelLaw:
    """A level by the scene's state.

    Attributes:
        level_db: K-weighted, with every parameter at its default.
        curves: for each parameter that steers the stand-in, what it adds to that.
    """

    level_db: float
    curves: tuple[tuple[str, Curve], ...] = ()

    def at(self, values: Mapping[str, float]) -> float:
        """Read the level in dB; it is continuous in every parameter."""
        level_db = self.level_db
        for name, curve in self.curves:
            level_db += curve.at(values[name])
        return max(FLOOR_DB, level_db)


def measure_level_law(scene: Scene, layer: Layer) -> LevelLaw:
    """Listen to a layer's stand-in with every parameter at its default, and along each of them.

    Slow the first time, some tenths of a second: never on the audio path. What two parameters do together is taken for
    the sum of what each does, in dB. Any thread.
    """
    assert isinstance(layer.source, PromptSource)
    about = repr((layer.source.stand_in, [scene.parameters[name] for name in steering(layer)]))
    with _LOCK:
        if about in _KNOWN:
            return _KNOWN[about]
    law = _measure(scene, layer)
    with _LOCK:
        _KNOWN[about] = law
        while len(_KNOWN) > _REMEMBERED:
            del _KNOWN[next(iter(_KNOWN))]
    return law


_KNOWN: Final[dict[str, LevelLaw]] = {}
_LOCK: Final = Lock()


def _measure(scene: Scene, layer: Layer) -> LevelLaw:
    defaults = {name: parameter.default for name, parameter in scene.parameters.items()}
    level_db = _level_db(scene, layer, defaults)
    curves = []
    for name in steering(layer):
        parameter = scene.parameters[name]
        places = {_place(parameter, way) for way in _PLACES} | {parameter.default}
        points = [
            (place, _level_db(scene, layer, {**defaults, name: place}) - level_db) for place in sorted(places)
        ]
        curves.append((name, Curve(tuple(points))))
    return LevelLaw(level_db, tuple(curves))


def steering(layer: Layer) -> tuple[str, ...]:
    """Name the parameters that steer a layer's stand-in, in order."""
    assert isinstance(layer.source, PromptSource)
    followed = (
        binding.parameter
        for part in layer.source.stand_in
        for binding in part.source.controls.values()
        if isinstance(binding, Follow)
    )
    return tuple(dict.fromkeys(followed))


def _place(parameter: Parameter, way: float) -> float:
    return parameter.low + way * (parameter.high - parameter.low)


def _level_db(scene: Scene, layer: Layer, values: Mapping[str, float]) -> float:
    assert isinstance(layer.source, PromptSource)
    stand_in = PlayingStandIn(layer.source.stand_in, _SEED)
    stand_in.bind(layer, scene.parameters)
    skipped, blocks = round(_SKIPPED_S / BLOCK_S), round((_SKIPPED_S + _MEASURED_S) / BLOCK_S)
    sound = np.zeros((blocks * BLOCK_FRAMES, stand_in.channels), np.float32)
    for block in range(blocks):
        stand_in.render(values, block, sound[block * BLOCK_FRAMES : (block + 1) * BLOCK_FRAMES])
    return max(FLOOR_DB, k_weighted_level_db(sound[skipped * BLOCK_FRAMES :]))
