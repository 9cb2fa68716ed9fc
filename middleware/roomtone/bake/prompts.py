"""Prompts: who makes each, what clips that takes, and whether the licence of the weights allows it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from roomtone.bake.jobs import Clips
from roomtone.bake.order import Policy
from roomtone.bake.prompt_list import SYNTHS, PromptList, Row
from roomtone.cache.key import key_of
from roomtone.cache.store import Cache
from roomtone.errors import ModelError, OrderError, RoomtoneError, SynthError, WireError
from roomtone.generating import CLIP_S
from roomtone.layers.banks import BankRoom
from roomtone.layers.recipes import recipes_at
from roomtone.layers.stops import circles, mix, position, whole_stops
from roomtone.models.library import Installed, ModelLibrary
from roomtone.models.news import Missed
from roomtone.models.request import Recipe
from roomtone.models.service import ServiceOptions
from roomtone.reading.prompt import read_prompt
from roomtone.reading.reading import layers_of
from roomtone.reading.stand_in import stand_ins_of
from roomtone.scene.model import Bed, Constant, Layer, PromptSource, Scene

ROW_LAYER: Final = "sound"
_MOST_CLIPS: Final = 4


@dataclass(slots=True)
class Makers:
    """Who makes prompts, and what they have made. One thread.

    Attributes:
        options: where models and clips are.
        room: finds the model of a prompt.
        default_model: of prompts that name none.
        synths_only: whether no model is used at all.
        missed: why clips could not be made, by key.
        used: the models that made something, by name.
        melodies: the recordings that prompts follow, file by digest.
    """

    options: ServiceOptions
    room: BankRoom
    default_model: str = ""
    synths_only: bool = False
    missed: dict[str, Missed] = field(default_factory=dict)
    used: dict[str, Installed] = field(default_factory=dict)
    melodies: dict[str, str] = field(default_factory=dict)

    def model_of(self, source: PromptSource) -> Installed | None:
        """Find the model that makes a prompt; None leaves it to its stand-in."""
        if self.synths_only:
            return None
        try:
            return self.room.model_of(source)
        except ModelError:
            return None

    def recipes_of(self, scene: Scene, values: Mapping[str, float]) -> dict[str, Recipe]:
        """List the clips that a scene's prompts are made of at a state, by key.

        Raises:
            OSError: a melody cannot be read.
        """
        found: dict[str, Recipe] = {}
        for layer in scene.layers.values():
            source = layer.source
            model = self.model_of(source) if isinstance(source, PromptSource) else None
            if not isinstance(source, PromptSource) or model is None:
                continue
            self.used[model.name] = model
            at = position(source, scene.parameters, values)
            for stop in mix(at, whole_stops(source), circles(source, scene.parameters)):
                recipes = recipes_at(source, stop, model)
                found |= {key_of(recipe.record()): recipe for recipe in recipes}
                self.melodies |= {recipe.melody: str(source.melody) for recipe in recipes if recipe.melody}
        return found

    def clips_of(self, scene: Scene, values: Mapping[str, float]) -> Clips | None:
        """Say which clips a job may use: those that it needs and that could be made; None for no prompt."""
        keys = frozenset(key for key in self.recipes_of(scene, values) if key not in self.missed)
        if not keys:
            return None
        sources = [layer.source for layer in scene.layers.values() if isinstance(layer.source, PromptSource)]
        models = {each.name: each for source in sources if (each := self.model_of(source)) is not None}
        return Clips(
            models=tuple(models.values()),
            cache_dir=self.options.cache_dir,
            default_model=self.default_model,
            keys=keys,
        )

    def failures_of(self, scene: Scene, values: Mapping[str, float]) -> tuple[Missed, ...]:
        """Say why clips of a scene's prompts could not be made, where none of a whole prompt could be."""
        keys = list(self.recipes_of(scene, values))
        missed = [self.missed[key] for key in keys if key in self.missed]
        return tuple(missed) if keys and len(missed) == len(keys) else ()


def open_makers(options: ServiceOptions, *, model: str, synths_only: bool) -> Makers:
    """Look at what models there are; none need be."""
    room = BankRoom(
        Cache(options.cache_dir, max_bytes=options.max_bytes),
        ModelLibrary(options.models_dir),
        default_model=model,
    )
    return Makers(options=options, room=room, default_model=model, synths_only=synths_only)


def row_scene(row: Row, makers: Makers, *, seed: int, seconds: float) -> Scene:
    """Make a scene of a row: the layers that were read in it, or one that a model makes.

    Raises:
        ModelError: its model is not there.
        SynthError, WireError: nothing is known of what it asks for.
    """
    reading = read_prompt(row.prompt)
    source = _row_source(row, seed, seconds)
    if row.model and row.model != SYNTHS and not makers.synths_only:
        makers.room.model_of(source)
    if row.model != SYNTHS and makers.model_of(source) is not None:
        layer = Layer(name=ROW_LAYER, source=source, gain_db=Constant(0.0), placement=Bed())
        layers = {ROW_LAYER: layer}
    elif reading.parts:
        layers = {layer.name: layer for layer in layers_of(reading)}
    else:
        what, fix = "no synth knows any of its words", "see `roomtone synths`, or name a model"
        raise SynthError("prompt.nothing-known", what=what, at=row.prompt, fix=fix)
    return Scene(
        name=row.name,
        seed=0,
        parameters=MappingProxyType({}),
        moods=MappingProxyType({}),
        layers=MappingProxyType(layers),
        neighbours=(),
    )


def _row_source(row: Row, seed: int, seconds: float) -> PromptSource:
    return PromptSource(
        text=(row.prompt,),
        stand_in=stand_ins_of(read_prompt(row.prompt)),
        model="" if row.model == SYNTHS else row.model,
        variations=min(_MOST_CLIPS, 1 + math.ceil(seconds / CLIP_S)),
        seconds=CLIP_S,
        seed=seed,
    )


def check_prompts(lists: Iterable[PromptList], makers: Makers, seconds: float) -> list[RoomtoneError]:
    """Find every row that nobody can make, each with its file and line."""
    errors: list[RoomtoneError] = []
    for row in (row for each in lists for row in each.rows):
        try:
            row_scene(row, makers, seed=0, seconds=row.seconds or seconds)
        except (ModelError, SynthError, WireError) as error:
            errors.append(OrderError(error.code, what=error.what, at=row.at, fix=error.fix))
    return errors


def check_licences(used: Iterable[Installed], policy: Policy) -> list[RoomtoneError]:
    """Refuse models whose weights must not be used for what is ordered."""
    if policy != "commercial":
        return []
    return [
        OrderError(
            "bake.licence",
            what=f"the weights of '{model.name}' ({model.licence.name}) must not be used commercially",
            at=model.name,
            fix="use another model, --synths, or --licence-policy any",
        )
        for model in used
        if model.licence.commercial == "no"
    ]
