"""Small scenes built in code, and what it takes to listen to them block by block."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.layers.performance import Performance
from roomtone.layers.sources import start_source
from roomtone.scene.model import (
    Bed,
    Binding,
    Constant,
    Curve,
    Follow,
    Layer,
    Parameter,
    Placement,
    Scene,
    SynthSource,
)

RAIN = Parameter(name="rain", default=0.6, rise_s=0.5, fall_s=0.5)
LEVEL = Parameter(name="level", default=1.0, rise_s=0.05, fall_s=0.05)
# From silence at 0 to full level at 1.
BY_LEVEL = Follow("level", Curve(((0.0, -80.0), (1.0, 0.0))))


def layer_of(
    name: str = "street",
    *,
    synth: str = "rain",
    controls: Mapping[str, Binding] | None = None,
    gain_db: Binding | None = None,
    placement: Placement | None = None,
) -> Layer:
    return Layer(
        name=name,
        source=SynthSource(
            synth=synth, controls={"intensity": Follow("rain")} if controls is None else controls
        ),
        gain_db=gain_db or Constant(0.0),
        placement=placement or Bed(),
    )


def scene_of(
    *layers: Layer,
    parameters: tuple[Parameter, ...] = (RAIN, LEVEL),
    moods: Mapping[str, Mapping[str, float]] | None = None,
    seed: int = 5,
) -> Scene:
    return Scene(
        name="yard",
        seed=seed,
        parameters=MappingProxyType({parameter.name: parameter for parameter in parameters}),
        moods=MappingProxyType(dict({"storm": {"rain": 1.0}} if moods is None else moods)),
        layers=MappingProxyType({layer.name: layer for layer in layers}),
        neighbours=(),
    )


def without_layer(scene: Scene, name: str) -> Scene:
    return replace(scene, layers={key: layer for key, layer in scene.layers.items() if key != name})


def performing(scene: Scene, **options: object) -> Performance:
    """Start a performance with every layer open."""
    performance = Performance(scene, **options)  # type: ignore[arg-type]
    for name in scene.layers:
        performance.open(name)
    return performance


def edit(performance: Performance, new: Scene) -> None:
    """Replace the scene as the daemon does: sources first."""
    missing = performance.sources_to_start(new)
    performance.replace(new, {name: start_source(new, name, seed=performance.seed) for name in missing})


def listen(
    performance: Performance,
    blocks: int,
    layer: str = "street",
    at: Mapping[int, Callable[[], object]] | None = None,
) -> Samples:
    """Render `blocks` blocks of a layer, silence included; `at` holds what happens before a block."""
    heard = []
    for i in range(blocks):
        if at and i in at:
            at[i]()
        samples = performance.render().layers.get(layer)
        heard.append(np.zeros((BLOCK_FRAMES, 1), np.float32) if samples is None else samples.copy())
    channels = max(block.shape[1] for block in heard)
    return np.concatenate([np.broadcast_to(block, (BLOCK_FRAMES, channels)) for block in heard])


def largest_step(samples: Samples) -> float:
    return float(np.abs(np.diff(samples, axis=0)).max())


def level_db(samples: Samples) -> float:
    return float(20.0 * np.log10(np.sqrt(np.mean(np.square(samples, dtype=np.float64))) + 1e-12))


class Tone:
    """A source so smooth that every jump beside it shows: its own largest step is `step`."""

    def __init__(self, hz: float = 100.0, amplitude: float = 0.5, *, channels: int = 1) -> None:
        self.channels = channels
        self.has_events = False
        self.step = 2.0 * np.pi * hz / 48_000.0 * amplitude
        self.rendered_blocks = 0
        self.struck: list[float] = []
        self._hz, self._amplitude = hz, amplitude

    def bind(self, layer: Layer, parameters: Mapping[str, Parameter]) -> None: ...

    def hold(self) -> None: ...

    def pass_over(self, block: int) -> None: ...

    def render(self, values: Mapping[str, float], block: int, out: Samples) -> None:  # noqa: ARG002 - the interface
        frames = np.arange(BLOCK_FRAMES) + self.rendered_blocks * BLOCK_FRAMES
        out[:] = (self._amplitude * np.sin(2.0 * np.pi * self._hz / 48_000.0 * frames))[:, None]
        self.rendered_blocks += 1

    def strike(self, distance: float) -> None:
        self.struck.append(distance)
