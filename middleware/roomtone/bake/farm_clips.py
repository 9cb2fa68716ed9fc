"""Clips of prompts on a cluster: an actor for each model and node keeps it loaded; a lost one's work is done again."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import ray
from ray.exceptions import GetTimeoutError, RayActorError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from roomtone.bake.kept import Files
from roomtone.bake.shared import open_files
from roomtone.cache.store import Cache
from roomtone.errors import CacheError, ModelError, OutputError
from roomtone.generating import WarmModels
from roomtone.models.library import ModelLibrary
from roomtone.models.news import Missed
from roomtone.models.request import Recipe
from roomtone.models.service import ServiceOptions

CLIPS: Final = "clips"
MOST_LOSSES: Final = 3
"""A lot over which so many actors were lost for good is given up."""

_LOT: Final = 4
_CLOSES_WITHIN_S: Final = 10.0
# A card that somebody else holds may be free in hours only: its node is left out.
_STARTS_WITHIN_S: Final = 120.0

Lot = dict[str, Recipe]
Progress = Callable[[float], None]


def clip_name(key: str) -> str:
    """Name a clip in the store."""
    return f"{CLIPS}/{key}.zip"


def export_clip(cache: Cache, key: str, path: Path) -> None:
    """Write a clip of a cache to a file."""
    cache.export_to(path, [key])


class ClipMaker:
    """One process of the cluster that keeps a model loaded from lot to lot; its clips go into the store."""

    def __init__(self, store: str, model: str, options: ServiceOptions) -> None:
        self._files = open_files(store)
        self._model, self._models_dir = model, options.models_dir
        self._here = Path(tempfile.mkdtemp(prefix="roomtone-clips-"))
        self._models = WarmModels(replace(options, cache_dir=self._here), log=lambda _: None)

    def weights(self) -> str:
        """Name the weights that are here; nothing where the model is not."""
        try:
            return ModelLibrary(self._models_dir).find(self._model).weights
        except ModelError:
            return ""

    def make(self, lot: Lot) -> list[Missed]:
        """Make clips that the store does not have; returns what cannot be made, and why."""
        todo = {key: recipe for key, recipe in lot.items() if not self._files.has(clip_name(key))}
        if not todo:
            return []
        made, missed = self._models.try_clips(todo, progress=lambda _: None)
        with Cache(self._here) as cache:
            for key in sorted(made):
                try:
                    self._files.write(clip_name(key), partial(export_clip, cache, key))
                except (OutputError, CacheError) as error:
                    missed.append(
                        Missed(key=key, code=error.code, what=error.what, at=error.at, fix=error.fix)
                    )
        return missed

    def close(self) -> None:
        """Unload the model, and leave nothing here."""
        self._models.close()
        shutil.rmtree(self._here, ignore_errors=True)


@dataclass(slots=True)
class _Waiting:
    """A lot, and how many actors were lost over it."""

    lot: Lot
    losses: int = 0


class ClipFarm:
    """The models of a cluster. One thread.

    Args:
        files: the store, as it is opened here.
        store: how the cluster opens it.
        options: where models are, on each node; where clips are, here.
        models: of which there are to be actors, with their weights.
    """

    def __init__(self, files: Files, store: str, options: ServiceOptions, models: Mapping[str, str]) -> None:
        self._files, self._options = files, options
        asked = [
            (name, _actor(node, store, name, options, len(models))) for name in models for node in _nodes()
        ]
        self._actors: dict[str, list[Any]] = {name: [] for name in models}
        for name, actor in asked:
            try:
                is_same = ray.get(actor.weights.remote(), timeout=_STARTS_WITHIN_S) == models[name]
            except (RayActorError, GetTimeoutError):
                is_same = False
            if is_same:
                self._actors[name].append(actor)
            else:
                ray.kill(actor)

    def has(self, model: str) -> bool:
        """Whether any node can make clips by a model."""
        return bool(self._actors[model])

    def make(self, recipes: Mapping[str, Recipe], progress: Progress) -> list[Missed]:
        """Make clips by models that there are, and bring them here; returns those that cannot be made.

        A clip whose actors are all gone is left out: it is neither here nor missed.
        """
        missed: list[Missed] = []
        waiting = {name: self._lots(name, recipes) for name in self._actors}
        free = {name: list(actors) for name, actors in self._actors.items()}
        running: dict[Any, tuple[str, Any, _Waiting]] = {}
        done = 0
        while True:
            for name, lots in waiting.items():
                while lots and free[name]:
                    actor, lot = free[name].pop(), lots.pop()
                    running[actor.make.remote(lot.lot)] = (name, actor, lot)
            if not running:
                break
            for each in ray.wait(list(running), timeout=0.5)[0]:
                name, actor, lot = running.pop(each)
                try:
                    missed += ray.get(each)
                except RayActorError:
                    # Ray has started it again as often as that goes: its node is gone, or the lot ends it.
                    self._actors[name].remove(actor)
                    if lot.losses + 1 < MOST_LOSSES:
                        waiting[name].append(_Waiting(lot.lot, lot.losses + 1))
                    continue
                free[name].append(actor)
                self._bring(lot.lot)
                done += len(lot.lot)
                progress(done / len(recipes))
        return missed

    def _lots(self, name: str, recipes: Mapping[str, Recipe]) -> list[_Waiting]:
        """Share a model's clips out: seconds of work each, and something for every actor."""
        mine = [(key, recipe) for key, recipe in recipes.items() if recipe.model == name]
        size = max(1, min(_LOT, len(mine) // max(1, len(self._actors[name]))))
        return [_Waiting(dict(mine[i : i + size])) for i in range(0, len(mine), size)][::-1]

    def _bring(self, keys: Mapping[str, Recipe]) -> None:
        with Cache(self._options.cache_dir, max_bytes=self._options.max_bytes) as cache:
            for key in keys:
                if cache.find(key) is None and self._files.has(clip_name(key)):
                    cache.import_from(self._files.fetch(clip_name(key)))

    def close(self) -> None:
        """Unload all models."""
        actors = [actor for each in self._actors.values() for actor in each]
        if actors:
            ray.wait(
                [actor.close.remote() for actor in actors], num_returns=len(actors), timeout=_CLOSES_WITHIN_S
            )
        for actor in actors:
            ray.kill(actor)


def _nodes() -> Sequence[Mapping[str, Any]]:
    listed: Any = ray.nodes
    return [node for node in listed() if node["Alive"]]


def _actor(node: Mapping[str, Any], store: str, model: str, options: ServiceOptions, models: int) -> Any:
    """Start an actor on a node; models that share it share its graphics card, if it has one."""
    has_gpu = node["Resources"].get("GPU", 0.0) >= 1.0
    how: dict[str, Any] = {
        # Workers that render hold the cores, and wait while clips are made.
        "num_cpus": 0,
        "num_gpus": round(1.0 / models, 4) if has_gpu else 0,
        "max_restarts": MOST_LOSSES - 1,
        "max_task_retries": MOST_LOSSES - 1,
        "scheduling_strategy": NodeAffinitySchedulingStrategy(node_id=node["NodeID"], soft=False),
    }
    actor: Any = ray.remote(**how)(ClipMaker)
    return actor.remote(store, model, options)
