"""From an order to its plan: every sound that is to be rendered, under the name of everything that decides about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from roomtone.bake.fingerprint import fingerprint
from roomtone.bake.jobs import Clips, RenderJob
from roomtone.bake.order import Order
from roomtone.bake.prompt_list import PromptList, Row
from roomtone.bake.prompts import Makers, row_scene
from roomtone.bake.states import DEFAULT, State, states_of
from roomtone.layers.binding import followed_parameters
from roomtone.scene.model import Bed, Layer, PromptSource, Scatter, Scene

_NOTHING: Final[Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One sound of the plan; it becomes one file, or none where it is silent.

    Attributes:
        layer: of the scene; empty for a mix of all.
        states: at all of these it is the same: nothing that it follows differs between them.
        variation: 1 for the first.
        path: of its file, below the order's folder.
        seed: of the performance.
    """

    layer: str
    states: tuple[State, ...]
    variation: int
    path: str
    seed: int
    job: RenderJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What belongs together, and keeps its levels against each other: a scene, or a row of a list.

    Attributes:
        name: also of its folder, or of its file.
        scene: what is performed; of a row, what was read in it.
        row: of a list of prompts; None for a scene.
        source: the list that a row stands in.
    """

    name: str
    scene: Scene
    states: tuple[State, ...]
    sounds: tuple[Sound, ...]
    row: Row | None = None
    source: str = ""

    def sound(self, layer: str, state: State, variation: int) -> Sound:
        """Find the sound of a layer at a state."""
        return next(
            each
            for each in self.sounds
            if each.layer == layer and each.variation == variation and state in each.states
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that an order takes."""

    order: Order
    groups: tuple[Group, ...]

    @property
    def jobs(self) -> dict[str, RenderJob]:
        """What is to be rendered, by key: what is the same is rendered once."""
        return {sound.job.key: sound.job for group in self.groups for sound in group.sounds}


def make_plan(order: Order, makers: Makers) -> Plan:
    """Plan an order. The clips that its prompts need are made before this, or counted on.

    Raises:
        OrderError: `bake.state-range`, `bake.too-many-states`.
        OSError: a recording cannot be read.
    """
    groups = [_scene_group(order, scene, makers) for scene in order.scenes]
    groups += [_row_group(order, each, row, makers) for each in order.lists for row in each.rows]
    return Plan(order=order, groups=tuple(groups))


def _scene_group(order: Order, scene: Scene, makers: Makers) -> Group:
    states = states_of(scene, order.states)
    layers = ("",) if order.mix else tuple(scene.layers)
    sounds = [
        sound
        for variation in range(1, order.variations + 1)
        for layer in layers
        for sound in _layer_sounds(order, scene, layer, states, variation, makers)
    ]
    return Group(name=scene.name, scene=scene, states=states, sounds=tuple(sounds))


def _layer_sounds(
    order: Order, scene: Scene, layer: str, states: Sequence[State], variation: int, makers: Makers
) -> Iterator[Sound]:
    alone = _alone(scene, layer)
    seed = (scene.seed if order.seed is None else order.seed) + variation - 1
    alike: dict[tuple[float, ...], list[State]] = {}
    for state in states:
        alike.setdefault(tuple(state.values[name] for name in alone.parameters), []).append(state)
    for same in alike.values():
        at = "" if not alone.parameters or same[0].name == DEFAULT else same[0].name
        about = f"{scene.name}/{layer or 'mix'}" + (f"@{at}" if at else "")
        values = {name: same[0].values[name] for name in alone.parameters}
        clips = makers.clips_of(alone, values)
        yield Sound(
            layer=layer,
            states=tuple(same),
            variation=variation,
            path=_path(order, f"{scene.name}/{layer or 'mix'}", at, variation),
            seed=seed,
            job=_job(order, alone, layer, values, seed, clips, about=about, seconds=order.seconds),
        )


def _row_group(order: Order, source: PromptList, row: Row, makers: Makers) -> Group:
    sounds = []
    scene = row_scene(row, makers, seed=0, seconds=row.seconds or order.seconds)
    state = State(name=DEFAULT, mood="", values=_NOTHING)
    for variation in range(1, (row.variations or order.variations) + 1):
        seed = (order.seed or 0) + variation - 1
        seconds = row.seconds or order.seconds
        take = row_scene(row, makers, seed=seed, seconds=seconds)
        about = f"{source.name}/{row.name}"
        job = _job(order, take, "", _NOTHING, seed, makers.clips_of(take, {}), about=about, seconds=seconds)
        path = _path(order, about, "", variation)
        sounds.append(Sound(layer="", states=(state,), variation=variation, path=path, seed=seed, job=job))
    return Group(
        name=row.name, scene=scene, states=(state,), sounds=tuple(sounds), row=row, source=source.name
    )


def _path(order: Order, stem: str, state: str, variation: int) -> str:
    """Name a file; scenes, layers and moods have no hyphen in their names."""
    at = f"-{state}" if state else ""
    take = f"-{variation}" if variation > 1 else ""
    return f"{stem}{at}{take}.{order.format}"


def _job(
    order: Order,
    scene: Scene,
    layer: str,
    values: Mapping[str, float],
    seed: int,
    clips: Clips | None,
    *,
    about: str,
    seconds: float,
) -> RenderJob:
    key = fingerprint(
        scene=scene,
        layer=layer,
        values=values,
        seed=seed,
        seconds=seconds,
        loop=order.loop,
        clips=sorted(clips.keys) if clips else [],
    )
    return RenderJob(
        key=key,
        about=about,
        scene=scene,
        layer=layer,
        values=MappingProxyType(dict(values)),
        seed=seed,
        seconds=seconds,
        loop=order.loop,
        clips=clips,
    )


def _alone(scene: Scene, layer: str) -> Scene:
    """Keep of a scene what has a hand in a layer, or in its mix: what is left out cannot make it anew."""
    layers = {name: each for name, each in scene.layers.items() if name == layer or not layer}
    follows = {name for each in layers.values() for name in followed_parameters(each)}
    if layer:
        layers[layer] = _unplaced(layers[layer])
    return replace(
        scene,
        seed=0,
        parameters=MappingProxyType(
            {name: each for name, each in scene.parameters.items() if name in follows}
        ),
        moods=MappingProxyType({}),
        layers=MappingProxyType(layers),
        neighbours=(),
        summary="",
    )


def _unplaced(layer: Layer) -> Layer:
    """A layer by itself sounds the same wherever it is, unless it is scattered."""
    return layer if isinstance(layer.placement, Scatter) else replace(layer, placement=Bed())


def prompts_in(scene: Scene) -> dict[str, PromptSource]:
    """List the layers that models make."""
    return {
        name: layer.source for name, layer in scene.layers.items() if isinstance(layer.source, PromptSource)
    }
