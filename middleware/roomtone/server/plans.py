"""What clips a prompt needs, by stop: worked out once, off the loop's thread, and kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from roomtone.cache.key import key_of
from roomtone.layers.banks import BankRoom
from roomtone.layers.recipes import recipes_at
from roomtone.layers.stops import Stop, between_stops, whole_stops
from roomtone.models.families import all_families
from roomtone.models.library import Installed
from roomtone.models.request import Recipe
from roomtone.scene.model import Parameter, PromptSource


@dataclass(slots=True)
class BankPlan:
    """The clips of one stop.

    Attributes:
        recipes: by key, in the order of variations.
        ready: those that are in the cache.
        missed: those that cannot be made now, with the time from which they may be asked for again.
        loading: whether a bank is being made ready.
    """

    recipes: Mapping[str, Recipe]
    ready: set[str]
    missed: dict[str, float] = field(default_factory=dict)
    loading: bool = False

    def ready_in_order(self) -> tuple[str, ...]:
        """List the clips that are there, in the order of variations."""
        return tuple(key for key in self.recipes if key in self.ready)

    def is_due(self, playing: tuple[str, ...]) -> bool:
        """Whether there is more to be heard than what plays: a first clip, or at last all of them."""
        ready = self.ready_in_order()
        if self.loading or not ready or ready == playing:
            return False
        return not playing or len(ready) == len(self.recipes)


@dataclass(frozen=True, slots=True)
class PromptPlan:
    """All that a prompt may need.

    Attributes:
        model: who makes it.
        melody: file by digest, for models that follow one.
        banks: by stop; those between two wordings are there for models that can blend.
    """

    model: Installed
    melody: Mapping[str, str]
    banks: Mapping[Stop, BankPlan]


def plan_prompt(source: PromptSource, parameters: Mapping[str, Parameter], banks: BankRoom) -> PromptPlan:
    """Work out what a prompt needs and look for what there is. Slow: some hundredths of a second.

    Raises:
        ModelError: nobody can make it.
        CacheError: the cache cannot be read.
        OSError: the melody cannot be read.
    """
    model = banks.model_of(source)
    blends = all_families().get(model.family)
    between = between_stops(source, parameters) if blends is not None and blends.blends else ()
    plans = {}
    for stop in (*whole_stops(source), *between):
        recipes = {key_of(recipe.record()): recipe for recipe in recipes_at(source, stop, model)}
        plans[stop] = BankPlan(recipes, banks.there(recipes))
    digests = {recipe.melody for plan in plans.values() for recipe in plan.recipes.values() if recipe.melody}
    return PromptPlan(model, {digest: str(source.melody) for digest in digests}, plans)


@dataclass(slots=True)
class Planned:
    """The plan of one prompt, under way or there.

    Attributes:
        plan: None until it is worked out.
        at_s: not before this is it tried again.
        under_way: whether it is being worked out.
    """

    plan: PromptPlan | None = None
    at_s: float = 0.0
    under_way: bool = False
