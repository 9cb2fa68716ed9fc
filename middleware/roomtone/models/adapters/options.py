"""What can be chosen for a model of the diffusers families beside folder and device, and what is chosen by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch

from roomtone.errors import ModelError
from roomtone.models.adapters.loading import DTYPES

_MOST_IN_A_BATCH: Final = 16
# Of what is left on an accelerator once the weights are there: the rest is for what torch keeps in between.
_SHARE_OF_MEMORY: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The choices for one loaded model that denoises.

    Attributes:
        dtype: of the denoiser, which is nearly all of the work; everything else computes in float32.
        compile: whether the denoiser is compiled; then it always runs `batch` clips.
        graphs: whether its steps are recorded and repeated as one, on CUDA.
        solver: how the steps are taken, by a name that the family knows.
        batch: how many clips one run should make.
        window: `short`: no longer than the clip; `full`: as long as the model was trained on.
    """

    dtype: torch.dtype
    compile: bool
    graphs: bool
    solver: str
    batch: int
    window: str


def read_options(
    options: Mapping[str, Any],
    device: torch.device,
    *,
    free_bytes: int,
    bytes_a_clip: int,
    solvers: tuple[str, ...],
    windows: tuple[str, ...] = ("short",),
) -> Options:
    """Read options from plain values.

    Args:
        options: any of `dtype` (`fp32`, `bf16`, `fp16`), `compile`, `graphs`, `solver`, `batch`, `window`.
        device: where the model will be.
        free_bytes: what its weights leave free there.
        bytes_a_clip: what the longest clip takes on an accelerator while it is made.
        solvers: those that the family knows, its default first.
        windows: those that the family knows, its default first.

    Raises:
        ModelError: `model.bad-option`.
    """
    # What the makers of these models show for CUDA: a time step loses too much of its precision in bfloat16.
    dtypes = ("fp16", "bf16", "fp32") if device.type == "cuda" else tuple(DTYPES)
    known = {
        "dtype": dtypes,
        "compile": (False, True),
        # What is compiled is recorded by the compiler.
        "graphs": (False,) if options.get("compile") is True else (True, False),
        "solver": solvers,
        "window": windows,
    }
    chosen = choose(options, known | batches(device, free_bytes, bytes_a_clip))
    return Options(**{**chosen, "dtype": DTYPES[chosen["dtype"]]})


def batches(device: torch.device, free_bytes: int, bytes_a_clip: int) -> dict[str, tuple[int, ...]]:
    """Say how many at once can be chosen; the first is what fills an accelerator, and 1 elsewhere.

    A processor takes as long for several at once as for one after another, and the first of them would wait.
    """
    fit = 1
    if device.type == "cuda":
        fit = int(free_bytes * _SHARE_OF_MEMORY / bytes_a_clip)
    return {"batch": (min(max(1, fit), _MOST_IN_A_BATCH), *range(1, _MOST_IN_A_BATCH + 1))}


def choose(options: Mapping[str, Any], known: Mapping[str, tuple[Any, ...]]) -> dict[str, Any]:
    """Take what is asked for, and the first choice where nothing is.

    Args:
        options: name → value.
        known: name → what can be chosen.

    Raises:
        ModelError: `model.bad-option`.
    """
    for name, value in options.items():
        at = f"options.{name}"
        if name not in known:
            fix = f"take one of {', '.join(known)}"
            raise ModelError("model.bad-option", what=f"this model has no option {name!r}", at=at, fix=fix)
        # True is 1 to Python; here it is not.
        if not any(value == choice and type(value) is type(choice) for choice in known[name]):
            fix = f"take one of {', '.join(str(choice) for choice in dict.fromkeys(known[name]))}"
            raise ModelError("model.bad-option", what=f"option {name!r} is {value!r:.80}", at=at, fix=fix)
    return {name: options.get(name, choices[0]) for name, choices in known.items()}
