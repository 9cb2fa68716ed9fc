"""Running adapters of the token families in a test, beside audiocraft itself, and measuring what they made."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from roomtone.models.adapters.audiocraft_imports import ConditioningAttributes, LMModel, conditioners
from roomtone.models.adapters.audiocraft_stand_ins import stand_ins
from roomtone.models.adapters.fast_tokens import Conditions
from roomtone.models.adapters.token_draws import pick
from roomtone.models.adapters.tunes import tune

RAIN, FIRE = "rain on a window", "a fire in the forest at night"

Samples = NDArray[np.float32]

Tiny = Callable[[str], Path]
"""Gives the folder of a tiny checkpoint, which a test must not change: copy it first."""


class CancelledByTestError(Exception):
    """What the worker's `CancelledError` is in a worker."""


class Steps:
    """The worker's side of a run: what was said, who is wanted, and an end to it after so many steps."""

    def __init__(
        self, *, unwanted_after: Mapping[int, int] | None = None, end_after: int | None = None
    ) -> None:
        self.said: list[tuple[int, int]] = []
        self._unwanted_after = unwanted_after or {}
        self._end_after = end_after

    def __call__(self, done: int, of: int) -> None:
        self.said.append((done, of))
        if self._end_after is not None and len(self.said) >= self._end_after:
            raise CancelledByTestError

    def wants(self, job: int) -> bool:
        return len(self.said) < self._unwanted_after.get(job, 1 << 30)


def job(**wishes: Any) -> dict[str, Any]:
    return {"prompt": RAIN, "seconds": 1.0, "seed": 1, **wishes}


def make(model: Any, *jobs: dict[str, Any], step: Steps | None = None) -> list[dict[str, Any]]:
    return list(model.generate(list(jobs), step or Steps()))


def make_one(model: Any, **wishes: Any) -> dict[str, Any]:
    return make(model, job(**wishes))[0]


def tokens(output: Mapping[str, Any]) -> NDArray[np.int16]:
    found: NDArray[np.int16] = output["latent"]["tokens"]
    return found


def keep(output: Mapping[str, Any], path: Path) -> str:
    """Write an output's latent as the worker does."""
    np.savez(path, **output["latent"])
    return str(path)


def alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """The share of tokens that two clips have in common."""
    return float((tokens(one) == tokens(other)).mean())


def level_db(heard: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(heard)) + 1e-20))


def rank_of_joint(heard: Samples, hop_frames: int) -> float:
    """Tell how conspicuous the joint of a loop is: the share of places between tokens where the sound changes less."""
    ring = heard[:, 0]
    changes = [_change(ring, place) for place in range(0, len(ring), hop_frames)]
    return float(np.mean([change < changes[0] for change in changes[1:]]))


def _change(ring: Samples, place: int, frames: int = 512) -> float:
    window = np.hanning(frames)
    before, after = (
        np.log(np.abs(np.fft.rfft(window * ring[np.arange(first, first + frames) % len(ring)])) + 1e-2)
        for first in (place - frames, place)
    )
    return float(np.sqrt(np.mean((before - after) ** 2)))


# audiocraft itself ----------------------------------------------------------------------------


def asked(lm: LMModel, prompts: Sequence[str]) -> list[ConditioningAttributes]:
    """Texts without tunes, as the library's own models put them."""
    attributes = [ConditioningAttributes(text={"description": prompt}) for prompt in prompts]
    if "self_wav" in lm.condition_provider.conditioners:
        for each in attributes:
            each.wav["self_wav"] = tune(None, rate_hz=32_000, device="cpu")
    return attributes


def conditions_of(lm: LMModel, prompts: Sequence[str]) -> Conditions:
    """What the library conditions a batch of prompts on."""
    wanted = asked(lm, prompts)
    unwanted = conditioners.ClassifierFreeGuidanceDropout(p=1.0)(wanted)
    with torch.no_grad():
        found: Conditions = lm.condition_provider(lm.condition_provider.tokenize(wanted + unwanted))
    return found


@contextmanager
def drawn_by(chances: Tensor, first_step: int) -> Iterator[list[Tensor]]:
    """Let audiocraft draw by (rows, steps, codebooks) numbers; gives the odds that it draws from, step by step."""
    odds: list[Tensor] = []

    def draw(probabilities: Tensor, num_samples: int) -> Tensor:
        step = first_step + len(odds)
        odds.append(probabilities.clone())
        return pick(probabilities, chances[:, step])[..., None]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audiocraft.utils.utils.multinomial", draw)
        yield odds


def generated_by_audiocraft(
    lm: LMModel,
    prompts: Sequence[str],
    frames: int,
    chances: Tensor,
    *,
    prefix: Tensor | None = None,
    guidance: float = 3.0,
    top_k: int = 20,
) -> tuple[Tensor, list[Tensor]]:
    """The library's own `generate`: (rows, codebooks, frames), and the odds of each step."""
    known = 0 if prefix is None else prefix.shape[-1]
    first_step = lm.pattern_provider.get_pattern(frames).get_first_step_with_timesteps(known)
    # Its attention imports xformers at each call.
    with stand_ins(), drawn_by(chances, first_step) as odds:
        codes: Tensor = lm.generate(
            prefix, asked(lm, prompts), max_gen_len=frames, cfg_coef=guidance, top_k=top_k, two_step_cfg=False
        )
    return codes, odds


# A worker -------------------------------------------------------------------------------------

WORKER = Path(__file__).parents[2] / "middleware" / "roomtone" / "models" / "worker.py"


def work(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    """Start a real worker, tell it all of this, and return what it says."""
    process = subprocess.Popen([sys.executable, str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        # The end of its input would end it at once.
        for message in (*messages, {"t": "quit"}):
            process.stdin.write(json.dumps(message).encode() + b"\n")
        process.stdin.flush()
        said = [json.loads(line) for line in process.stdout]
    assert process.returncode == 0
    return said
