"""What a token model can be told once, in its options; each is checked when the model is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import torch

from roomtone.errors import ModelError
from roomtone.models.adapters.loading import DTYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenOptions:
    """The options of AudioGen and MusicGen.

    Attributes:
        dtype: of the transformer: fp32 (on a processor, unless set), fp16 (elsewhere) or bf16.
        temperature: above 1 evens the odds of what comes next, below 1 sharpens them.
        top_k: among how many of the likeliest is drawn; 0 is all.
        guidance: how strictly the text is followed, where a job does not say.
        batch: clips of one run; None is by the device's memory.
        longest_s: the longest clip; None is the model's own window. What is longer is made window after window, each
            going on from the one before, and may drift.
        tries: how many ways to close a loop are made, of which the likeliest is taken.
        graphs: whether steps are recorded and repeated as one, on CUDA.
        compile: whether PyTorch compiles the step first.
        separate: whether drums and bass are taken out of a melody's recording first, with Demucs.
    """

    dtype: str | None = None
    temperature: float = 1.0
    top_k: int = 250
    guidance: float = 3.0
    batch: int | None = None
    longest_s: float | None = None
    tries: int = 4
    graphs: bool = True
    compile: bool = False
    separate: bool = True

    def torch_dtype(self, device: str) -> torch.dtype:
        """Say in which precision the model runs on a kind of device."""
        return DTYPES[self.dtype or ("fp32" if device == "cpu" else "fp16")]


# Name: the types and the range that are taken.
_NUMBERS: Final[Mapping[str, tuple[tuple[type, ...], float, float]]] = {
    "temperature": ((int, float), 0.01, 10.0),
    "top_k": ((int,), 0, 100_000),
    "guidance": ((int, float), 0.0, 50.0),
    "batch": ((int,), 1, 256),
    "longest_s": ((int, float), 0.1, 600.0),
    "tries": ((int,), 1, 64),
}


def token_options(options: Mapping[str, Any]) -> TokenOptions:
    """Check options.

    Raises:
        ModelError: `model.bad-option`.
    """
    known = [each.name for each in fields(TokenOptions)]
    for name, value in options.items():
        if name not in known:
            what, fix = f"this model has no option {name!r}", f"take one of {', '.join(known)}"
            raise ModelError("model.bad-option", what=what, at=f"options.{name}", fix=fix)
        _check(name, value)
    return TokenOptions(**options)


def _check(name: str, value: Any) -> None:
    if name == "dtype":
        accepted, wanted = value in DTYPES, f"one of {', '.join(DTYPES)}"
    elif name in _NUMBERS:
        types, low, high = _NUMBERS[name]
        accepted, wanted = type(value) in types and low <= value <= high, f"a number from {low:g} to {high:g}"
    else:
        accepted, wanted = isinstance(value, bool), "true or false"
    if not accepted:
        what, fix = f"it is {value!r}", f"take {wanted}"
        raise ModelError("model.bad-option", what=what, at=f"options.{name}", fix=fix)
