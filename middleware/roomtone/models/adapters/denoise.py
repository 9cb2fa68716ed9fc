"""Denoising: clips with their own seeds, lengths, steps and guidance, side by side as far as their shapes allow.

Each clip has a solver of its own, so that it is the same in any company, may take fewer steps than its neighbours, and
may leave at any step. What costs, the network, is called once for all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import torch

from roomtone.models.adapters.circular import TIME
from roomtone.models.adapters.graphs import Record
from roomtone.models.adapters.pace import Pace, sent

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
    _times: torch.Tensor = field(init=False)

    def __post_init__(self) -> None:
        self._times = sent(self.ladder.times, self.latent.device)
        if hasattr(self.ladder.scheduler, "set_begin_index"):
            self.ladder.scheduler.set_begin_index(self.at)
        self._hold()

    @property
    def left(self) -> int:
        """How many steps are left."""
        return len(self.ladder.times) - self.at

    @property
    def time(self) -> torch.Tensor:
        """What the network is told of the next step, on the device."""
        return self._times[self.at]

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
    rows: Sequence[Row],
    network: Network,
    step: Step,
    *,
    batch: int,
    fixed: bool = False,
    record: Record | None = None,
) -> dict[int, torch.Tensor]:
    """Take every row through its steps.

    Args:
        rows: fresh ones.
        network: see `Network`.
        step: told of each step; what it raises ends the run.
        batch: how many clips the network gets at once.
        fixed: whether it always gets that many, as a compiled one wants; it is given the last clip again and again.
        record: how a call of the network is recorded, to be repeated at each step; None calls it anew.

    Returns:
        The index of each row's job → its latent; rows that nobody wants any more are left out.
    """
    groups = list(_groups(rows, batch))
    of = sum(max(row.left for row in group) for group in groups)
    done, finished = 0, {}
    for group in groups:
        pace = Pace(group[0].latent.device)
        steps, left = max(row.left for row in group), list(group)
        finished.update({row.index: row.latent for row in left if not row.left})
        company: Company | None = None
        for at in range(steps):
            left = [row for row in left if row.left and step.wants(row.index)]
            if left:
                if company is None or len(company.rows) != len(left):
                    company = Company(left, network, clips=batch if fixed else len(left), record=record)
                company.advance()
                pace()
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


class Company:
    """Rows that go side by side until one of them leaves, and what the network is told of them, laid out once.

    What a step needs is on the device before it, at the same addresses each time; nothing is read back. One thread.

    Args:
        rows: some, alike.
        network: see `Network`.
        clips: how many the network gets: more than there are rows are filled up with the last.
        record: see `denoise`.
    """

    def __init__(self, rows: list[Row], network: Network, *, clips: int, record: Record | None) -> None:
        self.rows = rows
        self._network, self._record, self._again = network, record, self._predict
        self._filled = rows + rows[-1:] * (clips - len(rows))
        first, guidances = rows[0], [row.guidance for row in self._filled]
        # Source: Ho & Salimans (2022), "Classifier-free diffusion guidance"; both halves are one call.
        self._halves = (0, _WITH) if max(guidances) > 1.0 else (_WITH,)
        asked = [(half, row) for half in self._halves for row in self._filled]
        self._condition = {
            name: torch.stack([row.condition[name][half] for half, row in asked]) for name in first.condition
        }
        device, shape = first.latent.device, (len(asked), *first.latent.shape[1:])
        self._views, self._predicted = (torch.empty(shape, device=device) for _ in range(2))
        self._times = torch.empty(len(asked), dtype=first.ladder.times.dtype, device=device)
        # Guidance of 1 or less is none to the library, and so here.
        strength = torch.tensor([max(each, 1.0) for each in guidances])
        self._strength = sent(strength, device).view(-1, *[1] * (first.latent.dim() - 1))

    def advance(self) -> None:
        """Take a step."""
        cuts = [row.cut() for row in self.rows]
        views = [_turned(row.view(), cut) for row, cut in zip(self.rows, cuts, strict=True)]
        views += views[-1:] * (len(self._filled) - len(views))
        torch.cat(views * len(self._halves), out=self._views)
        torch.stack([row.time for row in self._filled] * len(self._halves), out=self._times)
        self._repeat()
        predictions = self._guided()
        for i, (row, cut) in enumerate(zip(self.rows, cuts, strict=True)):
            row.take(_turned(predictions[i : i + 1], -cut))

    def _repeat(self) -> None:
        if self._record is None:
            self._again()
        else:
            self._again, self._record = self._record(self._predict), None

    def _predict(self) -> None:
        ring = self.rows[0].cuts is not None
        self._predicted.copy_(self._network(self._views, self._times, ring, **self._condition))

    def _guided(self) -> torch.Tensor:
        if len(self._halves) == 1:
            # Solvers remember what they are given, and the next prediction comes to the same place.
            return self._predicted.clone()
        without, with_ = self._predicted.chunk(2)
        return without + self._strength * (with_ - without)


def _turned(ring: torch.Tensor, by: int) -> torch.Tensor:
    return torch.roll(ring, by, TIME) if by else ring
