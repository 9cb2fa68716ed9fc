"""What is wished for in one clip: a job read from plain values, and held against what the model can do."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from roomtone.errors import ModelError

_MOST_GUIDANCE: Final = 100.0
_MOST_LETTERS: Final = 4000
# Seconds come as decimals; a clip of exactly the longest length must not be refused for a rounding.
_ROUNDING_S: Final = 1e-6
_SEEDS: Final = 1 << 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One clip: the fields of `models/request.py` `Job`, with the model's own numbers where it left them open."""

    prompt: str
    negative: str
    seconds: float
    seed: int
    steps: int
    guidance: float
    loop: bool
    blend_prompt: str
    blend_amount: float
    continue_from: str
    keep_s: float
    vary_from: str
    variation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a model can do, and its own numbers where a job leaves them open.

    Attributes:
        capabilities: see `models/request.py` `Capabilities`.
        steps: how many steps.
        most_steps: how many can be asked for.
        guidance: how strictly a prompt is followed.
    """

    capabilities: Mapping[str, Any]
    steps: int
    guidance: float
    most_steps: int = 1000


def read_wishes(jobs: Sequence[Mapping[str, Any]], terms: Terms) -> list[Wish]:
    """Read jobs (`models/request.py` `Job`), before anything is allocated for them.

    Raises:
        ModelError: `model.bad-job`, `model.too-long`, `model.cannot`.
    """
    return [_read(job, f"jobs[{i}]", terms) for i, job in enumerate(jobs)]


def _read(job: Mapping[str, Any], at: str, terms: Terms) -> Wish:
    wish = Wish(
        prompt=job.get("prompt", ""),
        negative=job.get("negative", ""),
        seconds=job["seconds"],
        seed=job.get("seed", 0) % _SEEDS,
        steps=terms.steps if job.get("steps") is None else job["steps"],
        guidance=terms.guidance if job.get("guidance") is None else job["guidance"],
        loop=job.get("loop", False),
        blend_prompt=job.get("blend_prompt", ""),
        blend_amount=job.get("blend_amount", 0.0),
        continue_from=job.get("continue_from", ""),
        keep_s=job.get("keep_s", 0.0),
        vary_from=job.get("vary_from", ""),
        variation=job.get("variation", 0.0),
    )
    longest_s = terms.capabilities["longest_s"]
    if wish.seconds > longest_s + _ROUNDING_S:
        what = f"{wish.seconds:g} s are asked for, and the model makes {longest_s:g} s at most"
        raise ModelError("model.too-long", what=what, at=f"{at}.seconds", fix="ask for a shorter clip")
    _check_values(wish, at, terms.most_steps)
    _check_abilities(wish, job, at, terms.capabilities)
    return wish


def _check_values(wish: Wish, at: str, most_steps: int) -> None:
    for name, fine, wanted in (
        (
            "prompt",
            max(len(wish.prompt), len(wish.blend_prompt)) <= _MOST_LETTERS,
            f"{_MOST_LETTERS} letters at most",
        ),
        ("negative", len(wish.negative) <= _MOST_LETTERS, f"{_MOST_LETTERS} letters at most"),
        ("seconds", math.isfinite(wish.seconds) and wish.seconds > 0.0, "more than 0"),
        ("steps", 1 <= wish.steps <= most_steps, f"1 to {most_steps}"),
        ("guidance", 0.0 <= wish.guidance <= _MOST_GUIDANCE, f"0 to {_MOST_GUIDANCE:g}"),
        ("blend_amount", 0.0 <= wish.blend_amount <= 1.0, "0 to 1"),
        ("variation", 0.0 <= wish.variation <= 1.0, "0 to 1"),
        (
            "keep_s",
            not wish.continue_from or 0.0 < wish.keep_s < wish.seconds,
            "more than 0, less than `seconds`",
        ),
        ("loop", not (wish.loop and wish.continue_from), "false where a clip goes on from another"),
        ("vary_from", not (wish.vary_from and wish.continue_from), "empty where a clip goes on from another"),
    ):
        if not fine:
            what = f"it is {getattr(wish, name)!r:.80}"
            raise ModelError("model.bad-job", what=what, at=f"{at}.{name}", fix=f"it must be {wanted}")


def _check_abilities(wish: Wish, job: Mapping[str, Any], at: str, capabilities: Mapping[str, Any]) -> None:
    for name, asked, able in (
        ("loop", wish.loop, capabilities["loop"] != "none"),
        ("continue_from", bool(wish.continue_from), capabilities["continues"]),
        ("vary_from", bool(wish.vary_from), capabilities["varies"]),
        ("blend_prompt", bool(wish.blend_prompt), capabilities["blends"]),
        ("negative", bool(wish.negative), capabilities["negative"]),
        ("melody", bool(job.get("melody")), capabilities["melody"]),
    ):
        if asked and not able:
            what = f"{capabilities['family']} cannot do that"
            raise ModelError(
                "model.cannot", what=what, at=f"{at}.{name}", fix="leave it out, or ask another model"
            )
