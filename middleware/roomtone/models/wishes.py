"""What is wanted of the models, by whom and how urgently: the pool's queue."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from roomtone.models.request import Recipe


class Urgency(IntEnum):
    """Why a clip is wanted, the most urgent first."""

    SOUNDING = 0
    """Its place sounds now, of a stand-in or of another bank."""
    HEADING = 1
    """A parameter is on its way there."""
    NEIGHBOUR = 2
    """Somebody may walk there."""
    MORE = 3
    """There is one already; more of them repeat less."""


class Rank(NamedTuple):
    """Where a wish stands in the queue: the lowest is served first.

    Attributes:
        urgency: see `Urgency`.
        order: within one urgency: how soon it is needed, in seconds or steps.
    """

    urgency: Urgency
    order: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One clip that somebody wants."""

    key: str
    recipe: Recipe
    rank: Rank


class Wishes:
    """All wishes by owner. Every owner says all that it wants, and what it no longer says it no longer wants."""

    def __init__(self) -> None:
        self._by_owner: dict[str, dict[str, Wish]] = {}

    def say(self, owner: str, wishes: Iterable[Wish]) -> None:
        """Replace what an owner wants; nothing lets go of it all."""
        mine = {wish.key: wish for wish in wishes}
        if mine:
            self._by_owner[owner] = mine
        else:
            self._by_owner.pop(owner, None)

    def drop(self, key: str) -> None:
        """Forget a wish that is fulfilled, or cannot be."""
        for mine in self._by_owner.values():
            mine.pop(key, None)

    def __contains__(self, key: str) -> bool:
        return any(key in mine for mine in self._by_owner.values())

    def __iter__(self) -> Iterator[Wish]:
        """Go through what is wanted, the most urgent first; a clip that several want stands at its best rank."""
        return iter(sorted(self.best().values(), key=lambda wish: (wish.rank, wish.key)))

    def best(self) -> Mapping[str, Wish]:
        """Return every wanted clip at the best rank that anyone gives it."""
        best: dict[str, Wish] = {}
        for mine in self._by_owner.values():
            for key, wish in mine.items():
                if key not in best or wish.rank < best[key].rank:
                    best[key] = wish
        return best


def shape_of(recipe: Recipe) -> tuple[object, ...]:
    """Say what two recipes must share to be made in one batch."""
    return (
        recipe.model,
        recipe.seconds,
        recipe.steps,
        recipe.guidance,
        recipe.loop,
        bool(recipe.continues),
        bool(recipe.varies),
        recipe.melody,
    )
