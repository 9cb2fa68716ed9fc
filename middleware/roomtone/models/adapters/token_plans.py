"""What is to be made of tokens for one clip: which are there already, which are made, and in what order."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from roomtone.models.adapters.audiocraft_imports import CompressionModel
from roomtone.models.adapters.fast_tokens import UNKNOWN
from roomtone.models.adapters.token_latents import KeptTokens, end_of, part_of, read_latent
from roomtone.models.adapters.wishes import Terms, Wish, read_wishes

# Of a loop, how much is made last, knowing what it has to lead back to: long enough to change its mind in.
_MOST_BRIDGE_S: Final = 2.0
_BRIDGE_SHARE: Final = 0.2
# What a model makes of nothing begins abruptly; a loop has no beginning, so that this is left out of it.
_MOST_RUN_IN_S: Final = 0.5
# Seconds come as decimals: a clip of 2 s has 100 frames, not 101.
_ROUNDING_FRAMES: Final = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One clip before it is made.

    Attributes:
        index: of its job.
        wish: what it shall be.
        codes: (codebooks, frames) int64, with `UNKNOWN` for what is to be made; without what closes a loop.
        prefix_s: how much of what was heard at the end of an earlier clip it begins with.
        run_in_frames: how many are left out of what is heard.
        bridge_frames: how many are made after all others, to lead back to the first.
        melody: path of the recording whose tune it follows; "" for none.
    """

    index: int
    wish: Wish
    codes: Tensor
    prefix_s: float = 0.0
    run_in_frames: int = 0
    bridge_frames: int = 0
    melody: str = ""

    @property
    def frames(self) -> int:
        """How many frames of tokens it takes before a loop is closed."""
        return self.codes.shape[1]

    @property
    def known_frames(self) -> int:
        """How many of the first are there already, in all codebooks."""
        unknown = (self.codes == UNKNOWN).any(0)
        return int(unknown.int().argmax()) if unknown.any() else self.frames

    @property
    def shape(self) -> tuple[int, ...]:
        """What must be equal in clips that are made together."""
        return (self.frames, self.known_frames, self.run_in_frames, self.bridge_frames)


def read_plans(
    jobs: Sequence[Mapping[str, Any]],
    capabilities: Mapping[str, Any],
    codec: CompressionModel,
    *,
    guidance: float,
) -> list[Plan]:
    """Read jobs, and what they go on from.

    Args:
        jobs: see `models/request.py` `Job`.
        capabilities: of the model.
        codec: its codec.
        guidance: where a job leaves it open.

    Raises:
        ModelError: see `read_wishes`, `read_latent`.
    """
    # Steps are the diffusion models': a token model has one for each frame.
    terms = Terms(capabilities=capabilities, steps=1, guidance=guidance)
    wishes = read_wishes(jobs, terms)
    return [_plan(i, wish, codec, melody=jobs[i].get("melody", "")) for i, wish in enumerate(wishes)]


def _plan(index: int, wish: Wish, codec: CompressionModel, *, melody: str) -> Plan:
    if wish.loop:
        return _loop(index, wish, codec, melody=melody)
    frames = max(1, math.ceil(wish.seconds * codec.frame_rate - _ROUNDING_FRAMES))
    if wish.vary_from:
        codes = part_of(_earlier(index, wish, codec).codes, variation=wish.variation, frames=frames)
        return Plan(index=index, wish=wish, codes=codes, melody=melody)
    if wish.continue_from:
        earlier = _earlier(index, wish, codec)
        kept = min(max(1, round(wish.keep_s * codec.frame_rate)), earlier.codes.shape[1], frames)
        codes = end_of(earlier.codes, kept_frames=kept, frames=frames)
        prefix_s = kept / codec.frame_rate - _unheard_s(earlier, codec)
        return Plan(index=index, wish=wish, codes=codes, prefix_s=prefix_s, melody=melody)
    return Plan(index=index, wish=wish, codes=_nothing(codec, frames), melody=melody)


def _loop(index: int, wish: Wish, codec: CompressionModel, *, melody: str) -> Plan:
    frames = max(2, round(wish.seconds * codec.frame_rate))
    share = max(1, round(frames * _BRIDGE_SHARE))
    bridge = min(share, round(_MOST_BRIDGE_S * codec.frame_rate))
    if wish.vary_from:
        earlier = _earlier(index, wish, codec)
        codes = part_of(earlier.codes, variation=wish.variation, frames=frames)
        closed = earlier.ring and not bool((codes == UNKNOWN).any())
        kept = codes if closed else codes[:, : frames - bridge]
        return Plan(index=index, wish=wish, codes=kept, bridge_frames=0 if closed else bridge, melody=melody)
    run_in = min(share, round(_MOST_RUN_IN_S * codec.frame_rate))
    codes = _nothing(codec, frames - bridge + run_in)
    return Plan(
        index=index, wish=wish, codes=codes, run_in_frames=run_in, bridge_frames=bridge, melody=melody
    )


def _earlier(index: int, wish: Wish, codec: CompressionModel) -> KeptTokens:
    field = "vary_from" if wish.vary_from else "continue_from"
    return read_latent(Path(getattr(wish, field)), codec, at=f"jobs[{index}].{field}")


def _unheard_s(earlier: KeptTokens, codec: CompressionModel) -> float:
    """Say how much of a clip's last frame of tokens is behind its end."""
    if earlier.ring:
        return 0.0
    return earlier.codes.shape[1] / codec.frame_rate - earlier.heard_frames / codec.sample_rate


def _nothing(codec: CompressionModel, frames: int) -> Tensor:
    return torch.full((codec.num_codebooks, frames), UNKNOWN)
