"""Makes the tokens of a sound, as audiocraft does and several times as fast.

audiocraft grows its memory of past keys and values by joining tensors, works out the text's anew at every step and
waits for the device at each draw. Here the memory is laid out once, the text's keys and values are worked out once,
both halves of guidance are one batch, and a step reads nothing back: it works on tensors of fixed sizes at fixed
addresses, so that CUDA can replay it as one graph. Logits are equal to rounding, and by the same draws come the same
tokens. Which codebook's token stands where in the sequence is the library's own pattern.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import torch
from torch import Tensor

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_imports import LMModel
from roomtone.models.adapters.graphs import Action, Record
from roomtone.models.adapters.pace import Pace
from roomtone.models.adapters.token_draws import Sampling, draw, guided
from roomtone.models.adapters.token_layers import causal, forward, new_memory
from roomtone.models.adapters.token_weights import TokenWeights, token_weights

UNKNOWN: Final = -1
"""Stands in codes where a token is to be made."""

Conditions: TypeAlias = Mapping[str, tuple[Tensor, Tensor]]
"""Name → (2 × rows, length, dim) and its mask: for each row what to make, then for each row what to keep away from."""

# What is looked at grows by so many places at once. Fewer are faster; where steps are recorded, each size is one more
# recording. Reckoned for AudioGen with 16 clips on an H100: to look at 64 places in vain takes 0.2 ms a step, and a
# recording as long as some twenty steps.
_WINDOW_PLACES: Final = 64
_RECORDED_WINDOW_PLACES: Final = 192


class FastTokens:
    """A language model that makes tokens. One thread.

    Args:
        lm: the model; its weights are used where they are.
        sampling: how tokens are drawn.
        record: how a step is recorded, `cuda_graph` on CUDA; None runs it anew each time.
        compiled: whether PyTorch compiles the step, which takes a minute once and a C++ compiler on the processor.
    """

    def __init__(
        self, lm: LMModel, *, sampling: Sampling, record: Record | None = None, compiled: bool = False
    ) -> None:
        self.weights = token_weights(lm)
        self.sampling, self.record = sampling, record
        self.window_places = _WINDOW_PLACES if record is None else _RECORDED_WINDOW_PLACES
        self.forward = torch.compile(forward) if compiled else forward
        self._lm = lm

    def begin(
        self, codes: Tensor, conditions: Conditions, *, chances: Tensor, guidance: Sequence[float]
    ) -> "TokenRun":
        """Begin to make what is `UNKNOWN` in `codes`, with the first step.

        Args:
            codes: (rows, codebooks, frames) int64.
            conditions: see `Conditions`.
            chances: (rows, steps, codebooks) of `uniforms`, of at least as many steps as the sequence has.
            guidance: for each row, how strictly it follows what to make; without any other than 1 what to keep away
                from is left out, at half the cost.
        """
        return TokenRun(self, _Sequence(self._lm, codes), conditions, chances=chances, guidance=guidance)

    def steps(self, frames: int, known_frames: int = 0) -> int:
        """Count the steps of a run over `frames` of which the first are known."""
        pattern = self._lm.pattern_provider.get_pattern(frames)
        return len(pattern.layout) - _first_step(pattern, known_frames)

    def window(self, places: int) -> int:
        """Say how many places are looked at where so many are needed."""
        return -(-places // self.window_places) * self.window_places

    @torch.inference_mode()
    def likelihood(
        self, codes: Tensor, conditions: Conditions, *, guidance: Sequence[float], first_frame: int = 0
    ) -> Tensor:
        """Tell how likely the model finds each token where it stands, given those before it.

        Returns:
            (rows, codebooks, frames from `first_frame` on) natural logarithms, float32.
        """
        sequence = _Sequence(self._lm, codes)
        prompt = _Prompt(self, sequence, conditions, guidance, steps=sequence.steps - 1)
        # The step before a token says what it may be.
        first = sequence.step_of(first_frame)
        logits = guided(self.weights.logits(prompt.out[:, first - sequence.steps :]), prompt.guidance)
        found = sequence.values[:, :, first:].clamp(max=self.weights.card - 1)
        odds = torch.log_softmax(logits, -1).gather(-1, found[..., None])[..., 0]
        before = odds.new_zeros(*odds.shape[:2], first)
        return sequence.frames_of(torch.cat([before, odds], -1))[..., first_frame:]

    def fused(self, values: Tensor, conditions: Conditions) -> tuple[Tensor, Tensor | None]:
        """Put conditions before the tokens, or beside them as text to look at: the library's own fuser."""
        fused: tuple[Tensor, Tensor | None] = self._lm.fuser(self.weights.embedded(values), dict(conditions))
        return fused


class _Sequence:
    """Codes in the order in which they are made: (rows, codebooks, steps), the first step before all of them."""

    def __init__(self, lm: LMModel, codes: Tensor) -> None:
        frames = codes.shape[-1]
        unknown = (codes == UNKNOWN).any(1).any(0)
        self.known_frames = int(unknown.int().argmax()) if unknown.any() else frames
        self._pattern: Any = lm.pattern_provider.get_pattern(frames)
        laid: Tensor = self._pattern.build_pattern_sequence(codes.contiguous(), lm.special_token_id)[0]
        self.values, self.steps = laid.contiguous(), laid.shape[-1]

    @property
    def first_step(self) -> int:
        """The first step that makes a token; beyond the last where all are known."""
        return self.step_of(self.known_frames)

    def step_of(self, frame: int) -> int:
        """Find the step in which a frame begins."""
        return _first_step(self._pattern, frame)

    def frames_of(self, values: Tensor) -> Tensor:
        """Put (rows, codebooks, steps) back into frames."""
        frames: Tensor = self._pattern.revert_pattern_sequence(values, special_token=UNKNOWN)[0]
        return frames


