"""Denoising: clips with their own seeds, lengths, steps and guidance, side by side as far as their shapes allow.

Each clip has a solver of its own, so that it is the same in any company, may take fewer steps than its neighbours, and
may leave at any step. What costs, the network, is called once for all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import torch

from roomtone.models.adapters.circular import TIME

Condition: TypeAlias = Mapping[str, torch.Tensor]
"""What the network is told: name → (2, …), first without what is wished for, then with it."""

Network: TypeAlias = Callable[..., torch.Tensor]
"""Latents (clips, …), times (clips,), whether they are rings, and a condition's tensors (clips, …) by name → a
prediction like the latents."""

_WITH: Final = 1


class Step(Protocol):
    """What the worker gives to be told of each step; see `models/worker.py`."""

    def __call__(self, done: int, of: int) -> None:
        """Say that `done` of `of` steps are done; raises when nobody wants the result any more."""

    def wants(self, job: int) -> bool:
        """Whether the job of this index is still wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """A solver for one clip, and the rungs it will stand on.

    Attributes:
        scheduler: of diffusers, its steps set.
        times: (steps,) on the processor: what the network is told at each step.
        levels: how much of the clip and how much noise there is before each step, and after the last: steps + 1
            pairs (clip, noise) of gains.
    """

    scheduler: Any
    times: torch.Tensor
    levels: tuple[tuple[float, float], ...]

    def rung(self, share: float) -> int:
        """Find the step before which noise is nearest to this share, 0 to 1; the number of steps if that is none."""
        shares = [noise / np.hypot(clip, noise) for clip, noise in self.levels]
        return int(np.argmin([abs(each - share) for each in shares]))


def fresh(scheduler: Any) -> Any:
    """Make another scheduler with the settings of this one."""
    return type(scheduler).from_config(scheduler.config)


@dataclass(slots=True, kw_only=True)
class Row:
    """One clip on its way through the steps.

    Attributes:
        index: of its job in the run.
        ladder: its solver.
        at: the step that is next.
        latent: (1, channels, time, …) float32, as noisy as the ladder says.
        condition: what the network is told.
        guidance: how far to go from what comes without the wish to what comes with it, and beyond; 1 is just with it.
        generator: chance for solvers that need more of it.
        cuts: chance for where a ring is cut open; None for a clip with two ends.
        held: (1, channels, held, …): what must stand at the beginning.
        noise: like `held`: what it is hidden in before the last step.
    """

    index: int
    ladder: Ladder
    at: int
    latent: torch.Tensor
    condition: Condition
    guidance: float
    generator: torch.Generator
    cuts: np.random.Generator | None = None
    held: torch.Tensor | None = None
    noise: torch.Tensor | None = None

    def __post_init__(self) -> None:
        if hasattr(self.ladder.scheduler, "set_begin_index"):
            self.ladder.scheduler.set_begin_index(self.at)
        self._hold()

    @property
    def left(self) -> int:
        """How many steps are left."""
        return len(self.ladder.times) - self.at

    def cut(self) -> int:
        """Draw how far the ring is turned for the next step."""
        return 0 if self.cuts is None else int(self.cuts.integers(self.latent.shape[TIME]))

    def view(self) -> torch.Tensor:
        """Give what the network is to see."""
        scale = getattr(self.ladder.scheduler, "scale_model_input", None)
        return self.latent if scale is None else scale(self.latent, self.ladder.times[self.at])

    def take(self, prediction: torch.Tensor) -> None:
        """Take a step."""
        time = self.ladder.times[self.at]
        stepped = self.ladder.scheduler.step(prediction, time, self.latent, generator=self.generator)
        self.latent = stepped.prev_sample
        self.at += 1
        self._hold()

    def _hold(self) -> None:
        if self.held is not None and self.noise is not None:
            clip, noise = self.ladder.levels[self.at]
            beginning = clip * self.held + noise * self.noise
            self.latent = torch.cat([beginning, self.latent[:, :, self.held.shape[TIME] :]], dim=TIME)


def denoise(
    rows: Sequence[Row], network: Network, step: Step, *, batch: int, fixed: bool
) -> dict[int, torch.Tensor]:
    """Take every row through its steps.

    Args:
        rows: fresh ones.
        network: see `Network`.
        step: told of each step; what it raises ends the run.
        batch: how many clips the network gets at once.
        fixed: whether it always gets that many, as a compiled one wants; it is given the last clip again and again.

    Returns:
        The index of each row's job → its latent; rows that nobody wants any more are left out.
    """
    groups = list(_groups(rows, batch))
    of = sum(max(row.left for row in group) for group in groups)
    done, finished = 0, {}
    for group in groups:
        steps, left = max(row.left for row in group), list(group)
        finished.update({row.index: row.latent for row in left if not row.left})
        for at in range(steps):
            left = [row for row in left if row.left and step.wants(row.index)]
            if left:
                _advance(left, network, batch if fixed else len(left))
            finished.update({row.index: row.latent for row in left if not row.left})
            step(done + at + 1, of)
        done += steps
    return finished


def _groups(rows: Sequence[Row], batch: int) -> list[list[Row]]:
    """Sort out which rows can go together: those whose tensors have one shape, rings apart."""
    alike: dict[Any, list[Row]] = {}
    for row in rows:
        shapes = tuple((name, tensor.shape) for name, tensor in sorted(row.condition.items()))
        alike.setdefault((row.latent.shape, row.cuts is None, shapes), []).append(row)
    return [group[i : i + batch] for group in alike.values() for i in range(0, len(group), batch)]


def _advance(rows: list[Row], network: Network, clips: int) -> None:
    cuts = [row.cut() for row in rows]
    filled = rows + rows[-1:] * (clips - len(rows))
    views = [torch.roll(row.view(), cut, TIME) for row, cut in zip(rows, cuts, strict=True)]
    views += views[-1:] * (clips - len(rows))
    predictions = _guided(filled, torch.cat(views), network)
    for i, (row, cut) in enumerate(zip(rows, cuts, strict=True)):
        row.take(torch.roll(predictions[i : i + 1], -cut, TIME))


def _guided(rows: list[Row], views: torch.Tensor, network: Network) -> torch.Tensor:
    """Ask the network once, for both halves of the guidance together.

    Source: Ho & Salimans (2022), "Classifier-free diffusion guidance".
    """
    guidances = [row.guidance for row in rows]
    halves = (0, _WITH) if max(guidances) > 1.0 else (_WITH,)
    condition = {
        name: torch.stack([row.condition[name][half] for half in halves for row in rows])
        for name in rows[0].condition
    }
    times = torch.stack([row.ladder.times[row.at] for row in rows] * len(halves)).to(views.device)
    ring = rows[0].cuts is not None
    predicted = network(torch.cat([views] * len(halves)), times, ring, **condition)
    if len(halves) == 1:
        return predicted
    without, with_ = predicted.chunk(2)
    # Guidance of 1 or less is none to the library, and so here.
    strength = torch.tensor([max(each, 1.0) for each in guidances], device=views.device)
    return without + strength.view(-1, *[1] * (views.dim() - 1)) * (with_ - without)
