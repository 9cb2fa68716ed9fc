"""What clips are told that they shall be: each one's text and tune, encoded alone, for a window of it."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from roomtone.models.adapters.audiocraft_codec import hop_frames
from roomtone.models.adapters.audiocraft_imports import CompressionModel, ConditioningAttributes, LMModel
from roomtone.models.adapters.audiocraft_models import MELODY, TEXT
from roomtone.models.adapters.fast_tokens import Conditions
from roomtone.models.adapters.recordings import RATE_HZ, converted, read_recording
from roomtone.models.adapters.token_plans import Plan
from roomtone.models.adapters.tunes import tune, tune_from

_TEXTS_KEPT: Final = 64


class Words:
    """What texts say without a tune, each encoded once for as long as the model is loaded. One thread."""

    def __init__(self, lm: LMModel, codec: CompressionModel) -> None:
        self._lm, self._codec = lm, codec
        self._kept = lru_cache(maxsize=_TEXTS_KEPT)(self._encoded)

    def __call__(self, prompt: str, negative: str) -> Conditions:
        """Encode a text, and what to keep away from."""
        return self._kept(prompt, negative)

    def with_tune(self, prompt: str, negative: str, recording: Tensor) -> Conditions:
        """Encode a text and a tune (channels, frames), and what to keep away from, which has no tune."""
        return self._told(self._attributes(prompt, recording), self._attributes(negative or None, None))

    def _encoded(self, prompt: str, negative: str) -> Conditions:
        return self._told(self._attributes(prompt, None), self._attributes(negative or None, None))

    @torch.inference_mode()
    def _told(self, *asked: ConditioningAttributes) -> Conditions:
        provider = self._lm.condition_provider
        told: Conditions = provider(provider.tokenize(list(asked)))
        return told

    def _attributes(self, text: str | None, recording: Tensor | None) -> ConditioningAttributes:
        asked = ConditioningAttributes(text={TEXT: text})
        if MELODY in self._lm.condition_provider.conditioners:
            device = str(self._lm.condition_provider.device)
            asked.wav[MELODY] = tune(recording, rate_hz=self._codec.sample_rate, device=device)
        return asked


class Telling:
    """The conditions of one run's clips. One thread.

    Args:
        words: of the model.
        codec: its codec.
        plans: of the run.
        window_frames: as many frames of tokens as the model can hear.
        longest_s: how much of a recording is followed.

    Raises:
        ModelError: see `read_recording`.
    """

    def __init__(
        self,
        words: Words,
        codec: CompressionModel,
        plans: Sequence[Plan],
        *,
        window_frames: int,
        longest_s: float,
    ) -> None:
        self._words, self._codec, self._window_frames = words, codec, window_frames
        self._recordings = {plan.index: self._recording(plan, longest_s) for plan in plans if plan.melody}
        # The clips of a bank have one text and one tune.
        told: dict[tuple[str, str, str, bool], Conditions] = {}
        for plan in plans:
            if self._key(plan) not in told:
                told[self._key(plan)] = self._told(plan, 0)
        self._first = {plan.index: told[self._key(plan)] for plan in plans}

    def __call__(self, plan: Plan, at: int) -> Conditions:
        """Tell what a clip shall be from frame `at` on: a row of what to make, and one of what to keep away from."""
        follows = plan.index in self._recordings and at > 0
        return self._told(plan, at) if follows else self._first[plan.index]

    def length(self, plan: Plan) -> tuple[int, ...]:
        """Say how much it is: only clips of equal lengths can be made together."""
        return tuple(value.shape[1] for value, _ in self._first[plan.index].values())

    def _key(self, plan: Plan) -> tuple[str, str, str, bool]:
        long = plan.frames > self._window_frames
        return (plan.wish.prompt, plan.wish.negative, plan.melody, long)

    def _recording(self, plan: Plan, longest_s: float) -> Tensor:
        heard = read_recording(Path(plan.melody), at=f"jobs[{plan.index}].melody")
        cut = heard[: round(longest_s * RATE_HZ)]
        codec = self._codec
        return torch.from_numpy(converted(cut, rate_hz=codec.sample_rate, channels=codec.channels).T)

    def _told(self, plan: Plan, at: int) -> Conditions:
        wish, recording = plan.wish, self._tune_at(plan, at)
        if recording is None:
            return self._words(wish.prompt, wish.negative)
        return self._words.with_tune(wish.prompt, wish.negative, recording)

    def _tune_at(self, plan: Plan, at: int) -> Tensor | None:
        recording = self._recordings.get(plan.index)
        if recording is None or (at == 0 and plan.frames <= self._window_frames):
            return recording
        hop = hop_frames(self._codec)
        return tune_from(recording, at * hop, self._window_frames * hop)