class _Prompt:
    """The first pass, over the conditions and all steps that are known, and what it leaves to go on from."""

    def __init__(
        self,
        tokens: FastTokens,
        sequence: _Sequence,
        conditions: Conditions,
        guidance: Sequence[float],
        *,
        steps: int,
        room: int = 0,
    ) -> None:
        weights, rows = tokens.weights, len(sequence.values)
        self.guidance = None if all(value == 1.0 for value in guidance) else _column(guidance, weights)
        if self.guidance is None:
            conditions = {name: (value[:rows], mask[:rows]) for name, (value, mask) in conditions.items()}
        values = sequence.values[:, :, :steps]
        values = values if self.guidance is None else torch.cat([values, values])
        x, text = tokens.fused(values, conditions)
        length = x.shape[1]
        self.before = length - steps
        places = tokens.window(length + room)
        self.memory = new_memory(weights, text, rows=len(x), places=places)
        self.places = weights.positions(places)
        at = torch.arange(length, device=weights.device)
        seen = causal(length, weights.device)
        self.out = forward(weights, self.memory, x + self.places[:length], at=at, seen=seen)

    def keep(self, rows: Tensor) -> None:
        """Forget all other rows."""
        both = rows if self.guidance is None else torch.cat([rows, rows + len(self.guidance)])
        self.memory = self.memory.of(both)
        self.guidance = None if self.guidance is None else self.guidance[rows]


class TokenRun:
    """One batch in the making: begin, `advance` until nothing is left, read `codes`. One thread.

    Attributes:
        steps: how many there are, the first of which is made when the run begins.
        left: how many are to be made.
    """

    @torch.inference_mode()
    def __init__(
        self,
        tokens: FastTokens,
        sequence: _Sequence,
        conditions: Conditions,
        *,
        chances: Tensor,
        guidance: Sequence[float],
    ) -> None:
        self._tokens, self._weights, self._sequence = tokens, tokens.weights, sequence
        self._chances = chances[:, : sequence.steps].to(self._weights.device)
        self.steps = self.left = sequence.steps - sequence.first_step
        self._step = torch.tensor([sequence.first_step], device=self._weights.device)
        self._finite = torch.tensor(True, device=self._weights.device)
        self._repeats: dict[int, Action] = {}
        self._pace = Pace(self._weights.device)
        first, room = min(sequence.first_step, sequence.steps - 1), self.steps
        self._prompt = _Prompt(tokens, sequence, conditions, guidance, steps=first, room=room)
        if self.left:
            self._write(self._prompt.out[:, -1:])
            self._move_on()

    @torch.inference_mode()
    def advance(self) -> None:
        """Make the tokens of one step: of most frames one, of each codebook."""
        assert self.left > 0, "all tokens are made"
        self._repeat(self._tokens.window(self._prompt.before + self._sequence.steps - self.left))
        self._move_on()

    @torch.inference_mode()
    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only; the others are lost."""
        chosen = torch.tensor(list(rows), device=self._weights.device)
        self._sequence.values = self._sequence.values[chosen]
        self._chances = self._chances[chosen]
        self._prompt.keep(chosen)
        # What was recorded works on the memory that has just been left.
        self._repeats.clear()

    @property
    def codes(self) -> Tensor:
        """(rows, codebooks, frames) int64; what is not made yet is `UNKNOWN`.

        Raises:
            ModelError: `model.not-finite`.
        """
        # Asked here and not at each step, which would wait for the device.
        if not bool(self._finite):
            what = f"it computes infinities in {str(self._weights.dtype).removeprefix('torch.')}"
            fix = "set the model's option dtype to bf16 or fp32; if it is fp32, fetch the model again"
            raise ModelError("model.not-finite", what=what, at="options.dtype", fix=fix)
        return self._sequence.frames_of(self._sequence.values)

    def _repeat(self, window: int) -> None:
        if self._tokens.record is None:
            self._one_step(window)
        elif window in self._repeats:
            self._repeats[window]()
        else:
            self._repeats[window] = self._tokens.record(lambda: self._one_step(window))

    def _one_step(self, window: int) -> None:
        """Make the step that `_step` says: again and again the same, until that is moved on."""
        last = self._step - 1
        at = last + self._prompt.before
        x = self._weights.embedded(self._sequence.values.index_select(2, last))
        x = x if self._prompt.guidance is None else torch.cat([x, x])
        seen = (torch.arange(window, device=at.device) <= at)[None]
        x = x + self._prompt.places.index_select(0, at)
        self._write(self._tokens.forward(self._weights, self._prompt.memory, x, at=at, seen=seen))

    def _write(self, out: Tensor) -> None:
        logits = guided(self._weights.logits(out)[:, :, 0], self._prompt.guidance)
        self._finite.logical_and_(torch.isfinite(logits).all())
        chances = self._chances.index_select(1, self._step)[:, 0]
        drawn = draw(logits, chances, self._tokens.sampling)[..., None]
        given = self._sequence.values.index_select(2, self._step)
        self._sequence.values.index_copy_(2, self._step, torch.where(given == UNKNOWN, drawn, given))

    def _move_on(self) -> None:
        self.left -= 1
        self._step.add_(1)
        self._pace()


def _first_step(pattern: Any, known_frames: int) -> int:
    if known_frames >= pattern.timesteps:
        return len(pattern.layout)
    return int(pattern.get_first_step_with_timesteps(known_frames))


def _column(guidance: Sequence[float], weights: TokenWeights) -> Tensor:
    return torch.tensor(list(guidance), dtype=torch.float32, device=weights.device)
