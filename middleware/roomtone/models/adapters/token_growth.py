"""Makes the tokens of several clips together: window after window, and round in a circle."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import torch
from torch import Tensor

from roomtone.models.adapters.fast_tokens import UNKNOWN, Conditions, FastTokens
from roomtone.models.adapters.token_draws import uniforms
from roomtone.models.adapters.token_plans import Plan

# How much of a loop's beginning is listened to, to tell how likely it is after its end; and how much before that end.
_HEARD_S: Final = 0.5
_BEFORE_S: Final = 2.0
# What a clip's draws follow from beside its seed.
_OF_A_WINDOW: Final = 0
_OF_A_BRIDGE: Final = 1

ConditionsAt = Callable[[Plan, int], Conditions]
"""Says what a clip shall be, for the window that begins at a frame: one row to make, one to keep away from."""


class Step(Protocol):
    """See `models/worker.py`."""

    def __call__(self, done: int, of: int) -> None:
        """Say how far the run is; raises when nobody wants it any more."""

    def wants(self, job: int) -> bool:
        """Tell whether a job is still wanted."""


class Progress:
    """Counts the steps of a run."""

    def __init__(self, step: Step, of: int) -> None:
        self._step, self._done, self._of = step, 0, of

    def __call__(self, steps: int = 1) -> None:
        """Count steps that are done."""
        self._done += steps
        self._step(self._done, self._of)

    def wants(self, plan: Plan) -> bool:
        """Tell whether a clip is still wanted."""
        return self._step.wants(plan.index)

    def wanted(self, plans: Sequence[Plan]) -> list[int]:
        """Say which rows are still wanted."""
        return [row for row, plan in enumerate(plans) if self.wants(plan)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """How well a clip closes on itself, as the model hears it.

    Attributes:
        joint_nats: the mean logarithm of how likely the tokens after the joint are.
        inside_nats: the same for those before it.
    """

    joint_nats: float
    inside_nats: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """One clip's tokens: (codebooks, frames) int64, and how it was closed."""

    plan: Plan
    codes: Tensor
    loop: Loop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What makes tokens.

    Attributes:
        tokens: the model.
        conditions: see `ConditionsAt`.
        window_frames: as long as the model can hear.
        stride_frames: how far the window moves on when a clip is longer.
        frame_rate: frames a second.
        batch: how many clips are made together.
        tries: how many bridges are made for a loop.
    """

    tokens: FastTokens
    conditions: ConditionsAt
    window_frames: int
    stride_frames: int
    frame_rate: float
    batch: int
    tries: int

    def steps(self, plans: Sequence[Plan]) -> int:
        """Count the steps that it takes to make clips together, see `grow`."""
        plan, taken = plans[0], 0
        unknown = (plan.codes == UNKNOWN).any(0)
        for start, end in self._windows(plan.frames):
            if unknown[start:end].any():
                taken += self.tokens.steps(end - start, int(unknown[start:end].int().argmax()))
                unknown[start:end] = False
        if not plan.bridge_frames:
            return taken
        before = self._context_frames(plan)
        return taken + len(self._few(plans)) * self.tokens.steps(before + plan.bridge_frames, before)

    def grow(self, plans: Sequence[Plan], progress: Progress) -> list[Grown]:
        """Make clips of equal `Plan.shape` and equally long texts; those that nobody wants any more are left out."""
        codes = torch.stack([plan.codes for plan in plans]).to(self.tokens.weights.device)
        batch = _Batch(tuple(plans), codes)
        for number, (start, end) in enumerate(self._windows(plans[0].frames)):
            stages = [(_OF_A_WINDOW, number)] * len(batch.plans)
            batch = self._fill(batch, stages, start, end, at=start, progress=progress)
        batch = _Batch(batch.plans, batch.codes[..., plans[0].run_in_frames :])
        if plans[0].bridge_frames:
            closed = (self._close(batch.of(rows), progress) for rows in self._few(batch.plans))
            return [grown for few in closed for grown in few]
        return [Grown(plan=plan, codes=codes) for plan, codes in zip(batch.plans, batch.codes, strict=True)]

    def _windows(self, frames: int) -> Iterator[tuple[int, int]]:
        start = 0
        while start + self.window_frames < frames:
            yield start, start + self.window_frames
            start += self.stride_frames
        yield start, frames

    def _fill(
        self,
        batch: "_Batch",
        stages: Sequence[tuple[int, int]],
        start: int,
        end: int,
        *,
        at: int,
        progress: Progress,
    ) -> "_Batch":
        """Make what is unknown between two frames of what is there; rows that nobody wants any more are left out.

        Args:
            batch: what is there.
            stages: for each row, what its draws follow from beside its seed.
            start: the first frame to look at.
            end: the frame after the last.
            at: which frame of the clip the first is.
            progress: is told of each step.
        """
        wanted = progress.wanted(batch.plans)
        batch, stages = batch.of(wanted), [stages[row] for row in wanted]
        part = batch.codes[..., start:end]
        if not wanted or not bool((part == UNKNOWN).any()):
            return batch
        keys = [(plan.wish.seed, *stage) for plan, stage in zip(batch.plans, stages, strict=True)]
        run = self.tokens.begin(
            part,
            self._joined(batch.plans, at),
            chances=uniforms(keys, self.tokens.steps(end - start) + 1, part.shape[1]),
            guidance=[plan.wish.guidance for plan in batch.plans],
        )
        progress()
        while run.left:
            wanted = progress.wanted(batch.plans)
            if len(wanted) < len(batch.plans):
                batch = batch.of(wanted)
                if not wanted:
                    return batch
                run.keep(wanted)
            run.advance()
            progress()
        batch.codes[..., start:end] = run.codes
        return batch

    def _joined(self, plans: Sequence[Plan], at: int) -> Conditions:
        """Join what clips shall be: all rows to make, then all rows to keep away from."""
        each = [self.conditions(plan, at) for plan in plans]
        return {
            name: (_paired([one[name][0] for one in each]), _paired([one[name][1] for one in each]))
            for name in each[0]
        }

    # Loops ------------------------------------------------------------------------------------

    def _few(self, plans: Sequence[Plan]) -> list[range]:
        """Divide clips so that no more bridges are made together than a batch is."""
        size = max(1, self.batch // self.tries)
        return [range(first, min(first + size, len(plans))) for first in range(0, len(plans), size)]

    def _context_frames(self, plan: Plan) -> int:
        """Say how much of a clip's end is known while its bridge is made; its beginning has to be heard as well."""
        heard = plan.frames - plan.run_in_frames
        return max(1, min(heard, self.window_frames - plan.bridge_frames - self._heard_frames(heard)))

    def _heard_frames(self, frames: int) -> int:
        return min(round(_HEARD_S * self.frame_rate), frames)

    def _close(self, batch: "_Batch", progress: Progress) -> list[Grown]:
        """Go on from each clip's end in several ways, and keep the one after which its beginning is the likeliest."""
        if not batch.plans:
            return []
        plan, frames = batch.plans[0], batch.codes.shape[-1]
        context = self._context_frames(plan)
        many = batch.of([row for row in range(len(batch.plans)) for _ in range(self.tries)])
        unknown = many.codes.new_full((*many.codes.shape[:2], plan.bridge_frames), UNKNOWN)
        ends = torch.cat([many.codes[..., frames - context :], unknown], dim=-1)
        stages = [(_OF_A_BRIDGE, row % self.tries) for row in range(len(many.plans))]
        tried = self._fill(
            _Batch(many.plans, ends), stages, 0, ends.shape[-1], at=frames - context, progress=progress
        )
        return self._likeliest(batch, tried, at=frames - context) if tried.plans else []

    def _likeliest(self, batch: "_Batch", tried: "_Batch", *, at: int) -> list[Grown]:
        starts = {plan.index: codes for plan, codes in zip(batch.plans, batch.codes, strict=True)}
        joints, insides = self._listen(tried, starts, at=at)
        grown = []
        for index in dict.fromkeys(plan.index for plan in tried.plans):
            rows = [row for row, plan in enumerate(tried.plans) if plan.index == index]
            best = max(rows, key=lambda row: joints[row])
            bridge = tried.codes[best][:, -tried.plans[best].bridge_frames :]
            loop = Loop(joint_nats=joints[best], inside_nats=insides[best])
            codes = torch.cat([starts[index], bridge], dim=-1)
            grown.append(Grown(plan=tried.plans[best], codes=codes, loop=loop))
        return grown

    def _listen(
        self, tried: "_Batch", starts: Mapping[int, Tensor], *, at: int
    ) -> tuple[list[float], list[float]]:
        """Tell how likely each clip's beginning is after each bridge, and how likely the bridge itself is."""
        bridge = tried.plans[0].bridge_frames
        before = min(round(_BEFORE_S * self.frame_rate), tried.codes.shape[-1] - bridge)
        left_out = tried.codes.shape[-1] - bridge - before
        heard = self._heard_frames(next(iter(starts.values())).shape[-1])
        after = torch.stack([starts[plan.index][:, :heard] for plan in tried.plans])
        odds = self.tokens.likelihood(
            torch.cat([tried.codes[..., left_out:], after], dim=-1),
            self._joined(tried.plans, at + left_out),
            guidance=[plan.wish.guidance for plan in tried.plans],
            first_frame=before,
        )
        return odds[..., bridge:].mean((1, 2)).tolist(), odds[..., :bridge].mean((1, 2)).tolist()


@dataclass(frozen=True, slots=True)
class _Batch:
    """Clips that are made together, and their tokens: (rows, codebooks, frames)."""

    plans: tuple[Plan, ...]
    codes: Tensor

    def of(self, rows: Sequence[int]) -> "_Batch":
        """Copy some rows."""
        return _Batch(tuple(self.plans[row] for row in rows), self.codes[list(rows)])


def _paired(pairs: Sequence[Tensor]) -> Tensor:
    """Join the first rows of pairs, then the second."""
    return torch.cat([pair[:1] for pair in pairs] + [pair[1:] for pair in pairs])
