"""A model at work as the pool sees it: its process, what it is doing, and what it has been doing for how long."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from roomtone.models.library import Installed
from roomtone.models.request import Capabilities, Recipe

# A stalled worker is one that said nothing for this long. Loading reads gigabytes and may compile.
LOADS_WITHIN_S: Final = 600.0
STEPS_WITHIN_S: Final = 120.0
# Weights in memory are about as large as on the disk; what a run needs beside them comes on top.
_RUN_GB: Final = 1.0

State: TypeAlias = Literal["loading", "idle", "running"]
Worker = TypeVar("Worker")


@dataclass(slots=True)
class Item:
    """A clip on its way.

    Attributes:
        key: in the cache.
        tries: how many clips for it were refused.
        deaths: how many workers ended while they made it.
        candidates: clips that passed the gate, while more are to be compared.
    """

    key: str
    recipe: Recipe
    tries: int = 0
    deaths: int = 0
    candidates: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Batch:
    """A run under way.

    Attributes:
        run: its number, never used again.
        task: `generate` or `score`.
        items: what it makes, one clip each; for `score` the one item whose candidates are compared.
        numbers: which try of each item it is.
        staging: where its sound is put.
    """

    run: int
    task: str
    items: tuple[Item, ...]
    numbers: tuple[int, ...]
    staging: Path


@dataclass(slots=True)
class Hand(Generic[Worker]):
    """One model in one process. One owner, one thread.

    Attributes:
        memory_gb: what it takes: a guess until it says so itself.
        most_per_run: how many clips one run may make; less than it would like after it ran out of memory.
        part: how far its run is, 0 to 1.
        heard_s, used_s: when it last gave a sign of life, and last had something to do.
    """

    model: Installed
    worker: Worker
    memory_gb: float
    state: State = "loading"
    able: Capabilities | None = None
    most_per_run: int = 1
    batch: Batch | None = None
    part: float = 0.0
    heard_s: float = 0.0
    used_s: float = 0.0

    def heard(self, now_s: float) -> None:
        """It gave a sign of life."""
        self.heard_s = now_s

    def stalls(self, now_s: float) -> bool:
        """Whether it has been silent for longer than it may."""
        if self.state == "idle":
            return False
        return now_s - self.heard_s > (LOADS_WITHIN_S if self.state == "loading" else STEPS_WITHIN_S)

    def ready(self, able: Capabilities, memory_gb: float, now_s: float) -> None:
        """It is loaded."""
        self.able, self.most_per_run, self.state = able, able.batch, "idle"
        self.needs(memory_gb)
        self.heard_s = self.used_s = now_s

    def needs(self, memory_gb: float) -> None:
        """It says what it has used at most: better than what was guessed."""
        if memory_gb > 0.0:
            self.memory_gb = memory_gb

    def begin(self, batch: Batch, now_s: float) -> None:
        """It has been told to run."""
        self.batch, self.state, self.part = batch, "running", 0.0
        self.heard_s = self.used_s = now_s

    def rest(self, now_s: float) -> Batch:
        """The run is over; returns what it was."""
        batch = self.batch
        assert batch is not None
        self.batch, self.state, self.used_s = None, "idle", now_s
        return batch


def guessed_gb(model: Installed) -> float:
    """Guess what a model will take before it was ever loaded."""
    return model.size_bytes / 1e9 + _RUN_GB


def to_unload(
    hands: Sequence[Hand[Worker]], *, needed_gb: float, budget_gb: float, as_far_as_can_be: bool = False
) -> list[Hand[Worker]] | None:
    """Choose idle models to unload so that `needed_gb` more fits: the longest unused first.

    Returns:
        What to unload; None if it does not fit even so (for now or for ever), unless that is `as_far_as_can_be`.
    """
    used_gb = sum(hand.memory_gb for hand in hands)
    chosen: list[Hand[Worker]] = []
    for hand in sorted((hand for hand in hands if hand.state == "idle"), key=lambda hand: hand.used_s):
        if used_gb + needed_gb <= budget_gb:
            break
        chosen.append(hand)
        used_gb -= hand.memory_gb
    return chosen if as_far_as_can_be or used_gb + needed_gb <= budget_gb else None
